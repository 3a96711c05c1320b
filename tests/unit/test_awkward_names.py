"""Names of any kind stay the same in copied code, in CSV files and in figures."""

from __future__ import annotations

import ast
import csv
import io
import re

import pandas as pd
import pytest
from drawing import neuron
from matplotlib.figure import Figure

import microns_widgets as mw
from microns_widgets._csv import csv_rows, csv_text, safe_cell
from microns_widgets.errors import TableError
from microns_widgets.plots._text import LONGEST_NAME, shown
from microns_widgets.widgets._filters import filters_code
from microns_widgets.widgets._python_code import python_code
from tests import awkward_names
from tests.awkward_names import NAMES

# A table cannot contain half a surrogate pair.
LABELS = [name for name in NAMES if not any("\ud800" <= sign <= "\udfff" for sign in name)]


def test_the_front_ends_tests_read_what_python_writes():
    assert awkward_names.FILE.read_text(encoding="utf-8") == awkward_names.text()


def test_code_evaluates_to_the_name_and_is_one_line_of_visible_characters():
    for name in NAMES:
        code = python_code(name)
        assert ast.literal_eval(code) == name
        assert code.isprintable(), ascii(code)
    assert ast.literal_eval(python_code([*NAMES])) == [*NAMES]


def test_code_of_filters_names_the_same_labels(cells):
    code = filters_code({"cell_type_auto": LABELS}, cells)
    call = ast.parse(code).body[0].value
    assert ast.literal_eval(call.keywords[0].value) == LABELS


def test_a_csv_file_has_no_formulas_and_is_read_back_unchanged():
    text = csv_text([["name", "n"], *([name, "-3"] for name in LABELS)])
    for cell, n in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        assert n == "-3"
        assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n"))
        assert not cell.startswith("-") or float(cell) < 0
    assert [row["name"] for row in csv_rows(io.StringIO(text, newline=""))] == LABELS


def test_numbers_and_root_ids_are_unchanged():
    for number in ("-1", "-1.5", "-2e-3", "864691135000000001", ""):
        assert safe_cell(number) == number


def test_a_figure_shows_a_name_on_one_short_line():
    for name in LABELS:
        text = shown(name)
        assert len(text) <= LONGEST_NAME
        assert "\n" not in text
        assert (text == name) or not name.isprintable() or len(name) > LONGEST_NAME or name == " "
    assert shown("x" * 50 + "1") != shown("x" * 50 + "2")
    assert shown("$x_1$") == "$x_1$"


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")
def test_legends_ticks_and_titles_show_names_as_they_are():
    labels = ["$\\frac$", "_hidden", "\\$a$", "<b>", ""]
    ax = Figure().add_subplot()
    mw.plots.plot_morphologies([neuron(source="$\\frac$")] * len(labels), labels=labels, ax=ax)
    ax.figure.savefig(io.BytesIO())
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == labels
    assert not any(text.get_parse_math() for text in legend.get_texts())

    values = pd.DataFrame([[0.5] * 5] * 5, index=labels, columns=labels)
    ax = Figure().add_subplot()
    mw.plots.plot_type_summary(values, label="$\\frac$", ax=ax)
    ax.figure.savefig(io.BytesIO())
    ticks = [text.get_text() for text in ax.get_xticklabels()]
    assert ticks == [*labels[:-1], "unknown"]


def test_half_a_surrogate_pair_in_a_table_is_refused(cells, synapses):
    cells["cell_type_auto"] = cells["cell_type_auto"].astype(object)
    cells.loc[0, "cell_type_auto"] = "a\ud800"
    with pytest.raises(TableError, match=r"'cell_type_auto' contains .* not valid text"):
        mw.Connectome(cells, synapses)


def test_a_connectome_and_a_skeleton_show_names_as_escaped_text(cells, synapses):
    labels = ["<script>alert(1)</script>", "**b**", " ", "x" * 10_000, "日本語", "a\nb"]
    cells["cell_type_auto"] = labels
    con = mw.Connectome(cells, synapses, source="<img src=x onerror=alert(1)>" + "y" * 10_000)
    for html in (con._repr_html_(), neuron(source="<b>\n" + "y" * 10_000)._repr_html_()):
        text = re.sub(r'title="[^"]*"', "", html)
        assert not re.search("<(script|img|b>y)", html)
        assert max(map(len, re.findall(r"\w+", text))) < 100
    assert f'title="{"x" * 10_000}"' in con._repr_html_()
    assert "overflow-wrap:anywhere" in con._repr_html_()


def test_a_source_with_line_breaks_leaves_a_skeleton_readable(tmp_path):
    neuron(source="a\nb\u2028c\r1 2 3").to_swc(tmp_path / "cell.swc")
    assert mw.Skeleton.from_swc(tmp_path / "cell.swc").n_vertices == 6
