"""Proximity and synapses of pairs of cells, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.proximity import DENDRITES, check_has, lengths_within
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import InvalidArgument, check_positive

_POSITION = [f"ctr_pt_position_{axis}" for axis in "xyz"]
# Farther than this, most cells of a column are close to each other; and the number of close points,
# which are kept in memory, grows with the cube of the distance.
_FARTHEST_UM = 50.0
# Thin axons and dendrites are thicker.
_CLOSEST_UM = 0.1
_STEPS, _MOST_STEPS = 10, 50
_A_LENGTH = "a length above 0, in um"


def proximity_table(
    axons: Mapping[int, Skeleton],
    dendrites: Mapping[int, Skeleton],
    outputs: Callable[[int], pd.DataFrame],
    *,
    within_um: float,
    step_um: float | None,
    progress: bool,
) -> pd.DataFrame:
    """Return one row per pair of different cells, as `Connectome.proximity` describes it.

    Parameters
    ----------
    axons, dendrites : mapping of int to Skeleton
        The presynaptic and postsynaptic cells.
    outputs : callable
        Returns the output synapses of a cell.
    within_um, step_um, progress
        As for `Connectome.proximity`.
    """
    check_positive("within_um", within_um, _A_LENGTH)
    if within_um > _FARTHEST_UM:
        raise InvalidArgument(
            f"within_um={within_um:g} is too far, expected at most {_FARTHEST_UM:g}: beyond that, "
            "most cells of a column are close to each other."
        )
    if within_um < _CLOSEST_UM:
        raise InvalidArgument(
            f"within_um={within_um:g} is too close, expected at least {_CLOSEST_UM:g}: the lines "
            "through the middle of two branches that touch are farther apart. Distances are in "
            "um, such as within_um=5."
        )
    step = within_um / _STEPS if step_um is None else step_um
    check_positive("step_um", step, _A_LENGTH)
    if step < within_um / _MOST_STEPS:
        raise InvalidArgument(
            f"step_um={step:g} is too short for within_um={within_um:g}: expected at least "
            f"{within_um / _MOST_STEPS:g}, a fiftieth. The default, a tenth, is enough: where a "
            "branch comes close and leaves again, its length is off by at most one step."
        )
    if len(set(axons) | set(dendrites)) < 2 or not axons or not dendrites:
        raise InvalidArgument(
            "pre and post contain no two different cells, and how close a cell is to itself says "
            "nothing about its partners. Choose two cells: con.proximity(pre, post)."
        )
    for cell, skeleton in axons.items():
        check_has(skeleton, cell, ("axon",), "pre")
    for cell, skeleton in dendrites.items():
        check_has(skeleton, cell, DENDRITES, "post")

    from tqdm.auto import tqdm

    measured = lengths_within(
        list(axons.values()), list(dendrites.values()), within_um=within_um, step_um=step
    )
    parts = []
    for pre, (axon_um, dendrite_um) in tqdm(
        zip(axons, measured, strict=True),
        desc="proximity",
        total=len(axons),
        disable=not progress,
        delay=2,
    ):
        lengths = pd.DataFrame(
            {"axon_um": axon_um, "dendrite_um": dendrite_um}, index=pd.Index(list(dendrites))
        )
        counts = _count_by_partner(outputs(pre), dendrites)
        part = lengths.join(counts).drop(index=pre, errors="ignore")
        part.insert(0, "post_pt_root_id", part.index)
        part.insert(0, "pre_pt_root_id", pre)
        parts.append(part)
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    length = table["axon_um"].where(table["axon_um"] > 0)
    table["synapses_per_um"] = table["n_on_dendrites"] / length
    return table


def _count_by_partner(synapses: pd.DataFrame, dendrites: Mapping[int, Skeleton]) -> pd.DataFrame:
    """Count synapses onto each cell, and those of them that are nearest to its dendrites."""
    counts = dict.fromkeys(dendrites, (0, 0))
    numbers = [COMPARTMENTS[name] for name in DENDRITES]
    among = synapses[synapses["post_pt_root_id"].isin(list(dendrites))]
    for cell in among["post_pt_root_id"].unique().tolist():
        own = among[among["post_pt_root_id"] == cell]
        at = dendrites[cell].compartment_at(own[_POSITION])
        counts[cell] = (len(own), int(np.isin(at, numbers).sum()))
    return pd.DataFrame.from_dict(
        counts, orient="index", columns=["n_synapses", "n_on_dendrites"], dtype=np.int64
    )
