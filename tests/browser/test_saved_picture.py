"""A saved notebook is opened without running it: a picture and a line replace the widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.hosts import Notebook
from tests.browser.server import Server
from tests.long_cases import long_unless

CELL = """\
import microns_widgets as mw
con = mw.load(quiet=True)
picker = mw.CellPicker(con)
picker"""
IN_A_LAYOUT = "import ipywidgets\nipywidgets.VBox([picker])"
LINE = (
    "This is a picture. Run the notebook from the top (Run, Run All Cells) to make it interactive."
)
AREA = ".jp-OutputArea-child, .output_area"

HOSTS = pytest.mark.parametrize(
    "server",
    long_unless(["jupyterlab", "notebook-7"], lambda host: host == "jupyterlab"),
    indirect=True,
    scope="session",
)

Reopen = Callable[..., Notebook]


@pytest.fixture(scope="module")
def saved(server: Server, browser: Browser) -> nbformat.NotebookNode:
    """A notebook that was run and saved, and whose kernel has ended."""
    notebook = server.open(browser, [CELL])
    notebook.run_all()
    expect(notebook.page.locator(".mw-row").first).to_be_visible(timeout=120_000)
    file = notebook.save()
    server.close(notebook)
    return file


@pytest.fixture
def reopen(server: Server, browser: Browser, saved: nbformat.NotebookNode) -> Iterator[Reopen]:
    """Return a function that opens the saved notebook."""
    opened: list[Notebook] = []

    def open_saved(*, trusted: bool) -> Notebook:
        # Jupyter trusts what it has saved itself, until anything in it is changed.
        file = deepcopy(saved)
        if not trusted:
            file.metadata["title"] = "From somebody else"
        opened.append(server.open(browser, file))
        return opened[-1]

    yield open_saved
    for notebook in opened:
        server.close(notebook)


def pictures(notebook: Notebook) -> Locator:
    return notebook.page.locator(AREA).locator("img:visible")


@HOSTS
@pytest.mark.parametrize("trusted", [True, False])
def test_picture_and_line_are_there_once_and_no_error(reopen: Reopen, trusted: bool) -> None:
    notebook = reopen(trusted=trusted)
    expect(notebook.page.locator(".mw-still")).to_be_visible()
    # A missing model is reported when the widgets' manager has asked the kernel for it.
    notebook.page.wait_for_timeout(3000)
    expect(pictures(notebook)).to_have_count(1)
    assert pictures(notebook).evaluate("(img) => img.naturalWidth") > 300
    expect(notebook.page.get_by_text(LINE)).to_have_count(1)
    expect(
        notebook.page.get_by_text("Error displaying widget").locator("visible=true")
    ).to_have_count(0)
    expect(notebook.page.get_by_text("font:italic")).to_have_count(0)


@HOSTS
def test_when_the_cell_runs_the_widget_takes_the_place_of_the_picture(reopen: Reopen) -> None:
    notebook = reopen(trusted=True)
    expect(notebook.page.locator(".mw-still")).to_be_visible()
    notebook.run_all()
    expect(notebook.page.locator(".mw-row").first).to_be_visible(timeout=120_000)
    expect(pictures(notebook)).to_have_count(0)
    expect(notebook.page.locator(".mw-still:visible")).to_have_count(0)


def test_a_running_widget_is_there_without_its_picture(
    open_notebook: Callable[..., Notebook],
) -> None:
    notebook = open_notebook(CELL, IN_A_LAYOUT, "picker")
    notebook.run_all()
    expect(notebook.page.locator(".mw-picker:visible")).to_have_count(3, timeout=120_000)
    expect(pictures(notebook)).to_have_count(0)
    expect(notebook.page.locator(".mw-still:visible")).to_have_count(0)
