"""``microns keys``: the keys of all variants beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app, errors, told


@app.command()
def keys(
    master: Annotated[Path, typer.Argument(help="A master notebook.")],
    exercises: Annotated[
        Path, typer.Option(help="Folder with the public file that students have.")
    ] = Path("exercises"),
    data: Annotated[str, typer.Option(help="sample, a version, or a folder.")] = "sample",
) -> None:
    """Make the keys of all variants of an exercise, and check the master for each.

    Grading makes keys when it needs them; this makes them beforehand, and says for which
    variant a wrong way would get all points. Keys are kept in the cache folder.

    Example: `microns keys solutions/outputs.ipynb --data 1300`
    """
    with told():
        # What runs notebooks takes a moment to import: only this command pays for it.
        from tqdm import tqdm

        from microns_widgets.errors import MasterError
        from microns_widgets.grading.authoring.assign import located
        from microns_widgets.grading.authoring.four_states import key_problems
        from microns_widgets.grading.authoring.key_store import keys_of_all
        from microns_widgets.grading.authoring.master import read_master
        from microns_widgets.grading.exercise.exercise import read_exercise

        read, public = read_master(master), read_exercise(exercises / f"{master.stem}.json")
        version, folder = located(data)
        number = 1 + (public.cells.variants if public.cells else 0)
        problems = []
        made = keys_of_all(read, public, version=version, data=folder)
        for key in tqdm(made, total=number, unit="variant"):
            problems += [f"- variant {key.variant}: {one}" for one in key_problems(read, key)]
        if problems:
            raise MasterError(f"{master} is not in order:\n" + "\n".join(problems))
    errors.print(f"The keys of {number} variants are there.")
