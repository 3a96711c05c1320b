"""A cell, a pair or several cells chosen by hand, judged by their properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from microns_widgets.grading.kinds import ids
from microns_widgets.grading.kinds._judgement import RIGHT, Judgement, wrong
from microns_widgets.grading.kinds._payload import id_of, list_of, table_of
from microns_widgets.grading.kinds._values import NotStarted, Unfit, comma_list, quantity
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = 'a choice, as mw.choice("...", widget) returns it, or root ids'


@dataclass(frozen=True)
class Options:
    """Options of a choice.

    Attributes
    ----------
    what : {"cell", "pair", "cells"}
        What is to be chosen. A pair is (presynaptic cell, postsynaptic cell).
    accepts : str
        Name of a variable in the master's KEY cells with all right choices: ids, or pairs of
        ids. If several cells are chosen, each must be among them.
    at_least, at_most : int, optional
        How many cells, if several are chosen.
    own : bool
        Whether only the student's own cells count: `mw.choice` and `mw.check` say so at once.
    """

    accepts: str
    what: Literal["cell", "pair", "cells"] = "cell"
    at_least: int = 1
    at_most: int | None = None
    own: bool = False


def private(answer: Answer) -> Answer:
    """Return the KEY variable with all right choices."""
    options = answer.read(Options)
    if options.what != "pair":
        return Answer(options.accepts, "ids", "cells that are accepted", 1)
    pair = {"pre": {"kind": "id"}, "post": {"kind": "id"}}
    return Answer(options.accepts, "table", "pairs that are accepted", 1, {"columns": pair})


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"ids": [digits, ...]}`` for a choice or for typed ids."""
    choice = getattr(value, "ids", value)
    if not isinstance(choice, int) and hasattr(choice, "__len__") and not len(choice):
        raise NotStarted
    payload = ids.capture(choice, answer)
    if unfit := ids.unfit_of(payload):
        raise Unfit(f"a choice with {quantity(unfit, 'item')} without an id")
    return payload


def restore(payload: object, answer: Answer) -> int | list[int]:
    """Return the id of a cell, or the ids of several."""
    chosen = [int(one) for one in _ids(payload)]
    return chosen[0] if answer.read(Options).what == "cell" else chosen


def practice(payload: object, answer: Answer) -> list[str]:
    """Check the number of cells."""
    options, actual = answer.read(Options), _ids(payload)
    low, high = {"cell": (1, 1), "pair": (2, 2)}.get(
        options.what, (options.at_least, options.at_most)
    )
    if len(set(actual)) < len(actual):
        return ["contains the same cell twice."]
    if len(actual) < low or (high is not None and len(actual) > high):
        return [f"contains {quantity(len(actual), 'cell')}, expected {_range(low, high)}."]
    return []


def summary(payload: object) -> str:
    """Return the ids."""
    return comma_list(_ids(payload), 8)


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Return whether the choice is among those that the key accepts."""
    options, actual = answer.read(Options), _ids(payload)
    if complaints := practice(payload, answer):
        return wrong(*complaints)
    accepted = table_of(table_of(key).get("private"))
    if options.what == "pair":
        columns = table_of(accepted.get("columns"))
        pre, post = (list_of(columns.get(side), id_of) for side in ("pre", "post"))
        if tuple(actual) in set(zip(pre, post, strict=True)):
            return RIGHT
        return wrong("is a pair that does not have the required properties.")
    unfit = len(set(actual) - set(_ids(accepted)))
    if unfit and options.what == "cells":
        return wrong(f"contains {quantity(unfit, 'cell')} without the required properties.")
    return wrong("is a cell that does not have the required properties.") if unfit else RIGHT


def alike(payload: object, other: object, answer: Answer) -> bool:
    """Return whether a choice is among those of a wrong answer, which may list many.

    Pairs are listed one after the other: presynaptic, postsynaptic, presynaptic, ...
    """
    size = 2 if answer.read(Options).what == "pair" else 1
    choices, others = (
        {tuple(listing[place : place + size]) for place in range(0, len(listing), size)}
        for listing in (_ids(payload), _ids(other))
    )
    return choices <= others


def _ids(payload: object) -> list[str]:
    return list_of(table_of(payload).get("ids"), id_of)


def _range(low: int, high: int | None) -> str:
    if low == high:
        return f"{low:,}"
    return f"at least {low:,}" if high is None else f"{low:,} to {high:,}"
