"""Synapses lie on the cell's skeleton and show direction, type of the partner, or size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawing import (
    draw,
    first_basket_cell,
    legend_texts,
    neuron,
    points_drawn,
    sample,
    scatters,
    written,
)
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

from microns_widgets import palette
from microns_widgets.errors import InvalidArgument, InvalidType, UnknownArgument, UnknownColumn
from microns_widgets.plots import plot_cell, plot_synapses
from microns_widgets.sources.real_data import BASKET_CELL, load_basket_cell


def synapses(*places_um, size=None, types=None) -> pd.DataFrame:
    x, y, z = (np.array(places_um, dtype=float).reshape(-1, 3) * 1000).T
    n = len(x)
    frame = pd.DataFrame({"ctr_pt_position_x": x, "ctr_pt_position_y": y, "ctr_pt_position_z": z})
    frame["size"] = size if size is not None else [100] * n
    return frame if types is None else frame.assign(partner_type=types)


INPUTS = synapses((-2, 0, 0), (0, -3, 0), types=["23P", "BC"], size=[10, 1000])
OUTPUTS = synapses((4, 3, 2), types=[""], size=[100])


def test_inputs_and_outputs_lie_where_the_table_says_in_um():
    ax = plot_synapses(inputs=INPUTS, outputs=OUTPUTS)
    inputs, outputs = scatters(ax)
    np.testing.assert_allclose(inputs.get_offsets(), [(-2, 0), (0, -3)])
    np.testing.assert_allclose(outputs.get_offsets(), [(4, 3)])


def test_direction_has_a_colour_a_marker_and_a_count_in_the_legend():
    ax = plot_synapses(inputs=INPUTS, outputs=OUTPUTS)
    inputs, outputs = scatters(ax)
    assert tuple(inputs.get_facecolor()[0]) == to_rgba(palette.color("input"))
    assert tuple(outputs.get_facecolor()[0]) == to_rgba(palette.color("output"))
    assert len(inputs.get_paths()[0].vertices) != len(outputs.get_paths()[0].vertices)
    assert legend_texts(ax) == ["2 inputs", "1 outputs"]


def test_one_direction_alone_can_be_drawn():
    assert len(points_drawn(plot_synapses(outputs=OUTPUTS))) == 1
    with pytest.raises(ValueError, match="Pass inputs, outputs or both"):
        plot_synapses()


@pytest.mark.parametrize(("view", "columns"), [("side", [2, 1]), ("top", [0, 2])])
def test_synapses_follow_the_view(view, columns):
    ax = plot_synapses(inputs=INPUTS, view=view)
    expected = INPUTS.iloc[:, columns].to_numpy() / 1000
    np.testing.assert_allclose(points_drawn(ax), expected)


def test_partners_types_have_the_palettes_colours_and_are_counted():
    ax = plot_synapses(inputs=INPUTS, outputs=OUTPUTS, color_by="type")
    drawn = {tuple(own.get_offsets()[0]): own.get_facecolor()[0] for own in scatters(ax)}
    for place, label in (((-2, 0), "23P"), ((0, -3), "BC"), ((4, 3), "")):
        np.testing.assert_allclose(drawn[place], to_rgba(palette.color(label)))
    assert legend_texts(ax) == ["23P (1)", "BC (1)", "unknown (1)"]
    assert ax.get_legend().get_title().get_text() == "partner's type"


def test_synapses_without_the_types_of_partners_are_refused_with_the_way_to_add_them():
    with pytest.raises(UnknownColumn, match=r"inputs has no column 'partner_type'.*con\.labels"):
        plot_synapses(inputs=synapses((0, 0, 0)), color_by="type")


def test_a_table_without_positions_or_sizes_is_refused_with_the_missing_column():
    with pytest.raises(UnknownColumn, match="outputs has no column 'ctr_pt_position_x'"):
        plot_synapses(outputs=OUTPUTS.drop(columns="ctr_pt_position_x"))
    with pytest.raises(UnknownColumn, match="inputs has no column 'size'"):
        plot_synapses(inputs=INPUTS.drop(columns="size"), color_by="size")
    with pytest.raises(InvalidType, match="inputs is list, expected a pandas DataFrame"):
        plot_synapses(inputs=[1, 2])


def test_size_is_shown_by_colour_and_area_with_the_largest_on_top():
    some = synapses(*[(i, 0, 0) for i in range(50)], size=np.geomspace(10_000, 10, 50))
    (drawn,) = scatters(plot_synapses(inputs=some, color_by="size"))
    assert (np.diff(drawn.get_array()) > 0).all()
    assert (np.diff(drawn.get_sizes()) >= 0).all()
    np.testing.assert_allclose(drawn.get_offsets()[-1], (0, 0))


def test_inputs_and_outputs_share_one_logarithmic_scale_of_size_in_voxels():
    ax = plot_synapses(inputs=INPUTS, outputs=OUTPUTS, color_by="size")
    low, high = {own.get_clim() for own in scatters(ax)}.pop()
    assert 10 <= low < high <= 1000
    (bar,) = (own for own in ax.figure.axes if own is not ax)
    assert bar.get_yscale() == "log"
    assert bar.get_ylabel() == "synapse size (voxels)"


def test_a_synapse_of_size_zero_is_drawn():
    draw(ax := plot_synapses(inputs=synapses((0, 0, 0), (1, 0, 0), size=[0, 5]), color_by="size"))
    assert len(points_drawn(ax)) == 2


def test_synapses_cannot_be_coloured_by_anything_else():
    with pytest.raises(InvalidArgument, match=r"'depth'.*one of 'direction', 'type', 'size'"):
        plot_synapses(inputs=INPUTS, color_by="depth")


def test_a_keyword_that_does_not_exist_is_answered_with_the_nearest_one():
    with pytest.raises(UnknownArgument, match=r"has no argument 'colour_by'.*mean 'color_by'"):
        plot_synapses(inputs=INPUTS, colour_by="type")


def test_a_root_id_is_not_a_skeleton():
    with pytest.raises(InvalidType, match=r"plot_cell was given int.*con\.skeleton\(root_id\)"):
        plot_cell(BASKET_CELL)


@pytest.mark.parametrize("color_by", ["direction", "type", "size"])
def test_a_cell_without_synapses_is_still_drawn(color_by):
    nothing = INPUTS.iloc[:0]
    ax = draw(plot_cell(neuron(), inputs=nothing, outputs=nothing, color_by=color_by))
    assert any(isinstance(own, LineCollection) for own in ax.collections)
    assert scatters(ax) == []


def test_the_skeleton_is_quiet_behind_its_synapses():
    ax = plot_cell(neuron(), inputs=INPUTS)
    (lines,) = (own for own in ax.collections if isinstance(own, LineCollection))
    red, green, blue, _ = lines.get_colors()[0]
    assert max(red, green, blue) - min(red, green, blue) < 0.1
    assert all(own.get_zorder() > lines.get_zorder() for own in scatters(ax))


def test_the_skeleton_stays_quiet_on_a_dark_page():
    def tone() -> float:
        ax = plot_cell(neuron())
        return ax.collections[0].get_colors()[0, :3].mean()

    light = tone()
    with plt.style.context("dark_background"):
        dark = tone()
    assert dark < 0.5 < light


def test_points_are_smaller_where_there_are_more_and_where_there_is_less_room():
    def area(n: int, inches: float) -> float:
        _, ax = plt.subplots(figsize=(inches, inches))
        return scatters(plot_synapses(inputs=synapses(*[(i, i, 0) for i in range(n)]), ax=ax))[
            0
        ].get_sizes()[0]

    assert area(10_000, 6) < area(2000, 6) < area(10, 6)
    assert area(10_000, 3) < area(10_000, 6)


def test_a_connectomes_cell_is_drawn_with_its_synapses_and_their_partners_types():
    con, cell = sample(), first_basket_cell()
    ax = con.plot(cell, color_by="type")
    inputs, outputs = con.inputs(cell), con.outputs(cell)
    assert len(points_drawn(ax)) == len(inputs) + len(outputs)
    partners = np.concatenate([inputs["pre_pt_root_id"], outputs["post_pt_root_id"]])
    counts = pd.Series(con.labels(partners)).value_counts()
    expected = [
        f"{label or 'unknown'} ({counts[label]:,})" for label in palette.type_order(counts.index)
    ]
    assert legend_texts(ax) == expected
    assert "synthetic sample" in written(ax)


@pytest.mark.parametrize(("which", "legend"), [("inputs", "input"), ("outputs", "output")])
def test_a_connectome_draws_one_direction_when_asked(which, legend):
    con, cell = sample(), first_basket_cell()
    ax = con.plot(cell, synapses=which)
    assert legend_texts(ax) == [f"{len(getattr(con, which)(cell)):,} {legend}s"]


def test_the_real_basket_cell_shows_its_18_938_ends_of_synapses(real_data):
    con = load_basket_cell(real_data)
    ax = con.plot(BASKET_CELL)
    assert legend_texts(ax) == ["12,424 inputs", "6,514 outputs"]
    skeleton = con.skeleton(BASKET_CELL).vertices[:, :2] / 1000
    inside = (points_drawn(ax) > skeleton.min(axis=0) - 20) & (
        points_drawn(ax) < skeleton.max(axis=0) + 20
    )
    assert inside.all()
