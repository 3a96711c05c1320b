"""Artificial networks are those of the lecture, number by number, and keep what they promise."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import microns_widgets as mw
from microns_widgets.errors import (
    InvalidArgument,
    MatrixError,
    MicronsError,
    TooManyCells,
    UnknownLabel,
)


def lecture_weights(n: int, p: float, inhibitory: float, gain: float, seed: int) -> np.ndarray:
    """Weights of postsynaptic by presynaptic cells, unsigned, by the lecture's own libraries."""
    graph = nx.erdos_renyi_graph(n, p, seed=seed, directed=True)
    exponent = np.random.RandomState(seed).normal(1, 0.2, (n, n))
    return nx.to_numpy_array(graph) * gain * 10 ** np.abs(exponent)


def signed_and_balanced(weights: np.ndarray, n_excitatory: int, ratio: float) -> np.ndarray:
    result = weights.copy()
    for cell in range(len(result)):
        excitation, inhibition = (
            result[cell, :n_excitatory].sum(),
            result[cell, n_excitatory:].sum(),
        )
        result[cell, n_excitatory:] *= -(ratio * excitation / inhibition if inhibition else 1)
    return result


@pytest.mark.parametrize("seed", [0, 1, 2**31])
def test_a_lognormal_network_is_the_lectures(seed):
    expected = signed_and_balanced(lecture_weights(60, 0.25, 0.15, 0.002, seed), 51, 0.15)
    network = mw.lognormal_network(60, seed=seed)
    np.testing.assert_allclose(network.weights.toarray().T, expected, rtol=1e-12)
    assert network.types.tolist() == ["E"] * 51 + ["I"] * 9


def test_a_random_network_is_the_lectures_and_violates_dales_law():
    graph = nx.to_numpy_array(nx.erdos_renyi_graph(50, 0.25, seed=3, directed=True))
    expected = graph * 0.001 * np.random.RandomState(3).uniform(-2, 2, (50, 50))
    network = mw.random_network(50, seed=3)
    np.testing.assert_allclose(network.weights.toarray().T, expected, rtol=1e-12)
    outputs = network.weights[[0]].data
    assert (outputs > 0).any()
    assert (outputs < 0).any()


def test_dales_law_holds_for_each_cell():
    network = mw.lognormal_network(80, seed=5)
    signs = {
        kind: np.unique(np.sign(network.weights[np.flatnonzero(network.types == kind)].data))
        for kind in "EI"
    }
    assert {kind: found.tolist() for kind, found in signs.items()} == {"E": [1], "I": [-1]}


def test_a_feedforward_network_has_no_loop_of_excitatory_cells():
    network = mw.feedforward_network(80, seed=2)
    among = network.weights.toarray()[:68, :68]
    graph = nx.from_numpy_array(among, create_using=nx.DiGraph)
    assert graph.number_of_edges() > 500
    assert nx.is_directed_acyclic_graph(graph)


def test_a_feedforward_network_differs_from_its_twin_between_excitatory_cells_only():
    one_way, both_ways = (
        make(80, balance=None, seed=2).weights.toarray()
        for make in (mw.feedforward_network, mw.lognormal_network)
    )
    lower = np.zeros((80, 80), dtype=bool)
    lower[:68, :68] = np.tri(68, k=-1, dtype=bool)  # presynaptic after postsynaptic
    assert (one_way[lower] == both_ways[lower]).all()
    inhibition = np.ones((80, 80), dtype=bool)
    inhibition[:68, :68] = False
    assert (one_way[inhibition] == both_ways[inhibition]).all()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": 0}, InvalidArgument, "n=0 is not valid"),
        ({"n": 2.5}, InvalidArgument, r"n=2\.5 is not valid"),
        ({"n": 6000}, TooManyCells, "6,000 cells .* at most 5,000"),
        ({"probability": 1.5}, InvalidArgument, r"probability=1\.5 .* 0 to 1"),
        ({"inhibitory": -1.0}, InvalidArgument, "inhibitory=-1"),
        ({"gain": 0.0}, InvalidArgument, "gain=0"),
        ({"gain": float("nan")}, InvalidArgument, "gain=nan"),
        ({"balance": -0.1}, InvalidArgument, r"-0\.1, expected a number of at least 0"),
        ({"seed": -1}, InvalidArgument, "seed=-1"),
    ],
)
def test_numbers_out_of_range_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        mw.lognormal_network(**arguments)


def test_without_inhibitory_cells_balance_changes_nothing():
    network = mw.lognormal_network(20, inhibitory=0)
    assert network.cells_in_words == "20 cells (20 E)"
    assert (network.weights.data > 0).all()


def measured_by_hand(con: mw.Connectome, more_than: int) -> np.ndarray:
    """Summed sizes between the lecture's cells, presynaptic in rows, from the two tables."""
    cells, synapses = con.cells, con.synapses
    chosen = cells[
        (cells["cell_type_auto"] == "23P")
        & (cells["region"] == "V1")
        & (cells["proofreading_strategy"] != "")
    ]["pt_root_id"]
    pre, post = (synapses[f"{side}_pt_root_id"] for side in ("pre", "post"))
    among = synapses[pre.isin(chosen) & post.isin(chosen) & (pre != post)]
    ends = pd.concat([among["pre_pt_root_id"], among["post_pt_root_id"]]).value_counts()
    enough = ends.index[ends > more_than]
    among = among[among["pre_pt_root_id"].isin(enough) & among["post_pt_root_id"].isin(enough)]
    table = among.pivot_table(
        index="pre_pt_root_id", columns="post_pt_root_id", values="size", aggfunc="sum"
    ).fillna(0)
    ids = [root_id for root_id in table.index if root_id in table.columns]
    return table.loc[ids, ids].to_numpy()


def recurrent_by_hand(sizes: np.ndarray, seed: int) -> np.ndarray:
    n_excitatory = len(sizes)
    n = int(n_excitatory / (1 - 0.15))
    weights = lecture_weights(n, 0.25, 0.15, 0.002, seed)
    weights[:n_excitatory, :n_excitatory] = sizes.T / 150_000
    return signed_and_balanced(weights, n_excitatory, 0.15)


@pytest.fixture(scope="module")
def sizes(sample) -> np.ndarray:
    return measured_by_hand(sample, 4)


def test_the_recurrent_network_has_the_measured_connections(sample, sizes):
    network = mw.recurrent_network(sample, more_than=4, seed=1)
    expected = recurrent_by_hand(sizes, 1)
    assert 30 < len(sizes) < 80
    np.testing.assert_allclose(network.weights.toarray().T, expected, rtol=1e-12)
    assert network.source == f"{sample.source}, inhibition random, seed 1"


def test_shuffled_connections_are_the_lectures(sample, sizes):
    moved = sizes.flatten()
    np.random.RandomState(4).shuffle(moved)
    network = mw.recurrent_network(sample, more_than=4, shuffle="connections", seed=4)
    expected = recurrent_by_hand(moved.reshape(sizes.shape), 4)
    np.testing.assert_allclose(network.weights.toarray().T, expected, rtol=1e-12)


def test_shuffled_weights_stay_on_their_connections(sample, sizes):
    exchanged = sizes.copy()
    own = exchanged[exchanged > 0]
    np.random.RandomState(4).shuffle(own)
    exchanged[exchanged > 0] = own
    network = mw.recurrent_network(sample, more_than=4, shuffle="weights", seed=4)
    expected = recurrent_by_hand(exchanged, 4)
    np.testing.assert_allclose(network.weights.toarray().T, expected, rtol=1e-12)


def test_in_the_sample_no_cell_has_as_many_synapses_as_in_the_lecture(sample):
    with pytest.raises(
        InvalidArgument, match=r"0 of 68 .* more than 20 .* of a cell is 18: .*=4\."
    ):
        mw.recurrent_network(sample)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"shuffle": "all"}, InvalidArgument),
        ({"cell_type": "23"}, UnknownLabel),
        ({"region": "V2"}, UnknownLabel),
        ({"cell_type": "BC", "region": None}, InvalidArgument),
    ],
)
def test_a_recipe_that_cannot_be_followed_is_refused(sample, arguments, error):
    with pytest.raises(error):
        mw.recurrent_network(sample, more_than=4, **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"voxels": 0.0}, "voxels=0"),
        ({"inhibitory": 1.0}, "inhibitory=1"),
        ({"gain": -1.0}, "gain=-1"),
        ({"seed": 0.5}, r"seed=0\.5"),
    ],
)
def test_inhibition_out_of_range_is_refused(sample, arguments, message):
    matrix = mw.recurrent_matrix(sample, more_than=4)
    with pytest.raises(InvalidArgument, match=message):
        mw.with_random_inhibition(matrix, **arguments)


def test_measured_cells_must_be_excitatory_and_the_same_on_both_axes(sample):
    with pytest.raises(InvalidArgument, match=r"78 cells .* not excitatory .* RateModel\(matrix\)"):
        mw.with_random_inhibition(sample.matrix())
    excitatory = sample.select(coarse_type="E", proofread=True)
    with pytest.raises(MatrixError, match=r"con\.matrix\(ids\)"):
        mw.with_random_inhibition(sample.matrix(excitatory, excitatory[::-1]))
    with pytest.raises(MicronsError, match="expected a Connectome"):
        mw.recurrent_network(sample.matrix())
    with pytest.raises(MicronsError, match="expected a connectivity matrix"):
        mw.with_random_inhibition(sample)


def test_a_null_model_of_the_measured_part_gets_the_same_inhibition(sample):
    matrix = mw.recurrent_matrix(sample, more_than=4)
    chance = matrix.null("degrees", n=1, seed=7)[0]
    measured, shuffled = (
        mw.with_random_inhibition(one, balance=None).weights.toarray() for one in (matrix, chance)
    )
    n = len(matrix.pre_ids)
    inhibition = np.ones_like(measured, dtype=bool)
    inhibition[:n, :n] = False
    assert (measured[inhibition] == shuffled[inhibition]).all()
    assert (measured != shuffled).any()
    np.testing.assert_allclose(measured[:n, :n], matrix.to_numpy() / 150_000)
