"""A marimo notebook on loopback, with configuration, cache and home folders of its own."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from tests.browser.hosts import ROOT, watch_requests

PAGE = ROOT / "docs" / "marimo.md"
START_SECONDS = 60


def cells_of_page() -> list[str]:
    """Return the code of the documentation's page, which is one notebook."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def notebook_of(cells: Sequence[str]) -> str:
    """Return the file of a notebook, as marimo writes it."""
    bodies = (f"@app.cell\ndef _():\n{textwrap.indent(cell, '    ')}" for cell in cells)
    return "\n\n".join(["import marimo\n\napp = marimo.App()", *bodies])


class MarimoServer:
    """A running server with one notebook, whose cells run as soon as it is opened."""

    def __init__(self, folder: Path, cells: Sequence[str], log_level: str = "warn") -> None:
        self.folder = folder
        self.notebook = folder / "notebook.py"
        self.notebook.write_text(notebook_of(cells), encoding="utf-8")
        settings = folder / "config" / "marimo" / "marimo.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text("[runtime]\nauto_instantiate = true\n")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.origin = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self._password = secrets.token_hex(16)
        self._log = (folder / "server.log").open("w")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "marimo", "--log-level", log_level),
                *("edit", self.notebook.name, "--headless", "--skip-update-check"),
                *("--port", self.origin.rsplit(":", 1)[1], "--token-password", self._password),
            ],
            cwd=folder,
            env=self._variables(),
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._wait_until_up()

    def _variables(self) -> dict[str, str]:
        folders = {"HOME": "home", "XDG_CONFIG_HOME": "config", "MICRONS_CACHE": "cache"}
        for name in folders.values():
            (self.folder / name).mkdir(exist_ok=True)
        own = {name: str(self.folder / folder) for name, folder in folders.items()}
        inherited = {name: value for name, value in os.environ.items() if name != "CAVE_TOKEN"}
        return inherited | own | {"PYTHONPATH": str(ROOT)}

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.origin}/health", timeout=10).close()
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return
        self.stop()
        raise RuntimeError(f"marimo did not start:\n{self.log[-3000:]}")

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def open(self, browser: Browser, height: int = 900) -> MarimoPage:
        """Open the notebook in a new context of the browser."""
        context = browser.new_context(viewport={"width": 1200, "height": height})
        foreign = watch_requests(context, self.origin)
        page = context.new_page()
        page.goto(f"{self.origin}/?access_token={self._password}")
        return MarimoPage(page, foreign)

    def stop(self) -> None:
        """End the server and all it has started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(30)
        self._log.close()


class MarimoPage:
    """The notebook in a page.

    Attributes
    ----------
    foreign : list of str
        Requests to any other origin than the server's.
    """

    def __init__(self, page: Page, foreign: list[str]) -> None:
        self.page = page
        self.foreign = foreign

    def save_as(self, name: str) -> None:
        """Save under another name: marimo asks for one if the file is in a temporary folder."""
        # It writes the file only if a cell has changed.
        self.page.locator(".cm-content").last.click()
        self.page.keyboard.type("# saved by hand\n")
        self.page.keyboard.press("Control+s")
        self.page.get_by_placeholder("filename").fill(name)
        self.page.keyboard.press("Enter")

    def output(self, code: str) -> Locator:
        """Return the output of the cell that contains some code."""
        cell = self.page.locator(".marimo-cell").filter(has=self.page.get_by_text(code).first)
        return cell.locator(".output-area")
