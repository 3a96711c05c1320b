"""Creates the README's picture of the widgets: ``python tools/readme_explorer.py``.

It shows a basket cell of the synthetic sample in `Explorer`, exported to one file and opened in
Chromium at the width of a laptop.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from ensure_system import chromium
from playwright.sync_api import sync_playwright

import microns_widgets as mw

PICTURE = Path(__file__).parents[1] / "docs" / "explorer.png"


def main() -> None:
    con = mw.load(quiet=True)
    cell = int(con.select(cell_type="BC", proofread="axon_fully_extended")[0])
    explorer = mw.Explorer(con, value=cell)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = mw.to_html(
            explorer,
            Path(folder) / "page.html",
            cells=[cell, *con.select(proofread="axon_fully_extended")[:18]],
        )
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--use-angle=swiftshader"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(file.as_uri())
        page.wait_for_timeout(3_000)  # the viewer draws at full quality once it stops moving
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE} has {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
