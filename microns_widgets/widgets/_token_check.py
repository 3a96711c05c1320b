"""The check of a token: whether it is valid, its account, and access to the datastack."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from microns_widgets.errors import CaveError, NoPermission, TermsNotAccepted, TokenRefused
from microns_widgets.sources.cave.account import account_name
from microns_widgets.sources.cave.client import connect
from microns_widgets.sources.cave.guard import explained
from microns_widgets.sources.cave.secret import Secret

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

# The first matching class counts.
_STATE_OF_ERROR: dict[type[CaveError], str] = {
    TokenRefused: "refused",
    TermsNotAccepted: "terms_not_accepted",
    NoPermission: "no_permission",
    CaveError: "unreachable",
}


class Outcome(NamedTuple):
    """Result of a check: the panel's state, with client and account if it is ready.

    `url` is the page with the terms of service if they have not been accepted.
    """

    state: str
    client: CAVEclientFull | None = None
    account: str | None = None
    url: str = ""


def check_token(secret: Secret, *, datastack: str, server_address: str, timeout: float) -> Outcome:
    """Create a client and send a query that requires access to the datastack's tables."""
    try:
        client = connect(
            secret, datastack=datastack, server_address=server_address, timeout=timeout
        )
        account = account_name(client)
        with explained(f"the versions of {datastack}"):
            client.materialize.get_versions()
    except CaveError as error:
        state = next(state for kind, state in _STATE_OF_ERROR.items() if isinstance(error, kind))
        return Outcome(state, url=error.url if isinstance(error, TermsNotAccepted) else "")
    return Outcome("ready", client, account)
