"""JupyterLab hides the page while it changes its theme, and shows it again within a frame."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

import microns_widgets as mw
from tests.browser.frame import Frame, open_explorer

# Observers of the attribute are called before the promise, so their frame comes before this one.
CHANGE_THEME = """() => {
  document.body.style.display = "none";
  document.body.dataset.jpThemeLight = "false";
  Promise.resolve().then(() =>
    requestAnimationFrame(() => document.body.style.removeProperty("display")));
}"""

# A machine on which a picture takes no time: a change is drawn once, with no second picture later.
FAST = "() => { performance.now = () => 0; }"


@pytest.fixture
def frame(browser: Browser, probe_folder: Path) -> Iterator[Frame]:
    con = mw.load(quiet=True)
    ids = con.select(proofread=True)[:6].tolist()
    explorer = mw.Explorer(con, value=ids[2], pre=ids, post=ids)
    frame = open_explorer(browser, probe_folder / "page.js", explorer, ids)
    frame.page.evaluate(FAST)
    frame.page.set_viewport_size({"width": 1280, "height": 700})
    expect(frame.page.locator(".skv-summary")).to_contain_text(f"{ids[2]}: ")
    expect(frame.page.locator(".mw-row").first).to_be_visible()
    yield frame
    assert (frame.foreign, frame.errors) == ([], [])
    frame.page.context.close()


def ground(picture: Locator) -> int:
    """Return the brightness of a picture's lower middle, 0 to 255, once it is drawn."""
    picture.page.wait_for_timeout(500)
    image = Image.open(io.BytesIO(picture.screenshot())).convert("L")
    pixels = sorted(image.crop((0, image.height // 2, image.width, image.height)).tobytes())
    return pixels[len(pixels) // 2]


def test_picture_and_list_follow_a_theme_that_changes_while_the_page_is_hidden(
    frame: Frame,
) -> None:
    page, stage = frame.page, frame.page.locator(".skv-stage")
    page.get_by_role("button", name="Clear all").click()
    page.locator(".mw-grid").evaluate("(grid) => { grid.scrollTop = grid.scrollHeight / 2 }")
    n_cells = len(mw.load(quiet=True).cells)
    place = page.locator(f'[data-place="{n_cells // 2 + 2}"]')
    expect(place).to_be_in_viewport()
    assert ground(stage) > 200
    page.evaluate(CHANGE_THEME)
    expect(page.locator(".skv")).to_have_attribute("data-theme", "dark")
    assert ground(stage) < 60
    expect(place).to_be_in_viewport()
