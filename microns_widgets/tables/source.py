"""What the source of data says about them. Every table, matrix and skeleton carries its source."""

from __future__ import annotations

from typing import Any

import pandas as pd

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


class WithSource:
    """The part of a `Connectome` that knows what its source says of the data."""

    source: str

    @property
    def has_sizes(self) -> bool:
        """Whether the synapses have sizes; in some other datasets, they have none."""
        return has_sizes(self.source)

    @property
    def has_depth(self) -> bool:
        """Whether the depth of cells in the cortex is known; in a fly, there is none."""
        return has_depth(self.source)

    def _with_source(self, frame: pd.DataFrame) -> pd.DataFrame:
        if "size" in frame and not self.has_sizes:
            frame = frame.drop(columns="size")
        frame.attrs["source"] = self.source
        return frame
