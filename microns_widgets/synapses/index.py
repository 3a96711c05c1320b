"""The synapse table indexed by cell on both sides, so that one cell's synapses need no search.

Synapses are sorted by postsynaptic cell, presynaptic cell and size. `Adjacency` holds, for
one side, the cells that occur, the offsets of their synapses, and the partner of each synapse:
compressed sparse rows. A cell's inputs are then a slice, and its outputs a slice of a
permutation. Connections (one row per connected pair) are stored next to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, Int32Array, IntArray
from microns_widgets.synapses.adjacency import Adjacency, effort, walk
from microns_widgets.synapses.checksums import CheckedRows, Column
from microns_widgets.synapses.connections import (
    Connections,
    ConnectionTable,
    connection_table,
    sum_by_connection,
)
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

#: Rows that are compared at a time: at most 16 MB.
_BLOCK = 1 << 20


@dataclass(frozen=True, eq=False, repr=False)
class SynapseIndex:
    """A synapse table indexed by cell.

    Attributes
    ----------
    columns : mapping of str to numpy.ndarray
        The columns of the synapse table, sorted by postsynaptic cell, presynaptic cell
        and size. Positions in nm. Possibly read-only and memory-mapped.
    pre, post : Adjacency
        The presynaptic and the postsynaptic cells.
    pre_order : numpy.ndarray of int32 or int64, shape (n,)
        The rows sorted by presynaptic cell, then by postsynaptic cell and size.
    stored : ConnectionTable, optional
        One row per connected pair; if omitted, derived when first needed.
    rows : CheckedRows, optional
        The same rows as `columns`, if they are stored in a file: each is checked when read.
    """

    columns: Mapping[str, Column]
    pre: Adjacency
    post: Adjacency
    pre_order: Column
    stored: ConnectionTable | None = None
    rows: CheckedRows | None = None

    #: Whether the synapses are loaded; False only for `NoSynapseIndex`.
    loaded: ClassVar[bool] = True

    def __repr__(self) -> str:
        return (
            f"<SynapseIndex {len(self):,} synapses, {len(self.pre.ids):,} presynaptic and "
            f"{len(self.post.ids):,} postsynaptic cells>"
        )

    def __len__(self) -> int:
        return len(self.pre_order)

    @property
    def sides(self) -> tuple[Adjacency, ...]:
        """The presynaptic and the postsynaptic cells; none if the synapses are not loaded."""
        return (self.pre, self.post) if self.loaded else ()

    @property
    def in_words(self) -> str:
        """The number of synapses in words."""
        return f"{len(self):,} synapses"

    @cached_property
    def connections(self) -> ConnectionTable:
        """One row per connected pair of cells."""
        if self.stored is not None:
            return self.stored
        order, size = np.asarray(self.pre_order), np.asarray(self.columns["size"])
        return connection_table(self.pre, self.post, order, size)

    def input_rows(self, root_id: int) -> slice:
        """Return the rows of the synapses onto a cell."""
        return slice(*self.post.span(root_id))

    def output_rows(self, root_id: int) -> Array:
        """Return the rows of the synapses made by a cell."""
        first, stop = self.pre.span(root_id)
        return self.pre_order[first:stop]

    def rows_between(
        self, pre_ids: IntArray, post_ids: IntArray
    ) -> tuple[Array, Int32Array, Int32Array]:
        """Return the rows of all synapses from any of `pre_ids` onto any of `post_ids`.

        Parameters
        ----------
        pre_ids, post_ids : numpy.ndarray of int64
            Root ids, each at most once.

        Returns
        -------
        rows : numpy.ndarray
            Rows, with the synapses of one connection next to each other.
        pre_place, post_place : numpy.ndarray of int32, shape of `rows`
            Position of each synapse's cells in `pre_ids` and in `post_ids`.
        """
        pre_at, post_at = self.pre.places(pre_ids), self.post.places(post_ids)
        # Walk along the side with less work and look the partners up on the other.
        if effort(self.pre, pre_at) <= effort(self.post, post_at):
            synapses, near, far = walk(self.pre, pre_at, self.post, post_at)
            return self.pre_order[synapses], near, far
        rows, near, far = walk(self.post, post_at, self.pre, pre_at)
        return rows, far, near

    def connections_between(
        self, pre_ids: IntArray, post_ids: IntArray
    ) -> tuple[Connections, IntArray, Int32Array, Int32Array]:
        """Return the connections from any of `pre_ids` onto any of `post_ids`, each once.

        Parameters
        ----------
        pre_ids, post_ids : numpy.ndarray of int64
            Root ids, each at most once.

        Returns
        -------
        values : Connections
        places : numpy.ndarray of int64, shape (n,)
            Positions in `values` of the connections between these cells.
        pre_place, post_place : numpy.ndarray of int32, shape (n,)
            Position of their cells in `pre_ids` and in `post_ids`.
        """
        pre_at, post_at = self.pre.places(pre_ids), self.post.places(post_ids)
        table = self.connections
        if effort(table.pre, pre_at) <= effort(self.post, post_at):
            return table.values, *walk(table.pre, pre_at, self.post, post_at)
        # From very many cells onto a few: their inputs are contiguous, so sum those.
        rows, far, near = walk(self.post, post_at, self.pre, pre_at)
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (near[1:] != near[:-1]) | (far[1:] != far[:-1])
        begin = np.flatnonzero(new)
        values = sum_by_connection(self.columns["size"][rows], begin)
        return values, np.arange(len(begin)), near[begin], far[begin]

    def degrees(self, root_ids: IntArray) -> dict[str, IntArray]:
        """Count synapses and partners of each id, on both sides; see `Connectome.degrees`."""
        pre_at, post_at = self.pre.places(root_ids), self.post.places(root_ids)
        here = post_at >= 0
        n_input_partners = np.zeros(len(post_at), dtype=np.int64)
        n_input_partners[here] = self.connections.n_input_partners[post_at[here]]
        return {
            "n_inputs": self.post.counts(post_at),
            "n_outputs": self.pre.counts(pre_at),
            "n_input_partners": n_input_partners,
            "n_output_partners": self.connections.pre.counts(pre_at),
        }

    def some(self, n: int = 256) -> pd.DataFrame:
        """Return up to `n` rows from the middle, with the columns of the synapse table."""
        first = max((len(self) - n) // 2, 0)
        return self.frame(slice(first, first + n))

    def frame(self, rows: slice | Array) -> pd.DataFrame:
        """Return the rows as a new frame with the columns of the synapse table."""
        if self.rows is not None:
            return pd.DataFrame(self.rows[rows])
        return pd.DataFrame({name: self.columns[name][rows] for name in SYNAPSE_COLUMNS})

    @cached_property
    def n_autapses(self) -> int:
        """Number of synapses of a cell onto itself, without those between unknown segments."""
        number = 0
        for first in range(0, len(self), _BLOCK):
            rows = slice(first, first + _BLOCK)
            pre = self.columns["pre_pt_root_id"][rows]
            number += int(((pre == self.columns["post_pt_root_id"][rows]) & (pre != 0)).sum())
        return number

    def whole_frame(self) -> pd.DataFrame:
        """Return all rows as a frame, without a copy."""
        return pd.DataFrame(
            {name: np.asarray(column) for name, column in self.columns.items()}, copy=False
        )


def build_index(table: pa.Table) -> SynapseIndex:
    """Index a checked synapse table.

    Parameters
    ----------
    table : pyarrow.Table
        As `read_synapse_table` returns it. It is sorted by postsynaptic cell,
        presynaptic cell and size unless it already is.

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
    return lay_out(columns)


def lay_out(columns: Mapping[str, Array]) -> SynapseIndex:
    """Index synapses that are already sorted.

    Parameters
    ----------
    columns : mapping of str to numpy.ndarray
        Both columns of root ids, the sizes, and any others that the index is to hold.
    """
    post_ids, offsets = _runs(columns["post_pt_root_id"])
    pre_ids, pre_codes = _codes(columns["pre_pt_root_id"])
    by_pre = _stable_order(pre_codes)
    counts = np.bincount(as_intp(pre_codes), minlength=len(pre_ids))
    post_codes = np.repeat(np.arange(len(post_ids), dtype=np.int32), as_intp(np.diff(offsets)))
    return SynapseIndex(
        columns,
        pre=Adjacency(
            pre_ids, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), post_codes[by_pre]
        ),
        post=Adjacency(post_ids, offsets, pre_codes),
        pre_order=by_pre,
    )


def _sorting(columns: Mapping[str, Array]) -> Array | None:
    """Return the order by post, pre and size, or None if the columns are already in order."""
    keys = [columns[name] for name in ("post_pt_root_id", "pre_pt_root_id", "size")]
    tied = np.ones(max(len(keys[0]) - 1, 0), dtype=bool)
    for key in keys:
        if (tied & (key[1:] < key[:-1])).any():
            return np.lexsort(keys[::-1])
        tied &= key[1:] == key[:-1]
    return None


def _runs(ids: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct values of sorted ids, the start of each, and the end of the last."""
    begins = np.flatnonzero(np.concatenate([[len(ids) > 0], ids[1:] != ids[:-1]]))
    return ids[begins], np.append(begins, len(ids)).astype(np.int64)


def _codes(ids: IntArray) -> tuple[IntArray, Int32Array]:
    """Return the distinct ids in ascending order, and the position of each id among them."""
    by_appearance, distinct = pd.factorize(ids)
    rank = np.argsort(distinct)
    code = np.empty(len(distinct), dtype=np.int32)
    code[rank] = np.arange(len(distinct), dtype=np.int32)
    return np.asarray(distinct)[rank], code[by_appearance]


def _stable_order(codes: Int32Array) -> Array:
    """Return the positions of codes in ascending order; equal codes stay in their order."""
    # numpy sorts 16-bit integers in linear time, so: by the low half, then by the high half.
    order = np.argsort(codes.astype(np.uint16), kind="stable")
    high = codes >> 16
    if high.any():
        order = order[np.argsort(high[order].astype(np.uint16), kind="stable")]
    few = len(codes) < np.iinfo(np.int32).max
    return order.astype(np.int32) if few else order
