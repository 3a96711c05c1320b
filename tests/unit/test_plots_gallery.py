"""A gallery shows one cell of each type, at one scale and in the palette's order."""

from __future__ import annotations

import numpy as np
import pytest
from drawing import neuron, sample, written
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

from microns_widgets import palette
from microns_widgets.errors import InvalidType
from microns_widgets.plots import plot_gallery
from microns_widgets.tables.reading import AUTO_TYPES


def cells(n: int):
    large = neuron(vertices=neuron().vertices * 20)  # 120 um across and 180 um down
    return dict.fromkeys(reversed(AUTO_TYPES[:n]), large)


def extents(ax) -> dict[str, tuple]:
    """Corners of each cell as drawn (um), by type."""
    lines = [own for own in ax.collections if isinstance(own, LineCollection)]
    names = palette.type_order(AUTO_TYPES)[: len(lines)]
    points = [np.concatenate(own.get_segments()) for own in lines]
    return {
        name: (own.min(axis=0), own.max(axis=0)) for name, own in zip(names, points, strict=True)
    }


def test_cells_are_in_the_palettes_order_whatever_the_order_of_the_mapping():
    corners = extents(plot_gallery(cells(5), columns=5))
    lefts = [low[0] for low, _ in corners.values()]
    assert lefts == sorted(lefts)


def test_cells_keep_their_size_and_do_not_overlap():
    corners = list(extents(plot_gallery(cells(8), columns=3)).values())
    for low, high in corners:
        np.testing.assert_allclose(high - low, [120, 180])
    for place, (low, high) in enumerate(corners):
        for other_low, other_high in corners[:place]:
            assert (low > other_high).any() or (high < other_low).any()


def test_somata_are_aligned_in_rows_and_columns():
    ax = plot_gallery(cells(6), columns=3)
    places = np.array([patch.center for patch in ax.patches])
    assert len(np.unique(places[:, 1])) == 2
    np.testing.assert_allclose(places[:3, 0], places[3:, 0])


def test_each_cell_has_its_types_colour_its_axon_paler_and_its_name_above_it():
    ax = plot_gallery({"BC": neuron()})
    colors = np.unique(ax.collections[0].get_colors(), axis=0)
    np.testing.assert_allclose(colors[:, :3], [to_rgba(palette.color("BC"))[:3]] * 2)
    assert colors[0, 3] < colors[1, 3] == 1
    (name,) = (text for text in ax.texts if text.get_text() == "BC")
    assert name.xy[1] < np.concatenate(ax.collections[0].get_segments())[:, 1].min() + 1e-9


def test_a_cell_without_a_type_is_labelled_unknown():
    assert "unknown" in written(plot_gallery({"": neuron()}))


def test_narrow_axes_have_fewer_cells_in_a_row():
    def in_a_row(inches: float) -> int:
        _, ax = plt.subplots(figsize=(inches, 4))
        places = np.array([patch.center for patch in plot_gallery(cells(12), ax=ax).patches])
        return len(np.unique(places[:, 0]))

    assert in_a_row(3.3) == 4
    assert in_a_row(7) == 6


def test_a_gallery_of_the_sample_says_that_it_is_synthetic():
    cell = sample().select(proofread=True)[0]
    _, ax = plt.subplots()
    gallery = plot_gallery({"BC": sample().skeleton(cell)}, ax=ax)
    assert gallery is ax
    assert "synthetic sample" in written(gallery)


def test_a_gallery_without_cells_is_refused():
    with pytest.raises(ValueError, match="given no skeletons, expected one per type"):
        plot_gallery({})
    with pytest.raises(InvalidType, match="given list, expected a dict of skeletons"):
        plot_gallery([neuron()])
