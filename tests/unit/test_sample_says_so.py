"""The sample is marked as synthetic everywhere."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import microns_widgets as mw
from microns_widgets import plots


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
