"""Writes tables as CAVE holds them in the layout of the static files of expired releases."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
from local_server import LocalServer

import microns_widgets as mw
from tests.cave.world import SYNAPSES, World

EXPORT = "synapses_pni_2_v1_filtered_view"
#: Names of the columns' types in SQL.
_TYPES = {"i": "bigint", "f": "double precision", "b": "boolean"}
#: Columns of CAVE's answers that the files do not have.
_NOT_THERE = ("valid", "created", "superceded_id")


def write_static(world: World, folder: Path, version: int, *, prefix: str = "v") -> Path:
    """Write the tables of a version and its synapses; return the version's folder."""
    home = folder / f"{prefix}{version}"
    for name, table in world.tables_of(version).items():
        stem = EXPORT if name == SYNAPSES else f"{name}_merged"
        write_table(table.drop(columns=[*_NOT_THERE], errors="ignore"), home / stem)
    return home


def write_table(table: pd.DataFrame, stem: Path) -> None:
    """Write the rows of a table, and its header."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    written = table.copy()
    for name in table:
        values = table[name]
        if values.dtype.kind == "f" and (values % 1 == 0).all():  # voxels
            written[name] = values.astype("int64")
    kinds = {name: _TYPES.get(kind.kind, "text") for name, kind in written.dtypes.items()}
    for name in (name for name, kind in kinds.items() if kind == "boolean"):
        written[name] = written[name].map({True: "t", False: "f"})
    header = "".join(f"{name},{kind}\n" for name, kind in kinds.items())
    stem.with_name(f"{stem.name}_header.csv").write_text(header)
    rows = written.to_csv(header=False, index=False).encode()
    stem.with_name(f"{stem.name}.csv.gz").write_bytes(gzip.compress(rows, mtime=0))


def load(server: LocalServer, tmp_path: Path, version: int = 1412, **options) -> mw.Connectome:
    """Open a version from a server, with a cache of its own."""
    url = {"static_url": server.url, "skeleton_url": server.url, "progress": False}
    return mw.load(version, cache_dir=tmp_path / "cache", **(url | options))


def cached(tmp_path: Path) -> list[str]:
    """Names of the files in that cache."""
    return sorted(path.name for path in (tmp_path / "cache").rglob("*") if path.is_file())
