"""Finds cells by their nucleus, whose id stays the same while root ids change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets._arguments import checks_methods
from microns_widgets._typing import IntArray
from microns_widgets.errors import (
    InvalidArgument,
    InvalidRootIds,
    InvalidType,
    TableError,
    UnknownCell,
    UnknownColumn,
    quoted,
)
from microns_widgets.tables.cells import CellTable
from microns_widgets.tables.root_ids import id_array

#: The optional column of the cell table with the nucleus id, 0 where it is unknown.
NUCLEUS_ID = "nucleus_id"
#: A nucleus has the same position in all versions; in nm, on each axis, with room for rounding.
_SAME_POSITION = 1_000.0


@checks_methods
class CellsByNucleus:
    """The part of a `Connectome` that identifies cells by their nucleus."""

    source: str
    _cells: CellTable

    def find(self, *, nucleus_id: int | Iterable[int]) -> IntArray:
        """Return the root ids of the cells with these nuclei.

        Parameters
        ----------
        nucleus_id : int or array_like of int
            One nucleus id, or n of them. Unlike a root id, a nucleus id stays the same when a
            cell is proofread.

        Returns
        -------
        numpy.ndarray of int64, shape (n,)
            In the order of `nucleus_id`.

        Raises
        ------
        UnknownColumn
            If the cell table has no column ``nucleus_id``; the message says how to get it.
        UnknownCell
            If no cell has a nucleus with such an id.
        InvalidArgument
            If the ids are not whole numbers.

        Examples
        --------
        >>> cell = con.find(nucleus_id=264824)[0]  # doctest: +SKIP
        """
        wanted = _numbers(nucleus_id, "find()")
        roots = root_ids_by_nucleus(self._cells.frame, self.source)
        missing = wanted[~np.isin(wanted, roots.index)]
        if len(missing):
            raise UnknownCell(
                f"No cell of this dataset has nucleus_id={missing[0]}"
                f"{f', or {len(missing) - 1:,} more of these ids' if len(missing) > 1 else ''}. "
                "Choose nucleus ids from con.cells['nucleus_id']; 0 means that it is unknown."
            )
        return np.asarray(roots.reindex(wanted), dtype=np.int64)

    def same_cells(self, other: CellsByNucleus) -> pd.DataFrame:
        """Match the cells with those of another version by their nuclei.

        Parameters
        ----------
        other : Connectome
            Another version of the same dataset.

        Returns
        -------
        pandas.DataFrame
            One row per nucleus that has a cell in both versions, in the order of this cell
            table, indexed by ``nucleus_id``: ``pt_root_id`` (here), ``other_pt_root_id`` (in
            `other`) and ``changed``, whether the two differ because the cell was edited in
            between. Its ``attrs`` count the other cells: ``only_here``, ``only_in_other``
            (cells whose nucleus has no cell in the other version), and ``no_nucleus_here``,
            ``no_nucleus_in_other`` (cells whose nucleus id is unknown).

        Raises
        ------
        UnknownColumn
            If either dataset has no column ``nucleus_id``; the message says how to get it.
        InvalidType
            If `other` is not a connectome.
        TableError
            If most nuclei with the same id are at different positions: the datasets are then not
            versions of one, and their ids have nothing to do with each other.

        Examples
        --------
        >>> before, now = mw.load("v943/"), mw.load("v1822/")  # doctest: +SKIP
        >>> cells = before.same_cells(now)  # doctest: +SKIP
        >>> cells["changed"].mean(), cells.attrs["only_here"]  # doctest: +SKIP
        """
        if not isinstance(other, CellsByNucleus):
            raise InvalidType(
                f"same_cells() was given other={quoted(other)}, expected a connectome of another "
                "version: con.same_cells(mw.load('folder/'))."
            )
        here = root_ids_by_nucleus(self._cells.frame, self.source)
        there = root_ids_by_nucleus(other._cells.frame, other.source)
        matched = here.index[here.index.isin(there.index)]
        self._check_same_nuclei(other, here.loc[matched], there.loc[matched])
        table = pd.DataFrame(
            {"pt_root_id": here.loc[matched], "other_pt_root_id": there.loc[matched]}
        )
        table["changed"] = table["pt_root_id"] != table["other_pt_root_id"]
        table.attrs = {
            "source": f"{self.source}; {other.source}",
            "only_here": len(here) - len(matched),
            "only_in_other": len(there) - len(matched),
            "no_nucleus_here": len(self._cells.root_ids) - len(here),
            "no_nucleus_in_other": len(other._cells.root_ids) - len(there),
        }
        return table

    def _check_same_nuclei(self, other: CellsByNucleus, here: pd.Series, there: pd.Series) -> None:
        """Raise `TableError` if most of these cells, row by row, are at different positions."""
        names = [f"pt_position_{axis}" for axis in "xyz"]
        places = [
            connectome._cells.frame[names].to_numpy(dtype=np.float64)[
                connectome._cells.places(root_ids.to_numpy())
            ]
            for connectome, root_ids in ((self, here), (other, there))
        ]
        same = int((np.abs(places[0] - places[1]) <= _SAME_POSITION).all(axis=1).sum())
        if 2 * same < len(here):
            raise TableError(
                f"Only {same:,} of the {len(here):,} nuclei with the same id are at the same "
                f"position in {self.source or 'this dataset'} and in "
                f"{other.source or 'the other one'}. Nucleus ids identify cells only between "
                "versions of one dataset: choose another version of the same dataset."
            )


def root_ids_by_nucleus(cells: pd.DataFrame, source: str) -> pd.Series:
    """Return the root ids of the cells with a known nucleus, indexed by nucleus id."""
    nuclei = _nucleus_ids(cells, source)
    root_ids = cells["pt_root_id"].to_numpy(dtype=np.int64)
    known = (nuclei != 0) & (root_ids != 0)
    index = pd.Index(nuclei[known], name=NUCLEUS_ID)
    if index.has_duplicates:
        twice = index[index.duplicated()]
        raise TableError(
            f"{source or 'The cell table'}: nucleus_id {twice[0]} belongs to more than one cell "
            f"({len(twice):,} surplus rows); each nucleus should belong to one cell. Keep one row "
            "per nucleus, or write 0 where the nucleus is unknown."
        )
    return pd.Series(root_ids[known], index=index, name="pt_root_id")


def _nucleus_ids(cells: pd.DataFrame, source: str) -> IntArray:
    """Return the nucleus id of each row, 0 where it is unknown."""
    if NUCLEUS_ID not in cells:
        raise UnknownColumn(
            f"The cell table of {source or 'this dataset'} has no column 'nucleus_id'. For "
            "the workshop's tables, mw.load(1300, nucleus_ids=True) adds it. Tables queried from "
            "CAVE have it: run `microns data --version N --out folder/` with a new folder, then "
            "mw.load('folder/'). Or add the column to your own cell table before you load it: "
            "cells['nucleus_id'] = ..., with 0 where it is unknown."
        )
    column = cells[NUCLEUS_ID]
    if pd.api.types.is_float_dtype(column.dtype):
        # pandas turns whole numbers into floats if some are missing.
        values = column.fillna(0).to_numpy(dtype=np.float64)
        if (values == np.trunc(values)).all() and np.abs(values).max(initial=0) < 2**53:
            return values.astype(np.int64)
    elif column.isna().any():
        column = column.astype(object).where(column.notna(), 0)
    return _numbers(column, source or "the cell table")


def _numbers(values: Any, where: str) -> IntArray:
    try:
        return id_array(values, NUCLEUS_ID)
    except InvalidRootIds:
        pass
    raise InvalidArgument(
        f"{where}: nucleus_id is {quoted(values)}. Expected whole numbers (six digits in "
        "minnie65); convert a column of floats with .fillna(0).astype('int64')."
    )
