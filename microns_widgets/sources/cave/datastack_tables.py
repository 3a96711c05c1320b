"""Queries the two tables of a datastack other than MICrONS, according to its description."""

from __future__ import annotations

import hashlib
import shutil
import warnings
from collections.abc import Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from microns_widgets._files import expanded, explained_writes, write_text
from microns_widgets._typing import IntArray
from microns_widgets.errors import (
    CaveError,
    InvalidArgument,
    QueryTruncated,
    UnknownCell,
    VersionNotFound,
    quoted,
)
from microns_widgets.sources.cave.blocks import read_block, write_block
from microns_widgets.sources.cave.cells import query_table
from microns_widgets.sources.cave.client import guard_of, table_names, view_names
from microns_widgets.sources.cave.counts import check_complete
from microns_widgets.sources.cave.guard import explained
from microns_widgets.sources.chosen_cells import (
    distinct_cells,
    short_name,
    warn_without_autapses,
)
from microns_widgets.tables.datastack import (
    DATASTACK_FILE,
    Datastack,
    Lookup,
    Table,
    parse_datastack,
)
from microns_widgets.tables.nuclei import NUCLEUS_ID
from microns_widgets.tables.reading import (
    CELL_COLUMNS,
    SYNAPSE_COLUMNS,
    proofread,
    read_cells,
    read_synapses,
    write_feather,
)

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

_AXES = "xyz"
_FALSE = ("", "f", "false", "none", "nan")
#: What a proofread axon has in place of a strategy if the datastack names none.
PROOFREAD = "proofread"
_ORDER = ["post_pt_root_id", "pre_pt_root_id", "size", "id"]


def fetch_datastack(
    client: CAVEclientFull,
    out: str | PathLike[str],
    description: str,
    *,
    version: int,
    root_ids: Sequence[int] | IntArray | None = None,
    block: int = 50,
    autapses: bool = False,
    progress: bool = True,
) -> tuple[Path, Path]:
    """Query the cells and synapses of a datastack, and write them with its description.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    out : path
        Folder for the files. Existing files are not queried again.
    description : str
        The description as TOML; see `tables.datastack`.
    version : int
        Materialization version.
    root_ids : sequence of int, optional
        Cells whose synapses are queried. Default: the proofread cells, of the types
        ``synapses_of`` if the description has them.
    block, autapses, progress
        As for `fetch_dataset`.

    Returns
    -------
    cells, synapses : pathlib.Path
        ``cell_info_{version}.feather`` and ``synapses_{datastack}_{version}.feather``
        (``synapses_selected_...`` for `root_ids`). The folder also has ``datastack.toml``.

    Raises
    ------
    InvalidArgument
        If the folder has another description, or the client belongs to another datastack.
    VersionNotFound
        If the version lacks a table.
    CaveError
        If the service fails, or a table lacks a column or a value.
    UnknownCell
        If there are no cells whose synapses can be queried.
    """
    stack = parse_datastack(description, DATASTACK_FILE)
    if client.datastack_name != stack.name:
        raise InvalidArgument(
            f"The client belongs to {client.datastack_name}, but the description belongs to "
            f"{stack.name}. Use a client of that datastack: connect(datastack={stack.name!r})."
        )
    folder = expanded(out)
    with explained_writes(folder):
        folder.mkdir(parents=True, exist_ok=True)
    _keep_description(folder, description)
    guard_of(client)
    cell_file = folder / f"cell_info_{version}.feather"
    if not cell_file.is_file():
        _check_tables(client, stack, version)
        write_feather(datastack_cells(client, stack, version), cell_file)
    cells = read_cells(cell_file, version=version, any_volume=True)
    ids = _own_ids(cells, stack) if root_ids is None else distinct_cells(root_ids)
    part = "" if root_ids is None else f"selected_{short_name(ids)}_"
    synapse_file = folder / f"synapses_{part}{stack.name}_{version}.feather"
    if synapse_file.is_file():
        if autapses:
            warn_without_autapses(synapse_file)
        return cell_file, synapse_file
    if not len(ids):
        raise UnknownCell(
            f"{stack.name} has no proofread cells"
            f"{' of these types: ' + ', '.join(stack.synapses_of) if stack.synapses_of else ''}. "
            "Choose cells with root_ids=[...], or other types in the description (synapses_of)."
        )
    blocks = folder / ".blocks"
    table = _fetch_synapses(client, stack, ids, version, blocks, block, progress)
    if not autapses:
        table = table[table["pre_pt_root_id"] != table["post_pt_root_id"]]
    if table.empty:
        raise UnknownCell(
            f"None of the {len(ids):,} cells has synapses in version {version} of {stack.name}. "
            "Choose other cells: root_ids=[...]."
        )
    _check_bounds(table, "ctr_pt_position", stack, stack.synapses.table)
    write_feather(table.reset_index(drop=True), synapse_file)
    shutil.rmtree(blocks, ignore_errors=True)
    return cell_file, synapse_file


def datastack_cells(client: CAVEclientFull, stack: Datastack, version: int) -> pd.DataFrame:
    """Query the cell table of a datastack, in the columns of `tables.CELL_COLUMNS`; nm."""
    source = stack.cells
    frame = _query(client, source, version)
    needed = [source.root_id, source.id, *_position(source.position)]
    needed += [name for name in (source.nucleus_id, source.volume) if name]
    _check_columns(frame, needed, source.table, version)
    frame = frame.dropna(subset=[source.root_id, *_position(source.position)])
    # A cell is listed once; nuclei without a segment (root id 0) are left out.
    frame = frame[frame[source.root_id] != 0].drop_duplicates(source.root_id, ignore_index=True)
    cells = pd.DataFrame(
        {f"pt_position_{axis}": frame[f"{source.position}_{axis}"] for axis in _AXES}
    )
    cells["pt_root_id"] = frame[source.root_id].astype("int64")
    cells["volume"] = frame[source.volume] if source.volume else np.nan
    for column, lookup in (
        ("coarse_cell_type_auto", stack.coarse_types),
        ("cell_type_auto", stack.types),
        ("region", stack.regions),
        ("proofreading_strategy", stack.proofreading),
    ):
        cells[column] = _values(client, lookup, frame, source.table, version)
    status = cells["proofreading_strategy"]
    cells["proofreading_strategy"] = status.mask(status.str.lower().isin(("t", "true")), PROOFREAD)
    cells.loc[status.str.lower().isin(_FALSE), "proofreading_strategy"] = ""
    if stack.regions is None:
        cells["region"] = stack.region
    if stack.all_proofread:
        cells["proofreading_strategy"] = PROOFREAD
    cells["coarse_cell_type_manual"] = cells["cell_type_manual"] = ""
    columns = list(CELL_COLUMNS)
    if source.nucleus_id:
        cells[NUCLEUS_ID] = frame[source.nucleus_id].fillna(0).astype("int64")
        columns.append(NUCLEUS_ID)
    _check_bounds(cells, "pt_position", stack, source.table)
    with explained(f"the cells of version {version}"):
        return read_cells(cells[columns], any_volume=True)


def _values(
    client: CAVEclientFull, lookup: Lookup | None, cells: pd.DataFrame, table: str, version: int
) -> pd.Series:
    """Return what a table says about each cell, as text; ``""`` if it says nothing."""
    if lookup is None:
        return pd.Series("", index=cells.index)
    frame = _query(client, lookup, version)
    _check_columns(frame, [lookup.key, lookup.column, *lookup.where], lookup.table, version)
    _check_columns(cells, [lookup.cell_key], table, version)
    for column, value in lookup.where.items():
        frame = frame[frame[column].astype(str) == value]
    frame = frame.dropna(subset=[lookup.key, lookup.column])
    by_cell = frame.drop_duplicates(lookup.key).set_index(lookup.key)[lookup.column].astype(str)
    by_cell = by_cell.map(lambda value: lookup.names.get(value, value))
    found = cells[lookup.cell_key].map(by_cell)
    if found.isna().all():
        warnings.warn(
            f"No cell of {table} is in {lookup.table} (compared: {lookup.cell_key} and "
            f"{lookup.key}), so {lookup.column} is empty. Check these columns in the description.",
            stacklevel=4,
        )
    return found.fillna("").astype(object)


def _fetch_synapses(
    client: CAVEclientFull,
    stack: Datastack,
    ids: IntArray,
    version: int,
    folder: Path,
    block: int,
    progress: bool,
) -> pd.DataFrame:
    from tqdm.auto import tqdm

    parts = []
    with tqdm(total=2 * len(ids), desc="synapses", unit="cell", disable=not progress) as bar:
        for side in (stack.synapses.pre, stack.synapses.post):
            for first in range(0, len(ids), block):
                some = ids[first : first + block]
                parts.extend(_block(client, stack, some, side, version, folder))
                bar.update(len(some))
    table = pd.concat(parts, ignore_index=True).drop_duplicates("id")
    table = table.sort_values(_ORDER, ignore_index=True)
    return read_synapses(table, any_volume=True)


def _block(
    client: CAVEclientFull,
    stack: Datastack,
    ids: IntArray,
    side: str,
    version: int,
    folder: Path,
) -> list[pd.DataFrame]:
    """Query the synapses of some cells on one side, in halves if the response is truncated."""
    digest = hashlib.blake2b(ids.tobytes(), digest_size=8).hexdigest()
    file = folder / f"{stack.name}-{version}-{side}-{digest}.feather"
    table = read_block(file, partial(read_synapses, any_volume=True))
    if table is None:
        guard = guard_of(client)
        guard.truncated = False
        filters = {side: ids.tolist()}
        frame = _query(client, stack.synapses, version, filters)
        if guard.truncated:
            if len(ids) == 1:
                raise QueryTruncated(
                    f"Cell {ids[0]} has more synapses than CAVE returns in one response. Remove "
                    "it from root_ids."
                )
            half = len(ids) // 2
            return [
                *_block(client, stack, ids[:half], side, version, folder),
                *_block(client, stack, ids[half:], side, version, folder),
            ]
        name, is_view = stack.synapses.table, stack.synapses.view
        check_complete(client, len(frame), name, version, filters=filters, is_view=is_view)
        table = _as_synapses(frame, stack, version)
        write_block(table, file)
    return [table]


def _as_synapses(frame: pd.DataFrame, stack: Datastack, version: int) -> pd.DataFrame:
    """Return the columns of `tables.SYNAPSE_COLUMNS`; the size is 0 if synapses have none."""
    if frame.empty:  # these cells have no synapses
        return _no_synapses()
    source = stack.synapses
    position = _position(source.position)
    needed = [source.id, source.pre, source.post, *position]
    _check_columns(frame, [*needed, *([source.size] if source.size else [])], source.table, version)
    table = pd.DataFrame({"id": frame[source.id]})
    for axis, column in zip(_AXES, position, strict=True):
        table[f"ctr_pt_position_{axis}"] = frame[column].round()
    table["pre_pt_root_id"], table["post_pt_root_id"] = frame[source.pre], frame[source.post]
    table["size"] = frame[source.size].round() if source.size else 0
    with explained(f"the synapses of version {version}"):
        return read_synapses(table[list(SYNAPSE_COLUMNS)], any_volume=True)


def _no_synapses() -> pd.DataFrame:
    kinds = {name: np.empty(0, dtype=kind) for name, kind in SYNAPSE_COLUMNS.items()}
    return pd.DataFrame(kinds)


def _query(
    client: CAVEclientFull,
    table: Table,
    version: int,
    filters: dict[str, list[int]] | None = None,
) -> pd.DataFrame:
    """Query a table, or the part of it that a filter selects; positions in nm."""
    resolution = None if table.voxel_nm else [1, 1, 1]
    if filters is None:
        frame = query_table(
            client,
            table.table,
            version,
            is_view=table.view,
            resolution=resolution,
            # A table can have several rows with one id that say different things about a cell.
            unique=None,
        )
    else:
        query = client.materialize.query_view if table.view else client.materialize.query_table
        with explained(f"{table.table} of version {version}"):
            frame = query(
                table.table,
                filter_in_dict=filters,
                materialization_version=version,
                split_positions=True,
                desired_resolution=resolution,
                metadata=False,
            )
    if table.voxel_nm:
        frame = frame.copy()
        for axis, size in zip(_AXES, table.voxel_nm, strict=True):
            for name in frame.columns[frame.columns.str.endswith(f"_position_{axis}")]:
                frame[name] = frame[name] * size
    return frame


def _position(name: str) -> list[str]:
    return [f"{name}_{axis}" for axis in _AXES]


def _own_ids(cells: pd.DataFrame, stack: Datastack) -> IntArray:
    own = cells[cells["cell_type_auto"].isin(stack.synapses_of)] if stack.synapses_of else cells
    return np.unique(proofread(own))


def _check_columns(frame: pd.DataFrame, needed: Sequence[str], table: str, version: int) -> None:
    absent = [name for name in needed if name not in frame]
    if absent or frame.empty:
        reason = f"has no column {', '.join(map(repr, absent))}" if absent else "is empty"
        raise CaveError(
            f"CAVE's table {table} of version {version} {reason}; it has "
            f"{', '.join(map(str, frame.columns))}. Nothing was saved. Correct the description of "
            "the datastack."
        )


def _check_tables(client: CAVEclientFull, stack: Datastack, version: int) -> None:
    """Raise `VersionNotFound` if the version lacks a table of the description."""
    used: list[Any] = [stack.cells, stack.synapses, stack.types, stack.coarse_types]
    used = [table for table in (*used, stack.proofreading, stack.regions) if table is not None]
    present = set(table_names(client, version))
    if any(table.view for table in used):
        present |= set(view_names(client, version))
    missing = sorted({table.table for table in used} - present)
    if missing:
        raise VersionNotFound(
            f"CAVE does not have {', '.join(missing)} of version {version} of {stack.name}. "
            "Correct the description of the datastack (client.materialize.get_tables() and "
            "get_views() list the names), or choose another version."
        )


def _check_bounds(frame: pd.DataFrame, prefix: str, stack: Datastack, table: str) -> None:
    """Raise `InvalidArgument` if positions are outside the volume of the description."""
    if stack.volume_nm is None:
        return
    points = frame[_position(prefix)].to_numpy(dtype=np.float64)
    low, high = stack.volume_nm
    outside = ~((points >= low) & (points <= high)).all(axis=1)
    if outside.any():
        where = ", ".join(f"{value:,.0f}" for value in points[outside][0])
        raise InvalidArgument(
            f"{outside.sum():,} of {len(points):,} positions of {table} are outside volume_nm, "
            f"such as {where}. If they are in voxels, give voxel_nm for this table. Otherwise "
            "correct volume_nm in the description."
        )


def _keep_description(folder: Path, description: str) -> None:
    file = folder / DATASTACK_FILE
    if not file.is_file():
        write_text(file, description)
    elif file.read_text(encoding="utf-8") != description:
        raise InvalidArgument(
            f"{quoted(str(file))} is not the description that you gave: the files in this folder "
            "were made with it. Choose another folder."
        )
