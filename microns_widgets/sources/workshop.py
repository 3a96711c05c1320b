"""Loads the workshop's files of a version: downloaded once, checked and cached."""

from __future__ import annotations

import os
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from microns_widgets import releases
from microns_widgets._files import cache_folder, expanded
from microns_widgets.anatomy.skeleton import Skeletons
from microns_widgets.connectome import Connectome
from microns_widgets.errors import DownloadError, TableError
from microns_widgets.sources.downloads import download
from microns_widgets.sources.nucleus_ids import with_nucleus_ids
from microns_widgets.sources.public_skeletons import VERSION as PUBLIC_VERSION
from microns_widgets.sources.public_skeletons import PublicSkeletons
from microns_widgets.sources.static_tables import versions as static_versions
from microns_widgets.synapses.cache import open_index
from microns_widgets.tables.reading import proofread, read_cells

#: Folder with the files of the MICrONS workshop. For a mirror, set ``MICRONS_BASE_URL``.
BASE_URL = "https://github.com/sdorkenw/MICrONS_workshop_CNC_forum/raw/refs/heads/main/data"


@dataclass(frozen=True)
class Files:
    """Names of the two files of a version and, if known, the SHA-256 of the cell table."""

    version: int
    cells_sha256: str | None = None

    @property
    def cells(self) -> str:
        """Name of the cell table."""
        return f"cell_info_{self.version}.feather"

    @property
    def synapses(self) -> str:
        """Name of the synapse table."""
        return f"synapses_proofread_V1_neurons_{self.version}.feather"


VERSIONS = {
    release.version: Files(release.version, release.cells_sha256)
    for release in releases.available_from(releases.WORKSHOP)
}


def load_workshop(
    version: int,
    *,
    nucleus_ids: bool = False,
    base_url: str | None = None,
    static_url: str | None = None,
    skeleton_url: str | None = None,
    cache_dir: str | PathLike[str] | None = None,
    skeletons: Skeletons | None = None,
    progress: bool = True,
) -> Connectome:
    """Open the workshop's tables of a version. They are downloaded on first use.

    The synapse table has no autapses, because caveclient dropped them when the workshop queried
    it. ``microns data`` leaves them out, too, unless they are asked for.

    Parameters
    ----------
    version : int
        Materialization version, one of `VERSIONS`.
    nucleus_ids : bool
        Whether to add the column ``nucleus_id``; see `with_nucleus_ids`.
    base_url : str, optional
        Address of the folder with the files. Default: the environment variable
        ``MICRONS_BASE_URL``, or the workshop's own address.
    static_url : str, optional
        Address of the static tables, for `nucleus_ids`; see `read_static_table`.
    skeleton_url : str, optional
        Address of the public SWC files; see `PublicSkeletons`.
    cache_dir : path, optional
        Folder for downloaded files. Default: the cache folder of the operating system.
    skeletons : mapping of int to Skeleton, optional
        Source of skeletons, such as `CaveSkeletons`. Default: the public SWC files, which are
        of version 1300.
    progress : bool
        Whether to show a progress bar.

    Raises
    ------
    DownloadError
        If a file cannot be downloaded, or is not the expected one. No partial file is left.
    """
    if version not in VERSIONS:
        raise DownloadError(
            f"Version {version} cannot be opened without an account. Expected one of "
            f"{', '.join(map(str, VERSIONS))} (the workshop's tables), or "
            f"{', '.join(map(str, static_versions()))} (cells only). {_other_way(version)}"
        )
    folder, address = _place(base_url, cache_dir)
    cell_file = fetch_cell_file(version, base_url=base_url, cache_dir=cache_dir, progress=progress)
    synapse_file = download(f"{address}/{VERSIONS[version].synapses}", folder, progress=progress)
    try:
        cells = read_cells(cell_file, version=version)
        index = open_index(synapse_file, version=version)
        pre, post = np.asarray(index.pre.ids), np.asarray(index.post.ids)
        _check_they_fit(cells, pre, post, synapse_file.name)
    except TableError as error:
        # Removed from the cache, so that the next attempt downloads them again.
        for file in (cell_file, synapse_file):
            file.unlink(missing_ok=True)
        raise DownloadError(
            f"The files from {address} are not the workshop's files of version {version}. {error} "
            "They were removed from the cache. Call load() for the built-in sample."
        ) from error
    if nucleus_ids:
        cells = with_nucleus_ids(
            cells, static_url=static_url, cache_dir=cache_dir, progress=progress
        )
    source = f"MICrONS minnie65_public, version {version}"
    if skeletons is None and version == PUBLIC_VERSION:
        skeletons = PublicSkeletons(
            frozenset(proofread(cells).tolist()),
            base_url=skeleton_url,
            folder=folder,
            source=source,
        )
    return Connectome(cells, index, skeletons, source=source)


def fetch_cell_file(
    version: int,
    *,
    base_url: str | None = None,
    cache_dir: str | PathLike[str] | None = None,
    progress: bool = True,
) -> Path:
    """Return the workshop's cell table of a version, one of `VERSIONS`, as a file.

    Parameters and errors are those of `load_workshop`.
    """
    files, (folder, address) = VERSIONS[version], _place(base_url, cache_dir)
    return download(
        f"{address}/{files.cells}", folder, sha256=files.cells_sha256, progress=progress
    )


def _place(base_url: str | None, cache_dir: str | PathLike[str] | None) -> tuple[Path, str]:
    """Return the folder for the workshop's files, and their address."""
    folder = expanded(cache_dir) if cache_dir else cache_folder() / "workshop"
    return folder, (base_url or os.environ.get("MICRONS_BASE_URL") or BASE_URL).rstrip("/")


def _other_way(version: int) -> str:
    """Return a sentence on how to get a version for which the workshop has no files."""
    advice = (
        f"With a CAVE token you can query it: microns data --version {version} --out folder/, "
        "then load('folder/')."
    )
    release = releases.releases().get(version)
    if release is not None and release.expired:
        advice = "CAVE has withdrawn it."
    elif release is not None and not release.has_cell_table:
        advice = "CAVE has it, but lacks the tables that the cell table needs: choose a newer one."
    return f"{advice} {releases.other_sources(version)}".rstrip()


def _check_they_fit(
    cells: pd.DataFrame, pre: np.ndarray, post: np.ndarray, synapse_file: str
) -> None:
    """Raise `TableError` unless both tables are of one version: root ids change between them."""
    own = proofread(cells)
    present = np.isin(own, pre) | np.isin(own, post)
    if len(own) and present.mean() < 0.5:
        raise TableError(
            f"{synapse_file}: only {present.sum():,} of the {len(own):,} proofread cells occur "
            "in it, expected most of them. The file is from another version."
        )
