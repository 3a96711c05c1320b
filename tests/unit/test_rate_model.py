"""A rate model follows its equation, and says before a run whether activity fades."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from small_world import A, B, C, D, E

import microns_widgets as mw
from microns_widgets.connectome import Connectome
from microns_widgets.dynamics import spectrum
from microns_widgets.dynamics.spectrum import extreme_eigenvalues
from microns_widgets.errors import (
    InvalidArgument,
    InvalidCall,
    InvalidType,
    MatrixError,
    NoDecay,
    RatesDiverged,
    UnknownColumn,
)


def by_plain_loops(
    weights: np.ndarray, stimulus: np.ndarray, dt: float, tau: float, *, rectified: bool = True
) -> np.ndarray:
    """Rates by Euler's method; weights of postsynaptic by presynaptic cells."""
    n, n_steps = stimulus.shape
    rates = np.zeros((n, n_steps))
    for step in range(n_steps - 1):
        for cell in range(n):
            drive = sum(weights[cell, other] * rates[other, step] for other in range(n))
            drive += stimulus[cell, step]
            goal = max(0.0, drive) if rectified else drive
            change = (goal - rates[cell, step]) / tau
            rates[cell, step + 1] = rates[cell, step] + dt * change
    return rates


def impulse(excitatory: np.ndarray, n_steps: int, dt: float) -> np.ndarray:
    times = np.arange(n_steps) * dt
    stimulus = np.zeros((len(excitatory), n_steps))
    stimulus[np.ix_(excitatory, (times >= 1) & (times <= 15))] = 10
    return stimulus


def decay_by_plain_loops(rates: np.ndarray, n_excitatory: int, dt: float) -> float:
    """Time after 15 s until the mean rate of excitatory cells is below 0.1."""
    last = round(15 / dt)
    before = np.mean(rates[:n_excitatory, round(1 / dt) - 1])
    step = last
    while np.mean(rates[:n_excitatory, step]) >= 0.01 * 10 + before:
        step += 1
    return (step - last) * dt


@pytest.fixture
def con(cells, synapses) -> Connectome:
    return Connectome(cells, synapses, source="a page")


@pytest.mark.parametrize("transfer", ["rectified", "linear"])
def test_rates_follow_the_equation(transfer, rng):
    network = mw.lognormal_network(12, probability=0.5, balance=2, gain=0.02, seed=1)
    stimulus = rng.normal(0, 5, (12, 80))
    response = mw.RateModel(network, tau=0.1, transfer=transfer).run(stimulus, dt=0.02)
    expected = by_plain_loops(
        network.weights.toarray().T, stimulus, 0.02, 0.1, rectified=transfer == "rectified"
    )
    np.testing.assert_allclose(response.rates, expected, rtol=1e-9, atol=1e-12)
    assert (response.rates.min() < -1) == (transfer == "linear")
    np.testing.assert_allclose(response.times, 0.02 * np.arange(80))


@pytest.mark.parametrize("density", [0.1, 0.9])
def test_dense_and_sparse_products_agree(density):
    network = mw.lognormal_network(30, probability=density, seed=3)
    excitatory = network.types == "E"
    response = mw.RateModel(network).impulse_response(duration=16, dt=0.05)
    expected = by_plain_loops(
        network.weights.toarray().T, impulse(excitatory, 320, 0.05), 0.05, 0.25
    )
    np.testing.assert_allclose(response.rates, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.slow
def test_the_lectures_network_decays_as_by_plain_loops():
    network = mw.lognormal_network(seed=0)
    weights = network.weights.toarray().T
    rates = np.zeros((200, 5000))
    stimulus = impulse(network.types == "E", 5000, 0.01)
    for step in range(4999):
        goal = np.maximum(0, weights @ rates[:, step] + stimulus[:, step])
        rates[:, step + 1] = rates[:, step] + (goal - rates[:, step]) * 0.01 / 0.25
    response = mw.RateModel(network).impulse_response()
    np.testing.assert_allclose(response.rates, rates, rtol=1e-9, atol=1e-10)
    assert response.decay_time() == pytest.approx(decay_by_plain_loops(rates, 170, 0.01))
    assert response.decay_time() == pytest.approx(7.72)


@pytest.mark.slow
def test_without_loops_of_excitation_activity_decays_faster():
    both_ways, one_way = (
        mw.RateModel(make(seed=0)).impulse_response().decay_time()
        for make in (mw.lognormal_network, mw.feedforward_network)
    )
    assert one_way < both_ways / 3


def test_one_cell_decays_as_its_time_constant_says():
    model = mw.RateModel([[0.5]], ["E"], tau=0.2)
    assert model.slowest_time_constant == pytest.approx(0.4)
    response = model.impulse_response(duration=30, dt=0.0005)
    # From a rate of 10 / (1 - 0.5) = 20 to 0.1.
    assert response.decay_time() == pytest.approx(0.4 * np.log(200), rel=0.002)


def test_signs_follow_from_types_and_rows_are_presynaptic(con):
    model = mw.RateModel(con.matrix(), gain=1)
    assert model.types.tolist() == ["23P", "BC", "MC"]
    assert model.network.weights.toarray().tolist() == [[0, 400, 0], [-700, -20, 0], [-1, 0, 0]]
    response = model.run([[8.0, 8.0], [0.0, 0.0], [0.0, 0.0]], dt=0.0001)
    assert response.rates[:, 1].tolist() == pytest.approx([8 * 0.0001 / 0.25, 0, 0])
    # A (23P) drives B with its size of 400; C receives nothing.
    later = model.run(np.repeat([[8.0], [0.0], [0.0]], 3, axis=1), dt=0.0001).rates[:, 2]
    assert later[1] == pytest.approx(400 * 8 * (0.0001 / 0.25) ** 2)
    assert later[2] == 0


def test_the_types_may_be_another_column_or_a_list(con):
    by_column = mw.RateModel(con.matrix(), "coarse_cell_type_auto", gain=1)
    by_list = mw.RateModel(con.matrix(), ["E", "I", "I"], gain=1)
    for model in (by_column, by_list):
        assert model.types.tolist() == ["E", "I", "I"]
        assert model.network.weights.toarray()[1].tolist() == [-700, -20, 0]
    with pytest.raises(UnknownColumn, match="no column 'layer'"):
        mw.RateModel(con.matrix(), "layer")


def test_a_cell_whose_sign_is_unknown_is_refused_with_its_type_and_a_cure(con):
    with pytest.raises(InvalidArgument, match=f"1 of type 'astrocyte'.* first is {E}.*select"):
        mw.RateModel(con.matrix([A, B, E]))
    with pytest.raises(InvalidArgument, match=r"2 of type ''.*give types, a list"):
        mw.RateModel(con.matrix([C, D, A]), "cell_type_manual")


def test_a_matrix_is_scaled_to_a_spectral_radius(sample):
    matrix = sample.matrix(autapses=False)
    model = mw.RateModel(matrix)
    assert model.spectral_radius == pytest.approx(0.9)
    weights = model.network.weights.toarray()
    assert np.abs(np.linalg.eigvals(weights)).max() == pytest.approx(0.9)
    assert mw.RateModel(matrix, gain=2 * model.gain).spectral_radius == pytest.approx(1.8)
    assert mw.RateModel(matrix, spectral_radius=0.5).gain == pytest.approx(model.gain * 5 / 9)
    excitation, inhibition = mw.RateModel(matrix, inhibition=0.3).network.input_sums()
    both = (excitation > 0) & (inhibition > 0)
    np.testing.assert_allclose(inhibition[both], 0.3 * excitation[both])


def test_a_random_network_of_the_same_cells_is_a_model_too(sample):
    matrix = sample.matrix(autapses=False)
    chance = mw.RateModel(matrix.null("degrees", n=1, seed=7)[0], gain=1e-6)
    assert chance.network.n_cells == 336
    measured = mw.RateModel(matrix, gain=1e-6).network.weights
    assert chance.network.weights.sum() == pytest.approx(measured.sum())


@pytest.mark.parametrize(
    ("weights", "types", "stability"),
    [
        ([[0.5, 0.3], [-0.2, 0]], ["E", "I"], "stable"),
        # Excitation alone would grow (1.2); with inhibition, eigenvalues are 0.6 +- 0.66i.
        ([[1.2, 1.0], [-0.8, 0]], ["E", "I"], "stable with inhibition"),
        # Inhibition is too weak for the cell that excites itself, or does not reach it.
        ([[1.2, 0.1], [-0.1, 0]], ["E", "I"], "may grow"),
        ([[1.2, 0.1], [0, -0.1]], ["E", "I"], "unstable"),
        # Two inhibitory cells that inhibit one another: one wins, and rates stay bounded.
        ([[0, -2], [-2, 0]], ["I", "I"], "stable"),
    ],
)
def test_stability_is_reported_before_a_run_and_holds_in_it(weights, types, stability):
    model = mw.RateModel(weights, types)
    assert model.stability == stability
    assert stability in repr(model)
    response = model.impulse_response(duration=100, dt=0.02, cells=np.array([True, True]))
    decayed = response.decay_time(if_never=float("nan"))
    assert np.isnan(decayed) == (stability in ("may grow", "unstable"))


def test_a_network_that_may_grow_can_come_to_rest():
    # The eigenvalue above 1 is that of two inhibitory cells. One silences the other, and
    # then inhibits the cell that excites itself.
    model = mw.RateModel([[1.1, 0.9, 0.9], [-0.6, 0, -1.5], [-0.6, -1.5, 0]], ["E", "I", "I"])
    assert model.network.spectral_abscissa == pytest.approx(1.5)
    assert model.stability == "may grow"
    assert model.impulse_response(duration=60).decay_time() < 4


def test_growth_is_certain_only_if_nothing_holds_excitation_back():
    # The eigenvalue 3 is that of the two excitatory cells alone, too, but both inhibitory cells,
    # which they make active, inhibit them.
    weights = [[0, 3, 3, 3], [3, 0, 3, 3], [0, -3, 0, -3], [-3, -3, -3, 0]]
    model = mw.RateModel(weights, ["E", "E", "I", "I"])
    assert model.network.spectral_abscissa == pytest.approx(model.network.excitation_radius)
    assert model.stability == "may grow"
    for stimulated in np.eye(4, dtype=bool):
        assert model.impulse_response(duration=30, cells=stimulated).decay_time() < 5
    # Excitation with a larger radius is held back, but the cell of 1.2 is not.
    weights = [[1.5, 0, 2], [0, 1.2, 0], [-2, 0, 0]]
    assert mw.RateModel(weights, ["E", "E", "I"]).stability == "unstable"


@pytest.mark.parametrize("transfer", ["rectified", "linear"])
def test_activity_that_never_comes_to_rest_is_unstable(transfer):
    # The eigenvalue is 1, and is found to be 1 - 1e-15 or so.
    weights = np.full((7, 7), 0.1)
    np.fill_diagonal(weights, 0.4)
    model = mw.RateModel(weights, ["E"] * 7, transfer=transfer)
    assert model.stability == "unstable"
    assert model.slowest_time_constant == np.inf
    with pytest.raises(NoDecay, match="unstable"):
        model.impulse_response(duration=200).decay_time()


@pytest.mark.parametrize("seed", range(4))
def test_what_stability_says_holds_in_simulations_of_small_networks(seed):
    rng = np.random.default_rng(seed)
    for _ in range(12):
        n = int(rng.integers(2, 6))
        types = rng.choice(["E", "I"], n, p=[0.6, 0.4])
        # Equal weights, as in toy networks, whose eigenvalues coincide.
        weights = (rng.random((n, n)) < 0.6) * rng.choice([0.3, 0.5, 1.0, 1.5])
        model = mw.RateModel(weights * np.where(types == "E", 1, -1)[:, None], types)
        stimuli = [*np.eye(n, dtype=bool), np.ones(n, dtype=bool)]
        ends = [_last_rate(model, stimulated) for stimulated in stimuli]
        if model.stability == "stable":
            assert max(ends) < 1e-2
        if model.stability == "unstable":
            assert max(ends) > 1e-1


def _last_rate(model: mw.RateModel, stimulated: np.ndarray) -> float:
    try:
        response = model.impulse_response(end=3, duration=20, cells=stimulated)
    except RatesDiverged:
        return np.inf
    return float(response.rates[:, -1].max())


def test_a_step_with_which_fading_swings_would_grow_is_refused():
    # Eigenvalues are 10i and -10i: a step multiplies activity by |1 - h + 10ih|.
    weights, types = [[0, 10], [-10, 0]], ["E", "I"]
    model = mw.RateModel(weights, types, transfer="linear")
    assert model.stability == "stable"
    with pytest.raises(InvalidArgument, match=r"dt=0\.01 is too long: .* dt=0\.001") as refusal:
        model.impulse_response(duration=20)
    assert "swings" in str(refusal.value)
    assert model.impulse_response(duration=20, dt=0.001).decay_time() < 3
    # Where excitation has no loops, rectified rates fade with any step.
    assert mw.RateModel(weights, types).impulse_response(duration=20).decay_time() < 3


def test_a_simulation_too_long_for_any_memory_is_refused():
    model = mw.RateModel([[0.5]], ["E"])
    with pytest.raises(InvalidArgument, match=r"inf steps .* at most duration=1\.2e"):
        model.impulse_response(duration=1e308)


def test_linear_rates_are_stable_by_eigenvalues_alone():
    assert mw.RateModel([[0, -2], [-2, 0]], ["I", "I"], transfer="linear").stability == "unstable"


def test_eigenvalues_of_large_and_small_networks_agree(monkeypatch):
    weights = mw.lognormal_network(300, probability=0.05, seed=2).weights
    values = np.linalg.eigvals(weights.toarray())
    expected = pytest.approx((np.abs(values).max(), values.real.max()))
    assert extreme_eigenvalues(weights) == expected
    monkeypatch.setattr(spectrum, "_DENSE", 300)
    assert extreme_eigenvalues(weights) == expected


def test_a_network_without_loops_has_eigenvalues_of_exactly_zero(rng):
    order = rng.permutation(60)
    weights = np.triu(rng.random((60, 60)), k=1)[np.ix_(order, order)]
    network = mw.SignedNetwork(weights, ["E"] * 60)
    assert (network.spectral_radius, network.spectral_abscissa) == (0, 0)
    with pytest.raises(InvalidArgument, match=r"no loops.*gain="):
        mw.RateModel(network, spectral_radius=0.9)


def test_growth_beyond_all_bounds_is_an_error_with_its_cause_and_cure():
    model = mw.RateModel(mw.lognormal_network(gain=0.02, seed=0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        message = r"may grow \(spectral radius 7\.9.*spectral_radius=0\.9"
        with pytest.raises(RatesDiverged, match=message):
            model.impulse_response()


def test_activity_that_does_not_decay_is_reported_and_printed_in_the_figure():
    response = mw.RateModel([[1.0]], ["E"]).impulse_response(duration=20)
    with pytest.raises(NoDecay, match=r"below 0\.01 of the stimulus in the 4\.99 s .* unstable"):
        response.decay_time()
    assert response.decay_time(if_never=99) == 99
    notes = {text.get_text() for text in response.plot().texts}
    assert {"network: unstable", "activity does not decay in the simulated time"} <= notes


def test_a_figure_has_a_line_per_type_the_stimulus_and_the_decay(sample):
    response = mw.RateModel(sample.matrix(autapses=False)).impulse_response(duration=20)
    ax = response.plot(by="type")
    assert len(ax.lines) == 11 + 1
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (s)", "mean rate (a.u.)")
    texts = [text.get_text() for text in ax.texts]
    assert any(text.startswith("decays in 1.5") for text in texts)
    assert "synthetic sample" in texts
    by_type = response.by_type()
    own = response.rates[response.types == "BC"].mean(axis=0)
    np.testing.assert_allclose(by_type["BC"], own)
    drawn = next(line for line in ax.lines if line.get_label() == "BC")
    np.testing.assert_allclose(drawn.get_ydata(), own)


def test_decay_can_be_measured_of_one_type(sample):
    response = mw.RateModel(sample.matrix(autapses=False)).impulse_response(duration=20)
    times = {kind: response.decay_time(cell_type=kind) for kind in ("BC", "MC", "E", "I")}
    assert times["E"] == response.decay_time()
    assert len(set(times.values())) > 1
    with pytest.raises(InvalidArgument, match=r"class 'XY'\. Expected one of '23P'"):
        response.decay_time(cell_type="XY")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda con: mw.RateModel(con.matrix([A, B], [A, C])), MatrixError, "con.matrix"),
        (lambda con: mw.RateModel(con.matrix(value="log10_sum")), MatrixError, "with_value"),
        (lambda con: mw.RateModel([[0, 1], [1, 0]]), InvalidType, "types"),
        (lambda con: mw.RateModel("matrix", ["E"]), MatrixError, "square matrix of numbers"),
        (lambda con: mw.RateModel([[0, 1]], ["E"]), MatrixError, r"shape \(1, 2\)"),
        (lambda con: mw.RateModel([[np.nan]], ["E"]), MatrixError, "not a finite"),
        (lambda con: mw.RateModel(con.matrix([])), MatrixError, "no cells"),
        (lambda con: mw.RateModel([[0.1]], ["E", "I"]), MatrixError, "2 types for 1 cells"),
        (lambda con: mw.RateModel([[0.1]], 3), InvalidType, "a type for each cell"),
        (lambda con: mw.RateModel([[0.1]], ["E"], tau=0), InvalidArgument, "tau=0"),
        (lambda con: mw.RateModel([[0.1]], ["E"], transfer="relu"), InvalidArgument, "'linear'"),
        (
            lambda con: mw.RateModel([[0.1]], ["E"], gain=1, spectral_radius=1),
            InvalidCall,
            "Omit one",
        ),
    ],
)
def test_what_is_no_circuit_is_refused(con, call, error, message):
    with pytest.raises(error, match=message):
        call(con)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": 15.0, "end": 1.0}, "0 < start < end < duration"),
        ({"end": 60.0}, "0 < start < end < duration"),
        ({"dt": 0.3}, r"dt=0\.3 is too long.*dt=0\.02"),
        ({"dt": -0.1}, r"dt=-0\.1 is not valid"),
        ({"duration": 2e9}, "too many to hold in memory"),
        ({"strength": 0.0}, "strength=0"),
        ({"start": 1.001, "end": 1.002}, "No time step lies between"),
        ({"cells": [True]}, "True or False for each of the 2 cells"),
        ({"cells": np.array([False, False])}, "at least one True"),
    ],
)
def test_an_impulse_that_cannot_be_is_refused(arguments, message):
    model = mw.RateModel([[0, 0.1], [-0.1, 0]], ["E", "I"])
    with pytest.raises(InvalidArgument, match=message):
        model.impulse_response(**arguments)


@pytest.mark.parametrize("stimulus", ["loud", [1, 2], np.zeros((3, 5)), [[np.inf], [0.0]]])
def test_a_stimulus_of_another_shape_is_refused(stimulus):
    model = mw.RateModel([[0, 0.1], [-0.1, 0]], ["E", "I"])
    with pytest.raises(InvalidArgument, match=r"stimulus"):
        model.run(stimulus)


def test_any_stimulus_has_no_decay_time():
    response = mw.RateModel([[0.1]], ["E"]).run(np.ones((1, 9)))
    assert response.decay_time.__doc__
    with pytest.raises(InvalidArgument, match="impulse_response"):
        response.decay_time()
    assert len(response.plot().lines) == 1
    assert len(repr(response)) < 120
