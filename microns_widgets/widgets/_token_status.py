"""The nine states of a token panel: message, next step, and the error that each one raises."""

from __future__ import annotations

from typing import Literal, NamedTuple

from microns_widgets.errors import (
    CaveError,
    NoPermission,
    ServiceUnreachable,
    TermsNotAccepted,
    TokenRefused,
)

#: Whether the token is saved; ``"other"``: another token is saved where it would be.
Saved = Literal["no", "yes", "other"]


class State(NamedTuple):
    """Message and next step of a state, as templates, and the error that `panel.client` raises."""

    text: str
    next_step: str
    error: type[CaveError] = TokenRefused


STATES = {
    "nothing_found": State(
        "No CAVE token was found.",
        "Get one in three steps and paste it here, or continue with the built-in sample.",
    ),
    "badly_formed": State("{reason}", "Paste it here, or continue with the built-in sample."),
    "checking": State(
        "Checking the token with {server} ...",
        "This takes a few seconds. You can run cells in the meantime.",
        ServiceUnreachable,
    ),
    "ready": State(
        "Ready: this token gives access to {datastack}.",
        "Load the data with load(client=panel.client).",
    ),
    "refused": State(
        "{server} does not accept this token: it is mistyped, has expired, or was replaced by "
        "a newer one.",
        "Copy one from your list of tokens, or create a new one, and paste it here.",
    ),
    "terms_not_accepted": State(
        "The token is valid, but its account has not accepted the terms of service of {datastack}.",
        "Open the terms, accept them, then check again.",
        TermsNotAccepted,
    ),
    "no_permission": State(
        "The token is valid, but its account has no access to {datastack}.",
        "Check the name of the datastack, or enter the token of an account with access.",
        NoPermission,
    ),
    "unreachable": State(
        "{reason}",
        "Each request was tried several times, with a limit of {timeout:g} s. Check your network, "
        "check again in a minute, or continue with the built-in sample.",
        ServiceUnreachable,
    ),
    "not_saved": State("{reason}", "Nothing else has changed."),
}
