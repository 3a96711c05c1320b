"""What a change in one linked widget says, and what the other ones make of it.

========================================  =====================================================
somebody chooses                          the others
========================================  =====================================================
a cell: ``picker.value``,                 picker: its ``value``. Viewer: shows this cell alone,
``viewer.partner``, a single one of       no partner marked. Explorer: marks its row and column
``viewer.cells``, ``explorer.cell``       (``cell``), none if the cell is on neither axis.
a pair: ``explorer.pair``                 picker: ``value`` is the presynaptic cell. Viewer:
                                          shows both, the postsynaptic one as ``partner``, so
                                          that their synapses are marked. Explorer: the pair, if
                                          it is on the axes.
a selection: ``picker.selected``,         picker: ``selected``, rows before columns. Viewer:
``explorer.selected_pre``,                nothing. Explorer: those on its axes.
``explorer.selected_post``
nothing: ``picker.value = None``,         pickers and explorers drop the cell; a viewer keeps
``explorer.cell = None``                  what it shows. No partner and no pair say nothing.
========================================  =====================================================

The widget in which one chose is left as it is: a click on a synapse does not lead away from the
cell. An id that a widget does not have is left out, and a selection larger than it takes is not
taken. The front end has the same rules in ``frontend/src/shared/link.ts``, for pages without
a kernel; one file of cases tests both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from microns_widgets.widgets._traits import LARGEST_SELECTION

#: Traits that say something, by the kind of widget; where several could lead, the first does.
TRAITS: dict[str, tuple[str, ...]] = {
    "picker": ("value", "selected"),
    "viewer": ("cells", "partner"),
    "explorer": ("pair", "cell", "selected_pre", "selected_post"),
}

#: Whether a widget has a cell: side (``"pre"``, ``"post"``, ``""`` for either) and root id.
Has = Callable[[str, int], bool]


class Said(NamedTuple):
    """What was chosen: a ``"cell"``, a ``"pair"`` or a ``"selection"``; no ids mean none."""

    what: str
    ids: tuple[int, ...]


def said(trait: str, get: Callable[[str], Any]) -> Said | None:
    """Return what the new value of a trait says; `get` gives each trait of its widget."""
    value = get(trait)
    match trait:
        case "value" | "cell":
            return Said("cell", () if value is None else (value,))
        case "partner":
            return None if value is None else Said("cell", (value,))
        case "cells":
            return Said("cell", tuple(value)) if len(value) == 1 else None
        case "pair":
            return None if value is None else Said("pair", tuple(value))
        case "selected":
            return Said("selection", tuple(value))
        case _:
            rows, columns = get("selected_pre"), get("selected_post")
            return Said("selection", tuple(dict.fromkeys([*rows, *columns])))


def taken(kind: str, choice: Said, has: Has) -> dict[str, Any]:
    """Return the traits that a widget sets after a choice elsewhere, in this order."""
    what, ids = choice
    if what == "selection":
        sides = {"picker": {"selected": ""}, "explorer": {"selected_pre": "pre"}}.get(kind, {})
        if kind == "explorer":
            sides["selected_post"] = "post"
        kept = {trait: tuple(i for i in ids if has(side, i)) for trait, side in sides.items()}
        return {trait: cells for trait, cells in kept.items() if len(cells) <= LARGEST_SELECTION}
    known = tuple(dict.fromkeys(root_id for root_id in ids if has("", root_id)))
    if kind == "viewer":
        if not known:
            return {}
        partner = ids[1] if what == "pair" and ids[1] in known else None
        return {"cells": known, "partner": partner}
    if kind == "picker":
        return {"value": ids[0] if ids else None} if not ids or ids[0] in known else {}
    if what == "pair":
        return {"pair": ids} if has("pre", ids[0]) and has("post", ids[1]) else {}
    return {"cell": known[0] if known else None}
