"""Connections: number of synapses, summed and largest size of each connected pair of cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, Int32Array
from microns_widgets.synapses.adjacency import Adjacency
from microns_widgets.synapses.checksums import Column

# Number of synapses that are summed at a time.
_BLOCK = 1 << 20


@dataclass(frozen=True, eq=False)
class Connections:
    """Connections between cells, in any order.

    Attributes
    ----------
    count, total, largest : numpy.ndarray of int32, int64 and int32, shape (n,)
        Number of synapses, summed and largest size (voxels).
    """

    count: Column
    total: Column
    largest: Column

    def at(self, places: Array) -> Connections:
        """Return the connections at these places."""
        return Connections(self.count[places], self.total[places], self.largest[places])


@dataclass(frozen=True, eq=False)
class ConnectionTable:
    """All connections, sorted by presynaptic, then by postsynaptic cell.

    Attributes
    ----------
    pre : Adjacency
        The presynaptic cells, the offsets of their connections, and the place of each
        connection's postsynaptic cell.
    values : Connections
        Number of synapses and sizes of each connection.
    n_input_partners : numpy.ndarray of int32
        Number of presynaptic partners of each postsynaptic cell.
    """

    pre: Adjacency
    values: Connections
    n_input_partners: Column

    def __len__(self) -> int:
        return len(self.pre.partners)


def connection_table(pre: Adjacency, post: Adjacency, order: Array, size: Array) -> ConnectionTable:
    """Derive all connections from the synapses.

    Parameters
    ----------
    pre, post : Adjacency
        The presynaptic and the postsynaptic side.
    order : numpy.ndarray of int, shape (n synapses,)
        The synapses sorted by presynaptic cell, and by size within each connection.
    size : numpy.ndarray of int32, shape (n synapses,)
        Size of each synapse.
    """
    partner, start = np.asarray(pre.partners), np.asarray(pre.offsets)
    # One entry more than synapses: where the last connection ends.
    new = np.ones(len(order) + 1, dtype=bool)
    new[1:-1] = partner[1:] != partner[:-1]
    new[start[:-1]] = True
    offsets = np.zeros(len(start), dtype=np.int64)
    if len(order):
        np.cumsum(np.add.reduceat(new[:-1], as_intp(start[:-1]), dtype=np.int64), out=offsets[1:])
    n = int(offsets[-1])
    count, largest = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    total = np.empty(n, dtype=np.int64)
    done = first = 0
    while first < len(order):
        # In blocks that end with a connection, to save memory.
        stop = min(first + _BLOCK, len(order))
        stop += int(np.argmax(new[stop:]))
        part = sum_by_connection(size[order[first:stop]], np.flatnonzero(new[first:stop]))
        here = slice(done, done + len(part.count))
        count[here], total[here], largest[here] = part.count, part.total, part.largest
        done, first = here.stop, stop
    partners = partner[new[:-1]]
    return ConnectionTable(
        Adjacency(pre.ids, offsets, partners),
        Connections(count, total, largest),
        np.bincount(as_intp(partners), minlength=len(post.ids)).astype(np.int32),
    )


def sum_by_connection(sizes: Int32Array, begin: Array) -> Connections:
    """Sum synapses by connection.

    Parameters
    ----------
    sizes : numpy.ndarray of int32, shape (n synapses,)
        Sizes (voxels), grouped by connection and in ascending order within each.
    begin : numpy.ndarray of int, shape (n connections,)
        Where each connection begins.
    """
    end = np.append(begin[1:], len(sizes))[: len(begin)]
    total: Any = np.add.reduceat(sizes, as_intp(begin), dtype=np.int64) if len(begin) else sizes[:0]
    return Connections(
        (end - begin).astype(np.int32), total.astype(np.int64, copy=False), sizes[end - 1]
    )
