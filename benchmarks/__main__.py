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
from benchmarks.synthetic import FULL_SIZE, make

#: Every step; a new subject is a new module with STEPS, named here.
STEPS = (*imports.STEPS, *tables.STEPS, *matrices.STEPS, *figures.STEPS)

_RESULTS = Path(__file__).with_name("results")


def main(
    rows: Annotated[int, typer.Option(help="Synapses in the table.", min=1000)] = FULL_SIZE,
    only: Annotated[list[str] | None, typer.Option(help="Steps whose name has this text.")] = None,
    repeats: Annotated[int, typer.Option(help="Runs of each step.", min=1)] = 5,
    results: Annotated[Path, typer.Option(help="Folder for the JSON file.")] = _RESULTS,
) -> None:
    """Measure the workshop notebook's way and this package's beside each other.

    Each way runs in a process of its own. Ends with 1 if two answers differ, never
    because something was slow.
    """
    chosen = [step for step in STEPS if not only or any(text in step.name for text in only)]
    if not chosen:
        names = "; ".join(step.name for step in STEPS)
        raise typer.BadParameter(f"no step has {only} in its name. There are: {names}")
    console = Console()
    if not console.is_terminal:
        console.width = 116
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="microns-benchmarks-") as folder:
        with console.status(f"Making a table of {rows:,} synapses ..."):
            workload = make(Path(folder), rows)
        for step in chosen:
            with console.status(f"{step.name} ..."):
                peer, ours = (
                    measure(job, workload, repeats, fresh=step.fresh)
                    for job in (step.peer, step.ours)
                )
            outcomes.append(outcome(step, peer, ours, workload.facts))
        console.print(table(outcomes, workload.facts))
        console.print(f"Kept in {write_json(outcomes, workload.facts, results)}")
    if not all(one.agree for one in outcomes):
        raise typer.Exit(1)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app(prog_name="python -m benchmarks")
