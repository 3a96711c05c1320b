"""The files of the sample: two tables in the workshop's format, skeletons, and tuning.

Skeletons are stored as rows of vertices, as differences between consecutive rows: these
compress to a fifth of the size of positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from microns_widgets._typing import IntArray
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import SkeletonNotFound
from microns_widgets.tables.reading import SYNTHETIC, write_feather

#: Number of the sample, which exercises record: raise it whenever the data change.
NUMBER = 2
#: Folder of the sample's files in the package.
DATA = Path(__file__).with_name("data")
CELLS = "cell_info_sample.feather"
SYNAPSES = "synapses_sample.feather"
SKELETONS = "skeletons_sample.feather"
TUNING = "tuning_sample.feather"

_AXES = ["x", "y", "z"]


def write_skeletons(skeletons: Sequence[Skeleton], path: Path) -> None:
    """Write skeletons whose root is vertex 0 and whose parents come before children."""
    frames = []
    for skeleton in skeletons:
        steps = np.diff(skeleton.vertices, axis=0, prepend=0).astype(np.int32)
        frame = pd.DataFrame(steps, columns=_AXES)
        up = np.arange(skeleton.n_vertices) - skeleton.parents
        up[0] = 0
        frame["up"] = up.astype(np.int32)
        frame["radius"] = np.rint(skeleton.radius).astype(np.uint16)
        frame["compartment"] = skeleton.compartment.astype(np.uint8)
        frame["root_id"] = np.where(np.arange(len(frame)) == 0, skeleton.root_id, 0)
        frames.append(frame)
    write_feather(pd.concat(frames, ignore_index=True), path)


class StoredSkeletons:
    """The skeletons of the sample, read on first use.

    Parameters
    ----------
    path : path
        File that `write_skeletons` wrote.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _columns(self) -> dict[str, IntArray]:
        frame = pd.read_feather(self._path)
        return {str(name): frame[name].to_numpy(dtype=np.int64) for name in frame}

    @cached_property
    def _spans(self) -> dict[int, slice]:
        ids = self._columns["root_id"]
        begin = np.flatnonzero(ids)
        stop = np.append(begin[1:], len(ids))
        return {int(ids[a]): slice(a, b) for a, b in zip(begin, stop, strict=True)}

    @property
    def root_ids(self) -> list[int]:
        """Root ids of the cells that have a skeleton."""
        return list(self._spans)

    def __getitem__(self, root_id: int) -> Skeleton:
        """Return one cell's skeleton, in nm."""
        if root_id not in self._spans:
            raise SkeletonNotFound(
                f"The sample has no skeleton of cell {root_id}. Its proofread cells have one: "
                "choose from con.select(proofread=True)."
            )
        rows = self._spans[root_id]
        own = {name: values[rows] for name, values in self._columns.items()}
        vertex = np.arange(1, len(own["up"]))
        return Skeleton(
            np.cumsum(np.stack([own[axis] for axis in _AXES], axis=1), axis=0),
            np.stack([vertex, vertex - own["up"][1:]], axis=1),
            own["radius"].astype(np.float64),
            own["compartment"],
            root=0,
            root_id=root_id,
            source=SYNTHETIC,
        )
