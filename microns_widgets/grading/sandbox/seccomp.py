"""System calls that are denied to a submission: a filter in the kernel's own small language.

No calculation needs a socket, a mount, a debugger or another user namespace. Sockets reach the
network; the others are where kernels have had security holes. Memory that no process maps
(``memfd_create``, System V segments) would not be counted. The filter is installed inside the
sandbox before the first cell, and cannot be removed.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

# Numbers from the kernel's tables for x86_64 and for aarch64 (asm-generic).
_DENIED = {
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "open_by_handle_at": (304, 265),
    "pidfd_getfd": (438, 438),
}
_CLONE = (56, 220)
_CLONE3 = 435
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_LOAD, _JEQ, _JGE, _JSET, _RET = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_NR, _ARCH, _ARG0 = 0, 4, 16
#: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.
_NEW_NAMESPACE = 0x7E020000
#: Numbers from here on are the x32 calls of x86_64, which would bypass the list.
_X32 = 0x40000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def supported() -> bool:
    """Return whether the system call numbers of this processor are known here."""
    return platform.machine() in _AUDIT_ARCH


def program(machine: str) -> bytes:
    """Assemble the filter for a machine: ``x86_64`` or ``aarch64``."""
    column = list(_AUDIT_ARCH).index(machine)
    lines: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, _ARCH),
        (_JEQ, 1, 0, _AUDIT_ARCH[machine]),
        (_RET, 0, 0, _KILL),
        (_LOAD, 0, 0, _NR),
        (_JGE, 0, 1, _X32),
        (_RET, 0, 0, _ERRNO | errno.EPERM),
    ]
    for name, numbers in _DENIED.items():
        denied = errno.EACCES if name == "socket" else errno.EPERM
        lines += [(_JEQ, 0, 1, numbers[column]), (_RET, 0, 0, _ERRNO | denied)]
    lines += [
        # A filter can read the flags of clone, to which glibc falls back, but not those of clone3.
        (_JEQ, 0, 1, _CLONE3),
        (_RET, 0, 0, _ERRNO | errno.ENOSYS),
        (_JEQ, 0, 3, _CLONE[column]),
        (_LOAD, 0, 0, _ARG0),
        (_JSET, 0, 1, _NEW_NAMESPACE),
        (_RET, 0, 0, _ERRNO | errno.EPERM),
        (_RET, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def install() -> None:
    """Filter the system calls of this process and of every process that it starts.

    Raises
    ------
    OSError
        If the kernel does not support filters.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    code = program(platform.machine())
    compiled = _Program(len(code) // 8, code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _FILTER, ctypes.byref(compiled), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel refused the filter of system calls")
