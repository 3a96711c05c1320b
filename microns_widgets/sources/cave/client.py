"""A CAVE client whose requests end, made from a token that does not show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from microns_widgets.errors import TokenRefused
from microns_widgets.sources.cave.guard import TOKEN_PAGE, Guard, explained

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

DATASTACK = "minnie65_public"
SERVER = "https://global.daf-apis.com"
TIMEOUT_S = 60.0

_SERVICES = ("info", "materialize", "chunkedgraph", "l2cache", "skeleton")
_MARK = "_microns_guard"


def connect(
    token: str | None = None,
    *,
    datastack: str = DATASTACK,
    server_address: str = SERVER,
    version: int | None = None,
    timeout: float = TIMEOUT_S,
) -> CAVEclientFull:
    """Make a CAVE client.

    Parameters
    ----------
    token : str, optional
        32 hexadecimal digits; the one that caveclient finds in its files without it.
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
    # caveclient takes a second to import: only who uses it pays for it.
    from caveclient import CAVEclient

    # Verbose tracebacks print local variables: the token is out of them before anything
    # that can fail is called.
    secret = [None if token is None else _checked(token)]
    del token
    guard = Guard({urlsplit(server_address).netloc}, timeout)
    with explained(f"the datastack {datastack}"), guard.during_construction():
        client = CAVEclient(
            datastack,
            server_address=server_address,
            write_server_cache=server_address == SERVER,
            version=version,
            auth_token=secret.pop(),
        )
        guard.hosts.add(urlsplit(client.local_server).netloc)
        _put_on(client, guard)
    return client


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


def _checked(token: str) -> str:
    stripped = token.strip().lower()
    del token
    good = re.fullmatch("[0-9a-f]{32}", stripped) is not None
    length = len(stripped)
    if not good:
        del stripped
        raise TokenRefused(
            f"The token is badly formed: {length} characters, expected 32 digits 0-9 and a-f. Copy "
            f"it whole; {TOKEN_PAGE} makes a new one."
        )
    return stripped
