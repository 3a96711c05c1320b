"""How strong connections of the sample are, and how many a cell has."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from microns_widgets.sources.sample import assumptions


@pytest.mark.parametrize("coarse", assumptions.LOG_SIZE)
def test_synapse_sizes_are_log_normal_as_assumed(sample, coarse):
    synapses = sample.synapses
    own = sample.labels(synapses["pre_pt_root_id"], "coarse_cell_type_auto") == coarse
    logs = np.log(synapses.loc[own, "size"])
    mean, spread = assumptions.LOG_SIZE[coarse]
    n = len(logs)
    assert abs(logs.mean() - mean) < 4 * spread / np.sqrt(n)
    assert abs(logs.std() / spread - 1) < 4 / np.sqrt(2 * n)
    # A normal distribution has neither skew nor excess kurtosis.
    assert abs(stats.skew(logs)) < 4 * np.sqrt(6 / n)
    assert abs(stats.kurtosis(logs)) < 4 * np.sqrt(24 / n)


@pytest.mark.parametrize("pre", assumptions.NEURONS)
def test_a_connection_has_as_many_synapses_as_assumed(sample, pre):
    ids = sample.select(cell_type=pre, proofread=True)
    counts = sample.matrix(ids, sample.root_ids, "count", autapses=False).strengths()
    mean = assumptions.WIRING[pre].synapses
    spread = np.sqrt(mean * (mean - 1))  # of a geometric number
    assert abs(counts.mean() - mean) < 4 * spread / np.sqrt(len(counts))
    # The share of single synapses tells a geometric number from others of that mean.
    single = 1 / mean
    assert abs((counts == 1).mean() - single) < 4 * np.sqrt(single * (1 - single) / len(counts))


def test_the_synapses_of_a_connection_stand_in_the_partners_table(sample):
    cell = sample.select(cell_type="BC", proofread="axon_fully_extended")[0]
    partners = sample.partners(cell, "outputs", unknown=False)
    assert partners["n_synapses"].max() > 3
    assert partners["n_synapses"].sum() == len(sample.outputs(cell, unknown=False))


@pytest.mark.parametrize("name", ["BC", "MC"])
def test_in_and_out_degree_go_together_in_basket_and_martinotti_cells(sample, name):
    assert _rank_correlation(sample, name) > 0.6


def test_in_and_out_degree_do_not_go_together_in_bipolar_cells(sample):
    n = len(sample.select(cell_type="BPC", proofread=True))
    assert abs(_rank_correlation(sample, "BPC")) < 2 / np.sqrt(n - 1)


@pytest.mark.parametrize("name", assumptions.LATENT_SIZE)
def test_inputs_vary_between_inhibitory_cells_as_their_latent_size(sample, name):
    spread, _ = assumptions.LATENT_SIZE[name]
    ids = sample.select(cell_type=name, proofread=True)
    further = [len(sample.inputs(cell)) - len(sample.inputs(cell, proofread=True)) for cell in ids]
    logs = np.log(further)
    assert abs(logs.std(ddof=1) / spread - 1) < 4 / np.sqrt(2 * (len(ids) - 1))


def _rank_correlation(sample, name: str) -> float:
    degrees = sample.degrees().loc[sample.select(cell_type=name, proofread=True)]
    return float(stats.spearmanr(degrees["n_inputs"], degrees["n_outputs"]).statistic)
