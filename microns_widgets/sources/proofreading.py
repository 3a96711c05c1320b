"""Which axons were proofread, and how: from the current table or from its predecessor."""

from __future__ import annotations

import numpy as np
import pandas as pd

from microns_widgets._typing import IntArray
from microns_widgets.errors import quoted
from microns_widgets.releases import FIRST_PROOFREADING, PROOFREADING
from microns_widgets.tables.reading import proofread

#: The tables, the preferred one first, with their text columns. The first records whether the axon
#: was proofread and with which strategy, the second whether it is "non", "clean" or "extended".
COLUMNS = {PROOFREADING: ("status_axon", "strategy_axon"), FIRST_PROOFREADING: ("status_axon",)}

#: V1 cells of version 1300 that the workshop excluded: they need more proofreading.
LEFT_OUT = {
    1300: (
        864691135356398031,
        864691135810708172,
        864691135868118038,
        864691135915450982,
        864691135953216547,
        864691136228125521,
        864691136913261297,
    )
}

_TRUE, _FALSE = ("true", "t"), ("false", "f", "")
#: Values that do not name a strategy; a proofread axon with one of them is `UNNAMED`.
_NONE = ("none", "")
UNNAMED = "unknown"


def strategies(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the cells whose axon was proofread.

    Parameters
    ----------
    table : pandas.DataFrame
        One of the tables in `COLUMNS`, in which `status_fault` finds nothing.
    name : str
        Its name.

    Returns
    -------
    pandas.DataFrame
        Rows of the table with an additional column ``strategy``: the strategy's name in CAVE, even
        if this package does not know it; for `FIRST_PROOFREADING`, ``"clean"`` (wrong parts were
        removed) or ``"extended"`` (missing parts were also added).
    """
    status = _text(table["status_axon"])
    if name == FIRST_PROOFREADING:
        strategy, mask = status, ~status.isin(("non", *_NONE))
    else:
        strategy = _text(table["strategy_axon"])
        strategy = strategy.mask(strategy.isin(_NONE), UNNAMED)
        mask = status.str.lower().isin(_TRUE)
    return table.assign(strategy=strategy)[mask]


def status_fault(table: pd.DataFrame, name: str) -> str:
    """Return which status is neither true nor false, as part of a sentence; ``""`` if none is."""
    if name != PROOFREADING:
        return ""
    status = _text(table["status_axon"])
    odd = status[~status.str.lower().isin((*_TRUE, *_FALSE))]
    if not len(odd):
        return ""
    return f"has status_axon={quoted(odd.iloc[0])} in row {odd.index[0]}, expected true or false"


def proofread_v1(cells: pd.DataFrame, version: int) -> IntArray:
    """Root ids of the proofread cells of V1, except those that the workshop excluded."""
    ids = proofread(cells[cells["region"] == "V1"])
    return ids[~np.isin(ids, LEFT_OUT.get(version, ()))]


def workshop_cells(cells: pd.DataFrame, version: int) -> tuple[IntArray, str]:
    """Return the cells whose synapses the workshop's table holds, and their name in file names.

    They are the proofread cells of V1 or, if a version has no areas, of the whole volume.
    """
    if (cells["region"] == "").all():
        return proofread(cells), "proofread_neurons"
    return proofread_v1(cells, version), "proofread_V1_neurons"


def _text(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "").astype(str)
