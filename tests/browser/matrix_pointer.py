"""Where the connections are on the screen, for a mouse in the matrix."""

from __future__ import annotations

import re

from playwright.sync_api import Page


def connected_entry(page: Page) -> tuple[float, float]:
    """Return a point at which the tooltip names a connection between two different cells."""
    canvas = page.locator(".mx-plot > canvas").first
    tip = page.locator(".mx-plot .mw-tip")
    box = canvas.bounding_box()
    assert box
    for step in range(400):
        # Spread over the middle of the matrix, where neither margins nor the small map are.
        x = box["x"] + box["width"] * (0.3 + 0.3 * (step * 0.618 % 1))
        y = box["y"] + box["height"] * (0.5 + 0.2 * step / 400)
        page.mouse.move(x, y)
        canvas.evaluate("() => new Promise(requestAnimationFrame)")
        text = tip.text_content() or ""
        cells = re.findall(r"\d{18}", text)
        if tip.is_visible() and re.search(r"\d synapse", text) and len(set(cells)) == 2:
            return x, y
    raise AssertionError("No connection was found under the mouse.")
