"""What a step of the benchmark is: one job done in two ways, and what ours should reach."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Workload:
    """The files that every step works on, made by `synthetic.make`."""

    folder: Path

    @property
    def cells(self) -> Path:
        """The cell table."""
        return self.folder / "cell_info_1300.feather"

    @property
    def synapses(self) -> Path:
        """The synapse table."""
        return self.folder / "synapses_1300.feather"

    @property
    def skeleton(self) -> Path:
        """The skeleton, as the arrays of the skeleton service's dictionary."""
        return self.folder / "skeleton.npz"

    @property
    def facts_file(self) -> Path:
        """What is known of the files."""
        return self.folder / "facts.json"

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Rows, bytes of the table in memory, where the ids are from, and so on."""
        known: dict[str, Any] = json.loads(self.facts_file.read_text())
        return known


@dataclass(frozen=True)
class Work:
    """A job that is ready to run.

    Attributes
    ----------
    run : callable
        What is timed.
    answer : callable
        Takes what `run` returned and makes of it what the other way must make too:
        numbers, texts, lists and dicts of them. Not timed.
    """

    run: Callable[[], Any]
    answer: Callable[[Any], Any]


@dataclass(frozen=True)
class Measurement:
    """What one way of doing a job took.

    Attributes
    ----------
    seconds : list of float
        Time of each run.
    peak_bytes : int or None
        The most memory that the first run held beyond what its process held before;
        None where the system does not say.
    answer : object
        As `Work.answer` gave it.
    """

    seconds: list[float]
    peak_bytes: int | None
    answer: Any


#: Imports what it needs and opens what the step begins with; returns the work to time.
#: A function on the top level of its module, so that a process of its own can find it.
Job = Callable[[Workload], Work]


@dataclass(frozen=True)
class Step:
    """One job, as the peer does it and as this package does.

    Attributes
    ----------
    name : str
        What is done.
    peer, ours : Job
        The two ways.
    at_least : float
        The ratio, the peer's time over ours, that is wanted.
    memory_limit : callable, optional
        The bytes that ours may take at the most, from the peer's measurement and the
        workload's facts.
    fresh : bool
        Whether each run needs a process of its own, as an import does.
    """

    name: str
    peer: Job
    ours: Job
    at_least: float
    memory_limit: Callable[[Measurement, dict[str, Any]], float] | None = None
    fresh: bool = False
