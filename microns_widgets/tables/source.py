"""What the source of data says of them; it is part of every table, matrix and skeleton."""

from __future__ import annotations

from typing import Any

#: In the source of data that have no depth in the cortex, such as those of a fly.
NO_DEPTH = "no cortical depth"
#: In the source of data whose synapses have no size.
NO_SIZES = "no synapse sizes"


def has_depth(source: str) -> bool:
    """Whether data from a source have a depth below the pia where they are in the volume."""
    return NO_DEPTH not in source


def has_sizes(source: str) -> bool:
    """Whether the synapses of a source have sizes."""
    return NO_SIZES not in source


def source_of(table: Any) -> str:
    """Return the source of a frame; ``""`` if it does not say."""
    return str(getattr(table, "attrs", {}).get("source", ""))
