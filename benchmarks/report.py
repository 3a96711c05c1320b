"""The outcome of a run, as a table and as a JSON file."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from benchmarks.results import save
from benchmarks.step import Measurement, Step

_PACKAGES = (
    *("microns-widgets", "pandas", "numpy", "scipy", "pyarrow", "matplotlib", "seaborn"),
    *("skeleton_plot", "meshparty"),
)


@dataclass(frozen=True)
class Outcome:
    """A step and its two measurements."""

    step: Step
    peer: Measurement
    ours: Measurement
    memory_limit: float | None

    @property
    def ratio(self) -> float:
        """Median time of the peer divided by ours."""
        return median(self.peer.seconds) / median(self.ours.seconds)

    @property
    def agree(self) -> bool:
        """Whether both results are the same."""
        return bool(self.peer.answer == self.ours.answer)

    @property
    def met(self) -> bool:
        """Whether time and memory meet their targets; unknown memory is ignored."""
        limit, peak = self.memory_limit, self.ours.peak_bytes
        small = limit is None or peak is None or peak <= limit
        return self.ratio >= self.step.at_least and small


def outcome(step: Step, peer: Measurement, ours: Measurement, facts: dict[str, Any]) -> Outcome:
    """Compare the measurements of a step with its targets."""
    limit = step.memory_limit(peer, facts) if step.memory_limit else None
    return Outcome(step, peer, ours, limit)


def table(outcomes: list[Outcome], facts: dict[str, Any]) -> Table:
    """Format the outcomes as a table."""
    grid = Table(
        title=f"{facts['rows']:,} synapses, {facts['synapses_among_proofread']:,} of them among "
        f"proofread cells; ids {facts['ids']}",
        caption="Medians. MB: peak memory beyond that before the step.",
    )
    grid.add_column("step", no_wrap=True)
    for name in ("peer s", "ours s", "ratio", "target", "peer MB", "ours MB", "limit MB"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("met?", no_wrap=True)
    for one in outcomes:
        grid.add_row(
            one.step.name,
            *(f"{median(side.seconds):.3g}" for side in (one.peer, one.ours)),
            *(_ratio(own) for own in (one.ratio, one.step.at_least)),
            *(_megabytes(own) for own in (one.peer.peak_bytes, one.ours.peak_bytes)),
            "" if one.memory_limit is None else _megabytes(one.memory_limit),
            _verdict(one),
        )
    return grid


def write_json(outcomes: list[Outcome], facts: dict[str, Any], folder: Path) -> Path:
    """Write the outcomes, versions and machine as JSON; return the file."""
    content = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "workload": facts,
        "machine": _machine(),
        "versions": _versions(),
        "steps": [_as_dict(one) for one in outcomes],
    }
    return save(str(facts["rows"]), content, folder)


def _verdict(one: Outcome) -> str:
    if not one.agree:
        return "[bold red]results differ[/]"
    return "yes" if one.met else "[bold red]no[/]"


def _as_dict(one: Outcome) -> dict[str, Any]:
    sides = {"peer": one.peer, "ours": one.ours}
    return {
        "step": one.step.name,
        "ratio": one.ratio,
        "at_least": one.step.at_least,
        "memory_limit_bytes": one.memory_limit,
        "agree": one.agree,
        "met": one.met,
        **{
            name: {"median_s": median(side.seconds), "runs": len(side.seconds)} | vars(side)
            for name, side in sides.items()
        },
    }


def _machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor()


def _versions() -> dict[str, str | None]:
    versions: dict[str, str | None] = {}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    return versions


def _ratio(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _megabytes(number: float | None) -> str:
    return "?" if number is None else f"{number / 1e6:,.0f}"
