"""Proximity is a length of cable within a distance, whatever the sampling of the skeletons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, C, D

import microns_widgets as mw
from microns_widgets.anatomy import proximity
from microns_widgets.connectome import Connectome
from microns_widgets.errors import (
    InvalidArgument,
    InvalidRootIds,
    SkeletonError,
    SkeletonNotFound,
)


def line(ends_um, compartment: int, n: int = 2, root_id: int = 0) -> mw.Skeleton:
    """Return a soma with one straight branch of n vertices."""
    first, last = np.array(ends_um, dtype=float)
    vertices = first + np.linspace(0, 1, n)[:, None] * (last - first)
    return mw.Skeleton(
        np.concatenate([vertices[:1], vertices]) * 1000,
        [[i, i + 1] for i in range(n)],
        np.ones(n + 1),
        [1] + [compartment] * n,
        0,
        root_id,
    )


AXON = [(-100, 3, 0), (100, 3, 0)]
DENDRITE = [(0, 0, -100), (0, 0, 100)]


def con_of(cells, synapses, skeletons) -> Connectome:
    return Connectome(cells, synapses, skeletons, source="a page")


@pytest.fixture
def con(cells, synapses) -> Connectome:
    skeletons = {A: line(AXON, 2), B: line(DENDRITE, 3), C: line(DENDRITE, 4)}
    return con_of(cells, synapses, skeletons)


def test_two_branches_that_cross_are_close_along_a_chord(con):
    row = con.proximity(A, B, within_um=5).iloc[0]
    # 3 um apart where they are nearest: sqrt(5**2 - 3**2) = 4 um to both sides.
    assert row["axon_um"] == pytest.approx(8, abs=0.5)
    assert row["dendrite_um"] == pytest.approx(8, abs=0.5)
    fine = con.proximity(A, B, within_um=5, step_um=0.1).iloc[0]
    assert fine["axon_um"] == pytest.approx(8, abs=0.1)
    assert fine["dendrite_um"] == pytest.approx(8, abs=0.1)


def test_the_length_does_not_depend_on_the_vertices(cells, synapses):
    lengths = []
    for n in (2, 7, 400, 5000):
        skeletons = {A: line(AXON, 2, n), B: line(DENDRITE, 3, 5002 - n)}
        con = con_of(cells, synapses, skeletons)
        lengths.append(con.proximity(A, B, 5, step_um=0.1)[["axon_um", "dendrite_um"]].iloc[0])
    np.testing.assert_allclose(lengths, 8, atol=0.1)


def test_parallel_branches_are_close_all_along_or_not_at_all(cells, synapses):
    skeletons = {A: line(AXON, 2), B: line([(-20, 0, 0), (30, 0, 0)], 3)}
    con = con_of(cells, synapses, skeletons)
    near = con.proximity(A, B, within_um=3.01, step_um=0.1).iloc[0]
    assert near["dendrite_um"] == pytest.approx(50)
    assert near["axon_um"] == pytest.approx(50, abs=0.7)
    far = con.proximity(A, B, within_um=2.9).iloc[0]
    assert (far["axon_um"], far["dendrite_um"]) == (0, 0)
    assert np.isnan(far["synapses_per_um"])


def test_axon_passing_two_dendrites_of_a_cell_counts_once(cells, synapses):
    two = mw.Skeleton(
        np.array([[0, 0, 0], [0, 0, -100], [0, 0, 100], [0, 1, -100]]) * 1000,
        [[0, 1], [0, 2], [1, 3]],
        np.ones(4),
        [1, 3, 4, 3],
        0,
    )
    both = con_of(cells, synapses, {A: line(AXON, 2), B: two})
    row = both.proximity(A, B, 5, step_um=0.1).iloc[0]
    assert row["axon_um"] == pytest.approx(8, abs=0.1)


def test_synapses_are_those_of_the_pair(con):
    table = con.proximity(A, [B, C])
    assert table["n_synapses"].tolist() == [2, 0]
    # An apical dendrite counts as a dendrite.
    assert table["axon_um"].iloc[1] == pytest.approx(8, abs=0.5)
    on = table["n_on_dendrites"].iloc[0]
    assert table["synapses_per_um"].iloc[0] == pytest.approx(on / table["axon_um"].iloc[0])
    assert table.attrs["source"] == "a page"


def test_synapses_near_the_soma_do_not_count_for_dendrites(cells, synapses):
    # All synapses of the page are around (700, 600, 850) um.
    at = (700, 600, 850)
    somatic = mw.Skeleton(
        np.array([at, (700, 600, 900), (700, 600, 950)]) * 1000.0,
        [[0, 1], [1, 2]],
        np.ones(3),
        [1, 3, 3],
        0,
    )
    axon = line([(600, 603, 900), (800, 603, 900)], 2)
    row = con_of(cells, synapses, {A: axon, B: somatic}).proximity(A, B).iloc[0]
    assert (row["n_synapses"], row["n_on_dendrites"], row["synapses_per_um"]) == (2, 0, 0)
    assert row["axon_um"] > 0


def by_brute_force(axon, dendrites, within_um: float, step: float) -> float:
    """Length of axon whose points are within a distance of the closest dendrite segment."""

    def ends_of(skeleton, names):
        mask = np.logical_or.reduce([skeleton.edges_of(name) for name in names])
        return skeleton.vertices[skeleton.edges[mask]] / 1000

    targets = ends_of(dendrites, ("dendrite", "apical dendrite"))
    start, along = targets[:, 0], targets[:, 1] - targets[:, 0]
    squared = (along**2).sum(axis=1)
    total = 0.0
    for first, last in ends_of(axon, ("axon",)):
        length = np.linalg.norm(last - first)
        n = int(np.ceil(length / step)) or 1
        for share in (np.arange(n) + 0.5) / n:
            apart = first + share * (last - first) - start
            place = np.clip((apart * along).sum(axis=1) / np.where(squared > 0, squared, 1), 0, 1)
            nearest = apart - place[:, None] * along
            total += length / n * ((nearest**2).sum(axis=1).min() <= within_um**2)
    return total


def test_lengths_of_the_sample_are_those_of_a_search_of_all_pieces(sample):
    examples = sample.examples()
    axon, dendrites = (sample.skeleton(examples[kind]) for kind in ("BC", "4P"))
    table = sample.proximity(examples["BC"], examples["4P"], within_um=4, step_um=1)
    expected = by_brute_force(axon, dendrites, 4, 1)
    assert expected > 50
    assert table["axon_um"].item() == pytest.approx(expected)


def test_sets_of_cells_are_measured_as_their_pairs(sample, monkeypatch):
    monkeypatch.setattr(proximity, "_BATCH", 3000)
    monkeypatch.setattr(proximity, "_CHUNK", 700)
    pre = sample.examples()[["BC", "MC"]].tolist()
    post = sample.examples()[["23P", "BC", "5P-ET", "MC"]].tolist()
    table = sample.proximity(pre, post, 3)
    assert list(zip(table["pre_pt_root_id"], table["post_pt_root_id"], strict=True)) == [
        (one, other) for one in pre for other in post if one != other
    ]
    monkeypatch.undo()
    alone = [sample.proximity(one, other, 3) for one in pre for other in post if one != other]
    pd.testing.assert_frame_equal(table, pd.concat(alone, ignore_index=True))
    between = [len(sample.between(one, other)) for one in pre for other in post if one != other]
    assert table["n_synapses"].tolist() == between


def test_in_the_sample_synapses_lie_where_cells_are_close(sample):
    basket = sample.select(cell_type="BC", proofread=True)[0]
    table = sample.proximity(basket, sample.select(cell_type="4P", proofread=True), 5)
    connected = table["n_on_dendrites"] > 0
    assert connected.any()
    assert (table["axon_um"][connected] > 0).all()
    assert table["axon_um"][connected].median() > table["axon_um"][~connected].median()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((A, D), SkeletonNotFound, f"Cell {D} has no skeleton"),
        ((B, C), SkeletonError, f"presynaptic cell {B} has no axon.*con.select"),
        ((A, A), InvalidArgument, "no two different cells"),
        (([], B), InvalidArgument, "no two different cells"),
        ((A, B, 0), InvalidArgument, "within_um=0 is not valid"),
        ((A, B, 60), InvalidArgument, "within_um=60 is too far"),
        ((A, B, 1e-9), InvalidArgument, "within_um=1e-09 is too close, expected at least 0.1"),
        (([A, A], B), InvalidRootIds, "2 times"),
    ],
)
def test_what_cannot_be_close_is_refused(con, arguments, error, message):
    with pytest.raises(error, match=message):
        con.proximity(*arguments)


def test_a_skeleton_without_dendrites_or_labels_is_refused_with_a_cure(cells, synapses):
    skeletons = {A: line(AXON, 2), B: line(DENDRITE, 0)}
    con = con_of(cells, synapses, skeletons)
    with pytest.raises(SkeletonError, match=r"does not say which branches.*CAVE"):
        con.proximity(A, B)
    skeletons[B] = line(DENDRITE, 2)
    with pytest.raises(SkeletonError, match=r"has no dendrite.*by_compartment"):
        con.proximity(A, B)


@pytest.mark.parametrize("step_um", [0.01, 0, float("nan"), float("inf")])
def test_a_step_that_cannot_be_is_refused(con, step_um):
    with pytest.raises(InvalidArgument, match="step_um="):
        con.proximity(A, B, step_um=step_um)
