"""A drawn skeleton has its true radii, its compartments' colours and a scale bar."""

from __future__ import annotations

import numpy as np
import pytest
from drawing import (
    draw,
    first_basket_cell,
    legend_texts,
    moved,
    neuron,
    points_per_unit,
    sample,
    written,
)
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle
from tune_palette import smallest_distances

from microns_widgets import palette
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import InvalidArgument, InvalidType, UnknownArgument
from microns_widgets.plots import plot_morphologies, plot_morphology


def lines_of(ax) -> list[LineCollection]:
    return [own for own in ax.collections if isinstance(own, LineCollection)]


def somata_of(ax) -> list[Circle]:
    return [patch for patch in ax.patches if isinstance(patch, Circle)]


def scale_bar(ax) -> tuple[float, str, str]:
    """Its length as drawn (um), its text and its colour; there is exactly one."""
    (bar,) = (own for own in ax.artists if own.get_gid() == "scale bar")
    draw(ax)
    (line,) = bar.size_bar.get_children()
    length = line.get_window_extent().width * 72 / ax.figure.dpi / points_per_unit(ax)
    return length, bar.txt_label.get_text(), line.get_edgecolor()


def segment_to(ax, x: float, y: float) -> int:
    """Which segment begins at this point (um)."""
    starts = [own[0] for own in lines_of(ax)[0].get_segments()]
    return int(np.flatnonzero((np.array(starts) == (x, y)).all(axis=1))[0])


def test_a_skeleton_is_one_line_collection_with_a_segment_for_each_edge_in_um():
    ax = plot_morphology(neuron())
    (lines,) = lines_of(ax)
    drawn = {tuple(map(tuple, own)) for own in np.array(lines.get_segments()).tolist()}
    assert drawn == {
        ((0, 3), (0, 0)),
        ((4, 3), (0, 3)),
        ((0, 6), (0, 3)),
        ((-2, 0), (0, 0)),
        ((0, -3), (0, 0)),
    }


@pytest.mark.parametrize("dpi", [72, 200])
def test_line_widths_are_the_neurites_diameters_in_the_scale_of_the_axes(dpi):
    _, ax = plt.subplots(dpi=dpi)
    draw(plot_morphology(neuron(), ax=ax))
    widths = lines_of(ax)[0].get_linewidths()
    assert widths[segment_to(ax, 0, 3)] == pytest.approx(2 * points_per_unit(ax))
    assert widths[segment_to(ax, 4, 3)] == pytest.approx(1 * points_per_unit(ax))


def test_line_widths_grow_when_one_zooms_in():
    ax = draw(plot_morphology(neuron()))
    before, segment = points_per_unit(ax), segment_to(ax, 0, 3)
    ax.set_xlim(-1, 1)
    ax.set_ylim(1, -1)
    draw(ax)
    assert points_per_unit(ax) > 2 * before
    assert lines_of(ax)[0].get_linewidths()[segment] == pytest.approx(2 * points_per_unit(ax))


def test_the_thinnest_neurite_can_still_be_seen():
    ax = draw(plot_morphology(neuron()))
    assert lines_of(ax)[0].get_linewidths()[segment_to(ax, 0, 6)] == 0.5


def test_each_segment_has_the_colour_of_its_compartment():
    ax = plot_morphology(neuron())
    colors = lines_of(ax)[0].get_colors()
    for place, name in (((0, 3), "axon"), ((-2, 0), "dendrite"), ((0, -3), "apical dendrite")):
        np.testing.assert_allclose(colors[segment_to(ax, *place)], to_rgba(palette.color(name)))
    assert legend_texts(ax) == ["soma", "axon", "dendrite", "apical dendrite"]


def test_an_unknown_compartment_is_grey_and_labelled_other():
    ax = plot_morphology(neuron(compartment=[1, 2, 2, 2, 7, 4]))
    color = lines_of(ax)[0].get_colors()[segment_to(ax, -2, 0)]
    np.testing.assert_allclose(color, to_rgba(palette.color("")))
    assert legend_texts(ax)[-1] == "other"


def test_one_colour_for_the_whole_cell_needs_no_legend():
    ax = plot_morphology(neuron(), color="#123456")
    np.testing.assert_allclose(
        np.unique(lines_of(ax)[0].get_colors(), axis=0), [to_rgba("#123456")]
    )
    assert legend_texts(ax) == []


def test_the_soma_is_a_disk_of_its_radius_at_its_place():
    (soma,) = somata_of(plot_morphology(neuron()))
    assert (soma.center, soma.radius) == ((0, 0), 6)
    assert somata_of(plot_morphology(neuron(), soma=False)) == []


def test_a_soma_without_a_radius_is_drawn_with_a_usual_one():
    (soma,) = somata_of(plot_morphology(neuron(radius=[0, 1000, 500, 1, 400, 800])))
    assert soma.radius == 5


@pytest.mark.parametrize(
    ("view", "across", "down", "pia_up"), [("side", 2, 1, True), ("top", 0, 2, False)]
)
def test_the_other_views_show_the_other_sides(view, across, down, pia_up):
    cell = neuron()
    ax = plot_morphology(cell, view=view)
    drawn = np.concatenate(lines_of(ax)[0].get_segments())
    shown = cell.vertices[:, [across, down]] / 1000
    assert {tuple(point) for point in drawn.tolist()} == {tuple(p) for p in shown.tolist()}
    assert ax.yaxis_inverted() == pia_up


def test_the_pia_is_up_and_both_axes_have_one_scale():
    ax = plot_morphology(neuron())
    assert ax.yaxis_inverted()
    assert ax.get_aspect() == 1


def test_the_scale_bar_is_as_long_as_it_says():
    ax = plot_morphology(neuron(vertices=neuron().vertices * 50))
    length, text, _ = scale_bar(ax)
    assert text == "50 µm"  # at most a quarter of the cell's 300 um
    assert length == pytest.approx(50, rel=0.05)


def test_the_scale_bar_stays_true_and_in_sight_when_one_zooms_in():
    ax = plot_morphology(neuron(vertices=neuron().vertices * 50))
    ax.set_xlim(-60, 60)
    ax.set_ylim(60, -60)
    assert scale_bar(ax)[0] == pytest.approx(50, rel=0.05)
    (bar,) = (own for own in ax.artists if own.get_gid() == "scale bar")
    corner = ax.get_window_extent()
    assert bar.size_bar.get_window_extent().x0 == pytest.approx(corner.x0, abs=5)


def test_two_cells_on_the_same_axes_are_both_in_sight_under_one_scale_bar():
    near, far = neuron(), moved(neuron(), 100_000, 50_000)
    ax = plot_morphology(far, ax=plot_morphology(near))
    assert len(lines_of(ax)) == 2
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < -2
    assert right > 104
    assert top < -3
    assert bottom > 56
    scale_bar(ax)


def test_drawing_a_cell_again_does_not_widen_the_axes():
    ax = plot_morphology(neuron())
    before = ax.get_xlim(), ax.get_ylim()
    plot_morphology(neuron(), ax=ax)
    assert (ax.get_xlim(), ax.get_ylim()) == before


def test_a_skeleton_is_drawn_on_existing_axes_which_are_returned():
    _, ax = plt.subplots()
    assert plot_morphology(neuron(), ax=ax) is ax
    assert plot_morphologies([neuron()], ax=ax) is ax


def test_a_skeleton_without_branches_is_a_soma():
    ax = draw(plot_morphology(Skeleton([[0, 0, 0]], [], [4000], [1], root=0)))
    assert len(somata_of(ax)) == 1
    assert lines_of(ax)[0].get_segments() == []


def test_a_skeleton_in_pieces_is_drawn_whole():
    cell = neuron(edges=[[0, 1], [1, 3], [4, 0], [5, 0]])
    assert len(lines_of(plot_morphology(cell))[0].get_segments()) == 4


def test_a_cell_of_the_sample_says_that_it_is_synthetic_and_says_so_once():
    cell = sample().skeleton(first_basket_cell())
    ax = plot_morphology(cell, ax=plot_morphology(cell))
    assert [text.get_text() for text in ax.texts].count("synthetic sample") == 1


def test_the_scale_bar_is_light_on_a_dark_page():
    with plt.style.context("dark_background"):
        ax = plot_morphology(neuron())
        assert scale_bar(ax)[2] == to_rgba("white")


def test_several_skeletons_have_a_colour_and_a_name_each():
    cells = [neuron(root_id=number) for number in (7, 8, 9)]
    ax = plot_morphologies(cells)
    assert legend_texts(ax) == ["7", "8", "9"]
    assert len({tuple(own.get_colors()[0]) for own in lines_of(ax)}) == 3


def test_cells_without_types_are_easy_to_distinguish():
    ax = plot_morphologies([neuron()] * 14)
    drawn = np.array([own.get_colors()[0, :3] for own in lines_of(ax)])
    assert len(np.unique(drawn, axis=0)) == 14
    assert smallest_distances(drawn[:5])[None] > 30


def test_several_skeletons_named_by_type_have_the_types_colours():
    ax = plot_morphologies([neuron(), neuron()], labels=["BC", "23P"])
    drawn = [tuple(own.get_colors()[0]) for own in lines_of(ax)]
    assert drawn == [to_rgba(palette.color("BC")), to_rgba(palette.color("23P"))]


def test_two_cells_of_one_type_have_different_colours():
    ax = plot_morphologies([neuron(), neuron()], labels=["BC", "BC"])
    assert len({tuple(own.get_colors()[0]) for own in lines_of(ax)}) == 2


def test_wrong_arguments_are_named_with_the_right_ones():
    with pytest.raises(InvalidArgument, match=r"engine='quick'.*of 'fast', 'skeleton_plot'"):
        plot_morphology(neuron(), engine="quick")
    with pytest.raises(InvalidArgument, match=r"view='back'.*one of 'front', 'side', 'top'"):
        plot_morphology(neuron(), view="back")
    with pytest.raises(InvalidArgument, match="given no skeletons, expected at least one"):
        plot_morphologies([])
    with pytest.raises(InvalidArgument, match="given 1 labels and 1 colours for 2 skeletons"):
        plot_morphologies([neuron(), neuron()], labels=["a"])
    with pytest.raises(InvalidType, match="plot_morphology was given int, expected a Skeleton"):
        plot_morphology(864691135000000001)
    with pytest.raises(UnknownArgument, match=r"no argument 'axes'. Did you mean 'ax'"):
        plot_morphology(neuron(), axes=None)


def test_the_source_of_a_skeleton_is_printed_above_it():
    assert "test neuron" in written(plot_morphology(neuron()))
