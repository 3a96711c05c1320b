"""What the three ways of keeping a submission in have in common."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from microns_widgets.grading.limits import Limits
from microns_widgets.grading.sandbox.interpreter import Interpreter


@dataclass(frozen=True)
class Needs:
    """What one run is given.

    Parameters
    ----------
    interpreter : Interpreter
        The Python that runs it.
    limits : Limits
        What it may use.
    reading : tuple of path
        Files and folders beside the interpreter's, such as data; read-only.
    hidden : tuple of path
        What must not be seen even where it lies in a folder that is handed in.
    variables : dict
        Environment variables, such as ``MICRONS_VERSION``.
    """

    interpreter: Interpreter
    limits: Limits
    reading: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def all_reading(self) -> tuple[Path, ...]:
        """Everything that is there to be read."""
        return (*self.interpreter.reading, *self.reading)

    def covered(self) -> Iterator[Path]:
        """Give what is to be hidden although a folder above it is handed in."""
        for path in self.hidden:
            real = path.resolve()
            if any(real.is_relative_to(above.resolve()) for above in self.all_reading):
                yield real


@dataclass(frozen=True)
class Room:
    """A place that is ready for one run.

    Parameters
    ----------
    command : list of str
        What is started.
    environment : dict
        With these variables and no others.
    lockdown : dict
        What the process inside gives up itself (`lockdown.lock_down`).
    home : path
        Its working folder, as seen inside.
    uid : int, optional
        The user whose processes all belong to this run, if it has one of its own.
    scratch : path, optional
        The folder outside that fills when it writes, if it is not in memory.
    """

    command: list[str]
    environment: dict[str, str]
    lockdown: dict[str, Any]
    home: Path
    uid: int | None = None
    scratch: Path | None = None


def orders(
    *,
    uid: int | None = None,
    reading: Sequence[Path] | None = None,
    writing: Sequence[Path] = (),
    seccomp: bool = True,
    pdeathsig: bool = False,
) -> dict[str, Any]:
    """Write down what the process inside has to give up."""
    return {
        "uid": uid,
        "landlock": reading
        and {"reading": [str(p) for p in reading], "writing": [str(p) for p in writing]},
        "seccomp": seccomp,
        "pdeathsig": pdeathsig,
    }


_FIRST_UID, _PLACES = 1_600_000_000, 64
_taken: set[int] = set()
_lock = threading.Lock()


@contextmanager
def own_uid() -> Iterator[int]:
    """Lend a user id that nothing else on this machine has, in no password file.

    Limits on processes count by user, and one signal reaches all that a run left behind.
    """
    with _lock:
        place = next(n for n in range(_PLACES) if n not in _taken)
        _taken.add(place)
    try:
        yield _FIRST_UID + os.getpid() * _PLACES + place
    finally:
        with _lock:
            _taken.discard(place)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Lend a folder on the disk that a run may fill, and remove it with all that is in it."""
    home = Path(tempfile.mkdtemp(prefix="microns-grading-"))
    try:
        yield home
    finally:
        # Not shutil.rmtree: it calls itself for each level, and a run may nest 100,000.
        subprocess.run(["rm", "-rf", "--", str(home)], check=False, timeout=120)
