"""Written answers as overlapping groups of words, without what everybody writes."""

from __future__ import annotations

import re
import unicodedata

#: Words in a group.
_GROUP = 3
#: Words of one text that are read.
_MOST = 2_000
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    """
    a about all also am an and are as at be because been but by can could did do does for from
    had has have he her his how i if in into is it its just may me more most my no not of on one
    or our out s she so some than that the their them then there these they this those to too up
    very was we were what when where which while who why will with would you your
    """.split()  # noqa: SIM905  a list of so many words reads badly
)


def word_groups(text: str) -> list[str]:
    """Return the groups of three successive words of a text, without stop words.

    Upper and lower case, accents and punctuation do not matter.
    """
    plain = unicodedata.normalize("NFKD", text[: 20 * _MOST]).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [word for word in _WORD.findall(plain) if word not in _STOP][:_MOST]
    return [" ".join(words[n : n + _GROUP]) for n in range(len(words) - _GROUP + 1)]
