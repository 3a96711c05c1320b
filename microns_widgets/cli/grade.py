"""``microns grade``: trustworthy marks for untrusted submissions."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from microns_widgets.cli._app import app, errors

_MIB = 1 << 20


class Sandbox(StrEnum):
    """Kinds of sandboxes."""

    auto = "auto"
    bubblewrap = "bubblewrap"
    user = "user"


@app.command()
def grade(
    submissions: Annotated[
        Path,
        typer.Argument(help="Folder of notebooks, a learning system's zip export, or a notebook."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for grades and feedback.")] = Path("results"),
    solutions: Annotated[Path, typer.Option(help="Folder with the masters.")] = Path("solutions"),
    exercises: Annotated[
        Path, typer.Option(help="Folder with the output of `microns assign`.")
    ] = Path("exercises"),
    roster: Annotated[
        Path | None,
        typer.Option(
            help="CSV file with a column student (the id that students enter) and, if you "
            "like, id, name and email."
        ),
    ] = None,
    marks: Annotated[
        Path | None, typer.Option(help="marks.csv, as saved from results/marking.html.")
    ] = None,
    sandbox: Annotated[Sandbox, typer.Option(help="How submissions are isolated.")] = Sandbox.auto,
    unsafe: Annotated[
        bool,
        typer.Option("--unsafe", help="Run without a sandbox: only if you trust every submission."),
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=0, help="Submissions graded at once; 0 = one per CPU.")
    ] = 0,
    dask: Annotated[str, typer.Option(help="A Dask cluster: tcp://host:port, or local.")] = "",
    version: Annotated[
        str, typer.Option(help="The data: sample, a version such as 1300, or a folder.")
    ] = "sample",
    minutes: Annotated[float, typer.Option(min=0.1, help="Time limit per notebook.")] = 5,
    cell_seconds: Annotated[float, typer.Option(min=1, help="Time limit per cell.")] = 60,
    memory: Annotated[int, typer.Option(min=256, help="Memory limit per notebook, in MB.")] = 2048,
    libraries: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            help="A library that submissions import and this machine lacks, such as plotly. Can be "
            "given several times.",
        ),
    ] = None,
    gradescope: Annotated[
        Path | None, typer.Option(help="Write Gradescope's results.json for one submission.")
    ] = None,
) -> None:
    """Run submitted notebooks in a sandbox, judge their answers, and write grades and feedback.

    Writes summary.html, grades.csv, canvas.csv, marking.html for written answers, and a page for
    each student in feedback/. If it is interrupted, the same command continues where it stopped.
    Each notebook can read only the package and the data; answers are compared outside the sandbox.

    Example: `microns grade submissions.zip --roster class.csv --out results/`
    """
    # Imported here: the code that runs notebooks takes time to import.
    from microns_widgets._machine import cpu_count
    from microns_widgets.grading.grade import Options, exercises_of
    from microns_widgets.grading.grade import grade as run
    from microns_widgets.grading.limits import Limits
    from microns_widgets.grading.report.by_hand import read_hand_marks, with_hand_marks
    from microns_widgets.grading.report.write import write_gradescope, write_report
    from microns_widgets.grading.sandbox.libraries import with_libraries
    from microns_widgets.grading.sandbox.settings import RunSettings
    from microns_widgets.grading.sandbox.steps import choose_sandbox

    hand_marks = read_hand_marks(marks) if marks else {}
    settings = RunSettings.for_version(
        version,
        limits=Limits(seconds=minutes * 60, cell_seconds=cell_seconds, memory=memory * _MIB),
        sandbox="unsafe" if unsafe else choose_sandbox(sandbox.value),
        interpreter=with_libraries(libraries) if libraries else None,
    )
    options = Options(
        submissions,
        out,
        solutions,
        exercises,
        roster=roster,
        jobs=jobs or cpu_count(),
        dask=dask,
        settings=settings,
    )
    if unsafe:
        errors.print("[bold yellow]No sandbox:[/] submissions run with all your permissions.")
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
    ) as bar:
        line = bar.add_task("Reading", total=None)
        graded = run(
            options,
            lambda stage, done, total: bar.update(
                line, description=stage, completed=done, total=total
            ),
        )
    graded = with_hand_marks(graded, hand_marks)
    files = write_report(graded, options, exercises_of(options))
    if gradescope is not None:
        write_gradescope(graded, gradescope)
    not_run = sum(1 for one in graded if not one.marks)
    flagged = sum(1 for one in graded if one.flags)
    typer.echo(
        f"{len(graded)} notebooks: {not_run} could not be run, {flagged} are flagged for review. "
        f"Sandbox: {settings.sandbox}. Open {files[0]}."
    )
