"""Figures say if a skeleton has no soma or other compartments, or a cell is outside the volume."""

from __future__ import annotations

import pytest
from drawing import legend_texts, neuron
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from microns_widgets.plots import (
    draw_layers,
    plot_cell,
    plot_gallery,
    plot_morphologies,
    plot_morphology,
    plot_somata,
)
from microns_widgets.widgets._picker_still import picker_still, still_title
from microns_widgets.widgets._viewer_still import viewer_still
from microns_widgets.workshop_functions import plot_skeleton

NOTE = "no soma in this skeleton"
BARE = {"compartment": [2, 2, 2, 2, 3, 4]}


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def somata(ax) -> int:
    return sum(isinstance(patch, Circle) for patch in ax.patches)


@pytest.mark.parametrize("draw", [plot_morphology, plot_cell, plot_skeleton])
def test_a_skeleton_without_a_soma_has_a_note_instead_of_a_marker(draw):
    ax = draw(neuron(**BARE), ax=Figure().add_subplot())
    assert texts(ax).count(NOTE) == 1
    assert somata(ax) == 0
    ax = draw(neuron(), ax=Figure().add_subplot())
    assert NOTE not in texts(ax)


def test_the_soma_may_be_another_vertex_than_the_root():
    ax = plot_morphology(neuron(compartment=[2, 1, 2, 2, 3, 4]), ax=Figure().add_subplot())
    (soma,) = (patch for patch in ax.patches if isinstance(patch, Circle))
    assert tuple(soma.center) == (0, 3)


def test_a_figure_of_several_skeletons_names_those_without_a_soma():
    cells = [neuron(), neuron(**BARE)]
    ax = plot_morphologies(cells, labels=["BC", "MC"], ax=Figure().add_subplot())
    assert legend_texts(ax) == ["BC", "MC (no soma)"]
    assert somata(ax) == 1
    ax = plot_gallery({"BC": cells[0], "MC": cells[1]}, ax=Figure().add_subplot())
    assert {"BC", "MC\n(no soma)"} <= set(texts(ax))
    assert somata(ax) == 1


def test_the_display_of_a_skeleton_draws_and_measures_other_compartments():
    cell = neuron(compartment=[5, 0, 0, 7, 3, 4])
    html = cell._repr_html_()
    other = sum(cell.cable_length(number) for number in (0, 5, 7))
    assert f"<li>other: {other:,.0f} µm</li>" in html
    assert html.count("<path") == 3
    assert NOTE in html
    assert "other" in legend_texts(plot_morphology(cell, ax=Figure().add_subplot()))


def test_a_still_says_what_the_viewer_says(sample):
    synapses = sample.inputs(sample.root_ids[0]).iloc[:0].assign(direction="input")
    settings = {"title": "BC 1", "synapse_color": "direction", "view": "front"}
    settings |= {"grey": False, "scale": 1.0, "opacity": 1.0}
    (ax,) = viewer_still([neuron(**BARE)], synapses, **settings).axes
    assert NOTE in texts(ax)


def test_layers_are_drawn_only_if_something_has_a_depth():
    for depth, words in ([100.0, "L2/3"], [float("nan"), "outside the volume: no layers"]):
        ax = Figure().add_subplot()
        ax.scatter([1.0], [depth])
        draw_layers(ax)
        assert words in texts(ax)
        assert ("L1" in texts(ax)) == (words == "L2/3")


def test_a_map_has_no_layers_and_no_cells_outside_the_volume(cells):
    ax = plot_somata(cells, ax=Figure().add_subplot())
    assert {"L1", "WM"} <= set(texts(ax))
    cells.loc[:1, "pt_position_x"] = 5e6
    ax = plot_somata(cells, ax=Figure().add_subplot())
    assert "2 cells outside the volume not shown" in texts(ax)
    assert "L1" in texts(ax)
    cells["pt_position_x"] = 5e6
    assert picker_still(cells, cells["pt_root_id"], cells["pt_root_id"]).size == (700, 440)
    n = len(cells)
    assert still_title(n, n, 0, n).endswith(f"{n} outside the volume not shown")
