"""The teacher's page in a real browser, served by the real command."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from microns_widgets.grading.report.by_hand import STORED, read_hand_marks
from tests.browser.hosts import ROOT


class Review:
    """A results folder and the process that serves it.

    Parameters
    ----------
    out : path
        The results folder.
    options : str
        Of the command.
    """

    def __init__(self, out: Path, *options: str) -> None:
        self.out = out
        self.options = options
        self.start()

    def start(self) -> None:
        """Start the command, and wait until it has printed its address."""
        command = [sys.executable, "-m", "microns_widgets.cli", "review", str(self.out)]
        self.process = subprocess.Popen(
            [*command, "--no-browser", *self.options], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        match = re.search(r"http://\S+", line)
        assert match, line
        self.address = match[0]

    def kill(self) -> None:
        """End the process in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    @property
    def marks(self) -> dict[tuple[str, str], tuple[float, str]]:
        """The marks that are stored, by student and answer."""
        if not (self.out / STORED).is_file():
            return {}
        return {
            (one.student, one.answer): (one.points, one.comment)
            for one in read_hand_marks(self.out / STORED)
        }


class Teacher:
    """One teacher's window.

    Parameters
    ----------
    browser : Browser
        Chromium.
    review : Review
        What is under review.
    name : str
        The teacher's name.
    options : Any
        Of the browser's context.
    """

    def __init__(self, browser: Browser, review: Review, name: str = "Tina", **options) -> None:
        self.context: BrowserContext = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, **options}
        )
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.foreign: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("request", self._asked)
        self._home = review.address.partition("/?")[0]
        self.page.goto(review.address)
        self.page.get_by_label("Your name stands beside").fill(name)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#work h3")).to_be_visible()

    def _said(self, message) -> None:
        # A server that was killed cannot be reached: the page says so itself.
        if message.type == "error" and "ERR_CONNECTION" not in message.text:
            self.problems.append(message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith((self._home, "data:", "blob:")):
            self.foreign.append(request.url)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.page.keyboard.type(text)

    def saved(self) -> None:
        """Wait until all is saved."""
        expect(self.page.locator("#saved")).to_have_text("All saved")

    def shows(self, name: str) -> None:
        """Wait until a student is shown."""
        expect(self.page.locator("#points h2")).to_have_text(f"Points for {name}")
