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
        ``direction``, ``partner_root_id``, ``n_synapses``, ``size_sum`` (voxels).
    """
    sizes = synapses.groupby(f"{side}_pt_root_id")["size"]
    sums = sizes.agg(n_synapses="size", size_sum="sum").rename_axis("partner_root_id")
    order = ["n_synapses", "size_sum", "partner_root_id"]
    table = sums.reset_index().sort_values(order, ascending=[False, False, True])
    table.insert(0, "direction", direction)
    return table
