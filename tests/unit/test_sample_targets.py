"""Where on its target each type's synapses land, as a student finds it on skeletons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.depth import cortical_depth
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.sources.sample import assumptions

pytestmark = pytest.mark.slow

CLEFT = ["ctr_pt_position_x", "ctr_pt_position_y", "ctr_pt_position_z"]
NUCLEUS = ["pt_position_x", "pt_position_y", "pt_position_z"]
AXON = COMPARTMENTS["axon"]


def parts(skeleton: Skeleton, vertex: np.ndarray, depth: np.ndarray) -> dict[str, np.ndarray]:
    """Tell of places, by their nearest vertex and depth, what part of the cell they are on."""
    dendrite = skeleton.depth[skeleton.compartment != AXON]
    upper_third = dendrite.min() + (skeleton.depth[skeleton.root] - dendrite.min()) / 3
    apical = skeleton.compartment[vertex] == COMPARTMENTS["apical dendrite"]
    return {
        "proximal": skeleton.path_distance[vertex] < assumptions.PROXIMAL_UM,
        "tuft": apical & (depth < max(assumptions.TUFT_DEPTH_UM, upper_third)),
    }


@pytest.fixture(scope="module")
def inputs(sample) -> pd.DataFrame:
    """Synapses onto proofread cells from known ones, with the part that each is on.

    `proximal_dendrite` and `tuft_dendrite` say how much of that cell's dendrite is such:
    what a synapse that goes anywhere hits.
    """
    tables = []
    for cell in sample.select(proofread=True):
        skeleton = sample.skeleton(cell)
        table = sample.inputs(cell, unknown=False, autapses=False)
        positions = table[CLEFT].to_numpy(dtype=float)
        away = np.linalg.norm(positions - skeleton.vertices[skeleton.root], axis=1)
        table["soma"] = np.abs(away - skeleton.radius[skeleton.root]) < 3
        own = parts(skeleton, skeleton.nearest(positions)[0], cortical_depth(positions))
        child = skeleton.edges[:, 0]
        length = skeleton.edge_lengths * (skeleton.compartment[child] != AXON)
        whole = parts(skeleton, child, skeleton.depth[child])
        for name in own:
            table[name] = own[name] | (table["soma"] & (name == "proximal"))
            table[f"{name}_dendrite"] = length[whole[name]].sum() / length.sum()
        table["post"] = sample.labels([cell])[0]
        tables.append(table)
    synapses = pd.concat(tables, ignore_index=True)
    synapses["pre"] = sample.labels(synapses["pre_pt_root_id"])
    synapses["onto"] = np.where(synapses["post"].isin(assumptions.EXCITATORY), "E", "I")
    return synapses


def expect(synapses: pd.Series, share: float, slack: float = 0.0) -> None:
    n = len(synapses)
    assert n > 20
    assert abs(synapses.mean() - share) <= slack + 4 * np.sqrt(share * (1 - share) / n)


@pytest.mark.parametrize("pre", assumptions.TARGETS)
def test_each_type_hits_the_somata_of_excitatory_cells_as_assumed(inputs, pre):
    own = inputs[(inputs["pre"] == pre) & (inputs["onto"] == "E")]
    expect(own["soma"], assumptions.TARGETS[pre].soma)


# A nearest vertex is up to half an edge away from a synapse, which blurs the border.
BLUR = 0.03


@pytest.mark.parametrize("pre", assumptions.TARGETS)
def test_each_type_hits_the_proximal_dendrites_of_excitatory_cells_as_assumed(inputs, pre):
    own = inputs[(inputs["pre"] == pre) & (inputs["onto"] == "E")]
    target = assumptions.TARGETS[pre]
    share = target.soma + target.proximal + target.anywhere * own["proximal_dendrite"].mean()
    expect(own["proximal"], share, BLUR)


@pytest.mark.parametrize("pre", assumptions.TARGETS)
def test_each_type_hits_the_apical_tufts_as_assumed(inputs, pre):
    own = inputs[(inputs["pre"] == pre) & (inputs["onto"] == "E")]
    target = assumptions.TARGETS[pre]
    share = target.tuft + target.anywhere * own["tuft_dendrite"].mean()
    expect(own["tuft"], share, BLUR)


def test_basket_cells_are_the_nearest_to_somata_and_martinotti_cells_the_most_on_tufts(inputs):
    onto_excitatory = inputs[inputs["onto"] == "E"]
    share = onto_excitatory.groupby("pre")[["soma", "proximal", "tuft"]].mean()
    assert share["soma"].idxmax() == "BC"
    assert share["proximal"].idxmax() == "BC"
    assert share["tuft"].idxmax() == "MC"
    assert share.loc["BC", "proximal"] > 2 * share.loc["23P", "proximal"]
    assert share.loc["MC", "tuft"] > 2 * share.loc["23P", "tuft"]


@pytest.mark.parametrize("coarse", ["E", "I"])
def test_on_inhibitory_cells_the_coarse_type_alone_sets_the_place(inputs, coarse):
    excitatory = inputs["pre"].isin(assumptions.EXCITATORY)
    own = inputs[(inputs["onto"] == "I") & (excitatory if coarse == "E" else ~excitatory)]
    target = assumptions.TARGETS_ON_INHIBITORY[coarse]
    expect(own["soma"], target.soma)
    near = target.soma + target.proximal + target.anywhere * own["proximal_dendrite"].mean()
    # Of several places for an excitatory synapse the early one is taken: see below.
    expect(own["proximal"], near, BLUR if coarse == "I" else 0.1)


def test_most_synapses_of_bipolar_cells_go_to_inhibitory_cells_and_those_of_no_other(sample):
    share = {}
    for name in assumptions.NEURONS:
        ids = sample.select(cell_type=name, proofread=True)
        matrix = sample.matrix(ids, sample.root_ids, "count", autapses=False)
        onto = matrix.by_type("coarse_cell_type_auto").n_synapses.sum()
        share[name] = onto["I"] / (onto["E"] + onto["I"])
    assert share.pop("BPC") > 0.7
    assert max(share.values()) < 0.5


@pytest.fixture(scope="module")
def outputs(sample) -> pd.DataFrame:
    """Outputs of proofread cells onto known ones, with their way along the axon in um.

    `lead` is how much nearer to the presynaptic soma a synapse is than its target's, um.
    """
    nucleus = sample.cells.set_index("pt_root_id")[NUCLEUS]
    tables = []
    for cell in sample.select(proofread=True):
        table = sample.outputs(cell, unknown=False, autapses=False)
        skeleton = sample.skeleton(cell)
        table["path"] = skeleton.path_distance[skeleton.nearest(table[CLEFT])[0]]
        soma = nucleus.loc[cell].to_numpy()
        target = np.linalg.norm(nucleus.loc[table["post_pt_root_id"]].to_numpy() - soma, axis=1)
        table["lead"] = (target - np.linalg.norm(table[CLEFT].to_numpy() - soma, axis=1)) / 1000
        tables.append(table)
    synapses = pd.concat(tables, ignore_index=True)
    for side in ("pre", "post"):
        synapses[side] = sample.labels(synapses[f"{side}_pt_root_id"], "coarse_cell_type_auto")
    synapses["pre_type"] = sample.labels(synapses["pre_pt_root_id"])
    return synapses


@pytest.mark.parametrize("pre", assumptions.EXCITATORY)
def test_an_excitatory_axon_meets_its_inhibitory_targets_early(outputs, pre):
    path = outputs[outputs["pre_type"] == pre].groupby("post")["path"].median()
    assert path["I"] < 0.8 * path["E"]


def test_inhibitory_targets_are_met_on_their_near_side_by_excitatory_axons_only(outputs):
    lead = outputs.groupby(["pre", "post"])["lead"].mean()
    assert lead["E", "I"] > 10
    assert max(lead["E", "E"], lead["I", "I"], lead["I", "E"]) < 0
