"""Random networks: time per shuffle of a large matrix, and of many shuffles of the sample.

``python -m benchmarks.null_models`` measures each kind in one thread, as time on the clock and as
CPU time; on a busy machine, only the second means something. If networkx is installed, its triad
census is measured beside ours.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from statistics import median

from rich.console import Console
from rich.table import Table

import microns_widgets as mw
from benchmarks.results import save
from microns_widgets.network.null_kinds import NULL_KINDS
from tests.large_matrix import large_matrix

# The proofread cells of version 1300, and their connections.
_CELLS, _CONNECTIONS = 1_701, 170_000
_REPEATS = 7


@dataclass(frozen=True)
class Times:
    """Seconds of one job."""

    job: str
    clock: float
    cpu: float


def measure(job: str, run: Callable[[], object], repeats: int = _REPEATS) -> Times:
    """Run a job several times, and return the medians."""
    clock, cpu = [], []
    for _ in range(repeats):
        start = time.perf_counter(), time.process_time()
        run()
        clock.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    return Times(job, median(clock), median(cpu))


def large() -> list[Times]:
    """One shuffle of each kind, and the triads of one, with as many cells as the real data."""
    matrix = large_matrix(_CELLS, _CELLS, _CONNECTIONS)
    times = []
    for kind in NULL_KINDS:
        null = matrix.null(kind, _REPEATS, 7)
        numbers = iter(range(_REPEATS))
        times.append(measure(f"one shuffle, {kind}", lambda n=null, i=numbers: n[next(i)]))
    times.append(measure("triads", matrix.triads))
    return times


def sample(n: int) -> list[Times]:
    """Many shuffles of each kind of the sample's proofread cells, with their triads."""
    matrix = mw.load("sample", quiet=True).matrix(autapses=False)
    times = [
        measure(
            f"{n:,} shuffles with triads, {kind}",
            lambda kind=kind: matrix.null(kind, n, 7).compare("triads", progress=False),
            1,
        )
        for kind in NULL_KINDS
    ]
    times.append(measure("triads", matrix.triads))
    if find_spec("networkx"):
        import networkx

        stored = matrix.count.tocoo()
        graph = networkx.DiGraph(zip(stored.row.tolist(), stored.col.tolist(), strict=True))
        times.append(measure("triads, networkx", lambda: networkx.triadic_census(graph)))
    return times


def table(title: str, times: list[Times]) -> Table:
    """Format the times of several jobs."""
    grid = Table(title=title)
    for name in ("", "clock", "CPU"):
        grid.add_column(name, justify="right" if name else "left")
    for one in times:
        grid.add_row(one.job, f"{one.clock:.3g} s", f"{one.cpu:.3g} s")
    return grid


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shuffles", type=int, default=1000, help="shuffles of the sample")
    options = parser.parse_args()
    groups = {
        f"{_CELLS:,} cells, {_CONNECTIONS:,} connections": large(),
        "The sample's proofread cells": sample(options.shuffles),
    }
    for title, times in groups.items():
        Console().print(table(title, times))
    results = {title: [asdict(one) for one in times] for title, times in groups.items()}
    print(f"Saved to {save('null-models', results)}")


if __name__ == "__main__":
    main()
