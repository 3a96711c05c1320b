"""The cell picker on a page without a kernel, as on the built site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, expect

from microns_widgets.sources import load
from microns_widgets.widgets._base import STATIC
from microns_widgets.widgets.cell_picker import CellPicker
from tests.browser.accessibility import serious_faults
from tests.browser.frame import Frame, open_frame

by_both = pytest.mark.parametrize("hand", ["mouse", "keyboard"])


@pytest.fixture(scope="module")
def picker() -> CellPicker:
    return CellPicker(load(quiet=True), save_data=True)


def open_picker(
    browser: Browser, folder: Path, picker: CellPicker, *, touch: bool = False
) -> Frame:
    """Show a new picker with the cells of another one."""
    state = {"value": None, "selected": [], "filters": {}, "data": None}
    cells = {"cells": (None, [picker.data])}
    script = STATIC / "cell-picker.js"
    return open_frame(browser, script, folder / "page.js", state, cells, touch=touch)


@pytest.fixture
def frame(browser: Browser, probe_folder: Path, picker: CellPicker) -> Iterator[Frame]:
    frame = open_picker(browser, probe_folder, picker)
    expect(frame.page.locator(".mw-row").first).to_be_visible()
    yield frame
    frame.page.context.close()


def test_without_a_kernel_one_filters_sorts_and_chooses(frame: Frame, picker: CellPicker) -> None:
    page = frame.page
    page.locator("input[type=search]").fill("mc")
    page.get_by_role("button", name="root id").click()
    page.locator(".mw-row").first.click()
    page.keyboard.press("Control+a")
    picker.filters = {"search": "mc"}
    expect(page.locator(".mw-status")).to_contain_text(f"{len(picker.filtered):,} selected")
    page.wait_for_function("() => window.model.get('selected').length > 0")
    assert frame.state("value") == str(min(picker.filtered))
    assert {int(root_id) for root_id in frame.state("selected")} == set(picker.filtered)


def use(hand: str, target: Locator) -> None:
    """Use a control by mouse or by keyboard."""
    if hand == "mouse":
        target.click()
    else:
        target.focus()
        target.page.keyboard.press("Enter")


def n_shown(frame: Frame, n: int) -> None:
    expect(frame.page.locator(".mw-status")).to_contain_text(re.compile(rf"(?<![\d,]){n:,} of "))


@pytest.mark.parametrize(
    ("words", "cells"),
    [
        ("basket", {"cell_type": "BC"}),
        ("martinotti", {"cell_type": "MC"}),
        ("martinoti v1", {"cell_type": "MC", "region": "V1"}),
        ("L5 ET", {"cell_type": "5P-ET"}),
    ],
)
def test_a_search_by_the_fields_words_is_forgiving(
    frame: Frame, words: str, cells: dict[str, str]
) -> None:
    frame.page.locator("input[type=search]").focus()
    frame.page.keyboard.type(words)
    n_shown(frame, len(load(quiet=True).select(**cells)))


def test_a_layer_and_a_part_of_an_id_are_found(frame: Frame, picker: CellPicker) -> None:
    search = frame.page.locator("input[type=search]")
    for words in ("layer 5", "6566105806"):
        search.fill(words)
        picker.filters = {"search": words}
        assert 0 < len(picker.filtered) < len(load(quiet=True).cells)
        n_shown(frame, len(picker.filtered))
    picker.filters = {}


@by_both
def test_where_nothing_is_found_a_button_leads_out(frame: Frame, hand: str) -> None:
    page = frame.page
    everything = page.locator(".mw-status").inner_text()
    page.get_by_role("checkbox", name="BC").first.check()
    page.locator("input[type=search]").fill("zzzz")
    empty = page.locator(".mw-empty")
    expect(empty).to_contain_text("No cell matches. Removing “search: zzzz”")
    use(hand, empty.get_by_role("button"))
    n_shown(frame, len(load(quiet=True).select(cell_type="BC")))
    # The filter that is left has a chip.
    use(hand, page.get_by_role("button", name="Remove filter: type: BC"))
    expect(page.locator(".mw-status")).to_have_text(everything)


def test_a_lasso_selects_and_does_not_filter(frame: Frame) -> None:
    page = frame.page
    box = page.locator(".mw-map").bounding_box()
    assert box
    corners = [(0.4, 0.3), (0.6, 0.3), (0.6, 0.6), (0.4, 0.6)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    page.wait_for_function("() => window.model.get('selected').length > 5")
    n = len(frame.state("selected"))
    expect(page.locator(".mw-status")).to_contain_text(f"{n:,} selected")
    n_shown(frame, len(load(quiet=True).cells))
    assert frame.state("filters") == {}


@by_both
def test_the_cells_that_are_shown_are_saved_as_csv(frame: Frame, hand: str) -> None:
    page = frame.page
    page.locator("input[type=search]").fill("mc v1")
    ids = load(quiet=True).select(cell_type="MC", region="V1")
    n_shown(frame, len(ids))
    with page.expect_download() as download:
        use(hand, page.get_by_role("button", name="CSV", exact=True))
    table = pd.read_csv(download.value.path())
    assert set(table["pt_root_id"]) == set(ids.tolist())


@pytest.mark.parametrize("width", [320, 390, 900])
def test_nothing_sticks_out_of_a_narrow_page(frame: Frame, width: int) -> None:
    frame.page.set_viewport_size({"width": width, "height": 800})
    frame.page.wait_for_timeout(100)
    assert frame.page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_axe_finds_no_serious_fault_at_320_pixels(frame: Frame) -> None:
    frame.page.set_viewport_size({"width": 320, "height": 800})
    frame.page.get_by_role("button", name="Filters", exact=True).click()
    assert serious_faults(frame.page, "#output") == []


def test_the_module_loads_nothing_registers_nothing_and_leaves_nothing_behind(frame: Frame) -> None:
    assert frame.traces() == {}


def test_by_touch_on_a_phone_everything_is_large_enough_and_reached(
    browser: Browser, probe_folder: Path, picker: CellPicker
) -> None:
    frame = open_picker(browser, probe_folder, picker, touch=True)
    page = frame.page
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".mw-row").first).to_have_css("height", "44px")
    page.get_by_role("button", name="Filters", exact=True).tap()
    page.get_by_role("checkbox", name="has a skeleton").tap()
    page.get_by_role("button", name="Filters (1)").tap()
    page.locator(".mw-row").first.tap()
    page.wait_for_function("() => window.model.get('value') !== null")
    small = page.evaluate(
        """() => [...document.querySelectorAll('.mw-picker :is(button, summary, select, .mw-row)')]
          .filter((one) => one.offsetHeight > 0 && one.offsetHeight < 44)
          .map((one) => one.outerHTML)"""
    )
    assert small == []
    page.locator("summary", has_text="More").tap()
    page.get_by_label("Sort by").select_option("descending depth")
    expect(page.locator(".mw-row").first).to_contain_text("µm")
    page.get_by_role("button", name="Map", exact=True).tap()
    expect(page.locator(".mw-map")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.context.close()
