"""The second way, for root on a machine without namespaces, such as a container.

Each run is a user of its own, Landlock leaves it the interpreter, the package, the data and
one folder, a filter of system calls leaves it no sockets, and resource limits hold.

What this way cannot stop: a run sees that other files exist (names and sizes of those it can
guess, no content), and its folder is on the disk, watched from outside for size, so that it
may overstep its limit for an instant. Everything else that bubblewrap holds, this holds too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from microns_widgets.errors import SandboxUnavailable
from microns_widgets.grading.sandbox import landlock, seccomp
from microns_widgets.grading.sandbox.base import Needs, Room, orders, own_uid, scratch_folder
from microns_widgets.grading.sandbox.interpreter import Interpreter, environment

NAME = "user"
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def obstacle(interpreter: Interpreter | None = None) -> str:
    """Say why this way is not open on this machine; empty if it is."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "a separate user needs Linux and root"
    if not landlock.version():
        return "the kernel has no Landlock"
    if not seccomp.supported():
        return "this machine's system calls are not known"
    closed = (interpreter or Interpreter.own()).closed_to_others()
    if closed:
        return (
            f"another user cannot read the Python that runs this, because of {closed}. Use one "
            "outside of a private home folder, such as an environment in /opt"
        )
    return ""


@contextmanager
def room(needs: Needs) -> Iterator[Room]:
    """Prepare a room for one run, and leave nothing of it behind."""
    for path in needs.covered():
        raise SandboxUnavailable(
            f"{path} must not be seen by submissions, but lies in a folder that they need. "
            "Move it elsewhere."
        )
    with scratch_folder() as home, own_uid() as uid:
        os.chown(home, uid, uid)
        home.chmod(0o700)
        reading = (*needs.all_reading, *(Path(p) for p in _DEVICES))
        try:
            yield Room(
                command=needs.interpreter.command,
                environment=environment(home, needs.variables),
                lockdown=orders(
                    uid=uid, reading=reading, writing=(home, Path("/dev/null")), pdeathsig=True
                ),
                home=home,
                uid=uid,
                scratch=home,
            )
        finally:
            end_all(uid, needs.interpreter)


def end_all(uid: int, interpreter: Interpreter) -> None:
    """End every process of a user at once: what is left behind cannot outrun one signal."""
    subprocess.run(
        [str(interpreter.executable), "-I", "-S", "-c", "import os; os.kill(-1, 9)"],
        user=uid,
        group=uid,
        extra_groups=[],
        check=False,
        timeout=30,
    )
