"""Limits on the total time of a request and on the size of its response.

The timeout of the library requests limits only the wait for the next byte. It limits neither the
number of bytes nor their number after decompression.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from threading import local
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

#: Largest decompressed response in bytes; half a million synapses take about 80 MB.
MOST_BYTES = 512 << 20
#: A response larger than the first number of bytes may be at most this many times its compressed
#: size.
_PACKED_FREELY, _MOST_PACKED = 16 << 20, 100
_PIECE = 64 << 10

_thread = local()


class ResponseTooLarge(requests.RequestException):
    """A response is larger than any plausible one."""


@contextmanager
def whole_time(seconds: float) -> Iterator[None]:
    """Limit the total time of all requests that this thread sends in the block, with retries."""
    outer = getattr(_thread, "deadline", inf)
    _thread.deadline = min(outer, time.monotonic() + seconds)
    try:
        yield
    finally:
        _thread.deadline = outer


def time_left() -> float:
    """Return the seconds left for this thread's requests; infinite if there is no limit."""
    return float(getattr(_thread, "deadline", inf) - time.monotonic())


def check_size(size: int, packed: int) -> None:
    """Raise `ResponseTooLarge` if `size` bytes, received as `packed` bytes, are too many."""
    if size > MOST_BYTES or size > max(_PACKED_FREELY, _MOST_PACKED * packed):
        raise ResponseTooLarge(f"more than {size >> 20} MB")


class TimedAdapter(HTTPAdapter):
    """Sends requests and stops reading a response once the thread's `whole_time` is over."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Create the pool manager."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pool manager for connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **options)
        if type(manager) is ProxyManager:  # SOCKS uses its own connection classes
            manager.pool_classes_by_scheme = _POOLS
        return manager


class BoundedAdapter(TimedAdapter):
    """Sends requests and reads their responses within the limits on time and size."""

    def send(  # type: ignore[override]  # requests always names the options
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        """Send a request and read the complete response, even if the caller asked to stream it."""
        left = time_left()
        if left <= 0:
            raise requests.Timeout
        if left < inf and isinstance(options.get("timeout"), int | float):
            options["timeout"] = min(options["timeout"], left)
        response = super().send(request, **options | {"stream": True})
        content = io.BytesIO()
        try:
            for piece in response.iter_content(_PIECE):
                content.write(piece)
                check_size(content.tell(), response.raw.tell())
        except BaseException:
            response.close()
            raise
        response._content = content.getvalue()
        # JSON is UTF-8; guessing the encoding of a large response takes minutes.
        response.encoding = response.encoding or "utf-8"
        return response


class _TimedReader(io.RawIOBase):
    """Reads bytes from a socket until this thread's time limit."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw, self._sock, self._gap = raw, sock, sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = time_left()
        if left <= 0:
            raise TimeoutError("The response took too long.")
        if left < inf:
            self._sock.settimeout(left if self._gap is None else min(left, self._gap))
        return self._raw.readinto(buffer)

    def fileno(self) -> int:
        return self._raw.fileno()

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        # Headers can arrive as slowly as the body, so the reader underneath both is replaced.
        self.fp: io.BufferedReader = io.BufferedReader(_TimedReader(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _TimedResponse


class _SecureConnection(HTTPSConnection):
    response_class = _TimedResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}
