"""What the three kinds of sandboxes have in common."""

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
class Requirements:
    """What a sandbox must provide for one run.

    Parameters
    ----------
    interpreter : Interpreter
        The Python that runs it.
    limits : Limits
        What it may use.
    readable : tuple of path
        Files and folders beside the interpreter's, such as data; read-only.
    hidden : tuple of path
        Paths that must not be visible, even within a readable folder.
    variables : dict
        Environment variables, such as ``MICRONS_VERSION``.
    """

    interpreter: Interpreter
    limits: Limits
    readable: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def all_readable(self) -> tuple[Path, ...]:
        """Everything that can be read inside."""
        return (*self.interpreter.readable, *self.readable)

    def hidden_inside(self) -> Iterator[Path]:
        """Yield the hidden paths that lie in a readable folder."""
        for path in self.hidden:
            real = path.resolve()
            if any(real.is_relative_to(above.resolve()) for above in self.all_readable):
                yield real


@dataclass(frozen=True)
class Sandbox:
    """A place that is ready for one run.

    Parameters
    ----------
    command : list of str
        The command to start.
    environment : dict
        Its environment variables; there are no others.
    lockdown : dict
        What the process inside gives up itself (`lockdown.lock_down`).
    home : path
        Its working folder, as seen inside.
    uid : int, optional
        The user whose processes all belong to this run, if it has one of its own.
    scratch : path, optional
        The folder outside that it writes to, unless it writes to memory.
    """

    command: list[str]
    environment: dict[str, str]
    lockdown: dict[str, Any]
    home: Path
    uid: int | None = None
    scratch: Path | None = None


def lockdown_orders(
    *,
    uid: int | None = None,
    readable: Sequence[Path] | None = None,
    writable: Sequence[Path] = (),
    seccomp: bool = True,
    pdeathsig: bool = False,
) -> dict[str, Any]:
    """Return as JSON what the process inside has to give up."""
    return {
        "uid": uid,
        "landlock": readable
        and {"readable": [str(p) for p in readable], "writable": [str(p) for p in writable]},
        "seccomp": seccomp,
        "pdeathsig": pdeathsig,
    }


_FIRST_UID, _SLOTS = 1_600_000_000, 64
_slots_in_use: set[int] = set()
_lock = threading.Lock()


@contextmanager
def own_uid() -> Iterator[int]:
    """Yield a user id that nothing else on this machine uses and no password file lists.

    Limits on processes count by user, and one signal reaches every process that a run left behind.
    """
    with _lock:
        slot = next(n for n in range(_SLOTS) if n not in _slots_in_use)
        _slots_in_use.add(slot)
    try:
        yield _FIRST_UID + os.getpid() * _SLOTS + slot
    finally:
        with _lock:
            _slots_in_use.discard(slot)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder on disk that a run may fill, and remove it afterwards with all its content."""
    home = Path(tempfile.mkdtemp(prefix="microns-grading-"))
    try:
        yield home
    finally:
        # Not shutil.rmtree: it calls itself for each level, and a run may nest 100,000.
        subprocess.run(["rm", "-rf", "--", str(home)], check=False, timeout=120)
