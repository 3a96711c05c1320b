"""A made-up connectivity matrix of any size: log-normal sizes and degrees, some autapses."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from microns_widgets import ConnectivityMatrix
from microns_widgets.network.assemble import like
from microns_widgets.tables.reading import AUTO_TYPES


def large_matrix(
    n_rows: int, n_columns: int, n_connections: int, seed: int = 1300
) -> ConnectivityMatrix:
    """Make a matrix whose first rows and columns are the same cells.

    Parameters
    ----------
    n_rows, n_columns : int
        Numbers of cells, at most as many rows as columns.
    n_connections : int
        Number of connected pairs, far below the number of possible ones.
    """
    rng = np.random.default_rng(seed)
    cells = _cells(n_columns, rng)
    drawn = [_drawn(length, 2 * n_connections, rng) for length in (n_rows, n_columns)]
    pairs = np.unique(drawn[0] * n_columns + drawn[1])
    pairs = np.sort(rng.choice(pairs, n_connections, replace=False))
    row, column = np.divmod(pairs, n_columns)
    count = rng.geometric(0.75, n_connections).astype(np.int32)
    largest = rng.lognormal(8.26, 0.8, n_connections).astype(np.int64) + 1
    total = largest + ((count - 1) * rng.uniform(0, 1, n_connections) * largest).astype(np.int64)
    structure = sparse.csr_array((count, (row, column)), shape=(n_rows, n_columns))
    return ConnectivityMatrix(
        cells.iloc[rng.permutation(n_rows)],
        cells,
        structure,
        like(structure, total),
        like(structure, largest),
        "log10_sum",
        "made up",
    )


def _drawn(length: int, n: int, rng: np.random.Generator) -> np.ndarray:
    weight = np.cumsum(rng.lognormal(0, 0.8, length))
    return np.searchsorted(weight, rng.uniform(0, weight[-1], n)).astype(np.int64)


def _cells(n: int, rng: np.random.Generator) -> pd.DataFrame:
    reach = {"x": 1_400_000, "y": 1_100_000, "z": 1_000_000}
    return pd.DataFrame(
        {
            "cell_type_auto": rng.choice([*AUTO_TYPES, ""], n),
            "region": rng.choice(["V1", "RL", "AL"], n),
            **{f"pt_position_{a}": rng.uniform(400_000, end, n) for a, end in reach.items()},
        },
        index=pd.Index(864691135000000000 + 7919 * rng.permutation(n), name="pt_root_id"),
    )
