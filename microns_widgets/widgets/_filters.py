"""The cell picker's filters: what they may say, which cells they keep, how to write them.

A filter is a plain value under the name of what it looks at, as in
``{"cell_type_auto": ["BC", "MC"], "depth": [100, 300], "search": "V1"}``. All must hold.

======================  ==========================================================
a text column           the labels that are kept
a number column         lowest and highest value that are kept; None where open
``pt_root_id``          the root ids that are kept, as strings
``search``              words, each of which occurs in a label or begins the id
``area``                corners of a polygon on the soma map: x and depth in um
======================  ==========================================================

The front end evaluates the same in ``frontend/src/cell-picker/filters.ts``; one file of cases
tests both.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets.errors import UnknownCell
from microns_widgets.tables.root_ids import one_id

Filters = dict[str, Any]
Mask = npt.NDArray[np.bool_]

#: Arguments of `Connectome.select`, in its order.
ARGUMENTS = {
    "cell_type_auto": "cell_type",
    "cell_type_manual": "cell_type_manual",
    "coarse_cell_type_auto": "coarse_type",
    "region": "region",
    "proofreading_strategy": "proofread",
}


def normal_filters(given: object, table: pd.DataFrame) -> Filters:
    """Return filters as both sides write them, in JSON's types; None means no filter.

    Raises
    ------
    UnknownCell
        If a column, a label or an id is none.
    ValueError
        If a filter is not of its column's form.
    """
    if not isinstance(given, Mapping):
        raise ValueError(
            f"filters={given!r} is no dict. Write for example "
            '{"cell_type_auto": ["BC"], "depth": [100, 300]}.'
        )
    return {
        str(key): _normal(str(key), value, table)
        for key, value in given.items()
        if value is not None
    }


def _normal(key: str, value: Any, table: pd.DataFrame) -> Any:
    if key == "search":
        return _checked(key, isinstance(value, str) and value, "some text")
    if key == "area":
        corners = np.asarray(_listed(key, value, "at least three corners [x, depth] in um"))
        ok = corners.ndim == 2 and corners.shape[1] == 2 and len(corners) >= 3
        _checked(key, ok, "at least three corners [x, depth] in um")
        return [[_number(key, one) for one in corner] for corner in corners.tolist()]
    if key not in table:
        raise UnknownCell(
            f"filters has {key!r}, expected 'search', 'area' or one of the columns "
            f"{', '.join(table.columns)}."
        )
    if key == "pt_root_id":
        ids = _listed(key, value, "root ids")
        return list(dict.fromkeys(str(one_id(root_id)) for root_id in ids))
    if isinstance(table[key].dtype, pd.CategoricalDtype):
        labels = [value] if isinstance(value, str) else _listed(key, value, "labels")
        for label in labels:
            if label not in table[key].cat.categories:
                known = ", ".join(map(repr, table[key].cat.categories))
                raise UnknownCell(
                    f"filters[{key!r}] has {label!r}, which no cell has. There are {known}."
                )
        return list(dict.fromkeys(labels))
    ends = _listed(key, value, "[lowest, highest]")
    _checked(key, len(ends) == 2, "[lowest, highest]")
    low, high = (None if end is None else _number(key, end) for end in ends)
    _checked(key, low is None or high is None or low <= high, "the lowest value first")
    return [low, high]


def _listed(key: str, value: Any, expected: str) -> list[Any]:
    _checked(key, isinstance(value, Iterable) and not isinstance(value, str), expected)
    items = list(value)
    _checked(key, len(items) > 0, f"{expected}; leave the key out for no filter")
    return items


def _number(key: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    _checked(key, math.isfinite(number), "finite numbers")
    # JavaScript writes a whole number without a point.
    return int(number) if number.is_integer() else number


def _checked(key: str, value: Any, expected: str) -> Any:
    if value is False or value == "":
        raise ValueError(f"filters[{key!r}] is not of its form, expected {expected}.")
    return value


def kept(filters: Filters, table: pd.DataFrame) -> Mask:
    """Tell for each row of the table whether all filters keep it, shape (n,)."""
    mask = np.ones(len(table), dtype=bool)
    for key, value in filters.items():
        mask &= _kept(key, value, table)
    return mask


def _kept(key: str, value: Any, table: pd.DataFrame) -> Mask:
    if key == "search":
        return _found(value, table)
    if key == "area":
        return _inside(value, _doubles(table["x"]), _doubles(table["depth"]))
    column = table[key]
    if key == "pt_root_id":
        return np.asarray(column.isin([int(root_id) for root_id in value]), dtype=bool)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.asarray(column.isin(value), dtype=bool)
    low, high = value
    numbers = _doubles(column)
    at_least = numbers >= (-math.inf if low is None else low)
    return at_least & (numbers <= (math.inf if high is None else high))


def _doubles(column: pd.Series) -> npt.NDArray[np.float64]:
    # numpy would round the filter's number to float32 before it compares; JavaScript does not.
    return column.to_numpy(dtype=np.float64)


def _found(search: str, table: pd.DataFrame) -> Mask:
    mask = np.ones(len(table), dtype=bool)
    for word in search.lower().split():
        found = np.zeros(len(table), dtype=bool)
        for name in table.columns:
            column = table[name]
            if isinstance(column.dtype, pd.CategoricalDtype):
                hit = [word in label.lower() for label in column.cat.categories]
                found |= np.append(hit, False)[column.cat.codes]
        if word.isascii() and word.isdigit():
            found |= table["pt_root_id"].astype(str).str.startswith(word).to_numpy()
        mask &= found
    return mask


def _inside(
    polygon: list[list[float]], x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> Mask:
    within = np.zeros(len(x), dtype=bool)
    x1, y1 = polygon[-1]
    for x2, y2 in polygon:
        crosses = (y1 > y) != (y2 > y)
        if y1 != y2:
            within ^= crosses & (x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1)
        x1, y1 = x2, y2
    return within


def filters_code(filters: Filters, table: pd.DataFrame) -> str:
    """Return a line of Python that gives the cells which the filters leave."""
    if not set(filters) <= set(ARGUMENTS):
        return f"mw.CellPicker(con, filters={_literal(filters)}).filtered"
    parts = []
    for column, argument in ARGUMENTS.items():
        if column in filters:
            labels = filters[column]
            said = _strategies(labels, table) if argument == "proofread" else _choice(labels)
            parts.append(f"{argument}={said}")
    return f"con.select({', '.join(parts)})"


def _choice(labels: list[str]) -> str:
    return _literal(labels[0] if len(labels) == 1 else labels)


def _strategies(labels: list[str], table: pd.DataFrame) -> str:
    if labels == [""]:
        return "False"
    every = set(table["proofreading_strategy"].cat.categories) - {""}
    return "True" if set(labels) == every else _choice(labels)


def _literal(value: object) -> str:
    # As the front end writes it, which has no repr().
    if value is None:
        return "None"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_literal(key)}: {_literal(one)}' for key, one in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)
