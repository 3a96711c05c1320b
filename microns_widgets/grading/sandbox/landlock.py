"""Landlock: a process gives up access to all but a few files, also for its child processes.

The kernel's interface (``man 7 landlock``) has three system calls and no C library
functions; their numbers are the same on every machine.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH, _PR_SET_NO_NEW_PRIVS = 1, 1, 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
#: Rights on files in each version of the interface: 13 first, then REFER (2),
#: TRUNCATE (3) and IOCTL_DEV (5).
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
#: From version 4: binding and connecting TCP. From version 6: abstract Unix sockets, signals.
_TCP, _SCOPES = 0b11, 0b11


def version() -> int:
    """Return the version of the kernel's Landlock, 0 if it has none."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        return max(0, int(libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)))
    except (AttributeError, OSError):  # no such call in this C library
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Give up access to every file that is not under one of these paths, permanently.

    Raises
    ------
    OSError
        If the kernel refuses, or a path is missing. A path that the user may not read anyway
        is skipped.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    interface = version()
    rights = _RIGHTS[max(v for v in _RIGHTS if v <= interface)] if interface else 0
    tcp, scopes = (_TCP if interface >= 4 else 0), (_SCOPES if interface >= 6 else 0)
    size = 8 if interface < 4 else 16 if interface < 6 else 24
    attributes = struct.pack("=QQQ", rights, tcp, scopes)[:size]
    ruleset = _call(libc, _CREATE_RULESET, attributes, size, 0)
    try:
        for path, allowed in [
            *((path, _READING) for path in readable),
            *((path, rights & ~_EXECUTE) for path in writable),
        ]:
            try:
                if not Path(path).is_dir():
                    allowed &= _ON_FILES
                descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except PermissionError:
                # Such as a cache in root's home: this user cannot read it anyway.
                continue
            try:
                rule = struct.pack("=Qi", allowed & rights, descriptor)
                _call(libc, _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
            finally:
                os.close(descriptor)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs was refused")
        _call(libc, _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _call(libc: ctypes.CDLL, number: int, *arguments: object) -> int:
    result = int(libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock's call {number} failed")
    return result
