"""Last stages: checks that no synapse occurs twice, and computes the checksum of each file."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from microns_widgets.errors import TableError
from microns_widgets.scale.job import Job
from microns_widgets.scale.segments import read_column
from microns_widgets.scale.sorting import index_folder
from microns_widgets.synapses.checksums import write_checksums

# Bytes of memory per id of a share.
_DISTINCT = 8


@dataclass(frozen=True)
class Share:
    """The synapse ids that leave `remainder` when divided by `divisor`."""

    remainder: int
    divisor: int


def shares(job: Job, n: int) -> list[Share]:
    """Split n ids by their remainders into shares that each fit into the memory of a task."""
    # Odd, because all ids may be even. A share has half of the ids that fit: shares differ in size.
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
            f"The synapse id {again[0]} occurs more than once in the input (at least "
            f"{len(again):,} duplicate rows). Expected unique ids. Check whether a file is "
            "included twice, or whether files overlap."
        )
    return {}


def seal(job: Job, name: str) -> dict[str, int]:
    """Flush a file of the index to disk; write its checksums."""
    path = index_folder(job) / name
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return write_checksums(path)
