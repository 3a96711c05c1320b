"""Linked widgets in each host: what the user chooses in one, the others show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_faults
from tests.browser.hosts import Notebook
from tests.browser.server import Server

JUPYTERLAB = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")
SHOW = """\
import microns_widgets as mw
con = mw.load(quiet=True)
page = mw.Explorer(con)
picker, viewer, matrix = page.widgets
ids = con.select(proofread=True)
pairs = con.matrix(ids, ids).count.tocoo()
pre, post = next((int(ids[i]), int(ids[j])) for i, j in zip(*pairs.coords) if i != j)
heard = []
for widget, names in ((picker, ["value", "selected"]), (viewer, ["cells", "partner"]),
                      (matrix, ["pair", "cell", "selected_pre", "selected_post"])):
    widget.observe(lambda change: heard.append(f"{change.owner._kind}.{change.name}"), names)
page"""
CLEAR = """\
mw.unlink(picker, viewer, matrix)
picker.value, picker.selected, picker.filters = None, [], {}
viewer.partner, viewer.cells = None, [pre]
matrix.pair, matrix.cell, matrix.selected_pre, matrix.selected_post = None, None, [], []
mw.link(picker, viewer, matrix)
heard.clear()"""


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    # Wide enough for all three side by side.
    shown = (".mw-row", '.mx-caption:has-text("connections")')
    yield from server.open_and_run(browser, [SHOW], *shown, size=(1400, 900))


@pytest.fixture
def shown(opened: Notebook) -> Notebook:
    opened.kernel.run(CLEAR)
    # The keyboard's cross-hair of another test would stay; a pointer that leaves takes it along.
    plot = opened.page.locator(".mx-plot")
    plot.blur()
    plot.hover()
    opened.page.mouse.move(1, 1)
    pre = opened.kernel.value("pre")
    expect(opened.page.locator(".skv-summary")).to_contain_text(f"{pre}: ")
    expect(opened.page.locator(".mw-status")).to_contain_text("0 selected")
    return opened


def pick(page: Page, root_id: int) -> None:
    """Click on a cell's row in the picker."""
    page.locator(".mw-bar input[type=search]").fill(str(root_id))
    expect(page.locator(".mw-status")).to_contain_text("1 of ")
    page.locator(".mw-row:visible").click()


def test_a_cell_of_the_picker_is_shown_by_the_others(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    post = kernel.value("post")
    pick(page, post)
    expect(page.locator(".skv-summary")).to_contain_text(f"{post}: ")
    expect(page.locator(".mx-matrix .mx-readout")).to_contain_text(f"row and column of {post}")
    kernel.expect("heard", ["picker.value", "matrix.cell", "viewer.cells"])
    assert shown.errors == []


def test_a_pair_of_the_matrix_is_shown_with_its_synapses(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    pre, post = kernel.value("[pre, post]")
    kernel.run("matrix.pair = (pre, post)")
    expect(page.locator(".skv-summary")).to_contain_text("2 cells: ")
    expect(page.locator("[aria-label=Pair]")).to_contain_text(str(post))
    expect(page.locator(".mw-row[data-value]:visible")).to_contain_text(str(pre))


@JUPYTERLAB
def test_a_click_in_the_matrix_chooses_a_pair_for_all(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.locator(".mx-plot").focus()
    for key in ("Home", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    kernel.expect("matrix.pair is not None", True)
    pre, post = kernel.value("matrix.pair")
    kernel.expect("[picker.value, viewer.cells, viewer.partner]", [pre, [pre, post], post])
    kernel.expect("heard", ["matrix.pair", "picker.value", "viewer.cells", "viewer.partner"])
    expect(page.locator(".skv-summary")).to_contain_text("2 cells: ")


@JUPYTERLAB
def test_a_synapse_names_its_partner_and_leads_there_on_request(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    pre, post = kernel.value("[pre, post]")
    kernel.run("viewer.partner = post")
    kernel.expect("[picker.value, viewer.cells]", [post, [pre]])
    page.get_by_role("button", name="show this cell").click()
    expect(page.locator(".skv-summary")).to_contain_text(f"{post}: ")
    kernel.expect("[viewer.cells, viewer.partner, matrix.cell]", [[post], None, post])


@JUPYTERLAB
def test_what_is_selected_in_the_picker_is_selected_in_the_matrix(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    post = kernel.value("post")
    pick(page, post)
    page.keyboard.press("Space")
    kernel.expect("[matrix.selected_pre, matrix.selected_post]", [[post], [post]])
    kernel.run("matrix.selected_pre = [pre]")
    kernel.expect("set(picker.selected) == {pre, post}", True)
    expect(page.locator(".mw-status")).to_contain_text("2 selected")


@JUPYTERLAB
def test_an_unlinked_widget_no_longer_follows(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    pre, post = kernel.value("[pre, post]")
    kernel.run("mw.unlink(viewer)")
    pick(page, post)
    kernel.expect("matrix.cell", post)
    assert kernel.value("viewer.cells") == [pre]


@JUPYTERLAB
def test_the_token_panel_unfolds(shown: Notebook) -> None:
    page = shown.page
    expect(page.locator(".mw-token")).to_be_hidden()
    page.get_by_role("button", name="CAVE token").click()
    expect(page.locator("input[type=password]")).to_be_visible()
    page.get_by_role("button", name="CAVE token").click()
    expect(page.locator("input[type=password]")).to_be_hidden()


@JUPYTERLAB
def test_axe_finds_no_serious_fault_light_or_dark(shown: Notebook) -> None:
    page = shown.page
    assert serious_faults(page, ".jp-OutputArea-output") == []
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'false'; }")
    expect(page.locator(".mw-picker")).to_have_attribute("data-theme", "dark")
    assert serious_faults(page, ".jp-OutputArea-output") == []
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'true'; }")


def test_the_saved_notebook_holds_one_picture_and_the_page_loaded_nothing_else(
    shown: Notebook,
) -> None:
    [cell] = shown.save().cells
    _view, output, _line = cell.outputs
    assert output.data["image/png"].startswith("iVBOR")
    assert shown.foreign == []
    assert shown.errors == []
