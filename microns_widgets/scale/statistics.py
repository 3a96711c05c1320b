"""Statistics over a whole dataset: degrees, sizes, and who connects to whom how far away.

Everything is counted in whole numbers by tasks that take a part each, so that it does not
matter who runs them: threads of one machine and a Dask cluster come to equal results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm.auto import tqdm

from microns_widgets.errors import CacheError, TableError
from microns_widgets.index import SynapseIndex
from microns_widgets.index_files import FOLDER, load_index
from microns_widgets.scale.runners import runner_for
from microns_widgets.side import Array, IntArray, walk
from microns_widgets.sources.folder import load_folder
from microns_widgets.tables import proofread

# Synapses, and pairs of cells, of one task.
_SYNAPSES, _PAIRS = 4_000_000, 4_000_000
_DISTANCES = tuple(range(0, 1_001, 50))


@dataclass(frozen=True, eq=False)
class DatasetStatistics:
    """What is counted over a whole dataset.

    Attributes
    ----------
    sizes : pandas.DataFrame
        ``size`` (voxels) and ``n_synapses`` of that size, rising.
    degrees : pandas.DataFrame
        ``side`` ("pre" or "post"), ``n_synapses``, ``n_partners`` and ``n_cells``: how many
        root ids make, or receive, so many synapses with so many partners. Root id 0 left out.
    connections : pandas.DataFrame
        From proofread cells, whose axons are traced, onto all cells of the cell table:
        ``pre_type``, ``post_type``, ``distance_from``, ``distance_to`` (um between the
        cells' positions), ``pairs_possible``, ``pairs_connected``, ``probability``.
        Empty without a cell table.
    """

    sizes: pd.DataFrame
    degrees: pd.DataFrame
    connections: pd.DataFrame

    def write(self, folder: str | PathLike[str]) -> None:
        """Write one Parquet file for each table; raise `CacheError` if that fails."""
        home = Path(folder)
        try:
            home.mkdir(parents=True, exist_ok=True)
            for name, table in vars(self).items():
                temporary = home / f".{name}.part"
                table.to_parquet(temporary, index=False)
                temporary.replace(home / f"{name}.parquet")
        except OSError as error:
            raise CacheError(
                f"The statistics cannot be written to {home} ({error.strerror or error}). Free "
                "some space, or name another folder."
            ) from error


@dataclass(frozen=True, eq=False)
class _Study:
    """What all tasks need: the index's folder, and the cells with their types as numbers."""

    home: str
    root_ids: IntArray
    position: npt.NDArray[np.float64]
    type_code: IntArray
    n_types: int
    edges: npt.NDArray[np.float64]


def dataset_statistics(
    folder: str | PathLike[str],
    *,
    distances: Sequence[float] = _DISTANCES,
    by: str = "cell_type_auto",
    dask: str | Any | None = None,
    progress: bool = True,
) -> DatasetStatistics:
    """Count degrees, sizes and connections over everything in a folder.

    Parameters
    ----------
    folder : path
        Built by ``microns index INPUT --out FOLDER``.
    distances : sequence of float
        Edges of the bins of distance in um, rising from 0; a last bin takes all beyond.
    by : str
        Column of the cell table with the types.
    dask : str or distributed.Client, optional
        Address of a Dask scheduler, ``"local"``, or a client; threads without it.
    progress : bool
        Whether a bar shows how far the work is.

    Returns
    -------
    DatasetStatistics

    Raises
    ------
    TableError
        If there is no such index in the folder, or the edges do not rise from 0.
    UnknownCell
        If the cell table has no column `by`.
    """
    home = Path(folder).absolute() / FOLDER
    if not home.is_dir():
        raise TableError(
            f"{folder}: there is no index of a whole dataset. Build one first: "
            "microns index INPUT --out FOLDER."
        )
    edges = np.append(np.asarray(distances, dtype=float), np.inf)
    if edges[0] != 0 or not (np.diff(edges) > 0).all():
        raise TableError(f"The distances are {list(distances)}, expected edges rising from 0 (um).")
    con = load_folder(folder)
    index = load_index(home, verify=False)
    ids = con.root_ids
    types, code = np.unique(con.labels(ids, by).astype(str), return_inverse=True)
    cells = con.cells.set_index("pt_root_id").loc[ids]
    position = cells[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy(dtype=float)
    study = _Study(str(home), ids, position, code.astype(np.int64), len(types), edges)
    pre = np.flatnonzero(np.isin(ids, proofread(con.cells)))
    step = max(_PAIRS // max(len(ids), 1), 1)
    pairs = [pre[first : first + step] for first in range(0, len(pre), step)]
    rows = [
        (first, min(first + _SYNAPSES, len(index))) for first in range(0, len(index), _SYNAPSES)
    ]
    sizes = pd.Series(dtype=np.int64)
    counted = np.zeros((2, len(types) ** 2 * (len(edges) - 1)), dtype=np.int64)
    with (
        runner_for(dask, None) as runner,
        tqdm(
            total=len(rows) + len(pairs), desc="Counting", disable=None if progress else True
        ) as bar,
    ):
        for _, found in runner.run(_count_sizes, study, dict(enumerate(rows))):
            more = pd.Series(found["n"], found["size"])
            sizes = sizes.add(more, fill_value=0).astype(np.int64)
            bar.update()
        for _, found in runner.run(_count_pairs, study, dict(enumerate(pairs))):
            counted += found["counted"]
            bar.update()
    table = pd.DataFrame({"size": sizes.index, "n_synapses": sizes.to_numpy()})
    return DatasetStatistics(
        table.astype(np.int64).sort_values("size", ignore_index=True),
        _degrees(index),
        _connections(counted, types, edges),
    )


def _count_sizes(study: _Study, rows: tuple[int, int]) -> dict[str, Array]:
    columns = load_index(Path(study.home), verify=False).columns
    size, n = np.unique(columns["size"][slice(*rows)], return_counts=True)
    return {"size": size, "n": n}


def _count_pairs(study: _Study, pre: IntArray) -> dict[str, Array]:
    """Count pairs possible and connected of some presynaptic cells, by type and distance."""
    index = load_index(Path(study.home), verify=False)
    ids, n_bins = study.root_ids, len(study.edges) - 1
    length = study.n_types**2 * n_bins

    def bins(near: IntArray, far: IntArray) -> IntArray:
        between = study.position[pre[near]] - study.position[far]
        distance = np.sqrt(np.einsum("ij,ij->i", between, between)) / 1000
        which = study.edges.searchsorted(distance, side="right") - 1
        types = study.type_code[pre[near]] * study.n_types + study.type_code[far]
        different = ids[pre[near]] != ids[far]
        return np.bincount((types * n_bins + which)[different], minlength=length)

    possible = np.zeros(length, dtype=np.int64)
    every = np.arange(len(ids))
    for number in range(len(pre)):
        possible += bins(np.full(len(ids), number), every)
    side = index.connections.pre
    _, near, far = walk(side, side.places(ids[pre]), index.post, index.post.places(ids))
    connected = bins(near.astype(np.int64), far.astype(np.int64))
    return {"counted": np.stack([possible, connected])}


def _degrees(index: SynapseIndex) -> pd.DataFrame:
    table, found = index.connections, []
    for name, side, partners in (
        ("pre", index.pre, np.diff(table.pre.offsets)),
        ("post", index.post, table.n_input_partners),
    ):
        frame = pd.DataFrame({"n_synapses": np.diff(side.offsets), "n_partners": partners})
        counts = frame[side.ids != 0].value_counts(sort=False).rename("n_cells").reset_index()
        counts.insert(0, "side", name)
        found.append(counts.sort_values(["n_synapses", "n_partners"]))
    both: pd.DataFrame = pd.concat(found, ignore_index=True)
    return both


def _connections(counted: IntArray, types: Array, edges: npt.NDArray[np.float64]) -> pd.DataFrame:
    levels = [types, types, edges[:-1]]
    names = ["pre_type", "post_type", "distance_from"]
    frame = pd.MultiIndex.from_product(levels, names=names).to_frame(index=False)
    frame["distance_to"] = np.tile(edges[1:], len(types) ** 2)
    frame["pairs_possible"], frame["pairs_connected"] = counted
    frame = pd.DataFrame(frame[frame["pairs_possible"] > 0]).reset_index(drop=True)
    frame["probability"] = frame["pairs_connected"] / frame["pairs_possible"]
    return frame
