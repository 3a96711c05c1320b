"""A saved notebook is opened without running it: a picture and a line replace the widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.hosts import Notebook
from tests.browser.server import Server

CELL = """\
import microns_widgets as mw
con = mw.load(quiet=True)
picker = mw.CellPicker(con)
picker"""
IN_A_LAYOUT = "import ipywidgets\nipywidgets.VBox([picker])"
LINE = "This is a picture. Run the notebook cell above to make it interactive."
AREA = ".jp-OutputArea-child, .output_area"

jupyter = pytest.mark.parametrize(
    "server", ["jupyterlab", "notebook-7"], indirect=True, scope="session"
)

Reopen = Callable[..., Notebook]


@pytest.fixture
def reopen(server: Server, browser: Browser) -> Iterator[Reopen]:
    """Return a function that runs and saves a notebook, ends its kernel, and opens it again."""
    opened: list[Notebook] = []

    def run_and_reopen(*, trusted: bool) -> Notebook:
        first = server.open(browser, [CELL])
        first.run_all()
        expect(first.page.locator(".mw-row").first).to_be_visible(timeout=120_000)
        saved = first.save()
        server.close(first)
        if not trusted:
            saved.metadata["title"] = "From somebody else"
        opened.append(server.open(browser, saved))
        return opened[-1]

    yield run_and_reopen
    for notebook in opened:
        server.close(notebook)


def pictures(notebook: Notebook) -> Locator:
    return notebook.page.locator(AREA).locator("img:visible")


@jupyter
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


@jupyter
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
