"""What a change in one linked widget means, and what the other widgets do about it.

========================================  =====================================================
The user chooses                          The other widgets
========================================  =====================================================
a cell: ``picker.value``,                 Picker: sets ``value``. Viewer: shows only this cell,
``viewer.partner``, a single one of       with no partner marked. Matrix: marks its row and
``viewer.cells``, ``matrix.cell``,        column (``cell``), or says that it is on neither axis
``player.cell``                           (``outside``); clears its pair, which can then be
                                          chosen again. Player: sets ``cell``, or says that it
                                          is not in the network (``outside``).
a pair: ``matrix.pair``, or two           Picker: sets ``value`` to the presynaptic cell. Viewer:
``viewer.cells`` of which the second      shows both cells, with the postsynaptic one as
one is ``viewer.partner``                 ``partner``, so that only their synapses are drawn.
                                          Matrix: sets the pair if it is on the axes, or says
                                          which of the two cells is not and clears its pair.
                                          Player: sets ``cell`` to the presynaptic cell.
a selection: ``picker.selected``,         Picker: sets ``selected``, rows before columns. Viewer:
``matrix.selected_pre``,                  no change. Matrix: selects the cells on its axes.
``matrix.selected_post``,                 Player: stimulates the cells that it has. Both count
``player.stimulus_cells``                 those that they do not have (``selected_outside``).
nothing: ``picker.value = None``,         All but viewers clear the cell; a viewer keeps
``matrix.cell = None``                    what it shows. After ``viewer.partner = None`` the only
                                          one of ``viewer.cells`` is the chosen cell again, and
                                          after ``matrix.pair = None`` the matrix's ``cell``, if
                                          there is one.
========================================  =====================================================

The widget in which the user chose stays as it is: a click on a synapse does not lead away from
the cell on view. Ids that a widget does not have are left out, and a selection larger than its
limit is ignored. The front end has the same rules in ``frontend/src/shared/link.ts``, for pages
without a kernel; one file of cases tests both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from microns_widgets.widgets._traits import LARGEST_SELECTION

#: Traits that express a choice, by kind of widget; where several could lead, the first one does.
TRAITS: dict[str, tuple[str, ...]] = {
    "picker": ("value", "selected"),
    "viewer": ("cells", "partner"),
    "matrix": ("pair", "cell", "selected_pre", "selected_post"),
    "player": ("cell", "stimulus_cells"),
}

#: Traits that hold the selected cells, and the side of each.
_SELECTIONS = {
    "picker": {"selected": ""},
    "matrix": {"selected_pre": "pre", "selected_post": "post"},
    "player": {"stimulus_cells": ""},
}

#: Whether a widget has a cell: side (``"pre"``, ``"post"`` or ``""`` for either) and root id.
Has = Callable[[str, int], bool]


class Choice(NamedTuple):
    """What the user chose: a ``"cell"``, a ``"pair"`` or a ``"selection"``; no ids mean none."""

    what: str
    ids: tuple[int, ...]


def pair_in(cells: Sequence[int], partner: int | None) -> tuple[int, int] | None:
    """Return the pair that a viewer shows: two cells, the second of which is the partner."""
    return (cells[0], cells[1]) if len(cells) == 2 and partner == cells[1] else None


def choice_in(trait: str, get: Callable[[str], Any]) -> Choice | None:
    """Return the choice that a trait's new value expresses; `get` reads the widget's traits."""
    value = get(trait)
    if trait in ("cells", "partner") and (pair := pair_in(get("cells"), get("partner"))):
        return Choice("pair", pair)
    match trait:
        case "value" | "cell":
            return Choice("cell", () if value is None else (value,))
        case "partner" | "cells":
            marked = trait == "partner" and value is not None
            cells = (value,) if marked else tuple(get("cells"))
            return Choice("cell", cells) if len(cells) == 1 else None
        case "pair":
            if value is not None:
                return Choice("pair", tuple(value))
            return None if get("cell") is None else Choice("cell", (get("cell"),))
        case "selected" | "stimulus_cells":
            return Choice("selection", tuple(value))
        case _:
            rows, columns = get("selected_pre"), get("selected_post")
            return Choice("selection", tuple(dict.fromkeys([*rows, *columns])))


def trait_updates(kind: str, choice: Choice, has: Has) -> dict[str, Any]:
    """Return the traits that a widget sets after a choice in another one, in this order."""
    what, ids = choice
    if what == "selection":
        sides = _SELECTIONS.get(kind, {})
        updates = {trait: tuple(i for i in ids if has(side, i)) for trait, side in sides.items()}
        fitting = {
            trait: cells for trait, cells in updates.items() if len(cells) <= LARGEST_SELECTION
        }
        if kind not in ("matrix", "player"):
            return fitting
        return {**fitting, "selected_outside": sum(not has("", root_id) for root_id in ids)}
    known = tuple(dict.fromkeys(root_id for root_id in ids if has("", root_id)))
    if kind == "viewer":
        if not known:
            return {}
        partner = ids[1] if what == "pair" and ids[1] in known else None
        return {"cells": known, "partner": partner}
    if kind == "picker":
        return {"value": ids[0] if ids else None} if not ids or ids[0] in known else {}
    missing = [one for one in ids if not has("", one)]
    outside = {"outside": missing[0] if missing else None}
    if kind == "player":
        return {"cell": ids[0] if ids and ids[0] in known else None, **outside}
    if what == "pair":
        fits = has("pre", ids[0]) and has("post", ids[1])
        return {"pair": ids if fits else None, **outside}
    # Without a choice, the viewer keeps what it shows, and so the pair stays.
    cleared = {"pair": None} if ids else {}
    return {**cleared, "cell": known[0] if known else None, **outside}
