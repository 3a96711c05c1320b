"""Arrow files that several tasks fill, each with its own part of the columns.

A file is first created at its full length. The tasks then fill in their parts with ordinary
writes: on a full disk these raise an error, whereas a memory map would end the process.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from microns_widgets._typing import Array
from microns_widgets.tables.files import arrow_name

# A piece of more than this many bytes that Arrow writes is a column, not a header.
_HEADER = 1 << 12


def lay_out_file(path: Path, columns: Mapping[str, str], rows: int) -> None:
    """Create a file of one record batch, filled with zeros.

    Parameters
    ----------
    path : path
        The file; an existing file is replaced.
    columns : mapping of str to str
        Types of the columns by name.
    rows : int
        Number of rows.
    """
    widest = max(np.dtype(kind).itemsize for kind in columns.values())
    zeros = path.with_suffix(".zeros")
    try:
        with zeros.open("wb") as file:
            file.truncate(max(rows * widest, 1))
        with pa.memory_map(arrow_name(zeros)) as zero_map:
            buffer = zero_map.read_buffer()
            arrays = [
                pa.Array.from_buffers(
                    pa.from_numpy_dtype(kind), rows, [None, buffer.slice(0, rows * kind.itemsize)]
                )
                for kind in map(np.dtype, columns.values())
            ]
            batch = pa.record_batch(arrays, names=list(columns))
            with path.open("wb") as file, _Sparse(file) as holes:
                sink = pa.PythonFile(holes, mode="w")
                with pa.ipc.new_file(sink, batch.schema) as writer:
                    writer.write_batch(batch)
    finally:
        zeros.unlink(missing_ok=True)


def write_part(path: Path, first: int, columns: Mapping[str, Array]) -> None:
    """Write values of some columns of a file, starting at row `first`."""
    places = _places(path)
    with path.open("r+b", buffering=0) as file:
        for name, values in columns.items():
            kind, start = places[name]
            content = np.ascontiguousarray(values, dtype=kind).view(np.uint8).data
            file.seek(start + first * kind.itemsize)
            while len(content):
                content = content[file.write(content) :]


def read_column(path: Path, name: str, rows: int) -> Iterator[Array]:
    """Read a column in blocks of `rows` rows, without mapping the file into memory."""
    kind, start = _places(path)[name]
    remaining = row_count(path)
    with path.open("rb") as file:
        file.seek(start)
        while remaining:
            block = np.fromfile(file, kind, min(rows, remaining))
            remaining -= len(block)
            yield block


def row_count(path: Path) -> int:
    """Return the number of rows of a file."""
    with pa.memory_map(arrow_name(path)) as file:
        return int(pa.ipc.open_file(file).get_batch(0).num_rows)


def _places(path: Path) -> dict[str, tuple[np.dtype, int]]:
    """Return the type of each column, and the position of its first byte."""
    with pa.memory_map(arrow_name(path)) as file:
        whole = file.read_buffer()
        batch = pa.ipc.open_file(whole).get_batch(0)
        return {
            name: (
                np.dtype(batch.column(i).type.to_pandas_dtype()),
                batch.column(i).buffers()[1].address - whole.address,
            )
            for i, name in enumerate(batch.schema.names)
        }


class _Sparse(io.RawIOBase):
    """A file that skips large pieces instead of writing them, since they are all zeros."""

    def __init__(self, file: io.BufferedWriter) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        with memoryview(data) as view:  # type: ignore[arg-type]  # any buffer
            if view.nbytes > _HEADER:
                self._file.seek(view.nbytes, io.SEEK_CUR)
            else:
                self._file.write(view)
            return view.nbytes

    def tell(self) -> int:
        return self._file.tell()
