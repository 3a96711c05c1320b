"""Turns the values of a student's variables into plain JSON values.

This runs beside the student's code. It accepts what students use (numpy, pandas, polars, scipy,
lists, sets) and returns strings, ints and floats; an object that misrepresents itself can only
lead to different JSON.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets._arguments import is_several
from microns_widgets.grading.kinds._payload import LARGEST_LIST, LARGEST_WORD


class Unfit(Exception):
    """A variable is not what its kind needs; the message says what it is."""


class NotStarted(Exception):
    """A variable has no answer yet, such as a choice in which nothing is chosen."""


class TooLarge(Exception):
    """A variable contains more than an answer may contain."""


def description(value: object) -> str:
    """Describe a value in a few words: ``the text '12'``, ``a list of 3``."""
    if value is None:
        return "None"
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, pd.DataFrame):
        return f"a DataFrame with {len(value):,} rows"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    name = type(value).__name__[:40]
    article = "an" if name[:1].lower() in "aeiou" else "a"
    if isinstance(value, list | tuple | set | frozenset | dict | pd.Series | pd.Index):
        return f"{article} {name} of {len(value):,}"
    return f"{article} {name}"


def items_of(value: object) -> list[Any]:
    """Return the items of anything that students use as a list.

    Raises
    ------
    Unfit
        If it is not a list, or can be read only once.
    TooLarge
        If it has more items than an answer may.
    """
    if isinstance(value, pd.DataFrame) and value.shape[1] == 1:
        value = value.iloc[:, 0]
    if isinstance(value, np.ndarray):
        if value.ndim > 1 and value.size != max(value.shape):
            raise Unfit(description(value))
        value = value.ravel()
    for method in ("tolist", "to_list", "to_pylist"):
        if not isinstance(value, type) and callable(getattr(value, method, None)):
            # Nothing beyond the bound is copied. A Series takes numbers for labels of its index.
            places: Any = value.iloc if isinstance(value, pd.Series) else value
            return _bounded(getattr(places[: LARGEST_LIST + 1], method)())
    if isinstance(value, Iterator):
        raise Unfit(f"{description(value)}, which can be read only once (use list(...))")
    if isinstance(value, str | bytes | Mapping) or not is_several(value):
        raise Unfit(description(value))
    return _bounded(value)


def _bounded(items: Iterable[Any]) -> list[Any]:
    first = list(islice(items, LARGEST_LIST + 1))
    if len(first) > LARGEST_LIST:
        raise TooLarge(f"more than {LARGEST_LIST:,} items")
    return first


def single(value: object) -> object:
    """Return the only item of an array, a Series or a list of one; anything else unchanged."""
    if isinstance(value, np.ndarray | pd.Series | pd.Index | list | tuple) and len(np.shape(value)):
        items = items_of(value)
        if len(items) == 1:
            return items[0]
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return value.item()
    return value


def plain_number(value: object) -> int | float | str:
    """Return a number for JSON: NaN and infinities are words.

    Raises
    ------
    Unfit
        If it is not a number, or a whole number that a float does not represent exactly.
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return "nan"
    if isinstance(value, bool | np.bool_ | str) or not isinstance(value, numbers.Number):
        raise Unfit(description(value))
    if isinstance(value, numbers.Integral):
        whole = int(value)
        if abs(whole) > 2**53:
            raise Unfit("a whole number of more than 15 digits")
        return whole
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        raise Unfit(description(value))
    number = float(value)  # type: ignore[arg-type]  # a Decimal is a Number, but not a Real
    return number if math.isfinite(number) else str(number)


def plain_text(value: object) -> str:
    """Return a short text; ``""`` for a missing value."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return str.__str__(value)[:LARGEST_WORD]
    if isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_):
        # 3.0 is written as 3: pandas makes floats of whole numbers.
        return str(_whole(value))[:LARGEST_WORD]
    if isinstance(value, bool | np.bool_ | pd.Interval):
        return str(value)[:LARGEST_WORD]
    raise Unfit(description(value))


def plain_id(value: object) -> str:
    """Return an id as digits."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value.strip())
    if isinstance(value, float | np.floating) and _is_exact(value):
        value = int(value)
    if isinstance(value, float | np.floating):
        raise Unfit("a float, which loses the last digits of ids: read the table with integer ids")
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Integral):
        raise Unfit(description(value))
    number = int(value)
    if not 0 <= number < 2**63:
        raise Unfit(f"{number:.3g}, which is not a valid root id")
    return str(number)


def _whole(value: Any) -> Any:
    return int(value) if _is_exact(value) else value


def too_many(n: int, noun: str = "") -> str:
    """Return what is taken off for items that do not belong: ``minus 1 row that does not``."""
    what = quantity(n, noun) if noun else f"{n:,}"
    return f"minus {what} that {'does' if n == 1 else 'do'} not belong"


def _is_exact(value: Any) -> bool:
    """Return whether a number is whole, and small enough for a float to represent it exactly."""
    return bool(abs(value) <= 2**53 and value == int(value))


def quantity(n: int, noun: str) -> str:
    """Return a number with its noun: ``1 cell``, ``2 cells``."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def comma_list(words: Iterable[str], most: int = 8) -> str:
    """Join words with commas; of many, only the first few."""
    listing = list(words)
    more = f", ... ({len(listing):,} in all)" if len(listing) > most else ""
    return ", ".join(listing[:most]) + more
