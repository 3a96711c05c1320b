"""Run the benchmarks: ``python -m benchmarks --help``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import figures, imports, matrices, tables
from benchmarks.measure import measure
from benchmarks.report import Outcome, outcome, table, write_json
from benchmarks.results import RESULTS
from benchmarks.synthetic import FULL_SIZE, make

#: All steps. A new subject is a new module with STEPS, to be added here.
STEPS = (*imports.STEPS, *tables.STEPS, *matrices.STEPS, *figures.STEPS)


def main(
    rows: Annotated[
        int, typer.Option(help="Number of synapses in the table.", min=1000)
    ] = FULL_SIZE,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Run only steps whose name contains this text. Repeatable."),
    ] = None,
    repeats: Annotated[int, typer.Option(help="Number of runs of each step.", min=1)] = 5,
    results: Annotated[Path, typer.Option(help="Folder for the JSON file.")] = RESULTS,
) -> None:
    """Compare this package with the code of the workshop's notebook.

    Each runs in its own process. The exit code is 1 if two results differ, whatever the times.
    """
    steps = [step for step in STEPS if not only or any(text in step.name for text in only)]
    if not steps:
        names = "; ".join(step.name for step in STEPS)
        raise typer.BadParameter(f"No step has {only} in its name. Steps: {names}.")
    console = Console()
    if not console.is_terminal:
        console.width = 116
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="microns-benchmarks-") as folder:
        with console.status(f"Generating a table of {rows:,} synapses ..."):
            workload = make(Path(folder), rows)
        for step in steps:
            with console.status(f"{step.name} ..."):
                peer, ours = (
                    measure(job, workload, repeats, fresh=step.fresh)
                    for job in (step.peer, step.ours)
                )
            outcomes.append(outcome(step, peer, ours, workload.facts))
        console.print(table(outcomes, workload.facts))
        console.print(f"Saved to {write_json(outcomes, workload.facts, results)}")
    if not all(one.agree for one in outcomes):
        raise typer.Exit(1)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app(prog_name="python -m benchmarks")
