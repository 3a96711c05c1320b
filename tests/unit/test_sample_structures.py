"""Whether synapses of the sample are on spines, shafts or somata depends on both partners."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from microns_widgets.sources.sample import assumptions, storage


@pytest.fixture(scope="module")
def synapses(sample) -> pd.DataFrame:
    """Synapses between known cells without autapses, with structure and types of both."""
    table = pd.read_feather(storage.DATA / storage.SYNAPSES)
    table["structure"] = table["target_structure"].astype(str)
    for side in ("pre", "post"):
        ids = table[f"{side}_pt_root_id"]
        known = ids.isin(sample.root_ids)
        table = table[known]
        table[side] = sample.labels(table[f"{side}_pt_root_id"])
        table[f"{side}_coarse"] = sample.labels(
            table[f"{side}_pt_root_id"], "coarse_cell_type_auto"
        )
    return table[table["pre_pt_root_id"] != table["post_pt_root_id"]]


def expect(shares: pd.Series, share: float) -> None:
    n = len(shares)
    assert n > 50
    assert abs(shares.mean() - share) < 4 * np.sqrt(share * (1 - share) / n)


def test_each_synapse_has_one_of_three_structures():
    structure = pd.read_feather(storage.DATA / storage.SYNAPSES)["target_structure"]
    assert structure.notna().all()
    assert set(structure) == {"spine", "shaft", "soma"}
    # Inhibitory cells, which have few spines, are overrepresented among the proofread cells.
    assert 0.5 < (structure == "spine").mean() < 0.7


@pytest.mark.parametrize("pre", assumptions.NEURONS)
def test_spines_among_the_synapses_on_dendrites_of_excitatory_cells_are_as_assumed(synapses, pre):
    own = synapses[(synapses["pre"] == pre) & (synapses["post_coarse"] == "E")]
    on_dendrite = own[own["structure"] != "soma"]
    expect(on_dendrite["structure"] == "spine", assumptions.SPINES_ON_EXCITATORY[pre])
    if assumptions.TARGETS[pre].soma:
        expect(own["structure"] == "soma", assumptions.TARGETS[pre].soma)
    else:
        assert len(on_dendrite) == len(own)


@pytest.mark.parametrize("coarse", ["E", "I"])
def test_inhibitory_cells_have_few_spines(synapses, coarse):
    own = synapses[(synapses["pre_coarse"] == coarse) & (synapses["post_coarse"] == "I")]
    on_dendrite = own[own["structure"] != "soma"]
    expect(on_dendrite["structure"] == "spine", assumptions.SPINES_ON_INHIBITORY[coarse])


def test_synapses_on_somata_are_where_the_somata_are(sample, synapses):
    cell = sample.select(cell_type="23P", proofread=True)[0]
    own = synapses[synapses["post_pt_root_id"] == cell]
    skeleton = sample.skeleton(cell)
    positions = own[[f"ctr_pt_position_{axis}" for axis in "xyz"]].to_numpy(dtype=float)
    distance = np.linalg.norm(positions - skeleton.vertices[skeleton.root], axis=1)
    surface = np.abs(distance - skeleton.radius[skeleton.root]) < 3
    assert surface.any()
    np.testing.assert_array_equal(own["structure"] == "soma", surface)


def test_excitatory_synapses_on_excitatory_cells_are_mostly_on_spines_all_others_are_not(synapses):
    spine = synapses["structure"] == "spine"
    share = spine.groupby([synapses["pre_coarse"], synapses["post_coarse"]]).mean()
    assert share["E", "E"] > 0.75
    assert max(share["E", "I"], share["I", "E"], share["I", "I"]) < 0.3


def test_a_connectome_of_the_sample_knows_the_structure_of_each_synapse(sample, synapses):
    labelled = sample.with_target_structure(sample.synapses).set_index("id")["target_structure"]
    assert set(labelled) == {"spine", "shaft", "soma"}
    assert (labelled.loc[synapses["id"]].to_numpy() == synapses["structure"]).all()
