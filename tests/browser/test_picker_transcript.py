"""What the chapters ask about cells, answered by keyboard and by what a screen reader says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import microns_widgets as mw
from microns_widgets.anatomy.depth import layer_of
from microns_widgets.connectome import Connectome
from microns_widgets.widgets._base import STATIC
from tests.browser.frame import open_frame
from tests.browser.reader import Reader, number

Open = Callable[..., Reader]


@pytest.fixture(scope="module")
def con() -> Connectome:
    return mw.load(quiet=True)


@pytest.fixture
def open_picker(
    browser: Browser,
    probe_folder: Path,
    con: Connectome,
    reader_of: Callable[[Page], Reader],
) -> Iterator[Open]:
    """Return a function that shows a picker with filters, and hears it."""
    pages: list[Page] = []

    def open_page(**filters: list[str]) -> Reader:
        picker = mw.CellPicker(con, save_data=True)
        state = {
            "value": None,
            "selected": [],
            "filters": filters,
            "layers": picker.layers,
            "data": None,
        }
        frame = open_frame(
            browser,
            STATIC / "cell-picker.js",
            probe_folder / "page.js",
            state,
            {"cells": (None, [picker.data])},
        )
        pages.append(frame.page)
        expect(frame.page.get_by_role("grid")).to_be_visible()
        return reader_of(frame.page)

    yield open_page
    for page in pages:
        page.context.close()


def labels_left(heard: str) -> dict[str, int]:
    """Return the labels of a filter with a count above 0, as they are read."""
    lines = re.findall(r'checkbox "([^"]+?) ([\d,]+) cells"', heard)
    return {label: number(count) for label, count in lines if count != "0"}


def test_in_which_layer_most_neurogliaform_cells_are(open_picker: Open, con: Connectome) -> None:
    reader = open_picker()
    reader.tab_to('checkbox "NGC ')
    shown = number(reader.press("Space"), r"([\d,]+) of [\d,]+ shown")
    heard = reader.read("img", re.compile("Map of somata"))
    by_layer = {name: number(n) for name, n in re.findall(r"(L[\d/]+|WM) ([\d,]+)", heard)}
    cells = con.cells[con.cells["cell_type_auto"] == "NGC"]
    depth = mw.cortical_depth(cells[["pt_position_x", "pt_position_y", "pt_position_z"]])
    layers = layer_of(depth).tolist()
    counts = {f"L{name}": layers.count(name) for name in layers}
    assert shown == len(cells)
    assert {name: n for name, n in by_layer.items() if n} == counts
    reader.note(f"Most are in {max(by_layer, key=by_layer.__getitem__)}.")


def test_which_types_are_left_below_500_um(open_picker: Open, con: Connectome) -> None:
    reader = open_picker()
    reader.tab_to("Lowest depth")
    reader.type("500")
    reader.press("Enter")
    heard = reader.read("group", "type")
    depth = mw.cortical_depth(con.cells[["pt_position_x", "pt_position_y", "pt_position_z"]])
    types = con.cells["cell_type_auto"][depth >= 500].value_counts()
    assert labels_left(heard) == {name: n for name, n in types.items() if n}


def test_which_automatic_types_the_cells_of_a_manual_type_have(
    open_picker: Open, con: Connectome
) -> None:
    worst = mw.compare_types(con.cells).disagreements.iloc[0]
    reader = open_picker(cell_type_manual=[worst["manual"]], cell_type_auto=[worst["auto"]])
    # The chapter: click on a row, then choose another manual type, and see which types are left.
    row = reader.tab_to("^row")
    assert row.startswith(f'row "{worst["auto"]}, ')
    chosen = reader.press("Enter")
    assert f"Chosen: {worst['auto']} cell " in chosen
    reader.tab_to('"manual type .*collapsed', back=True)
    reader.press("Enter")
    reader.tab_to(f'checkbox "{worst["manual"]} .* checked')
    reader.press("Space")
    other = next(one for one in ("BC", "MC") if one != worst["manual"])
    reader.tab_to(rf'checkbox "{other} \d', back=other < worst["manual"])
    reader.press("Space")
    left = labels_left(reader.read("group", "type"))
    cells = con.cells[con.cells["cell_type_manual"] == other]
    assert left == cells["cell_type_auto"].value_counts().to_dict()


def test_the_deepest_basket_cell(open_picker: Open, con: Connectome) -> None:
    cells = con.cells[con.cells["cell_type_auto"] == "BC"]
    reader = open_picker()
    reader.tab_to("searchbox")
    assert f"{len(cells)} of" in reader.type("basket")
    reader.tab_to('button "depth')
    assert "Sorted by depth (µm), ascending" in reader.press("Enter")
    assert "Sorted by depth (µm), descending" in reader.press("Enter")
    row = reader.tab_to("^row", back=True)
    depth = mw.cortical_depth(cells[["pt_position_x", "pt_position_y", "pt_position_z"]])
    assert number(row, r"depth (\d+) µm") == round(depth.max())
    assert str(cells["pt_root_id"].iloc[depth.argmax()]) in row
    assert f"row 1 of {len(cells)}" in row
