"""A connectivity matrix as bytes for the browser: sparse, narrow and compressed.

The bytes are a gzip of four uint32 (the lengths of three tables, and 0) and the tables, packed
by `columns.pack`:

- rows: ``pt_root_id``, ``n_connections``, ``depth`` (um, of the soma) and the text columns;
- columns: the same without ``n_connections``;
- connections, row by row, in each row from left to right: ``gap`` (columns since the last
  connection of the row, in the first one the column itself), ``count`` of synapses, ``largest``
  size and ``rest``, the summed size without the largest (voxels).

Gaps and rests are small numbers and mostly zeros: 1.5 million connections of a 2,000 x 70,000
matrix take a quarter of the bytes that the CSR arrays would. Its twin that reads it is
``frontend/src/matrix-explorer/data.ts``.
"""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd

from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.network.ordering import soma_depths
from microns_widgets.widgets.columns import pack

#: Columns of the cell table by which cells are ordered, coloured and summarised.
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
    """Return a matrix as the bytes described above."""
    n_connections = np.diff(matrix.count.indptr)
    rows = _axis(matrix.pre).assign(n_connections=n_connections)
    tables = [
        pack(rows, ids=["pt_root_id"]),
        pack(_axis(matrix.post), ids=["pt_root_id"]),
        pack(_connections(matrix)),
    ]
    lengths = np.array([*map(len, tables), 0], dtype="<u4").tobytes()
    # Level 1: half the bytes for a fifth of a second; higher levels take seconds.
    return gzip.compress(b"".join([lengths, *tables]), compresslevel=1, mtime=0)


def _axis(cells: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, object] = {"pt_root_id": cells.index.to_numpy(dtype=np.int64)}
    if cells.columns.isin(_POSITION).sum() == len(_POSITION):
        # 64 bits, so that both sides order the cells by the same numbers.
        columns["depth"] = soma_depths(cells)
    for name in text_columns(cells):
        columns[name] = pd.Categorical(cells[name].fillna("").astype(str))
    return pd.DataFrame(columns)


def text_columns(cells: pd.DataFrame) -> list[str]:
    """Names of the text columns that this table of cells has."""
    return [name for name in TEXT_COLUMNS if name in cells.columns]


def _connections(matrix: ConnectivityMatrix) -> dict[str, np.ndarray]:
    begin, places = matrix.count.indptr, matrix.count.indices.astype(np.int64)
    gap = np.diff(places, prepend=0)
    first = begin[:-1][np.diff(begin) > 0]
    gap[first] = places[first]
    largest = matrix.largest.data
    return {
        "gap": gap,
        "count": matrix.count.data,
        "largest": largest,
        "rest": matrix.total.data - largest,
    }
