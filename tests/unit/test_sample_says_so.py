"""The sample is marked as synthetic everywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import microns_widgets as mw
from microns_widgets import plots
from microns_widgets.sources.sample import assumptions


def written(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(Text))


def test_loading_it_says_in_one_line_that_it_is_synthetic(capsys):
    mw.load()
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    assert "synthetic" in output


def test_a_quiet_load_says_nothing(capsys):
    mw.load(quiet=True)
    assert capsys.readouterr().out == ""


def test_the_connectome_and_its_skeletons_are_marked(sample):
    assert "synthetic" in repr(sample)
    cell = sample.select(proofread=True)[0]
    assert "synthetic" in sample.skeleton(cell).source


def test_every_frame_of_it_is_marked(sample):
    cell = sample.select(proofread=True)[0]
    matrix = sample.matrix()
    frames = [
        sample.cells,
        sample.synapses,
        sample.inputs(cell),
        sample.outputs(cell, unknown=False),
        sample.partners(cell),
        sample.between(cell, sample.root_ids),
        sample.degrees(),
        matrix.to_frame(),
        matrix.by_type().probability,
    ]
    assert {frame.attrs["source"] for frame in frames} == {"synthetic sample"}


@pytest.mark.slow
def test_every_figure_of_it_carries_the_word(sample):
    cell = sample.select(cell_type="23P", proofread=True)[0]
    skeleton, matrix = sample.skeleton(cell), sample.matrix()
    axes = [
        sample.plot(cell),
        matrix.plot(),
        plots.plot_morphology(skeleton),
        plots.plot_gallery({"23P": skeleton}),
        plots.plot_strengths(matrix.strengths(), source=matrix.source),
        plots.plot_degrees(sample.degrees(), sample.labels(sample.root_ids)),
        plots.plot_somata(sample.cells),
        plots.plot_type_summary(matrix.by_type().probability),
    ]
    for ax in axes:
        assert "synthetic" in written(ax.figure)


def test_what_teachers_read_about_its_effects_are_the_assumed_numbers():
    page = Path(__file__).parents[2].joinpath("docs", "teachers.md").read_text(encoding="utf-8")
    preference, spines = assumptions.INHIBITORY_PREFERENCE, assumptions.SPINES_ON_EXCITATORY
    inhibitory = [spines[name] for name in preference]
    others = [factor for name, factor in preference["BC"].items() if name != "BC"]
    for sentence in (
        f"{assumptions.RECIPROCITY:g} times as many between excitatory cells",
        f"`BC` onto `BC` {preference['BC']['BC']:g}, `MC` onto `MC` {preference['MC']['MC']:g}",
        f"`BPC` onto `MC` {preference['BPC']['MC']:g};",
        f"`BC` onto other inhibitory types {min(others):g} to {max(others):g}",
        f"`BC` {assumptions.TARGETS['BC'].soma:.0%} on somata".replace("%", " %"),
        f"`MC` {assumptions.TARGETS['MC'].tuft:.0%} on tufts".replace("%", " %"),
        f"{spines['23P']:.0%} of the excitatory synapses".replace("%", " %"),
        f"`6P-CT` {spines['6P-CT']:.0%}, `5P-NP` {spines['5P-NP']:.0%}".replace("%", " %"),
        f"{100 * min(inhibitory):g} to {100 * max(inhibitory):g} % of the inhibitory ones",
    ):
        assert sentence in page
    near, far = (
        assumptions.like_to_like(np.linspace(*span, 100)).mean() for span in ((0, 22.5), (67.5, 90))
    )
    assert "about twice as often" in page
    assert near / far == pytest.approx(2, abs=0.2)
