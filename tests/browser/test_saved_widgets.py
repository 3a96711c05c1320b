"""A notebook that was saved with widgets is opened again, and not run."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hosts import Notebook
from tests.browser.server import Server

JUPYTERLAB = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")
CELL = """\
import microns_widgets as mw
con = mw.load(quiet=True)
mw.Explorer(con, save_data=True)"""


@pytest.fixture
def reopened(
    request: pytest.FixtureRequest, server: Server, browser: Browser
) -> Iterator[Notebook]:
    """Return a notebook that JupyterLab has saved with the state of its widgets, or without."""
    settings = server.folder / "settings" / "@jupyter-widgets" / "jupyterlab-manager"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "plugin.jupyterlab-settings").write_text(json.dumps({"saveState": request.param}))
    first = server.open(browser, [CELL])
    first.run_all()
    expect(first.page.locator(".mw-row").first).to_be_visible(timeout=120_000)
    saved = first.save()
    server.close(first)
    if not request.param:
        # As if it came from somebody else: JupyterLab then trusts pictures only. In a notebook of
        # one's own it says that there is no model.
        saved.metadata["title"] = "Another notebook"
    notebook = server.open(browser, saved)
    notebook.page.set_viewport_size({"width": 1400, "height": 900})
    yield notebook
    server.close(notebook)
    (settings / "plugin.jupyterlab-settings").unlink()


@JUPYTERLAB
@pytest.mark.parametrize("reopened", [True], indirect=True)
def test_where_state_was_saved_the_widgets_show_and_are_linked(reopened: Notebook) -> None:
    page = reopened.page
    first = page.locator(".mw-row[data-value]:visible")
    expect(first).to_be_visible()
    root_id = first.locator(".mw-ids").inner_text()
    expect(page.locator(".skv-summary")).to_contain_text(f"{root_id}: ")
    expect(page.locator(".mx-matrix .mx-readout")).to_contain_text(f"row and column of {root_id}")
    page.locator(".mx-plot").focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    pre = page.locator(".mx-pair code").first.inner_text()
    assert pre != root_id
    page.locator(".mw-bar input[type=search]").fill(pre)
    expect(page.locator(".mw-row[data-value]:visible")).to_contain_text(pre)
    assert (reopened.foreign, reopened.errors) == ([], [])


@pytest.mark.long
@JUPYTERLAB
@pytest.mark.parametrize("reopened", [False], indirect=True)
def test_in_a_notebook_from_somebody_else_the_picture_shows(reopened: Notebook) -> None:
    picture = reopened.page.locator(".jp-OutputArea-output img")
    expect(picture).to_be_visible()
    assert picture.evaluate("(img) => img.naturalWidth") > 300
