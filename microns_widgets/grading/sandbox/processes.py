"""What a run uses, measured from outside: its processes, their memory, the files it creates."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: Folders of a run that bubblewrap keeps in memory.
_IN_MEMORY = ("tmp", "dev/shm")
#: Most entries counted when a folder on disk is measured.
_ENTRIES = 20_000


def members(root: int, uid: int | None) -> list[int]:
    """Return the process ids of a run: all of its own user, or all that `root` has started."""
    if not _PROC.is_dir():
        return [root]
    if uid is not None:
        return [int(p.name) for p in _PROC.iterdir() if p.name.isdecimal() and _owner(p) == uid]
    pids, queue = [], [root]
    while queue:
        pid = queue.pop()
        pids.append(pid)
        queue += _children(pid)
    return pids


def memory(pids: list[int], limit: int) -> int:
    """Return the memory of processes together, in bytes.

    Shared pages count once. That sum is slow, and is made only if the simple one exceeds the
    limit.
    """
    simple = sum(_resident(pid) for pid in pids)
    return simple if simple <= limit else sum(_proportional(pid) for pid in pids)


def files_in_memory(pids: list[int]) -> int:
    """Count the files and folders that a run keeps in memory; even empty ones take memory."""
    for pid in reversed(pids):
        count = 0
        with suppress(OSError):
            for folder in _IN_MEMORY:
                state = os.statvfs(f"/proc/{pid}/root/{folder}")
                # Before the sandbox is set up, these are the machine's own folders.
                if state.f_files and Path(f"/proc/{pid}/root/tmp/work").is_dir():
                    count += state.f_files - state.f_ffree
            return count
    return 0


def folder_bytes(folder: Path) -> int:
    """Measure a folder on disk; one with too many entries counts as infinitely large."""
    total, count, queue = 0, 0, [os.fspath(folder)]
    while queue:
        with suppress(OSError), os.scandir(queue.pop()) as entries:
            for entry in entries:
                count += 1
                with suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        queue.append(entry.path)
                if count > _ENTRIES:
                    return 1 << 62
    return total


def end(root: int, uid: int | None) -> None:
    """End all processes of a run."""
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
