"""Networks that are made by a known rule, as matrices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from small_world import cell_frame

import microns_widgets as mw

FIRST_ID = 864_691_135_000_000_001


def cells_at(somata_um: np.ndarray, types: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a cell table with somata at these positions, shape (n, 3)."""
    row = cell_frame().iloc[[0]]
    frame = row.loc[row.index.repeat(len(somata_um))].reset_index(drop=True)
    frame["pt_root_id"] = FIRST_ID + np.arange(len(somata_um))
    for axis, values in zip("xyz", np.asarray(somata_um, dtype=float).T, strict=True):
        frame[f"pt_position_{axis}"] = 700_000.0 + 1000 * values
    if types is not None:
        frame["cell_type_auto"] = list(types)
    return frame


def network(
    edges: Iterable[tuple[int, int]],
    somata_um: np.ndarray,
    *,
    types: Sequence[str] | None = None,
    pre: Sequence[int] | None = None,
    post: Sequence[int] | None = None,
) -> mw.ConnectivityMatrix:
    """Return a matrix with these connections between cells 0, 1, ..., each of its own size."""
    start, end = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2).T
    n = len(start)
    synapses = pd.DataFrame(
        {
            "id": np.arange(n, dtype=np.int32),
            **{f"ctr_pt_position_{axis}": np.full(n, 700_000, dtype=np.int32) for axis in "xyz"},
            "pre_pt_root_id": FIRST_ID + start,
            "post_pt_root_id": FIRST_ID + end,
            "size": 100 + np.arange(n, dtype=np.int32),
        }
    )
    cells = cells_at(somata_um, types)
    con = mw.Connectome(cells, synapses)
    every = np.arange(len(cells))
    return con.matrix(
        FIRST_ID + np.asarray(every if pre is None else pre),
        FIRST_ID + np.asarray(every if post is None else post),
        value="count",
    )


def edges_of(matrix: mw.ConnectivityMatrix) -> frozenset[tuple[int, int]]:
    """Return the connections as pairs of cell numbers."""
    stored = matrix.count.tocoo()
    start, end = matrix.pre_ids[stored.row] - FIRST_ID, matrix.post_ids[stored.col] - FIRST_ID
    return frozenset(zip(start.tolist(), end.tolist(), strict=True))


def by_chance(
    probability: np.ndarray, rng: np.random.Generator, reciprocal: float = 0
) -> list[tuple[int, int]]:
    """Draw connections with these probabilities, shape (n, n).

    `reciprocal` is the probability that a connection gets its reverse in addition.
    """
    connected = rng.random(probability.shape) < probability
    connected |= connected.T & (rng.random(probability.shape) < reciprocal)
    np.fill_diagonal(connected, False)
    return list(zip(*(places.tolist() for places in np.nonzero(connected)), strict=True))
