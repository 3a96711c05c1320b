"""Lets one process or thread at a time change what a results folder keeps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from microns_widgets._files import explained_writes

#: The file in the results folder that is locked; it stays there, empty.
LOCK = ".lock"
# On a network drive, a file's lock belongs to the whole process.
_THREADS = threading.RLock()


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Wait until nobody else changes the results folder, and keep others waiting meanwhile.

    The lock ends with the process, even if it is killed.

    Raises
    ------
    WriteError
        If the folder cannot be written.
    """
    with _THREADS:
        with explained_writes(out / LOCK):
            out.mkdir(parents=True, exist_ok=True)
            file = (out / LOCK).open("ab")
        with file:
            try:
                # Windows does not have this module; there, two processes are not kept apart.
                import fcntl
            except ImportError:
                yield
                return
            with explained_writes(
                out / LOCK, "Its drive has no locks: copy the folder to another drive."
            ):
                fcntl.flock(file, fcntl.LOCK_EX)
            yield
