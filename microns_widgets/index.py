"""The synapse table sorted by cell, both ways: one cell's synapses without a search.

Synapses stand sorted by postsynaptic cell, presynaptic cell and size. `Side` holds, for
one side, the cells that occur, where each one's synapses begin, and the partner of each
synapse: compressed sparse rows. Inputs of a cell are then a slice; its outputs are a
slice of a permutation.
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
    partners : numpy.ndarray of int32, shape (n synapses,)
        For each synapse, sorted by this side, the position of the cell on its other side
        in that side's `ids`.
    """

    ids: IntArray
    offsets: IntArray
    partners: npt.NDArray[np.int32]

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
        # Searched in rising order, the ids stay in the processor's cache: a third of the time.
        order = np.argsort(root_ids)
        place = np.empty(len(root_ids), dtype=np.int64)
        place[order] = self.ids.searchsorted(root_ids[order]).clip(max=len(self.ids) - 1)
        found = (self.ids[place] == root_ids) & (root_ids != 0)
        return np.where(found, place, -1)

    def counts(self, places: IntArray) -> IntArray:
        """Count the synapses of the cells at these `places`; 0 for the place -1."""
        if not len(self.ids):
            return np.zeros(len(places), dtype=np.int64)
        return np.where(places >= 0, self.offsets[places + 1] - self.offsets[places], 0)


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
    ) -> tuple[Array, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Rows of all synapses from any of `pre_ids` onto any of `post_ids`.

        Parameters
        ----------
        pre_ids, post_ids : numpy.ndarray of int64
            Root ids, each at most once.

        Returns
        -------
        rows : numpy.ndarray
            Rows in which the synapses of one connection stand together.
        pre_place, post_place : numpy.ndarray of int32, shape of `rows`
            Position of each synapse's cells in `pre_ids` and in `post_ids`.
        """
        pre_at, post_at = self.pre.places(pre_ids), self.post.places(post_ids)
        # Walk along the side with less to do and look the partners up on the other.
        if _effort(self.pre, pre_at) <= _effort(self.post, post_at):
            stand, near, far = _walk(self.pre, pre_at, _lookup(self.post, post_at))
            return self.pre_order[stand], near, far
        rows, near, far = _walk(self.post, post_at, _lookup(self.pre, pre_at))
        return rows, far, near

    def degrees(self, root_ids: IntArray) -> dict[str, IntArray]:
        """Count synapses and partners of each id, on both sides; see `Connectome.degrees`."""
        pre_at, post_at = self.pre.places(root_ids), self.post.places(root_ids)
        return {
            "n_inputs": self.post.counts(post_at),
            "n_outputs": self.pre.counts(pre_at),
            "n_input_partners": _partner_counts(self.post, post_at),
            "n_output_partners": _partner_counts(self.pre, pre_at),
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
    post_ids, offsets = _runs(columns["post_pt_root_id"])
    pre_ids, pre_codes = _codes(columns["pre_pt_root_id"])
    few = len(pre_codes) < np.iinfo(np.int32).max
    rows: Array = np.arange(len(pre_codes), dtype=np.int32 if few else np.int64)
    # The table is a sparse matrix, post x pre, that holds row numbers; turned round, it
    # holds them by presynaptic cell. scipy does so in linear time and keeps their order.
    by_post = sparse.csr_array(
        (rows, pre_codes, offsets.astype(rows.dtype)),
        shape=(len(post_ids), len(pre_ids)),
    )
    by_pre = by_post.tocsc()
    del by_post
    return SynapseIndex(
        columns,
        pre=Side(
            pre_ids, by_pre.indptr.astype(np.int64), by_pre.indices.astype(np.int32, copy=False)
        ),
        post=Side(post_ids, offsets, pre_codes),
        pre_order=by_pre.data,
    )


def _sorting(columns: Mapping[str, Array]) -> Array | None:
    """Order by post, pre and size, or None where the columns stand in it already."""
    keys = [columns[name] for name in ("post_pt_root_id", "pre_pt_root_id", "size")]
    tied = np.ones(max(len(keys[0]) - 1, 0), dtype=bool)
    for key in keys:
        if (tied & (key[1:] < key[:-1])).any():
            return np.lexsort(keys[::-1])
        tied &= key[1:] == key[:-1]
    return None


def _runs(ids: IntArray) -> tuple[IntArray, IntArray]:
    """Distinct ones of sorted ids, and where each begins and the last ends."""
    begins = np.flatnonzero(np.concatenate([[len(ids) > 0], ids[1:] != ids[:-1]]))
    return ids[begins], np.append(begins, len(ids)).astype(np.int64)


def _codes(ids: IntArray) -> tuple[IntArray, npt.NDArray[np.int32]]:
    """Distinct ids in rising order, and the position among them of each id."""
    by_appearance, seen = pd.factorize(ids)
    rank = np.argsort(seen)
    code = np.empty(len(seen), dtype=np.int32)
    code[rank] = np.arange(len(seen), dtype=np.int32)
    return np.asarray(seen)[rank], code[by_appearance]


def _effort(side: Side, places: IntArray) -> int:
    """What `_walk` costs: a slice for each cell takes as long as a hundred synapses."""
    return int(side.counts(places).sum()) + 100 * len(places)


def _walk(
    side: Side, places: IntArray, wanted: npt.NDArray[np.int32]
) -> tuple[IntArray, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Go through the synapses of some cells and keep those with a wanted partner.

    Returns where the kept ones stand in the side's order, which one of `places` each
    belongs to, and what `wanted` holds for its partner.
    """
    number, first = side.counts(places), side.offsets[places]
    cells = [slice(at, at + n) for at, n in zip(first.tolist(), number.tolist(), strict=True)]
    # Whole slices are copied in a quarter of the time that an array of places takes.
    far = wanted[np.concatenate([side.partners[:0], *(side.partners[cell] for cell in cells)])]
    kept = np.flatnonzero(far >= 0)
    near = np.repeat(np.arange(len(places), dtype=np.int32), number)[kept]
    before = np.cumsum(number) - number
    return kept + (first - before)[near], near, far[kept]


def _lookup(side: Side, places: IntArray) -> npt.NDArray[np.int32]:
    """For each cell of a side its position in `places`, or -1."""
    table = np.full(len(side.ids), -1, dtype=np.int32)
    table[places[places >= 0]] = np.flatnonzero(places >= 0)
    return table


def _partner_counts(side: Side, places: IntArray) -> IntArray:
    """Count the distinct partners of the cells at these places; 0 for the place -1."""
    new = np.ones(len(side.partners) + 1, dtype=bool)
    # A cell's synapses stand sorted by partner: where that changes, a new one begins.
    new[1:-1] = side.partners[1:] != side.partners[:-1]
    new[side.offsets] = True
    number = np.diff(np.cumsum(new)[side.offsets], append=0)
    number[-1] = 0
    return number[places]
