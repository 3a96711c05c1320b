"""The skeleton viewer in each host: the mouse and the keyboard act, and Python is read back."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

import matplotlib.image as mpl_image
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import serious_faults
from tests.browser.hosts import Notebook
from tests.browser.server import Server

SHOW = """\
import microns_widgets as mw
con = mw.load(quiet=True)
cell, other = con.select(cell_type="BC", proofread=True)[:2].tolist()
viewer = mw.SkeletonViewer(con, cell); viewer"""
JUPYTERLAB = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    yield from server.open_and_run(browser, [SHOW], '.skv-summary:has-text("of cable")')


@pytest.fixture
def shown(opened: Notebook) -> Notebook:
    opened.kernel.run(
        "viewer.cells, viewer.partner, viewer.hidden_types = [cell], None, []\n"
        "viewer.synapses, viewer.color_by, viewer.camera = 'both', 'compartment', {}"
    )
    cell = opened.kernel.value("cell")
    summary = opened.page.locator(".skv-summary")
    expect(summary).to_contain_text(f"BC cell {cell}: ")
    expect(summary).not_to_contain_text("Only")
    return opened


def test_mouse_and_keyboard_reach_python_and_python_reaches_the_page(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    stage = page.locator(".skv-stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    kernel.expect("viewer.camera['yaw'] != -30", True)
    page.mouse.wheel(0, -300)
    kernel.expect("viewer.camera['height'] is not None", True)
    stage.focus()
    page.keyboard.press("2")
    kernel.expect("viewer.camera['view']", "front")
    page.keyboard.press("0")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    kernel.expect("viewer.partner in set(viewer.shown_synapses()['partner_root_id'])", True)
    page.locator('.skv-legend [data-type="23P"]').uncheck()
    kernel.expect("viewer.hidden_types", ["23P"])
    kernel.run("viewer.synapses = 'outputs'")
    expect(page.locator("select[data-trait=synapses]")).to_have_value("outputs")
    kernel.run("viewer.cells = [other]")
    expect(page.locator(".skv-summary")).to_contain_text(str(kernel.value("other")))


@JUPYTERLAB
def test_the_wheel_scrolls_the_page_until_the_picture_is_clicked(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    stage = page.locator(".skv-stage")
    page.mouse.move(5, 5)
    # The end of the notebook, from where the page can only scroll up.
    page.locator(".skv-foot").scroll_into_view_if_needed()
    before = stage.bounding_box()
    assert before is not None
    x, y = before["width"] - 30, before["height"] - 60
    page.mouse.move(before["x"] + x, before["y"] + y)
    page.mouse.wheel(0, -40)
    expect(page.locator(".skv-hint")).to_contain_text("Click the picture to zoom")
    page.wait_for_timeout(300)
    after = stage.bounding_box()
    assert after is not None
    assert after["y"] > before["y"]
    assert kernel.value("viewer.camera['height']") is None
    stage.click(position={"x": x, "y": y})
    page.mouse.wheel(0, -40)
    kernel.expect("viewer.camera['height'] is not None", True)
    assert stage.bounding_box() == after


@JUPYTERLAB
def test_a_cell_without_a_skeleton_says_so_and_the_rest_is_shown(shown: Notebook) -> None:
    kernel = shown.kernel
    kernel.run(
        "proofread = set(con.select(proofread=True).tolist())\n"
        "viewer.cells = [next(i for i in con.root_ids.tolist() if i not in proofread)]"
    )
    notes = shown.page.locator(".skv-notes")
    expect(notes).to_contain_text("has no skeleton in this dataset")
    notes.get_by_text("Why").click()
    expect(notes).to_contain_text("con.select(proofread=True)")
    expect(shown.page.locator(".skv-soma")).to_have_count(1)


@JUPYTERLAB
def test_a_failure_says_why_and_is_tried_again(shown: Notebook) -> None:
    shown.kernel.run(
        "working = con.skeleton\n"
        "def broken(root_id): raise OSError('The disk is gone.')\n"
        "con.skeleton = broken\n"
        "viewer.cells = con.select(cell_type='MC', proofread=True)[:1]"
    )
    notes = shown.page.locator(".skv-notes")
    expect(notes).to_contain_text("The disk is gone.")
    shown.kernel.run("con.skeleton = working")
    notes.get_by_role("button", name="Try again").click()
    expect(shown.page.locator(".skv-summary")).to_contain_text("of cable")
    expect(notes).to_be_empty()


@JUPYTERLAB
def test_a_slow_skeleton_shows_progress_and_does_not_block_the_kernel(shown: Notebook) -> None:
    shown.kernel.run(
        "import threading\n"
        "may_come, working = threading.Event(), con.skeleton\n"
        "def slow(root_id):\n"
        "    may_come.wait(60)\n"
        "    return working(root_id)\n"
        "con.skeleton = slow\n"
        "viewer.cells = con.select(cell_type='BPC', proofread=True)[:1]"
    )
    notes = shown.page.locator(".skv-notes")
    expect(notes).to_contain_text("Loading the skeleton of cell")
    assert shown.kernel.value("1 + 1") == 2
    shown.kernel.run("may_come.set(); con.skeleton = working")
    expect(notes).to_be_empty()


@JUPYTERLAB
def test_several_cells_have_different_colours(shown: Notebook) -> None:
    shown.kernel.run("viewer.color_by, viewer.cells = 'cell', [cell, other]")
    expect(shown.page.locator(".skv-legend .skv-id")).to_have_count(2)
    expect(shown.page.locator(".skv-summary")).to_contain_text("2 cells: ")


@JUPYTERLAB
def test_axe_finds_no_serious_fault_in_jupyterlab(shown: Notebook) -> None:
    assert serious_faults(shown.page, ".skv") == []


@JUPYTERLAB
def test_the_saved_notebook_has_a_picture_and_no_tables(shown: Notebook) -> None:
    _view, output, _line = shown.save().cells[0].outputs
    picture = mpl_image.imread(io.BytesIO(base64.b64decode(output.data["image/png"])))
    assert min(picture.shape[:2]) > 300
    assert len(str(output.data)) < 1_000_000
    assert shown.kernel.value("viewer.data") == {}
    assert shown.foreign == []
    assert shown.errors == []
