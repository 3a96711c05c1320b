"""The cell table and the synapse table: schemas, reading and checking.

The *cell table* has one row per root id with a typed nucleus, the *synapse table* one row per
synapse. Their columns are those of the MICrONS workshop, so that files can be exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from microns_widgets._arguments import checks_arguments
from microns_widgets._files import expanded, whole_file
from microns_widgets.errors import InvalidType, TableError, quoted
from microns_widgets.tables.checks import (
    ArrowColumn,
    SeriesColumn,
    check_ids,
    check_nanometres,
    check_present,
    check_sizes,
    check_unique,
    checked_column,
    checked_columns,
)
from microns_widgets.tables.files import column_names, read_columns, read_frame

#: The ``source`` of everything made from the built-in sample.
SYNTHETIC = "synthetic sample"

#: Columns of the cell table in their order. Positions are of the nucleus, in nm;
#: ``volume`` is that of the nucleus, in um^3; missing text is ``""``. Additional columns
#: are allowed; only ``nucleus_id`` is used (`tables.nuclei`).
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
#: The types of cell_type_multifeature_combo (version 1718 and later): excitatory, inhibitory.
MULTIFEATURE_TYPES = (
    *("L2IT", "L3IT", "L4IT", "L5IT", "L5ET", "L5NP", "L6IT", "L6CT"),
    *("PV", "ChC", "MC", "NMC", "DTC", "ITC", "ITCperi", "AltBasket", "AltDTC", "L1", "NGC"),
)
#: Proofreading strategies of axons, the most complete first; ``""`` means not proofread. The sample
#: does not have the last one, and later versions of the data may add others.
STRATEGIES = (
    *("axon_fully_extended", "axon_partially_extended", "axon_interareal"),
    "axon_column_truncated",
)
#: Visual areas in the volume.
REGIONS = ("V1", "RL", "AL", "LM")

#: A path, or a frame of pandas, polars or Arrow.
Source = Any


@checks_arguments
def read_cells(
    source: Source, *, version: int | None = None, any_volume: bool = False
) -> pd.DataFrame:
    """Read and check a cell table.

    Parameters
    ----------
    source : path, pandas.DataFrame, polars.DataFrame or pyarrow.Table
        A feather or Parquet file, a folder of Parquet files, or a frame, with the columns
        of `CELL_COLUMNS`.
        Further columns follow them unchanged.
    version : int, optional
        Expected materialization version. A file whose name ends in another one raises an
        error.
    any_volume : bool
        Whether any positions in nm are accepted, as in other datasets. Default: only positions
        that are plausible for the cubic millimetre of cortex.

    Returns
    -------
    pandas.DataFrame, shape (n cells, 11 or more)
        The columns in the schema's order, positions in nm, text without nulls. Rows with
        ``pt_root_id`` 0 (nuclei without a segment) are kept. With `any_volume`, ``volume``
        may be NaN in all rows.

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
    frame = _to_frame(source, version)
    kinds = dict(CELL_COLUMNS)
    without_volume = any_volume and "volume" in frame and frame["volume"].isna().all()
    if without_volume:  # another dataset may not have it
        kinds.pop("volume")
    columns = checked_columns(frame, kinds, where)
    if without_volume:
        columns = {name: columns.get(name, np.full(len(frame), np.nan)) for name in CELL_COLUMNS}
    ids = columns["pt_root_id"]
    check_ids(ids, "pt_root_id", where)
    check_unique(ids[ids != 0], "pt_root_id", where)
    axes = [columns[f"pt_position_{axis}"] for axis in "xyz"]
    check_nanometres(axes, "pt_position", where, any_volume=any_volume)
    return _assemble(frame, columns)


def no_cells() -> pd.DataFrame:
    """Return an empty cell table."""
    kinds = {name: object if kind == "str" else kind for name, kind in CELL_COLUMNS.items()}
    return pd.DataFrame({name: np.zeros(0, dtype=kind) for name, kind in kinds.items()})


@checks_arguments
def read_synapses(
    source: Source, *, version: int | None = None, any_volume: bool = False
) -> pd.DataFrame:
    """Read and check a synapse table.

    Parameters
    ----------
    source : path, pandas.DataFrame, polars.DataFrame or pyarrow.Table
        A feather or Parquet file, a folder of Parquet files, or a frame, with the columns
        of `SYNAPSE_COLUMNS`.
    version : int, optional
        Expected materialization version, as for `read_cells`.
    any_volume : bool
        Whether any positions in nm are accepted, as for `read_cells`.

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
    frame: pd.DataFrame = read_synapse_table(
        source, version=version, any_volume=any_volume
    ).to_pandas()
    if isinstance(source, pd.DataFrame) and not set(source.index.names) & set(frame.columns):
        frame.index = source.index
        frame.attrs.update(source.attrs)
    return frame


def read_synapse_table(
    source: Source, *, version: int | None = None, any_volume: bool = False
) -> pa.Table:
    """Read and check a synapse table as Arrow, without a copy through pandas.

    Parameters and errors are those of `read_synapses`; it returns exactly the seven columns.
    """
    where = _name(source)
    table = _Columns(source, version)
    check_present(table.names, SYNAPSE_COLUMNS, where)
    try:
        columns = {
            name: checked_column(table[name], name, kind, where)
            for name, kind in SYNAPSE_COLUMNS.items()
        }
    except TableError:
        # Fractions and numbers out of range usually come from another unit: said first.
        axes = [table[f"ctr_pt_position_{axis}"].numbers() for axis in "xyz"]
        check_nanometres(axes, "ctr_pt_position", where, any_volume=any_volume)
        raise
    for side in ("pre_pt_root_id", "post_pt_root_id"):
        check_ids(columns[side], side, where)
    check_unique(columns["id"], "id", where)
    check_sizes(columns["size"], where)
    axes = [columns[f"ctr_pt_position_{axis}"] for axis in "xyz"]
    check_nanometres(axes, "ctr_pt_position", where, any_volume=any_volume)
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def write_feather(frame: pd.DataFrame, path: str | PathLike[str]) -> None:
    """Write a table as the workshop does (feather, zstd level 9), whole or not at all."""
    with whole_file(expanded(path)) as temporary:
        frame.to_feather(temporary, compression="zstd", compression_level=9)


def proofread(cells: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the root ids of the cells whose axon was proofread, in table order, without 0."""
    mask = (cells["proofreading_strategy"] != "") & (cells["pt_root_id"] != 0)
    return cells.loc[mask, "pt_root_id"].to_numpy(dtype=np.int64)


def _name(source: Source) -> str:
    if isinstance(source, str | PathLike):
        return _path(source).name
    if isinstance(source, pd.DataFrame) or hasattr(source, "to_pandas"):
        return "the frame"
    raise InvalidType(
        f"{quoted(source)} is not a table. Expected a frame, or the path "
        "of a feather or Parquet file."
    )


class _Columns:
    """The columns of a synapse table by name, read from a file one at a time."""

    def __init__(self, source: Source, version: int | None) -> None:
        self._path = _path(source) if isinstance(source, str | PathLike) else None
        if self._path is not None:
            self.names = column_names(self._path, version)
        else:
            self._frame = _to_frame(source, version)
            self.names = list(self._frame.columns)

    def __getitem__(self, name: str) -> ArrowColumn | SeriesColumn:
        if self._path is None:
            return SeriesColumn(self._frame[name])
        # So that at most one column is in memory twice.
        pa.default_memory_pool().release_unused()
        return ArrowColumn(read_columns(self._path, [name]).column(name))


def _to_frame(source: Source, version: int | None) -> pd.DataFrame:
    if isinstance(source, pd.DataFrame):
        named = [name for name in source.index.names if name in (*CELL_COLUMNS, *SYNAPSE_COLUMNS)]
        return source.reset_index(named) if named else source
    if hasattr(source, "to_pandas"):  # a polars frame or an Arrow table
        frame: pd.DataFrame = source.to_pandas()
        return frame
    return read_frame(_path(source), version)


def _path(source: str | PathLike[str]) -> Path:
    return expanded(source)


def _assemble(frame: pd.DataFrame, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    further = [name for name in frame.columns if name not in columns]
    result = pd.DataFrame(columns, index=frame.index)
    for name in further:
        result[name] = frame[name]
    result.attrs.update(frame.attrs)
    return result
