"""A written answer: a text that a person reads and marks."""

from __future__ import annotations

from dataclasses import dataclass

from microns_widgets.grading.kinds._judgement import Judgement
from microns_widgets.grading.kinds._payload import LARGEST_TEXT, long_text_of, table_of
from microns_widgets.grading.kinds._values import TooLarge, Unfit, described
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = 'a text between """ and """'


@dataclass(frozen=True)
class Options:
    """What is public about a written answer.

    Attributes
    ----------
    at_least_words : int
        How many words an answer has at least.
    guide : str
        What a marker looks for. It stays with the teacher: a student's notebook lacks it.
    """

    at_least_words: int = 10
    guide: str = ""


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"text": ...}``."""
    if not isinstance(value, str):
        raise Unfit(described(value))
    if len(value) > LARGEST_TEXT:
        raise TooLarge(f"more than {LARGEST_TEXT:,} characters")
    return {"text": str.__str__(value)}


def practice(payload: object, answer: Answer) -> list[str]:
    """Say whether there are enough words."""
    words = len(long_text_of(table_of(payload).get("text")).split())
    least = answer.read(Options).at_least_words
    return [f"has {words:,} words, expected at least {least:,}."] if words < least else []


def shown(payload: object) -> str:
    """Return the text, whole."""
    return long_text_of(table_of(payload).get("text"))


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Leave it to a person; a text that is nothing but empty gets nothing."""
    if not long_text_of(table_of(payload).get("text")).strip():
        return Judgement(0.0, ("is empty.",))
    return Judgement(None, ("is read by a person.",))
