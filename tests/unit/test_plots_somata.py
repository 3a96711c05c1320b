"""A soma map shows every cell at its depth, in its type's colour and marker."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawing import legend_texts, points_drawn, sample, scatters, written
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgba

from microns_widgets import palette
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM, to_cortical
from microns_widgets.errors import UnknownColumn
from microns_widgets.plots import plot_somata


def by_place(points) -> np.ndarray:
    points = np.asarray(points)
    return points[np.lexsort(points.T)]


def places(cells: pd.DataFrame) -> np.ndarray:
    positions = cells[["pt_position_x", "pt_position_y", "pt_position_z"]].to_numpy()
    return to_cortical(positions)[:, :2]


def test_every_cell_is_at_its_depth_below_the_pia_in_um(cells):
    ax = plot_somata(cells)
    np.testing.assert_allclose(by_place(points_drawn(ax)), by_place(places(cells)))
    assert ax.get_ylabel() == "depth below the pia (µm)"
    assert ax.get_xlabel() == "x, parallel to the pia (µm)"
    assert ax.yaxis_inverted()
    assert ax.get_aspect() == 1


def test_a_types_cells_have_its_colour_and_the_legend_counts_them(cells):
    ax = plot_somata(cells)
    for own in scatters(ax):
        color = tuple(own.get_facecolor()[0])
        members = {c for c in cells["cell_type_auto"] if to_rgba(palette.color(c)) == color}
        (label,) = members
        expected = places(cells[cells["cell_type_auto"] == label])
        np.testing.assert_allclose(by_place(own.get_offsets()), by_place(expected))
    assert legend_texts(ax) == ["23P (3)", "BC (1)", "MC (1)", "astrocyte (1)"]


def test_cells_without_a_type_lie_beneath_and_are_counted_as_unknown(cells):
    ax = plot_somata(cells, by="cell_type_manual")
    assert legend_texts(ax) == ["23P (1)", "BC (1)", "unknown (4)"]
    np.testing.assert_allclose(
        scatters(ax)[0].get_facecolor()[0], to_rgba(palette.color(""))
    )  # what is drawn first lies beneath


def test_layers_are_marked_at_their_borders_and_named(cells):
    ax = plot_somata(cells)
    borders = [line.get_ydata()[0] for line in ax.lines]
    assert borders == [top for top, _ in LAYER_BORDERS_UM.values()]
    assert {"L1", "L2/3", "L4", "L5", "L6", "WM"} <= written(ax)


@pytest.mark.parametrize("times", [1, 2])
def test_no_type_covers_all_others_where_cells_are_many(times):
    cells = pd.concat([sample().cells] * times)
    first = palette.type_order(cells["cell_type_auto"])[0]
    drawn = [tuple(own.get_facecolor()[0]) for own in scatters(plot_somata(cells))]
    last = max(place for place, color in enumerate(drawn) if color == to_rgba(palette.color(first)))
    assert last > 0.7 * len(drawn)


def test_points_are_small_enough_for_the_room_there_is():
    def area(inches: float) -> float:
        _, ax = plt.subplots(figsize=(inches, inches))
        return scatters(plot_somata(sample().cells, ax=ax))[0].get_sizes()[0]

    assert area(3.3) < area(7)


def test_the_map_of_the_sample_says_that_it_is_synthetic():
    _, ax = plt.subplots()
    assert plot_somata(sample().cells, ax=ax) is ax
    assert "synthetic sample" in written(ax)


def test_the_real_table_shows_its_91_423_cells_in_sixteen_colours(real_data):
    ax = plot_somata(pd.read_feather(real_data / "cell_info_1300.feather"))
    assert len(points_drawn(ax)) == 91_423
    assert len({tuple(own.get_facecolor()[0]) for own in scatters(ax)}) == 16
    assert legend_texts(ax)[0] == "23P (19,673)"


def test_a_table_without_cells_gives_an_empty_map(cells):
    assert scatters(plot_somata(cells.iloc[:0])) == []


def test_a_missing_column_is_named(cells):
    with pytest.raises(UnknownColumn, match=r"no column 'type'.*Expected one of pt_position_x"):
        plot_somata(cells, by="type")
    with pytest.raises(UnknownColumn, match="The cell table has no column 'pt_position_y'"):
        plot_somata(cells.drop(columns="pt_position_y"))
