"""A folder of local files: tables in the workshop's form, and skeletons if there are any."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path

from microns_widgets.anatomy.skeleton import Skeleton, Skeletons
from microns_widgets.connectome import Connectome
from microns_widgets.errors import SkeletonError, SkeletonNotFound, TableError
from microns_widgets.synapses.cache import open_index
from microns_widgets.synapses.files import FOLDER, load_index, read_manifest
from microns_widgets.synapses.index import SynapseIndex
from microns_widgets.tables.files import version_of
from microns_widgets.tables.reading import no_cells, read_cells

_SUFFIXES = (".feather", ".parquet")


class FolderSkeletons:
    """Skeletons kept as ``{root id}.swc`` (um) or ``{root id}.json`` (the service's, nm).

    Parameters
    ----------
    folder : path
        Where the files are; it need not exist.
    source : str, optional
        For captions.
    """

    def __init__(self, folder: str | PathLike[str], *, source: str = "") -> None:
        self._folder = Path(folder)
        self._source = source

    def __getitem__(self, root_id: int) -> Skeleton:
        """Read one cell's skeleton, in nm."""
        path = self._folder / f"{root_id}.swc"
        if path.is_file():
            return Skeleton.from_swc(path, root_id=root_id, source=self._source)
        path = path.with_suffix(".json")
        if path.is_file():
            return read_service_json(path, root_id=root_id, source=self._source)
        raise SkeletonNotFound(
            f"There is no {root_id}.swc or {root_id}.json in {self._folder}. Put the skeleton "
            "there, or load with a CAVE client, which fetches it."
        )


def read_service_json(path: Path, *, root_id: int, source: str) -> Skeleton:
    """Read a file with the skeleton service's dictionary; raise `SkeletonError` if it is not."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SkeletonError(
            f"{path.name}: expected the skeleton service's dictionary as JSON ({error})."
        ) from error
    return Skeleton.from_cave(content, root_id=root_id, source=source)


def load_folder(
    path: str | PathLike[str], *, skeletons: Skeletons | None = None, source: str | None = None
) -> Connectome:
    """Open a folder with a ``cell_info_*`` and a ``synapses_*`` file (feather or Parquet).

    In place of the synapse file may stand an index of any size, built by ``microns index``;
    such a folder opens without a cell table, too.

    Parameters
    ----------
    path : path
        The folder. Skeletons may lie in its ``skeletons/``.
    skeletons : mapping of int to Skeleton, optional
        Where skeletons come from instead.
    source : str, optional
        For captions; the name of the cell table without it.

    Raises
    ------
    TableError
        If a file is missing, or stands there twice, or its content is wrong.
    IndexDamaged
        If files of the index are missing or cut short.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise TableError(
            f"{folder}: there is no such folder. Give the one that holds cell_info_*.feather "
            "and synapses_*.feather, or call load() for the built-in sample."
        )
    large = folder / FOLDER
    cell_file = None
    if not large.is_dir() or any(folder.glob("cell_info*")):
        cell_file = _only_file(folder, "cell_info")
    version = version_of(cell_file) if cell_file else None
    named = source if source is not None else cell_file.stem if cell_file else folder.name
    return Connectome(
        read_cells(cell_file) if cell_file else no_cells(),
        _open_large(large, version)
        if large.is_dir()
        else open_index(_only_file(folder, "synapses"), version=version),
        skeletons or FolderSkeletons(folder / "skeletons", source=named),
        source=named,
    )


def _open_large(home: Path, version: int | None) -> SynapseIndex:
    """Open what `microns index --out` built; its bytes are compared only when asked for."""
    found = read_manifest(home).get("version")
    if None not in (found, version) and found != version:
        raise TableError(
            f"{home.parent}: the synapses are of version {found}, the cells of version {version}. "
            "Root ids change from version to version: never mix them."
        )
    return load_index(home, verify=False)


def _only_file(folder: Path, beginning: str) -> Path:
    found = sorted(path for path in folder.glob(f"{beginning}*") if path.suffix in _SUFFIXES)
    if len(found) == 1:
        return found[0]
    what = f"{beginning}_*.feather or {beginning}_*.parquet"
    if not found:
        here = ", ".join(sorted(path.name for path in folder.iterdir())[:8]) or "nothing"
        raise TableError(f"{folder}: expected one file {what}, found {here}.")
    raise TableError(
        f"{folder}: expected one file {what}, found {', '.join(path.name for path in found)}. "
        "Keep each version in a folder of its own."
    )
