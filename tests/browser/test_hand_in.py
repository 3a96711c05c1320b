"""`mw.hand_in` on a phone, in the notebook with Colab's versions."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.browser.server import Server, new_notebook

CELLS = [
    "import microns_widgets as mw\ncon = mw.load(quiet=True)",
    'STUDENT = "ada@uni.edu"\ncells = mw.own_cells(con, STUDENT, "by_hand")',
    "import pandas as pd, numpy as np\nmartinotti, both_ways = int(cells[0]), ...",
    'why_martinotti = "asdf " * 40',
    'mw.hand_in("by_hand")',
]
#: Colours of Colab's dark theme, for a page that has none.
DARK = (
    "body, #site, #notebook, .cell, .output_area { background: #1f1f1f !important; }"
    "body, div { color: #e3e3e3 !important; }"
)
WIDTH = 390


def test_it_fits_on_a_phone_in_light_and_dark(
    servers: Callable[[str], Server], browser: Browser
) -> None:
    server = servers("colab-versions")
    cells = new_notebook(CELLS)
    cells.metadata["microns"] = {"exercise": "by_hand"}
    notebook = server.open(browser, cells)
    page = notebook.page
    try:
        notebook.run_all()
        box = page.locator(".rendered_html > div").last
        expect(box).to_contain_text("things to do before you hand in", timeout=120_000)
        # Now, because this page hides its menu on a phone.
        page.set_viewport_size({"width": WIDTH, "height": 1400})
        expect(box).to_contain_text("nothing is chosen yet for both_ways")
        # This server is too old to tell its kernels which notebook they run: the file says it.
        expect(box).to_contain_text(f"Hand in {notebook.path.name}.")
        assert box.evaluate("e => e.scrollWidth <= e.clientWidth")
        assert box.bounding_box()["x"] + box.bounding_box()["width"] <= WIDTH
        page.add_style_tag(content=DARK)
        colours = box.locator("li, b").evaluate_all(
            "all => all.map(e => getComputedStyle(e).color)"
        )
        assert set(colours) == {"rgb(227, 227, 227)"}
    finally:
        server.close(notebook)
