"""Creates the picture of the page about marimo: ``python tools/marimo_picture.py``.

It runs the page's own code (docs/marimo.md) in marimo, and chooses a basket cell in the picker.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ensure_system import ARGUMENTS, chromium
from playwright.sync_api import expect, sync_playwright

from tests.browser.marimo_server import MarimoServer, cells_of_page

PICTURE = Path(__file__).parents[1] / "docs" / "marimo.png"
# The cells up to the viewer.
SHOWN = 4


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = MarimoServer(Path(folder), cells_of_page()[:SHOWN])
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            page = server.open(browser, height=2200).page
            page.locator(".mw-row").first.click(position={"x": 100, "y": 12})
            expect(page.locator(".skv-summary")).to_contain_text("cable", timeout=60_000)
            page.mouse.move(0, 0)
            page.wait_for_timeout(3_000)  # the viewer draws at full quality once it stops moving
            cells = page.locator(".marimo-cell")
            first, last = cells.nth(1).bounding_box(), cells.nth(SHOWN - 1).bounding_box()
            assert first
            assert last
            clip = {
                "x": first["x"] - 8,
                "y": first["y"] - 8,
                "width": first["width"] + 16,
                "height": last["y"] + last["height"] - first["y"] + 16,
            }
            page.screenshot(path=PICTURE, clip=clip)
            browser.close()
        finally:
            server.stop()
    print(f"{PICTURE} has {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
