"""Adds nucleus ids to the workshop's cell tables, which lack them, by the nuclei's positions.

A nucleus keeps its id and its position from version to version, and the position in the cell table
is that of the nucleus. So the static table of nuclei of another version identifies the cells.
"""

from __future__ import annotations

import warnings
from os import PathLike

import numpy as np
import pandas as pd

from microns_widgets.errors import DownloadError
from microns_widgets.releases import NUCLEI
from microns_widgets.sources.cell_table import POSITION, fault
from microns_widgets.sources.static_tables import cached_table, read_static_table, versions
from microns_widgets.tables.nuclei import NUCLEUS_ID


def with_nucleus_ids(
    cells: pd.DataFrame,
    *,
    static_url: str | None = None,
    cache_dir: str | PathLike[str] | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Return a cell table with the column ``nucleus_id``.

    Parameters
    ----------
    cells : pandas.DataFrame
        A cell table of minnie65, of any version, positions in nm.
    static_url, cache_dir, progress
        As for `read_static_table`. The table of nuclei (5 MB) is downloaded on first use.

    Returns
    -------
    pandas.DataFrame
        The same rows. ``nucleus_id`` (int64) is that of the nucleus at exactly the same position,
        in whole nm; 0 if there is none, or more than one. A warning counts cells with 0.

    Raises
    ------
    DownloadError
        If the table of nuclei cannot be downloaded, or matches fewer than half of the cells.
    """
    version = versions()[0]
    nuclei = read_static_table(
        NUCLEI, version, static_url=static_url, folder=cache_dir, progress=progress
    )
    reason = fault(nuclei, NUCLEI)
    if not reason and (absent := [name for name in POSITION if name not in nuclei]):
        reason = f"has no column {', '.join(map(repr, absent))}"
    if not reason:
        ids = _at_same_position(cells, nuclei)
        missing = int((ids == 0).sum())
        if 2 * missing > len(cells):
            reason = (
                f"has a nucleus at the position of only {len(cells) - missing:,} of the "
                f"{len(cells):,} cells, expected almost all of them"
            )
    if reason:
        cached_table(NUCLEI, version, cache_dir).unlink(missing_ok=True)
        raise DownloadError(
            f"The static table {NUCLEI} of version {version} {reason}. It was removed from the "
            "cache. Load without nucleus_ids=True, or use a mirror with static_url=..."
        )
    if missing:
        warnings.warn(
            f"{missing:,} of {len(cells):,} cells have no nucleus at exactly their position in the "
            f"table of version {version}: their nucleus_id is 0 (unknown).",
            stacklevel=4,
        )
    return cells.assign(**{NUCLEUS_ID: ids})


def _at_same_position(cells: pd.DataFrame, nuclei: pd.DataFrame) -> np.ndarray:
    """Return the id of the only nucleus at the position of each cell; 0 if there is none."""
    known = nuclei.dropna(subset=[*POSITION]).astype(dict.fromkeys(POSITION, "int64"))
    only = known.drop_duplicates([*POSITION], keep=False)
    at = pd.MultiIndex.from_frame(only[[*POSITION]])
    here = pd.MultiIndex.from_frame(cells[[*POSITION]].round().astype("int64"))
    places = at.get_indexer(here)
    return np.where(places >= 0, only["id"].to_numpy(dtype=np.int64)[places], 0)
