"""What this process may use: CPUs and memory, with the limits of its container, or a web page."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_ROOT = Path("/")
#: Assumed if the system does not report how much memory there is.
_UNKNOWN_MEMORY = 8_000_000_000


def in_browser() -> bool:
    """Whether Python runs inside a web page (Pyodide), without threads and without sockets."""
    return sys.platform == "emscripten"


def cpu_count(root: Path = _ROOT) -> int:
    """Return the number of CPUs that this process may use.

    It is bounded by the process's CPU affinity and by the CPU quota of its control groups, which
    is how containers are limited.

    Parameters
    ----------
    root : path
        Where ``/proc`` and ``/sys`` are found.
    """
    if hasattr(os, "process_cpu_count"):  # Python 3.13
        cpus = os.process_cpu_count()
    elif hasattr(os, "sched_getaffinity"):  # Linux
        cpus = len(os.sched_getaffinity(0))
    else:
        cpus = os.cpu_count()
    quotas = [math.ceil(quota) for quota in _cpu_quotas(root)]
    return max(1, min([cpus or 1, *quotas]))


def free_memory(root: Path = _ROOT) -> int:
    """Return the bytes of memory that this process can still take, container limits included.

    Memory that the kernel uses for files counts as free, since it is given back on demand.

    Parameters
    ----------
    root : path
        Where ``/proc`` and ``/sys`` are found.
    """
    return max(0, min([_free_on_machine(root), *_free_in_groups(root)]))


def _cpu_quotas(root: Path) -> Iterator[float]:
    for group in _groups(root, ""):
        with suppress(OSError, ValueError, IndexError):
            quota, period = (group / "cpu.max").read_text().split()
            yield int(quota) / int(period)  # a quota of "max" is a ValueError
    for group in _groups(root, "cpu"):
        with suppress(OSError, ValueError):
            limit = int((group / "cpu.cfs_quota_us").read_text())
            if limit > 0:
                yield limit / int((group / "cpu.cfs_period_us").read_text())


def _free_in_groups(root: Path) -> Iterator[int]:
    for controller, limit, usage, files in (
        ("", "memory.max", "memory.current", "inactive_file"),
        ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        for group in _groups(root, controller):
            with suppress(OSError, ValueError):
                free = int((group / limit).read_text()) - int((group / usage).read_text())
                yield free + _statistic(group / "memory.stat", files)


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """Yield the control groups of this process for a controller; ``""`` stands for version 2."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:  # not Linux
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            base = root / "sys/fs/cgroup" / controller
            yield base  # a container's own group may be mounted here, whatever its path outside
            for depth in range(1, len(names := path.strip("/").split("/")) + 1):
                yield base.joinpath(*names[:depth])


def _free_on_machine(root: Path) -> int:
    with suppress(OSError):
        if available := _statistic(root / "proc/meminfo", "MemAvailable:"):
            return available * 1024
    with suppress(AttributeError, ValueError, OSError):  # not on every system
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return _UNKNOWN_MEMORY


def _statistic(path: Path, name: str) -> int:
    """Return the number that follows a name in a file such as ``/proc/meminfo``, else 0."""
    lines = (line.split() for line in path.read_text().splitlines())
    return next((int(words[1]) for words in lines if words[:1] == [name]), 0)
