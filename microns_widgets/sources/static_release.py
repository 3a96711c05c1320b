"""Opens an expired release from its static tables: all its cells, without an account.

The synapses of these releases are published only as one file of 20 GB, so they are not loaded here;
``microns data --static`` fetches them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from os import PathLike

import numpy as np
import pandas as pd

from microns_widgets import releases
from microns_widgets._files import expanded
from microns_widgets.anatomy.skeleton import Skeletons
from microns_widgets.connectome import Connectome
from microns_widgets.errors import DownloadError, TableError
from microns_widgets.releases import AUTO_TYPES, MANUAL_TYPES, NUCLEI, REGIONS
from microns_widgets.sources.cell_table import assemble, fault, needed_tables, own_nuclei
from microns_widgets.sources.public_skeletons import PublicSkeletons
from microns_widgets.sources.static_tables import cached_table, read_static_table, versions
from microns_widgets.synapses.not_loaded import NoSynapseIndex
from microns_widgets.tables.reading import proofread, read_cells


def has_static_cells(version: int) -> bool:
    """Whether a release's cells can be opened from static tables today."""
    release = releases.releases().get(version)
    return release is not None and release.has_static_cells(datetime.date.today())


def load_static(
    version: int,
    *,
    static_url: str | None = None,
    skeleton_url: str | None = None,
    cache_dir: str | PathLike[str] | None = None,
    skeletons: Skeletons | None = None,
    progress: bool = True,
) -> Connectome:
    """Open the cells of an expired release from its static tables.

    Parameters
    ----------
    version : int
        Materialization version.
    static_url : str, optional
        Address of the static tables; see `read_static_table`.
    skeleton_url : str, optional
        Address of the public SWC files; see `PublicSkeletons`.
    cache_dir : path, optional
        Folder for downloaded files. Default: the cache folder of the operating system.
    skeletons : mapping of int to Skeleton, optional
        Source of skeletons. Default: the public SWC files of version 1300. They serve the cells
        that have the same root id in both versions, and thus the same shape.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    Connectome
        Without synapses: every method that needs them raises `SynapsesNotLoaded`.

    Raises
    ------
    DownloadError
        If the release has no static tables, or one cannot be downloaded or read.
    """
    cells = fetch_static_cells(
        version, static_url=static_url, cache_dir=cache_dir, progress=progress
    )
    if skeletons is None:
        skeletons = PublicSkeletons(
            frozenset(proofread(cells).tolist()),
            base_url=skeleton_url,
            folder=expanded(cache_dir) if cache_dir else None,
            cells=cells,
        )
    advice = (
        f"The synapses of version {version} are not loaded: without an account they exist only as "
        f"one file of 20 GB. `microns data --static --version {version} --cells ids.txt --out "
        "folder/` reads that file and keeps the synapses of your cells; mw.load('folder/') then "
        "opens them. If you need synapses right away, use mw.load(1300)."
    )
    source = f"MICrONS {releases.datastack()}, version {version}"
    return Connectome(cells, NoSynapseIndex(advice), skeletons, source=source)


def fetch_static_cells(
    version: int,
    *,
    static_url: str | None = None,
    cache_dir: str | PathLike[str] | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Assemble the cell table of an expired release from its static tables.

    Parameters and errors are those of `load_static`.

    Returns
    -------
    pandas.DataFrame
        The cell table (`tables.CELL_COLUMNS`), positions in nm, with ``nucleus_id``: the same as
        `microns data` queries from CAVE.
    """
    from tqdm.auto import tqdm

    if not has_static_cells(version):
        raise DownloadError(
            f"There are no static tables from which the cell table of version {version} can be "
            f"made. Expected one of {', '.join(map(str, versions()))}. "
            f"{releases.other_sources(version)}".rstrip()
        )

    def read(name: str) -> pd.DataFrame:
        table = read_static_table(
            name, version, static_url=static_url, folder=cache_dir, progress=progress
        )
        if reason := fault(table, name):
            cached_table(name, version, cache_dir).unlink(missing_ok=True)
            raise DownloadError(
                f"The static table {name} of version {version} {reason}. It was removed from the "
                "cache. Try again, use a mirror with static_url=..., or choose another version."
            )
        return table

    names = needed_tables(releases.releases()[version].tables)
    tables = {name: read(name) for name in tqdm(names, desc="cell tables", disable=not progress)}
    if reason := _cut_off(tables):
        for name in names:
            cached_table(name, version, cache_dir).unlink(missing_ok=True)
        raise DownloadError(
            f"The static tables of version {version} do not belong together: {reason}. One of them "
            "is probably incomplete. They were removed from the cache; try again, or use a mirror "
            "with static_url=...."
        )
    nuclei = own_nuclei(tables)
    try:
        return read_cells(assemble(tables, read(NUCLEI) if nuclei is None else nuclei, version))
    except TableError as error:
        for name in names:
            cached_table(name, version, cache_dir).unlink(missing_ok=True)
        raise DownloadError(
            f"The static tables of version {version} do not form a valid cell table. "
            f"{str(error).removeprefix('the frame: ')} They were removed from the cache; try "
            "again, or choose another version."
        ) from error


def _cut_off(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return which table lacks most cells of another one; ``""`` if none does.

    Only the other tables show that a file was cut at the end of a line before it was compressed.
    """
    ids = {
        name: table["pt_root_id"][table["pt_root_id"] != 0].unique()
        for name, table in tables.items()
    }
    # Each typed cell of the column has an automatic type, and each of these has an area.
    for part, whole in ((MANUAL_TYPES, AUTO_TYPES), (AUTO_TYPES, REGIONS)):
        if whole in ids and len(ids[part]):
            absent = ~np.isin(ids[part], ids[whole])
            if absent.mean() > 0.5:
                return f"{absent.sum():,} of the {len(absent):,} cells of {part} are not in {whole}"
    return ""
