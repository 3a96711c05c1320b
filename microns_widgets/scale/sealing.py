"""Last stages: no synapse stands twice, and every file has its checksum."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from microns_widgets.errors import TableError
from microns_widgets.scale.job import Job
from microns_widgets.scale.segments import read_column
from microns_widgets.scale.sorting import index_folder
from microns_widgets.synapses.files import state_of

# Bytes of memory for each id of a share.
_DISTINCT = 8


@dataclass(frozen=True)
class Share:
    """Synapse ids with one `remainder` when they are divided by `divisor`."""

    remainder: int
    divisor: int


def shares(job: Job, n: int) -> list[Share]:
    """Divide n ids by their remainders, so that a task can sort its share, whatever they are."""
    # Odd, since ids may well all be even; and shares of half of what fits, since they may differ.
    divisor = 3 + 2 * (n * _DISTINCT // job.budget)
    return [Share(remainder, divisor) for remainder in range(divisor)]


def check_distinct(job: Job, share: Share) -> dict[str, int]:
    """Raise `TableError` if an id of a share occurs twice."""
    path = index_folder(job) / "synapses.arrow"
    ids = np.concatenate(
        [
            block[block % share.divisor == share.remainder]
            for block in read_column(path, "id", job.block_rows)
        ]
    )
    ids.sort()
    again = ids[1:][ids[1:] == ids[:-1]]
    if len(again):
        raise TableError(
            f"The synapse id {again[0]} occurs more than once in the input ({len(again):,} rows "
            "too many among those that were compared), expected each once. Perhaps a file is "
            "there twice, or files overlap."
        )
    return {}


def seal(job: Job, name: str) -> dict[str, int]:
    """Bring a file of the index down to the disk; return its length, time and checksum."""
    path = index_folder(job) / name
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return state_of(path)
