"""Creates CAVE clients whose requests time out and that do not reveal their token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microns_widgets.errors import InvalidArgument, TokenRefused
from microns_widgets.sources.cave.guard import Guard, explained
from microns_widgets.sources.cave.origins import Origins
from microns_widgets.sources.cave.secret import Secret
from microns_widgets.sources.cave.tokens import (
    ENVIRONMENT_VARIABLE,
    SERVER,
    checked_token,
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
    """Create a CAVE client.

    Parameters
    ----------
    token : str or Secret, optional
        32 hexadecimal digits. Default: the environment variable CAVE_TOKEN, caveclient's own
        files, or Colab's secrets, in this order.
    datastack : str
        Name of the dataset.
    server_address : str
        Address of the CAVE server.
    version : int, optional
        Materialization version to query. Default: the latest.
    timeout : float
        Seconds to wait for the answer to a request.

    Returns
    -------
    caveclient.CAVEclient
        caveclient's own client; all its requests are guarded (see `Guard`).

    Raises
    ------
    TokenRefused, TermsNotAccepted, NoPermission, ServiceUnreachable, VersionNotFound
        If the client cannot be created; the message says what to do.
    InvalidArgument
        If `server_address` is not an address, or is not encrypted (https).
    CaveError
        If the datastack's own server is not encrypted.
    """
    # Verbose tracebacks print local variables: from here on, none of them holds the token.
    secret = None if token is None else Secret(token)
    del token
    others = {"datastack": datastack, "server_address": server_address}
    swapped = [name for name, text in others.items() if Secret(text).tidied().is_token]
    if swapped:
        del others, datastack, server_address
        raise InvalidArgument(f"connect() was given a token as {swapped[0]}. Use token=...")
    del others
    if secret is not None:
        secret = checked_token(secret)
    else:
        match = find_token(server_address)
        if match is None:
            raise TokenRefused(
                f"No CAVE token was found. Create one at {token_page(server_address)} and enter it "
                f"in TokenPanel(), or set the environment variable {ENVIRONMENT_VARIABLE}."
            )
        secret = match.secret
    # Imported here: caveclient takes a second to import.
    from microns_widgets.sources.cave.quiet_client import QuietClient

    guard = Guard(Origins(server_address), timeout)
    with explained(f"the datastack {datastack}"), guard.during_construction():
        return QuietClient(
            guard,
            datastack_name=datastack,
            server_address=server_address,
            version=version,
            auth_token=secret.reveal(),
        )


def guard_of(client: Any) -> Guard:
    """Return the guard of a client; a client that was created elsewhere gets one."""
    guard: Guard | None = getattr(client, _MARK, None)
    if guard is None:
        guard = Guard(Origins(client.server_address), TIMEOUT_S)
        guard.hosts.add(client.local_server)
        with explained("its services"), guard.during_construction():
            _put_on(client, guard)
    return guard


def _put_on(client: Any, guard: Guard) -> None:
    for name in _SERVICES:
        service = getattr(client, name)
        guard.put_on(service.session)
    setattr(client, _MARK, guard)
