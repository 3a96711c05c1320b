"""Where on a cell's skeleton its synapses are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from microns_widgets.anatomy.compartments import COMPARTMENTS, OTHER
from microns_widgets.anatomy.skeleton import Skeleton

_POSITION = [f"ctr_pt_position_{axis}" for axis in "xyz"]


def count_by_compartment(skeleton: Skeleton, synapses: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count synapses on each compartment of a skeleton.

    Parameters
    ----------
    skeleton : Skeleton
        The cell's skeleton.
    synapses : mapping of str to pandas.DataFrame
        Rows of the synapse table (positions in nm), by the name of the resulting column.

    Returns
    -------
    pandas.DataFrame
        As `Connectome.by_compartment` describes it.
    """
    at = {name: skeleton.compartment_at(frame[_POSITION]) for name, frame in synapses.items()}
    rows = {
        compartment: {
            "cable_um": sum(map(skeleton.cable_length, numbers)),
            **{name: np.isin(found, numbers).sum() for name, found in at.items()},
        }
        for compartment, numbers in _numbers(skeleton).items()
        if numbers
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("compartment")


def _numbers(skeleton: Skeleton) -> dict[str, list[int]]:
    """The numbers of each compartment that the skeleton has; all further ones are "other"."""
    present = set(np.unique(skeleton.compartment).tolist())
    named = {name: sorted({number} & present) for name, number in COMPARTMENTS.items()}
    return {**named, OTHER: sorted(present - set(COMPARTMENTS.values()))}
