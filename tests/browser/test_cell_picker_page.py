"""The cell picker on a page without a kernel, as on the built site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from microns_widgets.sources import load
from microns_widgets.widgets._base import STATIC
from microns_widgets.widgets.cell_picker import CellPicker
from tests.browser.accessibility import serious_faults
from tests.browser.frame import Frame, open_frame


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
