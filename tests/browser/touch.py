"""Fingers on a page: Chromium gets touches, decides itself what scrolls, and tells the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page

Point = tuple[float, float]
#: A small phone.
PHONE = {"width": 390, "height": 600}
#: The least side of what a finger must hit, in pixels; a browser may round half a pixel down.
TARGET = 43.5


@contextmanager
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """Open an address on a phone, which has fingers and no mouse."""
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        has_touch=True,
        is_mobile=True,
    )
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


class Fingers:
    """Moves one or two fingers on a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)

    def tap(self, at: Point) -> None:
        self._page.touchscreen.tap(*at)

    def move(self, *paths: tuple[Point, Point], steps: int = 8) -> None:
        """Move each finger from one point to another, all at the same time."""
        self._send("touchStart", [start for start, _ in paths])
        for step in range(1, steps + 1):
            share = step / steps
            self._send(
                "touchMove",
                [
                    (x + share * (to_x - x), y + share * (to_y - y))
                    for (x, y), (to_x, to_y) in paths
                ],
            )
            # As fast as a hand: at once, the browser would see a single jump.
            self._page.wait_for_timeout(16)
        self._send("touchEnd", [])

    def draw(self, corners: Sequence[Point]) -> None:
        """Move one finger from corner to corner."""
        self._send("touchStart", corners[:1])
        for corner in corners[1:]:
            self._send("touchMove", [corner])
            self._page.wait_for_timeout(16)
        self._send("touchEnd", [])

    def _send(self, kind: str, points: Sequence[Point]) -> None:
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def middle(place: Locator) -> Point:
    """Return the point in the middle of an element."""
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.offsetParent)
  .filter((one) => {
    // What a label contains is hit with the label; a heading cannot be wider than its column.
    const { width, height } = (one.closest("label") ?? one).getBoundingClientRect();
    return width > 1 && Math.min(one.closest("th") ? height : width, height) < least;
  })
  .map((one) => one.outerHTML)"""


def too_small(page: Page, within: str) -> list[str]:
    """Return the visible controls within a selector that are too small for a finger."""
    controls = "button, summary, select, input, a[href], [role=tab], [role=row][tabindex]"
    small: list[str] = page.evaluate(SMALL, [f"{within} :is({controls})", TARGET])
    return small
