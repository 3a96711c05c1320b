"""Reads tables of any size block by block: feather, Parquet, CSV.

A *source* is one file. It is read in *units*, the pieces of its format (row groups, record
batches). Each block has the checked columns of the synapse table in their types, with
positions in nm.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.ipc
import pyarrow.parquet

from microns_widgets._typing import Array
from microns_widgets.errors import TableError, check_column
from microns_widgets.tables.checks import (
    ArrowColumn,
    check_ids,
    check_nanometres,
    check_sizes,
    checked_column,
)
from microns_widgets.tables.files import arrow_name, explained_reading
from microns_widgets.tables.positions import nanometres
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

#: Voxel size in nm on the three axes; None if positions are in nm.
Resolution = tuple[float, float, float] | None

_SUFFIXES = {".feather": "arrow", ".arrow": "arrow", ".parquet": "parquet", ".csv": "csv"}
#: Other names of the columns, which exports use.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("synapse_id",),
    "ctr_pt_position_x": ("ctr_pt_x", "ctr_x"),
    "ctr_pt_position_y": ("ctr_pt_y", "ctr_y"),
    "ctr_pt_position_z": ("ctr_pt_z", "ctr_z"),
    "pre_pt_root_id": ("pre_root_id",),
    "post_pt_root_id": ("post_root_id",),
    "size": ("cleft_size",),
}
#: One column with all three coordinates: lists, or PostGIS points as hexadecimal text.
POINT = "ctr_pt_position"
#: Ending of the file that lists the columns of a bulk export, beside ``NAME.csv.gz``.
HEADER = "_header.csv"
_AXES = tuple(f"{POINT}_{axis}" for axis in "xyz")


@dataclass(frozen=True)
class Source:
    """One file of the input.

    Attributes
    ----------
    path : str
        The file.
    kind : {"arrow", "parquet", "csv"}
        How it is read.
    names : mapping of str to str
        Column of the synapse table -> its name in the file.
    units : tuple of int
        Number of rows of each unit; an estimate for Arrow files, which do not store it. Empty
        for CSV, which is read as a whole.
    resolution : tuple of float, optional
        Voxel size in nm, if positions are in voxels.
    header : tuple of str
        All columns of a CSV file without a header row, from its header file.
    """

    path: str
    kind: str
    names: Mapping[str, str]
    units: tuple[int, ...] = ()
    resolution: Resolution = None
    header: tuple[str, ...] = ()


def find_sources(
    path: Path, renamed: Mapping[str, str], resolution: Resolution = None
) -> list[Source]:
    """List the files of an input: the file itself, or all files in a folder and its subfolders.

    Parameters
    ----------
    path : path
        A file, or a folder of files.
    renamed : mapping of str to str
        Columns whose names in the files are neither ours nor in `ALIASES`: our name -> name in
        the files.
    resolution : tuple of float, optional
        Voxel size in nm, if positions are in voxels.

    Raises
    ------
    TableError
        If there is nothing to read, or a file lacks a column.
    UnknownColumn
        If `renamed` names a column that the synapse table does not have.
    """
    for name in renamed:
        check_column(name, SYNAPSE_COLUMNS, "The synapse table")
    if not os.path.exists(path):  # unlike a Path's, it never raises
        raise TableError(f"{path}: there is no such file or folder. Check the path.")
    files = [path] if path.is_file() else sorted(_tables_below(path))
    if not files:
        raise TableError(
            f"{path}: expected files that end in .feather, .parquet, .csv or .csv.gz, but there "
            "are none."
        )
    return [replace(_source(file, renamed), resolution=resolution) for file in files]


def _tables_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "_")) for part in inside)
        of_cells = path.name.startswith("cell_info")
        # An index in the folder is a result, not an input.
        result = "synapses_index" in inside
        header = path.name.endswith(HEADER)
        if path.is_file() and kind_of(path) and not (hidden or of_cells or result or header):
            yield path


def kind_of(path: Path) -> str | None:
    """Return the format of a file, by its name; None if it cannot be read."""
    name = path.name.lower().removesuffix(".gz")
    return _SUFFIXES.get(Path(name).suffix)


def _source(path: Path, renamed: Mapping[str, str]) -> Source:
    kind = kind_of(path)
    header: tuple[str, ...] = ()
    with explained_reading(path):
        if kind == "parquet":
            with pyarrow.parquet.ParquetFile(arrow_name(path)) as file:
                groups = range(file.metadata.num_row_groups)
                units = tuple(file.metadata.row_group(i).num_rows for i in groups)
                columns = file.schema_arrow.names
        elif kind == "arrow":
            with pa.memory_map(arrow_name(path)) as mapped:
                reader = pa.ipc.open_file(mapped)
                columns, n_units = reader.schema.names, reader.num_record_batches
            rows = pa.dataset.dataset(arrow_name(path), format="arrow").count_rows()
            units = (-(-rows // max(n_units, 1)),) * n_units
        elif kind == "csv":
            header, units = _header_file(path), ()
            columns = header or _first_row(path)
        else:
            raise TableError(
                f"{path.name}: expected a file that ends in .feather, .parquet, .csv or .csv.gz."
            )
    names = columns_in(columns, renamed, path.name)
    return Source(str(path), kind, names, units, header=header)


def columns_in(columns: Sequence[str], renamed: Mapping[str, str], where: str) -> dict[str, str]:
    """Return the name of each column of the synapse table in a file, or raise `TableError`."""
    names = {}
    for ours in SYNAPSE_COLUMNS:
        candidates = (renamed[ours],) if ours in renamed else (ours, *ALIASES[ours])
        present = [name for name in candidates if name in columns]
        if not present and ours in _AXES and POINT in columns:
            present = [POINT]
        if not present and columns and columns[0].isdecimal():
            raise TableError(
                f"{where}: the first row is {', '.join(columns)}. Expected column names. If "
                f"this is a bulk export from CAVE, put its header file (..{HEADER}) beside it."
            )
        if not present:
            raise TableError(
                f"{where}: column {candidates[0]!r} is missing. The file has "
                f"{', '.join(columns)}. If it has another name in the file, add --rename "
                f"{ours}=NAME_IN_FILE."
            )
        names[ours] = present[0]
    return names


def read_blocks(
    source: Source,
    first: int,
    stop: int,
    rows: int,
    *,
    columns: Sequence[str] | None = None,
) -> Iterator[pa.Table]:
    """Read units of a feather or Parquet file in blocks of at most `rows` rows.

    Parameters
    ----------
    source : Source
        A feather or Parquet file; CSV is converted first.
    first, stop : int
        Units to read: start, and one past the end.
    rows : int
        Largest number of rows of a block.
    columns : sequence of str, optional
        The columns to read, by their names in the file. Default: all seven.
    """
    names = list(dict.fromkeys(columns if columns is not None else source.names.values()))
    with explained_reading(Path(source.path)):
        if source.kind == "parquet":
            # No reading ahead, so that memory holds the pages of one block only.
            with pyarrow.parquet.ParquetFile(
                arrow_name(Path(source.path)), pre_buffer=False, buffer_size=1 << 20
            ) as file:
                for batch in file.iter_batches(rows, list(range(first, stop)), names):
                    batch.validate(full=True)
                    yield pa.Table.from_batches([batch])
            return
        waiting: list[pa.RecordBatch] = []
        for unit in range(first, stop):
            # Mapped again for each unit, so that pages already read are released from memory.
            with pa.memory_map(arrow_name(Path(source.path))) as mapped:
                batch = pa.ipc.open_file(mapped).get_batch(unit).select(names)
                # Offsets that point beyond the file would crash the process.
                batch.validate(full=True)
                for start in range(0, batch.num_rows, rows):
                    waiting.append(batch.slice(start, rows))
                    if sum(one.num_rows for one in waiting) >= rows:
                        yield pa.Table.from_batches(waiting)
                        waiting = []
        if waiting:
            yield pa.Table.from_batches(waiting)


def checked_block(block: pa.Table, source: Source, where: str) -> dict[str, Array]:
    """Return a block of a source with the columns and types of the synapse table.

    Parameters
    ----------
    block : pyarrow.Table
        With the columns of the file.
    source : Source
        The file.
    where : str
        Name of the block in error messages.

    Raises
    ------
    TableError
        If a value is invalid.
    """
    names = source.names
    axes = nanometres(block, [names[axis] for axis in _AXES], source.resolution, where)
    columns = dict(zip(_AXES, axes, strict=True))
    for ours, theirs in names.items():
        columns.setdefault(ours, block.column(theirs))
    checked = {
        name: checked_column(ArrowColumn(columns[name]), name, kind, where)
        for name, kind in SYNAPSE_COLUMNS.items()
    }
    for side in ("pre_pt_root_id", "post_pt_root_id"):
        check_ids(checked[side], side, where)
    check_sizes(checked["size"], where)
    check_nanometres([checked[axis] for axis in _AXES], POINT, where)
    return checked


def unpacked(file: pa.NativeFile, path: Path) -> pa.NativeFile:
    """Return the text of an open CSV file, decompressed if necessary."""
    return pa.CompressedInputStream(file, "gzip") if path.suffix == ".gz" else file


def _first_row(path: Path) -> list[str]:
    # Only the first line is needed, but a block is the smallest unit that can be read.
    options = pa.csv.ReadOptions(block_size=1 << 16)
    with pa.OSFile(arrow_name(path)) as file, unpacked(file, path) as stream:
        return list(pa.csv.open_csv(stream, read_options=options).schema.names)


def _header_file(path: Path) -> tuple[str, ...]:
    """Return the column names from the header file of a bulk export from CAVE, if there is one.

    It has one row per column: name and type.
    """
    beside = path.with_name(path.name.removesuffix(".gz").removesuffix(".csv") + HEADER)
    if not beside.is_file():
        return ()
    rows = pa.csv.read_csv(arrow_name(beside), pa.csv.ReadOptions(autogenerate_column_names=True))
    return tuple(map(str, rows.column(0).to_pylist()))
