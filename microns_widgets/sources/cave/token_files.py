"""caveclient's token files: reads, saves and removes a token without changing anything else.

caveclient and cloud-volume look in ``~/.cloudvolume/secrets`` for JSON files with a key
``token``. The functions here write these files so that only their owner can read them, which
caveclient's own `save_token` does not ensure, and leave no partial files.
"""

from __future__ import annotations

import codecs
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from microns_widgets._files import expanded, whole_file
from microns_widgets.errors import (
    InvalidArgument,
    OtherTokenSaved,
    TokenNotSaved,
    TokenRefused,
    WriteError,
    quoted,
)
from microns_widgets.sources.cave.secret import HiddenText, Secret

KEY = "token"
_FOLDER = "~/.cloudvolume/secrets"
_FOR_ALL_SERVERS = ("cave-secret.json", "chunkedgraph-secret.json")


class SavedToken(NamedTuple):
    """A token and the file that holds it."""

    secret: Secret
    file: Path


def own_file(server_address: str) -> Path:
    """Return the file that caveclient reads first for a server."""
    return expanded(own_name(server_address))


def own_name(server_address: str) -> str:
    """Return the name of that file for messages, even for an account without a home folder."""
    host = urlsplit(server_address).netloc or server_address
    return f"{_FOLDER}/{host}-cave-secret.json"


def token_files(server_address: str) -> list[Path]:
    """Return the files that caveclient reads, in its order."""
    try:
        first = own_file(server_address)
    except InvalidArgument:  # an account without a home folder
        return []
    return [first, *(first.parent / name for name in _FOR_ALL_SERVERS)]


def read_token(server_address: str) -> SavedToken | None:
    """Return the first token in caveclient's files, or None if there is none.

    Raises
    ------
    TokenRefused
        If no token can be read, although there is a token file; the message says why.
    """
    problems: list[str] = []
    for file in token_files(server_address):
        content = _content(file)
        token = content.token
        if isinstance(token, str) and token:
            return SavedToken(Secret(token), file)
        if content.problem:
            problems.append(f"{display_path(file)} {content.problem}.")
    if problems:
        raise TokenRefused(
            f"No CAVE token could be read: {' '.join(problems)} If your token is in that file, "
            f'correct it: the content is {{"{KEY}": "..."}}, saved as UTF-8. Or enter the token in '
            "TokenPanel(). Do not create a new token: that would invalidate the one that you have."
        )
    return None


def save_token(secret: Secret, server_address: str, *, overwrite: bool = False) -> Path:
    """Save a token where caveclient looks for it, readable only by its owner.

    Parameters
    ----------
    secret : Secret
        The token.
    server_address : str
        The server that it is for.
    overwrite : bool
        Whether to replace another token in that file.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OtherTokenSaved
        If the file holds another token and `overwrite` is false.
    TokenNotSaved
        If the file cannot be written, or exists but is not a token file of caveclient.
    """
    try:
        file = own_file(server_address)
    except InvalidArgument as error:
        raise TokenNotSaved(
            "The token was not saved: this account has no home folder. Set the environment "
            "variable CAVE_TOKEN in each session instead."
        ) from error
    content = _content(file).values
    if content is None:
        raise TokenNotSaved(
            f"The token was not saved: {display_path(file)} exists, but is not a token file of "
            "caveclient. Check its content, move it elsewhere, and save again."
        )
    saved = content.get(KEY)
    if saved and Secret(saved).tidied() != secret and not overwrite:
        raise OtherTokenSaved(
            f"Another token is saved in {display_path(file)} and was not replaced. To replace it: "
            "save(overwrite=True)."
        )
    _write(file, {**content, KEY: secret.reveal()})
    return file


def remove_token(fingerprint: str, server_address: str) -> list[Path]:
    """Remove one token from caveclient's files; other tokens and keys are kept.

    Parameters
    ----------
    fingerprint : str
        The fingerprint of the token.
    server_address : str
        The server that it is for.

    Returns
    -------
    list of pathlib.Path
        The files that held it.

    Raises
    ------
    TokenNotSaved
        If a file cannot be changed.
    """
    files = holding(fingerprint, server_address)
    for file in files:
        _write(
            file, {key: value for key, value in (_content(file).values or {}).items() if key != KEY}
        )
    return files


def holding(fingerprint: str, server_address: str) -> list[Path]:
    """Return the files that hold a token."""
    return [
        file
        for file in token_files(server_address)
        if isinstance(token := _content(file).token, str)
        and Secret(token).tidied().fingerprint == fingerprint
    ]


def display_path(file: Path) -> str:
    """Return a path without the user's name, for messages that may be saved in a notebook."""
    with suppress(RuntimeError):  # an account without a home folder
        home = Path.home()
        if file.is_relative_to(home):
            return f"~/{file.relative_to(home).as_posix()}"
    return str(file)


class _Content(NamedTuple):
    """The keys in a file (None if it cannot be read), and what is wrong with it, for a message."""

    values: dict[str, Any] | None
    problem: str = ""

    @property
    def token(self) -> object:
        return (self.values or {}).get(KEY)


def _content(file: Path) -> _Content:
    """Read a file in any form in which editors save it; empty if there is no file."""
    try:
        raw = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return _Content({})
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return _Content(None, f"cannot be read ({reason})")
    text = _decoded(raw)
    if text is None:
        return _Content(None, "is neither UTF-8 nor UTF-16")
    whole = Secret(text).tidied()
    if not whole.reveal():
        return _Content({})
    if whole.is_token:  # a bare token, as copied from the page
        return _Content({KEY: whole.reveal()})
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return _Content(None, "is not JSON")
    if not isinstance(content, dict):
        return _Content(None, "is not a JSON object")
    values = {
        key: HiddenText(value) if isinstance(value, str) else value
        for key, value in content.items()
    }
    if not isinstance(values.get(KEY, ""), str):
        return _Content(values, f"has a {KEY!r} that is not a string")
    others = [key for key, value in values.items() if Secret(value).tidied().is_token]
    if others and not values.get(KEY):
        shown = "another key" if Secret(others[0]).tidied().is_token else quoted(others[0])
        return _Content(values, f"has a token under {shown} instead of {KEY!r}")
    return _Content(values)


def _decoded(raw: bytes) -> HiddenText | None:
    """Return the text of a file: UTF-8, or UTF-16 as Windows writes it."""
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    guess = "utf-16-be" if raw[:1] == b"\0" else "utf-16-le"
    encoding = "utf-16" if marked else guess if b"\0" in raw[:2] else "utf-8-sig"
    try:
        return HiddenText(raw.decode(encoding))
    except UnicodeDecodeError:
        return None


def _write(file: Path, content: dict[str, Any]) -> None:
    try:
        _replace(file, content)
        return
    except OSError as error:
        reason = error.reason if isinstance(error, WriteError) else error.strerror
        problem = TokenNotSaved(
            f"{display_path(file)} could not be written ({reason or type(error).__name__}). Free "
            "some space, or allow yourself to write there, and try again."
        )
    raise problem


def _replace(file: Path, content: dict[str, Any]) -> None:
    """Write a file, leaving no partial one; remove it if there is no content."""
    if not content:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.parent.chmod(0o700)
    with whole_file(file, mode=0o600, sync=True) as temporary, temporary.open("w") as written:
        json.dump(content, written)
