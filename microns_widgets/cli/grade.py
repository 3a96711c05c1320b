"""``microns grade``: trustworthy marks for untrusted submissions."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from microns_widgets.cli._app import app, errors
from microns_widgets.errors import InvalidArgument

_MIB = 1 << 20


class Sandbox(StrEnum):
    """Kinds of sandboxes."""

    auto = "auto"
    bubblewrap = "bubblewrap"
    user = "user"


class Export(StrEnum):
    """Forms in which points are exported."""

    canvas = "canvas"
    moodle = "moodle"
    brightspace = "brightspace"
    csv = "csv"


class Keep(StrEnum):
    """Which of several attempts counts."""

    last = "last"
    best = "best"


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
            "like, id, name and email; or a learning system's own export."
        ),
    ] = None,
    keep: Annotated[
        Keep, typer.Option(help="Of several attempts of a student, the last or the best counts.")
    ] = Keep.last,
    marks: Annotated[
        list[Path] | None,
        typer.Option(
            help="marks.csv, as saved from results/marking.html; once for each file. Marks given "
            "earlier are stored with the results."
        ),
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
    due: Annotated[
        list[str] | None,
        typer.Option(
            help="When work is due: 2026-11-01T23:59; for one exercise: outputs=2026-11-01T23:59. "
            "In this machine's time zone, unless it ends with one: +01:00, or Europe/Berlin. The "
            "roster's column extension has later times, or durations such as 3d."
        ),
    ] = None,
    grace: Annotated[str, typer.Option(help="How much later is still in time: 15m, 2h.")] = "0m",
    late: Annotated[
        str, typer.Option(help="What each day that has begun costs, of the points.")
    ] = "0%/day",
    cap: Annotated[str, typer.Option(help="The most that is taken off.")] = "100%",
    export: Annotated[
        Export | None,
        typer.Option(help="The form in which points are exported. Default: that of the roster."),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="An exercise and the name of its column in the roster, if it is called otherwise: "
            "outputs='Homework 1 (12345)'. Can be given several times."
        ),
    ] = None,
    regrade: Annotated[
        str | None,
        typer.Option(
            help="What students' pages say about asking for a regrade, such as 'Write to X by Y'; "
            "none = nothing. Default: write to the teacher in the learning system."
        ),
    ] = None,
    gradescope: Annotated[
        Path | None, typer.Option(help="Write Gradescope's results.json for one submission.")
    ] = None,
) -> None:
    """Run submitted notebooks in a sandbox, judge their answers, and write grades and feedback.

    Writes summary.html, grades.csv, marking.html for marks by hand, a page for each student in
    feedback/, and points and feedback in the form of the roster's learning system. If it is
    interrupted, the same command continues where it stopped; the next run lists what changed.
    Each notebook can read only the package and the data; answers are compared outside the sandbox.

    Example: `microns grade submissions.zip --roster class.csv --out results/`
    """
    # Imported here: the code that runs notebooks takes time to import.
    from microns_widgets._machine import cpu_count
    from microns_widgets.grading.grade import Options
    from microns_widgets.grading.grade import grade as run
    from microns_widgets.grading.limits import Limits
    from microns_widgets.grading.report.by_hand import read_hand_marks
    from microns_widgets.grading.report.late import late_rule
    from microns_widgets.grading.report.results import write_results
    from microns_widgets.grading.report.systems.export import ExportOptions, columns_named
    from microns_widgets.grading.report.write import write_gradescope
    from microns_widgets.grading.sandbox.libraries import with_libraries
    from microns_widgets.grading.sandbox.settings import RunSettings
    from microns_widgets.grading.sandbox.steps import choose_sandbox

    exporting = ExportOptions(export.value if export else None, columns_named(column or ()))
    rule = late_rule(due, grace, late, cap) if due else None
    if rule is None and (grace, late, cap) != ("0m", "0%/day", "100%"):
        raise InvalidArgument("--grace, --late and --cap need --due: when work is due.")
    hand_marks = [read_hand_marks(path) for path in marks or ()]
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
        keep=keep.value,
        one_student=gradescope is not None,
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
    results = write_results(graded, options, hand_marks, exporting, rule, regrade)
    graded = results.graded
    if gradescope is not None:
        write_gradescope(graded, gradescope)
    handed_in = [one for one in graded if one.handed_in]
    not_run = sum(1 for one in handed_in if not one.marks)
    flagged = sum(1 for one in graded if one.flags)
    for notice in (*results.problems, *results.notices):
        errors.print(f"[bold yellow]![/] {escape(notice)}", soft_wrap=True)
    typer.echo(
        f"{len(handed_in)} notebooks: {not_run} could not be run, {flagged} are flagged for "
        f"review. Sandbox: {settings.sandbox}. Open {results.files[0]}."
    )
    if results.problems:
        raise typer.Exit(1)
