"""The synapse table: opening it, querying one cell, and building its index."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.step import Measurement, Step, Work, Workload
from microns_widgets import Connectome, read_cells
from microns_widgets.synapses.cache import open_index
from microns_widgets.synapses.index import SynapseIndex
from microns_widgets.tables.reading import SYNAPSE_COLUMNS


def connectome(workload: Workload) -> Connectome:
    """Open the workload as `load("folder/")` does."""
    return Connectome(read_cells(workload.cells), index(workload))


def index(workload: Workload) -> SynapseIndex:
    """Open the synapse table's index; it is built on first use."""
    return open_index(workload.synapses, folder=workload.folder / "index")


def notebook_filter(table: pd.DataFrame, *, pre: Any = None, post: Any = None) -> pd.DataFrame:
    """Filter as in the workshop's notebook: a mask over all rows for each side."""
    mask = np.ones(len(table), dtype=bool)
    for column, ids in (("pre_pt_root_id", pre), ("post_pt_root_id", post)):
        mask &= True if ids is None else np.isin(table[column], ids)
    return table[mask]


def notebook_open(workload: Workload) -> Work:
    return Work(lambda: pd.read_feather(workload.synapses), rows_digest)


def package_open(workload: Workload) -> Work:
    index(workload)
    return Work(lambda: index(workload), _index_digest)


def package_build(workload: Workload) -> Work:
    def build() -> SynapseIndex:
        folder = tempfile.mkdtemp(prefix="built-", dir=workload.folder)
        return open_index(workload.synapses, folder=Path(folder))

    return Work(build, _index_digest)


def notebook_inputs(workload: Workload) -> Work:
    table, cell = pd.read_feather(workload.synapses), workload.facts["cell"]
    return Work(lambda: notebook_filter(table, post=[cell]), rows_digest)


def package_inputs(workload: Workload) -> Work:
    con, cell = connectome(workload), workload.facts["cell"]
    return Work(lambda: con.inputs(cell), rows_digest)


def notebook_outputs(workload: Workload) -> Work:
    table, cell = pd.read_feather(workload.synapses), workload.facts["cell"]
    return Work(lambda: notebook_filter(table, pre=[cell]), rows_digest)


def package_outputs(workload: Workload) -> Work:
    con, cell = connectome(workload), workload.facts["cell"]
    return Work(lambda: con.outputs(cell), rows_digest)


def rows_digest(frame: pd.DataFrame) -> dict[str, Any]:
    """Describe the rows of a synapse table, independent of their order."""
    order = np.argsort(frame["id"].to_numpy())
    columns = [frame[name].to_numpy()[order] for name in SYNAPSE_COLUMNS]
    return {"rows": len(frame), "content": digest(*columns)}


def digest(*arrays: np.ndarray) -> str:
    """Return a short hash of arrays."""
    state = hashlib.blake2b(digest_size=8)
    for array in arrays:
        state.update(np.ascontiguousarray(array).data)
    return state.hexdigest()


def _index_digest(index: SynapseIndex) -> dict[str, Any]:
    # Columns of a saved index are read from their file when they are needed.
    columns = {name: np.asarray(column) for name, column in index.columns.items()}
    return rows_digest(pd.DataFrame(columns, copy=False))


def _twice_the_table(_: Measurement, facts: dict[str, Any]) -> float:
    return 2.0 * facts["table_bytes"]


STEPS = (
    Step("open the synapse table", notebook_open, package_open, 30),
    Step("one cell's outputs", notebook_outputs, package_outputs, 13),
    Step("one cell's inputs", notebook_inputs, package_inputs, 50),
    # "Less than 12 times the time of reading the file", as a ratio.
    Step("build the index", notebook_open, package_build, 1 / 12, _twice_the_table),
)
