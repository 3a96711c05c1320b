"""A synapse index as files: uncompressed Arrow, memory-mapped when opened.

A folder holds one index: the files listed in `COLUMNS` and a manifest with their lengths and
checksums. The layout is the same for the sample, the workshop's table and the whole dataset.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from microns_widgets._files import write_text
from microns_widgets._typing import Array
from microns_widgets.errors import IndexDamaged
from microns_widgets.synapses.adjacency import Adjacency
from microns_widgets.synapses.connections import Connections, ConnectionTable
from microns_widgets.synapses.index import SynapseIndex
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

#: Increased when the layout changes, so that older folders are not read.
LAYOUT = 3
MANIFEST = "manifest.json"
#: Name of the index in a folder of data.
FOLDER = "synapses_index"

#: Columns of each file. ``row`` is int32 if all rows fit into it, else int64.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "synapses.arrow": SYNAPSE_COLUMNS,
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


def row_type(n_synapses: int) -> str:
    """Return the type of the row numbers in an index of `n_synapses`."""
    return "int32" if n_synapses < np.iinfo(np.int32).max else "int64"


def write_index(build: Callable[[], SynapseIndex], folder: Path) -> None:
    """Write an index and its manifest into an empty folder.

    The argument is a function that builds the index, not the index itself, so that the index can
    be freed before the connections are derived: there may not be enough memory for both.
    """
    index = build()
    columns = {"synapses.arrow": {name: index.columns[name] for name in SYNAPSE_COLUMNS}}
    files = _write_parts(folder, columns | side_parts(index))
    del columns, index
    pa.default_memory_pool().release_unused()
    index = from_parts(map_files(folder, files))
    files |= _write_parts(folder, connection_parts(index.connections))
    write_manifest(folder, {"layout": LAYOUT, "synapses": len(index), "files": files})


def side_parts(index: SynapseIndex) -> Parts:
    """Return the content of the files of both sides."""
    return {
        "pre_order.arrow": {"row": index.pre_order},
        "partners.arrow": {"pre": index.pre.partners, "post": index.post.partners},
        "pre_ids.arrow": {"root_id": index.pre.ids},
        "pre_offsets.arrow": {"synapse": index.pre.offsets},
        "post_ids.arrow": {"root_id": index.post.ids},
        "post_offsets.arrow": {"synapse": index.post.offsets},
    }


def connection_parts(table: ConnectionTable) -> Parts:
    """Return the content of the files of the connections."""
    return {
        "connections.arrow": {
            "post": table.pre.partners,
            "count": table.values.count,
            "total": table.values.total,
            "largest": table.values.largest,
        },
        "connection_offsets.arrow": {"connection": table.pre.offsets},
        "input_partners.arrow": {"count": table.n_input_partners},
    }


def _write_parts(folder: Path, parts: Parts) -> dict[str, dict[str, int]]:
    def write(name: str) -> dict[str, int]:
        write_arrays(folder / name, parts[name])
        return state_of(folder / name)

    # One file's checksum is computed while another is written.
    with ThreadPoolExecutor(2) as threads:
        return dict(zip(parts, threads.map(write, parts), strict=True))


def from_parts(parts: Parts) -> SynapseIndex:
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


def _check_lengths(side: Adjacency, columns: list[Array]) -> None:
    if len(side.offsets) != len(side.ids) + 1:
        raise ValueError(f"{len(side.offsets)} offsets for {len(side.ids)} cells")
    if {len(one) for one in (side.partners, *columns)} != {int(side.offsets[-1])}:
        raise ValueError("the files of the index do not match each other")


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write the manifest; only with it is a folder an index."""
    write_text(folder / MANIFEST, json.dumps(content, indent=1))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest; raise `IndexDamaged` if it is missing or has another layout."""
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        layout = content["layout"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{folder}: the index cannot be read ({error}).") from error
    if layout != LAYOUT:
        raise IndexDamaged(f"{folder}: the index has layout {layout}, not {LAYOUT}.")
    return content


def load_index(folder: Path, *, verify: bool | Literal["changed"] = "changed") -> SynapseIndex:
    """Open an index folder.

    Parameters
    ----------
    folder : path
        With the files of an index.
    verify : bool or "changed"
        Whether every byte is read and the checksums are compared; ``"changed"`` does so only
        for files that were modified after they were written. Lengths are always compared.

    Raises
    ------
    IndexDamaged
        If a file is missing, short or wrong.
    """
    content = read_manifest(folder)
    try:
        files = content["files"]
        parts = {name: _read(folder / name, files[name], verify) for name in COLUMNS}
        return from_parts(parts)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise IndexDamaged(f"{folder}: the index cannot be read ({error}).") from error


def write_arrays(path: Path, arrays: Mapping[str, Array], *, sync: bool = True) -> None:
    """Write arrays of equal length as one record batch; `sync` flushes it to the disk."""
    batch = pa.record_batch({name: pa.array(values) for name, values in arrays.items()})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    if sync:
        with path.open("rb") as file:
            os.fsync(file.fileno())


def map_files(folder: Path, names: Iterable[str]) -> Parts:
    """Memory-map some of an index's files."""
    return {name: map_arrays(folder / name) for name in names}


def map_arrays(path: Path) -> dict[str, Array]:
    """Memory-map the arrays of a file, read-only."""
    batch = pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)
    return {
        name: batch.column(i).to_numpy(zero_copy_only=True)
        for i, name in enumerate(batch.schema.names)
    }


def state_of(path: Path) -> dict[str, int]:
    """Return the length, modification time and checksum of a file."""
    state = path.stat()
    return {"bytes": state.st_size, "mtime_ns": state.st_mtime_ns, "crc32": crc32(path)}


def crc32(path: Path) -> int:
    """Return the checksum of a file's content."""
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            total = zlib.crc32(block, total)
    return total


def _read(
    path: Path, expected: dict[str, int], verify: bool | Literal["changed"]
) -> dict[str, Array]:
    state = path.stat()
    if state.st_size != expected["bytes"]:
        raise ValueError(f"{path.name} has {state.st_size} bytes, expected {expected['bytes']}")
    changed = verify == "changed" and state.st_mtime_ns != expected["mtime_ns"]
    if (verify is True or changed) and crc32(path) != expected["crc32"]:
        raise ValueError(f"{path.name} has changed since it was written")
    return map_arrays(path)
