"""Which axons were proofread, and how: from CAVE's current table or from its predecessor."""

from __future__ import annotations

import pandas as pd

from microns_widgets.errors import CaveError, quoted
from microns_widgets.releases import FIRST_PROOFREADING, PROOFREADING

#: The tables, the preferred one first, with their text columns. The first records whether the axon
#: was proofread and with which strategy, the second whether it is "non", "clean" or "extended".
COLUMNS = {PROOFREADING: ("status_axon", "strategy_axon"), FIRST_PROOFREADING: ("status_axon",)}

_TRUE, _FALSE = ("true", "t"), ("false", "f", "")
#: Values that do not name a strategy; a proofread axon with one of them is `UNNAMED`.
_NONE = ("none", "")
UNNAMED = "unknown"


def strategies(table: pd.DataFrame, name: str, version: int) -> pd.DataFrame:
    """Return the cells whose axon was proofread.

    Parameters
    ----------
    table : pandas.DataFrame
        One of the tables in `COLUMNS`.
    name : str
        Its name.
    version : int
        Its version, for errors.

    Returns
    -------
    pandas.DataFrame
        Rows of the table with an additional column ``strategy``: the strategy's name in CAVE, even
        if this package does not know it; for `FIRST_PROOFREADING`, ``"clean"`` (wrong parts were
        removed) or ``"extended"`` (missing parts were also added).

    Raises
    ------
    CaveError
        If a status is neither true nor false.
    """
    status = _text(table["status_axon"])
    if name == FIRST_PROOFREADING:
        strategy, mask = status, ~status.isin(("non", *_NONE))
    else:
        strategy = _text(table["strategy_axon"])
        strategy = strategy.mask(strategy.isin(_NONE), UNNAMED)
        mask = status.str.lower().isin(_TRUE)
        odd = status[~mask & ~status.str.lower().isin(_FALSE)]
        if len(odd):
            raise CaveError(
                f"CAVE's table {name} of version {version} has status_axon={quoted(odd.iloc[0])} "
                f"in row {odd.index[0]}, expected true or false. Nothing was saved. Choose another "
                "version; `microns data --list` lists them."
            )
    return table.assign(strategy=strategy)[mask]


def _text(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "").astype(str)
