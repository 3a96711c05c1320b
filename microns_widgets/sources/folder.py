"""Loads a folder of local files: tables in the workshop's format, and optional skeletons."""

from __future__ import annotations

import json
import os
import re
from os import PathLike
from pathlib import Path

import pyarrow.compute as pc

from microns_widgets._files import expanded
from microns_widgets.anatomy.reading import named
from microns_widgets.anatomy.skeleton import Skeleton, Skeletons
from microns_widgets.connectome import Connectome
from microns_widgets.errors import SkeletonError, SkeletonNotFound, TableError
from microns_widgets.synapses.cache import open_index
from microns_widgets.synapses.files import FOLDER, load_index, read_manifest
from microns_widgets.synapses.index import SynapseIndex
from microns_widgets.tables.datastack import DATASTACK_FILE, Datastack, read_datastack
from microns_widgets.tables.files import column_names, read_columns, version_of
from microns_widgets.tables.reading import no_cells, read_cells

_SUFFIXES = (".feather", ".parquet")
#: Names of a cell's skeleton; published files have the nucleus id after the root id.
_NAMES = ("{}.swc", "{}_*.swc", "{}.swc.gz", "{}_*.swc.gz", "{}.json")


class FolderSkeletons:
    """Skeletons in files named after their cells.

    ``{root id}.swc`` or ``{root id}_{nucleus id}.swc`` (um, or as the file declares; gzip too), or
    ``{root id}.json`` (CAVE's format, nm).

    Parameters
    ----------
    folder : path
        Folder with the files; it need not exist.
    source : str, optional
        Source of the data, for captions.
    """

    def __init__(self, folder: str | PathLike[str], *, source: str = "") -> None:
        self._folder = expanded(folder)
        self._source = source

    @property
    def root_ids(self) -> list[int]:
        """Root ids of the cells that have a file."""
        paths = [path for name in _NAMES for path in self._folder.glob(name.format("*"))]
        numbers = (re.split(r"[_.]", path.name, maxsplit=1)[0] for path in paths)
        return [int(number) for number in numbers if number.isascii() and number.isdigit()]

    def __getitem__(self, root_id: int) -> Skeleton:
        """Read one cell's skeleton, in nm."""
        paths = [path for name in _NAMES for path in self._folder.glob(name.format(root_id))]
        if not paths:
            raise SkeletonNotFound(
                f"There is no {root_id}.swc or {root_id}.json in {self._folder}. Put the skeleton "
                "there, or load with a CAVE client, which fetches it."
            )
        if len(paths) > 1:
            raise SkeletonError(
                f"{self._folder} has several skeletons of cell {root_id}: "
                f"{', '.join(path.name for path in paths)}. Keep one of them."
            )
        [path] = paths
        if path.suffix == ".json":
            return read_service_json(path, root_id=root_id, source=self._source)
        return Skeleton.from_swc(path, root_id=root_id, source=self._source)


def read_service_json(path: Path, *, root_id: int, source: str) -> Skeleton:
    """Read a skeleton service dictionary from a file; raise `SkeletonError` if it is invalid."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError(f"it is a {type(content).__name__}")
    except (OSError, ValueError, RecursionError) as error:
        raise SkeletonError(
            f"{path.name} cannot be read ({error}). Expected the dictionary that CAVE's skeleton "
            "service returns, as JSON."
        ) from error
    with named(path):
        return Skeleton.from_cave(content, root_id=root_id, source=source)


def load_folder(
    path: str | PathLike[str], *, skeletons: Skeletons | None = None, source: str | None = None
) -> Connectome:
    """Open a folder with a ``cell_info_*`` and a ``synapses_*`` file (feather or Parquet).

    A file ``datastack.toml`` means that the data belong to a datastack other than MICrONS. It
    describes the types, and says whether there are depths and synapse sizes (docs/adapt.md). A
    ``tuning_*`` file, and a column ``target_structure`` of the synapse file, are optional.

    Instead of the synapse file, the folder may hold an index of any size that
    ``microns index`` built; then the cell table is optional.

    Parameters
    ----------
    path : path
        The folder. Skeletons are optional, in its subfolder ``skeletons/``.
    skeletons : mapping of int to Skeleton, optional
        Skeletons to use instead.
    source : str, optional
        Source of the data, for captions. Default: the name of the cell table.

    Raises
    ------
    TableError
        If a file is missing, there are two of a kind, or the content is invalid.
    IndexDamaged
        If files of the index are missing or truncated.
    InvalidArgument
        If the description of the datastack is not valid.
    """
    folder = expanded(path)
    if not os.path.isdir(folder):  # unlike a Path's, it never raises
        raise TableError(
            f"{folder}: there is no such folder. Choose a folder with cell_info_*.feather and "
            "synapses_*.feather, or call load() for the built-in sample."
        )
    large = folder / FOLDER
    cell_file = None
    if not large.is_dir() or any(folder.glob("cell_info*")):
        cell_file = _only_file(folder, "cell_info")
    version = version_of(cell_file) if cell_file else None
    stack = datastack_of(folder)
    if stack is not None:
        stack.add_types()
        source = stack.source(version)
    name = source if source is not None else cell_file.stem if cell_file else folder.name
    other = stack is not None
    synapse_file = None if large.is_dir() else _only_file(folder, "synapses")
    if stack is not None and synapse_file is not None:
        _check_sizes(stack, synapse_file)
    return Connectome(
        read_cells(cell_file, any_volume=other) if cell_file else no_cells(),
        open_index(synapse_file, version=version, any_volume=other)
        if synapse_file
        else _open_large(large, version),
        skeletons or FolderSkeletons(folder / "skeletons", source=name),
        source=name,
        targets=synapse_file,
        tuning=_only_file(folder, "tuning") if any(folder.glob("tuning*")) else None,
        any_volume=other,
    )


def datastack_of(folder: str | PathLike[str]) -> Datastack | None:
    """Return the datastack that a folder's data belong to; None if it is MICrONS."""
    file = expanded(folder) / DATASTACK_FILE
    return read_datastack(file) if os.path.isfile(file) else None


def _check_sizes(stack: Datastack, synapse_file: Path) -> None:
    """Raise `TableError` unless synapses have sizes if the description says that they have."""
    if stack.has_sizes and "size" in column_names(synapse_file):
        [sizes] = read_columns(synapse_file, ["size"]).columns
        if len(sizes) and pc.max(sizes).as_py() == 0:
            raise TableError(
                f"{synapse_file.name}: all sizes are 0, but {DATASTACK_FILE} says that synapses "
                "have sizes. Query them into a new folder with this description, or remove the "
                "line size from it."
            )


def _open_large(home: Path, version: int | None) -> SynapseIndex:
    """Open an index that `microns index --out` built."""
    index_version = read_manifest(home).get("version")
    if None not in (index_version, version) and index_version != version:
        raise TableError(
            f"{home.parent}: the synapses are from version {index_version}, the cells from version "
            f"{version}. Root ids change between versions: use tables of one version."
        )
    return load_index(home, verify=False)


def _only_file(folder: Path, prefix: str) -> Path:
    files = sorted(path for path in folder.glob(f"{prefix}*") if path.suffix in _SUFFIXES)
    if len(files) == 1:
        return files[0]
    pattern = f"{prefix}_*.feather or {prefix}_*.parquet"
    if not files:
        here = ", ".join(sorted(path.name for path in folder.iterdir())[:8]) or "nothing"
        raise TableError(f"{folder}: expected one file {pattern}, found {here}.")
    raise TableError(
        f"{folder}: expected one file {pattern}, found {', '.join(path.name for path in files)}. "
        "Keep each version in its own folder."
    )
