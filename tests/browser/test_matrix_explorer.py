"""The matrix explorer in notebooks: hands act in the page, and Python hears of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.accessibility import serious_faults
from tests.browser.hosts import Notebook
from tests.browser.matrix_pointer import connected_entry
from tests.browser.server import Server

SHOW = """import microns_widgets as mw
con = mw.load(quiet=True)
explorer = mw.MatrixExplorer(con)
explorer"""
in_jupyterlab = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    notebook = server.open(browser, [SHOW])
    yield notebook
    server.close(notebook)


@pytest.fixture
def shown(opened: Notebook) -> Notebook:
    """A new explorer in a notebook that is open already."""
    opened.kernel.run("explorer = None")
    opened.run_all()
    opened.kernel.expect("explorer is not None", True, timeout=60)
    expect(plot(opened)).to_be_visible(timeout=60_000)
    return opened


def plot(notebook: Notebook) -> Locator:
    return notebook.page.locator(".mx-plot")


def test_a_pair_is_chosen_and_its_synapses_are_listed(shown: Notebook) -> None:
    plot(shown).focus()
    for key in ("Home", "n", "Enter"):
        shown.page.keyboard.press(key)
    rows = shown.page.locator(".mx-pair tbody tr")
    expect(rows.first).to_be_visible()
    shown.kernel.expect("len(con.between(*explorer.pair))", rows.count())
    expect(shown.page.locator(".mx-caption")).to_contain_text("synthetic sample")
    shown.kernel.run("explorer.pair = None")
    expect(shown.page.locator(".mx-pair")).to_be_hidden()
    assert shown.foreign == []
    assert shown.errors == []


@in_jupyterlab
def test_the_mouse_selects_moves_and_zooms(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    plot(shown).scroll_into_view_if_needed()
    box = plot(shown).bounding_box()
    assert box is not None
    x, y = box["x"] + 200, box["y"] + 150

    def drag() -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 120, y + 90, steps=4)
        page.mouse.up()

    page.keyboard.down("Shift")
    drag()
    page.keyboard.up("Shift")
    kernel.expect("len(explorer.selected_pre) > 5 and len(explorer.selected_post) > 5", True)
    kernel.expect("explorer.view", {})
    page.mouse.move(x, y)
    page.mouse.wheel(0, -600)
    kernel.expect("len(explorer.visible.pre) < 120", True)
    before = kernel.value("explorer.view['columns'][0]")
    drag()
    kernel.expect(f"explorer.view['columns'][0] < {before}", True)
    page.mouse.click(*connected_entry(page))
    kernel.expect("explorer.pair is not None", True)
    chosen = kernel.value("explorer.pair")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    kernel.expect(f"explorer.pair[1] != {chosen[1]}", True)
    visible = "explorer.pair[0] in explorer.visible.pre_ids"
    kernel.expect(f"bool({visible})", True)


@in_jupyterlab
def test_python_sets_what_the_page_shows(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.locator(".mx-more > summary").click()
    kernel.run("explorer.value = 'count'; explorer.sort('depth', axis='pre')")
    expect(page.get_by_role("combobox", name="Value")).to_have_value("count")
    expect(page.get_by_role("combobox", name="Rows by")).to_have_value("depth")
    expect(page.get_by_role("combobox", name="Columns by")).to_have_value("given")
    expect(page.get_by_role("combobox", name="Order")).to_have_value("mixed")
    kernel.run("explorer.view = {'rows': [0, 10], 'columns': [5, 15]}")
    expect(page.locator(".mx-caption")).to_contain_text("In view: 10 × 10.")
    kernel.run("explorer.sort(explorer.matrix.pre_ids[::-1], axis='pre')")
    expect(page.get_by_role("combobox", name="Rows by")).to_have_value("own")
    plot(shown).focus()
    for key in ("0", "Home", *["Control+ArrowUp"] * 12, "Enter"):
        page.keyboard.press(key)
    first = kernel.value("explorer.matrix.pre_ids[0].item()")
    kernel.expect("(explorer.pair or [0])[0]", first)


@in_jupyterlab
def test_python_clusters_and_the_page_shows_its_order(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.get_by_role("combobox", name="Order").select_option("clustering")
    kernel.expect("[explorer.order_pre, explorer.order_post]", ["clustering", "clustering"])
    plot(shown).focus()
    for key in ("0", "Home", *["Control+ArrowUp"] * 12, "Enter"):
        page.keyboard.press(key)
    first = "[explorer.matrix.pre_ids[0].item(), explorer.matrix.post_ids[0].item()]"
    kernel.expect("list(explorer.pair or [])", kernel.value(first))


@in_jupyterlab
def test_a_field_of_the_view_by_type_shows_its_cells(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.get_by_role("combobox", name="Show", exact=True).select_option("types")
    page.get_by_role("button", name="BC → MC").click()
    kernel.expect("explorer.show", "cells")
    kernel.expect("sorted(set(explorer.visible.pre['cell_type_auto']))", ["BC"])
    kernel.expect("sorted(set(explorer.visible.post['cell_type_auto']))", ["MC"])


@in_jupyterlab
@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_no_serious_fault(shown: Notebook, theme: str) -> None:
    page = shown.page
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_role("menu").get_by_text("Theme", exact=True).hover()
    page.get_by_role("menuitemradio", name=theme, exact=True).or_(
        page.locator(f'li[data-command="apputils:change-theme"]:has-text("{theme}")')
    ).first.click()
    dark = theme.endswith("Dark")
    expect(page.locator(".mx")).to_have_attribute("data-theme", "dark" if dark else "light")
    shown.kernel.run("explorer.pair = explorer.matrix.pre_ids[0], explorer.matrix.post_ids[1]")
    expect(page.locator(".mx-pair")).to_be_visible()
    assert serious_faults(page, ".mx") == []
    shown.kernel.run("explorer.show = 'types'")
    expect(page.locator(".mx-field").first).to_be_visible()
    assert serious_faults(page, ".mx") == []


@in_jupyterlab
def test_the_saved_notebook_has_a_picture_and_stays_small(shown: Notebook) -> None:
    _view, output, _line = shown.save().cells[0].outputs
    assert output.data["image/png"].startswith("iVBOR")
    assert shown.path.stat().st_size < 1_000_000
