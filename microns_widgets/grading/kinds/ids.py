"""Root ids, or ids of synapses: a set of them, or a list in its order."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import Literal

from microns_widgets.grading.kinds._judgement import RIGHT, Judgement, wrong
from microns_widgets.grading.kinds._payload import id_of, list_of, table_of
from microns_widgets.grading.kinds._values import joined, listed, plain_id
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "ids, as a list, an array or a column"


@dataclass(frozen=True)
class Options:
    """What is public about ids.

    Attributes
    ----------
    order : {"free", "fixed"}
        Whether their order matters.
    at_least, at_most : int, optional
        How many there are at least and at most.
    """

    order: Literal["free", "fixed"] = "free"
    at_least: int | None = 1
    at_most: int | None = None


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"ids": [digits, ...]}``; a single id will do for a list of one."""
    items = [value] if isinstance(value, str | numbers.Number) else listed(value)
    return {"ids": [plain_id(one) for one in items]}


def practice(payload: object, answer: Answer) -> list[str]:
    """Say whether ids stand twice, and whether there are too few or too many."""
    options, given = answer.read(Options), _ids(payload)
    complaints = []
    if repeated := len(given) - len(set(given)):
        complaints.append(
            f"holds {len(given):,} ids, and {repeated:,} of them repeat an earlier one: "
            "numpy.unique drops the repeats."
        )
    n = len(set(given))
    if options.at_least is not None and n < options.at_least:
        complaints.append(f"holds {n:,} different ids, expected at least {options.at_least:,}.")
    if options.at_most is not None and n > options.at_most:
        complaints.append(f"holds {n:,} different ids, expected at most {options.at_most:,}.")
    return complaints


def shown(payload: object) -> str:
    """Return how many ids there are, and the first."""
    given = _ids(payload)
    return f"{len(given):,} ids: {joined(given, 4)}"


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare with the key's ids: all of them, no other, none twice."""
    options = answer.read(Options)
    given, expected = _ids(payload), _ids(key)
    if given == expected:
        return RIGHT
    says = practice(payload, answer)
    missing = len(set(expected) - set(given))
    surplus = len(set(given) - set(expected))
    if missing:
        says.append(f"lacks {missing:,} of the ids expected.")
    if surplus:
        says.append(f"holds {surplus:,} ids that do not belong there.")
    if not says and options.order == "fixed":
        says.append("holds the ids expected, in another order.")
    return wrong(*says) if says else RIGHT


def _ids(payload: object) -> list[str]:
    return list_of(table_of(payload).get("ids"), id_of)
