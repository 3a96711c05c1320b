"""Text that must not be shown: a token, and the headers that contain it."""

from __future__ import annotations

import hashlib
from typing import Any, NoReturn

from microns_widgets.errors import InvalidType


class Secret:
    """Holds a text that str, repr, format and pickle do not reveal.

    Parameters
    ----------
    text : str
        The secret text.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = HiddenText(text)

    def reveal(self) -> HiddenText:
        """Return the text itself; its repr still does not show it."""
        return self._text

    @property
    def fingerprint(self) -> str:
        """Hash of the text, to recognize it after the secret itself was forgotten."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return "<hidden>"

    def __reduce__(self) -> NoReturn:
        raise InvalidType("A token cannot be pickled or copied. Pass the same object instead.")


class HiddenText(str):
    """A str for use by libraries, whose repr does not show it.

    Tracebacks and notebooks print the reprs of local variables, dicts of headers and cookies.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'<hidden>'"

    def split(self, *args: Any, **kwargs: Any) -> list[str]:
        """Split into hidden parts; caveclient extracts the token from its header in this way."""
        return [HiddenText(part) for part in super().split(*args, **kwargs)]
