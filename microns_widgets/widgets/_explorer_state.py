"""What an `Explorer` shows, as the few settings that differ from a new one.

`Explorer.to_code` writes them, and `Explorer(con, state=...)` applies them. On a page without a
kernel, the address contains them: ``frontend/src/explorer/state.ts`` has the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets

from microns_widgets.errors import InvalidArgument, check_names, quoted
from microns_widgets.widgets._matrix_view import VIEW_TRAITS

#: Traits that make up the state, by part, in the order in which they are applied.
SHARED: Mapping[str, tuple[str, ...]] = {
    "picker": ("value", "selected", "filters"),
    "viewer": (
        "cells",
        "partner",
        "color_by",
        "synapses",
        "synapse_color",
        "synapse_scale",
        "synapse_opacity",
        "hidden_types",
        "camera",
    ),
    "matrix": VIEW_TRAITS,
    "layout": ("columns", "enlarged"),
}

#: Settings by part and trait.
State = dict[str, dict[str, Any]]
Parts = Mapping[str, traitlets.HasTraits]


def state_of(parts: Parts) -> State:
    """Return all settings of the parts."""
    return {
        part: {name: getattr(parts[part], name) for name in names} for part, names in SHARED.items()
    }


def checked_state(state: Mapping[str, Any] | None) -> State:
    """Return the settings that a user gave, by part.

    Raises
    ------
    InvalidArgument
        If a part or its settings are not a dict.
    UnknownArgument
        If there is no such part or setting.
    """
    given = _dict("state", {} if state is None else state)
    for part, settings in given.items():
        check_names("Explorer(state=...) has no part", [part], list(SHARED))
        refusal = f"state[{part!r}] has no setting"
        check_names(refusal, _dict(f"state[{part!r}]", settings), SHARED[part])
    return {part: dict(settings) for part, settings in given.items()}


def start_of(first: State, value: int | None, pair: tuple[int, int] | None) -> State:
    """Return the settings of a new explorer in which a cell and a pair were chosen.

    Parameters
    ----------
    first : dict
        The settings of the new explorer.
    value, pair
        The picker's cell and the matrix's pair; the viewer shows the pair if the cell is its
        presynaptic one, as after a click in the matrix.
    """
    cells: tuple[int, ...] = () if value is None else (value,)
    partner = None
    if pair and pair[0] == value:
        cells, partner = tuple(dict.fromkeys(pair)), pair[1]
    start = {part: dict(settings) for part, settings in first.items()}
    start["picker"]["value"] = value
    start["viewer"].update(cells=cells, partner=partner)
    return start


def changes(start: State, now: State) -> State:
    """Return the settings that differ; of a dict, such as the camera, the keys that differ."""
    differing = {
        part: {
            name: _differing_keys(start[part][name], value)
            for name, value in settings.items()
            # A custom order of the matrix is data; `MatrixExplorer.to_code` leaves it out too.
            if value != start[part][name] and value != "own"
        }
        for part, settings in now.items()
    }
    return {part: settings for part, settings in differing.items() if settings}


def _differing_keys(before: Any, value: Any) -> Any:
    if not isinstance(before, Mapping):
        return [*value] if isinstance(value, tuple) else value
    return {key: one for key, one in value.items() if key not in before or before[key] != one}


def apply(parts: Parts, settings: State) -> None:
    """Set traits of the parts, which are not linked yet."""
    for part, names in SHARED.items():
        for name in names:
            if name in settings.get(part, {}):
                setattr(parts[part], name, settings[part][name])


def _dict(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidArgument(
            f"{name} is {quoted(value)}. Expected a dict, such as the one that "
            "Explorer.to_code() writes."
        )
    return value
