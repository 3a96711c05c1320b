"""The pages that the benchmarks measure show our widgets."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

import microns_widgets as mw
from benchmarks.static_page import WATCH_ERRORS, served, until, write_page, write_widget_page
from benchmarks.viewer_pages import our_page
from benchmarks.viewers import WATCH
from tests.large_matrix import large_matrix


def test_the_matrix_draws_when_it_is_asked_to(browser: Browser, tmp_path: Path) -> None:
    widget = mw.MatrixExplorer(large_matrix(20, 30, 100), save_data=True)
    write_widget_page(tmp_path, widget, ".mx-plot")
    page = browser.new_page()
    with served(tmp_path) as origin:
        page.goto(origin)
        until(page, "window.ready")
        assert page.evaluate("() => window.show()") > 0
        assert page.locator(".mx-plot").is_visible()
    page.close()


def test_the_viewer_draws_at_once(browser: Browser, tmp_path: Path, probe_folder: Path) -> None:
    con = mw.load(quiet=True)
    measured = our_page(con, mw.examples(con)["BC"], (probe_folder / "page.js").read_text())
    (tmp_path / "index.html").write_text(measured.html, encoding="utf-8")
    page = browser.new_page()
    page.add_init_script(f"({WATCH})();{WATCH_ERRORS}")
    with served(tmp_path) as origin:
        page.goto(origin)
        until(page, "window.pictures.length > 0")
        assert page.locator(measured.canvas).first.is_visible()
        for code in measured.acts.values():
            page.evaluate(code)
        assert page.evaluate("() => window.failed") is None
    page.close()


@pytest.mark.parametrize(
    "script",
    ["nowhere();", "import { nothing } from './page.js';", "await Promise.reject('lost');"],
)
def test_an_error_of_a_page_ends_the_waiting(browser: Browser, tmp_path: Path, script: str) -> None:
    (tmp_path / "page.js").write_text("export const one = 1;")
    write_page(tmp_path, script)
    page = browser.new_page()
    with served(tmp_path) as origin:
        page.goto(origin)
        with pytest.raises(Error, match=r"nowhere|nothing|lost"):
            until(page, "window.ready")
    page.close()
