"""How much axon of one cell and dendrite of another lie close to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from microns_widgets._index_type import as_intp
from microns_widgets._typing import BoolArray, FloatArray, IntArray
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import SkeletonError

DENDRITES = ("dendrite", "apical dendrite")

# Each batch of dendrites has about this many points: 60 MB with its search tree.
_BATCH = 1_000_000
# Points of an axon per search; at the largest distance, each has some ten thousand neighbours.
_CHUNK = 2_000


@dataclass(frozen=True)
class _Pieces:
    """Branches cut into short pieces.

    Attributes
    ----------
    center : numpy.ndarray, shape (n, 3)
        Middle of each piece, in um.
    half : numpy.ndarray, shape (n, 3)
        From the middle to an end, in um.
    length : numpy.ndarray, shape (n,)
        In um.
    owner : numpy.ndarray of int, shape (n,)
        Number of the cell.
    """

    center: FloatArray
    half: FloatArray
    length: FloatArray
    owner: IntArray


def lengths_within(
    axons: Sequence[Skeleton], dendrites: Sequence[Skeleton], *, within_um: float, step_um: float
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Measure the cable within a distance, for one axon after another.

    Parameters
    ----------
    axons, dendrites : sequence of Skeleton
        The presynaptic and the postsynaptic cells.
    within_um : float
        Largest distance between the lines through the middle of two branches.
    step_um : float
        Longest piece into which branches are cut; a piece counts whole or not at all.

    Yields
    ------
    axon_um : numpy.ndarray, shape (n dendrites,)
        Length of the axon within the distance of each cell's dendrites.
    dendrite_um : numpy.ndarray, shape (n dendrites,)
        Length of each cell's dendrites within the distance of the axon.
    """
    n = len(dendrites)
    batches = [
        (pieces, scipy.spatial.KDTree(pieces.center))
        for pieces in _batched([_cut(one, DENDRITES, step_um) for one in dendrites])
    ]
    for skeleton in axons:
        axon = _cut(skeleton, ("axon",), step_um)
        axon_um, dendrite_um = np.zeros(n), np.zeros(n)
        for pieces, tree in batches:
            near_dendrite = np.zeros(len(pieces.length), dtype=bool)
            for start in range(0, len(axon.length), _CHUNK):
                search = scipy.spatial.KDTree(axon.center[start : start + _CHUNK])
                # A piece may begin up to half a step before its middle.
                reach = within_um + step_um / 2
                pairs = search.sparse_distance_matrix(tree, reach, output_type="ndarray")
                first, second = pairs["i"].astype(np.int64) + start, pairs["j"]
                sure = pairs["v"] <= within_um
                close = _closer(axon, first, pieces, second, sure, within_um)
                # A piece of axon counts once for each cell, however many pieces are near.
                key = np.unique(first[close] * n + pieces.owner[second[close]])
                axon_um += np.bincount(as_intp(key % n), weights=axon.length[key // n], minlength=n)
                close = _closer(pieces, second, axon, first, sure, within_um)
                near_dendrite[second[close]] = True
            own = pieces.owner[near_dendrite]
            dendrite_um += np.bincount(
                as_intp(own), weights=pieces.length[near_dendrite], minlength=n
            )
        yield axon_um, dendrite_um


def _closer(
    points: _Pieces,
    point: IntArray,
    segments: _Pieces,
    segment: IntArray,
    sure: BoolArray,
    within_um: float,
) -> BoolArray:
    """Whether the middles of pieces are within a distance of other pieces, for pairs of them."""
    close = sure.copy()
    doubtful = np.flatnonzero(~sure)
    apart = points.center[point[doubtful]] - segments.center[segment[doubtful]]
    half = segments.half[segment[doubtful]]
    squared = np.maximum((half**2).sum(axis=1), np.finfo(np.float64).tiny)
    share = np.clip((apart * half).sum(axis=1) / squared, -1, 1)
    apart -= share[:, None] * half
    close[doubtful] = (apart**2).sum(axis=1) <= within_um**2
    return close


def check_has(skeleton: Skeleton, root_id: int, compartments: Sequence[str], side: str) -> None:
    """Raise `SkeletonError` unless a skeleton has cable of one of the compartments."""
    if any(skeleton.cable_length(name) > 0 for name in compartments):
        return
    named = set(COMPARTMENTS.values()) & set(np.unique(skeleton.compartment).tolist())
    wanted = compartments[0]
    if not named - {COMPARTMENTS["soma"]}:
        cause = "does not say which branches are axon and which are dendrites"
        cure = "Use a skeleton with compartments, as CAVE's and the public SWC files have them"
    else:
        cause = f"has no {wanted}"
        cure = (
            "In the public files only proofread cells have an axon: choose from "
            "con.select(proofread=True)"
            if wanted == "axon"
            else "Choose another cell: con.by_compartment(cell) lists the parts of its skeleton"
        )
    raise SkeletonError(f"The skeleton of {side}synaptic cell {root_id} {cause}. {cure}.")


def _cut(skeleton: Skeleton, compartments: Sequence[str], step_um: float) -> _Pieces:
    """Cut branches into equal pieces per edge, none longer than a step."""
    mask = np.logical_or.reduce([skeleton.edges_of(name) for name in compartments])
    ends = skeleton.vertices[skeleton.edges[mask]] / 1000
    length = skeleton.edge_lengths[mask] / 1000
    n_pieces = np.maximum(np.ceil(length / step_um), 1).astype(np.int64)
    edge = np.repeat(np.arange(len(length)), as_intp(n_pieces))
    within = np.arange(len(edge)) - np.repeat(np.cumsum(n_pieces) - n_pieces, as_intp(n_pieces))
    share = ((within + 0.5) / n_pieces[edge])[:, None]
    center = ends[edge, 0] * (1 - share) + ends[edge, 1] * share
    half = (ends[:, 1] - ends[:, 0]) / (2 * n_pieces)[:, None]
    own = np.zeros(len(edge), dtype=np.int64)
    return _Pieces(center, half[edge], (length / n_pieces)[edge], own)


def _batched(cells: Sequence[_Pieces]) -> Iterator[_Pieces]:
    """Join the pieces of several cells, whole cells until a batch is full."""
    group: list[int] = []
    for number in range(len(cells)):
        group.append(number)
        full = sum(len(cells[one].length) for one in group) >= _BATCH
        if full or number == len(cells) - 1:
            yield _Pieces(
                np.concatenate([cells[one].center for one in group]),
                np.concatenate([cells[one].half for one in group]),
                np.concatenate([cells[one].length for one in group]),
                np.repeat(group, as_intp([len(cells[one].length) for one in group])),
            )
            group = []
