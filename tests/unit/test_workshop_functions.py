"""The workshop's functions do what its text says, and what its code did where that was right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import A, B, C, X, cell_frame, random_synapses

from microns_widgets import filter_synapse_table, plot_skeleton, sort_matrix_by_types
from microns_widgets.errors import InvalidRootIds, InvalidType, TableError, UnknownColumn

IDS = 864691135000000001 + np.arange(6)


def filtered_by_hand(table: pd.DataFrame, pre, post) -> pd.DataFrame:
    """Row by row, as the workshop's text describes it."""
    fits = [
        (pre is None or row.pre_pt_root_id in pre) and (post is None or row.post_pt_root_id in post)
        for row in table.itertuples()
    ]
    return table[np.array(fits, dtype=bool)]


some_ids = st.none() | st.lists(st.sampled_from([*IDS.tolist(), 1]), max_size=6)


@given(st.integers(0, 2**32 - 1), st.integers(0, 40), some_ids, some_ids)
def test_filtering_keeps_the_rows_that_fit_both_sides(seed, n, pre, post):
    table = random_synapses(n, IDS, np.random.default_rng(seed))
    pd.testing.assert_frame_equal(
        filter_synapse_table(table, pre, post), filtered_by_hand(table, pre, post)
    )


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, pd.Index, set, tuple])
def test_ids_may_come_in_any_form_a_student_has_them_in(synapses, kind):
    table = filter_synapse_table(synapses, pre_root_ids=kind([A, C]))
    assert table["id"].tolist() == [1, 2, 3, 6]


def test_one_id_needs_no_list(synapses):
    assert filter_synapse_table(synapses, post_root_ids=B)["id"].tolist() == [1, 2, 5, 7]


def test_rows_keep_their_index(synapses):
    table = synapses.set_index(pd.Index(range(100, 108)))
    assert filter_synapse_table(table, pre_root_ids=[C]).index.tolist() == [105]


@pytest.mark.parametrize("kind", [str, "uint64", "Int64", "int64[pyarrow]", "category", object])
def test_the_tables_own_ids_may_have_any_type(synapses, kind):
    """Types of ids after reading from a CSV file, a database or JSON."""
    table = synapses.astype({"pre_pt_root_id": kind, "post_pt_root_id": kind})
    filtered = filter_synapse_table(table, pre_root_ids=[A], post_root_ids=[str(B)])
    assert filtered.index.tolist() == filter_synapse_table(synapses, [A], [B]).index.tolist()
    assert len(filtered)


def test_a_table_whose_ids_have_lost_digits_is_refused(synapses):
    table = synapses.astype({"pre_pt_root_id": float})
    with pytest.raises(InvalidRootIds, match=r"'pre_pt_root_id'.*floats lose the last digits"):
        filter_synapse_table(table, pre_root_ids=[A])


@pytest.mark.parametrize("argument", ["pre_root_ids", "post_root_ids"])
def test_the_argument_at_fault_is_named(synapses, argument):
    with pytest.raises(InvalidRootIds, match=f"^{argument}: .* floats lose the last digits"):
        filter_synapse_table(synapses, **{argument: [float(A)]})


def test_a_table_without_the_columns_of_synapses_is_refused(cells):
    with pytest.raises(UnknownColumn, match=r"'pre_pt_root_id'.*Expected one of pt_position_x"):
        filter_synapse_table(cells, pre_root_ids=[A])


def test_something_else_than_a_table_is_refused_with_the_right_one(cells):
    with pytest.raises(InvalidType, match=r"synapse_table is list.*such as con.synapses"):
        filter_synapse_table([A, B])
    with pytest.raises(InvalidType, match=r"mat is list.*such as matrix\.to_frame"):
        sort_matrix_by_types([[1]], cells)
    with pytest.raises(InvalidType, match=r"plot_skeleton was given int.*con\.skeleton"):
        plot_skeleton(A)


def sorted_by_hand(mat: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Entry by entry, the types looked up one at a time."""
    types = dict(zip(labels["pt_root_id"], labels["cell_type_auto"], strict=True))
    rows = sorted(mat.index, key=lambda root_id: types.get(root_id, ""))
    columns = sorted(mat.columns, key=lambda root_id: types.get(root_id, ""))
    values = [[mat.at[row, column] for column in columns] for row in rows]
    return pd.DataFrame(values, index=rows, columns=columns, dtype=float)


@given(st.integers(0, 2**32 - 1), st.permutations([*IDS.tolist()]), st.integers(1, 6))
def test_a_matrix_is_sorted_on_both_axes_square_or_not(seed, ids, n_columns):
    rng = np.random.default_rng(seed)
    mat = pd.DataFrame(rng.random((6, n_columns)), index=IDS, columns=ids[:n_columns])
    labels = cell_frame()
    result, pre_labels, post_labels = sort_matrix_by_types(mat, labels)
    pd.testing.assert_frame_equal(result, sorted_by_hand(mat, labels))
    types = dict(zip(labels["pt_root_id"], labels["cell_type_auto"], strict=True))
    assert pre_labels.tolist() == [types.get(root_id, "") for root_id in result.index]
    assert post_labels.tolist() == [types.get(root_id, "") for root_id in result.columns]


def test_columns_may_be_sorted_by_another_table(cells):
    mat = pd.DataFrame([[1, 2], [3, 4]], index=[A, B], columns=[A, B])
    other = pd.DataFrame({"root": [A, B], "area": ["V1", "RL"]})
    result, pre, post = sort_matrix_by_types(
        mat,
        cells,
        "cell_type_manual",
        post_labels=other,
        post_label_type_col="area",
        post_label_id_col="root",
    )
    assert pre.tolist() == ["23P", "BC"]
    assert post.tolist() == ["RL", "V1"]
    assert result.to_numpy().tolist() == [[2, 1], [4, 3]]


def test_a_cell_that_the_table_does_not_have_gets_no_type(cells):
    mat = pd.DataFrame([[1, 2]], index=[A], columns=[B, X])
    result, _, post = sort_matrix_by_types(mat, cells)
    assert post.tolist() == ["", "BC"]
    assert result.columns.tolist() == [X, B]


def test_a_cell_with_two_rows_in_the_table_is_named(cells):
    twice = pd.concat([cells, cells.iloc[[0]]])
    mat = pd.DataFrame([[1]], index=[A], columns=[A])
    with pytest.raises(TableError, match=rf"labels contains cell {A} in several rows"):
        sort_matrix_by_types(mat, twice)


def test_a_missing_column_is_named_with_the_existing_ones(cells):
    mat = pd.DataFrame([[1]], index=[A], columns=[A])
    with pytest.raises(UnknownColumn, match=r"labels has no column 'cell_type'.*one of pt_posit"):
        sort_matrix_by_types(mat, cells, "cell_type")


def test_the_notebooks_own_steps_give_the_matrix_of_the_package(cells, synapses):
    """The workshop's pivot over fixed axes, and `Connectome.matrix`, say the same."""
    from microns_widgets.connectome import Connectome

    ids = [A, B, C]
    table = filter_synapse_table(synapses, pre_root_ids=ids, post_root_ids=ids)
    pivot = table.pivot_table(
        index="pre_pt_root_id", columns="post_pt_root_id", values="size", aggfunc="sum"
    )
    pivot = pivot.reindex(index=ids, columns=ids).fillna(0)
    by_type, types, _ = sort_matrix_by_types(pivot, cells)
    ours = Connectome(cells, synapses).matrix(ids).sort("cell_type_auto")
    assert types.tolist() == ours.pre["cell_type_auto"].tolist()
    np.testing.assert_array_equal(by_type.to_numpy(), ours.to_numpy())


@pytest.mark.parametrize("kind", [str, "uint64", "Int64", object])
def test_matrix_and_labels_may_have_ids_of_different_types(cells, kind):
    """A matrix that was read from a CSV has root ids as text in its columns."""
    ids = [C, A, B]
    mat = pd.DataFrame(np.arange(9).reshape(3, 3), index=ids, columns=list(map(str, ids)))
    plain = sort_matrix_by_types(mat.set_axis(ids, axis=1), cells)
    read = sort_matrix_by_types(mat, cells.astype({"pt_root_id": kind}))
    assert read[0].to_numpy().tolist() == plain[0].to_numpy().tolist()
    assert read[1].tolist() == plain[1].tolist()
    assert read[2].tolist() == plain[2].tolist()
    assert any(plain[1])


def test_types_may_be_categories_and_may_be_missing(cells):
    types = pd.Categorical(cells["cell_type_auto"]).set_categories(["BC", "23P"])
    labels = cells.assign(cell_type_auto=types)
    mat = pd.DataFrame(0, index=[A, X], columns=[A, X])
    _, pre, _ = sort_matrix_by_types(mat, labels)
    expected = types[cells["pt_root_id"].tolist().index(A)]
    assert sorted(pre) == sorted([expected if isinstance(expected, str) else "", ""])
