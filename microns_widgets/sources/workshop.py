"""The workshop's files of a version: downloaded once, checked, cached."""

from __future__ import annotations

import os
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from microns_widgets._files import cache_folder
from microns_widgets.anatomy.skeleton import Skeletons
from microns_widgets.connectome import Connectome
from microns_widgets.errors import DownloadError, TableError
from microns_widgets.synapses.cache import open_index
from microns_widgets.tables.reading import proofread, read_cells

#: Where the MICrONS workshop keeps its files. Mirrors: argument or ``MICRONS_BASE_URL``.
BASE_URL = "https://github.com/sdorkenw/MICrONS_workshop_CNC_forum/raw/refs/heads/main/data"


@dataclass(frozen=True)
class Files:
    """Names of a version's two files and, where it is known, the cell table's SHA-256."""

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
    1300: Files(1300, "68645464005865c4fc8941e7ec207e88d927eb26b9444216f405ea9533d5af5f"),
    1293: Files(1293),
}


def load_workshop(
    version: int,
    *,
    base_url: str | None = None,
    cache_dir: str | PathLike[str] | None = None,
    skeletons: Skeletons | None = None,
    progress: bool = True,
) -> Connectome:
    """Open the workshop's tables of a version; the first time they are downloaded.

    Parameters
    ----------
    version : int
        Materialization version: 1300 or 1293.
    base_url : str, optional
        Address of the folder with the files; by default ``MICRONS_BASE_URL``, or the
        workshop's own.
    cache_dir : path, optional
        Where files are kept; by default a folder in the platform's cache.
    skeletons : mapping of int to Skeleton, optional
        Where skeletons come from, such as a CAVE client's.
    progress : bool
        Whether a bar shows how far the download is.

    Raises
    ------
    DownloadError
        If a file cannot be had, or is not the one expected. Nothing half-written stays.
    """
    if version not in VERSIONS:
        raise DownloadError(
            f"There are no workshop files of version {version}, expected one of "
            f"{', '.join(map(str, VERSIONS))}. Another version can be queried with a CAVE "
            f"token: microns data --version {version} --out folder/, then load('folder/')."
        )
    files = VERSIONS[version]
    folder = Path(cache_dir) if cache_dir else cache_folder() / "workshop"
    address = (base_url or os.environ.get("MICRONS_BASE_URL") or BASE_URL).rstrip("/")
    cell_file = download(
        f"{address}/{files.cells}", folder, sha256=files.cells_sha256, progress=progress
    )
    synapse_file = download(f"{address}/{files.synapses}", folder, progress=progress)
    try:
        cells = read_cells(cell_file, version=version)
        index = open_index(synapse_file, version=version)
        _check_they_fit(cells, index.pre.ids, index.post.ids, synapse_file.name)
    except TableError as error:
        # What is wrong stays wrong: the next try must not find it in the cache.
        for file in (cell_file, synapse_file):
            file.unlink(missing_ok=True)
        raise DownloadError(
            f"What came from {address} is not version {version} of the workshop's files. {error} "
            "The files were removed from the cache; load() opens the built-in sample."
        ) from error
    source = f"MICrONS minnie65_public, version {version}"
    return Connectome(cells, index, skeletons, source=source)


def download(url: str, folder: Path, *, sha256: str | None = None, progress: bool = True) -> Path:
    """Fetch a file into a folder unless it is there; whole and checked, or not at all.

    Parameters
    ----------
    url : str
        Its address; the last part is its name.
    folder : path
        Where it is kept.
    sha256 : str, optional
        What its content must hash to. A file in the cache that does not is fetched anew.
    progress : bool
        Whether a bar shows how far the download is.

    Raises
    ------
    DownloadError
        If the address does not answer, answers with something else, or stops midway.
    """
    # Imported here: pooch and what it needs take a fifth of a second.
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")  # the bar says enough
    name = url.rsplit("/", 1)[-1]
    fetch = pooch.HTTPDownloader(progressbar=progress, timeout=30)
    known = f"sha256:{sha256}" if sha256 else None
    try:
        # pooch writes to a temporary name and renames what is whole.
        path = pooch.retrieve(url, known, fname=name, path=folder, downloader=fetch)
    except ValueError as error:  # the hash is another
        raise DownloadError(
            f"{name}: what came from {url} is not the expected file (its checksum differs). "
            "Try again, name a mirror with base_url=..., or call load() for the built-in sample."
        ) from error
    except (requests.RequestException, OSError) as error:
        reason = type(error).__name__ if not str(error) else str(error).splitlines()[0][:200]
        raise DownloadError(
            f"{name} could not be fetched from {url} ({reason}). Check the network and try "
            "again, name a mirror with base_url=..., open files you have with load('folder/'), or "
            "go on with the built-in sample: load()."
        ) from error
    return Path(path)


def _check_they_fit(
    cells: pd.DataFrame, pre: np.ndarray, post: np.ndarray, synapse_file: str
) -> None:
    """The synapse table must be of the cell table's version: ids change between versions."""
    own = proofread(cells)
    met = np.isin(own, pre) | np.isin(own, post)
    if len(own) and met.mean() < 0.5:
        raise TableError(
            f"{synapse_file}: only {met.sum():,} of the {len(own):,} proofread cells occur in it, "
            "expected most. It is for another version."
        )
