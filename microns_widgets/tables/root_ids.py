"""Root ids in the forms in which users have them: a number, a list, an array, a column."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets._typing import IntArray
from microns_widgets.errors import InvalidRootIds, UnknownCell

#: Root ids in any of the forms that functions accept.
Ids = npt.ArrayLike | pd.Series | pd.Index | set[int] | frozenset[int]

_FLOATS = "Floats lose the last digits of root ids: read the table with integer ids."


def one_id(root_id: object) -> int:
    """Return a root id as an int; digits as text count too, since JSON holds ids as text.

    Raises
    ------
    InvalidRootIds
        If it is not a whole number, or is a float, which cannot hold 18 digits.
    """
    try:
        if isinstance(root_id, bool | np.bool_ | float | np.floating):
            raise ValueError
        return int(root_id)  # type: ignore[call-overload, no-any-return]  # any int-like
    except (TypeError, ValueError):
        raise InvalidRootIds(
            f"{root_id!r} is not a valid root id: expected a whole number of 18 digits. {_FLOATS}"
        ) from None


def id_array(ids: Ids, name: str = "root ids") -> IntArray:
    """Return root ids as an array of int64, shape (n,).

    Raises
    ------
    InvalidRootIds
        If they are not whole numbers.
    """
    values = np.asarray([*ids] if isinstance(ids, set | frozenset) else ids)
    if values.size and values.dtype.kind not in "iu":
        raise InvalidRootIds(
            f"{name} are of type {values.dtype}, expected whole numbers. {_FLOATS}"
        )
    return values.astype(np.int64).ravel()


def distinct_ids(ids: Ids, name: str) -> IntArray:
    """Return root ids in their order; raise `InvalidRootIds` if one is 0 or is repeated."""
    values = id_array(ids, name)
    distinct, number = np.unique(values, return_counts=True)
    if (number > 1).any():
        raise InvalidRootIds(
            f"{name} has the root id {distinct[number > 1][0]} {number.max()} times, expected each "
            "once. numpy.unique removes the repeats."
        )
    if (values == 0).any():
        raise InvalidRootIds(f"{name} has the root id 0, which is not a cell. Leave it out.")
    return values


def unknown_cell(root_id: int) -> UnknownCell:
    """Return the error for a root id that is neither in the tables nor among the synapses."""
    if root_id == 0:
        return UnknownCell(
            "Root id 0 marks a nucleus without a segment; it has no synapses. "
            "Choose another cell: con.select(proofread=True)."
        )
    return UnknownCell(
        f"There is no cell with root id {root_id} here. Root ids change from version to "
        "version, and lose digits as floats: choose one from con.cells['pt_root_id']."
    )
