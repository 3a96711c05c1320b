"""A built module runs in VS Code's kind of output frame, and on a page without a kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from microns_widgets.widgets.columns import pack
from tests.browser.accessibility import serious_faults
from tests.browser.frame import Frame, open_frame
from tests.browser.probe import random_ids

IDS = random_ids(1000)


@pytest.fixture
def frame(browser: Browser, probe_folder: Path) -> Iterator[Frame]:
    state = {"clicks": 0, "typed": "", "ids": [str(root_id) for root_id in IDS]}
    table = pack({"pt_root_id": IDS}, ids=["pt_root_id"])
    answers = {"table": (None, [table]), "ids_by_message": (None, []), "slow": ("at once", [])}
    frame = open_frame(browser, probe_folder / "probe.js", probe_folder / "page.js", state, answers)
    yield frame
    frame.page.context.close()


def test_mouse_and_keyboard_reach_the_model(frame: Frame) -> None:
    frame.page.locator(".probe-count").click()
    frame.page.locator(".probe-text").click()
    frame.page.keyboard.type("soma")
    expect(frame.page.locator(".probe-count")).to_have_text("clicked 1")
    assert frame.state("typed") == "soma"


def test_what_lies_on_white_is_drawn_light_whatever_the_theme(frame: Frame) -> None:
    expect(frame.page.locator(".probe")).to_have_attribute("data-theme", "light")
    expect(frame.page.locator(".probe")).to_have_css("display", "flex")


def test_the_page_answers_what_it_knows_and_says_that_there_is_no_python(frame: Frame) -> None:
    status = frame.page.locator(".probe-status")
    frame.page.locator(".probe-slow").click()
    expect(status).to_have_text("at once")
    frame.page.locator(".probe-ids").click()
    expect(status).to_contain_text("error: This page is not connected to Python.")
    assert frame.state("ids_by_trait") == [str(root_id) for root_id in IDS]


def test_the_module_loads_nothing_registers_nothing_and_leaves_nothing_behind(frame: Frame) -> None:
    assert frame.traces() == {}


def test_a_request_to_another_origin_is_stopped_and_counted(frame: Frame) -> None:
    address = "https://example.org/library.js"
    failed = frame.page.evaluate("(url) => fetch(url).then(() => false, () => true)", address)
    assert failed
    assert frame.foreign == [address]


def test_axe_finds_no_serious_fault(frame: Frame) -> None:
    assert serious_faults(frame.page, "#output") == []


def test_axe_would_find_a_field_without_a_name(frame: Frame) -> None:
    frame.page.locator(".probe-text").evaluate("(field) => field.removeAttribute('aria-label')")
    [fault] = serious_faults(frame.page, "#output")
    assert fault.startswith("label: ")
