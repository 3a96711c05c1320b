"""Conditions on the cell table, written as keyword arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

import numpy as np
import pandas as pd

from microns_widgets._arguments import is_several
from microns_widgets._typing import BoolArray
from microns_widgets.errors import InvalidType, UnknownLabel, quoted
from microns_widgets.tables.label_names import label_suggestion

#: One name, several, or no condition.
Labels = str | Iterable[str] | None
#: Proofread (True), not proofread (False), one or several strategies by name, or no condition.
Proofread = bool | str | Iterable[str] | None


class CellConditions(TypedDict, total=False):
    """Conditions on a cell; see `Connectome.select`."""

    cell_type: Labels
    cell_type_manual: Labels
    coarse_type: Labels
    region: Labels
    proofread: Proofread


#: The column that each condition is about.
COLUMNS: Mapping[str, str] = {
    "cell_type": "cell_type_auto",
    "cell_type_manual": "cell_type_manual",
    "coarse_type": "coarse_cell_type_auto",
    "region": "region",
    "proofread": "proofreading_strategy",
}


def matching(cells: pd.DataFrame, conditions: CellConditions) -> BoolArray:
    """Find the rows of a cell table that meet all conditions.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cell table, n rows.
    conditions : CellConditions
        None stands for no condition.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)

    Raises
    ------
    UnknownLabel
        If a label does not occur in its column.
    InvalidType
        If a condition is neither a label nor an iterable of labels.
    """
    mask = np.ones(len(cells), dtype=bool)
    for argument, labels in conditions.items():
        column = cells[COLUMNS[argument]]
        if isinstance(labels, bool | np.bool_):
            mask &= (column != "").to_numpy() == bool(labels)
        elif labels is not None:
            mask &= _one_of(column, labels, argument)
    return mask


def _one_of(column: pd.Series, labels: object, argument: str) -> BoolArray:
    if not is_several(labels):
        raise InvalidType(f"{argument} is {labels!r}. Expected a label, or a list of labels.")
    names = [labels] if isinstance(labels, str) else list(labels)
    known = sorted(set(column))
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise UnknownLabel(
                f"{argument}={quoted(name)} does not occur in the column {column.name!r}."
                f"{label_suggestion(name, known)} Expected one of {', '.join(map(repr, known))}."
            )
    return column.isin(names).to_numpy()
