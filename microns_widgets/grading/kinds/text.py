"""A word or a short text, often one of several that are given."""

from __future__ import annotations

from dataclasses import dataclass

from microns_widgets.grading.kinds._judgement import RIGHT, Judgement, wrong
from microns_widgets.grading.kinds._payload import table_of, text_of
from microns_widgets.grading.kinds._values import Unfit, described, joined, plain_text, single
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "a text"


@dataclass(frozen=True)
class Options:
    """What is public about a text.

    Attributes
    ----------
    one_of : tuple of str
        The words among which to choose; any text without it.
    case : bool
        Whether capitals matter. They do not by default, nor do spaces around it.
    """

    one_of: tuple[str, ...] = ()
    case: bool = False


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"text": ...}``."""
    found = single(value)
    if not isinstance(found, str):
        raise Unfit(described(found))
    return {"text": plain_text(found)}


def practice(payload: object, answer: Answer) -> list[str]:
    """Say whether it is one of the words that are given."""
    options, given = answer.read(Options), _text(payload)
    if not given:
        return ["is an empty text."]
    if options.one_of and _same(given, options) not in {_same(w, options) for w in options.one_of}:
        words = joined((repr(word) for word in options.one_of), most=20)
        return [f"is {given[:40]!r}, expected one of {words}."]
    return []


def shown(payload: object) -> str:
    """Return the text."""
    return _text(payload)


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare with the key's text."""
    options = answer.read(Options)
    given, expected = _text(payload), _text(key)
    if _same(given, options) == _same(expected, options):
        return RIGHT
    return wrong(*(practice(payload, answer) or ["is not the text expected."]))


def _text(payload: object) -> str:
    return text_of(table_of(payload).get("text")).strip()


def _same(text: str, options: Options) -> str:
    return text.strip() if options.case else text.strip().casefold()
