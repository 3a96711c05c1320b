"""Text that must not be shown: a token, and the headers that contain it."""

from __future__ import annotations

import hashlib
import re
from typing import Any, NoReturn

from microns_widgets.errors import InvalidType

TOKEN_DIGITS = 32
_TOKEN = re.compile(rf"[0-9a-f]{{{TOKEN_DIGITS}}}")
# Characters that are often copied along with a token: white space, byte order mark, quotes.
_AROUND = " \t\r\n\v\f\xa0\ufeff\"'`\u2018\u2019\u201c\u201d"


class Secret:
    """Holds a string that str, repr, format and pickle do not reveal.

    Whatever is passed as a token is wrapped before any other code handles it, since a verbose
    traceback prints the local variables of every frame.

    Parameters
    ----------
    text : object
        The secret string. Of any other object, only the type is stored.
    """

    __slots__ = ("_kind", "_text")

    def __init__(self, text: object) -> None:
        self._kind = type(text).__name__
        self._text = HiddenText(text if isinstance(text, str) else "")
        if isinstance(text, Secret):
            self._kind, self._text = text._kind, text._text

    def reveal(self) -> HiddenText:
        """Return the text itself; its repr still does not show it."""
        return self._text

    @property
    def other_type(self) -> str:
        """Name of the type of the object, if it was not a string; else ``""``."""
        return "" if self._kind in ("str", "HiddenText") else self._kind

    def tidied(self) -> Secret:
        """Return it without quotes, "Bearer" and white space, often copied along with a token."""
        text = self._text.strip(_AROUND)
        if text[:7].lower() == "bearer ":
            text = text[7:].strip(_AROUND)
        return Secret(text.lower())

    @property
    def is_token(self) -> bool:
        """Whether it has the form of a CAVE token."""
        return _TOKEN.fullmatch(self._text) is not None

    @property
    def fingerprint(self) -> str:
        """Hash of the text, to recognize it after the secret itself was forgotten."""
        return hashlib.sha256(self._text.encode("utf-8", "surrogatepass")).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return "<hidden>"

    def __reduce__(self) -> NoReturn:
        raise InvalidType("A token cannot be pickled or copied. Pass the same object instead.")


class HiddenText(str):
    """A str for use by libraries, whose repr does not show it, and which cannot be pickled.

    Tracebacks and notebooks print the reprs of local variables, dicts of headers and cookies. An
    object that contains such a string, such as a client or a session, cannot be pickled or deeply
    copied.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'<hidden>'"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        refuse_pickling()

    def split(self, *args: Any, **kwargs: Any) -> list[str]:
        """Split into hidden parts; caveclient extracts the token from its header in this way."""
        return [HiddenText(part) for part in super().split(*args, **kwargs)]


def refuse_pickling() -> NoReturn:
    """Raise the error for an attempt to pickle or copy an object that holds a token."""
    raise InvalidType(
        "A CAVE client holds your token, so neither the client nor an object that contains it can "
        "be pickled or copied. Pass the same object, or create a client where it is needed."
    )
