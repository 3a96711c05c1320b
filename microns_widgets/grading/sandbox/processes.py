"""What a run uses, seen from outside: its processes, their memory, the files it made."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: Folders of a run that are in memory, as bubblewrap makes them.
_IN_MEMORY = ("tmp", "dev/shm")
#: Entries looked at when a folder on the disk is measured.
_ENTRIES = 20_000


def members(root: int, uid: int | None) -> list[int]:
    """List the process ids of a run: all of its own user, or all that `root` has started."""
    if not _PROC.is_dir():
        return [root]
    if uid is not None:
        return [int(p.name) for p in _PROC.iterdir() if p.name.isdecimal() and _owner(p) == uid]
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        left += _children(pid)
    return found


def memory(pids: list[int], limit: int) -> int:
    """Give the memory of processes together, in bytes.

    Pages that several share count once; that sum is costly, and is made only where the
    simple one is over the limit.
    """
    simple = sum(_resident(pid) for pid in pids)
    return simple if simple <= limit else sum(_proportional(pid) for pid in pids)


def files_in_memory(pids: list[int]) -> int:
    """Count the files and folders in a run's memory: empty ones take memory, but no space."""
    for pid in reversed(pids):
        counted = 0
        with suppress(OSError):
            for folder in _IN_MEMORY:
                state = os.statvfs(f"/proc/{pid}/root/{folder}")
                # The machine's own folders, before the room stands, are none of the run's.
                if state.f_files and Path(f"/proc/{pid}/root/tmp/work").is_dir():
                    counted += state.f_files - state.f_ffree
            return counted
    return 0


def folder_bytes(folder: Path) -> int:
    """Measure a folder on the disk; one with too many entries counts as without bound."""
    total, seen, left = 0, 0, [os.fspath(folder)]
    while left:
        with suppress(OSError), os.scandir(left.pop()) as entries:
            for entry in entries:
                seen += 1
                with suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        left.append(entry.path)
                if seen > _ENTRIES:
                    return 1 << 62
    return total


def end(root: int, uid: int | None) -> None:
    """End a run's processes, children first seen included."""
    for pid in reversed(members(root, uid)):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(root, signal.SIGKILL)


def _owner(process: Path) -> int:
    with suppress(OSError):
        return process.stat().st_uid
    return -1


def _children(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                yield from map(int, (task / "children").read_text().split())


def _resident(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
    return 0


def _proportional(pid: int) -> int:
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        return _resident(pid)
    return 0
