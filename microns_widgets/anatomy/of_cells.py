"""Where on a cell's skeleton its synapses are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from microns_widgets.anatomy.compartments import numbers_by_name
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
        for compartment, numbers in numbers_by_name(skeleton.compartment).items()
        if numbers
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("compartment")
