"""Finds a CAVE token, for the panel, the command line and Python alike."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from microns_widgets.errors import InvalidType, TokenRefused
from microns_widgets.sources.cave.secret import TOKEN_DIGITS, Secret
from microns_widgets.sources.cave.token_files import display_path, read_token

SERVER = "https://global.daf-apis.com"
_DATA_SERVER = "https://minnie.microns-daf.com"
ENVIRONMENT_VARIABLE = "CAVE_TOKEN"


class FoundToken(NamedTuple):
    """A token and its place, as text for messages."""

    secret: Secret
    where: str


def token_page(server_address: str = SERVER) -> str:
    """Return the address of the page that creates a token and invalidates the previous one."""
    return f"{server_address}/auth/api/v1/create_token"


def token_pages(server_address: str, datastack: str) -> dict[str, str]:
    """Return the addresses of the pages for tokens: ``terms``, ``create`` and ``list``."""
    return {
        "terms": f"{_DATA_SERVER}/materialize/views/datastack/{datastack}"
        if server_address == SERVER
        else "",
        "create": token_page(server_address),
        "list": f"{server_address}/auth/api/v1/user/token",
    }


def find_token(server_address: str = SERVER) -> FoundToken | None:
    """Look for a token in the environment, in caveclient's files, and in Colab's secrets.

    Parameters
    ----------
    server_address : str
        The server that the token is for.

    Returns
    -------
    FoundToken or None
        The first token, in this order.

    Raises
    ------
    TokenRefused
        If the first of these places that is not empty holds something other than a token, or
        the only token file cannot be read.
    """
    if ENVIRONMENT_VARIABLE in os.environ:
        where = f"the environment variable {ENVIRONMENT_VARIABLE}"
        secret = Secret(os.environ[ENVIRONMENT_VARIABLE])
        if secret.reveal():
            return FoundToken(checked_token(secret, where), where)
    unreadable: TokenRefused | None = None
    try:
        saved = read_token(server_address)
    except TokenRefused as error:
        saved, unreadable = None, error
    if saved:
        where = display_path(saved.file)
        return FoundToken(checked_token(saved.secret, where), where)
    if colab_secret := _from_colab():
        return FoundToken(checked_token(colab_secret, "Colab's secrets"), "Colab's secrets")
    if unreadable:
        # Otherwise a student would create a new token, which invalidates the one in the file.
        raise unreadable
    return None


def checked_token(token: str | Secret, where: str = "") -> Secret:
    """Return a token as a secret, without surrounding white space and quotes.

    Parameters
    ----------
    token : str or Secret
        32 hexadecimal digits. A caller whose local variable holds them wraps them first.
    where : str
        Where the token was, for the message.

    Raises
    ------
    TokenRefused
        If it is not a token. The message contains its length, not its content.
    InvalidType
        If it is not a string.
    """
    # Verbose tracebacks print local variables, so none may hold the token when an error is raised.
    secret = Secret(token)
    del token
    if secret.other_type:
        raise InvalidType(
            f"The token is of type {secret.other_type}. Expected a string of {TOKEN_DIGITS} "
            "characters."
        )
    tidied = secret.tidied()
    if not tidied.is_token:
        raise TokenRefused(malformed(len(tidied.reveal()), where))
    return tidied


def malformed(length: int, where: str = "") -> str:
    """Return the message for a malformed token, which contains only its length."""
    what = f"The token in {where}" if where else "The token"
    wrong = "invalid characters" if length == TOKEN_DIGITS else f"{length} characters"
    return (
        f"{what} is malformed: it has {wrong}. Expected {TOKEN_DIGITS} characters, 0-9 and a-f. "
        "Copy the complete token."
    )


def _from_colab() -> Secret | None:
    """Return the token in Colab's secrets; None if access is refused or there is none."""
    if "google.colab" not in sys.modules:
        return None
    from google.colab import userdata

    try:
        token = userdata.get(ENVIRONMENT_VARIABLE)
    # Colab raises its own exceptions, and a TimeoutException outside its own page.
    except Exception:  # noqa: BLE001
        return None
    return Secret(token) if token else None
