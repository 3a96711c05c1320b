"""Columns beside the schema come back as they went in, wherever they are asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, X

import microns_widgets as mw
from microns_widgets.errors import InvalidArgument

BIG = 89_000_827_702_593_821
COLUMNS = {
    "int64": lambda n: pd.Series(BIG + np.arange(n)),
    "uint64": lambda n: pd.Series(np.arange(n, dtype=np.uint64) + np.uint64(2**63 + 1)),
    "Int64": lambda n: pd.Series(BIG + np.arange(n), dtype="Int64"),
    "bool": lambda n: pd.Series(np.arange(n) % 2 == 0),
    "boolean": lambda n: pd.Series(np.arange(n) % 2 == 0, dtype="boolean"),
    "float32": lambda n: pd.Series(np.arange(n, dtype=np.float32) / 3),
    "date": lambda n: pd.Series(pd.date_range("2020-11-04", periods=n)),
    "date with zone": lambda n: pd.Series(pd.date_range("2020-11-04", periods=n, tz="UTC")),
    "duration": lambda n: pd.Series(pd.to_timedelta(np.arange(n), unit="h")),
    "category": lambda n: pd.Series([f"m{i % 2}" for i in range(n)], dtype="category"),
    "string": lambda n: pd.Series([f"m{i % 2}" for i in range(n)], dtype="string"),
    "object": lambda n: pd.Series([f"m{i % 2}" for i in range(n)], dtype=object),
    "arrow": lambda n: pd.Series(BIG + np.arange(n), dtype="int64[pyarrow]"),
}


@pytest.fixture(params=COLUMNS.values(), ids=COLUMNS.keys())
def with_column(request, cells, synapses):
    cells["mine"] = request.param(len(cells)).set_axis(cells.index)
    return cells, mw.Connectome(cells, synapses)


def exactly(values, expected) -> bool:
    return [str(value) for value in values] == [str(value) for value in expected]


def test_a_column_is_the_same_everywhere(with_column):
    cells, con = with_column
    known = cells.set_index("pt_root_id")["mine"]
    own = known.loc[[B, A]]
    assert con.cells["mine"].dtype == cells["mine"].dtype
    assert str(con.cell(A)["mine"]) == str(known[A])
    assert exactly(con.labels([B, A], "mine"), own.to_numpy())
    matrix = con.matrix([B, A])
    assert matrix.pre["mine"].dtype == cells["mine"].dtype
    assert exactly(matrix.pre["mine"], own)
    partners = con.partners(B, by="mine").set_index("partner_root_id")["mine"]
    assert str(partners.loc[A].iloc[0]) == str(known[A])


def test_a_cell_without_a_row_has_a_missing_value_and_changes_no_other(with_column):
    cells, con = with_column
    known = cells.set_index("pt_root_id")["mine"]
    values = con.labels([A, X, B], "mine")
    assert exactly(values[[0, 2]], known.loc[[A, B]].to_numpy())
    assert values[1] == "" if isinstance(values[1], str) else pd.isna(values[1])
    assert exactly(con.matrix([A, X]).pre["mine"].iloc[:1], known.loc[[A]])


def test_a_matrix_is_sorted_by_any_column(with_column):
    cells, con = with_column
    order = con.matrix([B, A, X]).sort("mine", axis="pre").pre_ids.tolist()
    known = cells.set_index("pt_root_id")["mine"].loc[[B, A]]
    first_two = order[:2] if order[-1] == X else order[-2:]
    assert first_two == known.sort_values(kind="stable").index.tolist()


def test_types_may_be_booleans_categories_or_dates_but_not_numbers(cells, synapses):
    cells["flag"] = np.arange(len(cells)) % 2 == 0
    cells["group"] = pd.Categorical(cells["cell_type_auto"])
    con = mw.Connectome(cells, synapses)
    assert set(con.matrix().by_type("flag").probability.index) <= {"True", "False"}
    by_text = con.matrix().by_type("cell_type_auto").pairs_connected
    assert con.matrix().by_type("group").pairs_connected.equals(by_text)
    with pytest.raises(InvalidArgument, match="by='volume' is a column of numbers"):
        con.matrix().by_type("volume")
