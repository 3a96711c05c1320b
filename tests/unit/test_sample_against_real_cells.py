"""The numbers that the sample takes from real data agree with these data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from microns_widgets.anatomy.depth import cortical_depth
from microns_widgets.sources.real_data import BASKET_CELL, NEURON
from microns_widgets.sources.sample import assumptions
from microns_widgets.tables.reading import read_cells, read_synapses


@pytest.fixture(scope="module")
def real(real_data) -> pd.DataFrame:
    cells = read_cells(real_data / "cell_info_1300.feather")
    nucleus = cells[["pt_position_x", "pt_position_y", "pt_position_z"]]
    return cells.assign(depth=cortical_depth(nucleus))


@pytest.fixture(scope="module")
def basket(real_data, real) -> pd.DataFrame:
    """Synapses of the real basket cell without autapses: direction, partner, its coarse type."""
    synapses = read_synapses(real_data / NEURON / "synapses.feather")
    synapses = synapses[synapses["pre_pt_root_id"] != synapses["post_pt_root_id"]]
    made = synapses["pre_pt_root_id"] == BASKET_CELL
    partner = synapses["post_pt_root_id"].where(made, synapses["pre_pt_root_id"])
    coarse = real[real["pt_root_id"] != 0].set_index("pt_root_id")["coarse_cell_type_auto"]
    return synapses.assign(made=made, partner=partner, coarse=partner.map(coarse))


@pytest.mark.parametrize("name", assumptions.TYPES)
def test_depth_share_and_volume_of_a_type_are_those_of_the_cell_table(real, name):
    kind = assumptions.TYPES[name]
    own = real[real["cell_type_auto"] == name]
    assert set(own["coarse_cell_type_auto"]) == {kind.coarse}
    # Rounded to 5, and to a thousandth.
    assert np.abs(own["depth"].quantile([0.05, 0.5, 0.95]) - np.array(kind.depth_um)).max() < 5
    assert abs(len(own) / len(real) - kind.share) < 0.001
    assert abs(own["volume"].median() - kind.volume_um3) < 5


def test_nuclei_vary_within_a_type_as_in_the_cell_table(real):
    spread = np.log(real["volume"]).groupby(real["cell_type_auto"]).std()
    assert abs(spread.median() - assumptions.VOLUME_SPREAD) < 0.01


def test_manual_and_automatic_types_agree_as_in_the_cell_table(real):
    named = real[real["cell_type_manual"] != ""]
    agree = named["cell_type_auto"].replace("5P-ET", "5P-PT") == named["cell_type_manual"]
    assert abs(agree.mean() - assumptions.MANUAL_AGREEMENT) < 0.01


def test_synapses_of_a_connection_are_those_of_the_real_basket_cell(basket):
    known = basket[basket["coarse"].isin(["E", "I"])]
    mean = known.groupby(["made", "coarse", "partner"]).size().groupby(level=[0, 1]).mean()
    assert mean[True, "E"] == pytest.approx(assumptions.WIRING["BC"].synapses, abs=0.05)
    assert mean[True, "I"] == pytest.approx(assumptions.WIRING["BC"].synapses, abs=0.05)
    assert mean[False, "E"] == pytest.approx(1.4, abs=0.05)
    assert mean[False, "I"] == pytest.approx(2.4, abs=0.05)


def test_sizes_of_synapses_are_those_of_the_real_basket_cell(basket):
    logs = np.log(basket["size"])
    outputs, excitatory = logs[basket["made"]], logs[~basket["made"] & (basket["coarse"] == "E")]
    assert assumptions.LOG_SIZE["I"] == pytest.approx((outputs.mean(), outputs.std()), abs=0.05)
    assert assumptions.LOG_SIZE["E"][1] == pytest.approx(excitatory.std(), abs=0.05)


def test_fragments_are_as_many_as_among_the_real_basket_cells_partners(basket):
    inputs, outputs = basket[~basket["made"]], basket[basket["made"]]
    assert inputs["coarse"].isna().mean() == pytest.approx(
        assumptions.FURTHER_INPUTS_UNKNOWN, abs=0.02
    )
    assert outputs["coarse"].isna().mean() == pytest.approx(0.11, abs=0.01)
    per_fragment = [
        table[table["coarse"].isna()].groupby("partner").size().mean()
        for table in (outputs, inputs)
    ]
    assert per_fragment[1] < assumptions.SYNAPSES_PER_FRAGMENT < per_fragment[0]


def test_the_real_basket_cells_outputs_lie_as_near_to_somata_as_is_said(basket, real):
    onto = basket[basket["made"] & (basket["coarse"] == "E")]
    nucleus = real.set_index("pt_root_id").loc[onto["partner"]]
    away = np.stack(
        [onto[f"ctr_pt_position_{a}"].to_numpy() - nucleus[f"pt_position_{a}"] for a in "xyz"]
    )
    distance = np.linalg.norm(away, axis=0) / 1000
    assert (distance < 15).mean() == pytest.approx(assumptions.TARGETS["BC"].soma, abs=0.01)
    assert (distance < 60).mean() == pytest.approx(0.89, abs=0.01)
