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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import Any

import platformdirs

from microns_widgets.errors import CacheError, IndexDamaged
from microns_widgets.synapses.files import LAYOUT, MANIFEST, load_index, write_index
from microns_widgets.synapses.index import SynapseIndex, build_index
from microns_widgets.tables.reading import read_synapse_table


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
            return load_index(home, verify=verify or "changed")
        except IndexDamaged:
            _discard(home)
    # Read outside of what explains a cache that cannot be written: the source is no cache.
    table = [read_synapse_table(source, version=version)]
    with _explained(base):
        save_index(lambda: build_index(table.pop()), home)
    return load_index(home)


def save_index(build: Callable[[], SynapseIndex], home: Path) -> None:
    """Build an index and write it to the folder `home`, whole or not at all.

    If another process was faster, its folder stays and this one's work is dropped: both
    were made from the same content.
    """
    _sweep(home.parent)
    temporary = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        write_index(build, temporary)
        try:
            temporary.rename(home)
        except OSError:
            if not (home / MANIFEST).is_file():
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


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
