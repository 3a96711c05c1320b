"""A token panel on a notebook's page, and what a hand does with it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.hosts import Notebook
from tests.cave.server import CaveServer


def show_panel(cave: CaveServer, home: Path) -> str:
    """Return the code of a cell that shows a panel for a server, with a home of its own."""
    return (
        "import os\n"
        f"os.environ['HOME'] = {str(home)!r}\n"
        "os.environ.pop('CAVE_TOKEN', None)\n"
        "import microns_widgets as mw\n"
        f"panel = mw.TokenPanel(server_address={cave.url!r}, timeout=0.5)\n"
        "panel"
    )


def saved_file(cave: CaveServer, home: Path) -> Path:
    """Return the file in which caveclient looks first for a server's token."""
    host = cave.url.removeprefix("http://")
    return home / ".cloudvolume" / "secrets" / f"{host}-cave-secret.json"


class PanelOnPage:
    """The panel in a notebook whose cell is `show_panel`."""

    def __init__(self, notebook: Notebook) -> None:
        self.page, self.kernel = notebook.page, notebook.kernel
        self.element: Locator = self.page.locator(".mw-token")
        expect(self.element).to_be_visible(timeout=60_000)

    def enter(self, text: str) -> None:
        self.element.locator("input").click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def button(self, label: str) -> Locator:
        return self.element.get_by_role("button", name=label)

    def click(self, label: str) -> None:
        self.button(label).click()

    def expect(self, state: str) -> None:
        expect(self.element).to_have_attribute("data-state", state)
        self.kernel.expect("panel.state", state)

    def says(self, text: str) -> None:
        expect(self.element.get_by_role("status")).to_contain_text(text)
