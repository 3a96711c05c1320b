"""Guards requests to CAVE: timeouts, clear errors, and no leak of the token.

caveclient's requests have no timeout, obey a ``Retry-After`` of hours, open a web browser
on the kernel's machine if terms are not accepted, report a truncated response only in a
header, accept half a table as a complete one, and send the token's cookie to another
host if a response redirects there. A guarded session does none of this. Below it, in urllib3 and
http.client, local variables hold the token as plain bytes. Exceptions from there are
replaced, because IPython's verbose tracebacks print the local variables of every frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock, local
from typing import Any

import requests
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import Retry

from microns_widgets.errors import (
    CaveError,
    MicronsError,
    NoPermission,
    TableError,
    TermsNotAccepted,
    TokenRefused,
    VersionNotFound,
    one_line,
)
from microns_widgets.sources.bounds import BoundedAdapter, time_left, whole_time
from microns_widgets.sources.cave.origins import CREDENTIALS, Origins, origin_of
from microns_widgets.sources.cave.responses import check_readable, failure, json_object, of_status
from microns_widgets.sources.cave.secret import HiddenText
from microns_widgets.sources.cave.tokens import token_page

#: Seconds to wait before the first retry; each further wait is twice as long.
BACKOFF_S = 0.5
#: Longest wait in seconds, whatever ``Retry-After`` says.
LONGEST_WAIT_S = 10.0
#: A request, including retries and the complete response, ends after this many timeouts.
SPAN = 5

#: State of this thread: whether a response was truncated and, while a client is constructed, its
#: guard and the first problem.
_thread = local()


@dataclass
class Guard:
    """Rules for all sessions of one client.

    Attributes
    ----------
    hosts : Origins
        Servers to which the token may be sent.
    timeout : float
        Seconds to wait for the next part of a response; the complete response may take `SPAN`
        times as long.
    """

    hosts: Origins
    timeout: float

    @property
    def truncated(self) -> bool:
        """Whether a response in this thread was truncated at the server's row limit.

        Callers reset it before a query.
        """
        return getattr(_thread, "truncated", False)

    @truncated.setter
    def truncated(self, value: bool) -> None:
        _thread.truncated = value

    def put_on(self, session: requests.Session) -> None:
        """Guard a session from now on."""
        _limit(session)
        _hide(session.headers)
        plain = session.send

        def send(request: requests.PreparedRequest, **options: Any) -> requests.Response:
            return self.send(plain, request, **options)

        session.send = send  # type: ignore[method-assign]  # of this one object, not the class

    def send(
        self,
        plain: Callable[..., requests.Response],
        request: requests.PreparedRequest,
        **options: Any,
    ) -> requests.Response:
        """Send a request with a timeout and check the answer.

        Raises
        ------
        ServiceUnreachable, TokenRefused, TermsNotAccepted, NoPermission, VersionNotFound
            If the request fails. Their tracebacks do not lead below this frame.
        CaveError
            If the response is incomplete, too large or unreadable.
        """
        self.hosts.admit(request, options)
        _hide(request.headers)
        options["timeout"] = options.get("timeout") or self.timeout
        with whole_time(SPAN * self.timeout):
            response = self._answer(plain, request, **options)
        if "Limited query to" in response.headers.get("Warning", ""):
            self.truncated = True
        refuse(response)
        check_readable(response)
        return response

    def _answer(
        self,
        plain: Callable[..., requests.Response],
        request: requests.PreparedRequest,
        **options: Any,
    ) -> requests.Response:
        problem: CaveError | KeyboardInterrupt
        try:
            return plain(request, **options)
        except KeyboardInterrupt:
            problem = KeyboardInterrupt("Interrupted while waiting for CAVE's response.")
        except CaveError as error:  # from a request that this one was redirected to
            problem = error
        except Exception as error:  # noqa: BLE001 - whatever fails below, the request has failed
            # The exception's text may quote the request; its type is enough.
            problem = failure(error, self.timeout, SPAN * self.timeout)
        # Raised outside the handler, so that its context does not lead to those frames.
        raise problem

    @contextmanager
    def during_construction(self) -> Iterator[None]:
        """Guard every session that this thread uses in the block.

        caveclient's constructors send requests. They ignore some failures and continue with an
        old interface; such failures are raised at the end of the block.
        """
        outer = getattr(_thread, "guard", None)
        if outer is None:
            _thread.problem = None
        _thread.guard = self
        _PATCH.add()
        try:
            with whole_time(SPAN * self.timeout):
                yield
        except (CaveError, requests.HTTPError):
            _thread.problem = None
            raise
        except Exception:
            if _thread.problem is None:
                raise
        finally:
            _PATCH.remove()
            _thread.guard = outer
        problem, _thread.problem = _thread.problem, None
        if problem is not None:
            raise problem.with_traceback(None)


class _Patch:
    """Replaces `requests.Session.send` while any thread constructs a client.

    The lock is held only to count these threads, never while a thread waits for a response.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._installed = False
        self._plain = requests.Session.send

    def add(self) -> None:
        with self._lock:
            self._users += 1
            if not self._installed:
                self._plain = requests.Session.send
                requests.Session.send = _send_in_construction  # type: ignore[assignment, method-assign]
                self._installed = True

    def remove(self) -> None:
        with self._lock:
            self._users -= 1
            # If other code has replaced `send` since, leave both replacements in place.
            current: Any = requests.Session.send
            if not self._users and current is _send_in_construction:
                requests.Session.send = self._plain  # type: ignore[method-assign]
                self._installed = False

    def plain(self, session: requests.Session) -> Callable[..., requests.Response]:
        return partial(self._plain, session)


_PATCH = _Patch()


def _send_in_construction(
    session: requests.Session, request: requests.PreparedRequest, **options: Any
) -> requests.Response:
    plain = _PATCH.plain(session)
    guard: Guard | None = getattr(_thread, "guard", None)
    if guard is None:  # another thread's session
        return plain(request, **options)
    _limit(session)
    try:
        response = guard.send(plain, request, **options)
    except (CaveError, KeyboardInterrupt) as error:
        _thread.problem = _thread.problem or error
        raise
    if response.status_code >= 500 or response.status_code == 429:
        _thread.problem = _thread.problem or of_status(response, "the list of its interfaces")
    return response


def _limit(session: requests.Session) -> None:
    """Limit the time, the size and the retries of a session's requests."""
    retries = _ShortRetry(
        total=3,
        backoff_factor=BACKOFF_S,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=frozenset(["GET", "POST"]),
        raise_on_status=False,
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, BoundedAdapter(max_retries=retries))


class _ShortRetry(Retry):
    """Retries with a limited wait, and none once the time limit of the request is reached."""

    def get_retry_after(self, response: Any) -> float | None:
        try:
            seconds = super().get_retry_after(response)
        except (HTTPError, ValueError, OverflowError, TypeError):
            return None  # neither seconds nor a date
        return None if seconds is None else min(seconds, LONGEST_WAIT_S)

    def get_backoff_time(self) -> float:
        return min(super().get_backoff_time(), LONGEST_WAIT_S)

    def increment(self, *args: Any, **options: Any) -> Any:
        following = super().increment(*args, **options)
        response = options.get("response")
        wait = following.get_retry_after(response) if response is not None else None
        if (wait or following.get_backoff_time()) >= time_left():
            # The failure is more informative than the time limit that would follow.
            raise MaxRetryError(options["_pool"], "", options.get("error"))
        if response is not None:
            response.close()  # otherwise urllib3 reads the rest, whatever its size
        return following


def refuse(response: requests.Response) -> None:
    """Raise the error for a response that denies access."""
    body = json_object(response)
    if response.status_code == 401:
        raise TokenRefused(
            "CAVE refused the token: it is unknown or expired. Create a new one at "
            f"{token_page()} and enter it. The old token then stops working."
        )
    if response.status_code == 403 and body.get("error") == "missing_tos":
        data = body.get("data")
        page = str(data.get("tos_form_url", "")) if isinstance(data, dict) else ""
        if origin_of(page) is None:
            page = ""
        raise TermsNotAccepted(
            "CAVE recognises the token, but its account has not accepted the terms of service "
            f"of this dataset. Open {page or 'the page of the dataset'}, accept them, and try "
            "again.",
            page,
        )
    if response.status_code == 403:
        raise NoPermission(
            "CAVE recognises the token, but its account has no access to this datastack. Check "
            "the name of the datastack, or log in with an account that has access."
        )
    if response.status_code == 410:
        raise VersionNotFound(
            "CAVE has withdrawn this version. client.materialize.get_versions() lists the "
            "available ones."
        )


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn exceptions of caveclient into a `CaveError` that says what to do.

    Parameters
    ----------
    what : str
        What was requested, for the message.
    """
    from caveclient.base import AuthException, ServerIncompatibilityError

    problem: CaveError
    try:
        yield
        return
    except AuthException:
        problem = TokenRefused(f"CAVE requires a token. Create one at {token_page()} and enter it.")
    except ServerIncompatibilityError as error:
        problem = CaveError(
            f"CAVE's service does not support the request for {what} "
            f"({one_line(str(error), 200)}). Update caveclient, or ask the datastack's maintainers."
        )
    except requests.HTTPError as error:
        problem = of_status(error.response, what)
    except TableError as error:
        problem = CaveError(
            f"CAVE's response to the request for {what} cannot be used: "
            f"{str(error).removeprefix('the frame: ').partition('. ')[0]}. It was discarded; try "
            "again later. If the error persists, tell the datastack's maintainers."
        )
    except MicronsError:
        raise
    except Exception as error:  # noqa: BLE001 - odd responses make caveclient raise anything
        problem = CaveError(
            f"CAVE's response to the request for {what} could not be read "
            f"({type(error).__name__}). Try again; if the error persists, the service has a "
            "problem."
        )
    # Without caveclient's error as its cause, which says less.
    raise problem from None


def _hide(headers: MutableMapping[str, Any]) -> None:
    for name in CREDENTIALS:
        if name in headers:
            headers[name] = HiddenText(headers[name])
