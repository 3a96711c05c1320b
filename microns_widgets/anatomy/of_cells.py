"""Questions about the shapes of a connectome's cells: whose, how long, and what sits where."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from microns_widgets import palette
from microns_widgets.anatomy.skeleton import COMPARTMENTS, Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.errors import SkeletonNotFound
from microns_widgets.tables.root_ids import id_array

_POSITION = [f"ctr_pt_position_{axis}" for axis in "xyz"]


def examples(con: Connectome, by: str = "cell_type_auto") -> pd.Series:
    """Choose one proofread cell of each type: the one with the most outputs.

    Parameters
    ----------
    con : Connectome
        Where the cells are from.
    by : str
        Column of the cell table that says the type; cells without one are left out.

    Returns
    -------
    pandas.Series of int64
        Root ids, indexed by type in the palette's order. Of cells with equally many
        outputs the first in the cell table is taken.

    Raises
    ------
    UnknownCell
        If the cell table has no column `by`.

    Examples
    --------
    >>> con = mw.load()
    >>> con.plot(mw.examples(con)["MC"])
    """
    ids = con.select(proofread=True)
    cells = pd.DataFrame({by: con.labels(ids, by), "pt_root_id": ids})
    cells["n_outputs"] = con.degrees().loc[ids, "n_outputs"].to_numpy()
    most_first = cells[cells[by] != ""].sort_values("n_outputs", ascending=False, kind="stable")
    chosen = most_first.drop_duplicates(by).set_index(by)["pt_root_id"]
    return chosen.loc[palette.type_order(chosen.index)]


def skeletons(
    con: Connectome, root_ids: Iterable[int], *, progress: bool = True
) -> dict[int, Skeleton]:
    """Get the skeletons of several cells, as far as there are any.

    Parameters
    ----------
    con : Connectome
        Where the cells are from.
    root_ids : iterable of int
        The cells.
    progress : bool
        Whether a bar shows how far it is, where that takes longer than two seconds.

    Returns
    -------
    dict of int to Skeleton
        By root id, in the order given. Cells without a skeleton are left out.
    """
    from tqdm.auto import tqdm

    found = {}
    wanted = id_array([*root_ids]).tolist()
    for root_id in tqdm(wanted, desc="skeletons", disable=not progress, delay=2):
        try:
            found[root_id] = con.skeleton(root_id)
        except SkeletonNotFound:
            continue
    return found


def by_compartment(con: Connectome, root_id: int) -> pd.DataFrame:
    """Count a cell's inputs and outputs on each part of its shape.

    A synapse belongs to the compartment of the nearest vertex of the skeleton. Where an axon
    passes close by a dendrite of its own cell, some of its synapses are counted there.

    Parameters
    ----------
    con : Connectome
        Where the cell is from.
    root_id : int
        The cell.

    Returns
    -------
    pandas.DataFrame
        One row for each compartment that the skeleton has (``"soma"``, ``"axon"``,
        ``"dendrite"``, ``"apical dendrite"``): ``cable_um`` (length in um), ``n_inputs``,
        ``n_outputs``.

    Raises
    ------
    UnknownCell, SkeletonNotFound
        If there is no such cell, or no skeleton of it.
    """
    skeleton = con.skeleton(root_id)
    sides = {"n_inputs": con.inputs(root_id), "n_outputs": con.outputs(root_id)}
    found = {name: skeleton.compartment_at(side[_POSITION]) for name, side in sides.items()}
    rows = {
        name: {
            "cable_um": skeleton.cable_length(number),
            **{side: np.count_nonzero(numbers == number) for side, numbers in found.items()},
        }
        for name, number in COMPARTMENTS.items()
        if (skeleton.compartment == number).any()
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("compartment")
    table.attrs["source"] = con.source
    return table
