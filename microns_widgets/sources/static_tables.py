"""The static tables: tables of one release as public files, which need no account.

Once CAVE has withdrawn a release, its tables stay in a public storage bucket, as
``{base}/v{version}/{table}_merged.csv.gz`` without a row of column names, and
``{table}_merged_header.csv``, which lists the name and the type of each column.

This module was written without access to the bucket. What it expects was taken from the dataset's
tutorial and from public code that reads the files:

- Positions are in three columns (``pt_position_x``, ``_y``, ``_z``), in voxels of 4 x 4 x 40 nm.
  Points in one column and positions in nm are read as well; anything else is refused.
- The folder is ``v{version}/``; some sources write ``{version}/``, which is tried next.
- Tables that refer to other tables have no ``_merged`` in their names. Both names are tried.
- Booleans are ``t`` and ``f``, and a missing value is empty.
- A file that arrives decompressed (``Content-Encoding: gzip``) is read as well.
"""

from __future__ import annotations

import csv
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from microns_widgets import releases
from microns_widgets._files import cache_folder, expanded, whole_file
from microns_widgets.errors import DownloadError, TableError
from microns_widgets.sources.downloads import failed, status_of, stream
from microns_widgets.tables.files import arrow_name, read_frame
from microns_widgets.tables.positions import LARGEST_VOXEL_Z, nanometres

#: Voxel size of the positions in nm.
VOXEL_NM = (4.0, 4.0, 40.0)
#: Endings of a table's files; the rows are compressed.
ROWS, HEADER = ".csv.gz", "_header.csv"
#: A storage bucket whose files cannot be listed returns 403 for a missing file.
MISSING = (403, 404)
ADVICE = (
    "Check your network connection and try again, use a mirror with static_url=..., or the "
    "built-in sample: load(). Tables that were downloaded before are available offline."
)
#: The largest table that is read here, that of nuclei, is 5 MB; unpacked, 20 MB.
_MOST_BYTES, _MOST_UNPACKED = 256 << 20, 2 << 30
_POSITION = "pt_position"
#: SQL's and numpy's names of types for whole and other numbers. Any other type is read as text.
_WHOLE = ("bigint", "integer", "smallint", "int64", "int32", "uint64")
_DECIMAL = ("double precision", "real", "numeric", "float64", "float32", "float")


@dataclass(frozen=True)
class StaticFiles:
    """The files of one release.

    Attributes
    ----------
    version : int
        Materialization version.
    base : str
        Address of the folder that contains the folders of all releases.
    """

    version: int
    base: str

    def stems(self, table: str) -> Iterator[str]:
        """Yield the addresses at which a table may be, without the endings `ROWS` and `HEADER`."""
        for folder in (f"v{self.version}", str(self.version)):
            for name in (f"{table}_merged", table):
                yield f"{self.base}/{folder}/{name}"

    def find(self, table: str, header: Path) -> str:
        """Download a table's header, from the first address that has it; return its stem.

        Raises
        ------
        DownloadError
            If there is none, or the server fails.
        """
        for stem in self.stems(table):
            try:
                stream(stem + HEADER, header, most_bytes=1 << 20)
                return stem
            except OSError as error:  # requests' errors are OSErrors, too
                if status_of(error) not in MISSING:
                    raise failed(stem + HEADER, error, ADVICE) from error
        release = releases.releases().get(self.version)
        in_cave = (
            ""
            if release is None or release.expired
            else "If CAVE still has it, you can query it with a token: microns data --version "
            f"{self.version} --out folder/. "
        )
        raise DownloadError(
            f"There is no static table {table} of version {self.version} in {self.base}: "
            f"v{self.version}/{table}_merged{HEADER} and three variants of this name do not exist, "
            f"or cannot be read from this network. {in_cave}Choose another version "
            f"with static tables: {', '.join(map(str, versions()))}."
        )


def files_of(version: int, static_url: str | None = None) -> StaticFiles:
    """Return the files of a release.

    Parameters
    ----------
    version : int
        Materialization version.
    static_url : str, optional
        Address of the folder with the folders of the releases, such as a mirror. Default: the
        environment variable ``MICRONS_STATIC_URL``, or the files' own address.
    """
    base = static_url or os.environ.get("MICRONS_STATIC_URL") or releases.static_tables()
    return StaticFiles(version, base.rstrip("/"))


def versions() -> list[int]:
    """Return the versions whose static tables are complete enough for a cell table."""
    listed = releases.available_from(releases.STATIC_TABLES)
    return [release.version for release in listed if release.has_cell_table]


def read_static_table(
    table: str,
    version: int,
    *,
    static_url: str | None = None,
    folder: str | PathLike[str] | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Read a static table. It is downloaded on first use, checked, and cached as a feather file.

    Parameters
    ----------
    table : str
        Name of the table in CAVE.
    version : int
        Materialization version.
    static_url : str, optional
        As for `files_of`.
    folder : path, optional
        Folder for downloaded files. Default: the cache folder of the operating system.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        ``pt_position_x``, ``_y`` and ``_z`` are in whole nm (float64); other positions are as in
        the file. Missing text is ``""``. Where ``pt_root_id`` is empty, it is 0 (no segment).

    Raises
    ------
    DownloadError
        If there is no such table, it cannot be downloaded, or it does not fit its header. Nothing
        is cached then.
    """
    cached = cached_table(table, version, folder)
    if cached.is_file():
        try:
            return read_frame(cached)
        except TableError:  # the cached file is damaged: download it again
            cached.unlink(missing_ok=True)
    try:
        with TemporaryDirectory() as temporary:
            header, rows = Path(temporary) / "header.csv", Path(temporary) / f"{table}{ROWS}"
            stem = files_of(version, static_url).find(table, header)
            try:
                stream(stem + ROWS, rows, progress=progress, most_bytes=_MOST_BYTES)
            except OSError as error:
                raise failed(stem + ROWS, error, ADVICE) from error
            frame = _read(rows, header, stem)
    except DownloadError:
        raise
    except OSError as error:  # of the temporary folder
        raise failed(f"{table}{ROWS}", error, ADVICE) from error
    with whole_file(cached) as file:
        frame.to_feather(file, compression="zstd")
    return frame


def cached_table(table: str, version: int, folder: str | PathLike[str] | None = None) -> Path:
    """Return the file in which a table is cached, whether it exists or not."""
    home = expanded(folder) if folder else cache_folder() / "static"
    return home / f"v{version}" / f"{table}.feather"


def column_types(header: Path, address: str) -> dict[str, pa.DataType]:
    """Read a header file: the names of the columns and their types.

    Raises
    ------
    DownloadError
        If it does not list columns.
    """
    try:
        with header.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, ValueError, csv.Error) as error:
        raise _unfit(address + HEADER, f"cannot be read ({error})") from error
    if rows and rows[0][0] == "column_name":  # the name that SQL's information schema gives
        rows = rows[1:]
    names = [row[0].strip() for row in rows]
    if not rows or any(len(row) != 2 for row in rows) or len(set(names)) < len(names):
        raise _unfit(
            address + HEADER, "does not list columns: expected a name and a type in each row"
        )
    kinds = [row[1].strip().lower().partition("(")[0] for row in rows]
    return {
        name: pa.float64()
        if name.rpartition("_position_")[2] in ("x", "y", "z") or kind in _DECIMAL
        else pa.int64()
        if kind in _WHOLE
        else pa.string()
        for name, kind in zip(names, kinds, strict=True)
    }


def _read(rows: Path, header: Path, stem: str) -> pd.DataFrame:
    """Read a downloaded table; raise `DownloadError` if it does not fit its header."""
    types = column_types(header, stem)
    batches: list[pa.RecordBatch] = []
    try:
        for batch in _batches(rows, types):
            batches.append(batch)
            if sum(one.nbytes for one in batches) > _MOST_UNPACKED:
                raise _unfit(stem + ROWS, f"has more than {_MOST_UNPACKED >> 20:,} MB of rows")
        table = _in_nm(pa.Table.from_batches(batches), stem.rpartition("/")[2])
    except DownloadError:
        raise
    except (pa.ArrowException, OSError, TableError) as error:
        reason = str(error).splitlines()[0][:200]
        raise _unfit(stem + ROWS, f"is incomplete or does not fit its header ({reason})") from error
    frame: pd.DataFrame = _with_root_ids(table, stem).to_pandas()
    return frame


def _batches(rows: Path, types: dict[str, pa.DataType]) -> Iterator[pa.RecordBatch]:
    with rows.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    options = pa.csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=False)
    with pa.OSFile(arrow_name(rows)) as file:
        text = pa.CompressedInputStream(file, "gzip") if packed else file
        with pa.csv.open_csv(
            text, pa.csv.ReadOptions(column_names=list(types)), convert_options=options
        ) as reader:
            yield from reader


def _in_nm(table: pa.Table, where: str) -> pa.Table:
    """Return the table with ``pt_position`` as three columns, in whole nm."""
    axes = [f"{_POSITION}_{axis}" for axis in "xyz"]
    names = [_POSITION] * 3 if _POSITION in table.column_names else axes
    if not set(names) <= set(table.column_names):
        return table
    z = np.asarray(nanometres(table, names, None, where)[2], dtype=np.float64)
    low, high = (float(one(z)) if len(z) else 0.0 for one in (np.nanmin, np.nanmax))
    if low < LARGEST_VOXEL_Z < high:
        raise TableError(
            f"{_POSITION} is neither in voxels nor in nm, because z is from {low:,.0f} to "
            f"{high:,.0f}; every z is below {LARGEST_VOXEL_Z:,.0f} in voxels and above it in nm"
        )
    size = VOXEL_NM if high < LARGEST_VOXEL_Z else (1.0, 1.0, 1.0)
    columns = {name: table.column(name) for name in table.column_names if name != _POSITION}
    return pa.table(columns | dict(zip(axes, nanometres(table, names, size, where), strict=True)))


def _with_root_ids(table: pa.Table, stem: str) -> pa.Table:
    """Return the table with root id 0, which means no segment, where there is none."""
    if "pt_root_id" not in table.column_names or not table.column("pt_root_id").null_count:
        return table
    column = table.column("pt_root_id")
    warnings.warn(
        f"{stem.rpartition('/')[2]}: {column.null_count:,} of {len(column):,} rows have no "
        "pt_root_id; 0 (no segment) was written instead.",
        stacklevel=5,
    )
    at = table.column_names.index("pt_root_id")
    return table.set_column(at, "pt_root_id", pc.fill_null(column, 0))


def _unfit(address: str, reason: str) -> DownloadError:
    return DownloadError(
        f"{address} {reason}. It was discarded. If your network has a login page, log in there in "
        "a browser first; then try again. If the error persists, use a mirror with static_url=..."
    )
