"""Prepares names from the data for figures: unchanged where possible, short, and on one line."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

#: Keywords for matplotlib's text, so that a dollar sign does not start a formula.
PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}
#: Longer names would leave no room for the data; the table has the full names.
LONGEST_NAME = 40
_LONGEST_LINE = 120
#: Line breaks and tabs are drawn as symbols, so that names that differ in them look different.
_VISIBLE = {"\n": "↵", "\r": "↵", "\u2028": "↵", "\u2029": "↵", "\t": "⇥"}
# Characters that matplotlib cannot draw, and characters that reverse the direction of text.
_NOT_DRAWABLE = {"Cc", "Cs"}
_REVERSING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def shown(text: object, most: int = LONGEST_NAME) -> str:
    """Return a name as a figure shows it: one line, shortened to `most` characters."""
    name = str(text)
    # First, because a name may have a million characters.
    if len(name) > most:
        head = (most - 1) // 2
        name = f"{name[:head]}…{name[head + 1 - most :]}"
    name = "".join(map(_symbol, name))
    return name if name.strip() or not name else "␣" * len(name)


def shown_lines(text: object) -> str:
    """Return an axis label or a title as a figure shows it; it may have several lines."""
    return "\n".join(shown(line, _LONGEST_LINE) for line in str(text).split("\n"))


def _symbol(character: str) -> str:
    if character in _VISIBLE:
        return _VISIBLE[character]
    if _REVERSING.match(character) or unicodedata.category(character) in _NOT_DRAWABLE:
        return "\N{REPLACEMENT CHARACTER}"
    return character
