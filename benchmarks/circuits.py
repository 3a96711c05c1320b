"""A rate model of 2,000 cells next to a plain numpy loop: ``python -m benchmarks.circuits``.

The plain loop multiplies a dense matrix at each step, as the lecture's notebook does. Both run in
the same process, in turn, and their rates must agree. CPU seconds are shown as well, since others
may use the machine. The dense product uses all processors, the sparse one uses one:
``OPENBLAS_NUM_THREADS=1`` compares them on equal terms.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.results import save
from microns_widgets import RateModel, lognormal_network
from microns_widgets._typing import FloatArray

N_CELLS, N_STEPS, DT = 2000, 5000, 0.01
#: Density of the sample's matrix of proofread cells, and up to the lecture's.
DENSITIES = (0.03, 0.06, 0.12, 0.25)
#: Target in seconds at the first density.
AT_MOST_S = 2.0


def network(density: float) -> RateModel:
    """Return a log-normal network with a spectral radius of 0.8."""
    return RateModel(lognormal_network(N_CELLS, probability=density, seed=0), spectral_radius=0.8)


def plain_loop(weights: FloatArray, driven: FloatArray, n_steps: int) -> FloatArray:
    """Integrate with a dense matrix (post- by presynaptic cells); return (cells, steps)."""
    rates = np.zeros((len(weights), n_steps))
    for step in range(n_steps - 1):
        stimulus = driven if 1 <= step * DT <= 15 else 0
        goal = np.maximum(0, weights @ rates[:, step] + stimulus)
        rates[:, step + 1] = rates[:, step] + (goal - rates[:, step]) * DT / 0.25
    return rates


def compare(density: float, repeats: int, n_steps: int = N_STEPS) -> dict[str, Any]:
    """Measure both at one density."""
    model = network(density)
    dense = np.ascontiguousarray(model.network.weights.toarray().T)
    driven = np.where(model.types == "E", 10.0, 0.0)
    seconds: dict[str, list[float]] = {"ours": [], "plain": []}
    cpu_seconds: dict[str, list[float]] = {"ours": [], "plain": []}

    def timed(side: str, run: Callable[[], FloatArray]) -> FloatArray:
        start, cpu = time.perf_counter(), time.process_time()
        rates = run()
        seconds[side].append(time.perf_counter() - start)
        cpu_seconds[side].append(time.process_time() - cpu)
        return rates

    for _ in range(repeats):
        own = timed("ours", lambda: model.impulse_response(duration=n_steps * DT, dt=DT).rates)
        rates = timed("plain", lambda: plain_loop(dense, driven, n_steps))
    ours, plain = (median(seconds[side]) for side in ("ours", "plain"))
    return {
        "density": density,
        "connections": int(model.network.weights.nnz),
        "ours_s": ours,
        "plain_s": plain,
        "ours_cpu_s": median(cpu_seconds["ours"]),
        "ratio": plain / ours,
        "agree": bool(np.allclose(own, rates, rtol=1e-8, atol=1e-9)),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
    }


def main(
    repeats: Annotated[int, typer.Option(help="Number of runs of each.", min=1)] = 3,
    steps: Annotated[int, typer.Option(help="Number of time steps.", min=1600)] = N_STEPS,
) -> None:
    """Compare the rate model with a plain numpy loop. The exit code is 1 if rates differ."""
    console = Console()
    outcomes = []
    for density in DENSITIES:
        with console.status(f"density {density:.0%} ..."):
            outcomes.append(compare(density, repeats, steps))
    grid = Table(title=f"{N_CELLS:,} cells, {steps:,} steps; medians of {repeats} runs")
    for name in ("density", "connections", "plain loop s", "ours s", "CPU s", "ratio", "agree?"):
        grid.add_column(name, justify="right")
    for one in outcomes:
        grid.add_row(
            f"{one['density']:.0%}",
            f"{one['connections']:,}",
            f"{one['plain_s']:.3g}",
            f"{one['ours_s']:.3g}",
            f"{one['ours_cpu_s']:.3g}",
            f"{one['ratio']:.3g}",
            "yes" if one["agree"] else "[bold red]no[/]",
        )
    console.print(grid)
    fast = outcomes[0]["ours_s"] <= AT_MOST_S
    target = f"Target at {DENSITIES[0]:.0%}: {AT_MOST_S:g} s, {'met' if fast else 'missed'}."
    console.print(f"{target} Saved to {save('circuits', outcomes)}")
    if not all(one["agree"] for one in outcomes):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
