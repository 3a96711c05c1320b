"""Root ids as they are given: a number, a list, an array, a column of a frame."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets.errors import UnknownCell

IntArray = npt.NDArray[np.int64]
#: Root ids in any of the forms that a student has them in.
Ids = npt.ArrayLike | pd.Series | pd.Index | set[int] | frozenset[int]


def one_id(root_id: object) -> int:
    """Return a root id as an int; also from its digits, since JSON holds ids as strings.

    Raises
    ------
    UnknownCell
        If it is not a whole number, or a float, which cannot hold 18 digits.
    """
    try:
        if isinstance(root_id, float | np.floating):
            raise ValueError
        return int(root_id)  # type: ignore[call-overload, no-any-return]  # any int-like
    except (TypeError, ValueError):
        raise UnknownCell(
            f"{root_id!r} is no root id, expected a whole number of 18 digits. Floats lose the "
            "last digits: read the table with integer ids."
        ) from None


def id_array(ids: Ids, name: str = "root ids") -> IntArray:
    """Return root ids as an array of int64, shape (n,).

    Raises
    ------
    UnknownCell
        If they are not whole numbers.
    """
    given = np.asarray([*ids] if isinstance(ids, set | frozenset) else ids)
    if given.size and given.dtype.kind not in "iu":
        raise UnknownCell(
            f"{name} are of type {given.dtype}, expected whole numbers. Floats lose the last "
            "digits of root ids: read the table with integer ids."
        )
    return given.astype(np.int64).ravel()


def distinct_ids(ids: Ids, name: str) -> IntArray:
    """Return root ids in their order; raise `UnknownCell` if one is 0 or stands twice."""
    given = id_array(ids, name)
    values, number = np.unique(given, return_counts=True)
    if (number > 1).any():
        raise UnknownCell(
            f"Root id {values[number > 1][0]} stands {number.max()} times in {name}, expected each "
            "once. numpy.unique drops the repeats."
        )
    if (given == 0).any():
        raise UnknownCell(f"{name} holds the root id 0, which is no cell. Leave it out.")
    return given


def unknown_cell(root_id: int) -> UnknownCell:
    """Return the error for a root id that nothing here has."""
    if root_id == 0:
        return UnknownCell(
            "Root id 0 marks a nucleus without a segment; it has no synapses. "
            "Choose another cell: con.select(proofread=True)."
        )
    return UnknownCell(
        f"There is no cell with root id {root_id} here. Root ids change from version to "
        "version, and lose digits as floats: choose one from con.cells['pt_root_id']."
    )
