"""Synapse indices on disk: built once, memory-mapped from then on.

The folder of a file's index is named after a hash of the file's content. The index is written
under a temporary name and renamed once it is complete, so that an interruption never leaves half
an index for other kernels to read. A damaged index is rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Any

from microns_widgets._files import (
    cache_folder,
    discard_folder,
    expanded,
    explained_writes,
    whole_folder,
    write_text,
)
from microns_widgets.errors import IndexDamaged, TableError, WriteError
from microns_widgets.synapses.checksums import Repair
from microns_widgets.synapses.files import LAYOUT, MANIFEST, load_index, write_index
from microns_widgets.synapses.index import SynapseIndex, build_index
from microns_widgets.tables.reading import read_synapse_table

_ADVICE = "Free some space, or set the environment variable MICRONS_CACHE to another folder."


def open_index(
    path: str | PathLike[str],
    *,
    version: int | None = None,
    folder: str | PathLike[str] | None = None,
    verify: bool = False,
    any_volume: bool = False,
) -> SynapseIndex:
    """Open the index of a synapse file, building it on first use.

    Parameters
    ----------
    path : path
        A feather or Parquet file with a synapse table.
    version : int, optional
        Expected materialization version of the file.
    folder : path, optional
        Folder of the indices; default: ``index/`` in the cache folder.
    verify : bool, optional
        Whether to read every byte and compare checksums instead of lengths only.
    any_volume : bool
        Whether any positions in nm are accepted; see `read_synapses`.

    Returns
    -------
    SynapseIndex
        With memory-mapped, read-only columns.

    Raises
    ------
    TableError
        If the file is not a synapse table.
    WriteError
        If the folder cannot be written. No partial index remains.
    """
    source = expanded(path)
    if not os.path.isfile(source):  # unlike a Path's, it never raises
        read_synapse_table(source)  # raises an error that says what is wrong
    base = expanded(folder) if folder else cache_folder() / "index"
    with explained_writes(base, _ADVICE):
        base.mkdir(parents=True, exist_ok=True)
    # Outside the block that explains write errors, as the table below: this is about the source.
    key = _content_key(source, base)
    home = base / key
    repair = Repair("Load the table again to rebuild its index.", lambda: _invalidate(home))
    if home.is_dir():
        try:
            return load_index(home, verify=verify or "changed", repair=repair)
        except IndexDamaged:
            discard_folder(home)
    try:
        table = [read_synapse_table(source, version=version, any_volume=any_volume)]
        with explained_writes(base, _ADVICE):
            save_index(lambda: build_index(table.pop()), home)
    except MemoryError as error:
        raise TableError(
            f"{source}: there is not enough memory to index this table. Build the index within a "
            f"memory limit: microns index {source} --out FOLDER --memory 1GB"
        ) from error
    return load_index(home, repair=repair)


def save_index(build: Callable[[], SynapseIndex], home: Path) -> None:
    """Build an index and write it to the folder `home`, completely or not at all."""
    with whole_folder(home, _ADVICE) as temporary:
        write_index(build, temporary)


def _invalidate(home: Path) -> None:
    """Keep a damaged index from being opened again; processes that have it open can read on."""
    with suppress(OSError):  # the folder may be read-only
        (home / MANIFEST).unlink()


def _content_key(source: Path, base: Path) -> str:
    """Return the name of the folder of a file's index, which depends on the file's content.

    Hashing 100 MB takes longer than opening the index, so the result is remembered together
    with the file's size and modification time, as git does.
    """
    state = source.stat()
    file_state = f"{source.resolve()}\n{state.st_size}\n{state.st_mtime_ns}\n{state.st_ino}"
    place = hashlib.blake2b(os.fsencode(source.resolve()), digest_size=10).hexdigest()
    memo = base / f".key-{place}"
    with suppress(
        OSError, ValueError, KeyError, TypeError, AttributeError
    ):  # no memo file, or a damaged one
        memory: dict[str, Any] = json.loads(memo.read_text())
        digest = memory["digest"]
        if memory["seen"] == file_state and memory["crc32"] == zlib.crc32(digest.encode()):
            return f"{source.stem}-{digest}-{LAYOUT}"
    try:
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        raise TableError(f"{source} cannot be read ({error.strerror}).") from error
    key = f"{source.stem}-{digest}-{LAYOUT}"
    if os.stat(source).st_mtime_ns == state.st_mtime_ns:
        content = {"seen": file_state, "digest": digest, "crc32": zlib.crc32(digest.encode())}
        # An index that is already in a folder where nobody may write can still be read.
        with suppress(WriteError):
            write_text(memo, json.dumps(content))
    return key
