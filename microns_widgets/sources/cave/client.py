"""A CAVE client whose requests end, made from a token that does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from microns_widgets.errors import TokenRefused
from microns_widgets.sources.cave.guard import Guard, explained
from microns_widgets.sources.cave.secret import Secret
from microns_widgets.sources.cave.tokens import (
    ENVIRONMENT_VARIABLE,
    SERVER,
    checked,
    find_token,
    token_page,
)

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

DATASTACK = "minnie65_public"
TIMEOUT_S = 60.0

_SERVICES = ("info", "materialize", "chunkedgraph", "l2cache", "skeleton")
_MARK = "_microns_guard"


def connect(
    token: str | Secret | None = None,
    *,
    datastack: str = DATASTACK,
    server_address: str = SERVER,
    version: int | None = None,
    timeout: float = TIMEOUT_S,
) -> CAVEclientFull:
    """Make a CAVE client.

    Parameters
    ----------
    token : str or Secret, optional
        32 hexadecimal digits. Without it, what the environment variable CAVE_TOKEN, caveclient's
        own files or Colab's vault hold, in this order.
    datastack : str
        Which dataset.
    server_address : str
        Which server.
    version : int, optional
        Materialization version that is asked for; the latest one without it.
    timeout : float
        Seconds after which a request without an answer ends.

    Returns
    -------
    caveclient.CAVEclient
        caveclient's own client; every request that it makes is guarded.

    Raises
    ------
    TokenRefused, TermsNotAccepted, NoPermission, ServiceUnreachable, VersionNotFound
        With the next step.
    """
    # Verbose tracebacks print local variables: from here on the token is in none of them.
    secret = None if token is None else checked(token)
    del token
    if secret is None:
        found = find_token(server_address)
        if found is None:
            raise TokenRefused(
                f"There is no CAVE token here. Make one at {token_page(server_address)} and enter "
                f"it in TokenPanel(), or set the environment variable {ENVIRONMENT_VARIABLE}."
            )
        secret = found.secret
    # caveclient takes a second to import: only who uses it pays for it.
    from microns_widgets.sources.cave.quiet_client import QuietClient

    guard = Guard({urlsplit(server_address).netloc}, timeout)
    with explained(f"the datastack {datastack}"), guard.during_construction():
        return QuietClient(
            guard,
            datastack_name=datastack,
            server_address=server_address,
            version=version,
            auth_token=secret.reveal(),
        )


def guard_of(client: Any) -> Guard:
    """Return the guard of a client, putting one on a client that somebody else made."""
    guard: Guard | None = getattr(client, _MARK, None)
    if guard is None:
        servers = (client.server_address, client.local_server)
        guard = Guard({urlsplit(address).netloc for address in servers}, TIMEOUT_S)
        with explained("its services"), guard.during_construction():
            _put_on(client, guard)
    return guard


def _put_on(client: Any, guard: Guard) -> None:
    for name in _SERVICES:
        service = getattr(client, name)
        guard.put_on(service.session)
    setattr(client, _MARK, guard)
