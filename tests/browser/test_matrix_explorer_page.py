"""The matrix explorer on a page without a kernel, as on the built site."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import matplotlib.image as mpl_image
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from microns_widgets.sources import load
from microns_widgets.widgets.matrix_explorer import MatrixExplorer
from tests.browser.accessibility import serious_faults
from tests.browser.frame import Frame
from tests.browser.matrix_frame import matrix_frame

#: Distance of two lines of text in a picture, which is twice as large as on the screen.
LINE_PNG = 2 * 18


@pytest.fixture(scope="module")
def explorer() -> MatrixExplorer:
    return MatrixExplorer(load(quiet=True), save_data=True)


@pytest.fixture
def frame(browser: Browser, probe_folder: Path, explorer: MatrixExplorer) -> Iterator[Frame]:
    yield from matrix_frame(browser, probe_folder, explorer)


def open_export(page: Page) -> None:
    page.locator(".mx-more > summary").click()
    page.locator(".mx-export summary").click()


def test_without_a_kernel_one_orders_reads_selects_and_chooses(
    frame: Frame, explorer: MatrixExplorer
) -> None:
    page = frame.page
    page.get_by_role("combobox", name="Order").select_option("cell_type_auto")
    assert frame.state("order_post") == "cell_type_auto"
    sorted_matrix = explorer._matrix.sort("cell_type_auto")
    plot = page.locator(".mx-plot")
    plot.focus()
    for key in ("Home", *["Control+ArrowUp"] * 12, "n", "Enter"):
        page.keyboard.press(key)
    first = sorted_matrix.sparse.tocoo()
    pair = [str(sorted_matrix.pre_ids[first.row[0]]), str(sorted_matrix.post_ids[first.col[0]])]
    assert frame.state("pair") == pair
    expect(page.locator(".mx-pair")).to_contain_text("To list the synapses, Python must be running")
    page.keyboard.press("Shift+ArrowDown")
    assert frame.state("selected_pre") == [pair[0], str(sorted_matrix.pre_ids[first.row[0] + 1])]


def test_clustering_without_a_kernel_says_that_it_needs_one(frame: Frame) -> None:
    frame.page.locator(".mx-more > summary").click()
    frame.page.get_by_role("combobox", name="Rows by").select_option("clustering")
    expect(frame.page.locator(".mx-status")).to_contain_text("not connected to Python")
    expect(frame.page.get_by_role("combobox", name="Rows by")).to_have_value("given")


def test_the_csv_has_the_connections_in_view(frame: Frame, explorer: MatrixExplorer) -> None:
    page = frame.page
    open_export(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Connections in view (CSV)").click()
    table = pd.read_csv(download.value.path(), keep_default_na=False)
    stored = explorer._matrix.count.tocoo()
    assert table["pre_pt_root_id"].tolist() == explorer._matrix.pre_ids[stored.row].tolist()
    assert table["post_pt_root_id"].tolist() == explorer._matrix.post_ids[stored.col].tolist()
    assert table["n_synapses"].tolist() == stored.data.tolist()
    assert table["size_sum"].tolist() == explorer._matrix.total.data.tolist()
    types = explorer._matrix.pre["cell_type_auto"].to_numpy()[stored.row]
    assert table["pre_type"].tolist() == types.tolist()


def test_pictures_can_be_downloaded(frame: Frame, explorer: MatrixExplorer) -> None:
    page = frame.page
    open_export(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture (PNG)").click()
    picture = mpl_image.imread(io.BytesIO(Path(download.value.path()).read_bytes()))
    # Below the matrix: scale, types, axes, entries and source, in lines of text at equal distances.
    inked = (picture[-5 * LINE_PNG :, : 3 * LINE_PNG, :3].mean(axis=2) < 0.5).any(axis=1)
    [tops] = np.nonzero(np.diff(inked.astype(int)) == 1)
    assert len(tops) >= 4
    assert np.diff(tops) == pytest.approx(LINE_PNG, abs=4)
    page.get_by_role("combobox", name="Show", exact=True).select_option("types")
    open_export(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="View by type (SVG)").click()
    drawing = Path(download.value.path()).read_text()
    assert drawing.startswith("<svg")
    assert "synthetic sample" in drawing
    n = (explorer.matrix.pre["cell_type_auto"] == "23P").sum()
    assert f"of {n * (n - 1):,}" in drawing


def test_the_line_of_python_is_the_one_that_python_writes(
    frame: Frame, explorer: MatrixExplorer
) -> None:
    shown = {
        "value": "mean",
        "order_pre": "depth",
        "pair": [str(explorer.matrix.pre_ids[0]), str(explorer.matrix.post_ids[1])],
        "view": {"rows": [3, 9], "columns": [0, explorer.matrix.shape[1]]},
    }
    for name, value in shown.items():
        frame.page.evaluate(f"window.model.set({json.dumps(name)}, {json.dumps(value)})")
    open_export(frame.page)
    frame.page.get_by_role("button", name="Copy as Python").click()
    again = MatrixExplorer(load(quiet=True))
    again.set_state(shown)
    expect(frame.page.locator(".mx-status")).to_have_text(again.to_code())


@pytest.mark.parametrize("width", [320, 390, 900])
@pytest.mark.parametrize("show", ["cells", "types"])
def test_nothing_sticks_out_of_a_narrow_page(frame: Frame, width: int, show: str) -> None:
    frame.page.set_viewport_size({"width": width, "height": 800})
    frame.page.get_by_role("combobox", name="Show", exact=True).select_option(show)
    frame.page.wait_for_timeout(100)
    assert frame.page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("show", ["cells", "types"])
def test_axe_finds_no_serious_fault_at_320_pixels(frame: Frame, show: str) -> None:
    frame.page.set_viewport_size({"width": 320, "height": 800})
    frame.page.get_by_role("combobox", name="Show", exact=True).select_option(show)
    assert serious_faults(frame.page, "#output") == []


def test_the_module_loads_nothing_registers_nothing_and_leaves_nothing_behind(frame: Frame) -> None:
    assert frame.traces() == {}
