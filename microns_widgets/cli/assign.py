"""``microns assign``: student notebooks from masters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import FAILED, app, errors


@app.command()
def assign(
    masters: Annotated[
        list[Path], typer.Argument(help="Master notebooks, or folders that contain them.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the files that students get.")] = Path(
        "exercises"
    ),
    data: Annotated[
        list[str] | None,
        typer.Option(
            help="Data from which students get their cells: sample, a version such as 1300, or "
            "a folder. Can be used several times. [default: sample]"
        ),
    ] = None,
    gradescope: Annotated[
        Path | None, typer.Option(help="Also write an archive for Gradescope to this folder.")
    ] = None,
    private: Annotated[
        Path | None,
        typer.Option(
            help="Also write a repository for students to this folder: exercises, chapters and a "
            "README, but no solutions."
        ),
    ] = None,
) -> None:
    """Make student notebooks and their public checks from master notebooks.

    Solutions are replaced by prompts that run, and outputs are removed. Each master is run first.
    If its own answers fail its checks, if one of its wrong answers gets all points, or if it lacks
    any of them, the command says what needs fixing and writes nothing. The same masters always
    give the same bytes. Cells that were given out stay the same until you raise the edition.

    Example: `microns assign solutions/ --out exercises/`
    """
    paths = [
        path for one in masters for path in (sorted(one.glob("*.ipynb")) if one.is_dir() else [one])
    ]
    if not paths:
        errors.print(
            f"There are no notebooks in {', '.join(map(str, masters))}. Name master notebooks, or "
            "a folder that contains them."
        )
        raise typer.Exit(FAILED)
    with errors.status("Reading ...") as status:
        # Imported here: the code that runs notebooks takes time to import.
        from microns_widgets.grading.authoring.assign import assign as make

        assignments = make(paths, out, versions=data or ["sample"], progress=status.update)
        if gradescope is not None:
            from microns_widgets.grading.authoring.gradescope_archive import archive

            for one in assignments:
                archive(one.master, one.exercise, gradescope)
        if private is not None:
            from microns_widgets.grading.authoring.class_repository import write_class_repository

            write_class_repository(assignments, private)
    for one in assignments:
        points = sum(question.points for question in one.exercise.questions)
        typer.echo(
            f"{out / one.exercise.name}.ipynb: {len(one.exercise.questions)} questions, "
            f"{points:g} points. {one.cost}".rstrip()
        )
    if private is not None:
        typer.echo(f"{private}: a class repository without solutions. Read its README.md.")
