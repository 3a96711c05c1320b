"""The picker shows each kind of column unchanged, or says why it does not show it."""

from __future__ import annotations

import datetime
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from small_world import cell_frame, synapse_frame

import microns_widgets as mw
from microns_widgets.errors import TableError
from microns_widgets.widgets._picker_table import picker_table
from microns_widgets.widgets.columns import pack

N = len(cell_frame())
BIG = 2**53 + 1
DAYS = [f"2020-11-{day:02d}" for day in range(4, 4 + N)]
DATES = pd.date_range(DAYS[0], periods=N)


def some_missing(values: list, dtype: str | None = None) -> pd.Series:
    return pd.Series([*values[:-1], None], dtype=dtype)


SHOWN = {
    "dates": (pd.Series(DATES), DAYS),
    "dates with some missing": (pd.Series([*DATES[:-1], pd.NaT]), [*DAYS[:-1], ""]),
    "dates with a zone": (
        pd.Series(DATES.tz_localize("Europe/Zurich")),
        [f"{day} 00:00:00+01:00" for day in DAYS],
    ),
    "times": (pd.Series(DATES + pd.Timedelta(hours=1)), [f"{day} 01:00:00" for day in DAYS]),
    "days of Python": (pd.Series([datetime.date(2020, 11, 4)] * N), [DAYS[0]] * N),
    "booleans": (pd.Series([True, False] * 3), ["True", "False"] * 3),
    "booleans or none": (some_missing([True] * N, "boolean"), [*["True"] * (N - 1), ""]),
    "booleans as objects": (some_missing([False] * N, "object"), [*["False"] * (N - 1), ""]),
    "categories": (pd.Series(list("ababab"), dtype="category"), list("ababab")),
    "categories of numbers": (pd.Series([1, 2] * 3, dtype="category"), [1, 2] * 3),
    "intervals": (pd.cut(pd.Series(range(N)), [-1, 9]), ["(-1, 9]"] * N),
    "whole numbers or none": (some_missing([7] * N, "Int64"), [*[7.0] * (N - 1), np.nan]),
    "large whole numbers": (pd.Series([2**53] * N), [2.0**53] * N),
    "larger whole numbers": (pd.Series([BIG] * N), [str(BIG)] * N),
    "larger ones or none": (some_missing([BIG] * N, "Int64"), [*[str(BIG)] * (N - 1), ""]),
    "unsigned": (pd.Series([2**64 - 1] * N, dtype="uint64"), [str(2**64 - 1)] * N),
    "huge": (pd.Series([10**30] * N, dtype=object), [str(10**30)] * N),
    "decimals": (pd.Series([Decimal("1.5")] * N), [1.5] * N),
    "exact decimals": (
        pd.Series([Decimal("0.1234567890123456789")] * N),
        ["0.1234567890123456789"] * N,
    ),
    "numbers": (pd.Series([0.25] * N), [0.25] * N),
    "large numbers": (pd.Series([123_456_789.25] * N), [123_456_789.25] * N),
    "text after a NUL": (pd.Series(["a\0b", "a\0c", "a"] * 2), ["a\0b", "a\0c", "a"] * 2),
    "arrow numbers": (pd.Series([5] * N, dtype="int64[pyarrow]"), [5] * N),
    "arrow text": (pd.Series(["a"] * N, dtype="string[pyarrow]"), ["a"] * N),
}
LEFT_OUT = {
    "lists": (pd.Series([[1, 2]] * N), "it contains list"),
    "bytes": (pd.Series([b"a"] * N), "it contains bytes"),
    "mixed": (pd.Series([1, "a"] * 3), "it contains int, str"),
    "durations": (pd.Series(pd.to_timedelta(range(N))), r"durations.*total_seconds"),
    "complex": (pd.Series([1j] * N), "complex"),
    "no values": (pd.Series([None] * N), "no values"),
    "NaN only": (pd.Series([np.nan] * N), "no values"),
    "half a surrogate": (pd.Series(["\ud800"] * N, dtype=object), "cannot be encoded"),
    "n_inputs": (pd.Series(range(N)), "already has a column with this name"),
    "search": (pd.Series(range(N)), "reserved for a filter"),
}


def connectome(**columns: pd.Series) -> mw.Connectome:
    return mw.Connectome(cell_frame().assign(**columns), synapse_frame())


@pytest.mark.parametrize("kind", SHOWN)
def test_a_column_is_shown_as_it_is(kind):
    column, expected = SHOWN[kind]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        picker = mw.CellPicker(connectome(mine=column), save_data=True)
    assert picker.left_out == []
    shown = picker._table["mine"].tolist()
    assert shown == expected or np.array_equal(shown, expected, equal_nan=True)
    # A filter for a value finds its cells, in Python as in the browser.
    text = isinstance(shown[0], str)
    picker.filters = {"mine": [shown[0]] if text else [shown[0], shown[0]]}
    assert len(picker.filtered) == shown[:-1].count(shown[0])


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_a_column_that_cannot_be_shown_is_named_with_the_reason(kind):
    column, reason = LEFT_OUT[kind]
    with pytest.warns(UserWarning, match=f"Column '{kind}' is not shown: .*{reason}"):
        picker = mw.CellPicker(connectome(**{kind: column}))
    (line,) = picker.left_out
    assert line.startswith(f"Column '{kind}' is not shown")
    assert picker.get_state()["left_out"] == [line]
    pack(picker._table, ids=["pt_root_id"])


def test_columns_with_similar_names_are_shown_or_reported():
    cells = cell_frame()
    for name in ("a", "a ", "A", 1, "1", "", "<b>"):
        cells[name] = range(N)
    with pytest.warns(UserWarning, match="Column '1' is not shown: another column has the same"):
        picker = mw.CellPicker(mw.Connectome(cells, synapse_frame()))
    assert [*picker._table.columns[-6:]] == ["a", "a ", "A", "1", "", "<b>"]
    cells.columns = [*cells.columns[:-1], "a"]
    with pytest.raises(TableError, match="'a' occurs more than once"):
        mw.Connectome(cells, synapse_frame())


def test_cells_outside_the_volume_have_no_depth_and_are_counted():
    cells = cell_frame()
    cells.loc[0, "pt_position_x"] = 9e6
    table = picker_table(mw.Connectome(cells, synapse_frame()))
    assert table[["depth", "x"]].isna().all(axis=1).tolist() == [True, *[False] * (N - 1)]
    assert table.attrs["left_out"][0].startswith("1 of 6 cells are outside the volume of minnie65")
    cells["pt_position_x"] = 9e6
    with pytest.warns(UserWarning, match="6 of 6 cells are outside the volume"):
        mw.CellPicker(mw.Connectome(cells, synapse_frame()), save_data=True)
