"""Reads the columns of anything that students use as a table, and returns lists by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets.grading.kinds._values import Unfit, description, items_of


def columns_of(
    value: object, key: Sequence[str], values: Sequence[str]
) -> tuple[dict[str, list[Any]], list[str], int]:
    """Return the requested columns as lists, the names of all others, and the number of rows.

    Parameters
    ----------
    value : object
        A DataFrame of pandas or polars, a Series with the key in its index, an Arrow table,
        a structured array, a dict of columns, a list of dicts.
    key, values : sequence of str
        Names of the requested columns. A key may be the index; an index or a Series without a
        name takes the only missing name.

    Raises
    ------
    Unfit
        If it has another type.
    """
    if isinstance(value, pd.Series):
        name = value.name if value.name in values else _only(values)
        return _from_frame(value.to_frame(name), key, values)
    if isinstance(value, pd.DataFrame):
        return _from_frame(value, key, values)
    columns: Mapping[Any, Any]
    names = [*key, *values]
    if isinstance(value, np.ndarray) and value.dtype.names:
        columns = {name: value[name] for name in value.dtype.names}
    elif isinstance(value, Mapping):
        if value and all(np.ndim(one) == 0 for one in value.values()):
            # {"BC": 12, "MC": 3}: the key's column and that of the values.
            return _from_frame(pd.Series(value, name=_only(values)).to_frame(), key, values)
        columns = value
    elif isinstance(value, list | tuple) and value and all(isinstance(r, Mapping) for r in value):
        columns = {name: [row.get(name) for row in value] for name in value[0]}
    elif isinstance(value, list | tuple | np.ndarray) and np.shape(value)[1:] == (len(names),):
        # Rows without names, in the order of the requested columns.
        columns = {name: [row[place] for row in value] for place, name in enumerate(names)}
    else:
        method = getattr(value, "to_pydict", None) or getattr(value, "to_dict", None)
        columns = method() if callable(method) else {}
        if not isinstance(columns, Mapping) or not columns:
            raise Unfit(description(value))
    requested = {str(n): items_of(one) for n, one in columns.items() if n in {*key, *values}}
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise Unfit("a table with columns of different lengths")
    others = [str(name) for name in columns if name not in requested]
    return requested, others, lengths.pop()


def _from_frame(
    frame: pd.DataFrame, key: Sequence[str], values: Sequence[str]
) -> tuple[dict[str, list[Any]], list[str], int]:
    requested = {}
    missing = [name for name in key if name not in frame.columns]
    new_names = missing if list(frame.index.names) == [None] and len(missing) == 1 else None
    for place, name in enumerate(new_names or frame.index.names):
        if name in missing:
            requested[str(name)] = items_of(frame.index.get_level_values(place))
    for place, name in enumerate(frame.columns):
        if name in key or name in values:
            requested[str(name)] = items_of(frame.iloc[:, place])
    others = [str(name) for name in frame.columns if name not in requested]
    return requested, others, len(frame)


def _only(names: Sequence[str]) -> str | None:
    return names[0] if len(names) == 1 else None


def cells_of(column: Iterable[Any], plain: Callable[[object], Any]) -> list[Any]:
    """Return a column's cells as plain JSON, with None for cells of another kind."""
    cells = []
    for cell in column:
        try:
            cells.append(plain(cell))
        except Unfit:
            cells.append(None)
    return cells
