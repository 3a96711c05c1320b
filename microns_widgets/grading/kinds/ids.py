"""Root ids or synapse ids: a set, or an ordered list."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import Literal

import numpy as np

from microns_widgets._typing import IntArray
from microns_widgets.grading.kinds._judgement import (
    RIGHT,
    Judgement,
    partly,
    right_minus_false,
)
from microns_widgets.grading.kinds._payload import count_of, id_of, list_of, table_of
from microns_widgets.grading.kinds._values import (
    Unfit,
    comma_list,
    items_of,
    plain_id,
    quantity,
    too_many,
)
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "ids, as a list, an array or a column"


@dataclass(frozen=True)
class Options:
    """Options of ids.

    Attributes
    ----------
    order : {"free", "fixed"}
        Whether their order matters.
    at_least, at_most : int, optional
        Bounds on the number of ids.
    partial : bool
        Whether a part of the ids gets a part of the points: the right ones minus those that do
        not belong, divided by the number of expected ids. If their order matters and is wrong,
        half of that.
    """

    order: Literal["free", "fixed"] = "free"
    at_least: int | None = 1
    at_most: int | None = None
    partial: bool = True


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"ids": [digits, ...]}``; a single id counts as a list of one.

    ``unfit`` is the number of items that are not ids, if there are any among the ids.
    """
    items = [value] if isinstance(value, str | numbers.Number) else items_of(value)
    ids: list[str] = []
    reason: Unfit | None = None
    for one in items:
        try:
            ids.append(plain_id(one))
        except Unfit as error:
            reason = error
    if reason is not None and not ids:
        raise reason
    return {"ids": ids} | ({"unfit": len(items) - len(ids)} if reason is not None else {})


def restore(payload: object, answer: Answer) -> IntArray:
    """Return the ids as an array."""
    return np.array([int(one) for one in _ids(payload)], dtype=np.int64)


def practice(payload: object, answer: Answer) -> list[str]:
    """Check for repeated ids, and for too few or too many."""
    options, actual = answer.read(Options), _ids(payload)
    complaints = []
    if unfit := unfit_of(payload):
        complaints.append(f"contains {quantity(unfit, 'item')} without an id.")
    if repeated := len(actual) - len(set(actual)):
        complaints.append(
            f"contains {quantity(len(actual), 'id')}, including "
            f"{quantity(repeated, 'duplicate')}: numpy.unique removes duplicates."
        )
    n = len(set(actual))
    distinct = quantity(n, "different id")
    if options.at_least is not None and n < options.at_least:
        complaints.append(f"contains {distinct}, expected at least {options.at_least:,}.")
    if options.at_most is not None and n > options.at_most:
        complaints.append(f"contains {distinct}, expected at most {options.at_most:,}.")
    return complaints


def summary(payload: object) -> str:
    """Return the number of ids, and the first few."""
    actual = _ids(payload)
    number = quantity(len(actual), "id")
    return f"{number}: {comma_list(actual, 4)}" if actual else number


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare with the key's ids: all of them, no others, none twice."""
    options = answer.read(Options)
    actual, expected = _ids(payload), _ids(key)
    unfit = unfit_of(payload)
    if actual == expected and not unfit:
        return RIGHT
    complaints = practice(payload, answer)
    common = set(expected) & set(actual)
    missing, surplus = len(set(expected) - common), len(set(actual) - common)
    if missing:
        complaints.append(f"lacks {missing:,} of the expected ids.")
    if surplus:
        complaints.append(f"contains {quantity(surplus, 'unexpected id')}.")
    false = len(actual) - len(common) + unfit
    share = right_minus_false(len(common), false, len(set(expected)))
    credit = f"{len(common):,} of {quantity(len(set(expected)), 'expected id')}"
    if false:
        credit += f", {too_many(false)}"
    if options.order == "fixed" and _ordered(actual, common) != _ordered(expected, common):
        complaints.append("contains the expected ids in a different order.")
        share /= 2
        credit += ", half of it because of the order"
    return partly(share, complaints, f"{credit}.", options.partial)


def _ordered(ids: list[str], common: set[str]) -> list[str]:
    return [one for one in dict.fromkeys(ids) if one in common]


def unfit_of(payload: object) -> int:
    """Return how many items of a list are not ids."""
    return count_of(table_of(payload).get("unfit", 0))


def _ids(payload: object) -> list[str]:
    return list_of(table_of(payload).get("ids"), id_of)
