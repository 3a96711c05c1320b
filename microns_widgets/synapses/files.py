"""A synapse index as files: uncompressed Arrow, memory-mapped when opened.

A folder holds one index: the files listed in `COLUMNS`, the checksums of each, and a manifest with
their lengths. The layout is the same for the sample, the workshop's table and the whole dataset.
Everything that is read is checked (see `checksums`).
"""

from __future__ import annotations

import json
import os
import shlex
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from microns_widgets._files import write_text
from microns_widgets._threads import thread_pool
from microns_widgets._typing import Array
from microns_widgets.synapses.adjacency import Adjacency
from microns_widgets.synapses.checksums import (
    CheckedColumn,
    CheckedFile,
    CheckedRows,
    Column,
    Repair,
    arrays_in,
    mapped,
    row_checks,
    write_checksums,
)
from microns_widgets.synapses.connections import Connections, ConnectionTable
from microns_widgets.synapses.index import SynapseIndex
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

#: Increased when the layout changes, so that older folders are not read.
LAYOUT = 4
MANIFEST = "manifest.json"
#: Name of the index in a folder of data.
FOLDER = "synapses_index"

#: Columns of each file. ``row`` is int32 if all rows fit into it, else int64.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "synapses.arrow": SYNAPSE_COLUMNS,
    "row_checks.arrow": {"check": "uint32"},
    "pre_order.arrow": {"row": "int64"},
    "partners.arrow": {"pre": "int32", "post": "int32"},
    "pre_ids.arrow": {"root_id": "int64"},
    "pre_offsets.arrow": {"synapse": "int64"},
    "post_ids.arrow": {"root_id": "int64"},
    "post_offsets.arrow": {"synapse": "int64"},
    "connections.arrow": {"post": "int32", "count": "int32", "total": "int64", "largest": "int32"},
    "connection_offsets.arrow": {"connection": "int64"},
    "input_partners.arrow": {"count": "int32"},
}

Parts = dict[str, dict[str, Array]]


def rebuilding(home: Path) -> Repair:
    """Return how to repair an index that ``microns index --out`` built."""
    return Repair(
        f"Rebuild the index: microns index INPUT --out {shlex.quote(str(home.parent))} --verify, "
        "where INPUT is the synapse table."
    )


def row_type(n_synapses: int) -> str:
    """Return the type of the row numbers in an index of `n_synapses`."""
    return "int32" if n_synapses < np.iinfo(np.int32).max else "int64"


def write_index(build: Callable[[], SynapseIndex], folder: Path) -> None:
    """Write an index and its manifest into an empty folder.

    The argument is a function that builds the index, not the index itself, so that the index can
    be freed before the connections are derived: there may not be enough memory for both.
    """
    index = build()
    columns: Parts = {
        "synapses.arrow": {name: np.asarray(index.columns[name]) for name in SYNAPSE_COLUMNS}
    }
    checks = {"row_checks.arrow": {"check": row_checks(columns["synapses.arrow"])}}
    files = _write_parts(folder, columns | checks | side_parts(index))
    del columns, checks, index
    pa.default_memory_pool().release_unused()
    index = from_parts(map_files(folder, files))
    files |= _write_parts(folder, connection_parts(index.connections))
    write_manifest(folder, {"layout": LAYOUT, "synapses": len(index), "files": files})


def side_parts(index: SynapseIndex) -> Parts:
    """Return the content of the files of both sides."""
    return {
        "pre_order.arrow": {"row": np.asarray(index.pre_order)},
        "partners.arrow": {
            "pre": np.asarray(index.pre.partners),
            "post": np.asarray(index.post.partners),
        },
        "pre_ids.arrow": {"root_id": np.asarray(index.pre.ids)},
        "pre_offsets.arrow": {"synapse": np.asarray(index.pre.offsets)},
        "post_ids.arrow": {"root_id": np.asarray(index.post.ids)},
        "post_offsets.arrow": {"synapse": np.asarray(index.post.offsets)},
    }


def connection_parts(table: ConnectionTable) -> Parts:
    """Return the content of the files of the connections."""
    return {
        "connections.arrow": {
            "post": np.asarray(table.pre.partners),
            "count": np.asarray(table.values.count),
            "total": np.asarray(table.values.total),
            "largest": np.asarray(table.values.largest),
        },
        "connection_offsets.arrow": {"connection": np.asarray(table.pre.offsets)},
        "input_partners.arrow": {"count": np.asarray(table.n_input_partners)},
    }


def _write_parts(folder: Path, parts: Parts) -> dict[str, dict[str, int]]:
    def write(name: str) -> dict[str, int]:
        write_arrays(folder / name, parts[name])
        return write_checksums(folder / name)

    # One file's checksum is computed while another is written.
    with thread_pool(2) as threads:
        return dict(zip(parts, threads.map(write, parts), strict=True))


def from_parts(parts: Mapping[str, Mapping[str, Column]]) -> SynapseIndex:
    """Return the index in the files; raise `ValueError` if they contradict each other."""
    synapses, order = parts["synapses.arrow"], parts["pre_order.arrow"]["row"]
    partners = parts["partners.arrow"]
    pre, post = (
        Adjacency(
            parts[f"{name}_ids.arrow"]["root_id"],
            parts[f"{name}_offsets.arrow"]["synapse"],
            partners[name],
        )
        for name in ("pre", "post")
    )
    _check_lengths(pre, [order, *synapses.values()])
    _check_lengths(post, [order])
    if "connections.arrow" not in parts:
        return SynapseIndex(synapses, pre, post, order)
    pairs = parts["connections.arrow"]
    side = Adjacency(pre.ids, parts["connection_offsets.arrow"]["connection"], pairs["post"])
    _check_lengths(side, list(pairs.values()))
    n_partners = parts["input_partners.arrow"]["count"]
    if len(n_partners) != len(post.ids):
        raise ValueError(f"{len(n_partners)} partner counts for {len(post.ids)} cells")
    values = Connections(pairs["count"], pairs["total"], pairs["largest"])
    return SynapseIndex(synapses, pre, post, order, ConnectionTable(side, values, n_partners))


def _check_lengths(side: Adjacency, columns: list[Column]) -> None:
    if len(side.offsets) != len(side.ids) + 1:
        raise ValueError(f"{len(side.offsets)} offsets for {len(side.ids)} cells")
    if {len(one) for one in (side.partners, *columns)} != {int(side.offsets[-1])}:
        raise ValueError("the files of the index do not match each other")


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest; only with it is a folder an index."""
    sealed = {**content, "crc32": _crc32_of(content)}
    write_text(folder / MANIFEST, json.dumps(sealed, indent=1))


def read_manifest(folder: Path, repair: Repair | None = None) -> dict[str, Any]:
    """Read the manifest; raise `IndexDamaged` if it is missing, damaged or of another layout."""
    file, repair = folder / MANIFEST, repair or rebuilding(folder)
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        layout, crc = content["layout"], content.pop("crc32", None)
    except FileNotFoundError as error:
        raise repair.damage(file, "is missing") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise repair.damage(file, f"is damaged ({type(error).__name__})") from error
    if crc is None and layout in range(LAYOUT):
        raise repair.damage(
            file, f"was written by an older version of this package (layout {layout})"
        )
    if crc != _crc32_of(content):
        raise repair.damage(file, "is damaged")
    if layout != LAYOUT:
        raise repair.damage(
            file, f"was written by another version of this package (layout {layout})"
        )
    return content


def _crc32_of(content: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())


def load_index(
    folder: Path, *, verify: bool | Literal["changed"] = "changed", repair: Repair | None = None
) -> SynapseIndex:
    """Open an index folder.

    Parameters
    ----------
    folder : path
        With the files of an index.
    verify : bool or "changed"
        Whether every byte is checked now. If false, each is checked when it is first needed.
        ``"changed"`` now checks only files that were modified after they were written.
    repair : Repair, optional
        How to repair the index if it is damaged. Default: `rebuilding`.

    Raises
    ------
    IndexDamaged
        If a file is missing, truncated or damaged. Later accesses raise it, too.
    """
    repair = repair or rebuilding(folder)
    files = read_manifest(folder, repair)["files"]
    parts: dict[str, dict[str, CheckedColumn]] = {}
    for name in COLUMNS:
        path = folder / name
        try:
            file = CheckedFile(path, files[name], repair)
            if verify is True or (verify and path.stat().st_mtime_ns != files[name]["mtime_ns"]):
                file.check_all()
            parts[name] = file.columns()
        except FileNotFoundError as error:
            raise repair.damage(path, f"is missing, or {path.name}.crc32 is") from error
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
            raise repair.damage(path, f"cannot be read ({error})") from error
    try:
        index = from_parts(parts)
    except (ValueError, KeyError) as error:
        raise repair.damage(folder / MANIFEST, f"does not match the rest ({error})") from error
    rows = CheckedRows(parts["synapses.arrow"], parts["row_checks.arrow"]["check"])
    return replace(index, rows=rows)


def write_arrays(path: Path, arrays: Mapping[str, Array], *, sync: bool = True) -> None:
    """Write arrays of equal length as one record batch; `sync` flushes it to the disk."""
    batch = pa.record_batch({name: pa.array(values) for name, values in arrays.items()})
    with path.open("wb") as file:
        with pa.ipc.new_file(file, batch.schema) as writer:
            writer.write_batch(batch)
        if sync:
            file.flush()
            os.fsync(file.fileno())


def map_files(folder: Path, names: Iterable[str]) -> Parts:
    """Memory-map some of an index's files."""
    return {name: map_arrays(folder / name) for name in names}


def map_arrays(path: Path) -> dict[str, Array]:
    """Memory-map the arrays of a file, read-only and unchecked."""
    return arrays_in(mapped(path))


def crc32(path: Path) -> int:
    """Return the checksum of a file's content."""
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            total = zlib.crc32(block, total)
    return total
