"""A skeleton is a tree in nm; its lengths, places and files are right."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microns_widgets.anatomy.depth import from_cortical
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import SkeletonError
from microns_widgets.sources.real_data import BASKET_CELL, NEURON


def y_shape(**changes) -> Skeleton:
    """A soma (0), a stem of axon to (1), which forks to (2) and (3), and a dendrite (4)."""
    parts = {
        "vertices": [[0, 0, 0], [0, 3000, 0], [4000, 3000, 0], [0, 3000, 5000], [-2000, 0, 0]],
        "edges": [[0, 1], [2, 1], [1, 3], [4, 0]],
        "radius": [5000, 300, 200, 100, 400],
        "compartment": [1, 2, 2, 2, 3],
        "root": 0,
    } | changes
    return Skeleton(**parts)


@pytest.fixture(scope="module")
def basket_cell(real_data) -> Skeleton:
    path = real_data / NEURON / "skeleton.json"
    return Skeleton.from_cave(json.loads(path.read_text()))


def test_cable_length_is_in_um_and_by_compartment():
    sk = y_shape()
    assert sk.cable_length() == pytest.approx(14)
    assert sk.cable_length("axon") == pytest.approx(12)
    assert sk.cable_length("dendrite") == pytest.approx(2)
    assert sk.cable_length(4) == 0


def test_path_distance_runs_along_the_tree():
    np.testing.assert_allclose(y_shape().path_distance, [0, 3, 7, 8, 2])


def test_parents_lead_to_the_root():
    assert y_shape().parents.tolist() == [-1, 0, 1, 1, 0]


def test_branch_and_end_points_leave_the_root_out():
    sk = y_shape()
    assert sk.branch_points.tolist() == [1]
    assert sk.end_points.tolist() == [2, 3, 4]


def test_a_synapse_takes_the_compartment_of_the_nearest_vertex():
    vertex, distance = y_shape().nearest([[3900, 3000, 0], [-2000, 0, 30]])
    assert vertex.tolist() == [2, 4]
    np.testing.assert_allclose(distance, [100, 30])
    assert y_shape().compartment_at([[3900, 3000, 0], [-2000, 0, 30]]).tolist() == [2, 3]


def test_no_positions_have_no_compartments():
    assert y_shape().compartment_at(np.empty((0, 3))).tolist() == []


def test_several_trees_are_listed_with_the_roots_first():
    sk = y_shape(edges=[[2, 1], [1, 3], [4, 0]])
    assert [tree.tolist() for tree in sk.components] == [[0, 4], [1, 2, 3]]
    assert np.isinf(sk.path_distance[[1, 2, 3]]).all()
    assert sk.path_distance[4] == pytest.approx(2)


def test_an_edge_without_length_still_joins():
    sk = Skeleton([[0, 0, 0], [0, 0, 0], [1000, 0, 0]], [[0, 1], [1, 2]], [1, 1, 1], [1, 2, 2], 0)
    assert len(sk.components) == 1
    np.testing.assert_allclose(sk.path_distance, [0, 0, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"edges": [[0, 1], [1, 2], [2, 0], [3, 4]]}, "there is a cycle or a repeated edge"),
        ({"edges": [[0, 1], [1, 0], [2, 1], [3, 1]]}, "there is a cycle or a repeated edge"),
        ({"edges": [[0, 1], [1, 9]]}, r"edge \[1, 9\] refers to a vertex that does not exist"),
        ({"root": 5}, "root is vertex 5, but vertices are numbered 0 to 4"),
        ({"radius": [1, 2]}, r"radius have shape \(2,\), expected \(5,\)"),
        ({"compartment": [1] * 6}, r"compartment have shape \(6,\), expected \(5,\)"),
        ({"radius": [1, 1, -1, 1, 1]}, "A radius is negative"),
        ({"vertices": [[0, 0], [1, 1]]}, r"vertices have shape \(2, 2\), expected \(n, 3\)"),
        (
            {"vertices": [[np.nan, 0, 0]] * 5},
            "vertices contain a value that is not",
        ),
        ({"vertices": "here"}, "vertices are not numbers"),
        ({"vertices": [], "edges": [], "radius": [], "compartment": []}, "has no vertices"),
    ],
)
def test_what_is_no_tree_is_refused(changes, message):
    with pytest.raises(SkeletonError, match=message):
        y_shape(**changes)


def test_both_forms_of_the_services_dictionary_give_one_skeleton():
    sk = y_shape()
    arrays = sk.to_cave() | {"meta": {"root_id": 864691135101289504}}
    lists = {key: getattr(value, "tolist", lambda v=value: v)() for key, value in arrays.items()}
    lists["meta"] = {"root_id": "864691135101289504"}
    for form in (arrays, lists):
        again = Skeleton.from_cave(form)
        assert again.root_id == 864691135101289504
        np.testing.assert_array_equal(again.vertices, sk.vertices)
        assert again.cable_length("axon") == sk.cable_length("axon")


def test_a_dictionary_that_lacks_a_key_is_refused_by_name():
    d = y_shape().to_cave()
    del d["radius"]
    with pytest.raises(SkeletonError, match=r"lacks 'radius'; it has 'meta', 'edges'"):
        Skeleton.from_cave(d)


def test_the_real_basket_cell_has_its_published_size(basket_cell):
    assert basket_cell.n_vertices == 16_720
    assert len(basket_cell.edges) == 16_719
    assert basket_cell.root == 16_719
    assert round(basket_cell.cable_length()) == 33_025
    assert round(basket_cell.cable_length("axon")) == 27_709
    assert round(basket_cell.cable_length("dendrite")) == 5_317


def test_the_outputs_of_the_real_basket_cell_lie_on_its_axon(basket_cell, real_data):
    outputs = pd.read_feather(real_data / NEURON / "synapses.feather").query(
        f"pre_pt_root_id == {BASKET_CELL}"
    )
    at = basket_cell.compartment_at(outputs[[f"ctr_pt_position_{axis}" for axis in "xyz"]])
    assert len(at) == 6_514
    assert (at == 2).sum() == 6_474


def test_the_real_basket_cell_sits_in_layer_two_three(basket_cell):
    assert 150 < basket_cell.depth[basket_cell.root] < 300


def test_a_real_swc_is_read_in_nm(real_data):
    sk = Skeleton.from_swc(real_data / "skeleton_864691135926952148_294657.swc")
    assert sk.n_vertices == 11_496
    assert np.bincount(sk.compartment).tolist() == [0, 1, 9572, 894, 1029]
    np.testing.assert_allclose(sk.vertices[sk.root], [732_416, 535_040, 889_920])
    assert sk.radius[sk.root] == pytest.approx(5_370)


def test_a_real_skeleton_survives_swc_and_back(basket_cell, tmp_path):
    basket_cell.to_swc(tmp_path / "cell.swc")
    again = Skeleton.from_swc(tmp_path / "cell.swc")
    assert again.cable_length("axon") == pytest.approx(basket_cell.cable_length("axon"), rel=1e-4)
    assert sorted(again.compartment) == sorted(basket_cell.compartment)
    np.testing.assert_allclose(again.vertices[again.root], basket_cell.vertices[basket_cell.root])


def test_swc_takes_comments_any_order_and_any_type(tmp_path):
    path = tmp_path / "cell.swc"
    path.write_text(
        "# a cell\n7 12 0 0 2 0.1 3  # odd type\n\n3 1 0 0 1 5 -1\n9, 2, 0, 0, 4, 1, 7\n"
    )
    sk = Skeleton.from_swc(path)
    assert sk.compartment.tolist() == [12, 1, 2]
    assert sk.root == 1
    np.testing.assert_allclose(sk.path_distance, [1, 0, 3])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 1 0 0 0 1 -1\n2 2 0 0 1 1\n", "line 2: '2 2 0 0 1 1' has 6 values, expected seven"),
        ("1 1 0 0 0 1 -1\n2 2 0 0 x 1 1\n", "line 2"),
        ("1 1 0 0 0 1 -1\n1 2 0 0 1 1 1\n", "the id 1 occurs more than once"),
        ("1 1 0 0 0 1 -1\n2 2 0 0 1 1 8\n", "vertex 2 has the parent 8, which is not in the file"),
        ("1 1 0 0 0 1 2\n2 2 0 0 1 1 1\n", "every row has a parent"),
        ("# nothing\n", "has no row"),
    ],
)
def test_a_broken_swc_is_refused_with_its_line(tmp_path, text, message):
    (tmp_path / "cell.swc").write_text(text)
    with pytest.raises(SkeletonError, match=message):
        Skeleton.from_swc(tmp_path / "cell.swc")


def test_a_missing_swc_is_said_to_be_missing(tmp_path):
    with pytest.raises(SkeletonError, match="there is no such file"):
        Skeleton.from_swc(tmp_path / "cell.swc")


@st.composite
def trees(draw) -> Skeleton:
    n = draw(st.integers(1, 40))
    parents = [draw(st.integers(0, max(i - 1, 0))) for i in range(n)]
    order = draw(st.permutations(range(n)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    compartment = rng.choice([0, 2, 3, 4, 5, 6, 7], n)
    compartment[order[0]] = 1
    return Skeleton(
        rng.integers(0, 1_000_000, (n, 3)),
        [(order[i], order[parents[i]]) for i in range(1, n)],
        rng.integers(0, 1_000, n),
        compartment,
        root=order[0],
    )


@given(trees())
def test_any_tree_survives_swc_and_back(tmp_path_factory, sk):
    path = tmp_path_factory.mktemp("swc") / "tree.swc"
    sk.to_swc(path)
    again = Skeleton.from_swc(path)
    # Rows are reordered, so compare what does not depend on their order.
    np.testing.assert_allclose(
        sorted(again.path_distance), sorted(sk.path_distance), rtol=1e-9, atol=1e-6
    )
    for number in range(8):
        assert again.cable_length(number) == pytest.approx(sk.cable_length(number))
    np.testing.assert_allclose(again.vertices[again.root], sk.vertices[sk.root])


@given(trees())
def test_path_distance_is_the_parents_and_the_step_to_it(sk):
    has = sk.parents >= 0
    step = np.linalg.norm(sk.vertices[has] - sk.vertices[sk.parents[has]], axis=1) / 1000
    np.testing.assert_allclose(
        sk.path_distance[has], sk.path_distance[sk.parents[has]] + step, atol=1e-9
    )


def test_cable_by_depth_adds_up_to_the_cable(sample):
    skeleton = sample.skeleton(sample.select(cell_type="MC", proofread=True)[0])
    for part in ("axon", "dendrite", None):
        depth, length = skeleton.cable_by_depth(part, step=30)
        assert length.sum() == pytest.approx(skeleton.cable_length(part))
        np.testing.assert_allclose(np.diff(depth), 30)


def test_a_branch_counts_in_the_slices_it_runs_through():
    # A soma at 110 um, an axon straight up to 50 um, in pieces of 10 um.
    depths = np.arange(110, 40, -10)
    vertices = from_cortical(np.column_stack([np.full(7, 800), depths, np.full(7, 800)]))
    edges = [[i, i + 1] for i in range(6)]
    skeleton = Skeleton(vertices, edges, np.ones(7), [1, 2, 2, 2, 2, 2, 2], root=0)
    depth, length = skeleton.cable_by_depth("axon", step=20)
    np.testing.assert_allclose(depth, [10, 30, 50, 70, 90, 110])
    np.testing.assert_allclose(length, [0, 0, 10, 20, 20, 10], rtol=1e-6)


def test_a_compartment_that_a_cell_does_not_have_lies_at_no_depth(sample):
    skeleton = sample.skeleton(sample.select(cell_type="BC", proofread=True)[0])
    depth, length = skeleton.cable_by_depth("apical dendrite")
    assert len(depth) == len(length) == 0


def test_slices_must_have_a_thickness(sample):
    skeleton = sample.skeleton(sample.select(cell_type="BC", proofread=True)[0])
    with pytest.raises(ValueError, match="expected a length above 0, in um"):
        skeleton.cable_by_depth(step=0)
