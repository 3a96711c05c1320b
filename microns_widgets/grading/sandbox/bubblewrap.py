"""The preferred sandbox: bubblewrap, a set of namespaces that contain only what is listed.

There is no network and no other process. The only files are those of the interpreter, the package
and the data, all read-only; whatever a run writes is in memory and disappears at the end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from microns_widgets.grading.sandbox import seccomp
from microns_widgets.grading.sandbox.base import Requirements, Sandbox, lockdown_orders, own_uid
from microns_widgets.grading.sandbox.interpreter import Interpreter, environment

_HOME = Path("/tmp/work")
_SHARED_MEMORY = 64 << 20


def obstacle() -> str:
    """Return why bubblewrap cannot be used on this machine; empty if it can."""
    program = shutil.which("bwrap")
    if program is None:
        return "bubblewrap is not installed (Debian, Ubuntu: apt-get install bubblewrap)"
    private = Interpreter.own().unreadable_path() if os.geteuid() == 0 else None
    if private:
        return (
            f"root becomes another user inside, who cannot read {private}. Open it to everyone "
            f"(chmod -R a+rX {private}), or grade as an ordinary user"
        )
    # Containers often forbid namespaces; only a trial shows whether this one does.
    arguments = "--unshare-all --ro-bind / / --proc /proc --dev /dev --size 4096 --tmpfs /tmp true"
    trial = subprocess.run(
        [program, *arguments.split()],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    messages = trial.stderr.strip().splitlines() or ["?"]
    return "" if trial.returncode == 0 else f"bubblewrap fails here: {messages[-1]}"


@contextmanager
def sandbox(requirements: Requirements) -> Iterator[Sandbox]:
    """Prepare a sandbox for one run."""
    with ExitStack() as stack:
        # The kernel does not limit root's processes, so root becomes another user inside.
        uid = stack.enter_context(own_uid()) if os.geteuid() == 0 else None
        variables = environment(_HOME, requirements.variables)
        yield Sandbox(
            command=[*_command(requirements, uid, variables), *requirements.interpreter.command],
            environment={},
            lockdown=lockdown_orders(uid=uid, seccomp=seccomp.supported()),
            home=_HOME,
            uid=uid,
        )


def _command(requirements: Requirements, uid: int | None, variables: dict[str, str]) -> list[str]:
    words = [shutil.which("bwrap") or "bwrap"]
    words += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--hostname", "sandbox"]
    if uid is None:
        words += ["--unshare-user"]
    else:
        words += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for folder, size in (("/tmp", requirements.limits.disk), ("/dev/shm", _SHARED_MEMORY)):
        words += ["--perms", "1777", "--size", str(size), "--tmpfs", folder]
    # After /tmp, which may contain some of these. By itself bubblewrap makes the folders above
    # for their owner only.
    for folder in sorted({str(above) for p in requirements.all_readable for above in p.parents}):
        words += ["--perms", "0755", "--dir", folder]
    for path in requirements.all_readable:
        words += ["--ro-bind", str(path), str(path)]
    for path in requirements.hidden_inside():
        words += ["--tmpfs", str(path), "--remount-ro", str(path)]
    # Both are in memory and have no size limit.
    words += ["--remount-ro", "/dev", "--remount-ro", "/"]
    for name, value in variables.items():
        words += ["--setenv", name, value]
    return [*words, "--chdir", "/tmp", "--"]
