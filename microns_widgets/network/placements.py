"""Random networks that keep numbers of connections: in all, of pairs of types, or by distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, IntArray


@dataclass(frozen=True)
class Block:
    """The pairs of some rows and some columns, of which `n` different ones are chosen.

    Parameters
    ----------
    rows, columns : numpy.ndarray of int
        Rows and columns of the matrix.
    own : numpy.ndarray of int, shape (len(rows),)
        Place in `columns` of each row's own cell, or -1.
    n : int
        Number of connections.
    """

    rows: IntArray
    columns: IntArray
    own: IntArray
    n: int

    def draw(self, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Choose n pairs of two different cells, all equally probable."""
        has_own = self.own >= 0
        # Pairs are numbered row by row, skipping each row's own cell.
        width = len(self.columns) - has_own
        end = np.cumsum(width)
        pair = rng.choice(int(end[-1]), size=self.n, replace=False, shuffle=False)
        row = np.searchsorted(end, pair, side="right")
        place = pair - (end - width)[row]
        place += has_own[row] & (place >= self.own[row])
        return self.rows[row], self.columns[place]


@dataclass(frozen=True)
class ListedPairs:
    """Pairs of cells, numbered row by row, of which `n` different ones are chosen."""

    pairs: IntArray
    n_columns: int
    n: int

    def draw(self, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Choose n of the pairs, all equally probable."""
        chosen = self.pairs[rng.choice(len(self.pairs), self.n, replace=False, shuffle=False)]
        return np.divmod(chosen, self.n_columns)


def blocks(
    row_group: IntArray,
    column_group: IntArray,
    own_column: IntArray,
    row: IntArray,
    column: IntArray,
) -> tuple[list[Block], IntArray]:
    """Divide a matrix into blocks by the groups of its rows and columns.

    Parameters
    ----------
    row_group, column_group : numpy.ndarray of int
        Group of each row and each column, from 0.
    own_column : numpy.ndarray of int, shape (rows,)
        Column of each row's own cell, or -1.
    row, column : numpy.ndarray of int, shape (m,)
        The observed connections.

    Returns
    -------
    blocks : list of Block
        Those with connections.
    order : numpy.ndarray of int, shape (m,)
        The connections in the order of these blocks.
    """
    n_groups = int(column_group.max(initial=0)) + 1
    block = row_group[row] * n_groups + column_group[column]
    rows_of = [np.flatnonzero(row_group == group) for group in range(row_group.max(initial=0) + 1)]
    columns_of = [np.flatnonzero(column_group == group) for group in range(n_groups)]
    place = np.empty(len(column_group), dtype=np.int64)
    for columns in columns_of:
        place[columns] = np.arange(len(columns))
    found = []
    for number, n in zip(*np.unique(block, return_counts=True), strict=True):
        rows, group = rows_of[number // n_groups], number % n_groups
        own = own_column[rows]
        inside = (own >= 0) & (column_group[own] == group)
        found.append(Block(rows, columns_of[group], np.where(inside, place[own], -1), int(n)))
    return found, np.argsort(block, kind="stable")


def listed(
    classes: Array, own_column: IntArray, row: IntArray, column: IntArray
) -> tuple[list[ListedPairs], IntArray]:
    """List the pairs of each class of a matrix, without those of a cell with itself.

    Parameters
    ----------
    classes : numpy.ndarray of uint8, shape (rows, columns)
        Class of each pair of cells.
    own_column, row, column
        As for `blocks`.

    Returns
    -------
    pairs : list of ListedPairs
        Of the classes with connections.
    order : numpy.ndarray of int, shape (m,)
        The connections in the order of these classes.
    """
    n_columns = classes.shape[1]
    by_class = np.argsort(classes, axis=None, kind="stable")
    by_row, by_column = np.divmod(by_class, n_columns)
    by_class = by_class[own_column[by_row] != by_column]
    end = np.cumsum(np.bincount(as_intp(classes.ravel()[by_class]), minlength=256))
    own = classes[row, column]
    found = [
        ListedPairs(by_class[end[number - 1] if number else 0 : end[number]], n_columns, int(n))
        for number, n in zip(*np.unique(own, return_counts=True), strict=True)
    ]
    return found, np.argsort(own, kind="stable")


@dataclass(frozen=True)
class Placements:
    """Draws networks that keep the number of connections in each part of a matrix."""

    parts: Sequence[Block | ListedPairs]

    def draw(self, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Return new rows and columns of the connections, part by part."""
        drawn = [part.draw(rng) for part in self.parts]
        if not drawn:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        rows, columns = zip(*drawn, strict=True)
        return np.concatenate(rows), np.concatenate(columns)
