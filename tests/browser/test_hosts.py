"""In every host a widget is touched by mouse and keyboard, and Python hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hosts import Notebook
from tests.browser.server import Server

SHOW = "from tests.browser.probe import Probe, random_ids\nprobe = Probe(ids=random_ids()); probe"


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    # Opening takes some seconds: the tests of this module share a notebook in each host.
    notebook = server.open(browser, [SHOW])
    notebook.run_all()
    expect(notebook.page.locator(".probe")).to_be_visible(timeout=60_000)
    yield notebook
    server.close(notebook)


@pytest.fixture
def shown(opened: Notebook) -> Notebook:
    opened.kernel.run("probe.clicks, probe.typed = 0, ''")
    expect(opened.page.locator(".probe-count")).to_have_text("clicked 0")
    return opened


def test_mouse_and_keyboard_reach_python_and_python_reaches_the_page(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.locator(".probe-count").click(click_count=2)
    page.locator(".probe-text").click()
    page.keyboard.type("soma µm")
    expect(page.locator(".probe-count")).to_have_text("clicked 2")
    kernel.expect("[probe.clicks, probe.typed]", [2, "soma µm"])
    kernel.run("probe.clicks = 40")
    expect(page.locator(".probe-count")).to_have_text("clicked 40")


def test_100_000_root_ids_come_back_exactly_by_trait_message_and_csv(shown: Notebook) -> None:
    shown.page.locator(".probe-ids").click()
    expect(shown.page.locator(".probe-status")).to_have_text("100000 ids sent")
    every_way = {"ids_by_trait": True, "ids_by_message": True, "ids_by_csv": True}
    shown.kernel.expect("probe.returned()", every_way)


def test_a_thread_answers_while_cells_run_and_an_error_reaches_the_page(shown: Notebook) -> None:
    status = shown.page.locator(".probe-status")
    shown.page.locator(".probe-slow").click()
    expect(status).to_have_text("answered by a thread")
    shown.page.locator(".probe-fail").click()
    expect(status).to_have_text("error: This was to be expected.")


def test_a_widget_displayed_twice_shows_one_state(open_notebook: Callable[..., Notebook]) -> None:
    notebook = open_notebook(SHOW, "probe")
    notebook.run_all()
    counts = notebook.page.locator(".probe-count")
    expect(counts).to_have_count(2)
    counts.last.click()
    expect(counts).to_have_text(["clicked 1", "clicked 1"])


def test_the_saved_notebook_holds_a_picture_and_the_page_loaded_nothing_else(
    shown: Notebook,
) -> None:
    view, picture, _line = shown.save().cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in view.data
    assert picture.data["image/png"].startswith("iVBOR")
    assert shown.foreign == []
    assert shown.errors == []
