"""Tables and matrices: the same content in another type is the same answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse

from microns_widgets.grading.kinds import KINDS, capture_answer, judge_answer
from tests.grading.answers import answer_of, complaints, judge_values, payload_of

BY_TYPE = answer_of(
    "table",
    key=["cell_type_auto"],
    columns={"n_synapses": {"kind": "number"}, "size_sum": {"kind": "number", "unit": "voxels"}},
)
FRAME = pd.DataFrame(
    {"cell_type_auto": ["23P", "BC", "MC"], "n_synapses": [120, 30, 8], "size_sum": [9e5, 2e5, 1e4]}
)


@pytest.mark.parametrize(
    "table",
    [
        FRAME[::-1],
        FRAME.assign(note="hello")[["note", "size_sum", "cell_type_auto", "n_synapses"]],
        FRAME.set_index("cell_type_auto"),
        FRAME.set_index("cell_type_auto").rename_axis(None),
        FRAME.astype({"cell_type_auto": "category", "n_synapses": float}),
        FRAME.to_dict("list"),
        FRAME.to_dict("records"),
        FRAME.to_records(index=False),
        FRAME.to_numpy(),
        [tuple(row) for row in FRAME.to_numpy()],
        pl.DataFrame(FRAME.to_dict("list")),
        pa.Table.from_pandas(FRAME),
    ],
    ids=[
        "other order",
        "further column",
        "index",
        "index without a name",
        "category",
        "dict",
        "records",
        "structured",
        "array",
        "tuples",
        "polars",
        "arrow",
    ],
)
def test_a_table_is_the_same_in_any_type(table):
    assert judge_values(table, FRAME, BY_TYPE).share == 1


COUNTS = answer_of("table", key=["cell_type_auto"], columns={"n_synapses": {"kind": "number"}})


@pytest.mark.parametrize(
    "table",
    [
        FRAME.set_index("cell_type_auto")["n_synapses"],
        pd.Series({"23P": 120, "BC": 30, "MC": 8}),
        {"23P": 120, "BC": 30, "MC": 8},
        pd.Series(["BC"] * 30 + ["23P"] * 120 + ["MC"] * 8).value_counts(),
    ],
    ids=["named series", "series", "dict", "value_counts"],
)
def test_one_number_for_each_key_is_a_table_of_one_column(table):
    assert judge_values(table, FRAME, COUNTS).share == 1


def test_a_missing_column_is_told_with_those_that_are_there():
    (says,) = complaints(FRAME.rename(columns={"size_sum": "size"}), BY_TYPE)
    assert says == (
        "has 3 rows and the columns cell_type_auto, n_synapses, size; expected the columns "
        "cell_type_auto, n_synapses, size_sum: size_sum missing."
    )


def test_cells_that_are_no_numbers_are_counted():
    (says,) = complaints(FRAME.assign(n_synapses=["many", 30, 8]), BY_TYPE)
    assert says == "column n_synapses: 1 of 3 values are not of the kind 'number'."


def test_a_key_that_stands_twice_is_told():
    doubled = pd.concat([FRAME, FRAME.iloc[:1]])
    assert "1 row with the same cell_type_auto as an earlier row" in complaints(doubled, BY_TYPE)[0]


def test_each_column_counts_by_itself():
    found = judge_values(FRAME.assign(size_sum=[1.0, 2.0, 3.0]), FRAME, BY_TYPE)
    assert found.share == 0.5
    assert found.credit == "n_synapses right."
    assert found.complaints == ("column size_sum: 3 of 3 values are not as expected.",)


def test_rows_that_are_missing_cost_their_share():
    found = judge_values(FRAME.iloc[:2], FRAME, BY_TYPE)
    assert found.share == pytest.approx(2 / 3)
    assert found.complaints == ("lacks 1 of the expected rows, and has 0 others.",)


def test_sorting_is_told_in_practice_and_ties_are_free():
    ranked = answer_of("table", key=["t"], columns={"n": {"kind": "number"}}, order="-n")
    right = pd.DataFrame({"t": ["a", "b", "c"], "n": [5, 3, 3]})
    assert judge_values(right.iloc[[0, 2, 1]], right, ranked).share == 1
    assert complaints(right[::-1], ranked) == ["is not sorted by n with the largest first."]
    assert judge_values(right[::-1], right, ranked).share == 0.5


def test_rows_without_a_key_are_compared_in_their_order():
    listed = answer_of("table", columns={"ok": {"kind": "truth"}, "id": {"kind": "id"}})
    right = pd.DataFrame({"ok": [True, False], "id": [864691135000000001, 2]})
    assert judge_values(right.astype({"ok": int}), right, listed).share == 1
    assert judge_values(right[::-1], right, listed).share == 0


def test_a_table_without_rows_is_told():
    assert complaints(FRAME.iloc[:0], BY_TYPE) == ["has no rows."]


def test_what_is_no_table_is_told():
    assert "expected a table" in capture_answer({"x": 3}, BY_TYPE).why
    assert (
        "different lengths"
        in capture_answer({"x": {"cell_type_auto": ["a"], "n_synapses": [1, 2]}}, BY_TYPE).why
    )


MATRIX = answer_of("matrix")
BARE = answer_of("matrix", labels=False)


def test_a_matrix_is_the_same_as_a_frame_and_in_another_order(sample):
    right = sample.matrix(sample.select(coarse_type="I", proofread=True))
    for same in (right, right.to_frame(), right.sort("degree"), right.sort("cell_type_auto")):
        assert judge_values(same, right, MATRIX).share == 1


def test_rows_and_columns_exchanged_are_told(sample):
    right = sample.matrix(
        sample.select(cell_type="BC", proofread=True), sample.select(cell_type="MC")
    )
    found = judge_values(right.to_frame().T, right, MATRIX)
    assert (found.share, found.complaints) == (
        0,
        ("has rows and columns swapped: rows are presynaptic.",),
    )
    square = sample.matrix(sample.select(coarse_type="I", proofread=True))
    assert "swapped" in judge_values(square.to_frame().T, square, MATRIX).complaints[0]


def test_other_values_and_other_cells_are_counted(sample):
    ids = sample.select(cell_type="BC", proofread=True)
    right = sample.matrix(ids, value="count")
    assert "wrong values" in judge_values(right.with_value("sum"), right, MATRIX).complaints[0]
    fewer = judge_values(sample.matrix(ids[1:], value="count"), right, MATRIX)
    assert "1 of the expected ones missing" in fewer.complaints[0]


def test_a_matrix_without_labels_is_compared_place_by_place(sample):
    right = sample.matrix(sample.select(cell_type="BC", proofread=True))
    forms = (
        right.sparse,
        right.sparse.tocoo(),
        right.to_numpy(),
        right.to_numpy().tolist(),
        right.to_numpy(no_connection=np.nan),
        right.to_frame(),
    )
    for form in forms:
        assert judge_values(form, right, BARE).share == 1
    assert judge_values(right.to_numpy()[::-1], right, BARE).share == 0


def test_an_array_has_no_labels_and_that_is_told(sample):
    for bare in (np.eye(3), sparse.eye_array(3)):
        assert "which has no labels" in capture_answer({"x": bare}, MATRIX).why


def test_an_empty_matrix_is_told():
    zeros = pd.DataFrame(np.zeros((2, 3)), index=["a", "b"], columns=["c", "d", "e"])
    assert complaints(zeros, MATRIX) == ["is 2 x 3, and all entries are zero."]
    assert "label occurs in an earlier one" in complaints(zeros.set_axis(["a", "a"]) + 1, MATRIX)[0]


def test_sorting_by_type_leaves_the_order_within_a_type_free(sample):
    ids = sample.select(coarse_type="I", proofread=True)
    answer = answer_of("matrix", order="groups", groups="type_of")
    right = sample.matrix(ids).sort("cell_type_auto")
    groups = dict(zip(ids.tolist(), sample.labels(ids), strict=True))
    key = payload_of(right, answer) | {
        "private": payload_of(groups, KINDS["matrix"].private(answer))
    }
    otherwise = sample.matrix(ids[::-1]).sort("cell_type_auto")
    assert (otherwise.pre_ids != right.pre_ids).any()
    assert judge_answer(payload_of(otherwise, answer), key, answer).share == 1
    unsorted = judge_answer(payload_of(sample.matrix(ids).sort("degree"), answer), key, answer)
    assert unsorted.share == 0.5
    assert "in a different order" in unsorted.complaints[0]
