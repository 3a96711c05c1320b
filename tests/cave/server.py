"""A CAVE server on loopback that the unmodified caveclient talks to over HTTP.

>>> with CaveServer(sample_world()) as server:
...     client = CAVEclient("minnie65_public", server_address=server.url, auth_token=GOOD,
...                         write_server_cache=False)

``python -m tests.cave`` starts one with the sample. What it imitates was read in the
services' public sources; nothing was compared with the live ones.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.cave import auth, materialize, skeleton_service
from tests.cave.world import World


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"


@dataclass
class Request:
    """A request that the server received."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Fault:
    """Something that goes wrong on demand.

    Attributes
    ----------
    path : str
        Part of the path of the requests that it meets.
    answer : callable
        Makes the broken answer.
    times : int
        Number of requests that fail before it is fixed.
    after : int
        How many requests it lets pass before.
    """

    path: str
    answer: Callable[[], Response]
    times: int = 1_000_000
    after: int = 0

    def meets(self, path: str) -> bool:
        if self.path not in path or self.times == 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return True


class CaveServer:
    """The server; use it in a with statement.

    Parameters
    ----------
    world : World
        What it serves.
    port : int
        A free one for 0.
    """

    def __init__(self, world: World, port: int = 0) -> None:
        self.world = world
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.changes: list[tuple[str, Callable[[bytes], bytes]]] = []
        self.skeletonizer = skeleton_service.Skeletonizer(world)
        self._stopping = threading.Event()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        app = Flask("local CAVE")
        app.before_request(self._see)
        app.after_request(self._change)
        auth.add_routes(app, world.datastack)
        materialize.add_routes(app, world)
        skeleton_service.add_routes(app, self.skeletonizer)
        self._server = make_server("127.0.0.1", port, app, True, request_handler=_Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> CaveServer:
        # At its end, a test waits for the next poll.
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def count(self, path: str) -> int:
        """Number of requests so far whose path has this part."""
        return sum(path in seen.path for seen in self.requests)

    def fail(
        self, path: str, status: int, *, times: int = 1_000_000, after: int = 0, **headers: str
    ) -> None:
        """Answer requests to this path with a status; headers with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        def answer() -> Response:
            return Response(b'{"message": "a fault"}', status, named, "application/json")

        self.faults.append(Fault(path, answer, times, after))

    def hang(self, path: str) -> None:
        """Leave requests to this path unanswered until the server stops."""

        def answer() -> Response:
            self._stopping.wait(60)
            return Response(status=500)

        self.faults.append(Fault(path, answer))

    def break_body(self, path: str, content_type: str = "data.arrow") -> None:
        """Answer requests to this path with a body that does not match its content type."""

        def answer() -> Response:
            response = Response(b"\xff\xff\xff\xffnot at all")
            response.headers["Content-Type"] = content_type
            return response

        self.faults.append(Fault(path, answer))

    def delay(self, path: str, seconds: float) -> None:
        """Delay requests to this path, then answer them correctly."""

        def answer() -> Any:
            time.sleep(seconds)

        self.faults.append(Fault(path, answer))

    def answer(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        """Respond to requests to this path with this body, as JSON unless the headers differ."""

        def answer() -> Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return Response(
                body, status, named, content_type=named.get("Content-Type", "application/json")
            )

        self.faults.append(Fault(path, answer))

    def change(self, path: str, change: Callable[[bytes], bytes]) -> None:
        """Change the body of successful responses to this path, except for counts."""
        self.changes.append((path, change))

    def clear_faults(self) -> None:
        """Remove all faults and changes."""
        self.faults.clear()
        self.changes.clear()

    def _change(self, response: Response) -> Response:
        if response.status_code == 200 and request.args.get("count") != "True":
            for path, change in self.changes:
                if path in request.path:
                    response.set_data(change(response.get_data()))
        return response

    def _see(self) -> Response | None:
        self.requests.append(Request(request.method, request.full_path, dict(request.headers)))
        for fault in self.faults:
            if fault.meets(request.path):
                return fault.answer()
        return None
