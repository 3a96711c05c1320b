"""Describes one build: its input, and how large its pieces may be.

A build runs in stages of independent tasks. A task reads what the previous stage left in the
work folder and writes to its own files or rows, so that it can run anywhere and be repeated.
Finished tasks are recorded in files, too.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from microns_widgets.errors import InvalidArgument
from microns_widgets.scale.inputs import Source
from microns_widgets.synapses.files import LAYOUT

# Bytes of memory that a task needs per row: for reading and splitting a block, sorting a bucket,
# merging a range. Measured (see docs/whole_dataset.md), with a safety margin.
_SPLITTING, _SORTING, _MERGING = 220, 420, 160
# Memory of a process before it reads the first row: Python and the libraries.
_LIBRARIES = 350_000_000
#: The smallest memory limit of a build.
LEAST_MEMORY = 512_000_000
_LEAST_PER_TASK = 60_000_000
# Blocks with more rows than this are not faster.
_LARGEST_BLOCK = 2_000_000
# A stage is cut into at least this many pieces, so that CPUs do not wait long for the last one, but
# not into pieces with fewer rows than this, which would cost more time than they save.
_PIECES, _LEAST_PIECE = 16, 500_000


@dataclass(frozen=True)
class Chunk:
    """Units of a source that one task reads, and their approximate number of rows."""

    source: int
    first: int
    stop: int
    rows: int


@dataclass(frozen=True)
class Job:
    """One build.

    Attributes
    ----------
    work : str
        The work folder.
    sources : tuple of Source
        The input files.
    budget : int
        Bytes of memory that a task may use.
    """

    work: str
    sources: tuple[Source, ...]
    budget: int

    @property
    def folder(self) -> Path:
        """The work folder."""
        return Path(self.work)

    @property
    def block_rows(self) -> int:
        """Largest number of rows that are read at once."""
        return min(self.budget // _SPLITTING, _LARGEST_BLOCK)

    def buckets(self, n: int) -> int:
        """Number of buckets into which n synapses are split."""
        return self._pieces(n, _SORTING)

    def ranges(self, n: int) -> int:
        """Number of ranges of presynaptic cells into which n synapses are cut."""
        return self._pieces(n, _MERGING)

    def _pieces(self, n: int, bytes_per_row: int) -> int:
        # Half of what fits into memory, because pieces differ in size.
        most = max(self.budget // bytes_per_row // 2, 1)
        return -(-n // min(most, max(n // _PIECES, _LEAST_PIECE)))

    @property
    def most_rows(self) -> int:
        """Largest number of rows of a bucket."""
        return self.budget // _SORTING

    def chunks(self) -> list[Chunk]:
        """Cut the sources into pieces of a few blocks each."""
        chunks = []
        for number, source in enumerate(self.sources):
            first = rows = 0
            for unit, more in enumerate(source.units):
                rows += more
                if rows >= self.block_rows or unit + 1 == len(source.units):
                    chunks.append(Chunk(number, first, unit + 1, rows))
                    first, rows = unit + 1, 0
        return chunks

    @property
    def fingerprint(self) -> dict[str, Any]:
        """Settings that a resumed build must share with the interrupted one."""
        states = [os.stat(source.path) for source in self.sources]
        return {
            "layout": LAYOUT,
            "sources": json.loads(json.dumps([asdict(source) for source in self.sources])),
            "files": [[state.st_size, state.st_mtime_ns] for state in states],
        }


def workers_and_budget(memory: int, cores: int) -> tuple[int, int]:
    """Return the number of tasks that run at once, and the bytes of memory of each.

    Parameters
    ----------
    memory : int
        Bytes of memory that the whole process may use.
    cores : int
        Number of CPUs.

    Raises
    ------
    InvalidArgument
        If the memory is not enough for a build.
    """
    if memory < LEAST_MEMORY:
        raise InvalidArgument(
            f"The memory limit is {memory / 1e6:,.0f} MB. Expected {LEAST_MEMORY / 1e6:,.0f} MB or "
            "more, such as --memory 1GB."
        )
    free = memory - _LIBRARIES
    workers = max(min(cores, 16, free // _LEAST_PER_TASK), 1)
    return workers, free // workers
