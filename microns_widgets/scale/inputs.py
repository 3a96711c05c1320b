"""Tables of any size, read block by block: feather, Parquet, CSV.

A *source* is one file. It is read in *units*, the pieces that its format can be read in
(row groups, record batches), and each block that comes out has the columns of the synapse
table in their types, checked, with positions in nm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.ipc
import pyarrow.parquet

from microns_widgets._typing import Array
from microns_widgets.errors import TableError
from microns_widgets.scale.positions import nanometres
from microns_widgets.tables.checks import (
    ArrowColumn,
    check_ids,
    check_nanometres,
    check_sizes,
    checked_column,
)
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

#: Size of a voxel in nm on the three axes; None where positions are in nm.
Resolution = tuple[float, float, float] | None

_SUFFIXES = {".feather": "arrow", ".arrow": "arrow", ".parquet": "parquet", ".csv": "csv"}
#: Names that exports give to the columns, beside ours.
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
#: How the file ends that has the names of a bulk export's columns, beside ``NAME.csv.gz``.
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
        For each column of the synapse table the file's name for it.
    units : tuple of int
        Number of rows of each unit; for Arrow files, which do not say, an estimate. Empty
        for CSV, which is read in one go.
    resolution : tuple of float, optional
        Size of a voxel in nm where positions are in voxels.
    header : tuple of str
        For CSV that has no row of names, all its columns, as its header file says.
    """

    path: str
    kind: str
    names: Mapping[str, str]
    units: tuple[int, ...] = ()
    resolution: Resolution = None
    header: tuple[str, ...] = ()


def find_sources(
    given: Path, renamed: Mapping[str, str], resolution: Resolution = None
) -> list[Source]:
    """List the files of an input: the file itself, or those in a folder and below it.

    Parameters
    ----------
    given : path
        A file, or a folder of files.
    renamed : mapping of str to str
        Names in the files that are neither ours nor in `ALIASES`: theirs by ours.
    resolution : tuple of float, optional
        Size of a voxel in nm where positions are in voxels.

    Raises
    ------
    TableError
        If there is nothing to read, or a file lacks a column.
    """
    for name in renamed:
        if name not in SYNAPSE_COLUMNS:
            raise TableError(
                f"There is no column {name!r} to rename to, expected one of "
                f"{', '.join(SYNAPSE_COLUMNS)}."
            )
    if not given.exists():
        raise TableError(f"{given}: there is no such file or folder.")
    paths = [given] if given.is_file() else sorted(_tables_below(given))
    if not paths:
        raise TableError(
            f"{given}: expected files that end in .feather, .parquet, .csv or .csv.gz, found none."
        )
    return [replace(_source(path, renamed), resolution=resolution) for path in paths]


def _tables_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "_")) for part in inside)
        of_cells = path.name.startswith("cell_info")
        # An index that lies in the folder is what is made, not what it is made from.
        made = "synapses_index" in inside
        header = path.name.endswith(HEADER)
        if path.is_file() and kind_of(path) and not (hidden or of_cells or made or header):
            yield path


def kind_of(path: Path) -> str | None:
    """Format of a file by its name; None if it is none that is read."""
    name = path.name.lower().removesuffix(".gz")
    return _SUFFIXES.get(Path(name).suffix)


def _source(path: Path, renamed: Mapping[str, str]) -> Source:
    kind = kind_of(path)
    header: tuple[str, ...] = ()
    try:
        if kind == "parquet":
            with pyarrow.parquet.ParquetFile(path) as file:
                groups = range(file.metadata.num_row_groups)
                units = tuple(file.metadata.row_group(i).num_rows for i in groups)
                found = file.schema_arrow.names
        elif kind == "arrow":
            with pa.memory_map(str(path)) as mapped:
                reader = pa.ipc.open_file(mapped)
                found, n_units = reader.schema.names, reader.num_record_batches
            rows = pa.dataset.dataset(path, format="arrow").count_rows()
            units = (-(-rows // max(n_units, 1)),) * n_units
        elif kind == "csv":
            header, units = _header_file(path), ()
            found = header or _first_row(path)
        else:
            raise TableError(
                f"{path.name}: expected a file that ends in .feather, .parquet, .csv or .csv.gz."
            )
    except (pa.ArrowException, OSError) as error:
        raise TableError(f"{path.name}: the file cannot be read ({error}).") from error
    names = columns_in(found, renamed, path.name)
    return Source(str(path), kind, names, units, header=header)


def columns_in(found: Sequence[str], renamed: Mapping[str, str], where: str) -> dict[str, str]:
    """Return for each column of the synapse table what a file calls it, or raise `TableError`."""
    names = {}
    for ours in SYNAPSE_COLUMNS:
        wanted = (renamed[ours],) if ours in renamed else (ours, *ALIASES[ours])
        present = [name for name in wanted if name in found]
        if not present and ours in _AXES and POINT in found:
            present = [POINT]
        if not present and found and found[0].isdecimal():
            raise TableError(
                f"{where}: the first row is {', '.join(found)}, expected the names of the columns. "
                f"If it is CAVE's bulk export, put its file of names (..{HEADER}) beside it."
            )
        if not present:
            raise TableError(
                f"{where}: column {wanted[0]!r} is missing. Found {', '.join(found)}. Name it with "
                f"--rename {ours}=THEIRS."
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
    """Read units of a feather or Parquet file in blocks of at most so many rows.

    Parameters
    ----------
    source : Source
        Not CSV: that is converted first.
    first, stop : int
        Units to read.
    rows : int
        Most rows of a block.
    columns : sequence of str, optional
        The file's own names of the columns wanted; all seven without it.
    """
    wanted = list(dict.fromkeys(columns if columns is not None else source.names.values()))
    try:
        if source.kind == "parquet":
            # Without reading ahead, memory holds the pages of one block.
            with pyarrow.parquet.ParquetFile(
                source.path, pre_buffer=False, buffer_size=1 << 20
            ) as file:
                for batch in file.iter_batches(rows, list(range(first, stop)), wanted):
                    yield pa.Table.from_batches([batch])
            return
        waiting: list[pa.RecordBatch] = []
        for unit in range(first, stop):
            # Mapped anew for each unit, so that what was read does not count as memory for long.
            with pa.memory_map(source.path) as mapped:
                batch = pa.ipc.open_file(mapped).get_batch(unit).select(wanted)
                for start in range(0, batch.num_rows, rows):
                    waiting.append(batch.slice(start, rows))
                    if sum(one.num_rows for one in waiting) >= rows:
                        yield pa.Table.from_batches(waiting)
                        waiting = []
        if waiting:
            yield pa.Table.from_batches(waiting)
    except (pa.ArrowException, OSError) as error:
        raise TableError(
            f"{Path(source.path).name}: the file cannot be read to its end ({error})."
        ) from error


def checked_block(block: pa.Table, source: Source, where: str) -> dict[str, Array]:
    """Return a block of a source in the columns and types of the synapse table.

    Parameters
    ----------
    block : pyarrow.Table
        In the file's own columns.
    source : Source
        Where it is from.
    where : str
        What an error message calls the block.

    Raises
    ------
    TableError
        If anything in it is not what it should be.
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
    """Return the text of an open CSV file, which may be packed."""
    return pa.CompressedInputStream(file, "gzip") if path.suffix == ".gz" else file


def _first_row(path: Path) -> list[str]:
    # One line is all that is wanted, and a block is the least that can be read.
    options = pa.csv.ReadOptions(block_size=1 << 16)
    with pa.OSFile(str(path)) as file, unpacked(file, path) as stream:
        return list(pa.csv.open_csv(stream, read_options=options).schema.names)


def _header_file(path: Path) -> tuple[str, ...]:
    """Names of the columns from the file that CAVE puts beside a bulk export; else none.

    It has a row for each column: its name and its type.
    """
    beside = path.with_name(path.name.removesuffix(".gz").removesuffix(".csv") + HEADER)
    if not beside.is_file():
        return ()
    rows = pa.csv.read_csv(beside, pa.csv.ReadOptions(autogenerate_column_names=True))
    return tuple(map(str, rows.column(0).to_pylist()))
