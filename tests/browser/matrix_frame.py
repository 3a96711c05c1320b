"""The matrix explorer in a page without a kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from microns_widgets.widgets._base import STATIC
from microns_widgets.widgets._matrix_chance import ComparedWithChance
from microns_widgets.widgets.matrix_explorer import MatrixExplorer
from tests.browser.frame import Frame, open_frame


def state_of(explorer: MatrixExplorer) -> dict[str, Any]:
    """Return the widget's own traits as a saved notebook has them, without bytes."""
    own = {*MatrixExplorer.class_own_traits(), *ComparedWithChance.class_own_traits()}
    state = explorer.get_state(sorted(own & set(explorer.keys)))
    return {name: None if isinstance(value, bytes) else value for name, value in state.items()}


def matrix_frame(browser: Browser, folder: Path, explorer: MatrixExplorer) -> Iterator[Frame]:
    """Show an explorer for a fixture, which says `yield from`; then close its page.

    Parameters
    ----------
    browser : Browser
        What opens it.
    folder : Path
        That of the fixture `probe_folder`.
    explorer : MatrixExplorer
        One with its data.
    """
    frame = open_frame(
        browser,
        STATIC / "matrix-explorer.js",
        folder / "page.js",
        state_of(explorer),
        {"matrix": (None, [explorer.data])},
    )
    expect(frame.page.locator(".mx-plot")).to_be_visible()
    yield frame
    frame.page.context.close()
