"""Work in threads, or at once where a program cannot start any, as in a browser (Pyodide)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class AtOnce(Executor):
    """An executor whose `submit` does the work before it returns."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Call a function and return its result, or its error, as a future that is done."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # as in a thread: whoever asks for the result gets it
            future.set_exception(error)
        return future


def thread_pool(workers: int, name: str = "") -> Executor:
    """Return an executor with threads if this program can start any, else `AtOnce`."""
    if start_thread(lambda: None):
        return ThreadPoolExecutor(workers, thread_name_prefix=name)
    return AtOnce()


def start_thread(work: Callable[..., object], *args: object) -> bool:
    """Call a function in a new thread that does not keep Python running; False if none starts."""
    try:
        Thread(target=work, args=args, daemon=True).start()
    except RuntimeError:
        return False
    return True
