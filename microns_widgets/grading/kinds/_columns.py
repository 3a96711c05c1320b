"""The columns of anything that is a table in a student's eyes, as lists by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets.grading.kinds._values import Unfit, described, listed


def columns_of(
    value: object, key: Sequence[str], values: Sequence[str]
) -> tuple[dict[str, list[Any]], list[str], int]:
    """Return the columns wanted, as lists, the names of all others, and how many rows there are.

    Parameters
    ----------
    value : object
        A DataFrame of pandas or polars, a Series with the key in its index, an Arrow table,
        a structured array, a dict of columns, a list of dicts.
    key, values : sequence of str
        Names of the columns wanted. A key may be the index; an index or a Series without a
        name takes the only one that is missing.

    Raises
    ------
    Unfit
        If it is none of these.
    """
    if isinstance(value, pd.Series):
        named = value.name if value.name in values else _only(values)
        return _from_frame(value.to_frame(named), key, values)
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
        # Rows without names, in the order of the columns asked for.
        columns = {name: [row[place] for row in value] for place, name in enumerate(names)}
    else:
        method = getattr(value, "to_pydict", None) or getattr(value, "to_dict", None)
        columns = method() if callable(method) else {}
        if not isinstance(columns, Mapping) or not columns:
            raise Unfit(described(value))
    found = {str(name): listed(one) for name, one in columns.items() if name in {*key, *values}}
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise Unfit("a table with columns of different lengths")
    return found, [str(name) for name in columns if name not in found], lengths.pop()


def _from_frame(
    frame: pd.DataFrame, key: Sequence[str], values: Sequence[str]
) -> tuple[dict[str, list[Any]], list[str], int]:
    found = {}
    missing = [name for name in key if name not in frame.columns]
    unnamed = missing if list(frame.index.names) == [None] and len(missing) == 1 else None
    for place, name in enumerate(unnamed or frame.index.names):
        if name in missing:
            found[str(name)] = listed(frame.index.get_level_values(place))
    for place, name in enumerate(frame.columns):
        if name in key or name in values:
            found[str(name)] = listed(frame.iloc[:, place])
    return found, [str(name) for name in frame.columns if name not in found], len(frame)


def _only(names: Sequence[str]) -> str | None:
    return names[0] if len(names) == 1 else None


def cells_of(column: Iterable[Any], plain: Callable[[object], Any]) -> list[Any]:
    """Return a column's cells as plain JSON; None stands where a cell is not of its kind."""
    found = []
    for cell in column:
        try:
            found.append(plain(cell))
        except Unfit:
            found.append(None)
    return found
