"""Synapse indices on disk: built once, memory-mapped from then on.

A file's index lives in a folder named for the file's content. It is written under a
temporary name and renamed when it is whole, so that a reader, a second kernel or a kill
in the middle never meets half of one. What is found damaged is built again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pyarrow as pa
import pyarrow.ipc

from microns_widgets.errors import CacheError, IndexDamaged
from microns_widgets.index import Side, SynapseIndex, build_index
from microns_widgets.tables import SYNAPSE_COLUMNS, read_synapse_table

#: Raised when the layout changes, so that older folders are left alone.
LAYOUT = 2
_MANIFEST = "manifest.json"


def cache_folder() -> Path:
    """Where this package keeps files: ``MICRONS_CACHE``, or the platform's cache folder."""
    named = os.environ.get("MICRONS_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("microns_widgets"))


def open_index(
    path: str | PathLike[str],
    *,
    version: int | None = None,
    folder: str | PathLike[str] | None = None,
    verify: bool = False,
) -> SynapseIndex:
    """Open the index of a synapse file, building it on first use.

    Parameters
    ----------
    path : path
        A feather or Parquet file with a synapse table.
    version : int, optional
        Materialization version expected of the file.
    folder : path, optional
        Where indices are kept; by default ``index/`` in `cache_folder`.
    verify : bool, optional
        Read every byte and compare checksums, instead of lengths alone.

    Returns
    -------
    SynapseIndex
        With memory-mapped, read-only columns.

    Raises
    ------
    TableError
        If the file is not a synapse table.
    CacheError
        If the folder cannot be written. Nothing half-written stays.
    """
    source = Path(path)
    if not source.is_file():
        read_synapse_table(source)  # says what is wrong with it
    base = Path(folder) if folder else cache_folder() / "index"
    with _explained(base):
        base.mkdir(parents=True, exist_ok=True)
        key = _content_key(source, base)
    home = base / key
    if home.is_dir():
        try:
            return load_index(home, verify=verify)
        except IndexDamaged:
            _discard(home)
    index = build_index(read_synapse_table(source, version=version))
    with _explained(base):
        save_index(index, home)
    del index
    return load_index(home)


def save_index(index: SynapseIndex, home: Path) -> None:
    """Write an index to the folder `home`, whole or not at all.

    If another process was faster, its folder stays and this one's work is dropped: both
    were made from the same content.
    """
    _sweep(home.parent)
    temporary = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        parts = _parts(index)
        # One file's checksum is computed while another goes to the disk.
        with ThreadPoolExecutor(2) as threads:
            written = threads.map(lambda name: _write(temporary / name, parts[name]), parts)
            files = dict(zip(parts, written, strict=True))
        manifest = {"layout": LAYOUT, "synapses": len(index), "files": files}
        (temporary / _MANIFEST).write_text(json.dumps(manifest, indent=1))
        try:
            temporary.rename(home)
        except OSError:
            if not (home / _MANIFEST).is_file():
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_index(home: Path, *, verify: bool = False) -> SynapseIndex:
    """Open an index folder; raise `IndexDamaged` if a file is missing, short or wrong.

    Checksums of a file are compared when it was changed after it was written, or when
    `verify` is set: reading everything each time would take a second for ten million
    synapses.
    """
    try:
        manifest = json.loads((home / _MANIFEST).read_text())
        files, n = manifest["files"], manifest["synapses"]
        if manifest["layout"] != LAYOUT:
            raise IndexDamaged(f"{home}: the index has layout {manifest['layout']}, not {LAYOUT}.")
        parts = {name: _read(home / name, files[name], verify) for name in files}
        columns = parts["synapses.arrow"]
        pre, post = (_side(parts, side) for side in ("pre", "post"))
        index = SynapseIndex(columns, pre, post, parts["pre_order.arrow"]["row"])
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise IndexDamaged(f"{home}: the index cannot be read ({error}).") from error
    lengths = {
        len(column) for column in [*columns.values(), index.pre_order, pre.partners, post.partners]
    }
    if lengths != {n} or pre.offsets[-1:].sum() != n or post.offsets[-1:].sum() != n:
        raise IndexDamaged(f"{home}: the files of the index do not fit each other.")
    return index


def _parts(index: SynapseIndex) -> dict[str, dict[str, np.ndarray]]:
    sides = {"pre": index.pre, "post": index.post}
    return {
        "synapses.arrow": {name: index.columns[name] for name in SYNAPSE_COLUMNS},
        "pre_order.arrow": {"row": index.pre_order},
        "partners.arrow": {name: side.partners for name, side in sides.items()},
        **{f"{name}_ids.arrow": {"root_id": side.ids} for name, side in sides.items()},
        **{f"{name}_offsets.arrow": {"offset": side.offsets} for name, side in sides.items()},
    }


def _side(parts: dict[str, dict[str, np.ndarray]], name: str) -> Side:
    ids = parts[f"{name}_ids.arrow"]["root_id"]
    offsets = parts[f"{name}_offsets.arrow"]["offset"]
    if len(offsets) != len(ids) + 1:
        raise ValueError(f"{name}: {len(offsets)} offsets for {len(ids)} cells")
    return Side(ids, offsets, parts["partners.arrow"][name])


def _write(path: Path, arrays: dict[str, np.ndarray]) -> dict[str, int]:
    batch = pa.record_batch({name: pa.array(values) for name, values in arrays.items()})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    state = path.stat()
    return {"bytes": state.st_size, "mtime_ns": state.st_mtime_ns, "crc32": _crc32(path)}


def _read(path: Path, expected: dict[str, int], verify: bool) -> dict[str, np.ndarray]:
    state = path.stat()
    if state.st_size != expected["bytes"]:
        raise ValueError(f"{path.name} has {state.st_size} bytes, expected {expected['bytes']}")
    verify = verify or state.st_mtime_ns != expected["mtime_ns"]
    if verify and _crc32(path) != expected["crc32"]:
        raise ValueError(f"{path.name} has changed since it was written")
    reader = pa.ipc.open_file(pa.memory_map(str(path)))
    batch = reader.get_batch(0)
    return {
        name: batch.column(i).to_numpy(zero_copy_only=True)
        for i, name in enumerate(batch.schema.names)
    }


def _crc32(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            total = zlib.crc32(block, total)
    return total


def _sweep(base: Path) -> None:
    """Remove what killed processes left behind more than a day ago."""
    for path in base.glob(".*"):
        with suppress(FileNotFoundError):  # another process may be sweeping too
            if path.is_dir() and time.time() - path.stat().st_mtime > 86_400:
                shutil.rmtree(path, ignore_errors=True)


def _discard(home: Path) -> None:
    """Take a damaged folder out of the way at once, then delete it at leisure."""
    aside = Path(tempfile.mkdtemp(prefix=f".{home.name}-damaged-", dir=home.parent))
    with suppress(FileNotFoundError):  # another process may have done it
        home.rename(aside / "index")
    shutil.rmtree(aside, ignore_errors=True)


def _content_key(source: Path, base: Path) -> str:
    """Name the folder for the file's content.

    Hashing 100 MB takes longer than opening the index, so the answer is kept beside the
    file's size and time of change, as git does.
    """
    state = source.stat()
    seen = f"{source.resolve()}\n{state.st_size}\n{state.st_mtime_ns}\n{state.st_ino}"
    memo = (
        base / f".key-{hashlib.blake2b(str(source.resolve()).encode(), digest_size=10).hexdigest()}"
    )
    with suppress(OSError, ValueError, KeyError, TypeError):  # no memo, or a damaged one
        known: dict[str, Any] = json.loads(memo.read_text())
        if known["seen"] == seen:
            return str(known["key"])
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    key = f"{source.stem}-{digest}-{LAYOUT}"
    if os.stat(source).st_mtime_ns == state.st_mtime_ns:
        _write_text(memo, json.dumps({"seen": seen, "key": key}))
    return key


def _write_text(path: Path, text: str) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


@contextmanager
def _explained(base: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CacheError(
            f"The cache folder {base} cannot be written ({error.strerror or error}). Free some "
            "space, or name another folder in the environment variable MICRONS_CACHE."
        ) from error
