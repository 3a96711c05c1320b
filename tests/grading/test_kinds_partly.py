"""Partial credit: by row and column of a table, by id, by entry of a matrix.

What does not belong costs as much as what is right brings, so that guessing gains nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from microns_widgets.grading.kinds import capture_answer
from tests.grading.answers import answer_of, complaints, judge_values

IDS = answer_of("ids")
EXPECTED = list(range(1, 11))
TABLE = answer_of(
    "table",
    key=["cell_type_auto"],
    columns={"n_cells": {"kind": "number"}, "coarse": {"kind": "text"}},
)
FRAME = pd.DataFrame(
    {
        "cell_type_auto": ["23P", "4P", "BC", "MC"],
        "n_cells": [70, 60, 12, 5],
        "coarse": ["E", "E", "I", "I"],
    }
)


@pytest.mark.parametrize("form", [list, set, np.array, pd.Series, pd.Index])
def test_ids_count_by_those_that_are_right_minus_those_that_are_not(form):
    found = judge_values(form([*EXPECTED[:8], 99]), EXPECTED, IDS)
    assert found.share == pytest.approx(0.7)
    assert found.credit == "8 of 10 expected ids, minus 1 that does not belong."


@pytest.mark.parametrize("given", [range(1, 1001), [99, 98], range(6, 16)])
def test_a_list_of_everything_or_of_as_many_others_gets_nothing(given):
    assert judge_values(given, EXPECTED, IDS).share == 0


def test_a_missing_value_among_ids_costs_one_of_them():
    found = judge_values([*EXPECTED, None], EXPECTED, IDS)
    assert found.share == pytest.approx(0.9)
    assert complaints([*EXPECTED, None], IDS) == ["contains 1 item without an id."]
    assert capture_answer({"x": [None, "axon"]}, IDS).state == "failed"


def test_whole_floats_are_ids_as_long_as_no_digit_is_lost():
    assert judge_values(np.array([1.0, 2.0]), [1, 2], IDS).share == 1


def test_ids_in_a_wrong_order_get_half():
    ranked = answer_of("ids", order="fixed")
    assert judge_values(EXPECTED[::-1], EXPECTED, ranked).share == 0.5
    assert judge_values(EXPECTED[:5], EXPECTED, ranked).share == 0.5


@pytest.mark.parametrize("kind", ["ids", "table", "matrix"])
def test_an_author_may_rule_partial_credit_out(kind):
    columns = {"n": {"kind": "number"}}
    options = {"table": {"key": ["t"], "columns": columns}, "matrix": {"labels": False}}
    right, part = {
        "ids": ([1, 2], [1]),
        "table": ({"t": ["a", "b"], "n": [1, 2]}, {"t": ["a"], "n": [1]}),
        "matrix": ([[1, 2], [0, 3]], [[1, 2], [0, 4]]),
    }[kind]
    own = options.get(kind, {})
    assert 0 < judge_values(part, right, answer_of(kind, **own)).share < 1
    strict = answer_of(kind, partial=False, **own)
    assert judge_values(part, right, strict).share == 0
    assert judge_values(right, right, strict).share == 1


def test_text_keys_are_compared_without_case_and_outer_space():
    shouted = FRAME.assign(cell_type_auto=[" 23p", "4P ", "bc", "Mc"], coarse=["e", " E", "i", "I"])
    assert judge_values(shouted, FRAME, TABLE).share == 1
    exact = answer_of(
        "table", key=["t"], columns={"t": {"kind": "text", "case": True}, "n": {"kind": "number"}}
    )
    right = {"t": ["a", "A"], "n": [1, 2]}
    assert judge_values({"t": ["A", "a"], "n": [2, 1]}, right, exact).share == 1
    assert judge_values({"t": ["a", "A"], "n": [2, 1]}, right, exact).share == 0


@pytest.mark.parametrize(
    "table",
    [
        FRAME.astype({"n_cells": float}),
        FRAME[["coarse", "n_cells", "cell_type_auto"]],
        FRAME.set_index("cell_type_auto"),
        FRAME.set_axis([7, 7, 1, 0]),
    ],
    ids=["floats", "column order", "key as index", "odd index"],
)
def test_types_column_order_and_index_do_not_matter(table):
    assert judge_values(table, FRAME, TABLE).share == 1


def test_a_whole_number_as_a_text_key_is_the_same_as_a_float():
    layers = answer_of("table", key=["layer"], columns={"n": {"kind": "number"}})
    assert judge_values({2.0: 3, 4.0: 5}, {2: 3, 4: 5}, layers).share == 1


def test_a_duplicate_row_costs_one_row():
    doubled = pd.concat([FRAME, FRAME.iloc[:1]])
    found = judge_values(doubled, FRAME, TABLE)
    assert found.share == pytest.approx(3 / 4)
    assert found.credit == "n_cells, coarse right, minus 1 row that does not belong."


def test_several_guesses_for_one_row_gain_nothing():
    guesses = pd.concat([FRAME.assign(n_cells=n) for n in range(100)])
    assert judge_values(guesses, FRAME, TABLE).share == 0


def test_a_number_written_as_text_costs_its_row():
    written = FRAME.astype({"n_cells": object})
    written.loc[0, "n_cells"] = "70"
    found = judge_values(written, FRAME, TABLE)
    assert found.share == pytest.approx((3 / 4 + 1) / 2)
    assert found.credit == "coarse right; n_cells right in 3 of 4 rows."
    assert complaints(written, TABLE) == [
        "column n_cells: 1 of 4 values are not of the kind 'number'."
    ]


@pytest.mark.parametrize("missing", [None, np.nan, "many"])
def test_what_is_wrong_costs_more_than_what_is_missing(missing):
    wrong = FRAME.assign(n_cells=[70, 60, 12, 6])
    assert judge_values(wrong, FRAME, TABLE).share == pytest.approx(((3 - 1) / 4 + 1) / 2)
    wrong = FRAME.assign(n_cells=pd.Series([70, 60, 12, missing], dtype=object))
    assert judge_values(wrong, FRAME, TABLE).share == pytest.approx((3 / 4 + 1) / 2)


def test_a_column_that_is_right_by_accident_in_half_of_its_rows_gets_nothing():
    found = judge_values(FRAME.assign(n_cells=[70, 60, 3, 4]), FRAME, TABLE)
    assert (found.share, found.credit) == (0.5, "coarse right.")


def test_a_missing_column_leaves_the_others():
    found = judge_values(FRAME.drop(columns="coarse"), FRAME, TABLE)
    assert found.share == 0.5
    assert "coarse missing" in found.complaints[0]


def test_a_missing_key_leaves_nothing():
    assert judge_values(FRAME.drop(columns="cell_type_auto"), FRAME, TABLE).share == 0


def test_the_same_value_in_every_row_gets_nothing():
    found = judge_values(FRAME.assign(coarse="E"), FRAME, TABLE)
    assert found.share == 0.5
    assert "column coarse: the value is the same in every row." in found.complaints


def test_other_rows_cost_as_much_as_right_ones_bring():
    more = pd.concat([FRAME, FRAME.assign(cell_type_auto=["x", "y", "z", "w"])])
    assert judge_values(more, FRAME, TABLE).share == 0


def test_an_order_that_matters_is_one_criterion():
    ranked = answer_of("table", key=["t"], columns={"n": {"kind": "number"}}, order="-n")
    right = pd.DataFrame({"t": ["a", "b", "c"], "n": [5, 3, 1]})
    found = judge_values(right.assign(n=["5", 3, 1]), right, ranked)
    assert found.share == pytest.approx((2 / 3 + 1) / 2)


MATRIX = answer_of("matrix")
COUNTS = pd.DataFrame([[1, 0, 3], [0, 2, 0], [4, 0, 1]], index=list("abc"), columns=list("abc"))


def test_a_matrix_counts_by_its_entries():
    off = COUNTS.copy()
    off.loc["a", "c"] = 7
    found = judge_values(off, COUNTS, MATRIX)
    assert found.share == pytest.approx((4 - 1) / 5)
    assert found.credit == "4 of 5 expected values, minus 1 wrong."
    off.loc["a", "b"] = 1
    assert judge_values(off, COUNTS, MATRIX).share == pytest.approx((4 - 1 - 1) / 5)
    off.loc["a", ["b", "c"]] = 0
    assert judge_values(off, COUNTS, MATRIX).share == pytest.approx(4 / 5)


def test_labels_of_a_matrix_are_compared_without_case_and_outer_space():
    shouted = COUNTS.set_axis(["A", " b", "C "]).set_axis(["a ", "B", "c"], axis=1)
    assert judge_values(shouted, COUNTS, MATRIX).share == 1
    numbered = COUNTS.set_axis([1, 2, 3]).set_axis([1, 2, 3], axis=1)
    floats = COUNTS.set_axis([1.0, 2.0, 3.0]).set_axis([1.0, 2.0, 3.0], axis=1)
    assert judge_values(floats, numbered, MATRIX).share == 1


def test_a_matrix_of_ones_gets_nothing():
    ones = COUNTS * 0 + 1
    assert judge_values(ones, COUNTS, MATRIX).share == 0
    assert judge_values(ones, (COUNTS > 0).astype(int), MATRIX).share == 0


def test_a_row_that_is_missing_costs_its_entries_and_its_label():
    found = judge_values(COUNTS.drop(index="b"), COUNTS, MATRIX)
    assert found.share == pytest.approx(4 / 5 * 5 / 6)
    assert found.credit == "4 of 5 expected values; times 83% because of the rows and columns."


def test_an_empty_row_that_is_missing_is_not_free():
    padded = COUNTS.reindex(index=list("abcd"), fill_value=0)
    assert judge_values(COUNTS, padded, MATRIX).share == pytest.approx(6 / 7)


def test_a_transposed_matrix_gets_nothing():
    assert judge_values((COUNTS + np.tri(3)).T, COUNTS + np.tri(3), MATRIX).share == 0
