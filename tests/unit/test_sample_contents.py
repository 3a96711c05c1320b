"""The sample holds what each exercise looks for, and the cases that trip one up."""

from __future__ import annotations

import numpy as np
import pytest

from microns_widgets.anatomy.depth import LAYER_BORDERS_UM, cortical_depth, layer_of
from microns_widgets.sources.sample import assumptions
from microns_widgets.tables.reading import AUTO_TYPES, MANUAL_TYPES, REGIONS, STRATEGIES

NUCLEUS = ["pt_position_x", "pt_position_y", "pt_position_z"]


@pytest.fixture(scope="module")
def cells(sample):
    table = sample.cells
    table = table[table["pt_root_id"] != 0]
    return table.assign(depth=cortical_depth(table[NUCLEUS]))


def test_it_has_hundreds_of_proofread_cells_thousands_of_others_and_many_synapses(sample):
    assert len(sample.select(proofread=True)) >= 300
    assert len(sample.select(proofread=False)) >= 4_000
    assert len(sample.synapses) >= 200_000


def test_all_automatic_types_regions_and_strategies_occur(cells):
    assert set(cells["cell_type_auto"]) == set(AUTO_TYPES)
    assert set(cells["region"]) == set(REGIONS)
    assert set(cells["proofreading_strategy"]) == {*STRATEGIES, ""} - {"axon_column_truncated"}


def test_manual_types_occur_with_their_own_names_near_the_axis_only(cells):
    named = cells[cells["cell_type_manual"] != ""]
    assert set(named["cell_type_manual"]) <= set(MANUAL_TYPES)
    assert {"23P", "4P", "5P-IT", "5P-PT", "6P-IT", "6P-CT", "BC", "MC", "BPC"} <= set(
        named["cell_type_manual"]
    )
    assert "5P-ET" not in set(named["cell_type_manual"])
    assert 300 < len(named) < len(cells) / 5


def test_manual_and_automatic_types_agree_as_often_as_assumed(cells):
    named = cells[cells["cell_type_manual"] != ""]
    agree = named["cell_type_auto"].replace("5P-ET", "5P-PT") == named["cell_type_manual"]
    share = assumptions.MANUAL_AGREEMENT
    assert abs(agree.mean() - share) < 4 * np.sqrt(share * (1 - share) / len(named))


def test_each_neuronal_type_has_a_fully_extended_axon(sample):
    full = sample.labels(sample.select(proofread="axon_fully_extended"))
    assert set(full) == set(assumptions.NEURONS)


@pytest.mark.parametrize("name", assumptions.TYPES)
def test_somata_lie_at_the_depths_of_their_type(cells, name):
    top, median, bottom = assumptions.TYPES[name].depth_um
    depth = cells.loc[cells["cell_type_auto"] == name, "depth"]
    assert top - 0.1 <= depth.min()
    assert depth.max() <= bottom + 0.1
    above = (depth < median).mean()
    assert abs(above - 0.5) < 4 * 0.5 / np.sqrt(len(depth))


def test_neurons_fill_every_layer(cells):
    neurons = cells[cells["cell_type_auto"].isin(assumptions.NEURONS)]
    assert set(layer_of(neurons["depth"])) == set(LAYER_BORDERS_UM) - {"WM"}


@pytest.mark.parametrize("name", assumptions.TYPES)
def test_nuclei_are_as_large_as_those_of_their_type(cells, name):
    logs = np.log(cells.loc[cells["cell_type_auto"] == name, "volume"])
    spread = assumptions.VOLUME_SPREAD
    assert abs(logs.mean() - np.log(assumptions.TYPES[name].volume_um3)) < 4 * spread / np.sqrt(
        len(logs)
    )
    assert abs(logs.std() / spread - 1) < 4 / np.sqrt(2 * len(logs))


@pytest.mark.parametrize("name", assumptions.TYPES)
def test_types_have_their_shares_among_the_further_cells(cells, name):
    further = cells[cells["proofreading_strategy"] == ""]
    share = assumptions.TYPES[name].share / sum(kind.share for kind in assumptions.TYPES.values())
    measured = (further["cell_type_auto"] == name).mean()
    assert abs(measured - share) < 4 * np.sqrt(share * (1 - share) / len(further))


def test_a_nucleus_without_a_segment_is_in_the_table_and_joins_with_nothing(sample):
    assert (sample.cells["pt_root_id"] == 0).sum() == 1
    assert 0 not in sample.root_ids
    synapses = sample.synapses
    assert not (synapses[["pre_pt_root_id", "post_pt_root_id"]] == 0).any(axis=None)


def test_each_nucleus_has_an_id_of_six_digits_of_its_own_also_without_a_segment(sample):
    nuclei = sample.cells["nucleus_id"]
    assert nuclei.dtype == np.int64
    assert nuclei.is_unique
    assert nuclei.between(100_000, 999_999).all()
    cell = sample.select(cell_type="BC", proofread=True)[0]
    assert sample.find(nucleus_id=sample.cell(cell)["nucleus_id"]).tolist() == [cell]


def test_there_are_partners_that_are_no_cells_on_both_sides(sample):
    cell = sample.select(cell_type="BC", proofread="axon_fully_extended")[0]
    for side in (sample.inputs, sample.outputs):
        assert 0 < len(side(cell, unknown=False)) < len(side(cell))


def test_basket_cells_alone_have_autapses(sample):
    synapses = sample.synapses
    own = synapses[synapses["pre_pt_root_id"] == synapses["post_pt_root_id"]]
    assert set(sample.labels(own["pre_pt_root_id"])) == {"BC"}
    n = len(sample.select(cell_type="BC", proofread=True))
    share = own["pre_pt_root_id"].nunique() / n
    expected = assumptions.AUTAPTIC_BASKET_CELLS
    assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / n)


def test_one_proofread_cell_has_inputs_and_no_outputs(sample):
    degrees = sample.degrees().loc[sample.select(proofread=True)]
    silent = degrees[degrees["n_outputs"] == 0]
    assert len(silent) == 1
    assert silent["n_inputs"].iloc[0] > 100
    assert sample.outputs(silent.index[0]).empty


def test_root_ids_exceed_what_a_browsers_numbers_hold(sample):
    assert (sample.root_ids > 2**53).all()
