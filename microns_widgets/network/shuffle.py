"""Random networks to compare a matrix with: connections are placed at random."""

from __future__ import annotations

import numpy as np
import scipy

from microns_widgets._index_type import as_intp
from microns_widgets._typing import BoolArray, IntArray

# How often every row trades with another. In each round half of a row's partners are
# exchanged, so that only one connection in a thousand never moves.
_ROUNDS = 10


def random_places(
    structure: scipy.sparse.csr_array,
    own_column: IntArray,
    rng: np.random.Generator,
    *,
    keep: str,
) -> tuple[IntArray, IntArray, IntArray]:
    """Draw new places for the connections of a matrix, except autapses.

    Parameters
    ----------
    structure : scipy.sparse.csr_array, shape (rows, columns)
        Each stored entry is a connection.
    own_column : numpy.ndarray of int, shape (rows,)
        The column of each row's own cell; -1 for a row whose cell has no column.
    rng : numpy.random.Generator
        Source of randomness.
    keep : {"density", "degrees"}
        What is preserved: see `ConnectivityMatrix.shuffled`.

    Returns
    -------
    rows, columns : numpy.ndarray of int, shape (n connections,)
        The new places.
    origin : numpy.ndarray of int, shape (n connections,)
        The stored connection of `structure` whose strength each of them gets.
    """
    row = np.repeat(np.arange(structure.shape[0]), as_intp(np.diff(structure.indptr)))
    column = structure.indices.astype(np.int64)
    own = column == own_column[row]
    fixed, free = np.flatnonzero(own), np.flatnonzero(~own)
    if keep == "density":
        new_row, new_column = _uniform(len(free), structure.shape[1], own_column, rng)
        strength = rng.permutation(free)
    else:
        new_row = row[free]
        new_column = _after_trades(new_row, column[free], own_column, rng)
        # Strengths are permuted within their row: a cell keeps its own.
        strength = free[np.lexsort((rng.random(len(free)), new_row))]
    return (
        np.concatenate([row[fixed], new_row]),
        np.concatenate([column[fixed], new_column]),
        np.concatenate([fixed, strength]),
    )


def _uniform(
    n: int, n_columns: int, own_column: IntArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Choose n distinct pairs of two different cells, all equally likely."""
    has_own = own_column >= 0
    # Pairs are numbered row by row, skipping each row's own cell.
    width = n_columns - has_own.astype(np.int64)
    end = np.cumsum(width)
    pair = np.sort(rng.choice(int(end[-1]) if len(end) else 0, size=n, replace=False))
    row = np.searchsorted(end, pair, side="right")
    column = pair - (end - width)[row]
    return row, column + (has_own[row] & (column >= own_column[row]))


def _after_trades(
    row: IntArray, column: IntArray, own_column: IntArray, rng: np.random.Generator
) -> IntArray:
    """Let rows trade partners until they are random; each row keeps its number of partners.

    Global Curveball: in each round the rows are paired at random. Partners that only one of
    the two rows has go into a pool, and each row draws as many from it as it put in.

    A row never draws its own cell, so not every network of the same degrees can be reached: a
    directed ring of three cells never reverses if the matrix has no other connections.
    """
    n_rows = len(own_column)
    column = column.copy()
    n_columns = int(max(column.max(initial=0), own_column.max(initial=0))) + 1
    for _ in range(_ROUNDS):
        order = rng.permutation(n_rows)
        first, second = order[0 : n_rows - 1 : 2], order[1::2]
        other, meeting = np.full((2, n_rows), -1, dtype=np.int64)
        other[first], other[second] = second, first
        meeting[first] = meeting[second] = np.arange(len(first))
        # A column that both have stays, and so does the other row's own cell, which would
        # become an autapse. One row of an odd number has no row to trade with.
        stays = _repeated(meeting[row] * n_columns + column)
        stays |= (column == own_column[other[row]]) | (meeting[row] < 0)
        pool = np.flatnonzero(~stays)
        # The pool in two orders, both grouped by pair of rows: as it is, and at random.
        by_row = pool[np.argsort(meeting[row[pool]], kind="stable")]
        pool = rng.permutation(pool)
        by_chance = pool[np.argsort(meeting[row[pool]], kind="stable")]
        column[by_row] = column[by_chance]
    return column


def _repeated(keys: IntArray) -> BoolArray:
    """Whether each key occurs more than once."""
    order = np.argsort(keys)
    same = np.diff(keys[order]) == 0
    repeated = np.zeros(len(keys), dtype=bool)
    repeated[order[1:]] |= same
    repeated[order[:-1]] |= same
    return repeated
