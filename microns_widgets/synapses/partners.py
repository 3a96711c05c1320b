"""One cell's synapses summed by partner."""

from __future__ import annotations

import pandas as pd


def sum_by_partner(synapses: pd.DataFrame, side: str, direction: str) -> pd.DataFrame:
    """Sum one cell's synapses by partner, strongest connection first.

    Parameters
    ----------
    synapses : pandas.DataFrame
        The cell's inputs or its outputs.
    side : {"pre", "post"}
        The side on which the partners are.
    direction : str
        Content of the column ``direction``.

    Returns
    -------
    pandas.DataFrame
        ``direction``, ``partner_root_id``, ``n_synapses``, and ``size_sum`` (voxels) if the
        synapses have sizes.
    """
    groups = synapses.groupby(f"{side}_pt_root_id")
    sums = groups.size().rename("n_synapses").to_frame().rename_axis("partner_root_id")
    if "size" in synapses:
        sums["size_sum"] = groups["size"].sum()
    order = [*sums, "partner_root_id"]
    descending = [False] * (len(order) - 1)
    table = sums.reset_index().sort_values(order, ascending=[*descending, True])
    table.insert(0, "direction", direction)
    return table
