"""Starts and ends the server of the teacher's page."""

from __future__ import annotations

import logging
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from microns_widgets._files import write_text
from microns_widgets.errors import InvalidArgument, MissingLibrary
from microns_widgets.grading.report.kept import FOLDER
from microns_widgets.grading.review.session import Session
from microns_widgets.grading.review.shown import get_ready

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
_PORT = "port"
#: Seconds that the end waits for answers that are being prepared, such as results being written.
_LONGEST = 120.0
#: Seconds after the start at which figures are prepared.
_LATER = 3.0


class Answering:
    """An application that knows whether it is answering anything.

    Connections stay open between requests, so that their threads do not say when to end.

    Parameters
    ----------
    app : WSGIApplication
        The application.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._number = 0
        self._changed = threading.Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        from werkzeug.wsgi import ClosingIterator

        self._count(1)
        try:
            return ClosingIterator(self._app(environ, start_response), lambda: self._count(-1))
        except BaseException:
            self._count(-1)
            raise

    def _count(self, more: int) -> None:
        with self._changed:
            self._number += more
            self._changed.notify_all()

    def wait(self, longest: float = _LONGEST) -> None:
        """Wait until nothing is being answered, for this many seconds at most."""
        with self._changed:
            self._changed.wait_for(lambda: self._number == 0, longest)


def serve(
    session: Session,
    port: int = 0,
    *,
    browser: bool = True,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the page until somebody stops it there, or with Ctrl-C.

    Parameters
    ----------
    session : Session
        What is under review.
    port : int
        The port on this machine; 0 for the one of the last time, or else any that is free.
    browser : bool
        Whether the page is opened.
    ready : callable
        Gets the address once the server answers.

    Raises
    ------
    MissingLibrary
        If Flask is not installed.
    InvalidArgument
        If the port is in use.
    """
    try:
        # Only a review needs it.
        from werkzeug.serving import WSGIRequestHandler, make_server

        from microns_widgets.grading.review.server import make_app

        app = Answering(make_app(session, lambda: threading.Thread(target=server.shutdown).start()))
    except ImportError as error:
        raise MissingLibrary(
            "microns review needs Flask. Install it: pip install 'flask>=3', or, in a copy of the "
            "repository, pip install -e '.[review]'."
        ) from error

    class Handler(WSGIRequestHandler):
        # Connections stay open: a page asks often.
        protocol_version = "HTTP/1.1"

    # It would print every request, with the token.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    listening = _listening(port, session.out)
    at = listening.getsockname()[1]
    server = make_server(
        HOST, at, app, threaded=True, request_handler=Handler, fd=listening.fileno()
    )
    address = f"http://{HOST}:{at}/?token={session.token('address')}"
    write_text(session.out / FOLDER / _PORT, f"{at}\n", mode=0o600)
    ready(address)
    # Once the page is there: it is more urgent.
    later = threading.Timer(_LATER, get_ready)
    later.daemon = True
    later.start()
    if browser:
        # A text browser would take over the terminal.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    try:
        server.serve_forever()
        later.cancel()
        # A file that is being written is whole at any time; together they are only at the end.
        app.wait()
    finally:
        server.server_close()
        listening.close()


def _listening(port: int, out: Path) -> socket.socket:
    if port:
        try:
            return _bound(port)
        except OSError as error:
            raise InvalidArgument(
                f"Port {port} cannot be used ({error.strerror}). Choose another --port, or 0 for "
                "any that is free."
            ) from None
    # The same address as the last time: a page that is still open goes on by itself.
    with suppress(OSError, ValueError, OverflowError):
        return _bound(int((out / FOLDER / _PORT).read_text(encoding="utf-8")))
    return _bound(0)


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(64)
    except OSError:
        listening.close()
        raise
    return listening
