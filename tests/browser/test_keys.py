"""Keys that are pressed in a widget do nothing to the notebook around it."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hosts import Notebook
from tests.browser.server import Server

SHOW = """import microns_widgets as mw
con = mw.load(quiet=True)
cells = con.select(proofread=True)[:30]"""
#: A widget, and what is pressed in it: something that has keys of its own, and a control.
WIDGETS = {
    "picker": ("mw.CellPicker(con)", (".mw-picker [tabindex='0']", ".mw-picker button:visible")),
    "viewer": ("mw.SkeletonViewer(con, [int(cells[0])])", ("[class*=skv] [tabindex='0']",)),
    "matrix": ("mw.MatrixExplorer(con, cells)", (".mx-plot", ".mx-more > summary")),
    "player": (
        "mw.ActivityPlayer(con.matrix(cells, autapses=False))",
        (".ap-rows", ".ap-bar > input", ".ap-export > summary"),
    ),
    "explorer": ("mw.Explorer(con, pre=cells)", (".mwx-divider", ".skp-divider", ".mwx-full")),
}
# In the notebook's command mode: cut, delete, insert, merge, run, change the type, interrupt ...
KEYS = [
    *string.ascii_lowercase,
    *(f"Shift+{letter}" for letter in "JKMLOV"),
    *string.digits,
    *("d", "d", "0", "0", "i", "i"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Enter", "Shift+Enter", "Control+Enter"),
    *("Alt+Enter", "Space", "Backspace", "Delete", "Escape"),
    *("x", "d", "d", "Enter"),
]
AFTER = "after = 1"


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    """A notebook with all widgets, each in its own cell."""
    widgets = [expression for expression, _ in WIDGETS.values()]
    notebook = server.open(browser, [SHOW, *widgets, AFTER, "# the last cell"])
    notebook.run_all()
    for _, (control, *_others) in WIDGETS.values():
        expect(notebook.page.locator(control).first).to_be_visible(timeout=120_000)
    yield notebook
    server.close(notebook)


@pytest.mark.parametrize("name", WIDGETS)
def test_no_key_reaches_the_notebook(name: str, opened: Notebook) -> None:
    notebook, selectors = opened, WIDGETS[name][1]
    page = notebook.page
    before = [(cell.cell_type, cell.source) for cell in notebook.save().cells]
    for selector in selectors:
        target = page.locator(selector).first
        target.scroll_into_view_if_needed()
        for key in KEYS:
            # Focuses it again: some keys move the focus, and a redrawn element loses it.
            target.press(key)
        # The host would show its reaction by now.
        page.wait_for_timeout(300)
        expect(page.locator(".jp-Dialog, .modal.in")).to_have_count(0)
        expect(target).to_be_visible()
    notebook.kernel.expect("after", 1)
    assert [(cell.cell_type, cell.source) for cell in notebook.save().cells] == before
    assert notebook.errors == []
