"""SWC files: one row per vertex, ``id type x y z radius parent``, in um.

There is no formal standard; this follows the common reading of Cannon et al. 1998,
doi:10.1016/S0165-0270(98)00091-0: ``#`` begins a comment, parent -1 begins a tree, rows
may be in any order.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from os import PathLike

import numpy as np

from microns_widgets._files import expanded, whole_file
from microns_widgets._typing import Array, FloatArray, IntArray
from microns_widgets.anatomy.swc_text import read_text
from microns_widgets.errors import SkeletonError

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class SwcTree:
    """The content of an SWC file, with vertices by position instead of by id."""

    positions: FloatArray  #: shape (n, 3), as written
    radius: FloatArray  #: shape (n,), as written; 0 where unknown
    n_unknown_radii: int
    types: IntArray  #: shape (n,)
    edges: IntArray  #: shape (m, 2), child and parent
    root: int  #: the soma: a vertex of type 1 if there is one, else one without a parent
    comments: list[str]


def read(path: str | PathLike[str]) -> SwcTree:
    """Read an SWC file; raise a `SkeletonError` that names the line if it is not one."""
    file = expanded(path)
    if not os.path.isfile(file):  # unlike a Path's, it never raises
        raise SkeletonError(f"{file}: there is no such file. Give the path of an SWC file.")
    text = read_text(file)
    ids, types, parents = text.ids, text.types, text.parents
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    repeats = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(repeats):
        raise SkeletonError(
            f"{file.name}: the id {repeats[0]} occurs more than once; each vertex needs its own id."
        )
    place = np.searchsorted(ordered, parents).clip(max=len(ids) - 1)
    present = ordered[place] == parents
    # Some programs count from 1 and write 0 for "no parent".
    child = np.flatnonzero(text.has_parent & ((parents != 0) | present))
    absent = child[~present[child]]
    if len(absent):
        row = absent[0]
        raise SkeletonError(
            f"{file.name}: vertex {ids[row]} has the parent {parents[row]}, which is not in the "
            "file. The file was truncated, or a row is part of a comment line."
        )
    starts = np.setdiff1d(np.arange(len(ids)), child)
    if not len(starts):
        raise SkeletonError(
            f"{file.name}: every row has a parent, so there is a cycle. The root (usually the "
            "soma) has the parent -1."
        )
    known = np.isfinite(text.radius)
    return SwcTree(
        positions=text.positions,
        radius=np.where(known, text.radius, 0.0),
        n_unknown_radii=int((~known).sum()),
        types=types,
        edges=np.stack([child, order[place[child]]], axis=1),
        root=_soma(types, starts),
        comments=text.comments,
    )


def _soma(types: IntArray, starts: IntArray) -> int:
    """The vertex of the soma (type 1), preferably one that begins a tree."""
    soma = np.flatnonzero(types == 1)
    if not len(soma):
        return int(starts[0])
    beginning = np.intersect1d(soma, starts)
    return int(beginning[0] if len(beginning) else soma[0])


def write(
    path: str | PathLike[str],
    *,
    positions: FloatArray,
    radius: FloatArray,
    types: Array,
    parents: IntArray,
    comment: str = "",
) -> None:
    """Write an SWC file in um, parents before their children, ids from 1."""
    order = _parents_first(parents)
    new_id = np.empty(len(order), dtype=np.int64)
    new_id[order] = np.arange(1, len(order) + 1)
    up = np.where(parents >= 0, new_id[parents], -1)
    # A line break would end the comment.
    lines = [f"# {_BREAKS.sub(' ', comment)}"] if comment else []
    lines += [
        # Three decimals of a micrometre are nm, the unit of the data.
        f"{new_id[v]} {types[v]} {positions[v, 0]:.3f} {positions[v, 1]:.3f} "
        f"{positions[v, 2]:.3f} {radius[v]:.3f} {up[v]}"
        for v in order
    ]
    with whole_file(expanded(path)) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="ascii", errors="replace")


def _parents_first(parents: IntArray) -> IntArray:
    # Doubling the step each round, a chain of n vertices takes log2(n) rounds, not n.
    depth = (parents >= 0).astype(np.int64)
    above = parents.copy()
    while len(reached := np.flatnonzero(above >= 0)):
        depth[reached] += depth[above[reached]]
        above[reached] = above[above[reached]]
    return np.argsort(depth, kind="stable")
