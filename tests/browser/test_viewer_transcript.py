"""What the chapters ask about shapes, partners and pairs, answered by keyboard and by ear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import microns_widgets as mw
from microns_widgets.anatomy.depth import layer_of, to_cortical
from microns_widgets.connectome import Connectome
from tests.browser.reader import Reader, number, to_soma

POSITION = ["ctr_pt_position_x", "ctr_pt_position_y", "ctr_pt_position_z"]
NUCLEUS = ["pt_position_x", "pt_position_y", "pt_position_z"]


@pytest.fixture(scope="module")
def con() -> Connectome:
    return mw.load(quiet=True)


@pytest.fixture(scope="module")
def target(con: Connectome) -> int:
    """Pyramidal cell with most inputs from both basket and Martinotti cells."""
    ids = con.select(cell_type="23P", proofread=True)
    by_type = [con.inputs(one, unknown=False)["pre_pt_root_id"] for one in ids]
    counts = [con.labels(list(pre)).tolist() for pre in by_type]
    return int(max(zip(ids, counts, strict=True), key=lambda at: _both(at[1]))[0])


def _both(types: list[str]) -> int:
    return min(types.count("BC"), types.count("MC"))


@pytest.fixture(scope="module")
def cells(con: Connectome, target: int) -> list[int]:
    """The cell, and the basket and Martinotti cells that contact it most."""
    partners = con.partners(target, "inputs", unknown=False, autapses=False)
    proofread = partners[partners["partner_root_id"].isin(con.select(proofread=True))]
    found = [target]
    for kind in ("BC", "MC"):
        found += proofread[proofread["cell_type_auto"] == kind]["partner_root_id"].tolist()[:3]
    return found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, con: Connectome, cells: list[int]) -> Path:
    page = mw.Explorer(con, value=cells[2], pre=cells)
    return mw.to_html(page, tmp_path_factory.mktemp("explorer") / "cells.html", cells=cells)


@pytest.fixture
def reader(
    browser: Browser, file: Path, cells: list[int], reader_of: Callable[[Page], Reader]
) -> Iterator[Reader]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri())
    expect(page.get_by_role("row", name=f"row {len(cells)} of {len(cells)}")).to_be_attached()
    expect(page.get_by_text(re.compile("of cable"))).not_to_have_count(0)
    yield reader_of(page)
    page.context.close()


def choose_cell(reader: Reader, root_id: int) -> None:
    """Choose a cell in the picker's table, by walking down to its id."""
    reader.tab_to("searchbox")
    reader.tab_to(r'row ".* of \d+"')
    reader.press("Home")
    reader.walk_to(str(root_id))
    heard = reader.press("Enter")
    assert f"cell {root_id}" in heard
    reader.wait_to_hear(rf"cell {root_id}: .* of cable")


def open_legend(reader: Reader) -> None:
    reader.tab_to('button "Legend and depth profile"')
    assert "expanded" in reader.press("Enter")


def open_layers(reader: Reader) -> dict[str, dict[str, int]]:
    reader.tab_to("by layer")
    reader.press("Enter")
    return reader.layers()


def layers_of(con: Connectome, synapses: object) -> dict[str, int]:
    depths = mw.cortical_depth(synapses[POSITION])  # type: ignore[index]
    names = [f"L{name}" for name in layer_of(depths).tolist()]
    return {name: names.count(name) for name in names}


def test_where_basket_and_martinotti_cells_contact_a_pyramidal_cell(
    reader: Reader, con: Connectome, target: int
) -> None:
    choose_cell(reader, target)
    open_legend(reader)
    heard: dict[str, dict[str, int]] = {}
    for kind in ("BC", "MC"):
        reader.tab_to('button "hide all"', back=kind == "MC")
        reader.press("Enter")
        reader.tab_to(rf'checkbox "{kind} \d')
        assert "checked" in reader.press("Space")
        layers = open_layers(reader) if kind == "BC" else reader.layers()
        heard[kind] = {
            name: counts["inputs"]
            for name, counts in layers.items()
            if counts["inputs"] and name != "above soma"
        }
        inputs = con.inputs(target, cell_type=kind)
        assert heard[kind] == layers_of(con, inputs)
    # Martinotti cells contact the tuft, and basket cells the soma's own layer.
    assert heard["MC"].get("L1", 0) > heard["BC"].get("L1", 0)


def test_the_partner_with_the_most_synapses(
    reader: Reader, con: Connectome, cells: list[int]
) -> None:
    choose_cell(reader, cells[1])
    reader.tab_to('button "out" ')
    assert "Sorted by out, descending" in reader.press("Enter")
    row = reader.tab_to("^row")
    partners = con.partners(cells[1], "outputs", autapses=False)
    most = partners["n_synapses"].max()
    assert number(row, r"(\d+) outputs") == most
    strongest = partners[partners["n_synapses"] == most]
    assert int(row.split("partner ")[1][:18]) in strongest["partner_root_id"].tolist()
    # The type with the most outputs, too.
    reader.tab_to('checkbox "by type"', back=True)
    reader.press("Space")
    rows = reader.read("grid", re.compile("Partners"))
    outputs = {
        kind: number(n) for kind, n in re.findall(r'row "([^,"]+), .*?([\d,]+) outputs?', rows)
    }
    known = partners[partners["cell_type_auto"] != ""]
    sums = known.groupby("cell_type_auto")["n_synapses"].sum()
    assert {kind: outputs[kind] for kind in sums.index} == sums.to_dict()


def test_in_which_layers_a_basket_cell_and_a_martinotti_cell_have_their_outputs(
    reader: Reader, con: Connectome, cells: list[int]
) -> None:
    opened = False
    for root_id in (cells[1], cells[-1]):
        choose_cell(reader, root_id)
        if not opened:
            open_legend(reader)
        layers = reader.layers() if opened else open_layers(reader)
        opened = True
        outputs = con.outputs(root_id)
        counts = {name: one["outputs"] for name, one in layers.items() if one["outputs"]}
        above = counts.pop("above soma", 0)
        assert counts == layers_of(con, outputs)
        soma = mw.cortical_depth(con.cells.set_index("pt_root_id").loc[[root_id], NUCLEUS])[0]
        share = float(np.mean(mw.cortical_depth(outputs[POSITION]) < soma))
        assert above / sum(counts.values()) == pytest.approx(share, abs=0.02)


def test_how_wide_a_basket_cell_is(reader: Reader, con: Connectome, cells: list[int]) -> None:
    choose_cell(reader, cells[1])
    open_legend(reader)
    open_layers(reader)
    heard = reader.read("figure", re.compile("Depth profile"))
    words = ("wide", "tall", "from front to back")
    wide, tall, across = (number(heard, rf"(\d+) µm {word}") for word in words)
    skeleton = to_cortical(con.skeleton(cells[1]).vertices)
    synapses = [to_cortical(one[POSITION]) for one in (con.inputs(cells[1]), con.outputs(cells[1]))]
    extent = np.ptp(np.vstack([skeleton, *synapses]), axis=0)
    assert [wide, tall, across] == pytest.approx(extent.tolist(), abs=2)


def test_where_the_synapses_of_a_pair_are_on_their_target(
    reader: Reader, con: Connectome, cells: list[int], target: int
) -> None:
    soma = to_cortical(con.cells.set_index("pt_root_id").loc[[target], NUCLEUS])[0]
    nearest: dict[int, int] = {}
    reader.choose("table of con")
    reader.tab_to('button "post type"')
    reader.press("Enter")
    reader.tab_to("^row")
    for pre in (cells[1], cells[-1]):
        reader.press("Home")
        reader.walk_to(rf"presynaptic {pre}, postsynaptic {target}")
        reader.press("Enter")
        heard = reader.wait_to_hear("^Pair, .* from the target's soma")
        distances = to_soma(heard)
        between = to_cortical(con.between([pre], [target])[POSITION])
        expected = sorted(np.linalg.norm(between - soma, axis=1))
        nearest[pre] = distances[0]
        assert [distances[0], distances[-1]] == pytest.approx([expected[0], expected[-1]], abs=1)
        assert f": {len(expected)} synapses, " in heard
    # A basket cell is nearer to the soma than a Martinotti cell.
    assert nearest[cells[1]] < nearest[cells[-1]]
