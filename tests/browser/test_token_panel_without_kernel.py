"""The panel in VS Code's kind of frame, and on a page without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import microns_widgets as mw
from microns_widgets.widgets._base import STATIC
from tests.browser.accessibility import serious_faults
from tests.browser.frame import Frame, open_frame


@pytest.fixture
def show(
    browser: Browser, probe_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Frame]]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CAVE_TOKEN", raising=False)
    saved = mw.TokenPanel().get_state(["status", "use_sample", "pages"])
    frames: list[Frame] = []

    def show(**answers: tuple[None, list[bytes]]) -> Frame:
        page = probe_folder / "page.js"
        frames.append(open_frame(browser, STATIC / "token-panel.js", page, saved, answers))
        return frames[-1]

    yield show
    for frame in frames:
        frame.page.context.close()


def test_a_saved_panel_says_that_a_kernel_is_needed_and_takes_no_token(show) -> None:
    panel = show().page.locator(".mw-token")
    expect(panel).to_contain_text("A running kernel is needed to enter a CAVE token")
    expect(panel.locator("input, button, a")).to_have_count(0)


def test_in_vscodes_frame_the_panel_is_light_on_white_and_loads_nothing(show) -> None:
    frame = show(hello=(None, []))
    panel = frame.page.locator(".mw-token")
    expect(panel).to_have_attribute("data-state", "nothing_found")
    expect(panel).to_have_attribute("data-theme", "light")
    assert serious_faults(frame.page, "#output") == []
    assert frame.traces() == {}


def test_the_public_servers_three_steps_are_links(show) -> None:
    links = show(hello=(None, [])).page.locator(".mw-token a")
    expect(links).to_have_count(3)
    assert links.evaluate_all("links => links.map(link => link.href)") == [
        "https://minnie.microns-daf.com/materialize/views/datastack/minnie65_public",
        "https://global.daf-apis.com/auth/api/v1/create_token",
        "https://global.daf-apis.com/auth/api/v1/user/token",
    ]
