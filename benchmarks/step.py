"""Steps of a benchmark: one job done by a peer and by this package, with a target."""

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
        """Facts about the files."""
        return self.folder / "facts.json"

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Number of rows, bytes of the table in memory, source of the ids, and so on."""
        facts: dict[str, Any] = json.loads(self.facts_file.read_text())
        return facts


@dataclass(frozen=True)
class Work:
    """A job that is ready to run.

    Attributes
    ----------
    run : callable
        The timed function.
    answer : callable
        Turns the result of `run` into numbers, strings, lists and dicts, which must be equal
        for both. Not timed.
    """

    run: Callable[[], Any]
    answer: Callable[[Any], Any]


@dataclass(frozen=True)
class Measurement:
    """Measurement of a job.

    Attributes
    ----------
    seconds : list of float
        Time of each run.
    peak_bytes : int or None
        Peak memory of the first run beyond that before it; None if the system does not
        report it.
    answer : object
        Result of `Work.answer`.
    """

    seconds: list[float]
    peak_bytes: int | None
    answer: Any


#: Imports modules and opens files, then returns the work to be timed. A top-level function of
#: its module, so that a separate process can import it.
Job = Callable[[Workload], Work]


@dataclass(frozen=True)
class Step:
    """One job, done by the peer and by this package.

    Attributes
    ----------
    name : str
        Description of the job.
    peer, ours : Job
        The two implementations.
    at_least : float
        Target of the ratio of the peer's time to ours.
    memory_limit : callable, optional
        Returns the largest number of bytes that ours may use, from the peer's measurement and
        the facts of the workload.
    fresh : bool
        Whether each run needs a new process, as imports do.
    """

    name: str
    peer: Job
    ours: Job
    at_least: float
    memory_limit: Callable[[Measurement, dict[str, Any]], float] | None = None
    fresh: bool = False
