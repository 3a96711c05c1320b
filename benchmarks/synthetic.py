"""Generates a synthetic synapse table and skeleton that resemble the workshop's.

The real synapse table cannot be included. This one has the same columns, order, compression
and kinds of rows: outputs and inputs of proofread cells, fragments without a nucleus as half
of the partners, log-normal sizes, and several synapses per connection.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.step import Workload
from microns_widgets._typing import BoolArray, IntArray
from microns_widgets.tables.reading import (
    AUTO_TYPES,
    CELL_COLUMNS,
    STRATEGIES,
    SYNAPSE_COLUMNS,
    proofread,
    read_cells,
    write_feather,
)

#: Rows of the workshop's table for version 1300.
FULL_SIZE = 6_250_000

_SEED = 1300
_N_CELLS, _N_PROOFREAD = 91_422, 1_701
_N_VERTICES, _N_BRANCHES = 50_000, 1_461

# Fractions of the table by group of the presynaptic and the postsynaptic cell: 222,000 of
# 6.25 million synapses are among proofread cells.
_PARTS = {
    ("proofread", "proofread"): 0.0355,
    ("proofread", "reached"): 0.1450,
    ("proofread", "fragments"): 0.1000,
    ("others", "proofread"): 0.3200,
    ("fragments", "proofread"): 0.3995,
}
# Number of the other 89,721 cells with a nucleus that proofread axons contact.
_N_REACHED = 57_545
# Number of fragments per row: a fragment makes 1 to 3 of a cell's input synapses.
_FRAGMENTS_PER_ROW = 0.25
# A third of the real basket cell's synapses with cells repeat a connection.
_REPEATED = 0.3
# Standard deviation of ln(degree), and mean and standard deviation of ln(size in voxels), as
# of the real basket cell's 18,894 synapses.
_DEGREE_SPREAD = 0.8
_LN_SIZE = (8.26, 0.80)


def make(folder: Path, rows: int) -> Workload:
    """Write the files of a workload and return it.

    Parameters
    ----------
    folder : path
        An empty folder.
    rows : int
        Number of synapses.
    """
    workload = Workload(folder)
    rng = np.random.default_rng(_SEED)
    folder_of_real = os.environ.get("MICRONS_REAL_DATA")
    real = Path(folder_of_real) / workload.cells.name if folder_of_real else None
    cells = read_cells(real) if real else _synthetic_cells(rng)
    synapses = _synapses(cells, rows, rng)
    write_feather(cells, workload.cells)
    write_feather(synapses, workload.synapses)
    np.savez(workload.skeleton, **_skeleton(rng))
    facts = {
        "rows": rows,
        "ids": "version 1300" if real else "synthetic (MICRONS_REAL_DATA is not set)",
        "table_bytes": int(synapses.memory_usage(index=False).sum()),
        "file_bytes": workload.synapses.stat().st_size,
        "cell": _middle_cell(cells, synapses),
        "synapses_among_proofread": int(_among(synapses, proofread(cells)).sum()),
    }
    workload.facts_file.write_text(json.dumps(facts))
    return workload


def _synthetic_cells(rng: np.random.Generator) -> pd.DataFrame:
    n = _N_CELLS
    strategy = np.full(n, "", dtype=object)
    strategy[rng.choice(n, _N_PROOFREAD, replace=False)] = STRATEGIES[0]
    frame = pd.DataFrame("", index=range(n), columns=list(CELL_COLUMNS))
    frame["pt_root_id"] = 864_691_135_000_000_000 + rng.permutation(n) * 7919
    frame["volume"] = 250.0
    for axis, reach in zip("xyz", (1_400_000, 1_100_000, 1_000_000), strict=True):
        frame[f"pt_position_{axis}"] = rng.uniform(400_000, reach, n)
    frame["cell_type_auto"] = rng.choice(AUTO_TYPES, n)
    frame["region"] = "V1"
    return frame.assign(proofreading_strategy=strategy)


def _synapses(cells: pd.DataFrame, rows: int, rng: np.random.Generator) -> pd.DataFrame:
    traced = proofread(cells)
    ids = cells["pt_root_id"].to_numpy()
    others = ids[(ids != 0) & ~np.isin(ids, traced)]
    n_fragments = max(int(rows * _FRAGMENTS_PER_ROW), 1)
    groups = {
        "proofread": traced,
        "others": others,
        "reached": rng.choice(others, _N_REACHED, replace=False),
        # Larger than the ids of all cells, so that no fragment has the id of a cell.
        "fragments": ids.max() + 1 + rng.permutation(n_fragments) * 101,
    }
    numbers = _shares(rows, list(_PARTS.values()))
    pairs = [
        _pairs(groups[pre], groups[post], number, rng)
        for (pre, post), number in zip(_PARTS, numbers, strict=True)
    ]
    pre_ids, post_ids = np.concatenate(pairs, axis=1)
    size = rng.lognormal(*_LN_SIZE, rows).astype(np.int32)
    order = np.lexsort([size, pre_ids, post_ids])
    frame = pd.DataFrame(
        {
            # Unique and unsorted, like CAVE's in a table that is sorted by cell.
            "id": rng.permutation(np.cumsum(rng.integers(1, 300_000_000 // rows, rows))),
            # Voxels of 4 x 4 x 40 nm.
            "ctr_pt_position_x": rng.integers(100_000, 350_000, rows) * 4,
            "ctr_pt_position_y": rng.integers(100_000, 280_000, rows) * 4,
            "ctr_pt_position_z": rng.integers(15_000, 28_000, rows) * 40,
            "pre_pt_root_id": pre_ids[order],
            "post_pt_root_id": post_ids[order],
            "size": size[order],
        }
    )
    return frame.astype(dict(SYNAPSE_COLUMNS))


def _shares(rows: int, parts: Sequence[float]) -> list[int]:
    ends = np.rint(np.cumsum([0, *parts]) * rows).astype(int)
    return np.diff(ends).tolist()


def _pairs(pre: IntArray, post: IntArray, n: int, rng: np.random.Generator) -> IntArray:
    """Pre- and postsynaptic ids of n synapses, shape (2, n), with some repeated connections."""
    first = max(int(n * (1 - _REPEATED)), min(n, 1))
    drawn = np.stack([_draw(ids, first, rng) for ids in (pre, post)])
    return np.concatenate([drawn, drawn[:, rng.integers(0, first, n - first)]], axis=1)


def _draw(ids: IntArray, n: int, rng: np.random.Generator) -> IntArray:
    weight = np.cumsum(rng.lognormal(0, _DEGREE_SPREAD, len(ids)))
    return ids[np.searchsorted(weight, rng.uniform(0, weight[-1], n))]


def _among(synapses: pd.DataFrame, ids: IntArray) -> BoolArray:
    sides = synapses["pre_pt_root_id"], synapses["post_pt_root_id"]
    return np.logical_and(*(np.isin(side, ids) for side in sides))


def _middle_cell(cells: pd.DataFrame, synapses: pd.DataFrame) -> int:
    """Root id of the proofread cell with the median number of synapses."""
    sides = (synapses["pre_pt_root_id"], synapses["post_pt_root_id"])
    ids = proofread(cells)
    number = sum(side.value_counts().reindex(ids, fill_value=0).to_numpy() for side in sides)
    return int(ids[np.argsort(number)[len(ids) // 2]])


def _skeleton(rng: np.random.Generator) -> dict[str, Any]:
    """Grow a tree of nearly straight branches, each from an existing vertex."""
    vertices = np.zeros((_N_VERTICES, 3))
    parents = np.full(_N_VERTICES, -1)
    kinds = np.full(_N_VERTICES, 1)
    ends = np.linspace(1, _N_VERTICES, _N_BRANCHES + 1).astype(int)
    for branch, (start, stop) in enumerate(pairwise(ends)):
        # The first nine branches start at the soma: axon, apical dendrite and seven dendrites.
        origin = 0 if branch < 9 else int(rng.integers(1, start))
        steps = 700 * (rng.normal(size=3) + 0.7 * rng.normal(size=(stop - start, 3)))
        vertices[start:stop] = vertices[origin] + np.cumsum(steps, axis=0)
        parents[start:stop] = [origin, *range(start, stop - 1)]
        kinds[start:stop] = {0: 2, 1: 4}.get(branch, 3) if origin == 0 else kinds[origin]
    return {
        "vertices": vertices + np.array([840_000, 560_000, 850_000]),
        "edges": np.stack([np.arange(1, _N_VERTICES), parents[1:]], axis=1),
        "radius": rng.lognormal(np.log(200), 0.4, _N_VERTICES),
        "compartment": kinds,
        "root": 0,
    }
