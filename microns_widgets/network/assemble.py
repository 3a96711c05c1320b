"""Connections as a matrix, and one cell's as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from microns_widgets.synapses.adjacency import Array, IntArray
from microns_widgets.synapses.connections import Connections


def connection_matrices(
    values: Connections,
    places: Array,
    row: npt.NDArray[np.int32],
    column: npt.NDArray[np.int32],
    shape: tuple[int, int],
) -> tuple[sparse.csr_array, sparse.csr_array, sparse.csr_array]:
    """Set connections into a matrix.

    Parameters
    ----------
    values : Connections
        Among others those of the matrix.
    places : numpy.ndarray of int, shape (n,)
        Where in `values` they stand, each pair of cells at most once.
    row, column : numpy.ndarray of int32, shape (n,)
        Where in the matrix each belongs.
    shape : tuple of int
        Numbers of rows and columns.

    Returns
    -------
    count, total, largest : scipy.sparse.csr_array
        Of one structure, with sorted indices.
    """
    order = _order(row.astype(np.int64) * shape[1] + column, shape[0] * shape[1])
    begin = np.zeros(shape[0] + 1, dtype=np.int32 if len(row) < 2**31 else np.int64)
    np.cumsum(np.bincount(row, minlength=shape[0]), out=begin[1:])
    found = values.taken(places[order])
    structure: sparse.csr_array = sparse.csr_array((found.count, column[order], begin), shape=shape)
    return structure, like(structure, found.total), like(structure, found.largest)


def _order(keys: IntArray, limit: int) -> IntArray:
    """Return what sorts the distinct keys from 0 to `limit`."""
    bits = len(keys).bit_length()
    if limit.bit_length() + bits > 63:
        return np.argsort(keys)
    # Numbers are sorted in half the time that an order of them takes: so each key takes
    # its place along in its lower bits.
    packed = keys << bits
    packed |= np.arange(len(keys))
    packed.sort()
    return packed & ((1 << bits) - 1)


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
