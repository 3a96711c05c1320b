"""The synapse table sorted by cell, both ways: one cell's synapses without a search.

Synapses stand sorted by postsynaptic cell, presynaptic cell and size. `Side` holds, for
one side, the cells that occur and where each one's synapses begin: compressed sparse
rows. Inputs of a cell are then a slice; its outputs are a slice of a permutation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy import sparse

from microns_widgets.tables import SYNAPSE_COLUMNS

IntArray = npt.NDArray[np.int64]
Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Side:
    """The cells on one side of the synapses.

    Attributes
    ----------
    ids : numpy.ndarray of int64, shape (k,)
        Root ids in rising order.
    offsets : numpy.ndarray of int64, shape (k + 1,)
        The synapses of ``ids[i]`` are ``offsets[i]`` to ``offsets[i + 1]``.
    codes : numpy.ndarray of int32, shape (n synapses,)
        For each synapse, in the table's order, the position of its cell in `ids`.
    """

    ids: IntArray
    offsets: IntArray
    codes: npt.NDArray[np.int32]

    def span(self, root_id: int) -> tuple[int, int]:
        """First and last-but-one place of a cell's synapses; (0, 0) for a cell without."""
        place = int(self.ids.searchsorted(root_id))
        if root_id == 0 or place == len(self.ids) or self.ids[place] != root_id:
            return 0, 0
        return int(self.offsets[place]), int(self.offsets[place + 1])

    def places(self, root_ids: IntArray) -> IntArray:
        """Position of each id in `ids`, -1 for one that does not occur, or is 0."""
        if not len(self.ids):
            return np.full(len(root_ids), -1, dtype=np.int64)
        place = self.ids.searchsorted(root_ids).clip(max=len(self.ids) - 1)
        found = (self.ids[place] == root_ids) & (root_ids != 0)
        return np.where(found, place, -1)

    def counts(self, root_ids: IntArray) -> IntArray:
        """Count the synapses of each id; shape of `root_ids`."""
        place = self.places(root_ids)
        number = self.offsets[place + 1] - self.offsets[place] if len(self.ids) else place
        return np.where(place >= 0, number, 0)

    def spans(self, root_ids: IntArray) -> tuple[IntArray, IntArray]:
        """All places of several cells, one cell behind the other, and each one's number.

        Returns
        -------
        places : numpy.ndarray
            The places, cell by cell in the order of `root_ids`.
        number : numpy.ndarray, shape of `root_ids`
            How many places each cell has.
        """
        number = self.counts(root_ids)
        place = self.places(root_ids)
        first = self.offsets[place] if len(self.ids) else place
        shift = np.repeat(first - (np.cumsum(number) - number), number)
        return np.arange(len(shift)) + shift, number


@dataclass(frozen=True, eq=False)
class SynapseIndex:
    """A synapse table laid out for questions about single cells.

    Attributes
    ----------
    columns : mapping of str to numpy.ndarray
        The columns of the synapse table, sorted by postsynaptic cell, presynaptic cell
        and size. Positions in nm. Possibly read-only and memory-mapped.
    pre, post : Side
        The presynaptic and the postsynaptic cells.
    pre_order : numpy.ndarray of int32 or int64, shape (n,)
        The rows sorted by presynaptic cell, each cell's by postsynaptic cell and size.
    """

    columns: Mapping[str, Array]
    pre: Side
    post: Side
    pre_order: Array

    def __len__(self) -> int:
        return len(self.pre_order)

    def input_rows(self, root_id: int) -> slice:
        """Rows of the synapses onto a cell."""
        return slice(*self.post.span(root_id))

    def output_rows(self, root_id: int) -> Array:
        """Rows of the synapses made by a cell."""
        first, stop = self.pre.span(root_id)
        return self.pre_order[first:stop]

    def rows_between(
        self, pre_ids: IntArray, post_ids: IntArray
    ) -> tuple[Array, IntArray, IntArray]:
        """Rows of all synapses from any of `pre_ids` onto any of `post_ids`.

        Parameters
        ----------
        pre_ids, post_ids : numpy.ndarray of int64
            Root ids, each at most once.

        Returns
        -------
        rows : numpy.ndarray
            Rows in which the synapses of one connection stand together.
        pre_place, post_place : numpy.ndarray, shape of `rows`
            Position of each synapse's cells in `pre_ids` and in `post_ids`.
        """
        # Walk along the side with fewer synapses and look the partners up on the other.
        if self.pre.counts(pre_ids).sum() <= self.post.counts(post_ids).sum():
            places, number = self.pre.spans(pre_ids)
            rows, near = self.pre_order[places], np.repeat(np.arange(len(pre_ids)), number)
            far = _lookup(self.post, post_ids)[self.post.codes[rows]]
            kept = np.flatnonzero(far >= 0)
            return rows[kept], near[kept], far[kept].astype(np.int64)
        rows, number = self.post.spans(post_ids)
        near = np.repeat(np.arange(len(post_ids)), number)
        far = _lookup(self.pre, pre_ids)[self.pre.codes[rows]]
        kept = np.flatnonzero(far >= 0)
        return rows[kept], far[kept].astype(np.int64), near[kept]

    def degrees(self, root_ids: IntArray) -> dict[str, IntArray]:
        """Count synapses and partners of each id, on both sides; see `Connectome.degrees`."""
        # Rows stand sorted by both cells, so a new pair begins where either changes.
        first = np.ones(len(self), dtype=bool)
        first[1:] = False
        for side in (self.pre, self.post):
            first[1:] |= side.codes[1:] != side.codes[:-1]
        partners = {
            # The last place, which -1 finds, is of ids without synapses.
            side: np.append(np.bincount(side.codes[first], minlength=len(side.ids)), 0)
            for side in (self.pre, self.post)
        }
        return {
            "n_inputs": self.post.counts(root_ids),
            "n_outputs": self.pre.counts(root_ids),
            "n_input_partners": partners[self.post][self.post.places(root_ids)],
            "n_output_partners": partners[self.pre][self.pre.places(root_ids)],
        }

    def frame(self, rows: slice | Array) -> pd.DataFrame:
        """Return the rows as a frame of its own, in the columns of the synapse table."""
        # One block per type and no further copy: half the time of a dict of columns.
        taken = {name: self.columns[name][rows] for name in SYNAPSE_COLUMNS}
        return pd.DataFrame(taken)


def build_index(table: pa.Table) -> SynapseIndex:
    """Lay out a checked synapse table.

    Parameters
    ----------
    table : pyarrow.Table
        As `tables.read_synapse_table` returns it. Sorted by postsynaptic cell,
        presynaptic cell and size it is used as it stands; else it is sorted.

    Returns
    -------
    SynapseIndex
    """
    columns = {name: table.column(name).to_numpy() for name in SYNAPSE_COLUMNS}
    del table
    order = _sorting(columns)
    if order is not None:
        for name in columns:  # one by one, so that each old column is freed
            columns[name] = columns[name][order]
    post = _sorted_side(columns["post_pt_root_id"])
    pre, pre_order = _side(columns["pre_pt_root_id"])
    return SynapseIndex(columns, pre, post, pre_order)


def _sorting(columns: Mapping[str, Array]) -> Array | None:
    """Order by post, pre and size, or None where the columns stand in it already."""
    keys = [columns[name] for name in ("post_pt_root_id", "pre_pt_root_id", "size")]
    tied = np.ones(max(len(keys[0]) - 1, 0), dtype=bool)
    for key in keys:
        if (tied & (key[1:] < key[:-1])).any():
            return np.lexsort(keys[::-1])
        tied &= key[1:] == key[:-1]
    return None


def _sorted_side(ids: IntArray) -> Side:
    begins = np.flatnonzero(np.concatenate([[len(ids) > 0], ids[1:] != ids[:-1]]))
    offsets = np.append(begins, len(ids)).astype(np.int64)
    codes = np.repeat(np.arange(len(begins), dtype=np.int32), np.diff(offsets))
    return Side(np.ascontiguousarray(ids[begins]), offsets, codes)


def _side(ids: IntArray) -> tuple[Side, Array]:
    by_appearance, seen = pd.factorize(ids)
    rank = np.argsort(seen)
    new_code = np.empty(len(seen), dtype=np.int32)
    new_code[rank] = np.arange(len(seen), dtype=np.int32)
    codes = new_code[by_appearance]
    del by_appearance
    n = len(ids)
    kind = np.int32 if n < np.iinfo(np.int32).max else np.int64
    # scipy's conversion of sparse formats is a stable counting sort, linear in n.
    row: Array = np.arange(n, dtype=kind)
    by_cell = sparse.csr_array((row, codes, np.arange(n + 1)), shape=(n, len(seen))).tocsc()
    side = Side(np.asarray(seen)[rank], by_cell.indptr.astype(np.int64), codes)
    return side, by_cell.data


def _lookup(side: Side, root_ids: IntArray) -> npt.NDArray[np.int32]:
    """For each cell of a side its position among `root_ids`, or -1."""
    table = np.full(len(side.ids), -1, dtype=np.int32)
    place = side.places(root_ids)
    table[place[place >= 0]] = np.flatnonzero(place >= 0)
    return table
