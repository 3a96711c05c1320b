"""A connectivity matrix as bytes for the browser: sparse, narrow and compressed.

The bytes are a block (`tables_block`) of three tables:

- rows: ``pt_root_id``, ``n_connections``, ``depth`` (um, of the soma) and the text columns;
- columns: the same without ``n_connections``;
- connections: ``gap`` (see `gaps`), ``count`` of synapses, ``largest`` size and ``rest``, the
  summed size minus the largest (voxels).

Most gaps and rests are small or zero: 1.5 million connections of a 2,000 x 70,000 matrix take a
quarter of the bytes of the CSR arrays. The front end unpacks them in
``frontend/src/matrix-explorer/data/matrix-data.ts``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets.connectome import Connectome
from microns_widgets.errors import MatrixError, TooManyCells, check_choice
from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.network.ordering import soma_depths
from microns_widgets.tables.root_ids import id_array
from microns_widgets.tables.source import has_depth
from microns_widgets.widgets._tables_block import gaps, tables_block
from microns_widgets.widgets._traits import LARGEST_SELECTION
from microns_widgets.widgets.columns import categories, pack

#: Synapses listed for one pair; the strongest pairs in MICrONS have a few dozen.
MOST_LISTED = 200
#: Columns of the cell table that can order, colour and summarise the cells.
TEXT_COLUMNS = (
    "cell_type_auto",
    "coarse_cell_type_auto",
    "cell_type_manual",
    "coarse_cell_type_manual",
    "region",
    "proofreading_strategy",
)
_POSITION = {"pt_position_x", "pt_position_y", "pt_position_z"}


def matrix_block(matrix: ConnectivityMatrix) -> bytes:
    """Return a matrix in the format described above."""
    n_connections = np.diff(matrix.count.indptr)
    rows = _axis(matrix.pre, matrix.source).assign(n_connections=n_connections)
    return tables_block(
        pack(rows, ids=["pt_root_id"]),
        pack(_axis(matrix.post, matrix.source), ids=["pt_root_id"]),
        pack(_connections(matrix)),
    )


def _axis(cells: pd.DataFrame, source: str) -> pd.DataFrame:
    columns: dict[str, object] = {"pt_root_id": cells.index.to_numpy(dtype=np.int64)}
    if has_depth(source) and cells.columns.isin(_POSITION).sum() == len(_POSITION):
        # 64 bits, so that Python and the browser order the cells by the same numbers.
        columns["depth"] = soma_depths(cells, source)
    for name in text_columns(cells):
        texts = cells[name].astype(object).where(cells[name].notna(), "")
        columns[name] = categories([str(text) for text in texts])
    return pd.DataFrame(columns)


def text_columns(cells: pd.DataFrame) -> list[str]:
    """Return the names of the text columns in this table of cells."""
    return [name for name in TEXT_COLUMNS if name in cells.columns]


def _connections(matrix: ConnectivityMatrix) -> dict[str, np.ndarray]:
    largest = matrix.largest.data
    return {
        "gap": gaps(matrix.count),
        "count": matrix.count.data,
        "largest": largest,
        "rest": matrix.total.data - largest,
    }


def check_cells(matrix: ConnectivityMatrix, lists: Iterable[str]) -> None:
    """Raise `MatrixError` if a matrix has no rows or no columns.

    Parameters
    ----------
    matrix : ConnectivityMatrix
    lists : iterable of {"pre", "post"}
        The axes whose cells the user listed.
    """
    if 0 not in matrix.shape:
        return
    cure = "con.select(proofread=True) returns cells to start with."
    lengths = dict(zip(("pre", "post"), matrix.shape, strict=True))
    if empty := [name for name in lists if lengths[name] == 0]:
        verb = "is" if len(empty) == 1 else "are"
        raise MatrixError(
            f"{' and '.join(empty)} {verb} empty. Expected at least one root id; {cure}"
        )
    raise MatrixError(
        f"The matrix has {lengths['pre']} x {lengths['post']} cells. Expected at least one row and "
        f"one column; {cure}"
    )


def checked_order(
    order: str, orders: Iterable[str], axis: str, cells: pd.DataFrame, *, has_own: bool
) -> str:
    """Return an order of an axis; raise an error if its cells cannot be ordered so."""
    check_choice(f"order_{axis}", order, [*orders, *text_columns(cells)])
    if order == "own" and not has_own:
        raise MatrixError(
            f"The {axis}synaptic cells have no custom order yet. Set it with "
            f'explorer.sort(ids, axis="{axis}").'
        )
    return order


def checked_selection(
    matrix: ConnectivityMatrix, axis: str, root_ids: Iterable[int]
) -> tuple[int, ...]:
    """Return selected cells of an axis, each once; raise an error if one is not on it."""
    ids = tuple(dict.fromkeys(root_ids))
    if len(ids) > LARGEST_SELECTION:
        raise TooManyCells(
            f"The selection has {len(ids):,} cells, expected at most {LARGEST_SELECTION:,}. "
            "Zoom in on them instead, and read explorer.visible."
        )
    index = getattr(matrix, axis).index
    missing = np.flatnonzero(index.get_indexer(id_array(ids or np.zeros(0, np.int64))) < 0)
    if len(missing):
        raise MatrixError(
            f"Root id {ids[missing[0]]} is not on the {axis}synaptic axis of this matrix "
            f"({len(index):,} cells)."
        )
    return ids


def pair_synapses(con: Connectome | None, pre: int, post: int) -> dict[str, Any]:
    """Return a pair's synapses as JSON, the largest first: positions in um, sizes in voxels.

    If synapses have no sizes, they are in the order of the table.

    Raises
    ------
    MatrixError
        If there is no connectome to look them up in.
    """
    if con is None:
        raise MatrixError(
            "This explorer has only a matrix. To list the synapses of a pair, create it with "
            "MatrixExplorer(matrix, con=con)."
        )
    synapses = con.between(pre, post)
    sized = "size" in synapses
    if sized:
        synapses = synapses.sort_values("size", ascending=False, kind="stable")
    listed = synapses.head(MOST_LISTED)
    places = listed[[f"ctr_pt_position_{axis}" for axis in "xyz"]].to_numpy() / 1000
    return {
        "n": len(synapses),
        "synapses": [
            {"id": str(number), "position_um": place} | ({"size": size} if sized else {})
            for number, place, size in zip(
                listed["id"],
                places.tolist(),
                listed["size" if sized else "id"].tolist(),
                strict=True,
            )
        ],
    }
