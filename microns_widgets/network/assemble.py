"""Connections as a sparse matrix."""

from __future__ import annotations

import numpy as np
import scipy

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, Int32Array, IntArray
from microns_widgets.synapses.connections import Connections


def connection_matrices(
    values: Connections,
    places: Array,
    row: Int32Array,
    column: Int32Array,
    shape: tuple[int, int],
) -> tuple[scipy.sparse.csr_array, scipy.sparse.csr_array, scipy.sparse.csr_array]:
    """Assemble connections into a matrix.

    Parameters
    ----------
    values : Connections
        The connections of the matrix, and possibly others.
    places : numpy.ndarray of int, shape (n,)
        Positions in `values` of the matrix's connections, each pair of cells at most once.
    row, column : numpy.ndarray of int32, shape (n,)
        Row and column of each connection.
    shape : tuple of int
        Numbers of rows and columns.

    Returns
    -------
    count, total, largest : scipy.sparse.csr_array
        All with the same structure and sorted indices.
    """
    order = _order(row.astype(np.int64) * shape[1] + column, shape[0] * shape[1])
    begin = np.zeros(shape[0] + 1, dtype=np.int32 if len(row) < 2**31 else np.int64)
    np.cumsum(np.bincount(as_intp(row), minlength=shape[0]), out=begin[1:])
    part = values.at(places[order])
    structure: scipy.sparse.csr_array = scipy.sparse.csr_array(
        (np.asarray(part.count), column[order], begin), shape=shape
    )
    return (
        structure,
        like(structure, np.asarray(part.total)),
        like(structure, np.asarray(part.largest)),
    )


def _order(keys: IntArray, limit: int) -> IntArray:
    """Return the order that sorts distinct keys from 0 to `limit`."""
    bits = len(keys).bit_length()
    if limit.bit_length() + bits > 63:
        return np.argsort(keys)
    # Sorting numbers takes half the time of an argsort, so each key carries its place along in
    # its lower bits.
    packed = keys << bits
    packed |= np.arange(len(keys))
    packed.sort()
    return packed & ((1 << bits) - 1)


def like(structure: scipy.sparse.csr_array, data: Array) -> scipy.sparse.csr_array:
    """Return a matrix with the same connections and other numbers."""
    return scipy.sparse.csr_array(
        (data, structure.indices, structure.indptr), shape=structure.shape
    )
