"""A server on loopback that serves a folder like a storage bucket, and fails on demand."""

from __future__ import annotations

import hashlib
import http.server
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

#: An address at which no server answers.
NOWHERE = "http://127.0.0.1:9"


class Reply(http.server.SimpleHTTPRequestHandler):
    """Answers one request with a file, or a part of it; `odd` addresses are answered otherwise."""

    odd: dict[str, Callable[[Reply], None]]
    asked: list[str]
    ranges: list[str]

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.ranges.append(self.headers.get("Range", ""))
        odd = next((act for part, act in self.odd.items() if part in self.path), None)
        if odd:
            odd(self)
        elif (file := self.file).is_file():
            self.send_file(file)
        else:
            self.answer(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    @property
    def file(self) -> Path:
        """The file at the address."""
        return Path(self.translate_path(self.path))

    def send_file(self, file: Path, *, ranges: bool = True) -> None:
        """Send a file, or the range that was asked for, as a storage bucket does."""
        content = file.read_bytes()
        tag = self.tag(content)
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not (ranges and asked and self.headers.get("If-Range", tag) == tag):
            self.answer(200, content, ETag=tag)
            return
        first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
        if first >= len(content):
            self.answer(416, Content_Range=f"bytes */{len(content)}")
            return
        where = f"bytes {first}-{last}/{len(content)}"
        self.answer(206, content[first : last + 1], ETag=tag, Content_Range=where)

    @staticmethod
    def tag(content: bytes) -> str:
        """Return the ETag of a content."""
        return f'"{hashlib.md5(content).hexdigest()}"'

    def answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        """Send an answer of any kind; in names of headers ``_`` stands for ``-``."""
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(content))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


class LocalServer:
    """A folder, the address at which it is served, and what was asked for."""

    def __init__(self, folder: Path, url: str, reply: type[Reply]) -> None:
        self.folder, self.url = folder, url
        self.odd, self.asked, self.ranges = reply.odd, reply.asked, reply.ranges

    def put(self, name: str, content: bytes | str) -> Path:
        """Write a file into the folder."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # the client closed the connection
            raise


@contextmanager
def serve(folder: Path) -> Iterator[LocalServer]:
    """Serve a folder, which is created if it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    reply = type("Own", (Reply,), {"odd": {}, "asked": [], "ranges": []})
    handler = partial(reply, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield LocalServer(folder, f"http://127.0.0.1:{server.server_port}", reply)
        server.shutdown()


def status(number: int, content: bytes = b"") -> Callable[[Reply], None]:
    """Answer with a status."""
    return lambda reply: reply.answer(number, content)


def redirect(address: str) -> Callable[[Reply], None]:
    """Answer with another address."""
    return lambda reply: reply.answer(302, Location=address)


def broken_off(reply: Reply) -> None:
    """Send half of the file, and close the connection."""
    content = reply.file.read_bytes()
    reply.answer(200, content[: len(content) // 2], Content_Length=str(len(content)))
    reply.close_connection = True


def drip(reply: Reply) -> None:
    """Send one byte at a time, slowly."""
    reply.send_response(200)
    reply.send_header("Content-Length", "100000")
    reply.end_headers()
    for _ in range(100):
        reply.wfile.write(b"#")
        time.sleep(0.05)


def without_length(reply: Reply) -> None:
    """Send half of the file without saying how long it is."""
    reply.send_response(200)
    reply.end_headers()
    reply.wfile.write(reply.file.read_bytes()[:40])


def without_ranges(reply: Reply) -> None:
    """Send the whole file, whatever part of it was asked for."""
    reply.send_file(reply.file, ranges=False)


#: What servers and networks may do to any file, whatever is in it.
FAULTS: dict[str, Callable[[Reply], None]] = {
    "an error of the server": status(500),
    "half a file": broken_off,
    "an answer whose end cannot be known": without_length,
    "a login page": status(200, b"<!DOCTYPE html><title>Log in</title>"),
    "an empty file": status(200),
    "a length that is not a number": lambda reply: reply.answer(200, Content_Length="long"),
    "an endless drip": drip,
    "a redirect to nowhere": redirect(f"{NOWHERE}/x"),
}
