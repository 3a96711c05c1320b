"""The server of the teacher's page: for one browser on this machine, and nobody else.

The address has a random token. Whoever has it gets a cookie that no script and no other site can
use; every other request is refused. A page of another site cannot read or change anything: the
names ``Host`` and ``Origin`` are compared, too, so that a domain that points to this machine gets
nothing.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microns_widgets.errors import MicronsError
from microns_widgets.grading.report.results import write_again
from microns_widgets.grading.review.analysis import analysis
from microns_widgets.grading.review.rubric import Rubric
from microns_widgets.grading.review.session import Session

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

STATIC = Path(__file__).with_name("static")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
}
#: A rubric or a list of requests is much smaller.
_LARGEST = 2 << 20
_NAME = 60


def make_app(session: Session, stop: Callable[[], None]) -> Flask:
    """Return the server's application.

    Parameters
    ----------
    session : Session
        What is under review.
    stop : callable
        Ends the server.
    """
    # Only a review needs it.
    from flask import Flask, Response, abort, jsonify, request

    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST
    # Students stay in their order.
    app.json.sort_keys = False  # type: ignore[attr-defined]
    token = session.token("address")
    pass_value = session.token("cookie")
    writing, renewing = threading.Lock(), threading.Lock()

    def renew() -> None:
        nonlocal session
        with renewing:
            if session.outdated:
                # If it is damaged, what was read before is still there to be looked at.
                with suppress(MicronsError):
                    session = Session(session.out, anonymous=session.anonymous)

    def cookie_name() -> str:
        # Cookies are shared by all ports of this machine.
        return f"microns_review_{request.host.rpartition(':')[2]}"

    @app.before_request
    def only_this_browser() -> None:
        port = request.environ["SERVER_PORT"]
        hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        if request.host not in hosts:
            abort(403)
        origins = [f"http://{host}" for host in hosts]
        if request.method not in ("GET", "HEAD") and request.headers.get("Origin") not in origins:
            abort(403)
        if request.path == "/" and "token" in request.args:
            return
        given = request.cookies.get(cookie_name(), "")
        if not hmac.compare_digest(given.encode(), pass_value.encode()):
            abort(403)

    @app.after_request
    def safe_headers(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    @app.errorhandler(403)
    def refused(_: object) -> ResponseReturnValue:
        words = "Open the address that `microns review` printed: it begins with http://127.0.0.1."
        return Response(words, 403, content_type="text/plain; charset=utf-8")

    @app.errorhandler(MicronsError)
    def told(error: MicronsError) -> ResponseReturnValue:
        return jsonify(problem=str(error)), 409

    @app.errorhandler(OSError)
    def unreadable(error: OSError) -> ResponseReturnValue:
        return jsonify(
            problem=f"The results folder cannot be read ({error.strerror or error})."
        ), 409

    @app.errorhandler(KeyError)
    @app.errorhandler(ValueError)
    @app.errorhandler(TypeError)
    def invalid(_: Exception) -> ResponseReturnValue:
        return jsonify(
            problem="This page does not match the results folder any more. Reload it."
        ), 400

    @app.get("/")
    def page() -> ResponseReturnValue:
        given = request.args.get("token")
        if given is None:
            return _static("page.html")
        if not hmac.compare_digest(given.encode(), token.encode()):
            abort(403)
        # A page that goes on by itself: after a redirect from elsewhere, browsers do not send a
        # strict cookie.
        response = _static("enter.html")
        response.set_cookie(cookie_name(), pass_value, httponly=True, samesite="Strict")
        return response

    def _static(name: str) -> Response:
        path = STATIC / name
        if path.parent != STATIC or path.suffix not in _TYPES or not path.is_file():
            abort(404)
        kind = f"{_TYPES[path.suffix]}; charset=utf-8"
        return Response(path.read_bytes(), content_type=kind)

    @app.get("/static/<name>")
    def static_file(name: str) -> ResponseReturnValue:
        return _static(name)

    @app.get("/data")
    def data() -> ResponseReturnValue:
        renew()
        return jsonify(session.data())

    @app.get("/detail/<work>/<question>")
    def detail(work: str, question: str) -> ResponseReturnValue:
        return jsonify(session.detail(work, question))

    @app.get("/figure/<whose>/<work>/<question>/<answer>.png")
    def figure(whose: str, work: str, question: str, answer: str) -> ResponseReturnValue:
        content = session.figure(work, question, answer, key=whose == "key")
        if content is None:
            # Not an error: a figure without marks is often the student's mistake.
            return Response(status=204)
        return Response(content, content_type="image/png")

    @app.get("/changes/<int:since>")
    def changes(since: int) -> ResponseReturnValue:
        renew()
        return jsonify(session.changes(since))

    @app.get("/analysis")
    def numbers() -> ResponseReturnValue:
        return jsonify(analysis(session))

    def asked() -> tuple[dict[str, Any], str, str]:
        plain = request.get_json()
        who = str(plain["who"]).strip()[:_NAME]
        if not who:
            raise ValueError("nobody")
        return plain, str(plain["id"])[:60], "".join(s for s in who if s.isprintable())

    @app.post("/change")
    def change() -> ResponseReturnValue:
        plain, id, who = asked()
        since = int(plain["n"])
        match plain["kind"]:
            case "mark":
                place = session.place(plain["work"], plain["answer"])
                session.store.change(id, who, place, plain["patch"])
            case "rubric":
                column = (str(plain["exercise"]), str(plain["answer"]))
                if column not in session.columns:
                    raise KeyError(column)
                session.store.change_rubric(id, who, column, Rubric.from_json(plain["rubric"]))
            case "looked":
                at = [(session.task(work), str(question)) for work, question in plain["at"]]
                session.store.look(id, who, at)
            case "request":
                request_id, answered = str(plain["request"]), bool(plain["answered"])
                session.store.answer_request(id, who, request_id, answered)
            case "undo" | "redo" as kind:
                done = session.store.undo(id, who, again=kind == "redo")
                return jsonify(**session.changes(since), done=done)
            case _:
                raise ValueError(plain["kind"])
        return jsonify(session.changes(since))

    @app.post("/requests")
    def requests() -> ResponseReturnValue:
        return jsonify(session.add_requests(request.get_data()))

    @app.post("/write")
    def write() -> ResponseReturnValue:
        with writing:
            results = write_again(session.out)
        return jsonify(problems=results.problems, notices=results.notices)

    @app.post("/stop")
    def end() -> ResponseReturnValue:
        response = jsonify(stopped=True)
        # Only once it is sent: the process may end at once, and the page would never know.
        response.call_on_close(stop)
        return response

    return app
