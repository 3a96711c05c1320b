"""The answers of a `SelfCheck`: checked, and in the form that the page reads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from hashlib import sha256
from numbers import Real
from typing import Any, TypedDict

from microns_widgets._arguments import can_be_written, is_several
from microns_widgets.errors import InvalidArgument, InvalidType, quoted

#: How far off a number may be that is not whole, as a part of it.
_USUAL_TOLERANCE = 0.01
_OPTION = "an option of wrong"


class Option(TypedDict):
    """An option, and what choosing it tells the reader (``""`` for a right one)."""

    text: str
    right: bool
    tells: str


class NumberAnswer(TypedDict):
    """A number, how far off an answer may be, and typical wrong numbers with what they tell."""

    value: float
    within: float
    unit: str
    wrong: list[tuple[float, str]]


def options_in_order(
    question: str,
    right: str | Iterable[str],
    wrong: Mapping[str, str] | None,
    order: Iterable[str] | None,
) -> list[Option]:
    """Return the options of a question in the order in which they are shown."""
    rights = [_text(one, "right") for one in ([right] if isinstance(right, str) else right)]
    tells = _tells(wrong)
    options = [Option(text=text, right=True, tells="") for text in rights]
    options += [
        Option(text=_text(text, _OPTION), right=False, tells=told) for text, told in tells.items()
    ]
    if not rights or not tells:
        raise InvalidArgument(
            f"The question {quoted(question)} has {len(rights)} right and {len(tells)} wrong "
            "options. Expected at least one of each: wrong={'option': 'what it tells'}."
        )
    texts = [option["text"] for option in options]
    plain = [" ".join(text.casefold().split()) for text in texts]
    for text, same in zip(texts, plain, strict=True):
        if plain.count(same) > 1:
            raise InvalidArgument(
                f"The option {quoted(text)} occurs twice. Give each option once, as right or wrong."
            )
    if order is None:
        # By a hash, so that the right option is anywhere, but always in the same place.
        return sorted(options, key=lambda one: sha256(f"{question}{one['text']}".encode()).digest())
    places = [*order] if is_several(order) and not isinstance(order, str) else [order]
    if sorted(map(str, places)) != sorted(texts):
        raise InvalidArgument(
            f"order is {quoted(order)}. Expected each of the options once: "
            f"{', '.join(map(repr, texts))}."
        )
    return sorted(options, key=lambda one: places.index(one["text"]))


def number_answer(
    right: Any, wrong: Mapping[Any, str] | None, within: float | None, unit: str
) -> NumberAnswer:
    """Return a number that is asked for."""
    value = _number(right, "right")
    if within is None:
        within = 0.0 if value.is_integer() else abs(value) * _USUAL_TOLERANCE
    within = _number(within, "within")
    if within < 0:
        raise InvalidArgument(
            f"within={within:g} is below 0. Expected how far off a number may be."
        )
    typical = [(_number(one, "a key of wrong"), told) for one, told in _tells(wrong).items()]
    for number, _ in typical:
        if abs(number - value) <= within:
            raise InvalidArgument(
                f"The wrong number {number:g} is within {within:g} of the right one, {value:g}, "
                "and would count as right. Leave it out, or make within smaller."
            )
    return NumberAnswer(value=value, within=within, unit=unit, wrong=typical)


def _tells(wrong: Mapping[Any, str] | None) -> dict[Any, str]:
    if not isinstance(wrong, Mapping | None):
        raise InvalidType(
            f"wrong is {quoted(wrong)}. Expected a dict: {{'wrong option': 'what it tells'}}."
        )
    tells = dict(wrong or {})
    for answer, told in tells.items():
        if not _text(told, f"what {quoted(answer)} tells").strip():
            raise InvalidArgument(
                f"The wrong answer {quoted(answer)} tells nothing. Write what its reader has "
                "overlooked."
            )
    return tells


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not can_be_written(value) or value != value.strip():
        raise InvalidType(
            f"{what[0].upper()}{what[1:]} is {quoted(value)}. Expected text that does not begin or "
            "end with a space."
        )
    if not value and what in ("right", _OPTION):
        raise InvalidArgument("An option of the question is empty. Write what readers can choose.")
    return value


def _number(value: Any, what: str) -> float:
    number = value.item() if hasattr(value, "item") and getattr(value, "size", 0) == 1 else value
    if isinstance(number, bool) or not isinstance(number, Real):
        raise InvalidType(
            f"{what[0].upper()}{what[1:]} is {quoted(value)}. Expected a number, or text for an "
            "option."
        )
    if not _is_finite(number):
        raise InvalidArgument(
            f"{what[0].upper()}{what[1:]} is {quoted(number)}, which nobody can type. Expected "
            "a finite number: look at how it is computed."
        )
    return float(number)


def _is_finite(number: Real) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number beyond the largest float
        return False
