"""caveclient's client, guarded from its first request on, which does not reveal its token.

A separate module, because caveclient takes a second to import and is needed only to connect.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from caveclient.auth import AuthClient
from caveclient.frameworkclient import CAVEclientFull

from microns_widgets.sources.cave.guard import Guard
from microns_widgets.sources.cave.secret import HiddenText, refuse_pickling

_SERVICES = (
    "info",
    "state",
    "schema",
    "annotation",
    "chunkedgraph",
    "l2cache",
    "materialize",
    "skeleton",
)


class QuietAuth(AuthClient):
    """Holds the token and returns headers whose repr hides it."""

    def __init__(self, guard: Guard, **options: Any) -> None:
        self._guard = guard
        super().__init__(**options)

    @property
    def request_header(self) -> dict[str, str]:
        """Header with the token, for the services' sessions."""
        return {"Authorization": HiddenText(f"Bearer {self.token}")}

    def save_token(self, token: str | None = None, *args: Any, **options: Any) -> None:
        """Save a token as caveclient does, without showing it in an error."""
        token = None if token is None else HiddenText(token)
        super().save_token(token, *args, **options)


def _in_guarded_session(name: str) -> Callable[..., Any]:
    plain = getattr(AuthClient, name)

    @wraps(plain)
    def ask(auth: QuietAuth, *args: Any, **kwargs: Any) -> Any:
        # It creates a session for each request.
        with auth._guard.during_construction():
            return plain(auth, *args, **kwargs)

    return ask


for _name in ("get_tokens", "get_user_information", "get_group_users"):
    setattr(QuietAuth, _name, _in_guarded_session(_name))


class QuietClient(CAVEclientFull):
    """A `CAVEclient` whose requests are guarded and whose reprs hide the token.

    Parameters
    ----------
    guard : Guard
        Guard of all its sessions.
    auth_token : HiddenText
        The token.
    **options
        Options of `CAVEclient`.
    """

    def __init__(self, guard: Guard, *, auth_token: HiddenText, **options: Any) -> None:
        self._microns_guard = guard
        super().__init__(auth_token=auth_token, **options)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        refuse_pickling()

    @property
    def local_server(self) -> str:
        """Address of the datastack's own server, which also receives the token."""
        return self._local_server

    @local_server.setter
    def local_server(self, address: str) -> None:
        self._microns_guard.hosts.add(address)
        self._local_server = address

    @property
    def auth(self) -> QuietAuth:
        """The authentication service, with the token."""
        if self._auth is None:
            self._auth: QuietAuth = QuietAuth(self._microns_guard, **self._auth_config)
        return self._auth


def _guarded(name: str) -> property:
    plain = getattr(CAVEclientFull, name)

    def service(client: QuietClient) -> Any:
        if getattr(client, f"_{name}") is None:
            # Its constructor requests the version.
            with client._microns_guard.during_construction():
                created = plain.fget(client)
            client._microns_guard.put_on(created.session)
        return getattr(client, f"_{name}")

    return property(service, doc=plain.__doc__)


for _name in _SERVICES:
    setattr(QuietClient, _name, _guarded(_name))
