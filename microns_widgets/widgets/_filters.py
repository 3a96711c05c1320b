"""The cell picker's filters: their form, the cells that match them, and their Python code.

A filter is a plain value, stored under the name of the column it applies to, as in
``{"cell_type_auto": ["BC", "MC"], "depth": [100, 300], "search": "V1"}``. A cell must match
all of them.

======================  ==============================================================
a text column           the labels to keep
a number column         lowest and highest value to keep; None leaves an end open
``pt_root_id``          the root ids to keep, as strings
a flag                  True or False
``search``              words; see `_search.py`
``area``                corners of a polygon on the soma map: x and depth in um
======================  ==============================================================

The front end evaluates the same filters in ``frontend/src/cell-picker/data/filters.ts``; one
file of cases tests both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets._arguments import is_several
from microns_widgets._typing import BoolArray, FloatArray
from microns_widgets.errors import (
    InvalidArgument,
    UnknownColumn,
    UnknownLabel,
    quoted,
    suggestion,
)
from microns_widgets.tables.label_names import label_suggestion
from microns_widgets.tables.root_ids import one_id
from microns_widgets.widgets._picker_table import SKELETON_COLUMN
from microns_widgets.widgets._python_code import python_code
from microns_widgets.widgets._search import search_mask

Filters = dict[str, Any]

#: Arguments of `Connectome.select` by column, in their order.
ARGUMENTS = {
    "cell_type_auto": "cell_type",
    "cell_type_manual": "cell_type_manual",
    "coarse_cell_type_auto": "coarse_type",
    "region": "region",
    "proofreading_strategy": "proofread",
}
_CORNERS = "at least three corners [x, depth] in um"


def normal_filters(filters: Mapping[str, Any], table: pd.DataFrame) -> Filters:
    """Return filters in the form that both sides use, with JSON types; None means no filter.

    Raises
    ------
    UnknownColumn, UnknownLabel, InvalidRootIds
        If the table has no such column, a column has no such label, or an id is not valid.
    InvalidArgument
        If a filter does not have the form that its column needs.
    """
    return {
        str(key): _normal(str(key), value, table)
        for key, value in filters.items()
        if value is not None
    }


def _normal(key: str, value: Any, table: pd.DataFrame) -> Any:
    if key == "search":
        _require(key, isinstance(value, str) and value != "", "some text")
        return value
    if key == "area":
        corners = np.asarray(_items(key, value, _CORNERS))
        right_shape = corners.ndim == 2 and corners.shape[1] == 2 and len(corners) >= 3
        _require(key, right_shape, _CORNERS)
        return [[_number(key, coordinate) for coordinate in corner] for corner in corners.tolist()]
    if key not in table:
        columns = list(map(str, table.columns))
        raise UnknownColumn(
            f"filters has the key {quoted(key)}, which is not a column.{suggestion(key, columns)} "
            f"Expected 'search', 'area' or one of {', '.join(columns)}."
        )
    if key == "pt_root_id":
        ids = _items(key, value, "root ids")
        return list(dict.fromkeys(str(one_id(root_id)) for root_id in ids))
    if isinstance(table[key].dtype, pd.CategoricalDtype):
        labels = [value] if isinstance(value, str) else _items(key, value, "labels")
        known = list(table[key].cat.categories)
        for label in labels:
            if not isinstance(label, str) or label not in known:
                raise UnknownLabel(
                    f"filters[{key!r}] contains {quoted(label)}, but no cell has this label."
                    f"{label_suggestion(label, known)} Expected one of "
                    f"{', '.join(map(repr, known))}."
                )
        return list(dict.fromkeys(labels))
    if pd.api.types.is_bool_dtype(table[key].dtype):
        _require(key, isinstance(value, bool | np.bool_), "True or False")
        return bool(value)
    ends = _items(key, value, "[lowest, highest]")
    _require(key, len(ends) == 2, "[lowest, highest]")
    low, high = (None if end is None else _number(key, end) for end in ends)
    _require(key, low is None or high is None or low <= high, "the lowest value first")
    return [low, high]


def _items(key: str, value: Any, expected: str) -> list[Any]:
    _require(key, is_several(value) and not isinstance(value, str), expected)
    items = list(value)
    _require(key, len(items) > 0, f"{expected}. To remove the filter, leave out its key")
    return items


def _number(key: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    _require(key, math.isfinite(number), "finite numbers")
    # JavaScript writes a whole number without a decimal point.
    return int(number) if number.is_integer() else number


def _require(key: str, condition: bool, expected: str) -> None:
    if not condition:
        raise InvalidArgument(f"filters[{key!r}] has the wrong form. Expected {expected}.")


def filter_mask(filters: Filters, table: pd.DataFrame) -> BoolArray:
    """Return which rows of the table match all filters, shape (n,)."""
    mask = np.ones(len(table), dtype=bool)
    for key, value in filters.items():
        mask &= _mask_of(key, value, table)
    return mask


def _mask_of(key: str, value: Any, table: pd.DataFrame) -> BoolArray:
    if key == "search":
        return search_mask(value, table)
    if key == "area":
        return _inside(value, _doubles(table["x"]), _doubles(table["depth"]))
    column = table[key]
    if key == "pt_root_id":
        return np.asarray(column.isin([int(root_id) for root_id in value]), dtype=bool)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.asarray(column.isin(value), dtype=bool)
    if pd.api.types.is_bool_dtype(column.dtype):
        return np.asarray(column == value, dtype=bool)
    low, high = value
    numbers = _doubles(column)
    at_least = numbers >= (-math.inf if low is None else low)
    return at_least & (numbers <= (math.inf if high is None else high))


def _doubles(column: pd.Series) -> FloatArray:
    # numpy would round the filter's number to float32 before comparing; JavaScript does not.
    return column.to_numpy(dtype=np.float64)


def _inside(polygon: list[list[float]], x: FloatArray, y: FloatArray) -> BoolArray:
    inside = np.zeros(len(x), dtype=bool)
    x1, y1 = polygon[-1]
    for x2, y2 in polygon:
        crosses = (y1 > y) != (y2 > y)
        if y1 != y2:
            inside ^= crosses & (x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1)
        x1, y1 = x2, y2
    return inside


def filters_code(filters: Filters, table: pd.DataFrame) -> str:
    """Return a line of Python that returns the cells matching the filters."""
    if any(key in table and _is_mark(key, table[key]) for key in filters):
        # Only the picker that was given the marks has them.
        ids = table.loc[filter_mask(filters, table), "pt_root_id"]
        return f"[{', '.join(str(root_id) for root_id in ids if root_id)}]"
    if not set(filters) <= set(ARGUMENTS):
        return f"mw.CellPicker(con, filters={python_code(filters)}).filtered"
    arguments = []
    for column, argument in ARGUMENTS.items():
        if column in filters:
            labels = filters[column]
            code = _proofread_code(labels, table) if argument == "proofread" else _code(labels)
            arguments.append(f"{argument}={code}")
    return f"con.select({', '.join(arguments)})"


def _is_mark(key: str, column: pd.Series) -> bool:
    return key != SKELETON_COLUMN and pd.api.types.is_bool_dtype(column.dtype)


def _code(labels: list[str]) -> str:
    return python_code(labels[0] if len(labels) == 1 else labels)


def _proofread_code(labels: list[str], table: pd.DataFrame) -> str:
    if labels == [""]:
        return "False"
    strategies = set(table["proofreading_strategy"].cat.categories) - {""}
    return "True" if set(labels) == strategies else _code(labels)
