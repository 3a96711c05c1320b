"""The activity player in notebooks: hands act in the page, and Python hears of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accessibility import serious_faults
from tests.browser.conftest import Move
from tests.browser.hosts import Notebook
from tests.browser.server import Server

SHOW = """\
import microns_widgets as mw
con = mw.load(quiet=True)
matrix = con.matrix(autapses=False)
player = mw.ActivityPlayer(matrix, matrix.null("degrees", n=1, seed=7), speed=20)
picker = mw.CellPicker(con)
mw.link(player, picker)
player"""
in_jupyterlab = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    yield from server.open_and_run(browser, [SHOW], ".ap-map")


@pytest.fixture
def shown(opened: Notebook) -> Notebook:
    opened.kernel.run(
        "player.playing = False; player.time = 0; player.gain = 1; player.inhibition = None; "
        "player.stimulus_types, player.stimulus_cells, player.cell = [], [], None"
    )
    expect(opened.page.locator(".ap-side .ap-soft")).to_contain_text("(the default)")
    expect(result(opened.page, "decays in", 0)).to_have_text("1.52 s")
    return opened


def result(page: Page, row: str, column: int) -> Locator:
    return page.locator(".ap-numbers tr", has_text=row).locator("td").nth(column)


def test_browser_and_python_agree_and_python_hears_what_is_played(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    decay = kernel.value("player.responses['shuffled'].decay_time()")
    expect(result(page, "decays in", 1)).to_have_text(f"{decay:.3g} s")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".ap-status")).to_contain_text("Played to the end")
    kernel.expect("[player.playing, round(player.time, 2)]", [False, 19.99])
    assert shown.foreign == []
    assert shown.errors == []


def test_python_plays_and_sets_what_the_page_then_shows(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    kernel.run("player.inhibition = 0.25; player.stimulus_types = ['4P']; player.time = 3")
    expect(page.locator(".ap-side .ap-soft")).to_have_text("58 cells of 336")
    radius = kernel.value("player.models['observed'].spectral_radius")
    expect(result(page, "spectral radius", 0)).to_have_text(f"{radius:.3f}")
    expect(page.locator(".ap-time")).to_have_text("3.00 s")
    decay = kernel.value("player.response.decay_time()")
    expect(result(page, "decays in", 0)).to_have_text(f"{decay:.3g} s")
    kernel.run("player.playing = True")
    kernel.expect("player.playing", False, timeout=30)


@in_jupyterlab
def test_what_is_drawn_around_with_the_mouse_is_selected_in_the_picker(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    box = page.locator(".ap-map").first.bounding_box()
    assert box is not None
    corners = [(0.05, 0.05), (0.95, 0.05), (0.95, 0.4), (0.05, 0.4)]
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for corner in at[1:]:
        page.mouse.move(*corner, steps=5)
    page.mouse.up()
    kernel.expect("20 < len(player.stimulus_cells) < 300", True)
    kernel.expect("picker.selected == player.stimulus_cells", True)
    kernel.run("picker.selected = [con.root_ids[0], *matrix.pre_ids[:2]]")
    kernel.expect("player.stimulus_cells", kernel.value("matrix.pre_ids[:2].tolist()"))
    expect(page.locator(".ap-side .ap-soft")).to_contain_text("2 cells of 336; 1 selected cell is")


@in_jupyterlab
def test_without_a_mouse_a_cell_is_chosen_and_stimulated(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.locator(".ap-rows").first.focus()
    for key in ("Home", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    kernel.expect("player.cell is not None and picker.value == player.cell", True)
    page.keyboard.press("s")
    kernel.expect("player.stimulus_cells == (player.cell,)", True)
    page.keyboard.press("Space")
    kernel.expect("player.playing or player.time > 0", True)
    page.keyboard.press("Control+z")
    kernel.expect("player.stimulus_cells", [])


@in_jupyterlab
def test_axe_finds_no_serious_fault(shown: Notebook) -> None:
    assert serious_faults(shown.page, ".ap") == []


@pytest.mark.long  # the chapter on circuits moves the same controls, too
@in_jupyterlab
def test_every_control_does_something(move: Move) -> None:
    [controls] = move(new_notebook(cells=[new_code_cell(SHOW)]))
    assert any("gain" in name for name in controls)
    assert any("Draw a line around cells" in name for name in controls)
