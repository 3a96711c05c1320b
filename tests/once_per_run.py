"""What is costly is made once in a run of the tests, by whichever process asks for it first."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class OncePerRun:
    """Folders that the processes of one run share.

    Parameters
    ----------
    root : Path
        A folder of this run alone, so that nothing of an older state of the code is read.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._root.mkdir(parents=True, exist_ok=True)

    def folder(self, name: str, fill: Callable[[Path], object]) -> Path:
        """Return a folder that `fill` has filled; others that ask wait until it is whole."""
        folder = self._root / name
        with _locked(self._root / f"{name}.lock"):
            if not folder.exists():
                # The remains of a failed attempt must not get into the next.
                unfinished = self._root / f"{name}.unfinished"
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir()
                fill(unfinished)
                unfinished.rename(folder)
        return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
