"""The cells of the sample: positions, types and proofreading."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.anatomy.depth import from_cortical
from microns_widgets.sources.sample import assumptions
from microns_widgets.tables.reading import CELL_COLUMNS

# Real nucleus ids have six digits.
_NUCLEI = np.arange(100_000, 800_000)
# Real root ids have 18 digits and exceed 2^53; these have the same first digits.
_FIRST_ID = 864_691_135_000_000_000
_MANUAL_NAMES = {"5P-ET": "5P-PT"}
_CONFUSED = {"23P": "4P", "4P": "5P-IT", "5P-IT": "4P", "6P-IT": "6P-CT", "6P-CT": "6P-U"}


@dataclass(frozen=True, eq=False)
class Population:
    """Somata and labels; the proofread cells come first.

    Attributes
    ----------
    table : pandas.DataFrame
        The cell table with nucleus ids, without the row of root id 0.
    soma_um : numpy.ndarray, shape (n, 3)
        Cortical coordinates in um; the second one is the depth.
    n_proofread : int
        Number of proofread cells, which are the first rows.
    """

    table: pd.DataFrame
    soma_um: FloatArray
    n_proofread: int

    @property
    def ids(self) -> IntArray:
        """Root ids, shape (n,)."""
        return self.table["pt_root_id"].to_numpy(dtype=np.int64)

    @property
    def types(self) -> npt.NDArray[np.object_]:
        """Automatic types, shape (n,)."""
        return self.table["cell_type_auto"].to_numpy(dtype=object)


def new_root_ids(n: int, rng: np.random.Generator, *, block: int) -> IntArray:
    """Return n distinct root ids of 18 digits; different blocks have different ids."""
    steps = rng.choice(10**8, size=n, replace=False)
    return _FIRST_ID + block * 10**9 + np.sort(steps).astype(np.int64) * 7


def make_population(rng: np.random.Generator) -> Population:
    """Place and label all cells of the sample."""
    proofread = [name for name, kind in assumptions.TYPES.items() for _ in range(kind.proofread)]
    names = list(assumptions.TYPES)
    shares = np.array([kind.share for kind in assumptions.TYPES.values()])
    further = rng.choice(names, size=assumptions.N_FURTHER_CELLS, p=shares / shares.sum())
    types = np.array([*proofread, *further], dtype=object)
    n, n_proofread = len(types), len(proofread)

    # Proofread cells are not near the edge, so that their arbors are inside the column.
    reach = np.where(np.arange(n) < n_proofread, 0.75, 1.0) * assumptions.COLUMN_RADIUS_UM
    radius, angle = reach * np.sqrt(rng.random(n)), 2 * np.pi * rng.random(n)
    top, median, bottom = np.array([assumptions.TYPES[name].depth_um for name in types]).T
    rank = rng.uniform(-1, 1, n)
    depth = median + rank * np.where(rank < 0, median - top, bottom - median)
    x, z = assumptions.COLUMN_AXIS_UM
    soma = np.stack([x + radius * np.cos(angle), depth, z + radius * np.sin(angle)], axis=1)

    table = pd.DataFrame(index=range(n), columns=list(CELL_COLUMNS))
    nm = np.rint(from_cortical(soma) / 8) * 8
    for place, axis in enumerate("xyz"):
        table[f"pt_position_{axis}"] = nm[:, place]
    table["pt_root_id"] = rng.permutation(new_root_ids(n, rng, block=1))
    medians = np.array([assumptions.TYPES[name].volume_um3 for name in types])
    table["volume"] = np.round(medians * rng.lognormal(0, assumptions.VOLUME_SPREAD, n), 3)
    table["coarse_cell_type_auto"] = [assumptions.TYPES[name].coarse for name in types]
    table["cell_type_auto"] = types
    manual = _manual_types(types, radius, rng)
    table["cell_type_manual"] = manual
    table["coarse_cell_type_manual"] = [_coarse_manual(name) for name in manual]
    table["region"] = _regions(soma)
    strategies = rng.choice(
        list(assumptions.STRATEGY_SHARES),
        size=n_proofread,
        p=list(assumptions.STRATEGY_SHARES.values()),
    )
    # Each type has a cell with a fully extended axon, which the exercises need.
    strategies[np.unique(proofread, return_index=True)[1]] = "axon_fully_extended"
    table["proofreading_strategy"] = [*strategies, *([""] * (n - n_proofread))]
    table["nucleus_id"] = rng.choice(_NUCLEI, size=n, replace=False)
    return Population(table, soma, n_proofread)


def with_segmentless_nucleus(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Shuffle the rows and add one nucleus without a segment (root id 0), as in the real table."""
    lost = table[table["proofreading_strategy"] == ""].iloc[[0]].copy()
    lost["pt_root_id"] = 0
    lost["nucleus_id"] = rng.choice(np.setdiff1d(_NUCLEI, table["nucleus_id"]))
    lost["cell_type_manual"] = lost["coarse_cell_type_manual"] = ""
    lost["pt_position_y"] += 8_000
    shuffled = table.iloc[rng.permutation(len(table))]
    half = len(table) // 2
    return pd.concat([shuffled.iloc[:half], lost, shuffled.iloc[half:]], ignore_index=True)


def _manual_types(
    types: npt.NDArray[np.object_], radius: FloatArray, rng: np.random.Generator
) -> list[str]:
    agree = rng.random(len(types)) < assumptions.MANUAL_AGREEMENT
    inner = radius < assumptions.MANUAL_RADIUS_UM

    def label(name: str, agrees: bool) -> str:
        if agrees:
            return _MANUAL_NAMES.get(name, name)
        unsure = "Unsure E" if assumptions.TYPES[name].coarse == "E" else "Unsure I"
        return _CONFUSED.get(name, unsure)

    return [
        label(name, agrees) if near and name in assumptions.NEURONS else ""
        for name, agrees, near in zip(types, agree, inner, strict=True)
    ]


def _coarse_manual(name: str) -> str:
    if name in ("", "Unsure"):
        return "UNCLEAR" if name else ""
    return "I" if name in ("BC", "MC", "BPC", "NGC", "Unsure I") else "E"


def _regions(soma: FloatArray) -> list[str]:
    """Assign regions: the column is in V1, with three other areas at its edge."""
    across = soma[:, 0] - assumptions.COLUMN_AXIS_UM[0]
    along = soma[:, 2] - assumptions.COLUMN_AXIS_UM[1]
    region = np.full(len(soma), "V1", dtype=object)
    region[across > 95] = "RL"
    region[along > 100] = "AL"
    region[(across < -95) & (along < -95)] = "LM"
    return list(region)
