"""Checks the parts of an index that are read, so that damage never leads to a wrong result.

Checking a whole index whenever it is opened would take too long, and most queries need only a small
part of it. So the files are checked in two ways:

- all files in *blocks* of 32 KiB, each block when something in it is first read;
- the synapse table also *row by row*: the outputs of a cell are scattered over the file, and the
  blocks around them would be a thousand times as large as the rows themselves.
"""

from __future__ import annotations

import mmap
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, BoolArray, IntArray
from microns_widgets.errors import IndexDamaged

#: Size of a block in bytes; a power of two.
BLOCK = 1 << 15
#: Suffix of the file with the checksums of a file's blocks, as little-endian uint32.
SUFFIX = ".crc32"
_SHIFT = BLOCK.bit_length() - 1
# Number of rows whose checks are computed at once.
_ROWS = 1 << 18
# Odd 64-bit numbers, one for the row number and one for each column. If any single bit of a row
# flips, the upper half of the sum changes (see the tests).
_FACTORS = tuple(
    np.uint64(one)
    for one in (
        0x9E3779B97F4A7C15,
        0xBF58476D1CE4E5B9,
        0x94D049BB133111EB,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
        0xE7037ED1A0B428DB,
        0x8EBC6AF09C88C6E3,
        0x589965CC75374CC3,
    )
)


@dataclass(frozen=True)
class Repair:
    """How to repair a damaged index.

    Attributes
    ----------
    advice : str
        The next step, for the message.
    begin : callable
        Called when damage is found, before the error is raised.
    """

    advice: str
    begin: Callable[[], None] = lambda: None

    def damage(self, file: Path, what: str) -> IndexDamaged:
        """Return the error to raise."""
        self.begin()
        return IndexDamaged(f"{file}: this file of the synapse index {what}. {self.advice}")


def write_checksums(path: Path) -> dict[str, int]:
    """Write the checksums of a file's blocks to a second file beside it.

    Returns
    -------
    dict of str to int
        The file's size (``bytes``), its ``mtime_ns``, and the ``crc32`` of its checksums.
    """
    with path.open("rb") as file:
        sums = np.array([zlib.crc32(block) for block in _blocks(file.read)], dtype="<u4")
    with _beside(path).open("wb") as file:
        file.write(sums.tobytes())
        file.flush()
        os.fsync(file.fileno())
    state = path.stat()
    return {
        "bytes": state.st_size,
        "mtime_ns": state.st_mtime_ns,
        "crc32": zlib.crc32(sums.tobytes()),
    }


def _blocks(read: Callable[[int], bytes]) -> Iterator[memoryview]:
    while some := memoryview(read(BLOCK << 6)):
        for first in range(0, len(some), BLOCK):
            yield some[first : first + BLOCK]


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


class CheckedFile:
    """A memory-mapped Arrow file whose blocks are checked when they are first read.

    Parameters
    ----------
    path : path
        The file.
    state : mapping of str to int
        What `write_checksums` returned.
    repair : Repair
        How to repair the index if it is damaged.

    Raises
    ------
    IndexDamaged
        If the file has the wrong length, or its first or last block is damaged.
    """

    def __init__(self, path: Path, state: Mapping[str, int], repair: Repair) -> None:
        self.path, self._repair = path, repair
        length = path.stat().st_size
        if length != state["bytes"]:
            raise self.damage(f"has {length:,} bytes, expected {state['bytes']:,}")
        content = _beside(path).read_bytes()
        if zlib.crc32(content) != state["crc32"] or len(content) != 4 * -(-length // BLOCK):
            raise repair.damage(_beside(path), "is damaged")
        self._sums = np.frombuffer(content, dtype="<u4")
        self._checked: BoolArray = np.zeros(len(self._sums), dtype=bool)
        self._complete = False
        self._buffer = mapped(path)
        self._bytes = memoryview(self._buffer)
        # Arrow's header and footer, which contain the positions of the columns.
        for block in {0, 1, len(self._sums) - 2, len(self._sums) - 1}:
            if 0 <= block < len(self._sums):
                self._check(block)

    def damage(self, what: str = "is damaged") -> IndexDamaged:
        """Return the error to raise."""
        return self._repair.damage(self.path, what)

    def columns(self) -> dict[str, CheckedColumn]:
        """Return the columns."""
        return {
            name: CheckedColumn(self, values, values.__array_interface__["data"][0] - self._address)
            for name, values in arrays_in(self._buffer).items()
        }

    @property
    def _address(self) -> int:
        return int(self._buffer.address)

    def check_all(self) -> None:
        """Check every block that has not been checked yet."""
        if not self._complete:
            self._check_each(np.flatnonzero(~self._checked))
            self._complete = True

    def check_range(self, first: int, stop: int) -> None:
        """Check the bytes from `first` up to `stop`."""
        if not self._complete and first < stop:
            here = slice(first >> _SHIFT, (stop - 1 >> _SHIFT) + 1)
            if not self._checked[here].all():
                self._check_each(np.flatnonzero(~self._checked[here]) + here.start)

    def check_ranges(self, first: IntArray, stop: IntArray) -> None:
        """Check several ranges of bytes, none of which is empty."""
        if not self._complete:
            n = len(self._sums) + 1
            begin = np.bincount(as_intp(first >> _SHIFT), minlength=n)
            end = np.bincount(as_intp((stop - 1 >> _SHIFT) + 1), minlength=n)
            touched = np.cumsum(begin - end)[:-1] > 0
            self._check_each(np.flatnonzero(touched & ~self._checked))

    def check_places(self, places: IntArray) -> None:
        """Check the blocks that hold these bytes."""
        if not self._complete:
            touched = np.zeros(len(self._sums), dtype=bool)
            touched[places >> _SHIFT] = True
            self._check_each(np.flatnonzero(touched & ~self._checked))

    def _check_each(self, blocks: IntArray) -> None:
        for block in blocks.tolist():
            self._check(block)

    def _check(self, block: int) -> None:
        content = self._bytes[block << _SHIFT : (block + 1) << _SHIFT]
        if zlib.crc32(content) != self._sums[block]:
            raise self.damage(f"is damaged (from byte {block << _SHIFT:,})")
        self._checked[block] = True


class CheckedColumn(np.lib.mixins.NDArrayOperatorsMixin):
    """A column of a `CheckedFile`, indexed like an array; indexing returns ordinary arrays.

    Parameters
    ----------
    file : CheckedFile
        The file.
    values : numpy.ndarray
        The column, memory-mapped.
    start : int
        Position of its first byte in the file.
    """

    def __init__(self, file: CheckedFile, values: Array, start: int) -> None:
        self.file, self.unchecked = file, values
        self._start, self._width = start, values.itemsize

    def __len__(self) -> int:
        return len(self.unchecked)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        self.file.check_range(*self._bytes(0, len(self)))
        return np.array(self.unchecked, dtype, copy=True) if copy else self._cast(dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        arrays = [np.asarray(one) if one is self else one for one in inputs]
        return getattr(ufunc, method)(*arrays, **options)

    def __getattr__(self, name: str) -> Any:
        """Any other attribute of an array, after the whole column has been checked."""
        if name.startswith("__") or "unchecked" not in vars(self):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)

    def _cast(self, dtype: Any) -> Array:
        return self.unchecked if dtype is None else self.unchecked.astype(dtype, copy=False)

    @overload
    def __getitem__(self, rows: int | np.integer) -> Any: ...
    @overload
    def __getitem__(self, rows: slice | Array) -> Array: ...
    def __getitem__(self, rows: int | np.integer | slice | Array) -> Any:
        values = self.unchecked[rows]
        if isinstance(rows, slice):
            first, stop, _ = rows.indices(len(self))
            self.file.check_range(*self._bytes(first, stop))
        elif isinstance(rows, np.ndarray):
            if len(values):
                places = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
                places = np.where(places < 0, places + len(self), places)
                self.file.check_places(self._start + places * self._width)
        else:
            place = int(rows) % len(self)
            self.file.check_range(*self._bytes(place, place + 1))
        return values

    def ranges(self, first: IntArray, number: IntArray) -> Array:
        """Check `number` values from each position in `first`; return the whole column."""
        some = number > 0
        begin = self._start + first[some] * self._width
        self.file.check_ranges(begin, begin + number[some] * self._width)
        return self.unchecked

    def searchsorted(self, wanted: Any, side: Literal["left", "right"] = "left") -> Any:
        """Search a column in ascending order; return the positions at which `wanted` belongs.

        Only the neighbours of each position are checked: if they are undamaged and `wanted` lies
        between them, the result is right.
        """
        place = self.unchecked.searchsorted(wanted, side)
        if not len(self):
            return place
        if side == "left" and not isinstance(wanted, np.ndarray):
            # The most frequent case; this takes a third of the time.
            near = self[max(int(place) - 1, 0) : int(place) + 1].tolist()
            if (place == 0 or near[0] < wanted) and (place == len(self) or wanted <= near[-1]):
                return place
        before, after = self[np.maximum(place - 1, 0)], self[np.minimum(place, len(self) - 1)]
        low, high = (
            (before >= wanted, after < wanted)
            if side == "left"
            else (before > wanted, after <= wanted)
        )
        if np.any(low & (place > 0)) or np.any(high & (place < len(self))):
            self.file.check_all()
            raise self.file.damage()
        return place

    def _bytes(self, first: int, stop: int) -> tuple[int, int]:
        return self._start + first * self._width, self._start + stop * self._width


#: A column in memory or in a file.
Column = Array | CheckedColumn


def checked_ranges(column: Column, first: IntArray, number: IntArray) -> Array:
    """Return a column after checking at least these ranges."""
    return column if isinstance(column, np.ndarray) else column.ranges(first, number)


class CheckedRows:
    """The synapse table of an index, whose rows are checked individually.

    Parameters
    ----------
    columns : mapping of str to CheckedColumn
        The columns.
    checks : CheckedColumn of uint32
        What `row_checks` returned for them.
    """

    def __init__(self, columns: Mapping[str, CheckedColumn], checks: CheckedColumn) -> None:
        self._columns, self._checks = columns, checks

    def __getitem__(self, rows: slice | Array) -> dict[str, Array]:
        """Return these rows of all columns."""
        values = {name: column.unchecked[rows] for name, column in self._columns.items()}
        n = len(self._checks)
        places = np.arange(*rows.indices(n)) if isinstance(rows, slice) else rows
        if (_sums(values, places) != self._checks.unchecked[rows]).any():
            # Find out which of the two files is damaged.
            self._checks.file.check_all()
            raise next(iter(self._columns.values())).file.damage()
        return values


def row_checks(columns: Mapping[str, Array], first: int = 0) -> Array:
    """Return a number for each row that differs if any bit of the row changes.

    Parameters
    ----------
    columns : mapping of str to numpy.ndarray
        The columns of the synapse table.
    first : int
        Number of the first row.
    """
    n = len(next(iter(columns.values())))
    checks = np.empty(n, dtype=np.uint32)
    for start in range(0, n, _ROWS):  # in blocks, to save memory
        here = slice(start, min(start + _ROWS, n))
        part = {name: values[here] for name, values in columns.items()}
        checks[here] = _sums(part, np.arange(first + here.start, first + here.stop))
    return checks


def _sums(columns: Mapping[str, Array], places: Array) -> Array:
    total = places.astype(np.uint64) * _FACTORS[0]
    for factor, values in zip(_FACTORS[1:], columns.values(), strict=True):
        total += values.astype(np.uint64) * factor
    return (total >> np.uint64(32)).astype(np.uint32)


def mapped(path: Path) -> pa.Buffer:
    """Memory-map a file, read-only."""
    try:
        return pa.memory_map(str(path)).read_buffer()
    except UnicodeEncodeError:  # Arrow opens only names that are UTF-8
        with path.open("rb") as file:
            return pa.py_buffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def arrays_in(buffer: pa.Buffer) -> dict[str, Array]:
    """Return the arrays of an Arrow file with one record batch, without a copy."""
    batch = pa.ipc.open_file(buffer).get_batch(0)
    return {
        name: batch.column(i).to_numpy(zero_copy_only=True)
        for i, name in enumerate(batch.schema.names)
    }
