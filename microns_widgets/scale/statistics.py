"""Statistics of a whole dataset: degrees, synapse sizes, and connections by type and distance.

Each task counts one part with DuckDB. All counts are whole numbers, so that one machine and a
Dask cluster give identical results.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from tqdm.auto import tqdm

from microns_widgets._arguments import checks_arguments, checks_methods
from microns_widgets._files import expanded, whole_file
from microns_widgets._typing import Array, FloatArray
from microns_widgets.errors import InvalidArgument, TableError, check_column
from microns_widgets.scale.database import database
from microns_widgets.scale.runners import runner_for
from microns_widgets.sources.folder import load_folder
from microns_widgets.synapses.adjacency import walk
from microns_widgets.synapses.files import FOLDER, load_index
from microns_widgets.synapses.index import SynapseIndex
from microns_widgets.tables.reading import proofread

# Synapses or root ids per task, and pairs of cells per task.
_ROWS, _PAIRS = 4_000_000, 10_000_000
_POSITION = [f"pt_position_{axis}" for axis in "xyz"]
_DISTANCES = tuple(range(0, 1_001, 50))


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class DatasetStatistics:
    """Counts over a whole dataset.

    Attributes
    ----------
    sizes : pandas.DataFrame
        ``size`` (voxels) and ``n_synapses`` of that size, in ascending order.
    degrees : pandas.DataFrame
        ``side`` ("pre" or "post"), ``n_synapses``, ``n_partners`` and ``n_cells``: the number of
        root ids with that many outputs ("pre") or inputs ("post") and that many partners. Root
        id 0 is not counted.
    connections : pandas.DataFrame
        From proofread cells, whose axons are traced, onto all cells of the cell table:
        ``pre_type``, ``post_type``, ``distance_from``, ``distance_to`` (um between the
        cells' positions), ``pairs_possible``, ``pairs_connected``, ``probability``.
        Empty if there is no cell table.
    """

    sizes: pd.DataFrame
    degrees: pd.DataFrame
    connections: pd.DataFrame

    def __repr__(self) -> str:
        lengths = ", ".join(f"{len(table):,} {name}" for name, table in vars(self).items())
        return f"<DatasetStatistics with the rows: {lengths}>"

    def write(self, folder: str | PathLike[str]) -> None:
        """Write one Parquet file per table; raise `WriteError` if that fails."""
        for name, table in vars(self).items():
            with whole_file(expanded(folder) / f"{name}.parquet") as temporary:
                table.to_parquet(temporary, index=False)


@dataclass(frozen=True, eq=False)
class _Study:
    """Data that all tasks need.

    Attributes
    ----------
    home : str
        The index's folder.
    cells : pandas.DataFrame
        ``id``, ``x``, ``y``, ``z`` (nm) and ``type``, one row per cell.
    edges : tuple of float
        Lower edges of the distance bins, in um.
    """

    home: str
    cells: pd.DataFrame
    edges: tuple[float, ...]


@dataclass(frozen=True)
class _Part:
    """The cells or synapses that one task counts: `first`, and one past the end."""

    table: str
    first: int
    stop: int
    side: str = ""


@checks_arguments
def dataset_statistics(
    folder: str | PathLike[str],
    *,
    distances: Sequence[float] = _DISTANCES,
    by: str = "cell_type_auto",
    dask: str | Any | None = None,
    progress: bool = True,
) -> DatasetStatistics:
    """Count degrees, synapse sizes and connections of the whole dataset in a folder.

    Parameters
    ----------
    folder : path
        The folder that ``microns index INPUT --out FOLDER`` built.
    distances : sequence of float
        Edges of the distance bins in um, in ascending order from 0. A further bin holds all
        larger distances.
    by : str
        Column of the cell table that holds the types.
    dask : str or distributed.Client, optional
        Address of a Dask scheduler, ``"local"``, or a client. Default: threads.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    DatasetStatistics

    Raises
    ------
    TableError
        If the folder has no such index.
    InvalidArgument
        If the edges do not ascend from 0.
    UnknownColumn
        If the cell table has no column `by`.

    Examples
    --------
    The folder is usually built with ``microns index``; this builds a small one:

    >>> from microns_widgets.scale.build import build_folder
    >>> con.cells.to_feather("cells.feather")
    >>> con.synapses.to_feather("synapses.feather")
    >>> _ = build_folder("synapses.feather", "whole", cells="cells.feather", progress=False)
    >>> statistics = mw.dataset_statistics("whole", progress=False)
    >>> int((statistics.sizes["n_synapses"]).sum()) == len(con.synapses)
    True
    """
    home = expanded(folder).absolute() / FOLDER
    if not os.path.isdir(home):  # unlike a Path's, it never raises
        raise TableError(
            f"{folder} has no index of a whole dataset. Build one first: "
            "microns index INPUT --out FOLDER"
        )
    edges = _edges(distances)
    con, index = load_folder(folder), load_index(home, verify=False)
    check_column(by, con.cells.columns)
    # The proofread cells first: connections are counted from these.
    proofread_ids = proofread(con.cells)
    ids = np.concatenate([proofread_ids, np.setdiff1d(con.root_ids, proofread_ids)])
    position = con.cells.set_index("pt_root_id").loc[ids, _POSITION].to_numpy(dtype=float)
    cells = pd.DataFrame(position, columns=["x", "y", "z"])
    cells = cells.assign(id=ids, type=con.labels(ids, by).astype(str))
    parts = [
        *_parts("sizes", len(index), _ROWS),
        *_parts("degrees", len(index.pre.ids), _ROWS, side="pre"),
        *_parts("degrees", len(index.post.ids), _ROWS, side="post"),
        *_parts("pairs", len(proofread_ids), max(_PAIRS // max(len(ids), 1), 1)),
    ]
    counts: dict[str, list[pd.DataFrame]] = {"sizes": [], "degrees": [], "pairs": []}
    bar = tqdm(total=len(parts), desc="Counting", disable=None if progress else True)
    with runner_for(dask, None) as runner, bar:
        study = _Study(str(home), cells, tuple(edges.tolist()))
        for number, result in runner.run(_count, study, dict(enumerate(parts))):
            counts[parts[number].table].append(result["counts"])
            bar.update()
    return DatasetStatistics(
        _sum(counts["sizes"], ["size"]),
        _sum(counts["degrees"], ["side", "n_synapses", "n_partners"]),
        _probabilities(_sum(counts["pairs"], ["pre_type", "post_type", "bin"]), edges),
    )


def _edges(distances: Sequence[float]) -> FloatArray:
    try:
        edges = np.asarray(distances, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        edges = np.zeros(0)
    if not len(edges) or edges[0] != 0 or not (np.diff(edges) > 0).all() or edges[-1] == np.inf:
        raise InvalidArgument(
            f"The distances are {distances!r}. Expected bin edges in um, in ascending order "
            "from 0, such as [0, 50, 100]."
        )
    return edges


def _parts(table: str, n: int, step: int, side: str = "") -> list[_Part]:
    # At least one part, even if it is empty, so that the resulting table has its columns.
    return [_Part(table, at, min(at + step, n), side) for at in range(0, max(n, 1), step)]


def _count(study: _Study, part: _Part) -> dict[str, pd.DataFrame]:
    index = load_index(Path(study.home), verify=False)
    here = slice(part.first, part.stop)
    if part.table == "sizes":
        counts = _count_rows({"size": index.columns["size"][here]}, "n_synapses")
    elif part.table == "degrees":
        counts = _count_degrees(index, part.side, here)
    else:
        counts = _count_pairs(study, index, here)
    return {"counts": counts}


def _count_degrees(index: SynapseIndex, name: str, here: slice) -> pd.DataFrame:
    ends = slice(here.start, here.stop + 1)
    if name == "pre":
        side, partners = index.pre, np.diff(index.connections.pre.offsets[ends])
    else:
        side, partners = index.post, index.connections.n_input_partners[here]
    known = side.ids[here] != 0
    columns = {"n_synapses": np.diff(side.offsets[ends])[known], "n_partners": partners[known]}
    return _count_rows(columns, "n_cells").assign(side=name)


def _count_rows(columns: dict[str, Array], name: str) -> pd.DataFrame:
    """Count how often each row occurs."""
    with database() as connection:
        connection.register("part", pa.table(columns))
        rows = connection.sql(f"SELECT *, count(*) AS {name} FROM part GROUP BY ALL")
        return pd.DataFrame(rows.df())


def _count_pairs(study: _Study, index: SynapseIndex, pre: slice) -> pd.DataFrame:
    """Count possible and connected pairs of some presynaptic cells, by type and distance."""
    cells, side = study.cells.assign(place=range(len(study.cells))), index.connections.pre
    ids = cells["id"].to_numpy()
    _, near, far = walk(side, side.places(ids[pre]), index.post, index.post.places(ids))
    squared = " + ".join(
        f"(pre.{axis} - post.{axis}) * (pre.{axis} - post.{axis})" for axis in "xyz"
    )
    # Squares of whole nm are whole numbers, so that rounding cannot move a pair to another bin.
    bins = " + ".join(f"(squared >= {(edge * 1000) ** 2!r})::INT" for edge in study.edges[1:])
    query = f"""
        SELECT pre_type, post_type, {bins or 0} AS bin,
               count(*) AS pairs_possible, count(connected) AS pairs_connected
        FROM (
            SELECT pre.type AS pre_type, post.type AS post_type, {squared} AS squared,
                   connections.post AS connected
            FROM pre CROSS JOIN cells AS post LEFT JOIN connections
              ON connections.pre = pre.place AND connections.post = post.place
            WHERE pre.place <> post.place
        ) GROUP BY ALL
    """
    with database() as connection:
        connection.register("cells", pa.Table.from_pandas(cells))
        connection.register("pre", pa.Table.from_pandas(cells[pre]))
        connection.register("connections", pa.table({"pre": near + pre.start, "post": far}))
        return pd.DataFrame(connection.sql(query).df())


def _sum(counts: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """Add up the counts of all tasks, sorted by the keys."""
    return pd.concat(counts).groupby(keys, as_index=False).sum()


def _probabilities(pairs: pd.DataFrame, edges: FloatArray) -> pd.DataFrame:
    bins = pairs.pop("bin").to_numpy(dtype=int)
    pairs.insert(2, "distance_from", edges[bins])
    pairs.insert(3, "distance_to", np.append(edges[1:], np.inf)[bins])
    return pairs.assign(probability=pairs["pairs_connected"] / pairs["pairs_possible"])
