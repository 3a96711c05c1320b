"""The view by type compared with random networks: drawn by Python step by step, or saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import microns_widgets as mw
from microns_widgets.widgets._matrix_chance import SAVED_NETWORKS
from tests.browser.accessibility import serious_faults
from tests.browser.hosts import Notebook

SHOW = """import microns_widgets as mw
con = mw.load(quiet=True)
explorer = mw.MatrixExplorer(con, show="types")
explorer"""


def box(page: Page, pair: str) -> str:
    """Return how a screen reader names the box of a pair of types."""
    label = page.locator(f'.mx-field[aria-label*="{pair}"]').get_attribute("aria-label")
    assert label is not None
    return label


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    con = mw.load(quiet=True)
    explorer = mw.MatrixExplorer(con, show="types", type_value="ratio", null="distance")
    return mw.to_html(explorer, tmp_path_factory.mktemp("chance") / "page.html")


@pytest.mark.parametrize(("theme", "width"), [("light", 1200), ("dark", 390)])
def test_a_page_without_a_kernel_compares_with_each_kind(
    browser: Browser, exported: Path, theme: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    page.goto(exported.as_uri())
    matrix = mw.load(quiet=True).matrix()
    kinds = page.get_by_role("combobox", name="Chance keeps")
    expect(kinds).to_have_value("distance")
    for kind in ("distance", "blocks", "degrees"):
        kinds.select_option(kind)
        comparison = matrix.null(kind, n=SAVED_NETWORKS).compare("pairs_by_type", progress=False)
        ratio, expected = (frame.loc["BC", "BC"] for frame in (comparison.ratio, comparison.mean))
        label = box(page, "BC → BC")
        assert label.startswith(f"{ratio:.2f} ")
        assert f"p = {comparison.p_value.loc['BC', 'BC']:.3g}" in label
        assert f"({SAVED_NETWORKS} random networks)" in label
        assert np.isclose(float(label.split("(")[1].split(")")[0]), expected, rtol=0.01)
    # Too few pairs are expected for a ratio.
    assert box(page, "NGC → NGC").startswith("– ")
    assert "too few for a ratio" in box(page, "NGC → NGC")
    assert serious_faults(page, "body") == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.close()


def test_a_page_without_random_networks_does_not_offer_a_ratio(
    browser: Browser, tmp_path: Path
) -> None:
    path = mw.to_html(mw.MatrixExplorer(mw.load(quiet=True), show="types"), tmp_path / "page.html")
    page = browser.new_page()
    page.goto(path.as_uri())
    value = page.get_by_role("combobox", name="Value")
    expect(value).to_be_visible()
    assert "ratio" not in value.locator("option").evaluate_all("all => all.map((o) => o.value)")
    page.close()


def test_python_draws_what_is_missing_and_the_kind_can_be_changed(
    open_notebook: Callable[..., Notebook],
) -> None:
    notebook = open_notebook(SHOW)
    notebook.run_all()
    page, kernel = notebook.page, notebook.kernel
    page.get_by_role("combobox", name="Value").select_option("ratio")
    kernel.expect("explorer.type_value", "ratio")
    for kind in ("degrees", "density"):
        page.get_by_role("combobox", name="Chance keeps").select_option(kind)
        expect(page.locator('.mx-field[aria-label*="23P → 23P"]')).to_have_attribute(
            "aria-label", re.compile(r"\(100 random networks\)"), timeout=60_000
        )
        kernel.expect("explorer.null", kind)
        expect(page.locator(".mx-status")).to_have_text("")
        null = f"con.matrix().null({kind!r}, n=100)"
        comparison = f"{null}.compare('pairs_by_type', progress=False)"
        ratio = kernel.value(f"float({comparison}.ratio.loc['23P', '23P'])")
        assert box(page, "23P → 23P").startswith(f"{ratio:.2f} ")
    assert notebook.errors == []
