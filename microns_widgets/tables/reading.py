"""The cell table and the synapse table: schemas, reading and checking.

The *cell table* has one row per cell with a nucleus, the *synapse table* one row per
synapse. Their columns are those of the MICrONS workshop, so that files can be exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet

from microns_widgets._files import whole_file
from microns_widgets.errors import InvalidType, TableError
from microns_widgets.tables.checks import (
    ArrowColumn,
    check_ids,
    check_nanometres,
    check_present,
    check_sizes,
    check_unique,
    checked_column,
    checked_columns,
)

#: The ``source`` of everything made from the built-in sample.
SYNTHETIC = "synthetic sample"

#: Columns of the cell table in their order. Positions are of the nucleus, in nm;
#: ``volume`` is the nucleus's, in um^3; missing text is ``""``.
CELL_COLUMNS: Mapping[str, str] = {
    "pt_position_x": "float64",
    "pt_position_y": "float64",
    "pt_position_z": "float64",
    "pt_root_id": "int64",
    "volume": "float64",
    "coarse_cell_type_auto": "str",
    "cell_type_auto": "str",
    "coarse_cell_type_manual": "str",
    "cell_type_manual": "str",
    "region": "str",
    "proofreading_strategy": "str",
}

#: Columns of the synapse table in their order. Positions are of the cleft's centre, in
#: nm; ``size`` is the cleft's number of voxels.
SYNAPSE_COLUMNS: Mapping[str, str] = {
    "id": "int32",
    "ctr_pt_position_x": "int32",
    "ctr_pt_position_y": "int32",
    "ctr_pt_position_z": "int32",
    "pre_pt_root_id": "int64",
    "post_pt_root_id": "int64",
    "size": "int32",
}

#: The automatic types (aibs_metamodel_celltypes_v661): excitatory, inhibitory, non-neuronal.
AUTO_TYPES = (
    *("23P", "4P", "5P-IT", "5P-ET", "5P-NP", "6P-IT", "6P-CT"),
    *("BC", "MC", "BPC", "NGC"),
    *("astrocyte", "oligo", "OPC", "microglia", "pericyte"),
)
#: The manual types of the V1 column (allen_v1_column_types_slanted_ref).
MANUAL_TYPES = (
    *(
        "23P",
        "4P",
        "5P-IT",
        "5P-PT",
        "5P-NP",
        "6P-IT",
        "6P-CT",
        "6P-U",
        "WM-P",
        "Unsure E",
    ),
    *("BC", "MC", "BPC", "NGC", "Unsure I", "Unsure"),
)
#: Proofreading strategies of axons, the most complete first; ``""`` means not proofread.
STRATEGIES = ("axon_fully_extended", "axon_partially_extended", "axon_interareal")
#: Visual areas in the volume.
REGIONS = ("V1", "RL", "AL", "LM")

Source = pd.DataFrame | str | PathLike[str]


def read_cells(source: Source, *, version: int | None = None) -> pd.DataFrame:
    """Read and check a cell table.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A feather or Parquet file, or a frame, with the columns of `CELL_COLUMNS`.
        Further columns follow them unchanged.
    version : int, optional
        Expected materialization version. A file whose name ends in another one raises an
        error.

    Returns
    -------
    pandas.DataFrame, shape (n cells, 11 or more)
        The columns in the schema's order, positions in nm, text without nulls. Rows with
        ``pt_root_id`` 0 (a nucleus without a segment) are kept.

    Raises
    ------
    TableError
        If a column is missing or has a wrong type, a root id is repeated, an id or
        position is null, positions are not in nm, or the file is not a table.
    InvalidType
        If `source` is neither a path nor a frame.

    Examples
    --------
    >>> con.cells.to_feather("my_cells.feather")
    >>> cells = mw.read_cells("my_cells.feather")
    """
    where = _name(source)
    frame = _to_frame(source, where, version)
    columns = checked_columns(frame, CELL_COLUMNS, where)
    ids = columns["pt_root_id"]
    check_ids(ids, "pt_root_id", where)
    check_unique(ids[ids != 0], "pt_root_id", where)
    check_nanometres([columns[f"pt_position_{axis}"] for axis in "xyz"], "pt_position", where)
    return _assemble(frame, columns)


def no_cells() -> pd.DataFrame:
    """Return an empty cell table."""
    kinds = {name: object if kind == "str" else kind for name, kind in CELL_COLUMNS.items()}
    return pd.DataFrame({name: np.zeros(0, dtype=kind) for name, kind in kinds.items()})


def read_synapses(source: Source, *, version: int | None = None) -> pd.DataFrame:
    """Read and check a synapse table.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A feather or Parquet file, or a frame, with the columns of `SYNAPSE_COLUMNS`.
    version : int, optional
        Expected materialization version, as for `read_cells`.

    Returns
    -------
    pandas.DataFrame, shape (n synapses, 7)
        The columns in the schema's order and types, positions in nm.

    Raises
    ------
    TableError
        As for `read_cells`, and if a size is negative.
    InvalidType
        If `source` is neither a path nor a frame.

    Examples
    --------
    >>> con.synapses.to_feather("my_synapses.feather")
    >>> synapses = mw.read_synapses("my_synapses.feather")
    """
    frame: pd.DataFrame = read_synapse_table(source, version=version).to_pandas()
    if isinstance(source, pd.DataFrame):
        frame.index = source.index
        frame.attrs.update(source.attrs)
    return frame


def read_synapse_table(source: Source, *, version: int | None = None) -> pa.Table:
    """Read and check a synapse table as Arrow, without a copy through pandas.

    Parameters and errors are those of `read_synapses`; it returns exactly the seven columns.
    """
    where = _name(source)
    if isinstance(source, pd.DataFrame):
        columns = checked_columns(source, SYNAPSE_COLUMNS, where)
    else:
        path = Path(source)
        check_present(_column_names(path, version), SYNAPSE_COLUMNS, where)
        columns = {}
        for name, kind in SYNAPSE_COLUMNS.items():
            # One by one, each freed at once, so that at most one column is in memory twice.
            column = ArrowColumn(_read_arrow(path, [name]).column(name))
            columns[name] = checked_column(column, name, kind, where)
            del column
            pa.default_memory_pool().release_unused()
    for side in ("pre_pt_root_id", "post_pt_root_id"):
        check_ids(columns[side], side, where)
    check_unique(columns["id"], "id", where)
    check_sizes(columns["size"], where)
    axes = [columns[f"ctr_pt_position_{axis}"] for axis in "xyz"]
    check_nanometres(axes, "ctr_pt_position", where)
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def write_feather(frame: pd.DataFrame, path: str | PathLike[str]) -> None:
    """Write a table as the workshop does (feather, zstd level 9), whole or not at all."""
    with whole_file(Path(path)) as temporary:
        frame.to_feather(temporary, compression="zstd", compression_level=9)


def proofread(cells: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the root ids of the cells whose axon was proofread, in table order, without 0."""
    mask = (cells["proofreading_strategy"] != "") & (cells["pt_root_id"] != 0)
    return cells.loc[mask, "pt_root_id"].to_numpy(dtype=np.int64)


def _name(source: Source) -> str:
    if isinstance(source, pd.DataFrame):
        return "the frame"
    if not isinstance(source, str | PathLike):
        raise InvalidType(
            f"A table was expected, but {type(source).__name__} was given. Pass a pandas "
            "DataFrame, or the path of a feather or Parquet file."
        )
    return Path(source).name


def _to_frame(source: Source, where: str, version: int | None) -> pd.DataFrame:
    if isinstance(source, pd.DataFrame):
        return source
    path = Path(source)
    frame: pd.DataFrame = _read_arrow(path, _column_names(path, version)).to_pandas()
    return frame


def _column_names(path: Path, version: int | None) -> list[str]:
    if not path.is_file():
        raise TableError(
            f"{path}: there is no such file. Give the path of a feather or Parquet file."
        )
    _check_version(path, version)
    with _explained(path):
        if _is_parquet(path):
            schema = pyarrow.parquet.read_schema(path)
        else:
            schema = pa.ipc.open_file(pa.memory_map(str(path))).schema
        return list(schema.names)


def _read_arrow(path: Path, columns: list[str]) -> pa.Table:
    with _explained(path):
        if _is_parquet(path):
            return pyarrow.parquet.read_table(path, columns=columns)
        return pyarrow.feather.read_table(path, columns=columns, memory_map=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise TableError(
            f"{path.name}: the file begins like a table but cannot be read to its end ({error}). "
            "It is probably a download that was cut short: delete it and fetch it again."
        ) from error


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        magic = file.read(6)
    if magic.startswith((b"PAR1", b"ARROW1")):
        return magic.startswith(b"PAR1")
    content = "an empty file" if not magic else f"a file that begins with {magic!r}"
    if magic.lstrip().startswith((b"<", b"<!")):
        content = "a web page"
    raise TableError(
        f"{path.name}: expected a feather or Parquet file, found {content}. "
        "If it was downloaded, open the address in a browser to see what is there."
    )


def version_of(file: Path) -> int | None:
    """Return the materialization version at the end of a file's name, or None."""
    match = re.search(r"_(\d{2,5})(?:\.\w+)*$", file.name)
    return int(match[1]) if match else None


def _check_version(path: Path, version: int | None) -> None:
    own = version_of(path)
    if version is not None and own is not None and own != version:
        raise TableError(
            f"{path.name}: this file is for version {own}, expected version {version}. "
            "Root ids change from version to version: never mix them."
        )


def _assemble(frame: pd.DataFrame, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    further = [name for name in frame.columns if name not in columns]
    result = pd.DataFrame(columns, index=frame.index)
    for name in further:
        result[name] = frame[name]
    result.attrs.update(frame.attrs)
    return result
