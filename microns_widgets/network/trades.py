"""Random networks that keep all degrees: cells trade partners, rings of three reverse.

Every move is as probable as its reverse, and the moves of one round do not touch each other. So
all networks that can be reached are equally probable in the long run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, BoolArray, IntArray

# After these rounds, two shuffles are as different from the observed network as from each other
# (tests measure it). Few cells have few partners to trade with: they get more rounds, which cost
# little.
_ROUNDS, _ROUNDS_TIMES_ROWS = 20, 400
# If classes are kept, fewer connections move in a round, above all in networks of some hundred
# connections; in a tiny network there is little to move.
_ROUNDS_IN_CLASSES, _ROUNDS_TIMES_CONNECTIONS, _ROUNDS_PER_CONNECTION = 30, 250_000, 5


@dataclass(frozen=True)
class Trades:
    """Draws networks with the same numbers of partners in every row and every column.

    Without `classes`, a round is one of Global Curveball (Carstens et al. 2018): rows meet in
    pairs, the partners that only one of the two has go into a pool, and each row draws as many
    from it as it put in. With them, connections of the two rows are swapped one by one.

    Parameters
    ----------
    row, column : numpy.ndarray of int, shape (m,)
        The connections that move; autapses are not among them.
    own_column : numpy.ndarray of int, shape (rows,)
        The column of each row's own cell, or -1. No connection is ever placed there.
    n_columns : int
        Number of columns.
    classes : numpy.ndarray of uint8, shape (rows, columns), optional
        Class of each pair of cells. If given, the number of connections in each class is kept,
        too. The class must be the same in both directions.
    """

    row: IntArray
    column: IntArray
    own_column: IntArray
    n_columns: int
    classes: Array | None = None

    def draw(self, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Return new rows and columns of the connections, in no order."""
        row, column = self.row, self.column
        if len(row) == 0:
            return row, column
        own_row = np.full(self.n_columns, -1, dtype=np.int64)
        has_own = np.flatnonzero(self.own_column >= 0)
        own_row[self.own_column[has_own]] = has_own
        transposed = None if self.classes is None else self.classes.T
        in_ring = self._may_be_in_ring()
        for number in range(self._n_rounds()):
            # Rows and columns take turns: a row with many connections gives few of them to one
            # with few, but its columns pass them on.
            if number % 2 == 0:
                row, column = _trade(row, column, self.own_column, self.classes, rng)
            else:
                column, row = _trade(column, row, own_row, transposed, rng)
            if len(in_ring) >= 3:
                column = self._reverse_rings(row, column, in_ring, rng)
        return row, column

    def _n_rounds(self) -> int:
        if self.classes is None:
            return max(_ROUNDS, _ROUNDS_TIMES_ROWS // len(self.own_column))
        n = len(self.row)
        return _ROUNDS_IN_CLASSES + min(_ROUNDS_TIMES_CONNECTIONS // n, _ROUNDS_PER_CONNECTION * n)

    def _may_be_in_ring(self) -> IntArray:
        """Return the rows whose cells have partners on both sides, which never changes."""
        received = np.bincount(as_intp(self.column), minlength=self.n_columns)
        sent = np.bincount(as_intp(self.row), minlength=len(self.own_column))
        own = self.own_column
        return np.flatnonzero((own >= 0) & (sent > 0) & (received[own] > 0))

    def _reverse_rings(
        self, row: IntArray, column: IntArray, cells: IntArray, rng: np.random.Generator
    ) -> IntArray:
        """Divide the cells into triples; reverse half of the rings A to B to C to A.

        Trades alone would never reverse a ring that is connected to nothing else, because a
        trade between two of its cells makes an autapse.
        """
        n = len(cells) // 3
        members = rng.permutation(cells)[: 3 * n]
        # Cells outside of all triples have different numbers on the two axes: no match.
        at_row = np.full(len(self.own_column), -3, dtype=np.int64)
        at_row[members] = np.arange(3 * n)
        at_column = np.full(self.n_columns, -6, dtype=np.int64)
        at_column[self.own_column[members]] = np.arange(3 * n)
        inside = np.flatnonzero((at_row // 3)[row] == (at_column // 3)[column])
        start, end = at_row[row[inside]], at_column[column[inside]]
        triple = start // 3
        # A ring is three connections that all go one place on, or all one place back.
        step = (end - start) % 3
        forward = np.bincount(as_intp(triple[step == 1]), minlength=n)
        back = np.bincount(as_intp(triple[step == 2]), minlength=n)
        reverses = (forward + back == 3) & (forward * back == 0) & (rng.random(n) < 0.5)
        turned = reverses[triple]
        new_end = 3 * triple + (start - step) % 3
        column[inside[turned]] = self.own_column[members[new_end[turned]]]
        return column


def _trade(
    row: IntArray,
    column: IntArray,
    own_column: IntArray,
    classes: Array | None,
    rng: np.random.Generator,
) -> tuple[IntArray, IntArray]:
    """Let rows meet in pairs and trade columns; return new rows and columns."""
    n_rows = len(own_column)
    # Rows 2k and 2k + 1 of this order meet. The last of an odd number meets nobody.
    order = rng.permutation(n_rows)
    place = np.empty(n_rows, dtype=np.int64)
    place[order] = np.arange(n_rows)
    bits = int(column.max()).bit_length()
    # One number per connection: meeting, column, side. Sorted, the two connections of a
    # meeting to the same column are neighbours.
    key = place[row]
    side = key & 1
    key >>= 1
    key <<= bits
    key |= column
    key <<= 1
    key |= side
    key.sort()
    target = key >> 1
    free = np.ones(len(key), dtype=bool)
    shared = target[1:] == target[:-1]
    free[1:] &= ~shared
    free[:-1] &= ~shared
    side = key & 1
    meeting = target >> bits
    column = target & ((1 << bits) - 1)
    # What is the other row's own cell stays, since it would become an autapse.
    own = np.full(n_rows + 1, -1, dtype=np.int64)
    own[:n_rows] = own_column[order]
    free &= own[(2 * meeting + side) ^ 1] != column
    pool = np.flatnonzero(free)
    if classes is None:
        side[pool] = _shuffled_within(meeting[pool], side[pool], rng)
    else:
        _swap_in_classes(pool, meeting, side, column, order, classes, rng)
    return order[2 * meeting + side], column


def _shuffled_within(group: IntArray, bit: IntArray, rng: np.random.Generator) -> IntArray:
    """Permute bits within groups; the groups are in ascending order."""
    if len(group) == 0:
        return bit
    width = 62 - int(group[-1]).bit_length()
    # Sorting random numbers that carry the bit is faster than an argsort. Ties are no
    # matter: there are at least 2 ** 28 numbers for the few members of a group.
    key = rng.integers(0, 1 << width, len(group))
    key <<= 1
    key |= bit
    key |= group << (width + 1)
    key.sort()
    return key & 1


def _swap_in_classes(
    pool: IntArray,
    meeting: IntArray,
    side: IntArray,
    column: IntArray,
    order: IntArray,
    classes: Array,
    rng: np.random.Generator,
) -> None:
    """Swap partners between the two rows of each meeting; change `side` in place.

    In each meeting, connections of the one row are matched with connections of the other. To
    swap a match changes the number of connections in up to four classes. Among all matches
    where a swap would make the same change, or its opposite, the states before and after are
    permuted, so that the total stays.
    """
    first, second = _matches(pool, meeting, side, rng)
    rows = order[2 * meeting[first]], order[2 * meeting[first] + 1]
    columns = column[first], column[second]
    change, is_after = _change_of_classes(
        classes[rows[0], columns[0]],
        classes[rows[1], columns[1]],
        classes[rows[0], columns[1]],
        classes[rows[1], columns[0]],
    )
    flips = np.empty(len(first), dtype=bool)
    nothing = change == 0
    flips[nothing] = rng.random(int(nothing.sum())) < 0.5
    others = np.flatnonzero(~nothing)
    others = others[np.argsort(change[others])]
    before = is_after[others].astype(np.int64)
    flips[others] = _shuffled_within(change[others], before, rng) != before
    side[first[flips]] = 1
    side[second[flips]] = 0


def _matches(
    pool: IntArray, meeting: IntArray, side: IntArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Match connections of side 0 with ones of side 1 of the same meeting, at random."""
    if len(pool) == 0:
        return pool, pool
    half = 2 * meeting[pool] + side[pool]
    n_halves = 2 * (int(meeting[pool[-1]]) + 1)
    bits = len(pool).bit_length()
    width = 63 - bits - n_halves.bit_length()
    key = rng.integers(0, 1 << width, len(pool))
    key |= half << width
    key <<= bits
    key |= np.arange(len(pool))
    key.sort()
    at_random = pool[key & ((1 << bits) - 1)]
    number = np.bincount(as_intp(half), minlength=n_halves)
    begin = np.cumsum(number) - number
    matched = np.minimum(number[0::2], number[1::2])
    within = np.arange(matched.sum()) - np.repeat(np.cumsum(matched) - matched, as_intp(matched))
    return (
        at_random[np.repeat(begin[0::2], as_intp(matched)) + within],
        at_random[np.repeat(begin[1::2], as_intp(matched)) + within],
    )


def _change_of_classes(a: Array, b: Array, c: Array, d: Array) -> tuple[IntArray, BoolArray]:
    """Number the changes from the classes {a, b} to {c, d}.

    Returns
    -------
    change : numpy.ndarray of int
        The same for a change and its opposite; 0 if the two sets are equal.
    is_after : numpy.ndarray of bool
        Tells a change from its opposite.
    """
    a, b = np.minimum(a, b).astype(np.int64), np.maximum(a, b).astype(np.int64)
    c, d = np.minimum(c, d).astype(np.int64), np.maximum(c, d).astype(np.int64)
    left, right = a << 8 | b, c << 8 | d
    # What is on both sides does not change: {x, y} to {x, z} is y to z, whatever x is.
    for same, old, new in ((a == c, b, d), (a == d, b, c), (b == c, a, d), (b == d, a, c)):
        left = np.where(same, 1 << 16 | old, left)
        right = np.where(same, 1 << 16 | new, right)
    low, high = np.minimum(left, right), np.maximum(left, right)
    change = np.where(left == right, 0, low << 17 | high)
    return change, left > right
