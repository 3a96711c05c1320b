"""Requests from a widget's front end, and the methods that answer them.

State that both sides share is a synced trait. For everything else (large data, an action such
as checking a token, anything that must not be saved in the notebook) the front end sends a
request and Python answers it, with custom messages on the widget's comm:

``{"kind": "ask", "id": "k3f-1", "name": "check", "content": ...}`` and buffers
    The request, from ``ask`` in ``frontend/src/shared/request.ts``. The id is unique to a view,
    so that a widget displayed twice does not mix up its answers.
``{"kind": "answer", "id": "k3f-1", "content": ...}`` and buffers
    The answer. A method marked with `answers` receives the content and the buffers; it returns
    a JSON value, a `Reply` to add binary data, or a future of either if the answer takes long
    and cells should be able to run in the meantime.
``{"kind": "answer", "id": "k3f-1", "error": {"type": "TokenRefused", "message": ...}}``
    An error that the method raised: the front end shows its message.

The front end waits for a limited time, because a kernel that is busy with a cell answers only
after that cell. anywidget has a similar mechanism but calls it experimental.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, NamedTuple, TypeVar

Send = Callable[[dict[str, Any], Sequence[bytes]], None]
T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., Any])


class Reply(NamedTuple):
    """An answer with binary data in addition to its content."""

    content: Any = None
    buffers: Sequence[bytes] = ()


def answers(name: str) -> Callable[[Method], Method]:
    """Mark the method of a widget that answers the request `name`.

    The method is called with the content and the buffers (a list of memoryviews).

    Examples
    --------
    >>> from microns_widgets.widgets._base import MicronsWidget
    >>> from microns_widgets.widgets._requests import Reply, answers
    >>> class Panel(MicronsWidget):
    ...     @answers("skeleton")
    ...     def _skeleton(self, content, buffers):
    ...         return Reply({"id": content["id"]}, [b"binary data"])
    """

    def mark(method: Method) -> Method:
        method._answers = name  # type: ignore[attr-defined]  # functions take any attribute
        return method

    return mark


def answering_methods(cls: type) -> dict[str, str]:
    """Return the names of the marked methods of a class by the request they answer."""
    methods = {}
    for base in reversed(cls.__mro__):
        for attribute, value in vars(base).items():
            if hasattr(value, "_answers"):
                methods[value._answers] = attribute
    return methods


def respond(widget: object, request: dict[str, Any], buffers: list[Any], send: Send) -> None:
    """Call the method that answers a request, and send what it returns or raises."""
    name, send_answer = request.get("name"), partial(_send, send, request.get("id"))
    method = answering_methods(type(widget)).get(str(name))
    try:
        if method is None:
            raise LookupError(f"{type(widget).__name__} cannot answer the request {name!r}.")
        result = getattr(widget, method)(request.get("content"), buffers)
    except Exception as error:  # noqa: BLE001  # the front end must learn of any failure
        send_answer(error)
        return
    if isinstance(result, Future):
        result.add_done_callback(lambda future: send_answer(future.exception() or future.result()))
    else:
        send_answer(result)


def _send(send: Send, identity: object, result: object) -> None:
    head = {"kind": "answer", "id": identity}
    if isinstance(result, BaseException):
        error = {"type": type(result).__name__, "message": str(result)}
        send({**head, "error": error}, [])
        return
    reply = result if isinstance(result, Reply) else Reply(result)
    send({**head, "content": reply.content}, reply.buffers)


def then(before: Future[T], work: Callable[[T], Reply]) -> Future[Reply]:
    """Return the future of `work` applied to a future's result."""
    after: Future[Reply] = Future()

    def finish(future: Future[T]) -> None:
        try:
            after.set_result(work(future.result()))
        except Exception as error:  # noqa: BLE001  # whoever waits must learn of any failure
            after.set_exception(error)

    before.add_done_callback(finish)
    return after
