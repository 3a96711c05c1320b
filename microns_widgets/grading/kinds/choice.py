"""A cell, a pair or several cells chosen by hand, judged by what is true of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from microns_widgets.grading.kinds import ids
from microns_widgets.grading.kinds._judgement import RIGHT, Judgement, wrong
from microns_widgets.grading.kinds._payload import id_of, list_of, table_of
from microns_widgets.grading.kinds._values import NotStarted, joined
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = 'a choice, as mw.choice("...", widget) returns it, or root ids'


@dataclass(frozen=True)
class Options:
    """What is public about a choice.

    Attributes
    ----------
    what : {"cell", "pair", "cells"}
        What is to be chosen. A pair is presynaptic cell, postsynaptic cell.
    accepts : str
        Name of a variable of the master's KEY cells with what is right: ids, or pairs of
        ids. For several cells, each must be among them.
    at_least, at_most : int, optional
        How many cells, where there are several.
    """

    accepts: str
    what: Literal["cell", "pair", "cells"] = "cell"
    at_least: int = 1
    at_most: int | None = None


def private(answer: Answer) -> Answer:
    """Return what judging needs beside the master's own answer: what is accepted."""
    options = answer.read(Options)
    if options.what != "pair":
        return Answer(options.accepts, "ids", "cells that are accepted", 1)
    pair = {"pre": {"kind": "id"}, "post": {"kind": "id"}}
    return Answer(options.accepts, "table", "pairs that are accepted", 1, {"columns": pair})


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"ids": [digits, ...]}`` of a choice or of ids that were typed in."""
    chosen = getattr(value, "ids", value)
    if not isinstance(chosen, int) and hasattr(chosen, "__len__") and not len(chosen):
        raise NotStarted
    return ids.capture(chosen, answer)


def practice(payload: object, answer: Answer) -> list[str]:
    """Say whether as many cells are chosen as asked for."""
    options, given = answer.read(Options), _ids(payload)
    low, high = {"cell": (1, 1), "pair": (2, 2)}.get(
        options.what, (options.at_least, options.at_most)
    )
    if len(set(given)) < len(given):
        return ["holds the same cell twice."]
    if len(given) < low or (high is not None and len(given) > high):
        return [f"holds {len(given):,} cells, expected {_number(low, high)}."]
    return []


def shown(payload: object) -> str:
    """Return the ids."""
    return joined(_ids(payload), 8)


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Tell whether what is chosen is among what the key accepts."""
    options, given = answer.read(Options), _ids(payload)
    if complaints := practice(payload, answer):
        return wrong(*complaints)
    accepted = table_of(table_of(key).get("private"))
    if options.what == "pair":
        columns = table_of(accepted.get("columns"))
        pre, post = (list_of(columns.get(side), id_of) for side in ("pre", "post"))
        if tuple(given) in set(zip(pre, post, strict=True)):
            return RIGHT
        return wrong("is a pair that does not have the properties asked for.")
    unfit = len(set(given) - set(_ids(accepted)))
    if unfit and options.what == "cells":
        return wrong(f"holds {unfit:,} cells that do not have the properties asked for.")
    return wrong("is a cell that does not have the properties asked for.") if unfit else RIGHT


def alike(payload: object, other: object, answer: Answer) -> bool:
    """Tell whether a choice is among those of a wrong way, which may hold all of one kind.

    Pairs follow one another there: presynaptic, postsynaptic, presynaptic, ...
    """
    size = 2 if answer.read(Options).what == "pair" else 1
    given, held = (
        {tuple(found[place : place + size]) for place in range(0, len(found), size)}
        for found in (_ids(payload), _ids(other))
    )
    return given <= held


def _ids(payload: object) -> list[str]:
    return list_of(table_of(payload).get("ids"), id_of)


def _number(low: int, high: int | None) -> str:
    if low == high:
        return f"{low:,}"
    return f"at least {low:,}" if high is None else f"{low:,} to {high:,}"
