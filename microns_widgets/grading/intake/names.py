"""Compares ids and names as people write them, whatever the system that exported them did."""

from __future__ import annotations

import re
import unicodedata

#: Between the parts of a name; hyphens and apostrophes are within a part.
_BETWEEN = re.compile(r"[\s,;_]+")
#: Names with more parts are compared as they are written.
_MOST_PARTS = 12


def normal(text: str) -> str:
    """Return an id for comparison: without spaces and invisible characters, in lower case."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(s for s in folded if not s.isspace() and unicodedata.category(s) != "Cf")


def name_keys(name: str) -> frozenset[str]:
    """Return keys of a name; two names are the same if they share one.

    Case, spaces, hyphens, apostrophes, the form of accents (NFC or NFD) and the order of the parts
    do not matter, and spaces may be missing altogether: ``Åsa O'Neil-Smith``,
    ``oneil smith, ÅSA`` and ``oneilsmithåsa`` are the same name. Letters and accents do matter.
    """
    parts = [key for part in _BETWEEN.split(name) if (key := _letters(part))][:_MOST_PARTS]
    turned = {"".join(parts[n:] + parts[:n]) for n in range(len(parts))}
    return frozenset({*turned, " ".join(sorted(parts))} if parts else ())


def spaced(name: str) -> str:
    """Return a name for comparison with its parts in their order."""
    return " ".join(key for part in _BETWEEN.split(name) if (key := _letters(part)))


def natural(text: str) -> tuple[object, ...]:
    """Return a key that sorts numbers within texts as numbers."""
    return tuple(int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", text))


def _letters(part: str) -> str:
    return "".join(s for s in normal(part) if unicodedata.category(s)[0] in "LMN")
