"""The first way: bubblewrap, a room of namespaces with nothing in it but what is named.

There is no network, no other process, no file of the machine but the interpreter's, the
package's and the data's, all read-only; what is written goes to memory and is gone at the end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from microns_widgets.grading.sandbox import seccomp
from microns_widgets.grading.sandbox.base import Needs, Room, orders, own_uid
from microns_widgets.grading.sandbox.interpreter import Interpreter, environment

NAME = "bubblewrap"
_HOME = Path("/tmp/work")
_SHARED_MEMORY = 64 << 20


def obstacle() -> str:
    """Say why this way is not open on this machine; empty if it is."""
    program = shutil.which("bwrap")
    if program is None:
        return "bubblewrap is not installed (Debian, Ubuntu: apt-get install bubblewrap)"
    closed = Interpreter.own().closed_inside() if os.geteuid() == 0 else None
    if closed:
        return (
            f"root becomes another user inside, who cannot read {closed}. Open it to all "
            f"(chmod -R a+rX {closed}), or grade as an ordinary user"
        )
    # Containers often forbid namespaces: only a try shows it.
    words = "--unshare-all --ro-bind / / --proc /proc --dev /dev --size 4096 --tmpfs /tmp true"
    tried = subprocess.run(
        [program, *words.split()],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    said = tried.stderr.strip().splitlines()
    return "" if tried.returncode == 0 else f"bubblewrap fails here: {(said or ['?'])[-1]}"


@contextmanager
def room(needs: Needs) -> Iterator[Room]:
    """Prepare a room for one run."""
    with ExitStack() as stack:
        # root's limits on processes are not enforced: inside, root becomes somebody else.
        uid = stack.enter_context(own_uid()) if os.geteuid() == 0 else None
        seen = environment(_HOME, needs.variables)
        yield Room(
            command=[*_command(needs, uid, seen), *needs.interpreter.command],
            environment={},
            lockdown=orders(uid=uid, seccomp=seccomp.supported()),
            home=_HOME,
            uid=uid,
        )


def _command(needs: Needs, uid: int | None, seen: dict[str, str]) -> list[str]:
    words = [shutil.which("bwrap") or "bwrap"]
    words += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--hostname", "sandbox"]
    if uid is None:
        words += ["--unshare-user"]
    else:
        words += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for folder, size in (("/tmp", needs.limits.disk), ("/dev/shm", _SHARED_MEMORY)):
        words += ["--perms", "1777", "--size", str(size), "--tmpfs", folder]
    # After /tmp, under which some of these may lie. Left to itself bubblewrap makes the folders
    # above for their owner alone.
    for folder in sorted({str(above) for path in needs.all_reading for above in path.parents}):
        words += ["--perms", "0755", "--dir", folder]
    for path in needs.all_reading:
        words += ["--ro-bind", str(path), str(path)]
    for path in needs.covered():
        words += ["--tmpfs", str(path), "--remount-ro", str(path)]
    # Both are in memory and without a size.
    words += ["--remount-ro", "/dev", "--remount-ro", "/"]
    for name, value in seen.items():
        words += ["--setenv", name, value]
    return [*words, "--chdir", "/tmp", "--"]
