"""Late stages: the synapses of all buckets, merged by presynaptic cell.

Each bucket holds some of a presynaptic cell's synapses, in the order of the whole table. One
task reads a range of presynaptic cells from every bucket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from microns_widgets._typing import Array, IntArray
from microns_widgets.scale.job import Job
from microns_widgets.scale.segments import lay_out_file, write_part
from microns_widgets.scale.sorting import Bucket, index_folder, part_folder
from microns_widgets.scale.splitting import pre_bounds
from microns_widgets.synapses.files import Parts, map_arrays, map_files, row_type, write_arrays

_NEEDED = (
    "pre_ids.arrow",
    "pre_offsets.arrow",
    "pre_order.arrow",
    "partners.arrow",
    "connection_offsets.arrow",
    "connections.arrow",
)


@dataclass(frozen=True)
class Range:
    """A range of presynaptic cells.

    Attributes
    ----------
    number : int
        Number of the range.
    places : tuple of (int, int)
        Places of its cells in each bucket: start, and one past the end.
    first_row, first_connection : int
        Index of its first synapse and of its first connection, sorted by presynaptic cell.
    rows : int
        Number of its synapses.
    """

    number: int
    places: tuple[tuple[int, int], ...]
    first_row: int
    first_connection: int
    rows: int


def assemble_post(job: Job, buckets: Sequence[Bucket]) -> int:
    """Write the files of the postsynaptic side; return its number of cells."""
    folders = [part_folder(job, bucket.number) for bucket in buckets]
    ids = [map_arrays(folder / "post_ids.arrow")["root_id"] for folder in folders]
    every = np.concatenate(ids)
    # A cell with very many inputs may be in several consecutive buckets.
    new = np.append(True, every[1:] != every[:-1])[: len(every)]
    begin = np.flatnonzero(new)
    offsets = [np.diff(map_arrays(one / "post_offsets.arrow")["synapse"]) for one in folders]
    partners = [map_arrays(folder / "input_partners.arrow")["count"] for folder in folders]
    n_synapses, n_partners = (
        np.add.reduceat(np.concatenate(parts), begin) if len(begin) else np.zeros(0, dtype=np.int64)
        for parts in (offsets, partners)
    )
    index = index_folder(job)
    write_arrays(index / "post_ids.arrow", {"root_id": every[begin]})
    write_arrays(index / "post_offsets.arrow", {"synapse": np.append(0, np.cumsum(n_synapses))})
    write_arrays(index / "input_partners.arrow", {"count": n_partners.astype(np.int32)})
    # Place of each bucket's first cell among all cells.
    firsts = np.cumsum(new)[np.cumsum([0, *map(len, ids[:-1])])] - 1 if len(every) else [0]
    write_arrays(
        job.folder / "firsts.arrow",
        {"row": np.array([one.first for one in buckets]), "post": np.asarray(firsts)},
        sync=False,
    )
    return len(begin)


def ranges(job: Job, buckets: Sequence[Bucket]) -> list[Range]:
    """Cut the presynaptic cells into ranges."""
    cuts = pre_bounds(job)
    places, rows, pairs = [], 0, 0
    for bucket in buckets:
        part = _part(job, bucket.number)
        ids = part["pre_ids.arrow"]["root_id"]
        at = np.concatenate([[0], ids.searchsorted(cuts), [len(ids)]])
        places.append(at)
        rows = rows + part["pre_offsets.arrow"]["synapse"][at]
        pairs = pairs + part["connection_offsets.arrow"]["connection"][at]
    at_all, row_at, pair_at = np.array(places), np.asarray(rows), np.asarray(pairs)
    return [
        Range(
            number,
            tuple(zip(at_all[:, number].tolist(), at_all[:, number + 1].tolist(), strict=True)),
            int(row_at[number]),
            int(pair_at[number]),
            int(row_at[number + 1] - row_at[number]),
        )
        for number in range(len(cuts) + 1)
    ]


def lay_out_pre(job: Job, n_synapses: int, n_connections: int) -> None:
    """Create the files that `merge` and `link` fill."""
    index, row = index_folder(job), row_type(n_synapses)
    lay_out_file(index / "pre_order.arrow", {"row": row}, n_synapses)
    lay_out_file(index / "partners.arrow", {"pre": "int32", "post": "int32"}, n_synapses)
    pairs = {"post": "int32", "count": "int32", "total": "int64", "largest": "int32"}
    lay_out_file(index / "connections.arrow", pairs, n_connections)


def merge(job: Job, span: Range) -> dict[str, int]:
    """Merge one range of presynaptic cells; return their number (``cells``)."""
    firsts = map_arrays(job.folder / "firsts.arrow")
    ids: list[IntArray] = []
    synapses = _Pieces()
    pairs = _Pieces()
    for bucket, (low, high) in enumerate(span.places):
        if low == high:
            continue
        part = _part(job, bucket)
        ids.append(part["pre_ids.arrow"]["root_id"][low:high])
        row, post = firsts["row"][bucket], firsts["post"][bucket].astype(np.int32)
        offsets = part["pre_offsets.arrow"]["synapse"][low : high + 1]
        here = slice(int(offsets[0]), int(offsets[-1]))
        order = part["pre_order.arrow"]["row"][here].astype(np.int64) + row
        synapses.add(offsets, {"row": order, "pre": part["partners.arrow"]["pre"][here] + post})
        offsets = part["connection_offsets.arrow"]["connection"][low : high + 1]
        here = slice(int(offsets[0]), int(offsets[-1]))
        columns = {name: column[here] for name, column in part["connections.arrow"].items()}
        pairs.add(offsets, columns | {"post": columns["post"] + post})
    every = np.concatenate(ids) if ids else np.zeros(0, dtype=np.int64)
    # Stable, so that a cell's synapses stay in the order of the buckets, which is the table's.
    order = np.argsort(every, kind="stable")
    every = every[order]
    begin = np.flatnonzero(np.append(True, every[1:] != every[:-1])[: len(every)])
    index = index_folder(job)
    if len(begin):
        sorted_ = synapses.reordered(order)
        write_part(index / "partners.arrow", span.first_row, {"pre": sorted_.pop("pre")})
        write_part(index / "pre_order.arrow", span.first_row, sorted_)
        del sorted_
        write_part(index / "connections.arrow", span.first_connection, pairs.reordered(order))
    cells = {"root_id": every[begin]}
    for name, pieces in (("synapse", synapses), ("connection", pairs)):
        cells[name] = pieces.counts(order, begin)
    write_arrays(job.folder / "cells" / f"{span.number}.arrow", cells, sync=False)
    return {"cells": len(begin)}


class _Pieces:
    """Runs of rows, one per cell and bucket, to be reordered."""

    def __init__(self) -> None:
        self._numbers: list[IntArray] = []
        self._columns: dict[str, list[Array]] = {}

    def add(self, offsets: IntArray, columns: dict[str, Array]) -> None:
        """Add a bucket: the borders between the cells' runs, and the rows."""
        self._numbers.append(np.diff(offsets))
        for name, values in columns.items():
            self._columns.setdefault(name, []).append(values)

    def reordered(self, order: IntArray) -> dict[str, Array]:
        """Return the rows, with the runs in a new order."""
        number = np.concatenate(self._numbers)
        start = (np.cumsum(number) - number)[order]
        number = number[order]
        place = np.repeat(start - (np.cumsum(number) - number), number)
        place += np.arange(len(place))
        result = {}
        for name in list(self._columns):  # one by one, so that each old column is freed
            result[name] = np.concatenate(self._columns.pop(name))[place]
        return result

    def counts(self, order: IntArray, begin: IntArray) -> IntArray:
        """Return the number of rows of each cell; `begin` is where its runs begin in `order`."""
        if not len(begin):
            return np.zeros(0, dtype=np.int64)
        number: IntArray = np.add.reduceat(np.concatenate(self._numbers)[order], begin)
        return number


def assemble_pre(job: Job, n_ranges: int) -> int:
    """Write the files of the presynaptic side; return its number of cells."""
    parts = [map_arrays(job.folder / "cells" / f"{number}.arrow") for number in range(n_ranges)]
    index = index_folder(job)
    ids = np.concatenate([one["root_id"] for one in parts])
    write_arrays(index / "pre_ids.arrow", {"root_id": ids})
    for file, name in (("pre_offsets", "synapse"), ("connection_offsets", "connection")):
        counts = np.concatenate([one[name] for one in parts])
        write_arrays(index / f"{file}.arrow", {name: np.append(0, np.cumsum(counts))})
    return len(ids)


def link(job: Job, bucket: Bucket) -> dict[str, int]:
    """Write the presynaptic partner of each synapse of a bucket, as a place among all cells."""
    part = map_files(part_folder(job, bucket.number), ("pre_ids.arrow", "partners.arrow"))
    every = map_arrays(index_folder(job) / "pre_ids.arrow")["root_id"]
    place = every.searchsorted(part["pre_ids.arrow"]["root_id"]).astype(np.int32)
    partners = place[part["partners.arrow"]["post"]]
    write_part(index_folder(job) / "partners.arrow", bucket.first, {"post": partners})
    return {}


def _part(job: Job, bucket: int) -> Parts:
    return map_files(part_folder(job, bucket), _NEEDED)
