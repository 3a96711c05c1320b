"""Depth is measured from the pia, across the volume's tilt."""

from __future__ import annotations

import numpy as np
import pytest
import standard_transform

from microns_widgets.anatomy.depth import (
    LAYER_BORDERS_UM,
    VOLUME_NM,
    cortical_depth,
    from_cortical,
    layer_of,
    to_cortical,
)
from microns_widgets.errors import InvalidArgument
from microns_widgets.tables.reading import read_cells


def test_depth_and_back_is_the_same_place(rng):
    positions = rng.uniform(300_000, 1_500_000, (50, 3))
    np.testing.assert_allclose(from_cortical(to_cortical(positions)), positions, atol=1e-3)


def test_depth_grows_with_y():
    depth = cortical_depth([[766_848, 547_712, 899_480], [766_848, 647_712, 899_480]])
    assert np.diff(depth) == pytest.approx(100, rel=0.01)


LAYER_5, LAYER_6 = ["5P-IT", "5P-PT", "5P-NP"], ["6P-IT", "6P-CT"]


@pytest.mark.parametrize(
    ("upper", "lower", "layer"),
    [(["23P"], ["4P"], "2/3"), (["4P"], LAYER_5, "4"), (LAYER_5, LAYER_6, "5")],
)
def test_a_border_is_where_manual_types_give_way_to_those_below(real_data, upper, lower, layer):
    cells = read_cells(real_data / "cell_info_1300.feather")
    depth = cortical_depth(cells[[f"pt_position_{axis}" for axis in "xyz"]])
    above, below = (depth[cells["cell_type_manual"].isin(types)] for types in (upper, lower))
    borders = np.arange(50, 900, 5)
    wrong = [(above > border).mean() + (below < border).mean() for border in borders]
    assert LAYER_BORDERS_UM[layer][1] == borders[np.argmin(wrong)]


def test_layers_are_named_from_the_pia_down():
    assert layer_of([-5, 50, 150, 300, 500, 600, 2000]).tolist() == [
        *("1", "1", "2/3", "4", "5", "6", "WM")
    ]


def test_no_positions_have_no_depth():
    assert cortical_depth(np.empty((0, 3))).shape == (0,)


def test_positions_that_are_no_points_are_refused():
    with pytest.raises(InvalidArgument, match=r"shape \(3,\), expected \(n, 3\)"):
        cortical_depth([1, 2, 3])


def test_depths_are_those_of_the_datasets_own_package(rng: np.random.Generator) -> None:
    theirs = standard_transform.minnie_transform("nm")
    nm = rng.uniform(VOLUME_NM[0], VOLUME_NM[1], (1000, 3))
    np.testing.assert_allclose(to_cortical(nm), theirs.apply(nm), rtol=0, atol=1e-9)
    um = to_cortical(nm)
    np.testing.assert_allclose(from_cortical(um), theirs.invert(um), rtol=0, atol=1e-6)
