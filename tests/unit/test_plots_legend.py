"""A legend is beside the data if there is room, and below them on a phone."""

from __future__ import annotations

import pytest
from drawing import draw
from matplotlib import pyplot as plt

from microns_widgets import palette
from microns_widgets.plots._legend import dot, draw_legend, type_dot
from microns_widgets.tables.reading import AUTO_TYPES


def legend_of(
    width: float, height: float, *, n: int = 16, shape: tuple[float, float] | None = None
):
    """Boxes of the axes and the legend in a figure of so many inches."""
    _, ax = plt.subplots(figsize=(width, height), layout="compressed")
    if shape is not None:
        ax.set_aspect("equal")
        ax.set_xlim(0, shape[0])
        ax.set_ylim(0, shape[1])
    ax.set_xlabel("some label (µm)")
    draw_legend(ax, [type_dot(label, 1000) for label in AUTO_TYPES[:n]])
    draw(ax)
    return ax.get_tightbbox(for_layout_only=False), ax.get_window_extent(), ax.get_legend()


def test_in_a_wide_figure_it_is_on_the_right_in_one_column():
    _, axes, legend = legend_of(7, 5)
    assert legend.get_window_extent().x0 > axes.x1
    assert legend._ncols == 1


def test_on_a_phone_it_is_below_the_axis_label():
    _, _, legend = legend_of(3.3, 4)
    ax = legend.axes
    assert legend.get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0
    assert legend._ncols == 2


def test_a_tall_shape_leaves_room_beside_it_on_a_phone_too():
    _, axes, legend = legend_of(3.3, 4, shape=(1, 6))
    assert legend.get_window_extent().x0 > axes.x1


@pytest.mark.parametrize("size", [(7, 5), (3.3, 4), (4, 4), (10, 3)])
@pytest.mark.parametrize("n", [1, 3, 16])
def test_it_lies_within_the_figure_and_off_the_data(size, n):
    _, axes, legend = legend_of(*size, n=n)
    box, page = legend.get_window_extent(), legend.axes.figure.bbox
    assert page.x0 <= box.x0
    assert box.x1 <= page.x1
    assert page.y0 <= box.y0
    assert box.y1 <= page.y1
    assert not box.overlaps(axes)


def test_a_type_has_its_colour_its_marker_and_its_count():
    entry = type_dot("BC", 1234)
    assert entry.get_label() == "BC (1,234)"
    assert entry.get_color() == palette.color("BC")
    assert entry.get_marker() == palette.marker("BC")
    assert type_dot("").get_label() == "unknown"


def test_without_entries_there_is_no_legend():
    _, ax = plt.subplots()
    draw_legend(ax, [])
    assert ax.get_legend() is None


def test_entries_can_have_a_title():
    _, ax = plt.subplots()
    draw_legend(ax, [dot("a", "red")], "partner's type")
    assert ax.get_legend().get_title().get_text() == "partner's type"
