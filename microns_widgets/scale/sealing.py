"""Last stages: no synapse stands twice, and every file has its checksum."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from microns_widgets.errors import TableError
from microns_widgets.index_files import state_of
from microns_widgets.scale.job import Job
from microns_widgets.scale.segments import read_column
from microns_widgets.scale.sorting import index_folder


@dataclass(frozen=True)
class Window:
    """Synapse ids from `low` to before `high`."""

    low: int
    high: int


def windows(job: Job, low: int, high: int) -> list[Window]:
    """Cut the ids from `low` to `high` into windows that a task can keep a byte each of."""
    width = max(job.budget // 2, 1)
    return [Window(at, min(at + width, high + 1)) for at in range(low, high + 1, width)]


def check_distinct(job: Job, window: Window) -> dict[str, int]:
    """Raise `TableError` if an id within the window occurs twice."""
    seen = np.zeros(window.high - window.low, dtype=bool)
    path = index_folder(job) / "synapses.arrow"
    rows = max(job.budget // 64, 1)
    n = 0
    for block in read_column(path, "id", rows):
        within = block[(block >= window.low) & (block < window.high)]
        n += len(within)
        seen[within - np.int64(window.low)] = True
    if n != np.count_nonzero(seen):
        _name_the_first(job, window, n - int(np.count_nonzero(seen)))
    return {}


def _name_the_first(job: Job, window: Window, too_many: int) -> None:
    seen = np.zeros(window.high - window.low, dtype=bool)
    for block in read_column(index_folder(job) / "synapses.arrow", "id", 1 << 16):
        within = np.sort(block[(block >= window.low) & (block < window.high)]) - np.int64(
            window.low
        )
        again = within[seen[within] | np.append(False, within[1:] == within[:-1])[: len(within)]]
        if len(again):
            raise TableError(
                f"The synapse id {again[0] + window.low} occurs more than once in the input "
                f"({too_many:,} rows too many), expected each once. Perhaps a file is there twice, "
                "or files overlap."
            )
        seen[within] = True


def seal(job: Job, name: str) -> dict[str, int]:
    """Bring a file of the index down to the disk; return its length, time and checksum."""
    path = index_folder(job) / name
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return state_of(path)
