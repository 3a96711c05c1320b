"""The compartments of a cell and their numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from microns_widgets._typing import IntArray
from microns_widgets.errors import InvalidArgument, quoted, suggestion

#: Compartments and their numbers, as in SWC files and in CAVE's skeletons.
COMPARTMENTS: Mapping[str, int] = {
    "soma": 1,
    "axon": 2,
    "dendrite": 3,
    "apical dendrite": 4,
}
#: What vertices with any other number belong to: 0 undefined, 5 fork, 6 end, 7 custom.
OTHER = "other"


def numbers_by_name(compartment: IntArray) -> dict[str, list[int]]:
    """Return the numbers used for each compartment; all numbers without a name are "other"."""
    present = set(np.unique(compartment).tolist())
    named = {name: sorted({number} & present) for name, number in COMPARTMENTS.items()}
    return {**named, OTHER: sorted(present - set(COMPARTMENTS.values()))}


def compartment_number(compartment: str | int) -> int:
    """Return a compartment's number; raise `InvalidArgument` for an unknown name."""
    if isinstance(compartment, int | np.integer):
        return int(compartment)
    if not isinstance(compartment, str) or compartment not in COMPARTMENTS:
        raise InvalidArgument(
            f"There is no compartment {quoted(compartment)}."
            f"{suggestion(compartment, COMPARTMENTS)} "
            f"Expected {', '.join(map(repr, COMPARTMENTS))} or a number."
        )
    return COMPARTMENTS[compartment]
