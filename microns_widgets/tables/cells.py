"""The cell table, with rows looked up by root id."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets._typing import Array, IntArray
from microns_widgets.errors import check_column
from microns_widgets.tables.cell_filter import CellConditions, matching
from microns_widgets.tables.root_ids import id_array


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

    def labels(self, root_ids: npt.ArrayLike, by: str) -> Array:
        """The column `by` for each root id; ``""`` or NaN for ids without a cell."""
        check_column(by, self.frame.columns)
        return _at_places(self.frame[by], self.places(root_ids))

    def describe(self, root_ids: npt.ArrayLike) -> pd.DataFrame:
        """Return one row per root id, indexed by it; missing values for ids without a cell."""
        ids = id_array(root_ids)
        rows = self._with_unknown.take(self.places(ids))
        return rows.set_axis(pd.Index(ids, name="pt_root_id"))

    @cached_property
    def _with_unknown(self) -> pd.DataFrame:
        """The columns except the id, with one more row at the end: place -1 is an unknown cell."""
        places = np.append(np.arange(len(self.frame)), -1)
        columns = self.frame.drop(columns="pt_root_id")
        return pd.DataFrame({name: _at_places(columns[name], places) for name in columns})


def _at_places(column: pd.Series, places: IntArray) -> Array:
    # One more value at the end stands for unknown cells, whose place is -1.
    missing = np.nan if pd.api.types.is_numeric_dtype(column) else ""
    return np.append(column.to_numpy(), missing)[places]
