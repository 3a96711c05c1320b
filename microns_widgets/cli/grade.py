"""``microns grade``: marks that can be trusted, for submissions that cannot."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from microns_widgets.cli._app import app, errors, told

_MIB = 1 << 20


class Sandbox(StrEnum):
    """How submissions are kept in."""

    auto = "auto"
    bubblewrap = "bubblewrap"
    user = "user"


@app.command()
def grade(
    submissions: Annotated[
        Path, typer.Argument(help="Folder of notebooks, a learning system's zip, or a notebook.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for grades and feedback.")] = Path("results"),
    solutions: Annotated[Path, typer.Option(help="Folder with the masters.")] = Path("solutions"),
    exercises: Annotated[Path, typer.Option(help="Folder with what `microns assign` made.")] = Path(
        "exercises"
    ),
    roster: Annotated[
        Path | None,
        typer.Option(help="CSV: student (the id that is typed), and id, name, email."),
    ] = None,
    marks: Annotated[
        Path | None, typer.Option(help="marks.csv, as saved from results/marking.html.")
    ] = None,
    sandbox: Annotated[Sandbox, typer.Option(help="How submissions are kept in.")] = Sandbox.auto,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run them with all your rights. Trust them all first.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=0, help="Submissions at a time; 0: one a processor.")
    ] = 0,
    dask: Annotated[str, typer.Option(help="A Dask cluster: tcp://host:port, or local.")] = "",
    version: Annotated[str, typer.Option(help="The data: sample, 1300, or a folder.")] = "sample",
    minutes: Annotated[float, typer.Option(min=0.1, help="Time for a notebook.")] = 5,
    cell_seconds: Annotated[float, typer.Option(min=1, help="Time for a cell.")] = 60,
    memory: Annotated[int, typer.Option(min=256, help="Memory for a notebook, in MB.")] = 2048,
    gradescope: Annotated[
        Path | None, typer.Option(help="Write Gradescope's results.json for one submission.")
    ] = None,
) -> None:
    """Run submitted notebooks in a sandbox, judge their answers, and write grades and feedback.

    Writes summary.html, grades.csv, canvas.csv, marking.html for written answers, and a page for
    each student in feedback/. Interrupted, the same command goes on where it stopped. Each notebook
    can read the package and the data, and nothing else; answers are compared outside.

    Example: `microns grade submissions.zip --roster class.csv --out results/`
    """
    with told():
        # What runs notebooks takes a moment to import: only this command pays for it.
        from microns_widgets.grading.grade import Options, default_jobs, exercises_of
        from microns_widgets.grading.grade import grade as make
        from microns_widgets.grading.limits import Limits
        from microns_widgets.grading.report.by_hand import read_given, with_given
        from microns_widgets.grading.report.write import write_gradescope, write_report
        from microns_widgets.grading.sandbox.run import choose_way

        given = read_given(marks) if marks else {}
        options = Options(
            submissions,
            out,
            solutions,
            exercises,
            roster=roster,
            way="unsafe" if unsafe else choose_way(sandbox.value),
            jobs=jobs or default_jobs(),
            dask=dask,
            version=version,
            limits=Limits(seconds=minutes * 60, cell_seconds=cell_seconds, memory=memory * _MIB),
        )
        if unsafe:
            errors.print("[bold yellow]Without a sandbox:[/] submissions run with all your rights.")
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=errors,
        ) as bar:
            line = bar.add_task("Reading", total=None)
            graded = make(
                options,
                lambda what, done, of: bar.update(line, description=what, completed=done, total=of),
            )
        graded = with_given(graded, given)
        files = write_report(graded, options, exercises_of(options))
        if gradescope is not None:
            write_gradescope(graded, gradescope)
    unread = sum(1 for one in graded if not one.marks)
    flagged = sum(1 for one in graded if one.flags)
    typer.echo(
        f"{len(graded)} notebooks: {unread} could not be run, {flagged} are flagged for you to "
        f"look at. Kept in by: {options.way}. Open {files[0]}."
    )
