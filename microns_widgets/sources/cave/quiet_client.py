"""caveclient's client, guarded from its first request on, that does not show its token.

In a module of its own since caveclient takes a second to import: only who connects pays for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from caveclient.auth import AuthClient
from caveclient.frameworkclient import CAVEclientFull

from microns_widgets.sources.cave.guard import Guard
from microns_widgets.sources.cave.secret import HiddenText

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
    """Knows the token; what it makes of it has a repr that hides it."""

    def __init__(self, guard: Guard, **options: Any) -> None:
        self._guard = guard
        super().__init__(**options)

    @property
    def request_header(self) -> dict[str, str]:
        """Header with the token, for the services' sessions."""
        return {"Authorization": HiddenText(f"Bearer {self.token}")}


def _in_guarded_session(name: str) -> Callable[..., Any]:
    plain = getattr(AuthClient, name)

    @wraps(plain)
    def ask(auth: QuietAuth, *args: Any, **kwargs: Any) -> Any:
        # It makes a session for each question.
        with auth._guard.during_construction():
            return plain(auth, *args, **kwargs)

    return ask


for _name in ("get_tokens", "get_user_information", "get_group_users"):
    setattr(QuietAuth, _name, _in_guarded_session(_name))


class QuietClient(CAVEclientFull):
    """A `CAVEclient`; the only difference is in what its requests do and show.

    Parameters
    ----------
    guard : Guard
        What all its sessions obey.
    auth_token : HiddenText
        The token.
    **options
        As `CAVEclient` has them.
    """

    def __init__(self, guard: Guard, *, auth_token: HiddenText, **options: Any) -> None:
        self._microns_guard = guard
        super().__init__(auth_token=auth_token, **options)

    @property
    def local_server(self) -> str:
        """Address of the datastack's own server, which may see the token too."""
        return self._local_server

    @local_server.setter
    def local_server(self, address: str) -> None:
        self._local_server = address
        self._microns_guard.hosts.add(urlsplit(address).netloc)

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
            # It asks for its version while it is made.
            with client._microns_guard.during_construction():
                made = plain.fget(client)
            client._microns_guard.put_on(made.session)
        return getattr(client, f"_{name}")

    return property(service, doc=plain.__doc__)


for _name in _SERVICES:
    setattr(QuietClient, _name, _guarded(_name))
