"""Root ids or synapse ids: a set, or an ordered list."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import Literal

from microns_widgets.grading.kinds._judgement import RIGHT, Judgement, wrong
from microns_widgets.grading.kinds._payload import id_of, list_of, table_of
from microns_widgets.grading.kinds._values import comma_list, items_of, plain_id, quantity
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
    """

    order: Literal["free", "fixed"] = "free"
    at_least: int | None = 1
    at_most: int | None = None


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"ids": [digits, ...]}``; a single id counts as a list of one."""
    items = [value] if isinstance(value, str | numbers.Number) else items_of(value)
    return {"ids": [plain_id(one) for one in items]}


def practice(payload: object, answer: Answer) -> list[str]:
    """Check for repeated ids, and for too few or too many."""
    options, actual = answer.read(Options), _ids(payload)
    complaints = []
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
    return f"{quantity(len(actual), 'id')}: {comma_list(actual, 4)}"


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare with the key's ids: all of them, no others, none twice."""
    options = answer.read(Options)
    actual, expected = _ids(payload), _ids(key)
    if actual == expected:
        return RIGHT
    complaints = practice(payload, answer)
    missing = len(set(expected) - set(actual))
    surplus = len(set(actual) - set(expected))
    if missing:
        complaints.append(f"lacks {missing:,} of the expected ids.")
    if surplus:
        complaints.append(f"contains {quantity(surplus, 'unexpected id')}.")
    if not complaints and options.order == "fixed":
        complaints.append("contains the expected ids in a different order.")
    return wrong(*complaints) if complaints else RIGHT


def _ids(payload: object) -> list[str]:
    return list_of(table_of(payload).get("ids"), id_of)
