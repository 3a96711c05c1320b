"""A mirror on loopback of all that version 1300 has without an account.

The cell table is the real one. The synapses are made up, and so are the shapes: each proofread cell
has the skeleton of a sample cell of its type, moved to its nucleus.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from local_server import LocalServer, Reply, serve

import microns_widgets as mw
from microns_widgets.sources.workshop import VERSIONS

VERSION = 1300
_AXES = [f"pt_position_{axis}" for axis in "xyz"]


@contextmanager
def mirror(cells: Path, synapses: Path, folder: Path) -> Iterator[LocalServer]:
    """Serve the two tables under the workshop's names, and SWC files.

    Parameters
    ----------
    cells, synapses : path
        The tables.
    folder : path
        An empty folder.
    """
    with serve(folder) as server:
        files = VERSIONS[VERSION]
        shutil.copy(cells, folder / files.cells)
        shutil.copy(synapses, folder / files.synapses)
        server.odd[".swc"] = _Shapes(mw.read_cells(folder / files.cells), folder).answer
        yield server


class _Shapes:
    def __init__(self, cells: object, folder: Path) -> None:
        self._cells = cells.set_index("pt_root_id")  # type: ignore[attr-defined]
        self._folder = folder
        self._sample = mw.load(quiet=True)
        self._examples = self._sample.examples()

    def answer(self, reply: Reply) -> None:
        kind, root_id = re.fullmatch(r"/(\w+)/(\d+)\.swc", reply.path).groups()  # type: ignore[union-attr]
        cell = self._cells.loc[int(root_id)]
        if kind != "proofread" or not cell["proofreading_strategy"]:
            reply.answer(403)  # as a bucket whose files cannot be listed
            return
        type_ = cell["cell_type_auto"] if cell["cell_type_auto"] in self._examples else "BC"
        like = self._sample.skeleton(self._examples[type_])
        step = cell[_AXES].to_numpy(dtype=np.float64) - like.vertices[like.root]
        moved = mw.Skeleton(
            like.vertices + step,
            like.edges,
            like.radius,
            like.compartment,
            root=like.root,
            root_id=int(root_id),
        )
        with tempfile.TemporaryDirectory() as temporary:
            path = Path(temporary) / f"{root_id}.swc"
            moved.to_swc(path)
            reply.answer(200, path.read_bytes())
