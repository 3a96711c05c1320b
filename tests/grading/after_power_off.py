"""What a disk has after a power failure: only what was flushed to it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest


class Disk:
    """Follows what is flushed in a folder.

    A file's content is on the disk once the file is flushed; its name, once its folder is.

    Parameters
    ----------
    folder : path
        The folder.
    monkeypatch : pytest.MonkeyPatch
        Replaces the functions that flush and rename.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._content: dict[object, bytes] = {}
        self._names: dict[str, object] = {}
        self._fsync, self._replace = os.fsync, os.replace
        monkeypatch.setattr(os, "fsync", self._flushed)
        monkeypatch.setattr(os, "replace", self._replaced)

    def _flushed(self, handle: int) -> None:
        self._fsync(handle)
        about = os.fstat(handle)
        if stat.S_ISDIR(about.st_mode):
            self._names = {one.name: one.inode() for one in os.scandir(handle) if one.is_file()}
        else:
            self._content[about.st_ino] = Path(f"/proc/self/fd/{handle}").read_bytes()

    def _replaced(self, source: Path, target: Path) -> None:
        gone = target.stat().st_ino if target.exists() else None
        self._replace(source, target)
        if gone is not None:
            # Its number may be given to another file at once; on the disk it is still there.
            left = object()
            self._content[left] = self._content.pop(gone, b"")
            self._names = {
                name: left if number == gone else number for name, number in self._names.items()
            }

    def after_power_off(self, folder: Path) -> Path:
        """Write what would be left into a new folder, and return it."""
        folder.mkdir()
        for name, number in self._names.items():
            (folder / name).write_bytes(self._content.get(number, b""))
        return folder
