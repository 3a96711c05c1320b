"""Guards requests to CAVE: timeouts, clear errors, and no leak of the token.

caveclient's requests have no timeout, obey a ``Retry-After`` of hours, open a web browser
on the kernel's machine if terms are not accepted, report a truncated answer only in a
header, and send the token's cookie along with a redirect to another host. A guarded
session does none of this. Below it, in urllib3 and http.client, local variables hold the
token as plain bytes. Exceptions from there are replaced, because IPython's verbose
tracebacks print the local variables of every frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock, get_ident
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util.retry import Retry

from microns_widgets.errors import (
    CaveError,
    NoPermission,
    ServiceUnreachable,
    TermsNotAccepted,
    TokenRefused,
    VersionNotFound,
)
from microns_widgets.sources.cave.origins import CREDENTIALS, Origins
from microns_widgets.sources.cave.secret import HiddenText
from microns_widgets.sources.cave.tokens import token_page

#: Seconds to wait before the first retry; each further wait is twice as long.
BACKOFF_S = 0.5
#: Longest wait in seconds, whatever ``Retry-After`` says.
LONGEST_WAIT_S = 10.0
_CONSTRUCTION = RLock()


@dataclass
class Guard:
    """Rules for all sessions of one client.

    Attributes
    ----------
    hosts : Origins
        Servers to which the token may be sent.
    timeout : float
        Seconds to wait for the answer to a request.
    truncated : bool
        Whether an answer was truncated at the server's row limit; callers reset it before a
        query.
    """

    hosts: Origins
    timeout: float
    truncated: bool = field(default=False)

    def put_on(self, session: requests.Session) -> None:
        """Guard a session from now on."""
        retries = _ShortRetry(
            total=3,
            backoff_factor=BACKOFF_S,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=frozenset(["GET", "POST"]),
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retries))
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
        """
        self.hosts.admit(request, options)
        _hide(request.headers)
        options["timeout"] = options.get("timeout") or self.timeout
        response = self._answer(plain, request, **options)
        if "Limited query to" in response.headers.get("Warning", ""):
            self.truncated = True
        refuse(response)
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
            problem = KeyboardInterrupt("Interrupted while waiting for CAVE's answer.")
        except (OSError, ValueError, HTTPError) as error:
            # The exception's text may quote the request; its type is enough.
            problem = _unreachable(error, self.timeout)
        # Raised outside the handler, so that its context does not lead to those frames.
        raise problem

    @contextmanager
    def during_construction(self) -> Iterator[None]:
        """Guard every session created in the block: caveclient's constructor sends requests."""
        with _CONSTRUCTION:
            plain = requests.Session.send
            guard, maker = self, get_ident()

            def send(
                session: requests.Session, request: requests.PreparedRequest, **options: Any
            ) -> requests.Response:
                if get_ident() != maker:
                    # Other cells may send requests while a panel's thread creates a client.
                    return plain(session, request, **options)

                def bound(*args: Any, **kwargs: Any) -> requests.Response:
                    return plain(session, *args, **kwargs)

                return guard.send(bound, request, **options)

            requests.Session.send = send  # type: ignore[assignment, method-assign]
            try:
                yield
            finally:
                requests.Session.send = plain  # type: ignore[method-assign]


class _ShortRetry(Retry):
    """Retries with a limited waiting time."""

    def get_retry_after(self, response: Any) -> float | None:
        seconds = super().get_retry_after(response)
        return None if seconds is None else min(seconds, LONGEST_WAIT_S)


def refuse(response: requests.Response) -> None:
    """Raise the error for an answer that denies access."""
    body = _json(response)
    if response.status_code == 401:
        raise TokenRefused(
            "CAVE refused the token: it is unknown or expired. Create a new one at "
            f"{token_page()} and enter it. The old token then stops working."
        )
    if response.status_code == 403 and body.get("error") == "missing_tos":
        page = str((body.get("data") or {}).get("tos_form_url", ""))
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
    from caveclient.base import AuthException

    problem: CaveError
    try:
        yield
        return
    except CaveError:
        raise
    except AuthException:
        problem = TokenRefused(f"CAVE requires a token. Create one at {token_page()} and enter it.")
    except requests.HTTPError as error:
        problem = _of_status(error.response, what)
    except (OSError, EOFError, ValueError) as error:
        problem = CaveError(
            f"CAVE's answer to the request for {what} could not be read ({type(error).__name__}). "
            "Try again; if the error persists, the service has a problem."
        )
    # Without caveclient's error as its cause, which says less.
    raise problem from None


def _unreachable(error: Exception, timeout: float) -> ServiceUnreachable:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.Timeout) or isinstance(reason, ReadTimeoutError):
        return ServiceUnreachable(
            f"CAVE did not answer within {timeout:g} s, in several attempts. Try again in a "
            "minute; what was downloaded so far is saved."
        )
    return ServiceUnreachable(
        f"CAVE could not be reached ({type(error).__name__}). Check your network connection and "
        "try again, or use the built-in sample: load()."
    )


def _hide(headers: MutableMapping[str, Any]) -> None:
    for name in CREDENTIALS:
        if name in headers:
            headers[name] = HiddenText(headers[name])


def _of_status(response: requests.Response | None, what: str) -> CaveError:
    status = response.status_code if response is not None else 0
    if status == 404:
        return VersionNotFound(
            f"CAVE does not have {what}. client.materialize.get_versions() and get_tables() list "
            "what is available."
        )
    if status >= 500 or status == 429:
        return ServiceUnreachable(
            f"CAVE could not answer the request for {what} (status {status}). Try again in a "
            "minute; what was downloaded so far is saved."
        )
    return CaveError(
        f"CAVE refused the request for {what} (status {status}). Check the arguments, or try again "
        "later."
    )


def _json(response: requests.Response) -> dict[str, Any]:
    if not re.match("application/json", response.headers.get("Content-Type", "")):
        return {}
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
