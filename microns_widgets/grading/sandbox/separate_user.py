"""The fallback, for root on a machine without namespaces, such as a container.

Each run is a separate user. Landlock leaves it the interpreter, the package, the data and one
folder; a filter of system calls leaves it no sockets; resource limits hold.

What this kind cannot prevent: a run sees that other files exist (names and sizes of those it can
guess, not their content), and its folder is on disk and measured from outside, so that it may
exceed its limit for an instant. Everything else that bubblewrap prevents, this prevents too.
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
from microns_widgets.grading.sandbox.base import (
    Requirements,
    Sandbox,
    lockdown_orders,
    own_uid,
    scratch_folder,
)
from microns_widgets.grading.sandbox.interpreter import Interpreter, environment

_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def obstacle(interpreter: Interpreter | None = None) -> str:
    """Return why a separate user cannot be used on this machine; empty if it can."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "a separate user needs Linux and root"
    if not landlock.version():
        return "the kernel has no Landlock"
    if not seccomp.supported():
        return "the system calls of this processor are not known"
    private = (interpreter or Interpreter.own()).unreachable_path()
    if private:
        return (
            f"another user cannot read the Python that runs this, because of {private}. Use one "
            "outside of a private home folder, such as an environment in /opt"
        )
    return ""


@contextmanager
def sandbox(requirements: Requirements) -> Iterator[Sandbox]:
    """Prepare a sandbox for one run, and leave nothing of it behind."""
    for path in requirements.hidden_inside():
        raise SandboxUnavailable(
            f"{path} must not be visible to submissions, but lies in a folder that they need. "
            "Move it elsewhere."
        )
    with scratch_folder() as home, own_uid() as uid:
        os.chown(home, uid, uid)
        home.chmod(0o700)
        readable = (*requirements.all_readable, *(Path(p) for p in _DEVICES))
        try:
            yield Sandbox(
                command=requirements.interpreter.command,
                environment=environment(home, requirements.variables),
                lockdown=lockdown_orders(
                    uid=uid, readable=readable, writable=(home, Path("/dev/null")), pdeathsig=True
                ),
                home=home,
                uid=uid,
                scratch=home,
            )
        finally:
            end_all(uid, requirements.interpreter)


def end_all(uid: int, interpreter: Interpreter) -> None:
    """End every process of a user at once, so that none can escape by starting others."""
    subprocess.run(
        [str(interpreter.executable), "-I", "-S", "-c", "import os; os.kill(-1, 9)"],
        user=uid,
        group=uid,
        extra_groups=[],
        check=False,
        timeout=30,
    )
