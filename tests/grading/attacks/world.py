"""What there is to steal, to break and to reach, and what was seen of it afterwards."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

#: The right answer to the second question; nobody can know it but from the key.
SECRET = 24601
KEY = {"q1": 1, "q2": SECRET, "q3": 3}
#: Lets anybody look into its memory (PR_SET_PTRACER), as an older kernel does by itself.
_WAITING = """
import ctypes, time
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
time.sleep(600)
"""


@dataclass
class World:
    """A grader's machine around one submission.

    Attributes
    ----------
    folder : path
        With ``key.json``, ``master.ipynb`` and another student's ``other.ipynb``; whatever
        else appears in it is a trace.
    host : str
        A loopback address of this world alone: on 127.0.0.1 a client of another test, which
        asks again for a server that is gone, would be taken for the attack.
    calls : list of str
        Who was reached over the network.
    """

    folder: Path
    host: str
    tcp: int
    udp: int
    unix: Path
    abstract: str
    victim: subprocess.Popen
    calls: list[str] = field(default_factory=list)

    @property
    def key(self) -> Path:
        return self.folder / "key.json"

    @property
    def result(self) -> Path:
        return self.folder / "result.json"

    @property
    def trace(self) -> Path:
        return self.folder / "trace"

    def traces(self) -> set[str]:
        """Say what a run has left: files, calls, a process that it has ended."""
        left = {"a file"} if self.trace.exists() else set()
        if self.victim.poll() is not None:
            left.add("a process ended")
        return left | set(self.calls)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Make a world, with servers on loopback that note who calls."""
    folder.mkdir()
    abstract = f"microns-attack-{uuid.uuid4()}"
    (folder / "key.json").write_text(json.dumps(KEY))
    for name in ("master.ipynb", "other.ipynb"):
        cell = {"cell_type": "code", "source": f"a2 = {SECRET}", "metadata": {}, "outputs": []}
        (folder / name).write_text(json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}))
    host = ".".join(["127", *(str(random.randint(1, 254)) for _ in range(3))])
    sockets = [
        _listening(socket.AF_INET, socket.SOCK_STREAM, (host, 0)),
        _listening(socket.AF_INET, socket.SOCK_DGRAM, (host, 0)),
        _listening(socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "door")),
        _listening(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + abstract),
    ]
    # Its command line holds the secret, as that of a grader may.
    victim = subprocess.Popen([sys.executable, "-c", _WAITING, f"secret={SECRET}"])
    made = World(
        folder,
        host,
        tcp=sockets[0].getsockname()[1],
        udp=sockets[1].getsockname()[1],
        unix=folder / "door",
        abstract=abstract,
        victim=victim,
    )
    names = ("tcp", "udp", "unix", "abstract")
    threads = [
        threading.Thread(target=_note, args=(one, made.calls, name), daemon=True)
        for one, name in zip(sockets, names, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        for one in sockets:
            # Wakes the thread that waits in it; a datagram socket is woken by the error alone.
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in threads:
            thread.join(5)
        victim.kill()
        victim.wait()


def _listening(family: int, kind: int, address: object) -> socket.socket:
    made = socket.socket(family, kind)
    made.bind(address)
    made.settimeout(0.2)
    if kind == socket.SOCK_STREAM:
        made.listen()
    return made


def _note(server: socket.socket, calls: list[str], name: str) -> None:
    while server.fileno() >= 0:
        try:
            if server.type == socket.SOCK_DGRAM:
                server.recvfrom(512)
            else:
                server.accept()[0].close()
        except TimeoutError:
            continue
        except OSError:  # closed: the world ends
            return
        calls.append(name)
