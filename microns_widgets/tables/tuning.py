"""The tuning of cells to visual stimuli, from the functional recordings of the same mouse.

A *unit* is a cell in one functional scan. A cell that was imaged in several scans has several
units, whose values differ; the unit that the digital twin predicts best stands for the cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from microns_widgets._arguments import checks_methods
from microns_widgets._files import expanded
from microns_widgets.errors import TableError, UnknownColumn
from microns_widgets.tables.cells import CellTable
from microns_widgets.tables.checks import check_present, checked_columns
from microns_widgets.tables.files import read_frame
from microns_widgets.tables.nuclei import NUCLEUS_ID, root_ids_by_nucleus

#: Columns of the tuning table in their order, named as in CAVE except ``nucleus_id``, which is
#: ``target_id`` there. ``cc_abs`` is the correlation between the recorded responses and those that
#: the digital twin predicts; angles are in degrees. Further columns follow unchanged.
TUNING_COLUMNS: Mapping[str, str] = {
    NUCLEUS_ID: "int64",
    "session": "int64",
    "scan_idx": "int64",
    "unit_id": "int64",
    "cc_abs": "float64",
    "pref_ori": "float64",
    "pref_dir": "float64",
}
_UNIT = ["session", "scan_idx", "unit_id"]
#: Columns that `TunedCells.tuning` adds. Root ids in a file may be those of another version.
_ADDED = ("pt_root_id", "n_scans")
#: Orientations repeat after half a turn, directions after a whole one.
_TURNS = {"pref_ori": 180.0, "pref_dir": 360.0}


def read_tuning(source: str | PathLike[str] | pd.DataFrame) -> pd.DataFrame:
    """Read and check a tuning table.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A feather or Parquet file, or a frame, with the columns of `TUNING_COLUMNS`; the nucleus id
        may have CAVE's name, ``target_id``.

    Returns
    -------
    pandas.DataFrame, shape (n units, 7 or more)
        Sorted by nucleus, the best predicted unit of each nucleus first. Two kinds of units are
        left out and counted in ``attrs``: those without a correlation or angle, which the digital
        twin does not predict (``units_without_values``), and those that were matched to more than
        one nucleus, so that it is not known whose responses they are
        (``units_of_several_nuclei``).

    Raises
    ------
    TableError
        If a column is missing or has a wrong type, a unit occurs twice for a nucleus, angles are
        not in degrees, or a correlation is not between -1 and 1.
    """
    if isinstance(source, pd.DataFrame):
        where, frame = "the tuning table", source
    else:
        path: Path = expanded(source)
        where, frame = path.name, read_frame(path)
    if NUCLEUS_ID not in frame:
        frame = frame.rename(columns={"target_id": NUCLEUS_ID})
    check_present(list(frame.columns), TUNING_COLUMNS, where)
    predicted = frame.dropna(subset=["cc_abs", *_TURNS])
    columns = checked_columns(predicted, TUNING_COLUMNS, where)
    _check_degrees(columns, where)
    _check_correlations(columns["cc_abs"], where)
    further = [name for name in predicted if name not in columns and name not in _ADDED]
    table = pd.DataFrame(columns | {name: predicted[name].to_numpy() for name in further})
    if (repeated := table.duplicated([NUCLEUS_ID, *_UNIT])).any():
        row = table.loc[repeated, [NUCLEUS_ID, *_UNIT]].iloc[0]
        unit = ", ".join(f"{name} {row[name]}" for name in (NUCLEUS_ID, *_UNIT))
        raise TableError(
            f"{where}: {unit} occurs more than once ({repeated.sum():,} surplus rows). Keep one "
            "row per unit."
        )
    ambiguous = table.duplicated(_UNIT, keep=False)
    n_ambiguous = len(table.loc[ambiguous, _UNIT].drop_duplicates())
    table = table[~ambiguous]
    keys = [NUCLEUS_ID, "cc_abs", *_UNIT]
    ascending = [True, False, True, True, True]
    table = table.sort_values(keys, ascending=ascending, ignore_index=True)
    table.attrs["units_without_values"] = len(frame) - len(predicted)
    table.attrs["units_of_several_nuclei"] = n_ambiguous
    return table


def _check_degrees(columns: Mapping[str, np.ndarray], where: str) -> None:
    for name, turn in _TURNS.items():
        angles = columns[name]
        # Few angles in degrees are below 6.3; among ten of them, some are above.
        if len(angles) >= 10 and np.abs(angles).max() <= np.deg2rad(turn) * 1.001:
            raise TableError(
                f"{where}: column {name!r} reaches {angles.max():.3g}; it looks like radians, "
                f"expected degrees from 0 to {turn:.0f}. Older tables such as "
                "functional_properties_v3_bcm are in radians and count from another zero: use "
                "digital_twin_properties_bcm_coreg_v4."
            )
        wrong = ~((angles >= 0) & (angles <= turn))
        if wrong.any():
            raise TableError(
                f"{where}: column {name!r} contains {angles[wrong][0]:g}, expected degrees from 0 "
                f"to {turn:.0f}. Bring angles into this range: frame[{name!r}] % {turn:.0f}."
            )


def _check_correlations(values: np.ndarray, where: str) -> None:
    wrong = ~(np.abs(values) <= 1)
    if wrong.any():
        raise TableError(
            f"{where}: column 'cc_abs' contains {values[wrong][0]:g}, expected correlations from "
            "-1 to 1. Check that no columns are swapped."
        )


@checks_methods
class TunedCells:
    """The part of a `Connectome` that knows how cells respond to visual stimuli."""

    source: str
    _cells: CellTable
    _tuning_table: str | PathLike[str] | pd.DataFrame | None = None

    @cached_property
    def _tuning(self) -> pd.DataFrame | None:
        return None if self._tuning_table is None else read_tuning(self._tuning_table)

    def tuning(self, *, all_scans: bool = False) -> pd.DataFrame:
        """Return the cells' tuning to visual stimuli, from functional recordings.

        Parameters
        ----------
        all_scans : bool
            Whether all units of a cell are returned. Default: only the unit with the highest
            ``cc_abs``, the one that the digital twin predicts best.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``pt_root_id`` in table order, one row per cell (or unit): ``nucleus_id``,
            ``session``, ``scan_idx``, ``unit_id``, ``cc_abs`` (correlation), ``pref_ori`` (degrees,
            0 to 180) and ``pref_dir`` (degrees, 0 to 360; a vertical bar that moves to the right is
            at 0, and angles increase counter-clockwise), further columns of the table such as
            ``gOSI``, and ``n_scans``, the cell's number of units. Cells that were not recorded are
            left out. ``attrs["nuclei_without_cell"]`` is the number of nuclei in the tuning table
            that belong to no cell; ``attrs["units_without_values"]`` and
            ``attrs["units_of_several_nuclei"]`` are the numbers of units that were left out.

        Raises
        ------
        UnknownColumn
            If the dataset has no tuning table, or no nucleus ids to join it by.

        Notes
        -----
        In MICrONS the values are those of the tables ``coregistration_manual_v4`` and
        ``digital_twin_properties_bcm_coreg_v4``. In the sample they are synthetic.

        Examples
        --------
        >>> tuning = con.tuning()
        >>> selective = tuning[tuning["gOSI"] > 0.25]
        """
        if self._tuning is None:
            raise UnknownColumn(
                f"{self.source or 'This dataset'} has no tuning table. The built-in sample has "
                "one. For real cells, `microns data --version N --optional tuning --out folder/` "
                "queries it (and completes an existing folder); then open it: mw.load('folder/')."
            )
        roots = root_ids_by_nucleus(self._cells.frame, self.source)
        units = self._tuning[self._tuning[NUCLEUS_ID].isin(roots.index)]
        lost = self._tuning[NUCLEUS_ID].nunique() - units[NUCLEUS_ID].nunique()
        table = units.assign(n_scans=units.groupby(NUCLEUS_ID)[NUCLEUS_ID].transform("size"))
        table.index = pd.Index(roots.loc[table[NUCLEUS_ID]].to_numpy(), name="pt_root_id")
        if not all_scans:
            table = table[~table.index.duplicated()]
        order = np.argsort(self._cells.places(table.index), kind="stable")
        table = table.iloc[order]
        table.attrs = self._tuning.attrs | {
            "source": self.source,
            "nuclei_without_cell": int(lost),
        }
        return table
