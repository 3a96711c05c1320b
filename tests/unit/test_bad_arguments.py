"""A value that cannot be meant is answered with an error of this package, and the next step."""

from __future__ import annotations

import pytest

import microns_widgets as mw
from microns_widgets.errors import InvalidArgument, InvalidType, UnknownColumn


@pytest.fixture(scope="module")
def skeleton(sample):
    return sample.skeleton(sample.examples()["MC"])


@pytest.mark.parametrize("positions", ["here", [[1, 2]], [[1, 2, float("nan")]]])
def test_positions_that_are_not_points_have_no_nearest_vertex(skeleton, positions):
    with pytest.raises(InvalidArgument, match=r"shape|not a finite number"):
        skeleton.nearest(positions)


@pytest.mark.parametrize("positions", ["here", [["x", "y", "z"]], [[1, 2]]])
def test_positions_that_are_not_points_have_no_depth(positions):
    with pytest.raises(InvalidArgument, match=r"expected|Expected"):
        mw.cortical_depth(positions)


def test_a_number_is_not_a_label(sample):
    with pytest.raises(InvalidType, match="cell_type is 3"):
        sample.select(cell_type=3)


@pytest.mark.parametrize("read", [mw.read_cells, mw.read_synapses])
def test_a_number_is_not_a_table(read):
    with pytest.raises(InvalidType, match="feather or Parquet"):
        read(3)


def test_a_matrix_names_the_columns_and_axes_that_it_has(sample):
    matrix = sample.matrix()
    with pytest.raises(UnknownColumn, match="region"):
        matrix.plot(by="regions")
    with pytest.raises(InvalidArgument, match="column of numbers"):
        matrix.by_type("volume")
    with pytest.raises(InvalidArgument, match="'pre', 'post'"):
        matrix.degree("rows")
