"""Distributions of strengths and degrees are drawn on logarithmic axes, and nothing is lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawing import draw, legend_texts, points_drawn, sample, scatters, written
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgba

from microns_widgets import palette
from microns_widgets.errors import InvalidArgument, UnknownColumn
from microns_widgets.plots import plot_degrees, plot_strengths


def bars(ax) -> tuple[np.ndarray, np.ndarray]:
    """Heights and edges of the histogram's bars."""
    heights = np.array([bar.get_height() for bar in ax.patches])
    edges = np.array(
        [bar.get_x() for bar in ax.patches] + [ax.patches[-1].get_x() + ax.patches[-1].get_width()]
    )
    return heights, edges


def test_every_connection_is_in_one_bar_on_a_logarithmic_axis(rng):
    ax = plot_strengths(rng.lognormal(8, 1, 500), bins=20)
    heights, edges = bars(ax)
    assert heights.sum() == 500
    assert len(heights) == 20
    np.testing.assert_allclose(np.diff(np.log(edges)), np.diff(np.log(edges))[0])
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "summed synapse size (voxels)"


def test_the_fit_recovers_the_log_normal_distribution_that_was_drawn_from(rng):
    strengths = 10 ** rng.normal(3.5, 0.4, 20_000)
    ax = plot_strengths(strengths)
    (curve,) = ax.lines
    x, y = curve.get_data()
    assert np.log10(x[y.argmax()]) == pytest.approx(3.5, abs=0.02)
    half = np.log10(x[y > y.max() * np.exp(-0.5)])
    assert np.ptp(half) / 2 == pytest.approx(0.4, abs=0.02)
    (text,) = (own for own in written(ax) if "log-normal" in own)
    median = 10 ** np.log10(strengths).mean()
    assert f"20,000 connections\nlog-normal: median {median:,.0f}, σ = 0.40 decades" == text


def test_the_curve_is_as_high_as_the_bars(rng):
    ax = plot_strengths(10 ** rng.normal(3.5, 0.4, 50_000), bins=40)
    heights, edges = bars(ax)
    x, y = ax.lines[0].get_data()
    middle = np.sqrt(edges[1:] * edges[:-1])
    expected = np.interp(np.log(middle), np.log(x), y)
    np.testing.assert_allclose(heights, expected, atol=0.04 * heights.max())


def test_strengths_of_zero_are_left_out_and_counted():
    ax = plot_strengths([0, 0, 10, 100, 1000])
    assert bars(ax)[0].sum() == 3
    assert any("3 connections; 2 values of 0 or less omitted" in text for text in written(ax))


@pytest.mark.parametrize("strengths", [[], [5], [5, 5, 5], [0, 0]])
def test_too_few_strengths_for_a_distribution_say_so(strengths):
    ax = draw(plot_strengths(strengths))
    n = sum(value > 0 for value in strengths)
    assert ax.get_title() == f"{n} connections: too few for a distribution"


def test_strengths_that_are_not_numbers_are_refused():
    with pytest.raises(InvalidArgument, match="strengths are not numbers"):
        plot_strengths(["strong", "weak"])


def test_strengths_of_the_sample_say_that_it_is_synthetic():
    _, ax = plt.subplots()
    matrix = sample().matrix()
    assert plot_strengths(matrix.strengths(), source=matrix.source, ax=ax) is ax
    assert "synthetic sample" in written(ax)
    assert bars(ax)[0].sum() == matrix.n_connections


DEGREES = pd.DataFrame(
    {
        "n_inputs": [100, 2000, 300],
        "n_outputs": [40, 50, 6000],
        "n_input_partners": [90, 1000, 200],
        "n_output_partners": [30, 40, 900],
    }
)
TYPES = ["23P", "BC", ""]


def test_a_cell_is_at_its_numbers_of_inputs_and_outputs_in_its_types_colour():
    ax = plot_degrees(DEGREES, TYPES)
    colors = {tuple(own.get_offsets()[0]): own.get_facecolor()[0, :3] for own in scatters(ax)}
    for (x, y), label in zip(DEGREES[["n_inputs", "n_outputs"]].to_numpy(), TYPES, strict=True):
        np.testing.assert_allclose(colors[x, y], to_rgba(palette.color(label))[:3])
    assert legend_texts(ax) == ["23P (1)", "BC (1)", "unknown (1)"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == (
        "inputs: synapses received",
        "outputs: synapses made",
    )


def test_partners_can_be_counted_instead_of_synapses():
    ax = plot_degrees(DEGREES, TYPES, of="partners")
    assert {tuple(point) for point in points_drawn(ax)} == {(90, 30), (1000, 40), (200, 900)}
    assert (ax.get_xlabel(), ax.get_ylabel()) == (
        "inputs: presynaptic partners",
        "outputs: postsynaptic partners",
    )


def test_every_cell_is_within_the_axes_those_without_outputs_too():
    ax = plot_degrees(DEGREES.assign(n_outputs=[0, 50, 6000]), TYPES)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "symlog")
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 100 < 2000 < right
    assert bottom < 0 < 6000 < top
    draw(ax)
    labels = [text.get_text() for text in ax.get_yticklabels()]
    assert "0" in labels
    assert "1,000" in labels


def test_cells_without_outputs_take_less_of_the_axis_than_a_decade():
    ax = draw(plot_degrees(DEGREES.assign(n_outputs=[0, 50, 6000]), TYPES))
    zero, ten, hundred = ax.transData.transform([(100, 0), (100, 10), (100, 100)])[:, 1]
    assert 0 < ten - zero < hundred - ten


@pytest.mark.parametrize("n", [0, 1])
def test_degrees_of_hardly_any_cells_are_drawn(n):
    frame = DEGREES.iloc[:n].assign(n_inputs=0, n_outputs=0)
    assert (
        sum(len(own.get_offsets()) for own in scatters(draw(plot_degrees(frame, TYPES[:n])))) == n
    )


def test_degrees_of_the_sample_say_that_it_is_synthetic():
    con = sample()
    ids = con.select(proofread=True)
    _, ax = plt.subplots()
    assert plot_degrees(con.degrees().loc[ids], con.labels(ids), ax=ax) is ax
    assert len(points_drawn(ax)) == len(ids)
    assert "synthetic sample" in written(ax)


def test_wrong_degrees_are_refused():
    with pytest.raises(InvalidArgument, match="Expected one of 'synapses', 'partners'"):
        plot_degrees(DEGREES, TYPES, of="cells")
    with pytest.raises(InvalidArgument, match="2 labels for 3 cells, expected one label for each"):
        plot_degrees(DEGREES, TYPES[:2])
    with pytest.raises(UnknownColumn, match="degrees has no column 'n_inputs'"):
        plot_degrees(DEGREES[["n_outputs"]], TYPES)
