"""The workshop's pictures come out as the package skeleton_plot draws them, to the pixel."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from drawing import first_basket_cell, moved, neuron, pixels, sample
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection

import microns_widgets as mw
from microns_widgets import plots
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import MissingLibrary
from microns_widgets.sources.real_data import NEURON
from microns_widgets.workshop_functions import skel_color_map

pytestmark = pytest.mark.slow

skeleton_plot = pytest.importorskip(
    "skeleton_plot.plot_tools", reason="the extra skeleton-plot is not installed"
)


def drawn_by_the_package(cell: Skeleton, ax, *, soma: bool) -> None:
    """What the workshop's own plot_skeleton asks of the package."""
    skeleton_plot.plot_verts(
        cell.vertices,
        cell.edges,
        radius=cell.radius / 1000,
        skel_colors=cell.compartment,
        skel_color_map=skel_color_map,
        line_width=5,
        plot_soma=soma,
        soma_node=cell.root,
        soma_size=120,
        invert_y=True,
        ax=ax,
    )
    ax.axis("off")


def assert_same_picture(cell: Skeleton, *, soma: bool = True) -> None:
    theirs, ax = plt.subplots(figsize=(7, 10), dpi=150)
    drawn_by_the_package(cell, ax, soma=soma)
    ours, ax = plt.subplots(figsize=(7, 10), dpi=150)
    mw.plot_skeleton(cell, plot_soma=soma, ax=ax)
    picture = pixels(theirs)
    assert (picture[..., :3] < 250).any(axis=-1).sum() > 1000  # there is something to compare
    np.testing.assert_array_equal(pixels(ours), picture)


def without_source(cell: Skeleton) -> Skeleton:
    # The package does not write where a cell comes from.
    return Skeleton(cell.vertices, cell.edges, cell.radius, cell.compartment, root=cell.root)


@pytest.fixture(scope="module")
def real_cell(real_data) -> dict:
    return json.loads((real_data / NEURON / "skeleton.json").read_text())


@pytest.mark.parametrize("soma", [True, False])
def test_a_cell_of_the_sample_looks_the_same(soma):
    cell = without_source(sample().skeleton(first_basket_cell()))
    assert_same_picture(cell, soma=soma)


def test_an_apical_dendrite_looks_the_same():
    cell_id = sample().select(cell_type="23P", proofread=True)[0]
    cell = without_source(sample().skeleton(cell_id))
    assert 4 in cell.compartment
    assert_same_picture(cell)


def test_a_real_basket_cell_of_16_720_vertices_looks_the_same(real_cell):
    cell = Skeleton.from_cave(real_cell)
    assert cell.n_vertices == 16_720
    assert_same_picture(cell)


def test_the_services_dictionary_is_drawn_like_the_skeleton(real_cell):
    one, two = (plt.subplots(figsize=(4, 5)) for _ in range(2))
    assert mw.plot_skeleton(real_cell, ax=one[1]) is one[1]
    mw.plot_skeleton(Skeleton.from_cave(real_cell), ax=two[1])
    np.testing.assert_array_equal(pixels(one[0]), pixels(two[0]))


def test_the_workshops_picture_is_in_nm_so_that_synapses_can_be_laid_over_it():
    ax = mw.plot_skeleton(neuron())
    assert ax.get_xlim() == (-2000, 4000)
    assert ax.get_ylim() == (6000, -3000)
    np.testing.assert_array_equal(ax.figure.get_size_inches(), [7, 10])
    assert ax.figure.dpi == 150


def test_the_workshops_picture_is_one_line_collection_and_a_soma():
    ax = mw.plot_skeleton(neuron())
    lines, soma = ax.collections
    assert isinstance(lines, LineCollection)
    assert len(lines.get_segments()) == 5
    assert soma.get_sizes().tolist() == [120]
    assert len(mw.plot_skeleton(neuron(), plot_soma=False).collections) == 1


def test_a_second_cell_does_not_push_the_first_out_of_sight():
    ax = mw.plot_skeleton(neuron())
    mw.plot_skeleton(moved(neuron(), 9000, 0), ax=ax)
    assert ax.get_xlim() == (-2000, 13_000)
    assert ax.get_ylim() == (6000, -3000)


def test_a_compartment_without_a_colour_is_grey():
    cell = neuron(compartment=[1, 2, 2, 2, 9, 4])
    with pytest.raises(KeyError):
        drawn_by_the_package(cell, plt.subplots()[1], soma=False)
    lines = mw.plot_skeleton(cell, plot_soma=False).collections[0]
    grey = (lines.get_colors()[:, :3] == lines.get_colors()[:, :1]).all(axis=1)
    assert grey.sum() == 1


def test_the_workshops_picture_of_the_sample_says_that_it_is_synthetic():
    ax = mw.plot_skeleton(sample().skeleton(first_basket_cell()))
    assert [text.get_text() for text in ax.texts] == ["synthetic sample"]


@pytest.mark.parametrize("view", ["front", "side", "top"])
def test_the_package_itself_draws_when_asked_for(view):
    cell = neuron(compartment=[1, 2, 2, 2, 9, 4])
    ax = plots.plot_morphology(cell, view=view, engine="skeleton_plot")
    # One collection for each branch, in nm, as that package draws.
    branches = [own for own in ax.collections if isinstance(own, LineCollection)]
    assert len(branches) == 4
    across, down = {"front": (0, 1), "side": (2, 1), "top": (0, 2)}[view]
    shown = np.concatenate([np.concatenate(own.get_segments()) for own in branches])
    expected = cell.vertices[:, [across, down]]
    np.testing.assert_array_equal(shown.min(axis=0), expected.min(axis=0))
    np.testing.assert_array_equal(shown.max(axis=0), expected.max(axis=0))
    assert {text.get_text() for text in ax.texts} == {"test neuron"}


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "skeleton_plot", None)
    with pytest.raises(MissingLibrary, match="pip install skeleton_plot meshparty"):
        plots.plot_morphology(neuron(), engine="skeleton_plot")
