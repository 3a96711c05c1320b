"""The rights that the process in the sandbox gives up before it runs the first cell."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Mapping
from typing import Any

from microns_widgets.grading.sandbox import landlock, seccomp

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9
#: Shared libraries and mapped tables take address space, but no memory of the machine.
_MAPPED = 16 << 30


def lock_down(orders: Mapping[str, Any], limits: Mapping[str, float]) -> None:
    """Give up identity, files, system calls and resources, in this order.

    Parameters
    ----------
    orders : mapping
        ``uid``: the user to become, or None. ``landlock``: lists of paths ``readable`` and
        ``writable``, or None. ``seccomp``: whether system calls are filtered. ``pdeathsig``:
        whether it ends with the process that started it.
    limits : mapping
        As `Limits.to_json` returns them.

    Raises
    ------
    OSError
        If one of them fails. Nothing of a submission may run then.
    """
    uid = orders["uid"]
    if uid is not None and os.getuid() != uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    if orders["pdeathsig"]:
        # After the change of user, which clears it.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    _set_limits(limits)
    if orders["landlock"] is not None:
        landlock.restrict(orders["landlock"]["readable"], orders["landlock"]["writable"])
    if orders["seccomp"]:
        seccomp.install()


def _set_limits(limits: Mapping[str, float]) -> None:
    memory = int(limits["memory"])
    values = {
        "RLIMIT_CORE": 0,
        "RLIMIT_DATA": memory,
        "RLIMIT_AS": memory + _MAPPED,
        "RLIMIT_FSIZE": int(limits["disk"]),
        "RLIMIT_NOFILE": int(limits["open_files"]),
        "RLIMIT_NPROC": int(limits["processes"]),
        # Threads count together; the wall time is watched from outside.
        "RLIMIT_CPU": int(limits["seconds"] * 4) + 1,
    }
    for name, value in values.items():
        kind = getattr(resource, name, None)
        if kind is None:  # macOS lacks some of them
            continue
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
