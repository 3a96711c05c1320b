"""Creates the workshop's two files for any version, from CAVE."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from microns_widgets._files import cache_folder, expanded, explained_writes
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, InvalidCall, UnknownCell, check_choice
from microns_widgets.sources.cave.cells import fetch_cells
from microns_widgets.sources.cave.client import guard_of, version_number
from microns_widgets.sources.cave.datastack_tables import fetch_datastack
from microns_widgets.sources.cave.guard import explained
from microns_widgets.sources.cave.optional_tables import (
    OPTIONAL,
    TUNING,
    check_present,
    fetch_tuning,
    with_target_structures,
)
from microns_widgets.sources.cave.skeletons import CaveSkeletons
from microns_widgets.sources.cave.synapses import BLOCK, fetch_synapses
from microns_widgets.sources.chosen_cells import (
    check_found,
    distinct_cells,
    short_name,
    warn_without_autapses,
    without_autapses,
)
from microns_widgets.sources.folder import load_folder
from microns_widgets.sources.proofreading import workshop_cells
from microns_widgets.synapses.target_structure import TARGET_STRUCTURE
from microns_widgets.tables.datastack import (
    DATASTACK_FILE,
    datastack_text,
    read_datastack,
    shipped_datastacks,
)
from microns_widgets.tables.files import column_names
from microns_widgets.tables.reading import read_cells, read_synapses, write_feather
from microns_widgets.tables.type_systems import DEFAULT_TYPES, TYPE_SYSTEMS

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

_CURRENT = (
    "look up the current ones with client.chunkedgraph.suggest_latest_roots(), or choose them from "
    "this version's cell table"
)


def fetch_dataset(
    client: CAVEclientFull,
    out: str | PathLike[str],
    *,
    version: int | None = None,
    root_ids: Sequence[int] | None = None,
    block: int = BLOCK,
    autapses: bool = False,
    optional: Sequence[str] = (),
    types: str = DEFAULT_TYPES,
    datastack: str | PathLike[str] | None = None,
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
        Cells whose synapses are queried. Default: all proofread cells of V1. If the version has
        no table of brain areas: those of the whole volume, with a warning.
    block : int
        Number of cells per query.
    autapses : bool
        Whether synapses of a cell onto itself are kept. The workshop's files have none, and many
        are errors of the segmentation.
    optional : sequence of str
        Optional tables: ``"target_structure"`` adds this column to the synapse table, and
        ``"tuning"`` writes ``tuning_{version}.feather``. Existing files are completed.
    types : str
        System of types for the automatic types: ``"metamodel"`` (the workshop's),
        ``"metamodel_corrected"``, ``"cell_type_multifeature_combo"`` or ``"aibs_cell_info"``.
    datastack : path or str, optional
        Description of another datastack than MICrONS (TOML), or the name of one that the package
        describes; see docs/adapt.md. The description is saved in the folder.
    progress : bool
        Whether to show progress bars.

    Returns
    -------
    cells, synapses : pathlib.Path
        ``cell_info_{version}.feather`` (``cell_info_{types}_{version}.feather`` for other types
        than the workshop's) and ``synapses_proofread_V1_neurons_{version}.feather``
        (``synapses_proofread_neurons_...`` without areas, ``synapses_selected_...`` for
        `root_ids`).

    Raises
    ------
    CaveError
        If the service refuses or fails. Finished blocks stay in the folder, and the same call
        continues from there.
    InvalidRootIds
        If `root_ids` are not whole numbers, or there are none.
    UnknownCell
        If none of `root_ids` has synapses in this version. If only some have none, a warning.
    """
    if block < 1:
        raise InvalidArgument(f"block={block} is not possible. Expected 1 or more cells per query.")
    query_ids = None if root_ids is None else distinct_cells(root_ids)
    for name in optional:
        check_choice("optional", name, OPTIONAL)
    check_choice("types", types, TYPE_SYSTEMS)
    number = _version_number(client, version)
    if datastack is not None:
        if optional or types != DEFAULT_TYPES:
            raise InvalidCall(
                "optional= and types= choose tables of MICrONS. Omit them for another datastack: "
                "its description says where its types are."
            )
        return fetch_datastack(
            client,
            out,
            datastack_text(datastack),
            version=number,
            root_ids=query_ids,
            block=block,
            autapses=autapses,
            progress=progress,
        )
    check_present(client, optional, number)
    folder = expanded(out)
    with explained_writes(folder):  # fails before the queries, not after them
        folder.mkdir(parents=True, exist_ok=True)
    cell_file = folder / _cell_file_name(types, number)
    if (folder / DATASTACK_FILE).is_file():
        raise InvalidArgument(
            f"{folder} belongs to another datastack ({DATASTACK_FILE}). Choose another folder."
        )
    if not cell_file.is_file():
        _check_no_other_types(folder, cell_file.name, number)
        write_feather(fetch_cells(client, number, types=types, progress=progress), cell_file)
    tuning_file = folder / f"tuning_{number}.feather"
    if TUNING in optional and not tuning_file.is_file():
        write_feather(fetch_tuning(client, number), tuning_file)
    cells = read_cells(cell_file, version=number)
    if query_ids is None:
        query_ids, name = workshop_cells(cells, number)
        if not len(query_ids):
            raise UnknownCell(
                f"Version {number} has no proofread cells in V1. Choose cells with root_ids=[...]."
            )
    else:
        name = f"selected_{short_name(query_ids)}"
    synapse_file = folder / f"synapses_{name}_{number}.feather"
    if not synapse_file.is_file():
        if name == "proofread_neurons":
            warnings.warn(
                f"Version {number} has no table of brain areas, so the cells of V1 are not known: "
                f"the synapses of all {len(query_ids):,} proofread cells are queried.",
                stacklevel=2,
            )
        blocks = folder / ".blocks"
        table = fetch_synapses(
            client, query_ids.tolist(), number, blocks, block=block, progress=progress
        )
        if TARGET_STRUCTURE in optional:
            table = with_target_structures(client, table, number, blocks, progress=progress)
        try:
            check_found(query_ids, cells, table, number, _CURRENT)
            if not autapses:
                table = without_autapses(table)
            write_feather(table, synapse_file)
        finally:
            shutil.rmtree(blocks, ignore_errors=True)
        return cell_file, synapse_file
    if autapses:
        warn_without_autapses(synapse_file)
    if TARGET_STRUCTURE in optional and TARGET_STRUCTURE not in column_names(synapse_file):
        table = with_target_structures(
            client, read_synapses(synapse_file), number, folder / ".blocks", progress=progress
        )
        write_feather(table, synapse_file)
        shutil.rmtree(folder / ".blocks", ignore_errors=True)
    return cell_file, synapse_file


def _cell_file_name(types: str, version: int) -> str:
    system = "" if types == DEFAULT_TYPES else f"{types}_"
    return f"cell_info_{system}{version}.feather"


def _check_no_other_types(folder: Path, name: str, version: int) -> None:
    """Raise `InvalidArgument` if the folder has this version's cells with other types."""
    for types in TYPE_SYSTEMS:
        other = folder / _cell_file_name(types, version)
        if other.name != name and other.is_file():
            raise InvalidArgument(
                f"{folder} already has the cells of version {version} with the types of {types} "
                f"({other.name}). Choose another folder, or delete this file."
            )


def _version_number(client: CAVEclientFull, version: int | None) -> int:
    if version is None:
        guard_of(client)
        with explained("the versions of the datastack"):
            return int(client.materialize.version)
    return version_number(version)


def load_cave(
    client: CAVEclientFull,
    *,
    version: int | None = None,
    root_ids: Sequence[int] | None = None,
    cache_dir: str | PathLike[str] | None = None,
    optional: Sequence[str] = (),
    types: str = DEFAULT_TYPES,
    progress: bool = True,
) -> Connectome:
    """Open the tables of a version from CAVE, queried once and then cached, with skeletons.

    The client may belong to a datastack that the package describes (`shipped_datastacks`).

    Parameters
    ----------
    client, version, root_ids, optional, types, progress
        As for `fetch_dataset`.
    cache_dir : path, optional
        Folder for the files. Default: the cache folder of the operating system.
    """
    check_choice("types", types, TYPE_SYSTEMS)
    further = types != DEFAULT_TYPES
    part = "v1" if root_ids is None else short_name(distinct_cells(root_ids))
    number = _version_number(client, version)
    base = expanded(cache_dir) if cache_dir else cache_folder() / "cave"
    stack = client.datastack_name if client.datastack_name in shipped_datastacks() else None
    ending = f"-{types}" if further and not stack else ""
    folder = base / f"{client.datastack_name}-{number}-{part}{ending}"
    fetch_dataset(
        client,
        folder,
        version=number,
        root_ids=root_ids,
        optional=optional,
        types=types,
        datastack=stack,
        progress=progress,
    )
    if stack:
        source = read_datastack(stack).source(number)
        return load_folder(folder, skeletons=CaveSkeletons(client, source=source))
    source = f"MICrONS {client.datastack_name}, version {number}"
    source += f", types of {types}" if further else ""
    return load_folder(folder, skeletons=CaveSkeletons(client, source=source), source=source)
