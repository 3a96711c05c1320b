"""The journal of a review: who changed what and when, a line for each change, never rewritten."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from microns_widgets._files import explained_writes

#: The file in the results folder.
FILE = "review-journal.jsonl"

Event = dict[str, Any]


class Journal:
    """The events of a journal, by whichever process they were written.

    Parameters
    ----------
    path : path
        The file; it need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self.events: list[Event] = []

    def news(self) -> list[Event]:
        """Return the events that were added since the last call. Half a line is none."""
        try:
            size = self._path.stat().st_size
        except OSError:
            return []
        if size == self._read:
            return []
        with self._path.open("rb") as file:
            file.seek(self._read)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        found = []
        for line in whole.splitlines():
            # A process that was killed may have left half a line.
            with suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict):
                    found.append(event)
        self.events += found
        return found

    def add(self, event: Event) -> None:
        """Write an event to the disk; it is there after a power failure."""
        line = json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        with explained_writes(self._path):
            new = not self._path.exists()
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                size = os.fstat(handle).st_size
                # After half a line: the event gets a line of its own.
                if size and os.pread(handle, 1, size - 1) != b"\n":
                    line = b"\n" + line
                while line:
                    line = line[os.write(handle, line) :]
                os.fsync(handle)
            finally:
                os.close(handle)
            if new:
                flush_folder(self._path.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names of a folder's files to the disk."""
    # Windows cannot open a folder.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
