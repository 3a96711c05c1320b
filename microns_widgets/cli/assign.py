"""``microns assign``: student notebooks out of masters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import FAILED, app, errors, told


@app.command()
def assign(
    masters: Annotated[list[Path], typer.Argument(help="Master notebooks, or folders with them.")],
    out: Annotated[Path, typer.Option(help="Folder for what students get.")] = Path("exercises"),
    data: Annotated[
        list[str] | None,
        typer.Option(help="Data for which cells are given out: sample, 1300, or a folder."),
    ] = None,
    gradescope: Annotated[
        Path | None, typer.Option(help="Folder for an archive for Gradescope, one an exercise.")
    ] = None,
) -> None:
    """Make student notebooks and their public checks out of master notebooks.

    Solutions are replaced by prompts that run, and outputs are cleared. Each master is run first:
    one whose own answers fail its checks, whose wrong ways get all points, or which lacks any of
    them is refused with what is wrong, and then nothing is written. The same masters give the
    same bytes. Cells that were given out stay until you raise the edition.

    Example: `microns assign solutions/ --out exercises/`
    """
    found = [p for one in masters for p in (sorted(one.glob("*.ipynb")) if one.is_dir() else [one])]
    if not found:
        errors.print(f"There are no notebooks in {', '.join(map(str, masters))}.")
        raise typer.Exit(FAILED)
    with told(), errors.status("Reading ...") as status:
        # What runs notebooks takes a moment to import: only this command pays for it.
        from microns_widgets.grading.authoring.assign import assign as make

        made = make(found, out, versions=data or ["sample"], told=status.update)
        if gradescope is not None:
            from microns_widgets.grading.authoring.gradescope_archive import archive

            for one in made:
                archive(one.master, one.exercise, gradescope)
    for one in made:
        points = sum(question.points for question in one.exercise.questions)
        typer.echo(
            f"{out / one.exercise.name}.ipynb: {len(one.exercise.questions)} questions, "
            f"{points:g} points."
        )
