"""A drawn matrix loses no connection, and "no connection" is a colour of its own."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from drawing import draw, legend_texts, pixels, sample, written
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from scipy import sparse
from tune_palette import smallest_distances

from microns_widgets import palette
from microns_widgets.errors import InvalidType, MatrixError
from microns_widgets.plots import plot_matrix

NOTHING = np.array(to_rgb(palette.table()["no_connection"]))


def of_connections(ax) -> np.ndarray:
    """Which pixels of the axes show a connection, (rows, columns)."""
    whole = pixels(ax.figure)[..., :3]
    (left, bottom), (right, top) = ax.get_window_extent().get_points().round().astype(int)
    height = whole.shape[0]
    # The page and "no connection" are lighter than any connection.
    return whole[height - top : height - bottom, left:right].min(axis=-1) < 200


def scale_of(ax):
    """The axes of the colour bar, None if there is none."""
    bars = [own for own in ax.figure.axes if own is not ax]
    return bars[0] if bars else None


def test_each_connection_is_at_its_row_and_column():
    ax = plot_matrix(np.array([[0, 5, 0], [0, 0, 0], [9, 0, 1]]))
    shown = of_connections(ax)
    thirds = [
        [part.mean() for part in np.array_split(row, 3, 1)] for row in np.array_split(shown, 3)
    ]
    np.testing.assert_allclose(thirds, [[0, 1, 0], [0, 0, 0], [1, 0, 1]], atol=0.05)


@pytest.mark.parametrize("n", [300, 1700, 5000])
def test_one_connection_among_many_cells_is_seen_at_any_resolution(n):
    # Before 3.11, matplotlib draws each image a pixel too high, and clips its first row.
    first = 0 if mpl.__version_info__ >= (3, 11) else n // 50
    for row, column in ((first, first), (n // 3, n // 2), (n - 1, n - 1)):
        matrix = sparse.csr_array(([7.0], ([row], [column])), shape=(n, n))
        _, ax = plt.subplots(figsize=(3, 3), dpi=60)
        shown = of_connections(plot_matrix(matrix, ax=ax))
        assert shown.any()
        # ... at its own place.
        place = np.argwhere(shown).mean(axis=0) / shown.shape
        np.testing.assert_allclose(place, [row / n, column / n], atol=0.02)


def test_where_cells_share_a_pixel_the_strongest_connection_is_shown():
    n = 2000
    dense = np.ones((n, n))
    dense[n // 2, n // 2] = 100
    ax = draw(plot_matrix(dense, ax=plt.subplots(figsize=(3, 3), dpi=60)[1]))
    shown = ax.images[0].get_array()
    assert shown.size < n * n / 4
    assert shown.max() == 100


def test_zooming_in_shows_single_cells_again():
    n = 2000
    matrix = sparse.csr_array((np.ones(2), ([1000, 1000], [1000, 1002])), shape=(n, n))
    ax = draw(plot_matrix(matrix))
    assert ax.images[0].get_array().count() < n
    ax.set_xlim(990, 1010)
    ax.set_ylim(1010, 990)
    draw(ax)
    np.testing.assert_array_equal(
        np.argwhere(~np.ma.getmaskarray(ax.images[0].get_array())), [[10, 10], [10, 12]]
    )


def test_a_saved_picture_of_more_dots_per_inch_is_binned_to_them(tmp_path):
    matrix = sparse.eye_array(1000, format="csr")
    ax = plot_matrix(matrix, ax=plt.subplots(figsize=(3, 3), dpi=50)[1])
    ax.figure.savefig(tmp_path / "fine.png", dpi=400)
    fine = ax.images[0].get_array().shape
    ax.figure.savefig(tmp_path / "coarse.png", dpi=50)
    assert ax.images[0].get_array().shape < fine


def test_the_weakest_connection_is_far_from_no_connection_to_every_eye():
    image = draw(plot_matrix(np.array([[1.0, 1000.0], [0.0, 0.0]]))).images[0]
    pair = np.array([image.cmap(image.norm(1.0))[:3], NOTHING])
    assert min(smallest_distances(pair).values()) > 25


def test_a_stored_zero_is_a_connection_and_an_absent_one_is_not():
    # log10 of a summed size of 1
    matrix = sparse.csr_array(([0.0, 3.0], ([0, 1], [0, 1])), shape=(2, 2))
    image = draw(plot_matrix(matrix)).images[0].get_array()
    np.testing.assert_array_equal(np.ma.getmaskarray(image), [[False, True], [True, False]])
    assert image[0, 0] == 0


def test_zero_nan_and_minus_infinity_of_a_dense_matrix_are_no_connection():
    image = draw(plot_matrix(np.array([[0, np.nan], [-np.inf, 2.5]]))).images[0].get_array()
    np.testing.assert_array_equal(np.ma.getmaskarray(image), [[True, True], [True, False]])


def test_values_have_a_scale_with_their_name_and_unit():
    bar = scale_of(plot_matrix(np.array([[1, 2], [0, 4]]), value_label="summed size (voxels)"))
    assert bar.get_ylabel().replace("\n", " ") == "summed size (voxels)"
    assert bar.get_ylim() == (1, 4)


def test_a_binary_matrix_has_no_scale_but_a_word_for_each_colour():
    ax = plot_matrix(np.eye(3))
    assert scale_of(ax) is None
    assert legend_texts(ax) == ["connection (1)", "no connection"]
    image = draw(ax).images[0]
    assert np.abs(image.cmap(image.norm(1.0))[:3] - NOTHING).max() > 0.6


def test_types_have_a_strip_along_each_axis_and_a_legend():
    ax = plot_matrix(np.eye(3), pre_labels=["23P", "23P", "BC"], post_labels=["MC", "BC", "BC"])
    strips = [own.images[0].get_array() for own in ax.child_axes]
    np.testing.assert_allclose(strips[0][:, 0], palette.colors(["23P", "23P", "BC"])[:, :3])
    np.testing.assert_allclose(strips[1][0], palette.colors(["MC", "BC", "BC"])[:, :3])
    assert legend_texts(ax)[:3] == ["23P", "BC", "MC"]


def test_strips_stay_beside_the_cells_they_name():
    ax = draw(plot_matrix(np.ones((4, 4)), pre_labels=["BC"] * 4, post_labels=["MC"] * 4))
    box = ax.get_window_extent()
    left, below = (own.get_window_extent() for own in ax.child_axes)
    assert left.x1 <= box.x0
    assert (left.y0, left.y1) == pytest.approx((box.y0, box.y1))
    assert below.y1 <= box.y0
    assert (below.x0, below.x1) == pytest.approx((box.x0, box.x1))


def test_the_axes_say_how_many_cells_they_have_and_of_which_side():
    ax = plot_matrix(sparse.csr_array((1000, 2000)))
    assert ax.get_xlabel() == "2,000 postsynaptic cells"
    assert ax.get_ylabel() == "1,000 presynaptic cells"
    assert ax.yaxis_inverted()


def test_a_matrix_without_connections_is_drawn_in_one_colour():
    assert not of_connections(plot_matrix(np.zeros((5, 5)))).any()


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_a_matrix_without_cells_is_drawn(shape):
    ax = draw(plot_matrix(sparse.csr_array(shape), pre_labels=["BC"] * shape[0]))
    assert ax.get_ylabel() == f"{shape[0]} presynaptic cells"


def test_something_else_than_a_matrix_of_numbers_is_refused():
    with pytest.raises(InvalidType, match=r"use matrix\.plot\(\), or pass matrix\.sparse"):
        plot_matrix(sample().matrix())
    with pytest.raises(InvalidType, match="matrix of numbers"):
        plot_matrix([1, 2, 3])


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(MatrixError, match="given 2 pre_labels for 3 presynaptic cells"):
        plot_matrix(np.eye(3), pre_labels=["BC", "MC"])
    with pytest.raises(MatrixError, match="given 4 post_labels for 3 postsynaptic cells"):
        plot_matrix(np.eye(3), post_labels=["BC"] * 4)


@pytest.mark.parametrize("value", ["log10_sum", "count", "binary"])
def test_every_connection_of_the_samples_proofread_cells_is_in_the_picture(value):
    matrix = sample().matrix(value=value).sort("cell_type_auto")
    ax = draw(matrix.plot(ax=plt.subplots(figsize=(8, 8), dpi=100)[1]))
    drawn = ax.images[0].get_array()
    assert drawn.shape == matrix.shape
    np.testing.assert_array_equal(~np.ma.getmaskarray(drawn), matrix.count.toarray() > 0)
    np.testing.assert_allclose(drawn.compressed(), matrix.strengths())
    assert "synthetic sample" in written(ax)


def test_text_of_the_matrix_is_light_on_a_dark_page():
    with plt.style.context("dark_background"):
        ax = plot_matrix(np.array([[1, 2], [3, 4]]), value_label="n")
        texts = [ax.xaxis.label, ax.yaxis.label, scale_of(ax).yaxis.label]
        texts += ax.get_legend().get_texts()
    assert {to_rgb(text.get_color()) for text in texts} == {(1, 1, 1)}
