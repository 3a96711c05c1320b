"""A written answer: a text that a person reads and marks."""

from __future__ import annotations

from dataclasses import dataclass

from microns_widgets.grading.kinds._judgement import Judgement
from microns_widgets.grading.kinds._payload import LARGEST_TEXT, long_text_of, table_of
from microns_widgets.grading.kinds._values import TooLarge, Unfit, description, quantity
from microns_widgets.grading.kinds.answer import Answer

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
    """Check whether there are enough words."""
    words = len(long_text_of(table_of(payload).get("text")).split())
    least = answer.read(Options).at_least_words
    return [f"has {quantity(words, 'word')}, expected at least {least:,}."] if words < least else []


def summary(payload: object) -> str:
    """Return the whole text."""
    return long_text_of(table_of(payload).get("text"))


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Leave it to a person; an empty text gets no points."""
    if not long_text_of(table_of(payload).get("text")).strip():
        return Judgement(0.0, ("is empty.",))
    return Judgement(None, ("is marked by a person.",))
