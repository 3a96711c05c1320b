"""The cell picker in each host: the mouse and the keyboard act, and Python is read back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import serious_faults
from tests.browser.hosts import Notebook
from tests.browser.server import Server

SHOW = (
    "import microns_widgets as mw\ncon = mw.load(quiet=True)\npicker = mw.CellPicker(con); picker"
)
CLEAR = "picker.value, picker.selected, picker.filters = None, [], {}"
JUPYTERLAB = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    yield from server.open_and_run(browser, [SHOW], ".mw-row")


@pytest.fixture
def shown(opened: Notebook) -> Notebook:
    opened.kernel.run(CLEAR)
    # The order of the rows is the page's own, and another test may have changed it.
    sorted_by = opened.page.locator(".mw-head [aria-sort$=ending] button")
    for _ in ("ascending", "descending"):
        if sorted_by.count():
            sorted_by.click()
    expect(sorted_by).to_have_count(0)
    n = opened.kernel.value("len(con.cells)")
    expect(opened.page.locator(".mw-status")).to_have_text(f"{n:,} of {n:,} shown, 0 selected")
    return opened


def test_mouse_and_keyboard_reach_python_and_python_reaches_the_page(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.get_by_role("checkbox", name="BC").first.check()
    n = kernel.value("len(con.select(cell_type='BC'))")
    expect(page.locator(".mw-status")).to_contain_text(f"{n:,} of ")
    page.locator(".mw-row").first.click()
    page.keyboard.press("Space")
    kernel.expect("picker.filters", {"cell_type_auto": ["BC"]})
    first = kernel.value("int(con.select(cell_type='BC', proofread='axon_fully_extended')[0])")
    kernel.expect("[picker.value, picker.selected]", [first, [first]])
    kernel.expect("picker.filtered == tuple(con.select(cell_type='BC'))", True)
    kernel.run("picker.filters = {'region': ['RL']}")
    expect(page.get_by_role("checkbox", name="RL")).to_be_checked()
    rows = kernel.value("int((con.cells.region == 'RL').sum())")
    expect(page.locator(".mw-status")).to_contain_text(f"{rows:,} of ")
    expect(page.locator(".mw-status")).to_contain_text(" shown, 1 selected")


@JUPYTERLAB
def test_the_keyboard_alone_finds_and_selects(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.locator(".mw-bar input[type=search]").focus()
    page.keyboard.type("mc v1")
    page.keyboard.press("ArrowDown")
    for key in ("End", "Home", "PageDown", "ArrowUp", "Home", "Enter", "ArrowDown", "Space"):
        page.keyboard.press(key)
    page.keyboard.press("Shift+ArrowDown")
    # Proofread cells come first, the most complete ones at the top.
    kernel.run(
        "found = con.cells[con.cells.pt_root_id.isin(con.select(cell_type='MC', region='V1'))]\n"
        "order = mw.palette.type_order(found.proofreading_strategy)\n"
        "ranks = found.proofreading_strategy.map(order.index)\n"
        "first = found.pt_root_id[ranks.sort_values(kind='stable').index[:3]]"
    )
    ids = kernel.value("first.tolist()")
    kernel.expect("picker.value", ids[0])
    kernel.expect("picker.selected", ids[1:])
    # No letter has become a command of JupyterLab.
    assert page.locator(".jp-Cell").count() == 1


@JUPYTERLAB
def test_the_mouse_alone_draws_a_lasso_and_sorts(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.get_by_role("button", name="Filter area").click()
    box = page.locator(".mw-map").bounding_box()
    assert box
    corners = [(0.4, 0.2), (0.7, 0.2), (0.7, 0.6), (0.4, 0.6)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()
    kernel.expect("0 < len(picker.filtered) < len(con.root_ids)", True)
    kernel.run("from microns_widgets.widgets._filters import filter_mask")
    shown_rows = kernel.value("int(filter_mask(picker.filters, picker._table).sum())")
    expect(page.locator(".mw-status")).to_contain_text(f"{shown_rows:,} of ")
    page.get_by_role("button", name="depth").click()
    page.locator(".mw-row").first.click()
    kernel.run(
        "left = con.cells[con.cells.pt_root_id.isin(picker.filtered)]\n"
        "depth = mw.cortical_depth(left.filter(like='position').to_numpy())\n"
        "shallowest = int(left.pt_root_id.iloc[depth.argmin()])"
    )
    kernel.expect("picker.value == shallowest", True)


@JUPYTERLAB
def test_the_line_of_python_is_copied(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("checkbox", name="BC").first.check()
    kernel.expect("picker.filters", {"cell_type_auto": ["BC"]})
    page.get_by_role("button", name="Copy as Python").click()
    expect(page.locator(".mw-status")).to_contain_text('Copied: con.select(cell_type="BC")')
    line = page.evaluate("() => navigator.clipboard.readText()")
    assert line == kernel.value("picker.to_code()")


@JUPYTERLAB
def test_axe_finds_no_serious_fault_light_or_dark(shown: Notebook) -> None:
    page = shown.page
    assert serious_faults(page, ".mw-picker") == []
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'false'; }")
    expect(page.locator(".mw-picker")).to_have_attribute("data-theme", "dark")
    assert serious_faults(page, ".mw-picker") == []
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'true'; }")


def test_the_saved_notebook_holds_a_picture_and_not_the_table(shown: Notebook) -> None:
    [cell] = shown.save().cells
    _view, output, _line = cell.outputs
    assert output.data["image/png"].startswith("iVBOR")
    assert shown.path.stat().st_size < 1_000_000
    assert shown.foreign == []
    assert shown.errors == []


@JUPYTERLAB
def test_a_slip_is_forgiven_in_the_page_and_in_python(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.locator(".mw-bar input[type=search]").fill("martinoti proofread")
    expect(page.locator(".mw-status")).to_contain_text("showing “martinotti”")
    kernel.expect("picker.filters", {"search": "martinoti proofread"})
    kernel.expect("picker.filtered == tuple(con.select(cell_type='MC', proofread=True))", True)
    page.get_by_role("button", name="Remove filter: search").click()
    kernel.expect("picker.filters", {})
    page.locator(".mw-table [role=grid]").focus()
    page.keyboard.press("Control+z")
    expect(page.locator(".mw-bar input[type=search]")).to_have_value("martinoti proofread")
    # Otherwise the page might tell Python so only after the next test has begun.
    kernel.expect("picker.filters", {"search": "martinoti proofread"})
