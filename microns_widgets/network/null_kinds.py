"""The kinds of random networks: what each keeps of the observed one, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
import scipy

from microns_widgets._index_type import as_intp
from microns_widgets._typing import IntArray
from microns_widgets.errors import InvalidArgument, check_choice
from microns_widgets.network.placements import Block, ListedPairs, Placements, blocks, listed
from microns_widgets.network.soma_distances import distance_classes
from microns_widgets.network.trades import Trades
from microns_widgets.network.type_summary import type_codes, types_of

#: What each kind of random network keeps.
NULL_KINDS: Mapping[str, str] = {
    "density": "the number of connections",
    "degrees": "each cell's numbers of partners",
    "blocks": "the number of connections of each pair of types",
    "distance": "the number of connections at each distance between somata",
    "degrees_distance": (
        "each cell's numbers of partners, and the number of connections at each distance"
    ),
}


class Draws(Protocol):
    """Draws new places for connections."""

    def draw(self, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Return new rows and columns."""


@dataclass(frozen=True)
class Sampler:
    """Draws random networks of one kind.

    Parameters
    ----------
    fixed : numpy.ndarray of int
        Stored connections that stay where they are: autapses.
    free : numpy.ndarray of int
        The others, group by group. Strengths are permuted within their group.
    group : numpy.ndarray of int
        Group of each free connection, ascending.
    row, column : numpy.ndarray of int
        Row and column of each stored connection.
    new_places : Draws
        Draws new rows and columns for the free connections.
    by_row : bool
        Whether the groups are the rows, so that drawn connections must be sorted by row; if not,
        they are drawn group by group.
    """

    fixed: IntArray
    free: IntArray
    group: IntArray
    row: IntArray
    column: IntArray
    new_places: Draws
    by_row: bool

    def draw(self, rng: np.random.Generator) -> tuple[IntArray, IntArray, IntArray]:
        """Draw a network.

        Returns
        -------
        rows, columns : numpy.ndarray of int, shape (n connections,)
            The new places.
        origin : numpy.ndarray of int, shape (n connections,)
            The stored connection whose strength each of them gets.
        """
        row, column = self.new_places.draw(rng)
        if self.by_row:
            order = np.argsort(row)
            row, column = row[order], column[order]
        origin = self.free[np.argsort(self.group + rng.random(len(self.group)))]
        return (
            np.concatenate([self.row[self.fixed], row]),
            np.concatenate([self.column[self.fixed], column]),
            np.concatenate([self.fixed, origin]),
        )


def sampler(
    kind: str,
    structure: scipy.sparse.csr_array,
    pre: pd.DataFrame,
    post: pd.DataFrame,
    *,
    by: str | None = None,
    bins: int | Sequence[float] | None = None,
) -> Sampler:
    """Prepare to draw random networks.

    Parameters
    ----------
    kind : str
        One of `NULL_KINDS`.
    structure : scipy.sparse.csr_array, shape (rows, columns)
        Each stored entry is a connection.
    pre, post : pandas.DataFrame
        Cells of the rows and columns, with their types and positions, indexed by root id.
    by : str, optional
        For blocks: a text column of the cell table; default: ``"cell_type_auto"``.
    bins : int or sequence of float, optional
        For distances: number of bins with equally many connections, or borders in um.

    Raises
    ------
    InvalidArgument
        If `kind` is another one, or `by` or `bins` is given for a kind that does not use it.
    UnknownColumn
        If the cell table has no column `by`.
    MatrixError
        If distances are to be kept, and a soma's position is not known.
    TooManyCells
        If distances are to be kept, and there are more than 20 million pairs.
    """
    check_choice("kind", kind, NULL_KINDS)
    keeps_distance = kind in ("distance", "degrees_distance")
    for name, value, used in (("by", by, kind == "blocks"), ("bins", bins, keeps_distance)):
        if value is not None and not used:
            users = "'blocks'" if name == "by" else "'distance' or 'degrees_distance'"
            raise InvalidArgument(
                f"{name}={value!r} has no meaning for kind={kind!r}: only {users} uses it. Leave "
                f"{name} out, or choose another kind."
            )
    row = np.repeat(np.arange(structure.shape[0]), as_intp(np.diff(structure.indptr)))
    column = structure.indices.astype(np.int64)
    own_column = post.index.get_indexer(pre.index).astype(np.int64)
    own = column == own_column[row]
    fixed, free = np.flatnonzero(own), np.flatnonzero(~own)
    classes = None
    if keeps_distance:
        classes = distance_classes(pre, post, row[free], column[free], bins)
    if kind in ("degrees", "degrees_distance"):
        trades = Trades(row[free], column[free], own_column, structure.shape[1], classes)
        return Sampler(fixed, free, row[free], row, column, trades, by_row=True)
    parts: Sequence[Block | ListedPairs]
    if classes is not None:
        parts, order = listed(classes, own_column, row[free], column[free])
    else:
        rows, columns = (np.zeros(n, dtype=np.int64) for n in structure.shape)
        if kind == "blocks":
            by = by or "cell_type_auto"
            rows, columns = (type_codes(types_of(cells, by))[1] for cells in (pre, post))
        parts, order = blocks(rows, columns, own_column, row[free], column[free])
    group = np.repeat(np.arange(len(parts)), as_intp([part.n for part in parts]))
    return Sampler(fixed, free[order], group, row, column, Placements(parts), by_row=False)
