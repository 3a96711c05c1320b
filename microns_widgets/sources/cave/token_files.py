"""caveclient's files with tokens: read, save and remove one, and leave all else as it is.

caveclient and cloud-volume look in ``~/.cloudvolume/secrets`` for JSON files with a key
``token``. They are written here so that only their owner can read them (caveclient's own
`save_token` does not see to that), and whole or not at all.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from microns_widgets._files import whole_file
from microns_widgets.errors import OtherTokenSaved, TokenNotSaved, WriteError
from microns_widgets.sources.cave.secret import HiddenText, Secret

KEY = "token"
_FOLDER = "~/.cloudvolume/secrets"
_FOR_ALL_SERVERS = ("cave-secret.json", "chunkedgraph-secret.json")


class SavedToken(NamedTuple):
    """A token that stands in a file."""

    secret: Secret
    file: Path


def own_file(server_address: str) -> Path:
    """Return the file that caveclient reads first for a server."""
    host = urlsplit(server_address).netloc or server_address
    return Path(_FOLDER).expanduser() / f"{host}-cave-secret.json"


def token_files(server_address: str) -> list[Path]:
    """Return the files in which caveclient looks, in its order."""
    first = own_file(server_address)
    return [first, *(first.parent / name for name in _FOR_ALL_SERVERS)]


def read_token(server_address: str) -> SavedToken | None:
    """Return the token that caveclient would find, or None. A damaged file has none."""
    for file in token_files(server_address):
        token = (_content(file) or {}).get(KEY)
        if isinstance(token, str) and token:
            return SavedToken(Secret(token), file)
    return None


def save_token(secret: Secret, server_address: str, *, overwrite: bool = False) -> Path:
    """Save a token where caveclient finds it, readable for its owner only.

    Parameters
    ----------
    secret : Secret
        The token.
    server_address : str
        The server that it is for.
    overwrite : bool
        Whether another token that stands there may be lost.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OtherTokenSaved
        If another token stands there and `overwrite` is false.
    TokenNotSaved
        If the file cannot be written, or is there and is not what caveclient writes.
    """
    file = own_file(server_address)
    content = _content(file)
    if content is None:
        raise TokenNotSaved(
            f"The token was not saved: {shown(file)} is there, but cannot be read as caveclient's "
            "JSON. Look at it, move it away, and save again."
        )
    there = content.get(KEY)
    if there and there != secret.reveal() and not overwrite:
        raise OtherTokenSaved(
            f"Another token is saved in {shown(file)}, and was left there. Save a second time to "
            "replace it: save(overwrite=True)."
        )
    _write(file, {**content, KEY: secret.reveal()})
    return file


def remove_token(fingerprint: str, server_address: str) -> list[Path]:
    """Remove one token from caveclient's files; other tokens and other keys stay.

    Parameters
    ----------
    fingerprint : str
        The fingerprint of the token.
    server_address : str
        The server that it is for.

    Returns
    -------
    list of pathlib.Path
        The files in which it stood.

    Raises
    ------
    TokenNotSaved
        If a file cannot be changed.
    """
    files = holding(fingerprint, server_address)
    for file in files:
        _write(file, {key: value for key, value in (_content(file) or {}).items() if key != KEY})
    return files


def holding(fingerprint: str, server_address: str) -> list[Path]:
    """Return the files in which a token stands."""
    return [
        file
        for file in token_files(server_address)
        if isinstance(token := (_content(file) or {}).get(KEY), str)
        and Secret(token).fingerprint == fingerprint
    ]


def shown(file: Path) -> str:
    """Return a file's path for messages, which may be saved in a notebook, without the user."""
    home = Path.home()
    return f"~/{file.relative_to(home).as_posix()}" if file.is_relative_to(home) else str(file)


def _content(file: Path) -> dict[str, Any] | None:
    """Return what a file holds, ``{}`` if there is none, None if it is damaged."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict):
        return None
    return {
        key: HiddenText(value) if isinstance(value, str) else value
        for key, value in content.items()
    }


def _write(file: Path, content: dict[str, Any]) -> None:
    try:
        _replace(file, content)
        return
    except OSError as error:
        reason = error.reason if isinstance(error, WriteError) else error.strerror
        problem = TokenNotSaved(
            f"{shown(file)} could not be written ({reason or type(error).__name__}). Free "
            "some space, or give yourself the right to write there, and try again."
        )
    raise problem


def _replace(file: Path, content: dict[str, Any]) -> None:
    """Write a file whole or not at all; without content it goes."""
    if not content:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.parent.chmod(0o700)
    with whole_file(file, mode=0o600, sync=True) as temporary, temporary.open("w") as written:
        json.dump(content, written)
