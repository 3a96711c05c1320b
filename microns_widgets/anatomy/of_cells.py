"""Where on a cell's skeleton its synapses are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from microns_widgets.anatomy.compartments import COMPARTMENTS
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
    sites = {name: skeleton.compartment_at(frame[_POSITION]) for name, frame in synapses.items()}
    rows = {
        compartment: {
            "cable_um": skeleton.cable_length(number),
            **{name: np.count_nonzero(at == number) for name, at in sites.items()},
        }
        for compartment, number in COMPARTMENTS.items()
        if (skeleton.compartment == number).any()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("compartment")
