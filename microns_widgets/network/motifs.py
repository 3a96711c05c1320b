"""Motifs of a directed network: reciprocal pairs, and how three cells are connected."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy

from microns_widgets._index_type import as_intp
from microns_widgets._typing import IntArray
from microns_widgets.errors import MatrixError

#: The 13 ways in which three cells are connected, from few connections to many. In each name are
#: the numbers of reciprocal, one-way and unconnected pairs (Holland and Leinhardt 1970).
TRIADS = (
    "021D", "021U", "021C", "111D", "111U", "030T", "030C", "201", "120D", "120U", "120C", "210",
    "300",
)  # fmt: skip


def of_same_cells(
    structure: scipy.sparse.csr_array, pre: pd.DataFrame, post: pd.DataFrame
) -> scipy.sparse.csr_array:
    """Return the connections with the columns in the order of the rows.

    Raises
    ------
    MatrixError
        If rows (`pre`) and columns (`post`) are not the same cells.
    """
    if pre.index.equals(post.index):
        return structure
    place = post.index.get_indexer(pre.index)
    n_missing = int((place < 0).sum())
    if n_missing or len(pre) != len(post):
        raise MatrixError(
            f"Rows and columns are not the same cells: {n_missing:,} of the {len(pre):,} "
            f"presynaptic cells have no column, and there are {len(post):,} columns. Reciprocal "
            "pairs and groups of three are counted among the same cells: con.matrix(cells)."
        )
    return structure[:, place]


def _halves(
    structure: scipy.sparse.csr_array,
) -> tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]:
    """Return the connections that go one way, and the reciprocal ones, as 0 and 1."""
    row = np.repeat(np.arange(structure.shape[0]), as_intp(np.diff(structure.indptr)))
    other = row != structure.indices
    ends = row[other], structure.indices[other]
    ones = np.ones(len(ends[0]), dtype=np.int64)
    connected = scipy.sparse.coo_array((ones, ends), shape=structure.shape).tocsr()
    mutual = connected.multiply(connected.T.tocsr()).tocsr()
    return connected - mutual, mutual


def reciprocal_pairs(structure: scipy.sparse.csr_array) -> int:
    """Count the pairs of different cells that are connected in both directions.

    Parameters
    ----------
    structure : scipy.sparse.csr_array, shape (n, n)
        Each stored entry is a connection; rows and columns are the same cells.
    """
    return _halves(structure)[1].nnz // 2


def triads(structure: scipy.sparse.csr_array) -> pd.Series:
    """Count the connected groups of three cells by how they are connected.

    Groups in which all three pairs are connected are counted as products of matrices. Groups
    with two connected pairs are all paths of length two, less those that are part of the first.

    Parameters
    ----------
    structure : scipy.sparse.csr_array, shape (n, n)
        As for `reciprocal_pairs`.

    Returns
    -------
    pandas.Series of int
        Number of each of `TRIADS`.
    """
    one_way, mutual = _halves(structure)
    one_way.eliminate_zeros()
    back = one_way.T.tocsr()
    outputs = np.diff(one_way.indptr).astype(np.int64)
    inputs = np.diff(back.indptr).astype(np.int64)
    both = np.diff(mutual.indptr).astype(np.int64)

    def shared(paths: scipy.sparse.csr_array, ends: scipy.sparse.csr_array) -> int:
        return int(paths.multiply(ends).sum())

    chains, onto_mutual = one_way @ one_way, one_way @ mutual
    number = {
        "030T": shared(chains, one_way),
        "030C": shared(chains, back) // 3,
        "120D": shared(onto_mutual, one_way) // 2,
        "120U": shared(mutual @ one_way, one_way) // 2,
        "120C": shared(onto_mutual, back),
        "210": shared(mutual @ mutual, one_way),
        "300": shared(mutual @ mutual, mutual) // 6,
    }
    transitive, ring, cyclic = number["030T"], number["030C"], number["120C"]
    number |= {
        "021D": _twos(outputs) - transitive - number["120D"],
        "021U": _twos(inputs) - transitive - number["120U"],
        "021C": int((inputs * outputs).sum()) - transitive - 3 * ring - cyclic,
        "111D": int((both * inputs).sum()) - cyclic - 2 * number["120D"] - number["210"],
        "111U": int((both * outputs).sum()) - cyclic - 2 * number["120U"] - number["210"],
        "201": _twos(both) - number["210"] - 3 * number["300"],
    }
    return pd.Series({name: number[name] for name in TRIADS}, name="groups", dtype=np.int64)


def _twos(degrees: IntArray) -> int:
    """Count the pairs of partners of the same cell."""
    return int((degrees * (degrees - 1) // 2).sum())
