"""The explorer in VS Code's kind of output frame, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import microns_widgets as mw
from tests.browser.accessibility import serious_faults
from tests.browser.frame import Frame, open_explorer

N_CELLS = 6


@pytest.fixture(scope="module")
def explorer() -> mw.Explorer:
    con = mw.load(quiet=True)
    ids = con.select(proofread=True)[:N_CELLS]
    return mw.Explorer(con, value=int(ids[0]), pre=ids)


@pytest.fixture
def cells(explorer: mw.Explorer) -> list[str]:
    return [str(root_id) for root_id in explorer.matrix.matrix.pre_ids]


@pytest.fixture
def frame(browser: Browser, probe_folder: Path, explorer: mw.Explorer) -> Iterator[Frame]:
    ids = explorer.matrix.matrix.pre_ids.tolist()
    frame = open_explorer(browser, probe_folder / "page.js", explorer, ids)
    expect(frame.page.locator(".mx-plot")).to_be_visible()
    expect(frame.page.locator(".skv-summary")).to_contain_text("of cable")
    yield frame
    frame.page.context.close()


def test_all_parts_are_in_sight_and_light_as_what_they_lie_on(frame: Frame) -> None:
    page = frame.page
    expect(page.locator(".mwx")).to_have_attribute("data-layout", "columns")
    for part in (".mwx", ".mw-picker", ".skv", ".mx"):
        expect(page.locator(part)).to_have_attribute("data-theme", "light")
        expect(page.locator(part)).to_be_in_viewport(ratio=0.99)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 900


def test_by_mouse_a_cell_a_partner_and_a_pair_are_chosen(frame: Frame, cells: list[str]) -> None:
    page = frame.page
    page.locator(".mw-row:visible", has_text=cells[1]).click()
    expect(page.locator(".skv-summary")).to_contain_text(f"{cells[1]}: ")
    expect(page.locator(".mx-matrix .mx-readout")).to_contain_text(f"row and column of {cells[1]}")
    page.locator(".skp tbody tr td:nth-child(2)").first.click()
    expect(page.locator("[aria-label='Chosen partner']")).to_be_visible()
    box = page.locator(".mx-plot > canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"])
    expect(page.locator("[aria-label=Pair]")).to_contain_text("A → B")
    page.locator(".skv").get_by_role("button", name="Back", exact=True).click()
    expect(page.locator(".skv-summary")).to_contain_text(f"{cells[1]}: ")
    assert (frame.foreign, frame.errors) == ([], [])


def test_by_keyboard_a_cell_and_a_pair_are_chosen_and_left_again(
    frame: Frame, cells: list[str]
) -> None:
    page, summary = frame.page, frame.page.locator(".skv-summary")
    page.locator(".mw-picker input[type=search]").first.focus()
    page.keyboard.type(cells[2])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(summary).to_contain_text(f"{cells[2]}: ")
    page.wait_for_timeout(300)
    page.locator(".mx-plot").focus()
    for key in ("Home", *["Control+ArrowUp"] * 12, "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[aria-label=Pair]")).to_contain_text("A → B")
    page.wait_for_timeout(300)
    # From where the focus is, in the matrix.
    page.keyboard.press("Alt+ArrowLeft")
    expect(summary).to_contain_text(f"{cells[2]}: ")
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("[aria-label=Pair]")).to_contain_text("A → B")
    page.keyboard.press("Control+z")
    expect(page.locator(".mx-pair")).to_be_hidden()
    assert (frame.foreign, frame.errors) == ([], [])


def test_in_a_narrow_frame_the_parts_are_tabs(frame: Frame) -> None:
    frame.page.set_viewport_size({"width": 390, "height": 700})
    expect(frame.page.locator(".mwx")).to_have_attribute("data-layout", "tabs")
    frame.page.get_by_role("tab", name="Cells").focus()
    frame.page.keyboard.press("End")
    expect(frame.page.locator(".mx-plot")).to_be_visible()
    assert frame.page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_axe_finds_no_serious_fault(frame: Frame) -> None:
    assert serious_faults(frame.page, "#output") == []


def test_its_modules_load_nothing_register_nothing_and_leave_nothing_behind(frame: Frame) -> None:
    assert frame.take_away() == ""
    assert frame.registered_as_amd() == 0
    assert (frame.foreign, frame.errors) == ([], [])
