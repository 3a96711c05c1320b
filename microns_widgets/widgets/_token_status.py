"""The nine states of a token panel: what each says, and what to do next."""

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
    """What a state says, with the panel's words to fill in, and what `panel.client` raises."""

    text: str
    next_step: str
    error: type[CaveError] = TokenRefused


STATES = {
    "nothing_found": State(
        "No CAVE token was found.",
        "Get one in three steps and paste it here, or go on with the built-in sample.",
    ),
    "badly_formed": State("{reason}", "Paste it here, or go on with the built-in sample."),
    "checking": State(
        "Checking the token with {server} ...",
        "This takes some seconds. Cells can run meanwhile.",
        ServiceUnreachable,
    ),
    "ready": State(
        "Ready: the token's account may use {datastack}.",
        "Load the data with load(client=panel.client).",
    ),
    "refused": State(
        "{server} does not know this token: it is mistyped, expired or replaced by a newer one.",
        "Copy one from the list of your tokens, or make a new one, and paste it here.",
    ),
    "terms_not_accepted": State(
        "The token is right, but its account has not accepted the terms of service of {datastack}.",
        "Open the terms, accept them, and check again.",
        TermsNotAccepted,
    ),
    "no_permission": State(
        "The token is right, but its account may not use {datastack}.",
        "Check the datastack's name, or enter the token of an account that may.",
        NoPermission,
    ),
    "unreachable": State(
        "No good answer from {server}: it is down or too slow, or there is no network.",
        "Each request was given {timeout:g} s, several times. Check again in a minute, or go on "
        "with the built-in sample.",
        ServiceUnreachable,
    ),
    "not_saved": State("{reason}", "What is in memory goes on as it was."),
}
