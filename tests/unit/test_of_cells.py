"""A connectome tells an example of each type, its skeletons, and what sits where on them."""

from __future__ import annotations

import pandas as pd
import pytest
from small_world import A, B, C, D

import microns_widgets as mw
from microns_widgets.errors import InvalidRootIds, SkeletonNotFound, UnknownColumn
from microns_widgets.sources.real_data import BASKET_CELL, load_basket_cell


def straight(length_um: float = 2.0) -> mw.Skeleton:
    """A soma at (700, 600, 850) um with an axon to the east and a dendrite to the west."""
    x, y, z = 700_000, 600_000, 850_000
    reach = length_um * 1000
    return mw.Skeleton(
        [[x, y, z], [x + reach, y, z], [x - reach, y, z]],
        [[0, 1], [0, 2]],
        [5000, 200, 200],
        [1, 2, 3],
        root=0,
    )


def test_the_example_of_a_type_is_its_proofread_cell_with_the_most_outputs(cells, synapses):
    cells.loc[cells["pt_root_id"] == D, "proofreading_strategy"] = "axon_fully_extended"
    chosen = mw.examples(mw.Connectome(cells, synapses))
    assert chosen.to_dict() == {"23P": A, "BC": B, "MC": C}


def test_a_type_without_a_proofread_cell_has_no_example(cells, synapses):
    assert "astrocyte" not in mw.examples(mw.Connectome(cells, synapses))


def test_cells_without_a_label_are_no_example(cells, synapses):
    chosen = mw.examples(mw.Connectome(cells, synapses), by="cell_type_manual")
    assert chosen.to_dict() == {"23P": A, "BC": B}


def test_examples_by_a_column_that_is_not_there_are_refused(sample):
    with pytest.raises(UnknownColumn, match="no column 'colour'"):
        mw.examples(sample, by="colour")


def test_the_sample_has_an_example_of_each_type_of_neuron(sample):
    chosen = mw.examples(sample)
    cells = sample.cells.set_index("pt_root_id")
    assert len(chosen) == 11
    assert cells.loc[chosen, "cell_type_auto"].tolist() == chosen.index.tolist()


def test_skeletons_come_in_order_and_without_those_that_are_missing(cells, synapses):
    con = mw.Connectome(cells, synapses, {B: straight(), A: straight()})
    assert [*con.skeletons([A, C, B])] == [A, B]


def test_other_failures_than_a_missing_skeleton_are_not_swallowed(sample):
    with pytest.raises(InvalidRootIds):
        sample.skeletons([1.5])


def test_synapses_count_where_the_skeleton_is_nearest(cells, synapses):
    # B receives five synapses (one is an autapse) and makes two; they lie near the soma.
    con = mw.Connectome(cells, synapses, {B: straight()})
    synapses.loc[synapses["pre_pt_root_id"] == B, "ctr_pt_position_x"] = 702_000
    con = mw.Connectome(cells, synapses, {B: straight()})
    counted = mw.by_compartment(con, B)
    expected = pd.DataFrame(
        {"cable_um": [0.0, 2.0, 2.0], "n_inputs": [3, 1, 0], "n_outputs": [0, 2, 0]},
        index=pd.Index(["soma", "axon", "dendrite"], name="compartment"),
    )
    pd.testing.assert_frame_equal(counted, expected)


def test_a_cell_without_a_skeleton_cannot_be_counted(cells, synapses):
    with pytest.raises(SkeletonNotFound):
        mw.by_compartment(mw.Connectome(cells, synapses), A)


def test_the_outputs_of_the_real_basket_cell_lie_on_its_axon(real_data):
    counted = mw.by_compartment(load_basket_cell(real_data), BASKET_CELL)
    assert counted.loc["axon", "n_outputs"] == 6_474
    assert counted["n_outputs"].sum() == 6_514
    assert counted["n_inputs"].sum() == 12_424
    assert counted.loc["axon", "cable_um"] == pytest.approx(27_709, abs=1)
