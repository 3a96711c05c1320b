"""Where a CAVE token comes from: one way to find it, for the panel, the command and code."""

from __future__ import annotations

import os
import re
import sys
from typing import NamedTuple

from microns_widgets.errors import TokenRefused
from microns_widgets.sources.cave.secret import Secret
from microns_widgets.sources.cave.token_files import read_token, shown

SERVER = "https://global.daf-apis.com"
_DATA_SERVER = "https://minnie.microns-daf.com"
ENVIRONMENT_VARIABLE = "CAVE_TOKEN"
TOKEN_DIGITS = 32


class FoundToken(NamedTuple):
    """A token and where it was, in words that a message can use."""

    secret: Secret
    where: str


def token_page(server_address: str = SERVER) -> str:
    """Return the address of the page that makes a token, which ends the token before."""
    return f"{server_address}/auth/api/v1/create_token"


def token_pages(server_address: str, datastack: str) -> dict[str, str]:
    """Return the addresses of the three steps to a token: ``terms``, ``create``, ``list``."""
    return {
        "terms": f"{_DATA_SERVER}/materialize/views/datastack/{datastack}"
        if server_address == SERVER
        else "",
        "create": token_page(server_address),
        "list": f"{server_address}/auth/api/v1/user/token",
    }


def find_token(server_address: str = SERVER) -> FoundToken | None:
    """Look for a token in the environment, in caveclient's files, and in Colab's vault.

    Parameters
    ----------
    server_address : str
        The server that the token is for.

    Returns
    -------
    FoundToken or None
        The first there is.

    Raises
    ------
    TokenRefused
        If what stands in the first place that has something is no token.
    """
    if ENVIRONMENT_VARIABLE in os.environ:
        where = f"the environment variable {ENVIRONMENT_VARIABLE}"
        named = Secret(os.environ[ENVIRONMENT_VARIABLE])
        if named.reveal():
            return FoundToken(checked(named, where), where)
    if saved := read_token(server_address):
        where = shown(saved.file)
        return FoundToken(checked(saved.secret, where), where)
    if kept := _from_colab():
        return FoundToken(checked(kept, "Colab's vault"), "Colab's vault")
    return None


def checked(token: str | Secret, where: str = "") -> Secret:
    """Return a token as a secret, without white space around it.

    Parameters
    ----------
    token : str or Secret
        32 hexadecimal digits.
    where : str
        Where it stood, for the message.

    Raises
    ------
    TokenRefused
        If it is something else. The message tells how long it is, not what.
    """
    # Verbose tracebacks print local variables: none with the token outlives the check.
    stripped = (token.reveal() if isinstance(token, Secret) else token).strip().lower()
    good = re.fullmatch(f"[0-9a-f]{{{TOKEN_DIGITS}}}", stripped) is not None
    length = len(stripped)
    secret = Secret(stripped)
    del token, stripped
    if not good:
        raise TokenRefused(malformed(length, where))
    return secret


def malformed(length: int, where: str = "") -> str:
    """Say what is wrong with a token's form, from its length alone."""
    what = f"The token in {where}" if where else "The token"
    wrong = "other characters" if length == TOKEN_DIGITS else f"{length} characters"
    return (
        f"{what} is badly formed: it has {wrong}, expected {TOKEN_DIGITS} digits 0-9 and a-f. "
        "Copy it whole."
    )


def _from_colab() -> Secret | None:
    """Ask Colab's vault, which may refuse, know nothing, or not answer: all mean no token."""
    if "google.colab" not in sys.modules:
        return None
    from google.colab import userdata

    try:
        kept = userdata.get(ENVIRONMENT_VARIABLE)
    # Colab has an exception of its own for each, and a TimeoutException outside its own page.
    except Exception:  # noqa: BLE001
        return None
    return Secret(kept) if kept else None
