"""Random networks to compare a matrix with: who connects to whom is drawn anew."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# How often every row trades with another. In each round half of a row's partners change
# hands: of a thousand connections one has then never moved.
_ROUNDS = 10


def random_places(
    structure: sparse.csr_array,
    own_column: IntArray,
    rng: np.random.Generator,
    *,
    keep: str,
) -> tuple[IntArray, IntArray, IntArray]:
    """Draw new places for the connections of a matrix, those of cells onto themselves apart.

    Parameters
    ----------
    structure : scipy.sparse.csr_array, shape (rows, columns)
        What is stored is connected.
    own_column : numpy.ndarray of int, shape (rows,)
        The column of each row's own cell; -1 for a row whose cell has no column.
    rng : numpy.random.Generator
        Where chance comes from.
    keep : {"density", "degrees"}
        What stays as it is: see `ConnectivityMatrix.shuffled`.

    Returns
    -------
    rows, columns : numpy.ndarray of int, shape (n connections,)
        The new places.
    came_from : numpy.ndarray of int, shape (n connections,)
        Which stored connection of `structure` each of them takes its strength from.
    """
    row = np.repeat(np.arange(structure.shape[0]), np.diff(structure.indptr))
    column = structure.indices.astype(np.int64)
    own = column == own_column[row]
    fixed, free = np.flatnonzero(own), np.flatnonzero(~own)
    if keep == "density":
        new_row, new_column = _anywhere(len(free), structure.shape[1], own_column, rng)
        strength = rng.permutation(free)
    else:
        new_row = row[free]
        new_column = _traded(new_row, column[free], own_column, rng)
        # Strengths change places within their row: the cell's own stay the cell's.
        strength = free[np.lexsort((rng.random(len(free)), new_row))]
    return (
        np.concatenate([row[fixed], new_row]),
        np.concatenate([column[fixed], new_column]),
        np.concatenate([fixed, strength]),
    )


def _anywhere(
    n: int, n_columns: int, own_column: IntArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Choose n different pairs of two cells, all equally probable."""
    has_own = own_column >= 0
    # Pairs are numbered row by row, each row without its own cell.
    width = n_columns - has_own
    end = np.cumsum(width)
    pair = np.sort(rng.choice(int(end[-1]) if len(end) else 0, size=n, replace=False))
    row = np.searchsorted(end, pair, side="right")
    column = pair - (end - width)[row]
    return row, column + (has_own[row] & (column >= own_column[row]))


def _traded(
    row: IntArray, column: IntArray, own_column: IntArray, rng: np.random.Generator
) -> IntArray:
    """Let rows trade partners until chance has placed them; each row keeps their number.

    Global Curveball: in each round the rows meet in random pairs. What only one of the two
    is connected with goes into a pool, and each takes as many back as it gave.
    """
    n_rows = len(own_column)
    column = column.copy()
    n_columns = int(max(column.max(initial=0), own_column.max(initial=0))) + 1
    for _ in range(_ROUNDS):
        order = rng.permutation(n_rows)
        first, second = order[0 : n_rows - 1 : 2], order[1::2]
        other, meeting = np.full(n_rows, -1), np.full(n_rows, -1)
        other[first], other[second] = second, first
        meeting[first] = meeting[second] = np.arange(len(first))
        # A column that both have stays, and so does the partner itself: it would come to
        # be connected with itself. One row of an odd number has nobody to trade with.
        stays = _twice(meeting[row] * n_columns + column)
        stays |= (column == own_column[other[row]]) | (meeting[row] < 0)
        pool = np.flatnonzero(~stays)
        # The pool in two orders, both meeting by meeting: as it stands, and by chance.
        by_row = pool[np.argsort(meeting[row[pool]], kind="stable")]
        pool = rng.permutation(pool)
        by_chance = pool[np.argsort(meeting[row[pool]], kind="stable")]
        column[by_row] = column[by_chance]
    return column


def _twice(keys: IntArray) -> BoolArray:
    """Tell of each key whether there is another like it."""
    order = np.argsort(keys)
    same = np.diff(keys[order]) == 0
    found = np.zeros(len(keys), dtype=bool)
    found[order[1:]] |= same
    found[order[:-1]] |= same
    return found
