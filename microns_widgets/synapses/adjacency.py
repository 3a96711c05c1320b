"""Synapses grouped by their presynaptic or postsynaptic cells, in compressed sparse rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Int32Array, IntArray
from microns_widgets.synapses.checksums import Column, checked_ranges


@dataclass(frozen=True, eq=False)
class Adjacency:
    """The cells on one side of the synapses, with each one's synapses and partners.

    Attributes
    ----------
    ids : numpy.ndarray of int64, shape (k,)
        Root ids in ascending order.
    offsets : numpy.ndarray of int64, shape (k + 1,)
        The synapses of ``ids[i]`` are ``offsets[i]`` up to, not including, ``offsets[i + 1]``.
    partners : numpy.ndarray of int32, shape (n synapses,)
        For each synapse, sorted by this side, the position of the cell on the other side
        in the other side's `ids`.
    """

    ids: Column
    offsets: Column
    partners: Column

    def span(self, root_id: int) -> tuple[int, int]:
        """Return the start and one past the end of a cell's synapses; (0, 0) if it has none."""
        place = int(self.ids.searchsorted(root_id))
        if root_id == 0 or place == len(self.ids) or self.ids[place] != root_id:
            return 0, 0
        return int(self.offsets[place]), int(self.offsets[place + 1])

    def places(self, root_ids: IntArray) -> IntArray:
        """Return the position of each id in `ids`; -1 for ids that do not occur, and for 0."""
        if not len(self.ids):
            return np.full(len(root_ids), -1, dtype=np.int64)
        # Searching in ascending order keeps the ids in the processor's cache: a third of the time.
        order = np.argsort(root_ids)
        place = np.empty(len(root_ids), dtype=np.int64)
        place[order] = self.ids.searchsorted(root_ids[order]).clip(max=len(self.ids) - 1)
        match = (self.ids[place] == root_ids) & (root_ids != 0)
        return np.where(match, place, -1)

    def counts(self, places: IntArray) -> IntArray:
        """Count the synapses of the cells at these `places`; 0 for the place -1."""
        if not len(self.ids):
            return np.zeros(len(places), dtype=np.int64)
        return np.where(places >= 0, self.offsets[places + 1] - self.offsets[places], 0)


def effort(side: Adjacency, places: IntArray) -> int:
    """Estimate the cost of `walk`; the slice of a cell costs as much as a hundred partners."""
    return int(side.counts(places).sum()) + 100 * len(places)


def walk(
    side: Adjacency, places: IntArray, other: Adjacency, targets: IntArray
) -> tuple[IntArray, Int32Array, Int32Array]:
    """Go through the partners of some cells and pick those among the targets.

    Parameters
    ----------
    side : Adjacency
        The side of the cells.
    places : numpy.ndarray of int64
        Places of the cells in `side`; -1 for cells that do not occur.
    other : Adjacency
        The side of the partners.
    targets : numpy.ndarray of int64
        Places of the targets in `other`, each at most once; -1 likewise.

    Returns
    -------
    synapses : numpy.ndarray of int64
        Positions of the matches in `side.partners`.
    near, far : numpy.ndarray of int32, shape of `synapses`
        Position of each match in `places` and in `targets`.
    """
    number, first = side.counts(places), side.offsets[places]
    cells = [slice(at, at + n) for at, n in zip(first.tolist(), number.tolist(), strict=True)]
    # Copying whole slices takes a quarter of the time of indexing with an array of places.
    every = checked_ranges(side.partners, first, number)
    partners = np.concatenate([every[:0], *(every[cell] for cell in cells)])
    far = _positions(partners, targets, len(other.ids))
    matches = np.flatnonzero(far >= 0)
    near = np.repeat(np.arange(len(places), dtype=np.int32), as_intp(number))[matches]
    before = np.cumsum(number) - number
    return matches + (first - before)[near], near, far[matches]


def _positions(partners: Int32Array, targets: IntArray, n_cells: int) -> Int32Array:
    """Return the position of each partner in `targets`, or -1."""
    here = np.flatnonzero(targets >= 0)
    if len(partners) * 8 >= n_cells:
        table = np.full(n_cells, -1, dtype=np.int32)
        table[targets[here]] = here
        return table[partners]
    # With many millions of cells, a table of all of them costs more than the answer.
    if not len(here):
        return np.full(len(partners), -1, dtype=np.int32)
    here = here[np.argsort(targets[here])]
    ascending = targets[here]
    place = ascending.searchsorted(partners).clip(max=len(here) - 1)
    return np.where(ascending[place] == partners, here[place], -1).astype(np.int32)
