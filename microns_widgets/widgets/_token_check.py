"""The check of a token: whether it is valid, its account, and access to the datastack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from microns_widgets.errors import (
    CaveError,
    MicronsError,
    NoPermission,
    TermsNotAccepted,
    TokenRefused,
    one_line,
)
from microns_widgets.sources.bounds import whole_time
from microns_widgets.sources.cave.account import account_name
from microns_widgets.sources.cave.client import connect
from microns_widgets.sources.cave.guard import SPAN, explained
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


_TOKEN_LIKE = re.compile(r"[0-9a-fA-F]{16,}")


class Outcome(NamedTuple):
    """Result of a check: the panel's state, with client and account if it is ready.

    `url` is the page with the terms of service if they have not been accepted, and `reason` says
    what failed.
    """

    state: str
    client: CAVEclientFull | None = None
    account: str | None = None
    url: str = ""
    reason: str = ""


def check_token(secret: Secret, *, datastack: str, server_address: str, timeout: float) -> Outcome:
    """Create a client and send a query that requires access to the datastack's tables.

    Each of the two steps takes at most `SPAN` times `timeout`. A failure is an outcome, too.
    """
    try:
        client = connect(
            secret, datastack=datastack, server_address=server_address, timeout=timeout
        )
        with whole_time(SPAN * timeout):
            account = account_name(client)
            _check_versions(client, datastack)
    except CaveError as error:
        state = next(state for kind, state in _STATE_OF_ERROR.items() if isinstance(error, kind))
        url = error.url if isinstance(error, TermsNotAccepted) else ""
        reason = f"{urlsplit(server_address).netloc} did not respond properly. {error}"
        return Outcome(state, url=url, reason=_without_step(reason))
    except MicronsError as error:  # caveclient is missing
        return Outcome("unreachable", reason=str(error))
    except Exception as error:  # noqa: BLE001 - the panel must not wait for a thread that has ended
        reason = f"The check of the token failed. {type(error).__name__}: {error}"
        return Outcome("unreachable", reason=_without_step(reason))
    return Outcome("ready", client, account)


def _check_versions(client: CAVEclientFull, datastack: str) -> None:
    with explained(f"the versions of {datastack}"):
        versions = client.materialize.get_versions()
    if not isinstance(versions, list) or not all(type(version) is int for version in versions):
        raise CaveError(f"CAVE's response is not a list of versions of {datastack}. Try again.")
    if not versions:
        raise CaveError(f"CAVE has no versions of {datastack}. Try again later.")


def _without_step(text: str) -> str:
    """Return the first two sentences of a message, with anything that may be a token hidden."""
    sentences = one_line(text, 400).split(". ")[:2]
    return f"{_TOKEN_LIKE.sub('<hidden>', '. '.join(sentences).rstrip('.'))}."
