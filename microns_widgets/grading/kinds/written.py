"""A written answer: a text that a person reads and marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from microns_widgets.grading.kinds._judgement import Judgement
from microns_widgets.grading.kinds._payload import LARGEST_TEXT, long_text_of, table_of
from microns_widgets.grading.kinds._values import TooLarge, Unfit, description, quantity
from microns_widgets.grading.kinds.answer import Answer

#: Rows of keyboards (English, German, French), which a finger slides along.
_FORWARD = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjkl",
)
_ROWS = (*_FORWARD, *(row[::-1] for row in _FORWARD))
#: Of the words in a text, how many must differ, and how many may be no words, as shares.
_DIFFERENT, _NO_WORDS = 1 / 3, 1 / 4

EXPECTED = 'text between """ and """'


@dataclass(frozen=True)
class Options:
    """Options of a written answer.

    Attributes
    ----------
    at_least_words : int
        Minimum number of words.
    guide : str
        What the marker should look for; students do not get it.
    """

    at_least_words: int = 10
    guide: str = ""


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"text": ...}``."""
    if not isinstance(value, str):
        raise Unfit(description(value))
    if len(value) > LARGEST_TEXT:
        raise TooLarge(f"more than {LARGEST_TEXT:,} characters")
    return {"text": str.__str__(value)}


def practice(payload: object, answer: Answer) -> list[str]:
    """Check whether there are enough words, and whether they are words at all."""
    text = long_text_of(table_of(payload).get("text"))
    number, least = len(text.split()), answer.read(Options).at_least_words
    if number < least:
        return [f"has {quantity(number, 'word')}, expected at least {least:,}."]
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if len(set(words)) < _DIFFERENT * min(number, max(least, 1)):
        return ["repeats the same few words. Write an answer in your own words."]
    if sum(map(_is_no_word, words)) > _NO_WORDS * len(words):
        return ["contains many words that are none. Write an answer in your own words."]
    return []


def _is_no_word(word: str) -> bool:
    """Return whether a word is one letter repeated, or mostly keys beside each other."""
    threes = [word[place : place + 3] for place in range(len(word) - 2)]
    beside = sum(any(three in row for row in _ROWS) for three in threes)
    return len(word) > 3 and (len(set(word)) == 1 or beside > len(threes) / 2)


def summary(payload: object) -> str:
    """Return the whole text."""
    return long_text_of(table_of(payload).get("text"))


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Leave it to a person; an empty text gets no points."""
    if not long_text_of(table_of(payload).get("text")).strip():
        return Judgement(0.0, ("is empty.",))
    return Judgement(None, ("is marked by a person.",))
