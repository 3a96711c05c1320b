"""A connectome that fits on a page: six cells, one of them without a segment.

====  =====  ========  ==============================================
cell  type   region    synapses
====  =====  ========  ==============================================
A     23P    V1        2 onto B (sizes 100 and 300), 1 onto X (size 50)
B     BC     V1        1 onto A (size 700), 1 onto itself (size 20)
C     MC     RL        1 onto A (size 1)
D     23P    V1        none, and receives none; not proofread
E     astro  V1        none; not proofread
0     23P    V1        a nucleus without a segment
====  =====  ========  ==============================================

X is a fragment that is not in the cell table; it makes one synapse onto B (size 60), and
one synapse runs from a fragment with root id 0 onto A (size 90).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

A, B, C, D, E, X = (864691135000000001 + i for i in range(6))

_SYNAPSES = [
    (1, A, B, 100),
    (2, A, B, 300),
    (3, A, X, 50),
    (4, B, A, 700),
    (5, B, B, 20),
    (6, C, A, 1),
    (7, X, B, 60),
    (8, 0, A, 90),
]


def cell_frame() -> pd.DataFrame:
    ids = [A, B, C, D, E, 0]
    n = len(ids)
    return pd.DataFrame(
        {
            "pt_position_x": 700_000.0 + 1000 * np.arange(n),
            "pt_position_y": [530_000.0, 600_000.0, 700_000.0, 540_000.0, 650_000.0, 520_000.0],
            "pt_position_z": 850_000.0,
            "pt_root_id": np.array(ids, dtype=np.int64),
            "volume": 250.0,
            "coarse_cell_type_auto": ["E", "I", "I", "E", "NONNEURON", "E"],
            "cell_type_auto": ["23P", "BC", "MC", "23P", "astrocyte", "23P"],
            "coarse_cell_type_manual": ["E", "I", "", "", "", ""],
            "cell_type_manual": ["23P", "BC", "", "", "", ""],
            "region": ["V1", "V1", "RL", "V1", "V1", "V1"],
            "proofreading_strategy": [
                "axon_fully_extended",
                "axon_partially_extended",
                "axon_interareal",
                "",
                "",
                "",
            ],
        }
    )


def synapse_frame() -> pd.DataFrame:
    number, pre, post, size = (np.array(column) for column in zip(*_SYNAPSES, strict=True))
    n = len(_SYNAPSES)
    return pd.DataFrame(
        {
            "id": number.astype(np.int32),
            "ctr_pt_position_x": (700_000 + 10 * np.arange(n)).astype(np.int32),
            "ctr_pt_position_y": np.full(n, 600_000, dtype=np.int32),
            "ctr_pt_position_z": np.full(n, 850_000, dtype=np.int32),
            "pre_pt_root_id": pre.astype(np.int64),
            "post_pt_root_id": post.astype(np.int64),
            "size": size.astype(np.int32),
        }
    )


def random_synapses(n: int, ids: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Return n synapses between random ones of the ids."""
    position = rng.integers(600_000, 1_000_000, (n, 3)).astype(np.int32)
    return pd.DataFrame(
        {
            "id": np.arange(n, dtype=np.int32),
            **{f"ctr_pt_position_{axis}": position[:, i] for i, axis in enumerate("xyz")},
            "pre_pt_root_id": rng.choice(ids, n).astype(np.int64),
            "post_pt_root_id": rng.choice(ids, n).astype(np.int64),
            "size": rng.integers(0, 10_000, n).astype(np.int32),
        }
    )
