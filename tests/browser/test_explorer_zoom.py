"""The explorer with a zoom of 200 %, and for people who want nothing to move by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import serious_faults

#: A window of 1280 by 800 pixels has this many CSS pixels at 200 %.
ZOOMED = {"width": 640, "height": 400}
TABS = ("Cells", "Neuron", "Matrix")
MOST_TABS = 150

# The part of the focused element that is on the screen, not covered, and not cut by what scrolls.
SEEN = """() => {
  const element = document.activeElement;
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
  const inside =
    left >= -1 && right <= innerWidth + 1 && bottom > 0 && top < innerHeight && width * height > 0;
  const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [x, y]));
  const hit = points.some(([x, y]) => {
    const found = document.elementFromPoint(left + x * width, top + y * height);
    return found && (element.contains(found) || found.closest("label")?.contains(element));
  });
  const name = element.getAttribute("aria-label") ?? element.innerText ?? "";
  return { seen: inside && hit, name: `${element.tagName} ${name.slice(0, 60)}` };
}"""
# Frames that are asked for in a second, and animations.
MOVING = """async () => {
  let frames = 0;
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = (call) => { frames += 1; return ask(call); };
  await new Promise((resolve) => setTimeout(resolve, 1000));
  window.requestAnimationFrame = ask;
  return [frames, document.getAnimations().length];
}"""


def open_page(browser: Browser, file: Path, **options: object) -> Page:
    page = browser.new_page(**options)  # type: ignore[arg-type]
    page.goto(file.as_uri())
    expect(page.get_by_role("row").nth(2)).to_be_attached()
    expect(page.locator(".skv-summary")).to_contain_text("of cable")
    return page


@pytest.fixture
def zoomed(browser: Browser, explorer_file: Path) -> Iterator[Page]:
    page = open_page(browser, explorer_file, viewport=ZOOMED, device_scale_factor=2)
    yield page
    page.context.close()


@pytest.mark.parametrize("name", TABS)
def test_with_a_zoom_of_200_percent_each_control_is_reached_and_not_cut(
    zoomed: Page, name: str
) -> None:
    page = zoomed
    page.get_by_role("tab", name=name).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
    if name == "Cells":
        # Where an id is cut, it is at its start: the last digits tell ids apart.
        ids = page.get_by_role("gridcell", name="8646911")
        cut_at_end = """cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth &&
          getComputedStyle(cell).direction !== "rtl").length"""
        assert ids.count() >= 6
        assert ids.evaluate_all(cut_at_end) == 0
        page.get_by_role("button", name="Filters").focus()
        page.keyboard.press("Enter")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= ZOOMED["width"]
    page.get_by_role("tab", name=name).focus()
    hidden, names = [], []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            break
        found = page.evaluate(SEEN)
        names.append(found["name"])
        if not found["seen"]:
            hidden.append(found)
    else:
        raise AssertionError(f"The end is not reached: {names}")
    assert hidden == []
    assert len(names) > 8
    assert serious_faults(page, ".mwx") == []


def test_with_reduced_motion_nothing_moves_by_itself(browser: Browser, explorer_file: Path) -> None:
    page = open_page(
        browser, explorer_file, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    page.get_by_role("row").nth(2).click()
    page.wait_for_timeout(1500)
    assert page.evaluate(MOVING) == [0, 0]
    # A bar without a value would move while a cell is loading.
    bar = page.evaluate(
        """() => {
          const note = document.createElement("div");
          note.className = "skv-loading";
          note.innerHTML = "<progress></progress>";
          document.querySelector(".skv-stage").append(note);
          return getComputedStyle(note.firstChild).display;
        }"""
    )
    assert bar == "none"
    page.context.close()
