"""The connection probabilities of the sample can be recovered by counting pairs of cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import microns_widgets as mw
from microns_widgets._typing import BoolArray, FloatArray
from microns_widgets.anatomy.depth import to_cortical
from microns_widgets.sources.sample import assumptions

NUCLEUS = ["pt_position_x", "pt_position_y", "pt_position_z"]
DISTANCES_UM = [(0, 50), (50, 100), (100, 150), (150, 200), (200, 300)]


@dataclass(frozen=True)
class Pairs:
    """All pairs of a proofread cell with outputs and a neuron: actual and assumed connections."""

    matrix: mw.ConnectivityMatrix
    connected: BoolArray
    probability: FloatArray  # shape of the matrix; 0 where both are one cell
    lateral: FloatArray  # um, shape of the matrix
    vertical: FloatArray

    def of(self, pre: list[str] | tuple[str, ...], post: list[str] | tuple[str, ...]) -> BoolArray:
        rows = self.matrix.pre["cell_type_auto"].isin(pre).to_numpy()
        columns = self.matrix.post["cell_type_auto"].isin(post).to_numpy()
        return rows[:, None] & columns & (self.probability > 0)

    def z(self, chosen: BoolArray) -> float:
        """Difference between actual and expected connections, in standard deviations.

        Each pair is a coin of its own probability; the latent size of an inhibitory cell
        scales all of its coins alike and so widens the sum.
        """
        p = np.where(chosen, self.probability, 0)
        latent = [
            assumptions.LATENT_SIZE.get(name, (0, 0)) for name in self.matrix.pre["cell_type_auto"]
        ]
        spread = np.prod(latent, axis=1)
        variance = (p * (1 - p)).sum() + (p.sum(axis=1) ** 2 * np.expm1(spread**2)).sum()
        return float((self.connected[chosen].sum() - p.sum()) / np.sqrt(variance))


@pytest.fixture(scope="module")
def pairs(sample) -> Pairs:
    proofread = sample.select(proofread=True)
    makes_synapses = sample.degrees().loc[proofread, "n_outputs"].to_numpy() > 0
    neurons = sample.select(cell_type=list(assumptions.NEURONS))
    matrix = sample.matrix(proofread[makes_synapses], neurons, "binary", autapses=False)
    pre, post = (to_cortical(cells[NUCLEUS].to_numpy()) for cells in (matrix.pre, matrix.post))
    away = post[None] - pre[:, None]
    lateral, vertical = np.hypot(away[..., 0], away[..., 2]), np.abs(away[..., 1])
    probability = np.zeros(matrix.shape)
    types = matrix.pre["cell_type_auto"].to_numpy(), matrix.post["cell_type_auto"].to_numpy()
    for pre_type in assumptions.NEURONS:
        for post_type in assumptions.NEURONS:
            own = np.ix_(types[0] == pre_type, types[1] == post_type)
            probability[own] = assumptions.connection_probability(
                pre_type, post_type, lateral[own], vertical[own]
            )
    fraction = matrix.pre["proofreading_strategy"].map(assumptions.FOUND_CONNECTIONS).to_numpy()
    probability *= fraction[:, None]
    probability[matrix.pre_ids[:, None] == matrix.post_ids] = 0
    return Pairs(matrix, matrix.to_numpy() == 1, probability, lateral, vertical)


@pytest.mark.parametrize("pre", assumptions.NEURONS)
def test_each_type_connects_to_each_other_as_often_as_assumed(pairs, pre):
    summary = pairs.matrix.by_type()
    for post in assumptions.NEURONS:
        chosen = pairs.of([pre], [post])
        assert summary.pairs_connected.loc[pre, post] == pairs.connected[chosen].sum()
        # If hardly any connection is expected, one more is not a deviation.
        rare = pairs.probability[chosen].sum() < 2 and pairs.connected[chosen].sum() <= 3
        assert rare or abs(pairs.z(chosen)) < 4, post


@pytest.mark.parametrize("near_um", DISTANCES_UM)
@pytest.mark.parametrize("post", ["excitatory", "inhibitory"])
@pytest.mark.parametrize("pre", ["excitatory", "inhibitory"])
def test_connections_fall_off_with_lateral_distance_as_assumed(pairs, pre, post, near_um):
    chosen = pairs.of(_group(pre), _group(post))
    chosen &= (pairs.lateral >= near_um[0]) & (pairs.lateral < near_um[1])
    assert pairs.probability[chosen].sum() > 10
    assert abs(pairs.z(chosen)) < 4


@pytest.mark.parametrize("deep_um", DISTANCES_UM)
@pytest.mark.parametrize("pre", ["excitatory", "inhibitory"])
def test_connections_with_inhibitory_cells_fall_off_with_depth_as_assumed(pairs, pre, deep_um):
    chosen = pairs.of(_group(pre), _group("inhibitory"))
    chosen &= (pairs.vertical >= deep_um[0]) & (pairs.vertical < deep_um[1])
    assert pairs.probability[chosen].sum() > 10
    assert abs(pairs.z(chosen)) < 4


@pytest.mark.parametrize("strategy", assumptions.FOUND_CONNECTIONS)
def test_a_strategy_shows_its_share_of_the_connections(pairs, strategy):
    own = (pairs.matrix.pre["proofreading_strategy"] == strategy).to_numpy()
    chosen = pairs.of(assumptions.EXCITATORY, assumptions.NEURONS) & own[:, None]
    assert abs(pairs.z(chosen)) < 4


def test_excitatory_pairs_are_reciprocal_as_many_times_more_often_than_chance(pairs):
    excitatory = pairs.matrix.pre["cell_type_auto"].isin(assumptions.EXCITATORY).to_numpy()
    ids = pairs.matrix.pre_ids[excitatory]
    both_ways = pairs.matrix.select(ids, ids).to_numpy() == 1
    column = pairs.matrix.post.index.get_indexer(ids)
    chance = pairs.probability[np.ix_(excitatory, column)]
    pairs_both_ways = np.triu(both_ways & both_ways.T, 1).sum()
    expected = assumptions.RECIPROCITY * np.triu(chance * chance.T, 1).sum()
    assert abs(pairs_both_ways - expected) < 4 * np.sqrt(expected)
    # Without the effect there would be a quarter of them, which the bound above excludes.
    assert expected - 4 * np.sqrt(expected) > expected / assumptions.RECIPROCITY


@pytest.fixture(scope="module")
def between_inhibitory(pairs) -> pd.DataFrame:
    """Connections between inhibitory types, as multiples of what they would be without preferences.

    Each pair of cells has the distance and the axon that it has; only the preference is left out.
    """
    expected = pairs.probability.copy()
    for pre, row in assumptions.INHIBITORY_PREFERENCE.items():
        for post, factor in row.items():
            expected[pairs.of([pre], [post])] /= factor
    ratio = {
        post: {
            pre: pairs.connected[own].sum() / expected[own].sum()
            for pre in assumptions.INHIBITORY_PREFERENCE
            for own in [pairs.of([pre], [post])]
        }
        for post in assumptions.INHIBITORY_PREFERENCE
    }
    return pd.DataFrame(ratio)


def test_basket_cells_inhibit_one_another_strongly_and_other_inhibitory_cells_little(
    between_inhibitory,
):
    others = between_inhibitory.loc["BC"].drop("BC")
    assert between_inhibitory.loc["BC", "BC"] > 3 * others.max()


def test_martinotti_cells_avoid_one_another_and_inhibit_all_others(between_inhibitory):
    others = between_inhibitory.loc["MC"].drop("MC")
    assert between_inhibitory.loc["MC", "MC"] < 0.25 * others.min()


def test_bipolar_cells_prefer_martinotti_cells_to_all_others(pairs, between_inhibitory):
    others = between_inhibitory.loc["BPC"].drop("MC")
    assert between_inhibitory.loc["BPC", "MC"] > 1.5 * others.max()
    probability = pairs.matrix.by_type().probability.loc["BPC"]
    assert probability["MC"] > 2 * probability["BC"]
    assert probability["BC"] > 5 * probability[list(assumptions.EXCITATORY)].max()


def test_neurogliaform_cells_have_no_preference_that_their_few_connections_show(pairs):
    expected, connected = [], []
    for post in assumptions.INHIBITORY_PREFERENCE:
        own = pairs.of(["NGC"], [post])
        expected.append(pairs.probability[own].sum())
        connected.append(pairs.connected[own].sum())
    expected = np.array(expected) * sum(connected) / sum(expected)
    assert stats.chisquare(connected, expected).pvalue > 0.01


def test_preferences_change_the_targets_of_inhibitory_cells_and_not_their_number(pairs):
    inhibitory = tuple(assumptions.INHIBITORY_PREFERENCE)
    for pre in inhibitory:
        expected = [
            pairs.probability[own].sum() / factor
            for post, factor in assumptions.INHIBITORY_PREFERENCE[pre].items()
            for own in [pairs.of([pre], [post])]
        ]
        total = pairs.probability[pairs.of([pre], inhibitory)].sum()
        assert total / sum(expected) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("strategy", assumptions.UNKNOWN_OUTPUTS)
def test_outputs_onto_fragments_have_their_share(sample, strategy):
    ids = sample.select(proofread=strategy)
    outputs = sum(len(sample.outputs(cell, autapses=False)) for cell in ids)
    known = sum(len(sample.outputs(cell, unknown=False, autapses=False)) for cell in ids)
    share = assumptions.UNKNOWN_OUTPUTS[strategy]
    assert abs(1 - known / outputs - share) < 4 * np.sqrt(share * (1 - share) / outputs)


def test_inputs_from_outside_the_proofread_cells_are_as_many_and_as_unknown(sample):
    synapses = sample.synapses
    proofread = sample.select(proofread=True)
    further = synapses[~synapses["pre_pt_root_id"].isin(proofread)]
    assert further["post_pt_root_id"].isin(proofread).all()
    share, n = assumptions.FURTHER_INPUTS_UNKNOWN, len(further)
    unknown = ~further["pre_pt_root_id"].isin(sample.root_ids)
    assert abs(unknown.mean() - share) < 4 * np.sqrt(share * (1 - share) / n)
    known = sample.labels(further.loc[~unknown, "pre_pt_root_id"], "coarse_cell_type_auto")
    inhibitory = assumptions.FURTHER_INPUTS_INHIBITORY
    bound = 4 * np.sqrt(inhibitory * (1 - inhibitory) / len(known))
    assert abs((known == "I").mean() - inhibitory) < bound
    # Inhibitory cells have a latent size of their own; excitatory ones are all alike.
    excitatory = sample.select(coarse_type="E", proofread=True)
    per_cell = further["post_pt_root_id"].isin(excitatory).sum() / len(excitatory)
    expected = assumptions.FURTHER_INPUTS
    assert abs(per_cell - expected) < 4 * np.sqrt(expected / len(excitatory))


def _group(name: str) -> tuple[str, ...]:
    inhibitory = tuple(kind for kind in assumptions.NEURONS if kind not in assumptions.EXCITATORY)
    return assumptions.EXCITATORY if name == "excitatory" else inhibitory
