"""What the source of data says about them. Every table, matrix and skeleton carries its source."""

from __future__ import annotations

from typing import Any

#: Part of the source of data without depths in the cortex, such as those of a fly.
NO_DEPTH = "no cortical depth"
#: Part of the source of data whose synapses have no size.
NO_SIZES = "no synapse sizes"


def has_depth(source: str) -> bool:
    """Whether positions in the volume have a known depth below the pia, for data from a source."""
    return NO_DEPTH not in source


def has_sizes(source: str) -> bool:
    """Whether the synapses of a source have sizes."""
    return NO_SIZES not in source


def source_of(table: Any) -> str:
    """Return the source of a frame; ``""`` if it has none."""
    return str(getattr(table, "attrs", {}).get("source", ""))
