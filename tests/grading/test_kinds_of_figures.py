"""A figure is judged by what is on its axes, however it was drawn."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from microns_widgets.grading.kinds import alike, capture_answer, judge_answer
from microns_widgets.grading.review.drawing import draw
from tests.grading.answers import answer_of, complaints, judge_values, payload_of

POINTS = answer_of(
    "figure",
    marks="points",
    colours=True,
    legend=True,
    x={"label": ["distance"], "unit": "um"},
    y={"unit": "um"},
)
BARS = answer_of("figure", marks="bars")
LINES = answer_of("figure", marks="lines")
IMAGE = answer_of("figure", marks="image")


@pytest.fixture
def synapses(rng) -> pd.DataFrame:
    n = 200
    return pd.DataFrame(
        {
            "distance": rng.gamma(2, 100, n),
            "depth": rng.uniform(0, 800, n).round(-1),
            "type": rng.choice(["BC", "MC", "23P"], n),
        }
    )


def with_seaborn(synapses: pd.DataFrame):
    _, ax = plt.subplots()
    sns.scatterplot(synapses, x="distance", y="depth", hue="type", ax=ax)
    ax.set(xlabel="distance to the soma (µm)", ylabel="depth (µm)")
    return ax


def by_hand(synapses: pd.DataFrame, scale: float = 1.0, groups: str = "type"):
    figure, ax = plt.subplots()
    for name, group in synapses.groupby(groups):
        ax.plot(group["distance"] * scale, group["depth"], "o", label=str(name))
    ax.set(xlabel="Distance [um]", ylabel="Depth [$\\mu$m]")
    ax.legend()
    return figure


def test_the_same_points_are_the_same_figure_in_any_colours_and_by_any_library(synapses):
    right = with_seaborn(synapses)
    for drawn in (right, right.figure, by_hand(synapses), [by_hand(synapses).axes[0]]):
        assert judge_values(drawn, right, POINTS).share == 1
    grid = sns.relplot(synapses, x="distance", y="depth", hue="type")
    grid.set_axis_labels("distance (um)", "depth (um)")
    assert judge_values(grid, right, answer_of("figure", marks="points", colours=True)).share == 1


def test_points_in_nanometres_are_misplaced(synapses):
    found = judge_values(by_hand(synapses, 1000), with_seaborn(synapses), POINTS)
    assert found.share == 0
    assert "misplaced or missing" in found.complaints[0]


def test_labels_do_not_help_where_points_are_missing(synapses):
    found = judge_values(with_seaborn(synapses[:150]), with_seaborn(synapses), POINTS)
    assert found.share == 0
    assert found.complaints[0] == "shows 150 points, which is not the expected number."


def test_points_coloured_by_other_groups_lose_the_colours_share(synapses):
    other = synapses.assign(half=synapses["depth"] > 400)
    found = judge_values(by_hand(other, groups="half"), with_seaborn(synapses), POINTS)
    assert 0.5 < found.share < 1
    assert "does not colour its marks by the required groups." in found.complaints


def test_a_label_without_its_unit_is_told_in_practice(synapses):
    ax = with_seaborn(synapses)
    ax.set_xlabel("distance")
    assert complaints(ax, POINTS) == ["has a label on its x axis without the unit um."]
    ax.set_xlabel("x (um)")
    assert complaints(ax, POINTS) == ["has a label on its x axis that does not contain 'distance'."]
    ax.set_xlabel("")
    ax.get_legend().remove()
    assert complaints(ax, POINTS) == [
        "has no label on its x axis.",
        "has no legend that names its colours.",
    ]


def test_a_mark_for_the_soma_may_be_spared(synapses):
    spare = answer_of("figure", marks="points", spare=1)
    ax = with_seaborn(synapses)
    ax.scatter([0], [300], c="k")
    assert judge_values(ax, with_seaborn(synapses), spare).share == 1
    assert judge_values(ax, with_seaborn(synapses), answer_of("figure", marks="points")).share == 0


def test_a_jittered_axis_need_not_be_compared(synapses, rng):
    one_axis = answer_of("figure", marks="points", positions="x")
    jittered = synapses.assign(depth=synapses["depth"] + rng.normal(0, 50, len(synapses)))
    assert judge_values(with_seaborn(jittered), with_seaborn(synapses), one_axis).share == 1
    assert judge_values(with_seaborn(synapses[1:]), with_seaborn(synapses), one_axis).share == 0


def test_a_scale_that_is_asked_for_is_looked_at(synapses):
    logarithmic = answer_of("figure", marks="points", x={"scale": "log"})
    right = with_seaborn(synapses)
    right.set_xscale("log")
    assert complaints(with_seaborn(synapses), logarithmic) == ["has a x axis that is not log."]
    assert judge_values(with_seaborn(synapses), right, logarithmic).share == pytest.approx(2 / 3)
    assert judge_values(right, right, logarithmic).share == 1


def test_bars_are_compared_standing_or_lying(synapses):
    counts = synapses["type"].value_counts().sort_index()
    right = counts.plot.bar()
    _, ax = plt.subplots()
    assert judge_values(ax.barh(range(3), counts), right, BARS).share == 1
    _, ax = plt.subplots()
    assert judge_values(ax.bar(range(3), counts + 40), right, BARS).share == 0


def test_a_histogram_is_known_by_its_bars(synapses):
    _, axes = plt.subplots(2)
    drawn = axes[0].hist(synapses["distance"], bins=10)
    sns.histplot(synapses["distance"], bins=10, ax=axes[1])
    assert judge_values(drawn, axes[1], BARS).share == 1
    _, ax = plt.subplots()
    ax.hist(synapses["distance"], bins=20)
    assert judge_values(ax, axes[1], BARS).share == 0


def test_lines_are_compared_by_their_course():
    x = np.linspace(0, 10, 400)

    def drawn(y, points=x):
        _, ax = plt.subplots()
        ax.plot(points, y)
        return ax

    assert judge_values(drawn(np.sin(x[::2]), x[::2]), drawn(np.sin(x)), LINES).share == 1
    assert judge_values(drawn(np.cos(x)), drawn(np.sin(x)), LINES).share == 0


def test_a_matrix_plot_is_known_by_its_pattern(sample):
    matrix = sample.matrix(value="count").sort("cell_type_auto")
    right = matrix.plot()
    _, ax = plt.subplots()
    ax.imshow(matrix.to_numpy() > 0)
    assert judge_values(ax, right, IMAGE).share == 1
    assert judge_values(matrix.sort("degree").plot(), right, IMAGE).share == 0


def test_a_small_heatmap_is_known_by_its_values(sample):
    summary = sample.matrix().by_type()
    _, (left, middle, last) = plt.subplots(1, 3)
    sns.heatmap(summary.probability, ax=left)
    middle.imshow(summary.probability)
    sns.heatmap(summary.mean_size, ax=last)
    assert judge_values(middle, left, IMAGE).share == 1
    assert judge_values(last, left, IMAGE).share == 0


def test_a_figure_that_lacks_a_label_is_recognised_as_such(synapses):
    ax, other = with_seaborn(synapses), with_seaborn(synapses)
    ax.set_xlabel("")
    assert not alike(payload_of(other, POINTS), payload_of(ax, POINTS), POINTS)
    other.set_xlabel("")
    assert alike(payload_of(other, POINTS), payload_of(ax, POINTS), POINTS)


def test_an_empty_figure_and_what_is_none_are_told(synapses):
    _, ax = plt.subplots()
    assert complaints(ax, POINTS) == ["shows no points."]
    assert "expected a figure" in capture_answer({"x": synapses}, POINTS).why


def test_a_figure_with_very_many_points_stays_small(rng):
    _, ax = plt.subplots()
    ax.scatter(*rng.normal(size=(2, 300_000)))
    (axes,) = payload_of(ax, POINTS)["axes"]
    assert axes["points"]["n"] == 300_000
    assert len(axes["points"]["x"]) <= 20_000


@pytest.mark.parametrize("share", [1e-4, 1e-3, 0.004])
def test_points_with_a_little_noise_are_not_the_points(synapses, rng, share):
    right = with_seaborn(synapses)
    span = synapses["distance"].max() - synapses["distance"].min()
    noisy = synapses.assign(distance=synapses["distance"] + rng.normal(0, share * span, 200))
    assert judge_values(with_seaborn(noisy), right, POINTS).share == 0
    tolerant = answer_of("figure", marks="points", abs=float(6 * share * span))
    assert judge_values(with_seaborn(noisy), right, tolerant).share == 1


def test_points_in_another_order_and_precision_are_the_points(synapses, rng):
    right = with_seaborn(synapses)
    shuffled = synapses.sample(frac=1, random_state=1).astype({"distance": "float32"})
    assert judge_values(with_seaborn(shuffled), right, POINTS).share == 1
    assert judge_values(by_hand(shuffled), right, POINTS).share == 1


def test_a_point_drawn_twice_does_not_stand_for_another_one(synapses):
    plain = answer_of("figure", marks="points")
    twice = pd.concat([synapses[:-1], synapses[:1]])
    assert judge_values(with_seaborn(twice), with_seaborn(synapses), plain).share == 0


def test_bars_are_compared_by_their_lengths():
    def drawn(heights):
        _, ax = plt.subplots()
        return ax.bar(range(3), heights)

    assert judge_values(drawn([1000.0, 20, 3]), drawn([1000, 20, 3]), BARS).share == 1
    assert judge_values(drawn([1001, 20, 3]), drawn([1000, 20, 3]), BARS).share == 0


def line(y, x=None):
    _, ax = plt.subplots()
    ax.plot(np.linspace(0, 10, len(y)) if x is None else x, y)
    return ax


X = np.linspace(0, 10, 300)


@pytest.mark.parametrize("n", [150, 300, 301, 599, 1000, 6000])
def test_a_curve_may_have_another_number_of_points(n):
    x = np.linspace(0, 10, n)
    assert judge_values(line(np.sin(x), x), line(np.sin(X), X), LINES).share == 1
    assert judge_values(line(np.sin(x)[::-1], x[::-1]), line(np.sin(X), X), LINES).share == 1


def test_a_straight_line_needs_only_its_ends():
    assert judge_values(line([1, 3], [0, 10]), line(1 + X / 5, X), LINES).share == 1
    assert judge_values(line([1, 3.01], [0, 10]), line(1 + X / 5, X), LINES).share == 0


@pytest.mark.parametrize("key", [np.sin(X), np.random.default_rng(3).normal(size=300).cumsum()])
@pytest.mark.parametrize("share", [1e-4, 1e-3, 0.01])
def test_a_line_with_noise_is_not_the_line(key, share, rng):
    assert judge_values(line(key, X), line(key, X), LINES).share == 1
    noisy = key + rng.normal(0, share * np.ptp(key), len(key))
    assert judge_values(line(noisy, X), line(key, X), LINES).share == 0


def test_a_line_that_only_stays_near_is_not_the_line(rng):
    steps = rng.integers(0, 5, 300).cumsum()
    smooth = np.convolve(steps, np.ones(9) / 9, mode="same")
    smooth[:8], smooth[-8:] = steps[:8], steps[-8:]
    assert judge_values(line(smooth, X), line(steps, X), LINES).share == 0
    wiggle = np.sin(X) + 0.004 * np.sin(40 * X)
    assert judge_values(line(wiggle, X), line(np.sin(X), X), LINES).share == 0


def test_several_lines_are_compared_in_any_order():
    def drawn(*shifts):
        _, ax = plt.subplots()
        for shift in shifts:
            ax.plot(X, np.sin(X + shift))
        return ax

    assert judge_values(drawn(2, 0, 1), drawn(0, 1, 2), LINES).share == 1
    assert judge_values(drawn(2, 0, 0), drawn(0, 1, 2), LINES).share == 0


def test_a_closed_line_is_compared_along_its_course():
    angle = np.linspace(0, 2 * np.pi, 200)
    fine = np.linspace(0, 2 * np.pi, 500)
    circle = line(np.sin(angle), np.cos(angle))
    assert judge_values(line(np.sin(fine), np.cos(fine)), circle, LINES).share == 1
    assert judge_values(line(0.99 * np.sin(fine), np.cos(fine)), circle, LINES).share == 0


def shown(matrix):
    _, ax = plt.subplots()
    ax.imshow(matrix)
    return ax


@pytest.mark.parametrize("size", [12, 60, 90, 300])
def test_a_constructed_image_is_not_the_matrix(size, rng):
    matrix = rng.poisson(0.3, (size, size)) + np.eye(size)
    right = shown(matrix)
    i, j = np.mgrid[:size, :size] / size
    for made in (np.ones((size, size)), np.zeros((size, size)), i + j, i > j, np.eye(size)):
        assert judge_values(shown(made), right, IMAGE).share == 0
    assert judge_values(shown(matrix[::-1]), right, IMAGE).share == 0
    assert judge_values(shown(matrix.T), right, IMAGE).share == 0
    assert judge_values(shown(np.where(matrix, matrix, np.nan)), right, IMAGE).share == 1


@pytest.mark.parametrize("size", [12, 60, 300])
def test_one_pixel_off_does_not_fail_an_honest_image(size, rng):
    matrix = rng.poisson(0.3, (size, size)).astype(float)
    off = matrix.copy()
    off[3, 4] = 0 if off[3, 4] else 1
    assert judge_values(shown(off), shown(matrix), IMAGE).share == 1
    off[4:8] = 0
    assert judge_values(shown(off), shown(matrix), IMAGE).share == 0


def test_a_wrong_value_in_a_small_table_is_seen():
    table = np.array([[0.1, 0.2], [0.3, 0.4]])
    assert judge_values(shown(table), shown(table + np.diag([0, 0.01])), IMAGE).share == 0
    assert judge_values(shown(table * 100), shown(table), IMAGE).share == 0
    assert judge_values(shown(table.astype("float32")), shown(table), IMAGE).share == 1


def test_a_matrix_that_is_drawn_on_fewer_pixels_is_the_same(rng):
    matrix = (rng.random((700, 700)) < 0.01).astype(float)
    matrix[:200, :200] += rng.random((200, 200)) < 0.05

    def binned(n):
        i, j = np.nonzero(matrix)
        pixels = np.zeros((n, n))
        pixels[i * n // 700, j * n // 700] = 1
        _, ax = plt.subplots()
        ax.imshow(pixels, extent=(0, 700, 700, 0))
        return ax

    assert judge_values(binned(350), binned(400), IMAGE).share == 1
    assert judge_values(binned(399), binned(400), IMAGE).share == 1
    _, ax = plt.subplots()
    ax.imshow(np.ones((350, 350)), extent=(0, 700, 700, 0))
    assert judge_values(ax, binned(400), IMAGE).share == 0
    smooth = np.add.outer(np.arange(350), np.arange(350)) < 250
    _, ax = plt.subplots()
    ax.imshow(smooth, extent=(0, 700, 700, 0))
    assert judge_values(ax, binned(400), IMAGE).share == 0


@pytest.mark.parametrize("drawn", [2, 100])
def test_judging_many_forged_points_of_lines_takes_no_time(drawn):
    forged = {"x": [float(n) for n in range(100_000 // drawn)][:5000]}
    forged |= {"y": [n % 2 for n in forged["x"]], "colour": "#000000"}
    payload = payload_of(line(np.sin(X), X), LINES)
    payload["axes"][0]["lines"] = [forged] * min(drawn, 20)
    started = time.monotonic()
    assert judge_answer(payload, payload_of(line(np.sin(X), X), LINES), LINES).share == 0
    assert time.monotonic() - started < 5


def with_lines_across():
    _, ax = plt.subplots()
    ax.bar([1, 2, 3], [40, 50, 60])
    ax.axvline(2.5)
    ax.axhline(20)
    ax.plot([1, 3], [0, 1])
    ax.set(xlabel="pairs", ylabel="networks")
    return ax


def test_a_line_across_the_axes_is_drawn_across_them_again():
    ax = with_lines_across()
    across, along, curve = payload_of(ax, answer_of("figure", marks="any"))["axes"][0]["lines"]
    assert (across["spans"], along["spans"], curve.get("spans")) == ("y", "x", None)
    figure = Figure()
    payload = payload_of(ax, answer_of("figure", marks="any"))
    assert draw(figure, payload["axes"])
    [drawn] = figure.axes
    box = drawn.lines[0].get_window_extent()
    assert box.height == pytest.approx(drawn.bbox.height)
    plt.close("all")
