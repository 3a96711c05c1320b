"""Reads a payload: JSON that a submission may have forged.

A kind's `judge` reads every value through these functions. They return values of the plain type
that they name, within bounds; anything else raises `Damaged` and gets no points.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

#: Bounds of a payload; `capture` respects them, so that only a forged one exceeds them.
LARGEST_LIST = 400_000
LARGEST_TEXT = 20_000
LARGEST_WORD = 200
LARGEST_AXES = 40
#: Marks of one kind on one axes of a figure; of more, every k-th is stored after sorting.
LARGEST_MARKS = 20_000
#: Points of one line of a figure.
LARGEST_LINE = 5000

_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class Damaged(Exception):
    """A payload is not one that `capture` returns."""


def table_of(payload: object) -> dict[str, object]:
    """Return a JSON object."""
    if type(payload) is not dict or len(payload) > LARGEST_WORD:
        raise Damaged("not a table")
    return payload


def list_of(
    payload: object, item: Callable[[object], Value], largest: int = LARGEST_LIST
) -> list[Value]:
    """Return a JSON array, with each item read by a function."""
    if type(payload) is not list or len(payload) > largest:
        raise Damaged("not a list")
    return [item(one) for one in payload]


def text_of(payload: object, largest: int = LARGEST_WORD) -> str:
    """Return a JSON string of bounded length."""
    if type(payload) is not str or len(payload) > largest:
        raise Damaged("not a text")
    return payload


def long_text_of(payload: object) -> str:
    """Return a JSON string as long as a written answer."""
    return text_of(payload, LARGEST_TEXT)


def id_of(payload: object) -> str:
    """Return an id: the digits of a whole number that fits in 64 bits."""
    text = text_of(payload, 20)
    if not (text.isascii() and text.isdigit()):
        raise Damaged("not an id")
    return text


def count_of(payload: object) -> int:
    """Return a whole number that is not negative and that a float represents exactly."""
    if type(payload) is not int or not 0 <= payload <= 2**53:
        raise Damaged("not a count")
    return payload


def number_of(payload: object) -> float:
    """Return a number; NaN and infinities are words in JSON."""
    if type(payload) is str:
        if payload in _SPECIAL:
            return _SPECIAL[payload]
        raise Damaged("not a number")
    if type(payload) is int and abs(payload) <= 2**53:
        return payload
    if type(payload) is float and math.isfinite(payload):
        return payload
    raise Damaged("not a number")
