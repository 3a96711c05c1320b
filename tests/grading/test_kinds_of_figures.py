"""A figure is judged by what is on its axes, however it was drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot as plt

from microns_widgets.grading.kinds import alike, capture_answer
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
