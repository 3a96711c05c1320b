"""Root ids in the forms in which users have them: a number, a list, an array, a column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets._typing import IntArray
from microns_widgets.errors import InvalidRootIds, UnknownCell

#: Root ids in any of the forms that a student has them in.
Ids = npt.ArrayLike | pd.Series | pd.Index | Iterable[int] | Iterable[str]

_DIGITS = re.compile(r"\s*[+-]?\d{1,19}\s*")


def one_id(root_id: object) -> int:
    """Return a root id as an int.

    Parameters
    ----------
    root_id : int, str, numpy or pandas scalar, or a sequence of one
        Digits as text count too, since JSON holds ids as text.

    Raises
    ------
    InvalidRootIds
        If it is not a whole number, or is a float, which cannot hold 18 digits.
    """
    if isinstance(root_id, pd.Series | pd.Index | np.ndarray) and root_id.size == 1:
        root_id = np.asarray(root_id, dtype=object).ravel()[0]
    number = _whole(root_id)
    if number is None:
        several = hasattr(root_id, "__iter__") and not isinstance(root_id, str | bytes)
        reason = "expected one id, not a list." if several else _reason([root_id])
        raise InvalidRootIds(f"{_described(root_id)} is not a valid root id: {reason}")
    return number


def id_array(ids: Ids, name: str = "root ids") -> IntArray:
    """Return root ids as an array of int64, shape (n,).

    Parameters
    ----------
    ids : array_like, Series, Index, set, dict keys or any iterable
        Whole numbers of any type, or text of digits.
    name : str
        Name of the argument, for the error.

    Raises
    ------
    InvalidRootIds
        If one is not a whole number, or is a float, NaN or bool.
    """
    if isinstance(ids, np.ndarray) and ids.dtype.kind in "iu":
        return _within_64_bits(ids.ravel(), name)
    if isinstance(ids, pd.Series | pd.Index) and pd.api.types.is_integer_dtype(ids.dtype):
        if ids.hasnans:
            raise InvalidRootIds(f"{name}: {_reason([None])}")
        return _within_64_bits(ids.to_numpy(), name)
    values = _listed(ids)
    numbers = [_whole(value) for value in values]
    if None in numbers:
        wrong = values[numbers.index(None)]
        raise InvalidRootIds(
            f"{name}: {_described(wrong)} is not a valid root id: {_reason(values)}"
        )
    return np.array(numbers, dtype=np.int64).reshape(-1)


def distinct_ids(ids: Ids, name: str) -> IntArray:
    """Return root ids in their order; raise `InvalidRootIds` if one is 0 or is repeated."""
    values = id_array(ids, name)
    distinct, number = np.unique(values, return_counts=True)
    if (number > 1).any():
        raise InvalidRootIds(
            f"{name} contains the root id {distinct[number > 1][0]} {number.max()} times, "
            "expected each id once. numpy.unique removes duplicates."
        )
    if (values == 0).any():
        raise InvalidRootIds(f"{name} contains root id 0, which is not a cell. Remove it.")
    return values


def unknown_cell(root_id: int) -> UnknownCell:
    """Return the error for a root id that is neither in the tables nor among the synapses."""
    if root_id == 0:
        return UnknownCell(
            "Root id 0 marks a nucleus without a segment; it has no synapses. "
            "Choose another cell: con.select(proofread=True)."
        )
    return UnknownCell(
        f"There is no cell with root id {root_id} in this dataset. Root ids change between "
        "versions, and lose digits when stored as floats. Choose one from "
        "con.cells['pt_root_id']."
    )


def _listed(ids: Any) -> list[Any]:
    if isinstance(ids, np.ndarray):
        return list(ids.ravel())
    if isinstance(ids, str | bytes) or not hasattr(ids, "__iter__"):
        return [ids]
    values = list(ids)
    return [inner for one in values for inner in _listed(one)] if _nested(values) else values


def _nested(values: list[Any]) -> bool:
    return any(isinstance(value, list | tuple | np.ndarray | pd.Series) for value in values)


def _whole(value: object) -> int | None:
    """Return a whole number that fits into 64 bits, else None."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | np.integer) or (isinstance(value, str) and _DIGITS.fullmatch(value)):
        number = int(value)
    else:
        return None
    return number if -(2**63) <= number < 2**63 else None


def _within_64_bits(values: Any, name: str) -> IntArray:
    numbers = np.asarray(values)
    if numbers.dtype.kind == "u" and numbers.size and numbers.max() >= 2**63:
        raise InvalidRootIds(
            f"{name}: {numbers.max()} is not a valid root id: it has over 63 bits."
        )
    return np.array(numbers, dtype=np.int64)


def _described(value: object) -> str:
    return repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."


def _reason(values: list[Any]) -> str:
    if any(value is None or value is pd.NA or value is pd.NaT for value in values) or any(
        isinstance(value, float | np.floating) and np.isnan(value) for value in values
    ):
        return (
            "a value is missing (NaN). Drop the missing ones before the column becomes float: "
            "frame['pt_root_id'].dropna() after reading with dtype='Int64'."
        )
    if any(isinstance(value, float | np.floating) for value in values):
        return (
            "floats lose the last digits of root ids, so that it may be another cell. Read the "
            "table again with integer ids: dtype={'pt_root_id': 'int64'}."
        )
    if any(isinstance(value, bool | np.bool_) for value in values):
        return "it is a mask. Use it to select ids: ids[mask]."
    return "expected a whole number of 18 digits, or a string of them."
