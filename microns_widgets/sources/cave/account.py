"""Looks up the account of a token; only the authentication service offers this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microns_widgets.errors import CaveError
from microns_widgets.sources.cave.client import guard_of
from microns_widgets.sources.cave.guard import explained

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull


def account_name(client: CAVEclientFull) -> str:
    """Return the name of the account that a client's token belongs to.

    Parameters
    ----------
    client : caveclient.CAVEclient
        The client.

    Raises
    ------
    CaveError
        If the service refuses or fails, or its response cannot be read.
    """
    guard_of(client)
    with explained("the account"):
        response = client.info.session.get(f"{client.server_address}/auth/api/v1/user/cache")
        response.raise_for_status()
        body = response.json()
    name = body.get("name") if isinstance(body, dict) else None
    if not isinstance(name, str):
        raise CaveError("CAVE's response does not contain the name of the account. Try again.")
    return name
