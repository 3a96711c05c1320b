"""The compartments of a cell and their numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

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
