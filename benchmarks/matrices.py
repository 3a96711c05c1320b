"""Connectivity matrices: among proofread cells, and onto all cells that they contact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from benchmarks.step import Measurement, Step, Work, Workload
from benchmarks.tables import connectome, digest, notebook_filter
from microns_widgets import ConnectivityMatrix
from microns_widgets._typing import Array, IntArray
from microns_widgets.tables.reading import proofread, read_cells


def notebook_matrix(table: pd.DataFrame, pre: IntArray, post: IntArray) -> pd.DataFrame:
    """Filter and pivot as in the workshop's notebook: log10 of each pair's summed size."""
    among = notebook_filter(table, pre=pre, post=post)
    return among.pivot_table(
        index="pre_pt_root_id",
        columns="post_pt_root_id",
        values="size",
        aggfunc=lambda sizes: np.log10(np.sum(sizes)),
    ).fillna(0)


def notebook_square(workload: Workload) -> Work:
    table, ids = pd.read_feather(workload.synapses), proofread(read_cells(workload.cells))

    def make() -> pd.DataFrame:
        matrix = notebook_matrix(table, ids, ids)
        return matrix.reindex(columns=matrix.index.to_numpy())

    return Work(make, _frame_digest)


def package_square(workload: Workload) -> Work:
    con = connectome(workload)

    def make() -> pd.DataFrame:
        return con.matrix(value="log10_sum").to_frame(no_connection=0)

    return Work(make, _without_silent_cells)


def notebook_rectangle(workload: Workload) -> Work:
    table = pd.read_feather(workload.synapses)
    pre, reached = _proofread_and_reached(read_cells(workload.cells), table)
    return Work(lambda: notebook_matrix(table, pre, reached), _frame_digest)


def package_rectangle(workload: Workload) -> Work:
    con = connectome(workload)
    pre, reached = _proofread_and_reached(con.cells, con.synapses)

    def make() -> tuple[ConnectivityMatrix, sparse.csr_array]:
        matrix = con.matrix(pre, reached, value="log10_sum")
        return matrix, matrix.sparse

    return Work(make, _sparse_digest)


def _proofread_and_reached(
    cells: pd.DataFrame, synapses: pd.DataFrame
) -> tuple[IntArray, IntArray]:
    """Proofread cells, and the other cells with a nucleus that their axons contact."""
    pre = proofread(cells)
    targets = notebook_filter(synapses, pre=pre)["post_pt_root_id"].unique()
    ids = cells["pt_root_id"].to_numpy()
    return pre, ids[(ids != 0) & ~np.isin(ids, pre) & np.isin(ids, targets)]


def _without_silent_cells(frame: pd.DataFrame) -> dict[str, Any]:
    # The notebook's code drops cells without outputs, also from the columns.
    has_outputs = frame.to_numpy().any(axis=1)
    return _frame_digest(frame.loc[has_outputs, has_outputs])


def _frame_digest(frame: pd.DataFrame) -> dict[str, Any]:
    values = np.nan_to_num(frame.to_numpy())
    row, column = np.nonzero(values)
    pre, post = frame.index.to_numpy()[row], frame.columns.to_numpy()[column]
    return _connections(pre, post, values[row, column])


def _sparse_digest(result: tuple[ConnectivityMatrix, sparse.csr_array]) -> dict[str, Any]:
    matrix, stored = result[0], result[1].tocoo()
    return _connections(matrix.pre_ids[stored.row], matrix.post_ids[stored.col], stored.data)


def _connections(pre: IntArray, post: IntArray, log_size: Array) -> dict[str, Any]:
    """Describe the connections of a matrix, independent of the order of rows and columns."""
    order = np.lexsort([post, pre])
    size = np.rint(10 ** log_size[order]).astype(np.int64)
    return {"connections": len(order), "content": digest(pre[order], post[order], size)}


def _fifth(peer: Measurement, _: dict[str, Any]) -> float:
    return (peer.peak_bytes or 0) / 5


STEPS = (
    Step("matrix proofread x proofread", notebook_square, package_square, 100),
    Step("matrix proofread x all reached", notebook_rectangle, package_rectangle, 300, _fifth),
)
