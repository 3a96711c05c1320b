"""Text that must not be seen: a token, and the headers that are made from it."""

from __future__ import annotations

import hashlib
from typing import Any, NoReturn


class Secret:
    """Holds a text that neither str, repr, format nor pickle gives away.

    Parameters
    ----------
    text : str
        What is kept secret.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = HiddenText(text)

    def reveal(self) -> HiddenText:
        """Return the text, for who needs it; even so its repr does not show it."""
        return self._text

    @property
    def fingerprint(self) -> str:
        """Tells whether another secret is the same, after this one is forgotten."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return "<hidden>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A token is neither pickled nor copied.")


class HiddenText(str):
    """Text that libraries may use as such, and whose repr does not show it.

    Tracebacks and notebooks print reprs: of local variables, dicts of headers, cookies.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'<hidden>'"

    def split(self, *args: Any, **kwargs: Any) -> list[str]:
        """Split; the parts are hidden too. caveclient takes the token out of its header so."""
        return [HiddenText(part) for part in super().split(*args, **kwargs)]
