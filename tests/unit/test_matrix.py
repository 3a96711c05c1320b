"""A matrix has every cell it was asked for, and "no connection" is not "a weak one"."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import A, B, C, D, X, cell_frame, random_synapses

from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, InvalidRootIds, MicronsError, TooManyCells
from microns_widgets.network import entries
from microns_widgets.network.entries import VALUES, LargeMatrixWarning
from microns_widgets.network.matrix import ConnectivityMatrix


@pytest.fixture
def con(cells, synapses) -> Connectome:
    return Connectome(cells, synapses, source="a page")


def test_without_lists_it_is_of_the_proofread_cells(con):
    matrix = con.matrix()
    assert matrix.pre_ids.tolist() == matrix.post_ids.tolist() == [A, B, C]
    assert matrix.to_numpy().tolist() == [[0, 400, 0], [700, 20, 0], [1, 0, 0]]


def test_a_cell_without_connections_is_a_row_of_zeros(con):
    frame = con.matrix([D, A], [B, D]).to_frame()
    assert frame.index.tolist() == [D, A]
    assert frame.loc[D].tolist() == [0, 0]
    assert frame.notna().all().all()


def test_a_fragment_may_stand_on_an_axis(con):
    matrix = con.matrix([A, X], [X, B])
    assert matrix.to_numpy().tolist() == [[50, 400], [0, 60]]
    assert matrix.pre.loc[X, "cell_type_auto"] == ""


def test_autapses_can_be_left_out(con):
    assert con.matrix(autapses=False).to_frame().loc[B, B] == 0


@pytest.mark.parametrize(
    ("value", "a_to_b", "c_to_a"),
    [
        ("binary", 1, 1),
        ("count", 2, 1),
        ("sum", 400, 1),
        ("mean", 200, 1),
        ("max", 300, 1),
        ("log10_sum", np.log10(400), 0),
    ],
)
def test_each_value_says_its_own(con, value, a_to_b, c_to_a):
    frame = con.matrix(value=value).to_frame()
    assert frame.loc[A, B] == pytest.approx(a_to_b)
    assert frame.loc[C, A] == pytest.approx(c_to_a)
    again = con.matrix().with_value(value).to_frame()
    pd.testing.assert_frame_equal(frame, again)


def test_no_connection_is_no_weak_one_on_the_log_scale(con):
    frame = con.matrix(value="log10_sum").to_frame()
    assert frame.loc[C, A] == 0, "a summed size of 1"
    assert frame.loc[C, B] == -np.inf, "no connection"
    assert con.matrix(value="log10_sum").to_frame(no_connection=np.nan).isna().sum().sum() == 5


def test_an_unknown_value_comes_with_those_there_are(con):
    with pytest.raises(InvalidArgument, match=r"value='median' .* 'mean'\? .* 'count'"):
        con.matrix(value="median")


@pytest.mark.parametrize(("ids", "message"), [([A, A], "2 times"), ([0], "id 0")])
def test_lists_with_a_cell_twice_or_with_nobody_are_refused(con, ids, message):
    with pytest.raises(InvalidRootIds, match=message):
        con.matrix(ids)


def test_it_counts_itself(con):
    assert repr(con.matrix()) == "<ConnectivityMatrix 3 x 3, 4 connections, value='sum'>"
    assert con.matrix().strengths().tolist() == [400, 700, 20, 1]


def reference(frame: pd.DataFrame, pre: list[int], post: list[int], value: str) -> np.ndarray:
    """Each field by a search of the whole table."""
    how = {
        "binary": lambda sizes: 1,
        "count": len,
        "sum": sum,
        "mean": np.mean,
        "max": max,
        "log10_sum": lambda sizes: np.log10(max(sum(sizes), 1)),
    }[value]
    nothing = -np.inf if value == "log10_sum" else 0
    result = np.full((len(pre), len(post)), nothing, dtype=float)
    for row, column in np.ndindex(result.shape):
        own = frame["pre_pt_root_id"].eq(pre[row]) & frame["post_pt_root_id"].eq(post[column])
        if own.any():
            result[row, column] = how(frame.loc[own, "size"].tolist())
    return result


IDS = 864691135000000001 + np.arange(5)


@pytest.mark.slow
@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 60),
    st.permutations(IDS.tolist()),
    st.permutations(IDS.tolist()),
    st.integers(0, 5),
    st.integers(0, 5),
    st.sampled_from(list(VALUES)),
)
def test_every_field_is_that_of_a_search(seed, n, pre, post, n_pre, n_post, value):
    frame = random_synapses(n, np.append(IDS, 0), np.random.default_rng(seed))
    matrix = Connectome(cell_frame(), frame).matrix(pre[:n_pre], post[:n_post], value)
    np.testing.assert_allclose(
        matrix.to_numpy(), reference(frame, pre[:n_pre], post[:n_post], value)
    )


def test_a_large_dense_copy_is_announced_with_its_size(con, monkeypatch):
    monkeypatch.setattr(entries, "_LARGE_BYTES", 50)
    with pytest.warns(LargeMatrixWarning, match=r"3 x 3 takes 0\.0 GB .* `matrix\.sparse`"):
        con.matrix().to_frame()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        con.matrix([A], [B]).to_frame()


def test_sorting_by_type_follows_the_palette_and_keeps_every_value(con):
    matrix = con.matrix([C, B, A, D], [A, B])
    by_type = matrix.sort("cell_type_auto")
    assert by_type.pre["cell_type_auto"].tolist() == ["23P", "23P", "BC", "MC"]
    assert by_type.pre_ids.tolist() == [A, D, B, C], "within a type as they stood"
    pd.testing.assert_frame_equal(by_type.to_frame(), matrix.to_frame().loc[[A, D, B, C], [A, B]])


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("depth", [A, D, B, C]),
        ("region", [C, A, B, D]),
        ("pt_position_y", [A, D, B, C]),
        ("degree", [A, B, C, D]),
        ([D, C, B, A], [D, C, B, A]),
    ],
)
def test_rows_are_sorted_by_what_is_named(con, by, order):
    matrix = con.matrix([A, B, C, D], [A, B, X]).sort(by, axis="pre")
    assert matrix.pre_ids.tolist() == order
    assert matrix.post_ids.tolist() == [A, B, X]


def test_an_axis_can_be_sorted_by_itself_and_downwards(con):
    matrix = con.matrix([A, B, C, D], [A, B, C])
    assert matrix.sort("depth", axis="post", ascending=False).post_ids.tolist() == [C, B, A]
    assert matrix.sort("depth", axis="post").pre_ids.tolist() == [A, B, C, D]


def test_unknown_types_and_unknown_depths_stand_last(con):
    for by in ("cell_type_auto", "depth"):
        assert con.matrix([X, A, B], [A]).sort(by, axis="pre").pre_ids.tolist()[-1] == X


def test_clustering_puts_like_rows_side_by_side(rng):
    ids = 864691135000000001 + np.arange(40)
    group = rng.permutation(np.repeat([0, 1], 20))
    pairs = [(a, b) for a in range(40) for b in range(40) if a != b and group[a] == group[b]]
    frame = random_synapses(len(pairs), ids, rng)
    frame["pre_pt_root_id"], frame["post_pt_root_id"] = ids[np.array(pairs)].T
    matrix = Connectome(cell_frame().iloc[:0], frame).matrix(ids, ids).sort("clustering")
    sorted_groups = group[matrix.pre_ids - ids[0]]
    assert np.count_nonzero(np.diff(sorted_groups)) == 1
    assert sorted(matrix.post_ids) == sorted(ids)


def test_too_many_cells_to_cluster_are_refused_with_what_else_to_do(con, monkeypatch):
    monkeypatch.setattr("microns_widgets.network.ordering._MAX_CLUSTERED", 2)
    with pytest.raises(TooManyCells, match="3 cells are too many to cluster, expected at most 2"):
        con.matrix().sort("clustering")


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_cells_are_clustered_as_they_stand(con, n):
    assert con.matrix([A, B][:n], [A, B]).sort("clustering", axis="pre").shape == (n, 2)


@pytest.mark.parametrize(
    ("by", "axis", "message"),
    [
        ("colour", "both", "cannot be sorted by 'colour'. Expected one of 'depth'"),
        ("depth", "left", "axis='left' is not a valid choice"),
        ([A], "pre", "1 ids were given to sort 3 cells"),
        ([A, B, X], "pre", f"Root id {X} is not on the presynaptic axis"),
    ],
)
def test_an_order_that_there_is_not_is_refused(con, by, axis, message):
    with pytest.raises(MicronsError, match=message):
        con.matrix().sort(by, axis=axis)


def test_a_part_keeps_its_values(con):
    part = con.matrix().select(pre=[C, A])
    assert part.to_numpy().tolist() == [[1, 0, 0], [0, 400, 0]]
    assert con.matrix().select(post=[B]).to_numpy().tolist() == [[400], [20], [0]]


def test_degree_counts_partners_on_its_own_axis(con):
    matrix = con.matrix([A, B, C], [A, B, X])
    assert matrix.degree("pre").tolist() == [2, 2, 1]
    assert matrix.degree("post").tolist() == [2, 2, 1]


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1))
def test_sorting_and_selecting_move_cells_and_change_no_value(seed):
    rng = np.random.default_rng(seed)
    frame = random_synapses(50, IDS, rng)
    matrix: ConnectivityMatrix = Connectome(cell_frame(), frame).matrix(IDS, IDS, "mean")
    for moved in (
        matrix.sort("cell_type_auto"),
        matrix.sort("degree", axis="post"),
        matrix.sort("clustering"),
        matrix.select(rng.permutation(IDS)[:3], rng.permutation(IDS)),
    ):
        expected = matrix.to_frame().loc[moved.pre_ids, moved.post_ids]
        pd.testing.assert_frame_equal(moved.to_frame(), expected)
