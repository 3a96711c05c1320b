"""A word or a short text, often one of several choices."""

from __future__ import annotations

from dataclasses import dataclass

from microns_widgets.grading.kinds._judgement import RIGHT, Judgement, wrong
from microns_widgets.grading.kinds._payload import table_of, text_of
from microns_widgets.grading.kinds._values import Unfit, comma_list, description, plain_text, single
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "text"


@dataclass(frozen=True)
class Options:
    """Options of a text.

    Attributes
    ----------
    one_of : tuple of str
        The words to choose from. Default: any text.
    case : bool
        Whether upper and lower case differ. Spaces around the text never matter.
    """

    one_of: tuple[str, ...] = ()
    case: bool = False


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"text": ...}``."""
    text = single(value)
    if not isinstance(text, str):
        raise Unfit(description(text))
    return {"text": plain_text(text)}


def restore(payload: object, answer: Answer) -> str:
    """Return the text; one of the words to choose from is spelled as it is offered."""
    options, text = answer.read(Options), _text(payload)
    spelled = {_same(word, options): word for word in options.one_of}
    return spelled.get(_same(text, options), text)


def practice(payload: object, answer: Answer) -> list[str]:
    """Check whether it is one of the words to choose from."""
    options, actual = answer.read(Options), _text(payload)
    if not actual:
        return ["is empty."]
    if options.one_of and _same(actual, options) not in {_same(w, options) for w in options.one_of}:
        words = comma_list((repr(word) for word in options.one_of), most=20)
        return [f"is {actual[:40]!r}, expected one of {words}."]
    return []


def summary(payload: object) -> str:
    """Return the text."""
    return _text(payload)


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare with the key's text."""
    options = answer.read(Options)
    actual, expected = _text(payload), _text(key)
    if _same(actual, options) == _same(expected, options):
        return RIGHT
    return wrong(*(practice(payload, answer) or ["is not the expected text."]))


def _text(payload: object) -> str:
    return text_of(table_of(payload).get("text")).strip()


def _same(text: str, options: Options) -> str:
    return text.strip() if options.case else text.strip().casefold()
