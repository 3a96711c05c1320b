"""Questions that a widget's front end asks, and the methods that answer them.

State that both sides share is a synced trait. For everything else (large data, an act
such as checking a token, whatever must not be saved in the notebook) the front end asks
and Python answers, with custom messages of the widget's comm:

``{"kind": "ask", "id": "k3f-1", "name": "check", "content": ...}`` and buffers
    from ``ask`` in ``frontend/src/shared/request.ts``. The id is unique to a view, so that a
    widget displayed twice does not mix up its answers.
``{"kind": "answer", "id": "k3f-1", "content": ...}`` and buffers
    what the method returned. A method that marks itself with `answers` is given the content
    and the buffers; it returns something that JSON can hold, a `Reply` where binary data go
    along, or a future of either when the answer takes long and cells shall run meanwhile.
``{"kind": "answer", "id": "k3f-1", "error": {"type": "TokenRefused", "message": ...}}``
    an error, raised by the method: the front end shows its message.

The front end waits for a limited time, since a kernel that is busy with a cell answers only
after it. anywidget has a similar mechanism, but calls it experimental.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, NamedTuple, TypeVar

Send = Callable[[dict[str, Any], Sequence[bytes]], None]
Method = TypeVar("Method", bound=Callable[..., Any])


class Reply(NamedTuple):
    """An answer with binary data beside its content."""

    content: Any = None
    buffers: Sequence[bytes] = ()


def answers(name: str) -> Callable[[Method], Method]:
    """Mark a widget's method as the one that answers the question `name`.

    The method is called with the content and the buffers (a list of memoryviews).

    Examples
    --------
    >>> class Panel(MicronsWidget):
    ...     @answers("skeleton")
    ...     def _skeleton(self, content, buffers):
    ...         return Reply({"id": content["id"]}, [pack(...)])
    """

    def mark(method: Method) -> Method:
        method._answers = name  # type: ignore[attr-defined]  # functions take any attribute
        return method

    return mark


def answering_methods(cls: type) -> dict[str, str]:
    """Return the names of the marked methods of a class by the question they answer."""
    found = {}
    for base in reversed(cls.__mro__):
        for attribute, value in vars(base).items():
            if hasattr(value, "_answers"):
                found[value._answers] = attribute
    return found


def respond(widget: object, question: dict[str, Any], buffers: list[Any], send: Send) -> None:
    """Call the method that answers a question, and send what it returns or raises."""
    name, send_answer = question.get("name"), partial(_send, send, question.get("id"))
    method = answering_methods(type(widget)).get(str(name))
    try:
        if method is None:
            raise LookupError(f"{type(widget).__name__} has no answer to {name!r}.")
        result = getattr(widget, method)(question.get("content"), buffers)
    except Exception as error:  # noqa: BLE001  # whatever it is, the one who asked must hear of it
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
