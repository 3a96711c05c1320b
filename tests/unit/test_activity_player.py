"""The activity player shows rate models of the same cells, and Python has the same simulation."""

from __future__ import annotations

import base64
import gzip
import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from small_world import A, B, C, D
from test_columns import read

import microns_widgets as mw
from microns_widgets.errors import (
    InvalidArgument,
    InvalidType,
    MatrixError,
    MicronsError,
    TooManyCells,
)
from microns_widgets.network.ordering import soma_depths
from microns_widgets.widgets import _player_networks
from microns_widgets.widgets._player_data import RATIOS
from tests import player_fixture


@pytest.fixture
def con(cells, synapses) -> mw.Connectome:
    return mw.Connectome(cells, synapses)


@pytest.fixture
def matrix(con: mw.Connectome) -> mw.ConnectivityMatrix:
    return con.matrix([A, B, C])


@pytest.fixture(scope="module")
def player(sample: mw.Connectome) -> mw.ActivityPlayer:
    matrix = sample.matrix(autapses=False)
    return mw.ActivityPlayer(matrix, beside=matrix.null("degrees", n=1, seed=7))


def tables(block: bytes) -> list[dict[str, list]]:
    """Take a block apart as the front end does."""
    content = gzip.decompress(block)
    numbers = np.frombuffer(content, dtype="<u4", count=20)
    n = int(np.flatnonzero(numbers == 0)[0])
    ends = np.cumsum([4 * (n + 1), *numbers[:n]])
    assert ends[-1] == len(content)
    return [read(content[start:end]) for start, end in pairwise(ends)]


def test_a_matrix_becomes_a_model_of_radius_0_9(player: mw.ActivityPlayer) -> None:
    assert list(player.models) == ["observed", "shuffled"]
    assert player.models["observed"].spectral_radius == pytest.approx(0.9)


def test_what_is_beside_it_has_its_settings(matrix: mw.ConnectivityMatrix) -> None:
    model = mw.RateModel(matrix, spectral_radius=0.5, inhibition=0.3, tau=0.1, transfer="linear")
    other = mw.ActivityPlayer(model, matrix.null("density", n=1)).models["shuffled"]
    assert (other.gain, other.inhibition) == (model.gain, 0.3)
    assert (other.tau, other.transfer) == (0.1, "linear")


def test_a_model_beside_it_keeps_its_own_gain(matrix: mw.ConnectivityMatrix) -> None:
    model, other = mw.RateModel(matrix), mw.RateModel(matrix, spectral_radius=0.2)
    player = mw.ActivityPlayer(model, {"weaker": other}, gain=2)
    radii = {label: one.spectral_radius for label, one in player.models.items()}
    assert radii == pytest.approx({"observed": 1.8, "weaker": 0.4})
    player.same = "spectral_radius"
    assert player.models["weaker"].spectral_radius == pytest.approx(1.8)


def test_the_response_is_that_of_the_model(player: mw.ActivityPlayer) -> None:
    player.stimulus_types = ["4P"]
    model = player.models["observed"]
    own = model.impulse_response(start=1, end=5, duration=20, cells=model.types == "4P")
    np.testing.assert_array_equal(player.response.rates, own.rates)
    assert player.responses["observed"].decay_time() == own.decay_time()
    player.stimulus_types = []


def test_inhibition_leaves_the_gain_as_it_is(player: mw.ActivityPlayer) -> None:
    before = player.models["observed"]
    player.inhibition = 0.5
    after = player.models["observed"]
    player.inhibition = None
    assert after.gain == before.gain
    excitation, inhibition = after.network.input_sums()
    has_both = inhibition > 0
    assert inhibition[has_both] == pytest.approx(0.5 * excitation[has_both])


@pytest.mark.parametrize(
    ("stimulus", "expected"),
    [
        ({}, [True, False, False]),
        ({"stimulus_types": ["BC"]}, [False, True, False]),
        ({"stimulus_types": ["I"]}, [False, True, True]),
        ({"stimulus_types": ["BC"], "stimulus_cells": [A]}, [True, False, False]),
    ],
)
def test_cells_come_before_types_and_types_before_the_default(
    matrix: mw.ConnectivityMatrix, stimulus: dict[str, Any], expected: list[bool]
) -> None:
    assert mw.ActivityPlayer(matrix, **stimulus).stimulated.tolist() == expected


def test_cells_of_an_artificial_network_have_their_row_numbers_as_ids() -> None:
    player = mw.ActivityPlayer(mw.lognormal_network(30), stimulus_cells=[0, 29], cell=5)
    assert player.labels == ["network"]
    assert np.flatnonzero(player.stimulated).tolist() == [0, 29]
    assert np.isnan(player._at).all()


def test_random_inhibition_leaves_measured_cells_at_their_places(sample: mw.Connectome) -> None:
    matrix = mw.recurrent_matrix(sample, more_than=4)
    player = mw.ActivityPlayer(mw.with_random_inhibition(matrix))
    n = len(matrix.pre_ids)
    assert player._ids[:n].tolist() == matrix.pre_ids.tolist()
    assert player._ids[n:].tolist() == list(range(n, len(player._ids)))
    depth = soma_depths(matrix.pre, sample.source)
    np.testing.assert_allclose(player._at[:n, 1], depth)
    assert np.isnan(player._at[n:]).all()


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"model": 3}, InvalidType, "was given int, expected a RateModel"),
        ({"beside": 3}, InvalidType, "NullModel, or a dict of these"),
        ({"beside": {1: 3}}, InvalidType, "label 1, expected text"),
        ({"beside": mw.lognormal_network(40)}, MatrixError, "types of cells .* one matrix"),
        ({"label": "beside", "beside": "itself"}, InvalidArgument, "Two networks have the label"),
        ({"beside": dict.fromkeys("abc")}, InvalidArgument, "3 networks, expected at most 2"),
        ({"stimulus_types": ["23"]}, InvalidArgument, "Did you mean '23P'"),
        ({"stimulus_cells": [D]}, MatrixError, "not one of the 3 cells"),
        ({"cell": D}, MatrixError, r"mw.RateModel\(con.matrix\(ids\)\)"),
        ({"stimulus_times": (5, 3)}, InvalidArgument, "an end that is later"),
        ({"stimulus_times": (1, 25)}, InvalidArgument, "duration=60"),
        ({"stimulus_times": "ab"}, InvalidType, "a start and an end"),
        ({"gain": 0}, InvalidArgument, "from 0.001 to 100"),
        ({"inhibition": -1}, InvalidArgument, "from 0 to 10"),
        ({"same": "radius"}, InvalidArgument, "spectral_radius"),
        ({"duration": 0.1}, InvalidArgument, "expected 50 to 20,000"),
        ({"dt": 1}, InvalidArgument, "dt=1 is too long"),
    ],
)
def test_what_cannot_be_played_is_refused_with_a_cure(
    matrix: mw.ConnectivityMatrix, given: dict[str, Any], error: type[MicronsError], message: str
) -> None:
    arguments = {"model": matrix, **given}
    if arguments.get("beside") == "itself":
        arguments["beside"] = matrix
    with pytest.raises(error, match=message):
        mw.ActivityPlayer(**arguments)


def test_other_cells_of_the_same_types_are_refused(con: mw.Connectome) -> None:
    first, other = con.matrix([A, D]), con.matrix([D, A])
    with pytest.raises(MatrixError, match="'beside' does not have the cells of 'observed'"):
        mw.ActivityPlayer(first, other)


def test_another_time_constant_beside_it_is_refused(matrix: mw.ConnectivityMatrix) -> None:
    with pytest.raises(InvalidArgument, match=r"tau=0\.1 .* one clock"):
        mw.ActivityPlayer(matrix, mw.RateModel(matrix, tau=0.1))


def test_too_many_cells_are_refused(
    matrix: mw.ConnectivityMatrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_player_networks, "MOST_CELLS", 2)
    with pytest.raises(TooManyCells, match=r"3 cells with 4 connections .* at most 2 cells"):
        mw.ActivityPlayer(matrix)


def test_a_short_simulation_has_a_short_stimulus(matrix: mw.ConnectivityMatrix) -> None:
    assert mw.ActivityPlayer(matrix, duration=2).stimulus_times == (0.2, 1.0)


def test_the_block_has_cells_spectra_and_connections(matrix: mw.ConnectivityMatrix) -> None:
    player = mw.ActivityPlayer(mw.RateModel(matrix, gain=0.001, inhibition=0.5))
    cells, spectra, connections = tables(player._block([2.0]))
    assert cells["pt_root_id"] == [A, B, C]
    assert (cells["type"], cells["sign"]) == (["23P", "BC", "MC"], [1, -1, -1])
    assert (cells["n0"], cells["depth"] == sorted(cells["depth"])) == ([1, 2, 1], True)
    # Synapses of inhibitory cells are negative, and neither gain nor balance has been applied.
    assert connections == {"gap": [1, 0, 1, 0], "weight": [400, -700, -20, -1]}
    assert spectra["ratio"] == [None, 2.0]
    for ratio, radius in zip([0.5, 2.0], spectra["radius0"], strict=True):
        own = mw.RateModel(matrix, gain=1, inhibition=ratio)
        assert radius == pytest.approx(own.spectral_radius)
    assert spectra["excitation0"] == [0, 0]


def test_a_page_without_python_has_the_spectra_of_the_slider_and_of_its_own_ratio(
    matrix: mw.ConnectivityMatrix,
) -> None:
    player = mw.ActivityPlayer(matrix, inhibition=0.123, playing=True)
    state = player._page_state([])
    ratios = tables(state["data"])[1]["ratio"]
    assert sorted(ratios[1:]) == sorted([*RATIOS, 0.123])
    assert state["playing"] is False


def test_python_answers_what_decides_stability(player: mw.ActivityPlayer) -> None:
    sent: list[Any] = []
    player.send = lambda message, buffers: sent.append((message, buffers))
    for name, content in (("networks", None), ("spectrum", 0.7)):
        player._receive(player, {"kind": "ask", "id": name, "name": name, "content": content}, [])
    (_, [block]), (answer, _) = sent
    assert len(tables(block)) == 4
    player.inhibition = 0.7
    models = player.models.values()
    player.inhibition = None
    expected = [one.spectral_radius / one.gain for one in models]
    assert [radius for radius, *_ in answer["content"]] == pytest.approx(expected)


def test_the_line_of_python_makes_the_same_player(matrix: mw.ConnectivityMatrix) -> None:
    settings = {"gain": 1.2, "stimulus_types": ["BC"], "stimulus_times": (2, 3), "cell": B}
    player = mw.ActivityPlayer(matrix, matrix, label="a", duration=10, dt=0.02, **settings)
    line = player.to_code()
    again = eval(line, {"mw": mw, "matrix": matrix, "other": matrix})
    assert again.to_code() == line
    assert (again.gain, again.stimulus_times, again.cell) == (1.2, (2.0, 3.0), B)
    assert again.fixed == player.fixed


def test_a_time_after_the_end_is_the_end(matrix: mw.ConnectivityMatrix) -> None:
    player = mw.ActivityPlayer(matrix)
    player.time = 100
    assert player.time == 20


def test_the_picture_has_a_column_for_each_network_and_says_what_is_unstable(
    player: mw.ActivityPlayer,
) -> None:
    figure = player._still()
    assert [ax.get_title() for ax in figure.axes[:2]] == ["observed", "shuffled"]
    unstable = mw.ActivityPlayer(
        mw.RateModel([[0.0, 20.0], [20.0, 0.0]], ["E", "E"], tau=0.2), duration=14, dt=0.008
    )
    texts = [text.get_text() for text in unstable._still().axes[0].texts]
    assert texts == ["rates grow beyond all bounds"]


def test_the_front_ends_tests_read_what_is_sent_now() -> None:
    fixture = json.loads(player_fixture.FILE.read_text(encoding="utf-8"))
    now = json.loads(json.dumps(player_fixture.content()))
    packed = [base64.b64decode(one.pop("data")["$base64"]) for one in (fixture, now)]
    # gzip's bytes and the last digits may differ from one machine to another.
    old, new = (tables(block) for block in packed)
    for before, after in zip(old, new, strict=True):
        for name, values in before.items():
            if isinstance(values[0], str):
                assert values == after[name]
            else:
                np.testing.assert_allclose(np.array(values, float), np.array(after[name], float))
    for before, after in zip(fixture.pop("cases"), now.pop("cases"), strict=True):
        assert (before["name"], before["code"]) == (after["name"], after["code"])
        for one, other in zip(before["results"], after["results"], strict=True):
            assert one["stability"] == other["stability"]
            assert one["radius"] == pytest.approx(other["radius"])
            if "rates" in one:
                np.testing.assert_allclose(one["rates"], other["rates"], atol=1e-9)
    del fixture["state"]["fixed"], now["state"]["fixed"]
    assert fixture == now


def test_a_label_with_a_formula_is_drawn_as_text():
    network = mw.SignedNetwork([[0.1]], ["E"])
    figure = mw.ActivityPlayer(network, label=r"$\frac{$")._still()
    assert figure.axes[0].get_title() == r"$\frac{$"
    figure.canvas.draw()


def test_slow_cells_get_a_stimulus_of_many_steps_and_a_duration_that_fits():
    slow = mw.RateModel([[0.5]], ["E"], tau=250)
    player = mw.ActivityPlayer(slow, duration=36_000)
    assert player.stimulus_times == (3600, 18_000)
    assert player.response.decay_time() > 250
    with pytest.raises(InvalidArgument, match=r"e\+30\d steps .*duration from"):
        mw.ActivityPlayer(slow, duration=1e307)
    with pytest.raises(InvalidArgument, match=r"steps of 0\.01 s, expected 50 to 20,000\. Choose"):
        mw.ActivityPlayer(mw.RateModel([[0.5]], ["E"]), duration=36_000)
