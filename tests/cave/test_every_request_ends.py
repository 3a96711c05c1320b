"""Every request ends in time, whatever the server does, and does not delay other clients."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from microns_widgets.errors import CaveError, ServiceUnreachable
from microns_widgets.sources import bounds
from microns_widgets.sources.cave import connect
from microns_widgets.sources.cave.cells import query_table
from microns_widgets.sources.cave.guard import Guard
from microns_widgets.sources.cave.origins import Origins
from tests.cave.auth import GOOD
from tests.cave.server import CaveServer

TABLE = "nucleus_detection_v0"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def drip(head: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            time.sleep(0.03)
            connection.sendall(b"1")

    return send


def endless(connection: socket.socket) -> None:
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"1" * 0x10000 + b"\r\n")


def bomb(connection: socket.socket) -> None:
    body = gzip.compress(bytes(20 << 20), 1)
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    connection.sendall(head + body)


def endless_error(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"1" * 0x10000 + b"\r\n")


SENDERS = {
    "a slow body": (drip(OK + b"Content-Length: 5000\r\n\r\n"), "not complete after 0.5 s"),
    "a slow body without length": (drip(OK + b"\r\n"), "not complete after 0.5 s"),
    "slow headers": (drip(OK + b"X-Slow: "), "not complete after 0.5 s"),
    "a slow status": (drip(b"HTTP/1.1 200 "), "not complete after 0.5 s"),
    "an endless answer": (endless, "too large"),
    "an endless error": (endless_error, "too large|not complete"),
    "a packed answer that grows": (bomb, "too large"),
}


@pytest.fixture(params=SENDERS)
def odd_server(request) -> Iterator[tuple[str, str]]:
    send, message = SENDERS[request.param]
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.recv(65536)
                    send(connection)
                except OSError:
                    pass  # the client closed the connection

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}", message


def test_an_endless_response_is_abandoned(odd_server, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_BYTES", 17 << 20)
    host, message = odd_server
    session = requests.Session()
    # What is too large must be noticed before the time is over, also on a busy machine.
    Guard(Origins(f"http://{host}"), 0.1 if "0.5 s" in message else 6).put_on(session)
    with pytest.raises(CaveError, match=message):
        session.get(f"http://{host}/anything")


def test_a_large_but_plausible_response_is_read(client, server):
    body = b"[" + b"1," * (4 << 20) + b"1]"
    packed = gzip.compress(body, 1)
    server.answer("/versions", packed, Content_Encoding="gzip")
    assert len(client.materialize.get_versions()) == (4 << 20) + 1


@pytest.mark.parametrize(
    "retry_after",
    [
        *("soon", "-5", "NaN", "9" * 5000, "21600", "1e9", ""),
        *("Wed, 21 Oct 2099 07:28:00 GMT", "Wed, 21 Oct 1999 07:28:00 GMT"),
        "Fri, 99 Foo 99999 07:28:00 GMT",
    ],
)
def test_an_odd_retry_after_neither_fails_nor_delays(client, server, sample, retry_after):
    server.fail(f"{TABLE}/query", 429, times=1, Retry_After=retry_after)
    began = time.monotonic()
    assert len(query_table(client, TABLE, 1300)) == len(sample.cells)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("path", ["/info/version", "/info/api", "/materialize/api/versions"])
def test_a_retry_after_of_hours_does_not_delay_a_new_client(server, path):
    server.fail(path, 503, times=1, Retry_After="21600")
    assert connect(GOOD, server_address=server.url, timeout=5).materialize.get_versions()


def test_a_server_that_hangs_does_not_delay_other_clients(server):
    plain = requests.Session.send
    errors: list[Exception] = []

    def request_from_hanging_server() -> None:
        try:
            connect(GOOD, server_address=server.url, timeout=0.3)
        except ServiceUnreachable as error:
            errors.append(error)

    server.hang("/info/version")
    waiting = threading.Thread(target=request_from_hanging_server, daemon=True)
    waiting.start()
    while not server.count("/info/version"):
        time.sleep(0.01)
    with CaveServer(server.world) as other:
        client = connect(GOOD, server_address=other.url, timeout=5)
        assert client.materialize.get_versions() == [1300, 1400]
        assert waiting.is_alive()
        waiting.join(20)
    assert len(errors) == 1
    assert requests.Session.send is plain
