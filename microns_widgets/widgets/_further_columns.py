"""Prepares additional columns for the cell picker: as text, as numbers, or not shown, and why."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from microns_widgets._arguments import can_be_written
from microns_widgets.errors import quoted
from microns_widgets.widgets.columns import LARGEST_EXACT, categories

#: Keys in the picker's filters that are not columns.
RESERVED = ("search", "area")
#: Above this, storing a number in 32 bits would change its second decimal.
_LARGEST_SINGLE = 2.0**16
#: Contents of a column of Python objects, by pandas' name, and the dtype for the column.
_CONTENTS: dict[str, Any] = {
    "boolean": pd.BooleanDtype(),
    "integer": pd.Int64Dtype(),
    "floating": np.dtype(np.float64),
    "mixed-integer-float": np.dtype(np.float64),
}
_TEXT = {"string", "empty", "datetime", "datetime64", "date", "time", "period", "interval"}


class _LeftOut(Exception):
    """The reason why a column is not shown."""


def further_columns(
    cells: pd.DataFrame, known: Collection[str], names: Collection[Any]
) -> tuple[dict[str, pd.Series], list[str]]:
    """Return the columns to show, and a line for each of the others.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cell table.
    known : collection of str
        Names of the picker's own columns.
    names : collection
        The columns in question.

    Returns
    -------
    columns : dict of str to pandas.Series
        As `as_shown` returns them.
    left_out : list of str
        One line for each column that is not shown, with its name and the reason.
    """
    columns: dict[str, pd.Series] = {}
    left_out = []
    for name in names:
        try:
            if str(name) in known:
                raise _LeftOut("the picker already has a column with this name. Rename it")
            if str(name) in RESERVED:
                raise _LeftOut("this name is reserved for a filter of the picker. Rename it")
            if str(name) in columns:
                raise _LeftOut("another column has the same name when written as text. Rename it")
            if len(cells) and cells[name].isna().all():
                raise _LeftOut("it has no values")
            columns[str(name)] = as_shown(cells[name])
        except _LeftOut as reason:
            left_out.append(f"Column {quoted(name)} is not shown: {reason}.")
    return columns, left_out


def as_shown(column: pd.Series) -> pd.Series:
    """Return a column as the picker shows, filters and sorts it.

    Returns
    -------
    pandas.Series
        Categories of text (missing: ``""``), whole numbers, or floats (missing: NaN). Small floats
        are stored in 32 bits, which halves the amount sent to the browser.
    """
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        column = column.astype(dtype.categories.dtype if column.notna().all() else object)
    if isinstance(dtype, pd.ArrowDtype):
        column = column.astype(object)
    if column.dtype == object:
        column = _typed(column)
    dtype = column.dtype
    if pd.api.types.is_bool_dtype(dtype):
        return _texts(column.map({True: "True", False: "False"}))
    if pd.api.types.is_integer_dtype(dtype):
        return _whole(column)
    if pd.api.types.is_float_dtype(dtype):
        return _floats(column)
    if pd.api.types.is_timedelta64_dtype(dtype):
        raise _LeftOut("it contains durations. Convert them to numbers with .dt.total_seconds()")
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return _texts(_dates(column))
    if pd.api.types.is_complex_dtype(dtype):
        raise _LeftOut("it contains complex numbers")
    return _texts(column)


def _typed(column: pd.Series) -> pd.Series:
    """Return a column of Python objects with the dtype of its contents."""
    present = column.dropna()
    kind = pd.api.types.infer_dtype(present, skipna=True)
    if kind == "integer" and not all(abs(value) < 2**63 for value in present):
        return column.map(str, na_action="ignore")
    if kind in _CONTENTS:
        return pd.Series(column.astype(_CONTENTS[kind]))
    if kind == "decimal":
        numbers = column.astype(float)
        exact = all(Decimal(repr(float(value))) == value for value in present)
        return numbers if exact else column.map(str, na_action="ignore")
    if kind not in _TEXT:
        names = {type(value).__name__ for value in present}
        raise _LeftOut(f"it contains {', '.join(sorted(names)[:3])}, neither text nor numbers")
    return column


def _whole(column: pd.Series) -> pd.Series:
    present = column.dropna()
    largest = max(abs(int(present.min())), abs(int(present.max()))) if len(present) else 0
    if largest > LARGEST_EXACT:
        # Larger than JavaScript's exact integers; as text, every digit is right.
        return _texts(column)
    if len(present) == len(column) and largest <= np.iinfo(np.int32).max:
        return column.astype(np.int64)
    return column.astype("Float64").astype(np.float64)


def _floats(column: pd.Series) -> pd.Series:
    doubles = column.to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.abs(doubles[np.isfinite(doubles)])
    small = finite.max(initial=0) < _LARGEST_SINGLE
    # The browser gets the same bits, so that filters here and there compare the same numbers.
    return pd.Series(doubles, column.index).astype(np.float32 if small else np.float64)


def _dates(column: pd.Series) -> pd.Series:
    present = column.dropna()
    days = column.dt.tz is None and bool((present == present.dt.normalize()).all())
    return column.dt.strftime("%Y-%m-%d") if days else column


def _texts(column: pd.Series) -> pd.Series:
    if (encoded := _encoded(column)) is not None:
        return encoded
    present = column.notna()
    texts = [
        _text(value) if known else ""
        for value, known in zip(column.astype(object), present, strict=True)
    ]
    if not all(map(can_be_written, dict.fromkeys(texts))):
        raise _LeftOut("it contains text that cannot be encoded (half a surrogate pair)")
    return pd.Series(categories(texts), column.index)


def _encoded(column: pd.Series) -> pd.Series | None:
    """Return a column that has only text, a hundred times faster; None if it has anything else."""
    if pd.api.types.infer_dtype(column, skipna=True) != "string":
        return None
    try:
        # Not pandas' factorize, which treats strings as equal if they differ only after a NUL.
        texts = pa.array(column.to_numpy(dtype=object), type=pa.string(), from_pandas=True)
    except (pa.ArrowException, UnicodeError):
        return None
    encoded = texts.dictionary_encode()
    labels = encoded.dictionary.to_pylist()
    ordered = sorted({*labels, ""} if encoded.null_count else labels)
    places = {label: place for place, label in enumerate(ordered)}
    # A missing value has the code -1, and takes the last place.
    codes = np.array([*(places[label] for label in labels), places.get("", -1)])
    values = codes[encoded.indices.fill_null(-1).to_numpy()]
    categorical = pd.Categorical.from_codes(values, categories=pd.Index(ordered, dtype=object))
    return pd.Series(categorical, column.index)


def _text(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    return str(value)
