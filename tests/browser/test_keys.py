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
cells = con.select(proofread=True)[:30]
{widget}"""
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


@pytest.fixture(scope="module", params=WIDGETS)
def opened(
    server: Server, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[tuple[Notebook, str]]:
    expression, _ = WIDGETS[request.param]
    notebook = server.open(browser, [SHOW.format(widget=expression), AFTER, "# the last cell"])
    notebook.run_all()
    yield notebook, request.param
    server.close(notebook)


def test_no_key_reaches_the_notebook(opened: tuple[Notebook, str]) -> None:
    notebook, name = opened
    page, selectors = notebook.page, WIDGETS[name][1]
    before = [(cell.cell_type, cell.source) for cell in notebook.save().cells]
    for selector in selectors:
        target = page.locator(selector).first
        expect(target).to_be_visible(timeout=120_000)
        target.scroll_into_view_if_needed()
        for key in KEYS:
            # Some keys of a widget move the focus, and a redrawn element loses it.
            target.focus()
            assert target.evaluate("(element) => element === document.activeElement")
            page.keyboard.press(key)
        # The host would show its reaction by now.
        page.wait_for_timeout(300)
        expect(page.locator(".jp-Dialog, .modal.in")).to_have_count(0)
        expect(target).to_be_visible()
    notebook.kernel.expect("after", 1)
    assert [(cell.cell_type, cell.source) for cell in notebook.save().cells] == before
    assert notebook.errors == []
