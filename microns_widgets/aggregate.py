"""From synapses to connections: what a pair of cells has in all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

IntArray = npt.NDArray[np.int64]


def connections(
    pre_place: npt.NDArray[np.int32],
    post_place: npt.NDArray[np.int32],
    size: npt.NDArray[Any],
    shape: tuple[int, int],
) -> tuple[sparse.csr_array, sparse.csr_array, sparse.csr_array]:
    """Aggregate synapses into connections.

    Parameters
    ----------
    pre_place, post_place : numpy.ndarray of int32, shape (n,)
        Row and column of each synapse; those of one connection stand together.
    size : numpy.ndarray, shape (n,)
        Size of each synapse (voxels).
    shape : tuple of int
        Numbers of rows and columns.

    Returns
    -------
    count, total, largest : scipy.sparse.csr_array
        Of one structure, with sorted indices.
    """
    new = np.ones(len(size), dtype=bool)
    new[1:] = (pre_place[1:] != pre_place[:-1]) | (post_place[1:] != post_place[:-1])
    begin = np.flatnonzero(new)
    at = (pre_place[begin], post_place[begin])
    # Turning twice sorts both indices in linear time and carries along what came from where.
    came_from = np.arange(len(begin), dtype=np.intp)
    structure = sparse.coo_array((came_from, at), shape=shape).tocsc().tocsr()
    order = structure.data
    count = np.diff(np.append(begin, len(size))).astype(np.int32)
    sizes = size.astype(np.int64)
    total, largest = (
        operation.reduceat(sizes, begin) if len(begin) else sizes[:0]
        for operation in (np.add, np.maximum)
    )
    return (
        like(structure, count[order]),
        like(structure, total[order]),
        like(structure, largest[order]),
    )


def sum_by_partner(synapses: pd.DataFrame, side: str, direction: str) -> pd.DataFrame:
    """Sum one cell's synapses over each partner, the strongest connection first.

    Parameters
    ----------
    synapses : pandas.DataFrame
        The cell's inputs or its outputs.
    side : {"pre", "post"}
        On which side the partners are.
    direction : str
        What stands in the column ``direction``.

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


def like(structure: sparse.csr_array, data: npt.NDArray[Any]) -> sparse.csr_array:
    """Return other numbers for the same connections."""
    return sparse.csr_array((data, structure.indices, structure.indptr), shape=structure.shape)
