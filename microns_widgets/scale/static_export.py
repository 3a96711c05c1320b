"""Fetches an expired release without an account: its cell table, and synapses from its bulk export.

All synapses of such a release are in one file, ``synapses_pni_2_v1_filtered_view.csv.gz`` (20 GB),
in the same folder as its static tables. The file is either downloaded unchanged, for ``microns
index``, or filtered during the download, so that only the synapses of chosen cells reach the disk.

This module was written without downloading the file. Its size, its 15 columns and its unit (voxels
of 4 x 4 x 40 nm) were found in public code that reads the file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pandas as pd

from microns_widgets._files import expanded, explained_writes, write_text
from microns_widgets._typing import IntArray
from microns_widgets.errors import (
    DownloadError,
    InvalidRootIds,
    TableError,
    UnknownCell,
    WriteError,
)
from microns_widgets.scale.chosen_synapses import filter_export
from microns_widgets.scale.inputs import HEADER, Source, columns_in
from microns_widgets.scale.ledger import only_one
from microns_widgets.sources.chosen_cells import (
    check_found,
    distinct_cells,
    short_name,
    warn_without_autapses,
    without_autapses,
)
from microns_widgets.sources.downloads import failed, status_of
from microns_widgets.sources.nucleus_ids import with_nucleus_ids
from microns_widgets.sources.proofreading import workshop_cells
from microns_widgets.sources.resumable import RemoteFile, fetch, look_up
from microns_widgets.sources.static_release import fetch_static_cells
from microns_widgets.sources.static_tables import (
    ADVICE,
    MISSING,
    ROWS,
    VOXEL_NM,
    column_types,
    files_of,
)
from microns_widgets.sources.workshop import VERSIONS, fetch_cell_file
from microns_widgets.tables.reading import read_cells, write_feather

#: Name of the export.
TABLE = "synapses_pni_2_v1_filtered_view"
#: Bytes of the export of version 1412 per synapse: 20.0 GB for 337.3 million.
_PACKED_ROW = 59.4
#: Bytes per synapse that an index needs on disk while it is built from CSV (docs/whole_dataset.md).
_INDEX_ROW = 155
#: Bytes per second of a connection of 100 Mbit/s.
_USUAL = 12.5e6
_CURRENT = "choose ids from the cell table of this version, cell_info_*.feather"


@dataclass(frozen=True)
class Export:
    """The synapses of a release, as a file on a server.

    Attributes
    ----------
    version : int
        Materialization version.
    remote : RemoteFile
        The rows, without a header row.
    names : tuple of str
        The names of its columns.
    """

    version: int
    remote: RemoteFile
    names: tuple[str, ...]

    @property
    def source(self) -> Source:
        """How the text of the file is read."""
        names = columns_in(self.names, {}, self.remote.name)
        return Source(self.remote.name, "csv", names, resolution=VOXEL_NM, header=self.names)


def find_export(version: int, static_url: str | None = None) -> Export:
    """Look up the export of a release; only its header is downloaded.

    Parameters
    ----------
    version : int
        Materialization version.
    static_url : str, optional
        As for `files_of`.

    Raises
    ------
    DownloadError
        If there is none, or it does not have the columns of the synapse table.
    """
    with TemporaryDirectory() as temporary:
        header = Path(temporary) / "header.csv"
        stem = files_of(version, static_url).find(TABLE, header)
        names = tuple(column_types(header, stem))
    try:
        export = Export(version, look_up(stem + ROWS), names)
        columns_in(names, {}, export.remote.name)
    except TableError as error:
        raise DownloadError(f"{stem}{HEADER} does not fit. {error}") from error
    except OSError as error:
        gone = status_of(error) in MISSING
        raise failed(stem + ROWS, error, "Choose another version." if gone else ADVICE) from error
    return export


def fetch_static_dataset(
    version: int,
    out: str | PathLike[str],
    *,
    cells: Sequence[int] | IntArray | Literal["proofread"] | None = None,
    autapses: bool = False,
    agree: Callable[[str], object] = lambda _plan: None,
    static_url: str | None = None,
    progress: bool = True,
) -> tuple[Path, Path]:
    """Fetch the cell table and synapses of an expired release, without an account.

    If it is interrupted, the same call continues where it stopped, with the same result.

    Parameters
    ----------
    version : int
        Materialization version with static tables. 1300 works too, with the workshop's cell table,
        if the server has its export: a file list of October 2026 includes it, the tutorial's does
        not.
    out : path
        Folder for the files. Files in it that are complete are not fetched again.
    cells : sequence of int or "proofread", optional
        Cells whose inputs and outputs are kept, or ``"proofread"``: the proofread cells of V1, as
        the workshop chose them. Default: the whole export is downloaded.
    autapses : bool
        Whether synapses of the `cells` onto themselves are kept; the whole export has them.
    agree : callable
        Called before a large download starts, with a text that gives its size, time and disk
        space. If it raises an error, nothing is downloaded.
    static_url : str, optional
        As for `files_of`.
    progress : bool
        Whether to show progress bars.

    Returns
    -------
    cells, synapses : pathlib.Path
        ``cell_info_{version}.feather``, and ``synapses_..._{version}.feather`` (as `microns data`
        names it), which ``load(out)`` opens; or ``synapses_all_{version}.csv.gz`` for
        ``microns index``.

    Raises
    ------
    DownloadError
        If a file is missing, damaged, or its download fails; what has arrived is kept.
    WriteError
        If the folder cannot be written, or the disk has too little space.
    InvalidRootIds
        If one of the cells is 0 or not a whole number, or there are none.
    UnknownCell
        If none of the cells has synapses in this version.
    """
    if cells is not None and not isinstance(cells, str):
        cells = distinct_cells(cells)  # in one order, since names of files depend on them
        if not cells.all():
            raise InvalidRootIds("Root id 0 means no segment. Remove it from the cells.")
    folder = expanded(out).absolute()
    with explained_writes(folder):
        folder.mkdir(parents=True, exist_ok=True)
    export = find_export(version, static_url)
    complete = _complete(export, folder, cells)
    if complete is None:
        agree(_plan(export, folder, chosen=cells is not None))
    with only_one(folder / f".static-{version}-lock"):
        cell_file = folder / f"cell_info_{version}.feather"
        if not cell_file.is_file():
            write_feather(_cells(version, static_url, progress=progress), cell_file)
        if complete is not None:
            if autapses and cells is not None:
                warn_without_autapses(complete)
            return cell_file, complete
        if cells is None:
            return cell_file, _fetch_all(export, folder, progress=progress)
        synapse_file = _fetch_chosen(
            export, cell_file, folder, cells, autapses=autapses, progress=progress
        )
        return cell_file, synapse_file


def _cells(version: int, static_url: str | None, *, progress: bool) -> pd.DataFrame:
    """Return the cell table of a version: from static tables or, for 1300, the workshop's."""
    if version not in VERSIONS:
        return fetch_static_cells(version, static_url=static_url, progress=progress)
    cells = read_cells(fetch_cell_file(version, progress=progress), version=version)
    return with_nucleus_ids(cells, static_url=static_url, progress=progress)


def _fetch_all(export: Export, folder: Path, *, progress: bool) -> Path:
    target = _whole(export, folder)
    lines = "".join(f"{name},\n" for name in export.names)
    write_text(target.with_name(target.name.removesuffix(ROWS) + HEADER), lines)
    fetch(export.remote, target, progress=progress)
    return target


def _fetch_chosen(
    export: Export,
    cell_file: Path,
    folder: Path,
    cells: IntArray | Literal["proofread"],
    *,
    autapses: bool,
    progress: bool,
) -> Path:
    table = read_cells(cell_file, version=export.version)
    if isinstance(cells, str):
        ids, name = workshop_cells(table, export.version)
        if not len(ids):
            raise UnknownCell(
                f"Version {export.version} has no proofread cells. Choose cells by their root ids: "
                "cells=[...], or --cells FILE."
            )
    else:
        ids, name = cells, f"selected_{short_name(cells)}"
    target = folder / f"synapses_{name}_{export.version}.feather"
    if not target.is_file():
        work = folder / f".static-{export.version}-{short_name(ids)}"
        synapses = filter_export(export.remote, export.source, ids, work, progress=progress)
        check_found(ids, table, synapses, export.version, _CURRENT)
        write_feather(synapses if autapses else without_autapses(synapses), target)
        shutil.rmtree(work, ignore_errors=True)
    return target


def _complete(
    export: Export, folder: Path, cells: IntArray | Literal["proofread"] | None
) -> Path | None:
    """Return the file with the synapses, if it is there already."""
    if cells is None:
        whole = _whole(export, folder)
        return whole if whole.is_file() and whole.stat().st_size == export.remote.size else None
    names = ["proofread_V1_neurons", "proofread_neurons"]
    if not isinstance(cells, str):
        names = [f"selected_{short_name(cells)}"]
    files = [folder / f"synapses_{name}_{export.version}.feather" for name in names]
    return next((file for file in files if file.is_file()), None)


def _whole(export: Export, folder: Path) -> Path:
    return folder / f"synapses_all_{export.version}{ROWS}"


def _plan(export: Export, folder: Path, *, chosen: bool) -> str:
    """Return what will be downloaded; raise `WriteError` if the disk has too little space."""
    size, free = export.remote.size, shutil.disk_usage(folder).free
    part = _whole(export, folder).with_name(f"{_whole(export, folder).name}.part")
    here = 0 if chosen or not part.is_file() else part.stat().st_size
    minutes = (size - here) / _USUAL / 60
    lines = [
        f"Version {export.version} (needs no account):",
        "  cells: five tables of at most 6 MB each",
        f"  synapses: {_gb(size)} from {export.remote.url}"
        + (f" ({_gb(here)} of it are already downloaded)" if here else ""),
        f"  time: about {minutes:,.0f} minutes at 100 Mbit/s; the download can be interrupted",
    ]
    if chosen:
        lines.append(
            "  disk: about 30 bytes per synapse of your cells; other synapses are not stored"
        )
    else:
        index = size / _PACKED_ROW * _INDEX_ROW
        lines.append(
            f"  disk: {_gb(size)} in {folder} ({_gb(free)} are free); `microns index` then needs "
            f"another {_gb(index)}"
        )
        if size - here > free:
            raise WriteError(
                f"The synapses of version {export.version} need {_gb(size - here)} in {folder}, "
                f"but only {_gb(free)} are free. Choose another folder, or keep only the synapses "
                "of some cells with --cells."
            )
    return "\n".join(lines)


def _gb(size: float) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e8 else f"{size / 1e6:,.1f} MB"
