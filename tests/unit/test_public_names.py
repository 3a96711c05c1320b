"""What a student meets at `mw.`: the public names, and objects that introduce themselves."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version

import pytest

import microns_widgets as mw


def test_only_public_names_are_offered_even_after_use():
    code = (
        "import microns_widgets as mw\n"
        "mw.load(quiet=True).matrix(); mw.plots, mw.errors, mw.palette\n"
        "print(*dir(mw))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == set(mw.__all__) | {"errors", "palette", "plots"}


def test_the_version_is_the_installed_one():
    assert mw.__version__ == version("microns-widgets")


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = mw.no_such_name


def test_functions_of_outside_scripts_do_what_the_methods_do(sample):
    assert mw.examples(sample).equals(sample.examples())
    cell = sample.examples()["BC"]
    assert mw.by_compartment(sample, cell).equals(sample.by_compartment(cell))


def test_reprs_are_one_short_line(sample):
    skeleton = sample.skeleton(sample.examples()["BC"])
    matrix = sample.matrix()
    long = mw.Connectome(sample.cells, sample.synapses, source="a long\nsource " * 30)
    comparison = mw.compare_types(sample.cells)
    for shown in (sample, skeleton, matrix, matrix.by_type(), comparison, long, long._index):
        assert len(repr(shown)) < 120, repr(shown)
        assert "\n" not in repr(shown)
    assert re.fullmatch(r"<Skeleton of cell \d+: [\d,]+ vertices, [\d,]+ um>", repr(skeleton))


def test_a_connectome_shows_its_types_and_its_source_in_a_notebook(sample):
    html = sample._repr_html_()
    counts = sample.cells["cell_type_auto"].value_counts()
    for name, number in counts.items():
        assert f"{name or 'no type'}: {number:,}" in html
    assert "213,254 synapses" in html
    assert "synthetic sample" in html


def test_names_in_a_table_are_text_in_a_notebook(cells, synapses):
    cells["cell_type_auto"] = "<b>$x$</b>"
    html = mw.Connectome(cells, synapses, source="<i>")._repr_html_()
    assert "<b>$x$" not in html
    assert "<i>" not in html


def test_a_skeleton_shows_its_cable_and_a_drawing_in_a_notebook(sample):
    skeleton = sample.skeleton(sample.examples()["BC"])
    html = skeleton._repr_html_()
    assert f"{skeleton.cable_length():,.0f} µm of cable" in html
    assert f"axon: {skeleton.cable_length('axon'):,.0f} µm" in html
    drawn = [name for name in ("axon", "dendrite") if f'stroke="{mw.palette.color(name)}"' in html]
    assert drawn == ["axon", "dendrite"]
    assert len(html) < 60_000


def test_a_skeleton_of_one_vertex_is_drawn_too():
    html = mw.Skeleton([[0, 0, 0]], [], [5000], [1], root=0)._repr_html_()
    assert "1 vertices, 0 µm of cable" in html
    assert "<circle" in html
