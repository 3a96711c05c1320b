"""Types of other systems, and types that nobody knows, are drawn, listed and counted everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

import microns_widgets as mw
from microns_widgets import palette, plots
from microns_widgets.connectome import Connectome

TYPES = {"23P": "L2IT", "4P": "granule", "BC": "PV", "MC": "Purkinje", "BPC": "Körnerzelle"}


@pytest.fixture(scope="module")
def con(sample) -> Connectome:
    cells = sample.cells
    cells["cell_type_auto"] = cells["cell_type_auto"].replace(TYPES)
    synapses = sample.synapses
    return Connectome(cells, synapses, sample._skeletons, source="other types")


@pytest.fixture(scope="module")
def examples(con):
    ids = con.examples()
    return {name: ids[name] for name in TYPES.values()}


def legend(ax) -> dict[str, str]:
    """Colour of each entry of a legend, by its name without the count."""
    own = ax.get_legend()
    names = [text.get_text().split(" (")[0] for text in own.get_texts()]
    return {
        name: to_hex(handle.get_color())
        for name, handle in zip(names, own.legend_handles, strict=True)
    }


def test_maps_and_degrees_have_an_entry_for_each_type_in_its_colour(con):
    entries = legend(plots.plot_somata(con.cells))
    for name in TYPES.values():
        assert entries[name] == palette.color(name)
    assert next(iter(entries)) == "L2IT"
    # Types that nobody knows follow in alphabetical order.
    assert [*entries][-3:] == sorted(["granule", "Purkinje", "Körnerzelle"])
    ids = con.select(proofread=True)
    ax = plots.plot_degrees(con.degrees().loc[ids], con.labels(ids))
    assert legend(ax)["Purkinje"] == palette.color("Purkinje")


def test_neurons_are_drawn_in_the_colours_of_their_types_and_galleries_in_order(con, examples):
    skeletons = {name: con.skeleton(cell) for name, cell in examples.items()}
    ax = plots.plot_gallery(skeletons)
    titles = [text.get_text() for text in ax.texts]
    places = [next(i for i, title in enumerate(titles) if name in title) for name in ("L2IT", "PV")]
    assert places == sorted(places)
    two = plots.plot_morphologies([skeletons["L2IT"], skeletons["PV"]], labels=["L2IT", "PV"])
    assert legend(two) == {name: palette.color(name) for name in ("L2IT", "PV")}
    # A name that may not be that of a neuron does not decide; the colours are spread, and differ.
    odd = plots.plot_morphologies(list(skeletons.values()), labels=list(skeletons))
    assert len(set(legend(odd).values())) == len(skeletons)


def test_synapses_are_coloured_by_the_types_of_partners(con, examples):
    ax = con.plot(examples["Purkinje"], color_by="type")
    assert legend(ax)["PV"] == palette.color("PV") != palette.color("")


def test_matrices_and_summaries_have_the_types_in_the_palettes_order(con):
    matrix = con.matrix(value="count").sort()
    types = list(dict.fromkeys(matrix.pre["cell_type_auto"]))
    assert types == palette.type_order(types)
    assert types.index("L2IT") < types.index("PV") < types.index("Purkinje")
    summary = matrix.by_type()
    assert list(summary.probability.index) == types
    ax = plots.plot_type_summary(summary.probability)
    assert [label.get_text() for label in ax.get_yticklabels()] == types
    assert legend(matrix.plot())["Purkinje"] == palette.color("Purkinje")
    assert con.select(cell_type="Purkinje", proofread=True).tolist()


def test_widgets_show_them_and_have_a_picture(con, examples):
    picker = mw.CellPicker(con, filters={"cell_type_auto": ["granule", "L2IT"]})
    assert set(con.labels(picker.filtered)) == {"granule", "L2IT"}
    viewer = mw.SkeletonViewer(con, list(examples.values()), synapse_color="type")
    explorer = mw.MatrixExplorer(con, show="types")
    for widget in (picker, viewer, explorer):
        picture, problem = widget._still_png(40)
        assert picture is not None, problem


def test_the_display_of_a_connectome_lists_them_with_their_colours(con):
    html = con._repr_html_()
    for name in TYPES.values():
        assert f"{name}: " in html
        assert palette.color(name) in html


def test_comparing_with_manual_types_is_no_error(con):
    comparison = mw.compare_types(con.cells)
    assert np.isfinite(comparison.agreement)
    assert "granule" in comparison.counts.columns
