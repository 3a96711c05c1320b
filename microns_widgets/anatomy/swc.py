"""SWC files: one row per vertex, ``id type x y z radius parent``, in um.

There is no formal standard; this follows the common reading of Cannon et al. 1998,
doi:10.1016/S0165-0270(98)00091-0: ``#`` begins a comment, parent -1 begins a tree, rows
may be in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from microns_widgets._files import whole_file
from microns_widgets._typing import Array, FloatArray, IntArray
from microns_widgets.errors import SkeletonError


@dataclass(frozen=True)
class SwcRows:
    """The content of an SWC file, with vertices by position instead of by id."""

    positions: FloatArray  #: shape (n, 3), um
    radius: FloatArray  #: shape (n,), um
    types: IntArray  #: shape (n,)
    edges: IntArray  #: shape (m, 2), child and parent
    root: int  #: the first vertex without a parent, preferably of the soma (type 1)


def read(path: str | PathLike[str]) -> SwcRows:
    """Read an SWC file; raise a `SkeletonError` that names the line if it is not one."""
    file = Path(path)
    if not file.is_file():
        raise SkeletonError(f"{file}: there is no such file. Give the path of an SWC file.")
    rows = _parse(file)
    ids = rows[:, 0].astype(np.int64)
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    repeats = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(repeats):
        raise SkeletonError(
            f"{file.name}: the id {repeats[0]} occurs more than once; each vertex needs its own id."
        )
    parent_ids = rows[:, 6].astype(np.int64)
    child = np.flatnonzero(parent_ids >= 0)
    place = np.searchsorted(ordered, parent_ids[child]).clip(max=len(ids) - 1)
    absent = ordered[place] != parent_ids[child]
    if absent.any():
        row = child[absent][0]
        raise SkeletonError(
            f"{file.name}: vertex {ids[row]} has the parent {parent_ids[row]}, which is not in "
            "the file. The file was probably truncated."
        )
    starts = np.flatnonzero(parent_ids < 0)
    if not len(starts):
        raise SkeletonError(
            f"{file.name}: no row has the parent -1, which marks the root (usually the soma)."
        )
    somatic = starts[rows[starts, 1] == 1]
    return SwcRows(
        positions=rows[:, 2:5],
        radius=rows[:, 5],
        types=rows[:, 1].astype(np.int64),
        edges=np.stack([child, order[place]], axis=1),
        root=int(somatic[0] if len(somatic) else starts[0]),
    )


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
    lines = [f"# {comment}"] if comment else []
    lines += [
        # Three decimals of a micrometre are nm, the unit of the data.
        f"{new_id[v]} {types[v]} {positions[v, 0]:.3f} {positions[v, 1]:.3f} "
        f"{positions[v, 2]:.3f} {radius[v]:.3f} {up[v]}"
        for v in order
    ]
    with whole_file(Path(path)) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="ascii", errors="replace")


def _parse(file: Path) -> FloatArray:
    rows: list[list[float]] = []
    for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1):
        words = line.partition("#")[0].replace(",", " ").split()
        if not words:
            continue
        try:
            row = [float(word) for word in words]
        except ValueError:
            row = []
        if len(row) != 7 or not np.isfinite(row).all():
            raise SkeletonError(
                f"{file.name}, line {number}: found {line.strip()[:60]!r}, expected seven numbers: "
                "id, type, x, y, z, radius, parent."
            )
        rows.append(row)
    if not rows:
        raise SkeletonError(f"{file.name}: the file has no rows; expected one for each vertex.")
    return np.array(rows)


def _parents_first(parents: IntArray) -> IntArray:
    # Doubling the step each round, a chain of n vertices takes log2(n) rounds, not n.
    depth = (parents >= 0).astype(np.int64)
    above = parents.copy()
    while len(reached := np.flatnonzero(above >= 0)):
        depth[reached] += depth[above[reached]]
        above[reached] = above[above[reached]]
    return np.argsort(depth, kind="stable")
