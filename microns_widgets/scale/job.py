"""What one build is to do, and how large its pieces may be.

The work goes in stages of tasks that do not depend on each other. A task reads what the
stage before it left in the work folder and writes to names and places of its own, so that
it can run anywhere and be repeated at will; which ones are done is noted in files too.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from microns_widgets.errors import TableError
from microns_widgets.scale.inputs import Source
from microns_widgets.synapses.files import LAYOUT

# Bytes of memory a task takes for each row, measured (see docs/whole_dataset.md), on the safe
# side: reading and splitting a block, sorting a bucket, merging a range.
_SPLITTING, _SORTING, _MERGING = 220, 420, 160
# A process holds this much before it has read a row: Python and the libraries.
_LIBRARIES = 350_000_000
#: The least that a build can do with.
LEAST_MEMORY = 512_000_000
_LEAST_PER_TASK = 60_000_000
# More than this in a block makes nothing faster.
_LARGEST_BLOCK = 2_000_000
# A stage is cut into so many pieces, if memory asks for no more, so that no processor waits long
# for the last one; but pieces of less than so many rows cost more than they bring.
_PIECES, _LEAST_PIECE = 16, 500_000


@dataclass(frozen=True)
class Chunk:
    """Units of a source that one task reads, and about how many rows they are."""

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
        The input.
    budget : int
        Bytes of memory a task may take.
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
        """Most rows that are read at once."""
        return min(self.budget // _SPLITTING, _LARGEST_BLOCK)

    def buckets(self, n: int) -> int:
        """Into how many buckets so many synapses are split."""
        return self._pieces(n, _SORTING)

    def ranges(self, n: int) -> int:
        """Into how many ranges of presynaptic cells so many synapses are cut."""
        return self._pieces(n, _MERGING)

    def _pieces(self, n: int, bytes_per_row: int) -> int:
        # Half of what fits, since pieces differ in size.
        most = max(self.budget // bytes_per_row // 2, 1)
        return -(-n // min(most, max(n // _PIECES, _LEAST_PIECE)))

    @property
    def most_rows(self) -> int:
        """Rows that a bucket may have at most."""
        return self.budget // _SORTING

    def chunks(self) -> list[Chunk]:
        """Cut the sources into pieces of a few blocks each."""
        found = []
        for number, source in enumerate(self.sources):
            first = rows = 0
            for unit, more in enumerate(source.units):
                rows += more
                if rows >= self.block_rows or unit + 1 == len(source.units):
                    found.append(Chunk(number, first, unit + 1, rows))
                    first, rows = unit + 1, 0
        return found

    @property
    def fingerprint(self) -> dict[str, Any]:
        """What a resumed build must agree on with the one that was interrupted."""
        states = [os.stat(source.path) for source in self.sources]
        return {
            "layout": LAYOUT,
            "sources": json.loads(json.dumps([asdict(source) for source in self.sources])),
            "files": [[state.st_size, state.st_mtime_ns] for state in states],
        }


def workers_and_budget(memory: int, cores: int) -> tuple[int, int]:
    """Tasks that run at once, and what each may take.

    Parameters
    ----------
    memory : int
        Bytes that the whole process may take.
    cores : int
        Processors there are.

    Raises
    ------
    TableError
        If it is too little for anything.
    """
    if memory < LEAST_MEMORY:
        raise TableError(
            f"{memory / 1e6:,.0f} MB of memory were given, expected {LEAST_MEMORY / 1e6:,.0f} MB "
            "or more: --memory 1GB, for example."
        )
    free = memory - _LIBRARIES
    workers = max(min(cores, 16, free // _LEAST_PER_TASK), 1)
    return workers, free // workers
