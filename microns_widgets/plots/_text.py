"""Names from the data as text of a figure: as they are, on one line, and short enough."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

#: Keywords of matplotlib's texts: a dollar sign is a dollar sign, not the start of a formula.
PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}
#: Longer names leave no room for the data; the table has them in full.
MOST_LETTERS = 40
_LONGEST_LINE = 120
#: Line breaks and tabs are drawn, so that names that differ in them look different.
_VISIBLE = {"\n": "↵", "\r": "↵", "\u2028": "↵", "\u2029": "↵", "\t": "⇥"}
# Characters without a picture that matplotlib refuses, or that turn the text after them around.
_WITHOUT_PICTURE = {"Cc", "Cs"}
_TURNS_AROUND = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def shown(text: object, most: int = MOST_LETTERS) -> str:
    """Return a name as a figure shows it: one line of at most `most` letters, cut in the middle."""
    name = str(text)
    # A name of a million letters is cut first.
    if len(name) > most:
        head = (most - 1) // 2
        name = f"{name[:head]}…{name[head + 1 - most :]}"
    name = "".join(map(_picture, name))
    return name if name.strip() or not name else "␣" * len(name)


def shown_lines(text: object) -> str:
    """Return a label of an axis or a title as a figure shows it; it may have several lines."""
    return "\n".join(shown(line, _LONGEST_LINE) for line in str(text).split("\n"))


def _picture(sign: str) -> str:
    if sign in _VISIBLE:
        return _VISIBLE[sign]
    if _TURNS_AROUND.match(sign) or unicodedata.category(sign) in _WITHOUT_PICTURE:
        return "\N{REPLACEMENT CHARACTER}"
    return sign
