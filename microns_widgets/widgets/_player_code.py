"""The line of Python that recreates an activity player, as the front end writes it too."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.widgets._python_code import python_code

#: Traits that describe the view, in the order of "copy as Python".
SETTINGS = (
    "gain",
    "inhibition",
    "same",
    "stimulus_types",
    "stimulus_cells",
    "strength",
    "stimulus_times",
    "speed",
    "cell",
)
#: The default of the parameter `duration`, in s.
DURATION = 20.0


def player_code(player: Any) -> str:
    """Return the line for the current state of a player."""
    changes = [
        f"{name}={python_code(value)}"
        for name in SETTINGS
        if (value := getattr(player, name)) != player.traits()[name].default_value
        and value not in ([], ())
    ]
    return f"mw.ActivityPlayer({', '.join([player.code_arguments, *changes])})"


def arguments_code(
    model: object, beside: object, label: str | None, duration: float, dt: float | None
) -> str:
    """Return the arguments of a player, with names that stand for the networks."""
    parts = ["matrix" if isinstance(model, ConnectivityMatrix) else "model"]
    if isinstance(beside, Mapping):
        named = ", ".join(f"{python_code(name)}: other" for name in beside)
        parts.append(f"beside={{{named}}}")
    elif beside is not None:
        parts.append("beside=other")
    if label is not None:
        parts.append(f"label={python_code(label)}")
    if not math.isclose(duration, DURATION):
        parts.append(f"duration={python_code(duration)}")
    if dt is not None:
        parts.append(f"dt={python_code(dt)}")
    return ", ".join(parts)
