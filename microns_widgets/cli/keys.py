"""``microns keys``: create the keys of all variants in advance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app, errors


@app.command()
def keys(
    master: Annotated[Path, typer.Argument(help="A master notebook.")],
    exercises: Annotated[
        Path, typer.Option(help="Folder with the exercise's public .json file.")
    ] = Path("exercises"),
    data: Annotated[
        str, typer.Option(help="The data: sample, a version such as 1300, or a folder.")
    ] = "sample",
) -> None:
    """Make the keys of all variants of an exercise, and check the master for each.

    Grading makes keys when it needs them; this command makes them in advance, and reports the
    variants for which a wrong answer would get all points. Keys are stored in the cache folder.

    Example: `microns keys solutions/outputs.ipynb --data 1300`
    """
    # Imported here: the code that runs notebooks takes time to import.
    from tqdm import tqdm

    from microns_widgets.errors import MasterError
    from microns_widgets.grading.authoring.four_states import key_problems
    from microns_widgets.grading.authoring.key_store import keys_of_all
    from microns_widgets.grading.authoring.master import read_master
    from microns_widgets.grading.exercise.exercise import read_exercise
    from microns_widgets.grading.sandbox.settings import RunSettings

    notebook, public = read_master(master), read_exercise(exercises / f"{master.stem}.json")
    number = len(public.variants_to_prove())
    problems = []
    variants = keys_of_all(notebook, public, RunSettings.for_version(data))
    for key in tqdm(variants, total=number, unit="variant"):
        problems += [
            f"- {public.described(key.variant)}: {one}" for one in key_problems(notebook, key)
        ]
    if problems:
        raise MasterError(f"{master} needs fixing:\n" + "\n".join(problems))
    errors.print(f"The keys of {number} variants are ready.")
