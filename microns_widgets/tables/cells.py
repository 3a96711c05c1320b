"""The cell table, with rows looked up by root id."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets._typing import Array, IntArray
from microns_widgets.errors import check_column
from microns_widgets.tables.cell_filter import CellConditions, matching
from microns_widgets.tables.root_ids import id_array

#: The missing value of numpy's types: floats, dates, durations and objects, which are text.
_MISSING = {"f": np.nan, "M": np.datetime64("NaT"), "m": np.timedelta64("NaT"), "O": ""}


class CellTable:
    """A checked cell table whose rows are looked up by root id.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `read_cells` returns it.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def __contains__(self, root_id: int) -> bool:
        return root_id != 0 and root_id in self._rows

    @cached_property
    def _rows(self) -> pd.Index:
        # Root id 0, a nucleus without a segment, never matches a cell.
        ids = self.frame["pt_root_id"].to_numpy()
        return pd.Index(np.where(ids != 0, ids, -1 - np.arange(len(ids))))

    def places(self, root_ids: npt.ArrayLike) -> IntArray:
        """Row of each root id, shape (n,); -1 for ids without a cell, and for 0."""
        return np.asarray(self._rows.get_indexer(pd.Index(id_array(root_ids))), dtype=np.int64)

    @cached_property
    def root_ids(self) -> IntArray:
        """Root ids of all cells in table order, without 0."""
        ids = self.frame["pt_root_id"].to_numpy(dtype=np.int64)
        return np.asarray(ids[ids != 0])

    def select(self, conditions: CellConditions) -> IntArray:
        """Root ids of the cells that meet the conditions, in table order, without 0."""
        ids = self.frame["pt_root_id"].to_numpy(dtype=np.int64)
        return np.asarray(ids[matching(self.frame, conditions) & (ids != 0)])

    def column_at(self, root_ids: npt.ArrayLike, by: str) -> pd.Series:
        """The column `by` for each root id; a missing value for ids without a cell."""
        check_column(by, self.frame.columns)
        return at_places(self.frame[by], self.places(root_ids))

    def labels(self, root_ids: npt.ArrayLike, by: str) -> Array:
        """`column_at` as an array; of objects where a whole number or a boolean is missing."""
        column = self.column_at(root_ids, by)
        if pd.api.types.is_extension_array_dtype(column.dtype) and column.hasnans:
            return column.to_numpy(dtype=object)
        return column.to_numpy()

    def describe(self, root_ids: npt.ArrayLike) -> pd.DataFrame:
        """Return one row per root id, indexed by it; missing values for ids without a cell."""
        ids = id_array(root_ids)
        places = self.places(ids)
        if (places >= 0).all():
            described = self._columns.take(places)
        else:
            columns = self._columns
            described = pd.DataFrame({name: at_places(columns[name], places) for name in columns})
        return described.set_axis(pd.Index(ids, name="pt_root_id"))

    @cached_property
    def _columns(self) -> pd.DataFrame:
        return self.frame.drop(columns="pt_root_id")


def at_places(column: pd.Series, places: IntArray) -> pd.Series:
    """Return the values of a column at some places, in the column's own type.

    Parameters
    ----------
    column : pandas.Series
        Of any type.
    places : numpy.ndarray of int64, shape (n,)
        Row numbers; -1 for none.

    Returns
    -------
    pandas.Series, shape (n,)
        At -1 stands ``""`` for text, else the type's missing value. Whole numbers and booleans
        among which one is missing are of pandas's nullable types, since floats would lose the
        last digits of large numbers.
    """
    kind, missing = column.dtype, places < 0
    if isinstance(kind, np.dtype) and kind.kind in "biu" and missing.any():
        nullable: Any = {"b": "boolean", "i": "Int64", "u": "UInt64"}[kind.kind]
        column = column.astype(nullable)
    if pd.api.types.is_extension_array_dtype(column.dtype):
        fill = "" if isinstance(kind, pd.StringDtype) else None
        return pd.Series(column.array.take(places, allow_fill=True, fill_value=fill))
    values = column.to_numpy()
    if missing.any():  # one more value at the end, which is at place -1
        values = np.append(values, np.array([_MISSING[values.dtype.kind]], dtype=values.dtype))
    return pd.Series(values[places])
