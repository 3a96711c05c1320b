"""Creates the workshop's two files for any version, from CAVE."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microns_widgets._files import cache_folder, expanded, explained_writes
from microns_widgets._typing import IntArray
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, UnknownCell
from microns_widgets.sources.cave.cells import LEFT_OUT, fetch_cells
from microns_widgets.sources.cave.client import guard_of
from microns_widgets.sources.cave.guard import explained
from microns_widgets.sources.cave.skeletons import CaveSkeletons
from microns_widgets.sources.cave.synapses import BLOCK, fetch_synapses
from microns_widgets.sources.folder import load_folder
from microns_widgets.tables.reading import proofread, read_cells, write_feather
from microns_widgets.tables.root_ids import id_array

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull


def fetch_dataset(
    client: CAVEclientFull,
    out: str | PathLike[str],
    *,
    version: int | None = None,
    root_ids: Sequence[int] | None = None,
    block: int = BLOCK,
    progress: bool = True,
) -> tuple[Path, Path]:
    """Query the cell table and the synapse table of a version and write the workshop's two files.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    out : path
        Folder for the files. Existing files are not queried again.
    version : int, optional
        Materialization version. Default: the client's, or the latest.
    root_ids : sequence of int, optional
        Cells whose synapses are queried. Default: all proofread cells of V1.
    block : int
        Number of cells per query.
    progress : bool
        Whether to show progress bars.

    Returns
    -------
    cells, synapses : pathlib.Path
        ``cell_info_{version}.feather`` and ``synapses_proofread_V1_neurons_{version}.feather``
        (``synapses_selected_...`` for `root_ids`).

    Raises
    ------
    CaveError
        If the service refuses or fails. Finished blocks stay in the folder, and the same call
        continues from there.
    InvalidRootIds
        If `root_ids` are not whole numbers.
    """
    if block < 1:
        raise InvalidArgument(f"block={block} is not possible. Expected 1 or more cells per query.")
    guard_of(client)
    with explained("its versions"):
        number = int(version or client.materialize.version)
    folder = expanded(out)
    with explained_writes(folder):  # fails before the queries, not after them
        folder.mkdir(parents=True, exist_ok=True)
    cell_file = folder / f"cell_info_{number}.feather"
    if not cell_file.is_file():
        write_feather(read_cells(fetch_cells(client, number, progress=progress)), cell_file)
    cells = read_cells(cell_file, version=number)
    if root_ids is None:
        query_ids = proofread_v1(cells, number)
        synapse_file = folder / f"synapses_proofread_V1_neurons_{number}.feather"
    else:
        query_ids = np.unique(id_array(root_ids, "root_ids"))
        synapse_file = folder / f"synapses_selected_{_short(query_ids)}_{number}.feather"
    if not synapse_file.is_file():
        blocks = folder / ".blocks"
        table = fetch_synapses(
            client, query_ids.tolist(), number, blocks, block=block, progress=progress
        )
        try:
            _check_known(query_ids, cells, table, number)
            write_feather(table, synapse_file)
        finally:
            shutil.rmtree(blocks, ignore_errors=True)
    return cell_file, synapse_file


def _check_known(ids: IntArray, cells: pd.DataFrame, table: pd.DataFrame, version: int) -> None:
    """Warn of ids that this version does not have; raise `UnknownCell` if it has none of them."""
    sides = [table["pre_pt_root_id"], table["post_pt_root_id"], cells["pt_root_id"]]
    unknown = ids[~np.isin(ids, np.concatenate([side.to_numpy() for side in sides]))]
    if not len(unknown):
        return
    message = (
        f"{len(unknown):,} of the {len(ids):,} root_ids are not in version {version}, such as "
        f"{unknown[0]}. Root ids change with proofreading: look up the current ones with "
        "client.chunkedgraph.suggest_latest_roots(), or choose them from this version's cell table."
    )
    if len(unknown) == len(ids):
        raise UnknownCell(message)
    warnings.warn(message, stacklevel=3)


def load_cave(
    client: CAVEclientFull,
    *,
    version: int | None = None,
    root_ids: Sequence[int] | None = None,
    cache_dir: str | PathLike[str] | None = None,
    progress: bool = True,
) -> Connectome:
    """Open the tables of a version from CAVE, queried once and then cached, with skeletons.

    Parameters
    ----------
    client, version, root_ids, progress
        As for `fetch_dataset`.
    cache_dir : path, optional
        Folder for the files. Default: the cache folder of the operating system.
    """
    guard_of(client)
    with explained("its versions"):
        number = int(version or client.materialize.version)
    base = expanded(cache_dir) if cache_dir else cache_folder() / "cave"
    part = "v1" if root_ids is None else _short(np.unique(id_array(root_ids, "root_ids")))
    folder = base / f"{client.datastack_name}-{number}-{part}"
    fetch_dataset(client, folder, version=number, root_ids=root_ids, progress=progress)
    source = f"MICrONS {client.datastack_name}, version {number}"
    return load_folder(folder, skeletons=CaveSkeletons(client, source=source), source=source)


def proofread_v1(cells: pd.DataFrame, version: int) -> np.ndarray:
    """Root ids of the proofread cells of V1, except those that the workshop excluded."""
    ids = proofread(cells[cells["region"] == "V1"])
    return ids[~np.isin(ids, LEFT_OUT.get(version, ()))]


def _short(ids: np.ndarray) -> str:
    import hashlib

    return hashlib.blake2b(ids.tobytes(), digest_size=4).hexdigest()
