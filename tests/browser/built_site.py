"""The built site in a browser: below a path of a server on loopback, and from the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

#: Below which path of a server the site lies, as on GitHub Pages.
SUB_PATH = "microns-widgets"
#: What the theme does wrong on each page, and nobody notices.
OF_THE_THEME = ("'THEBE_JS_URL' has already been declared", "Got invalid theme mode")

# A saved widget's view is a script in the page; the manager draws it into an element before it.
VIEWS = "script[type='application/vnd.jupyter.widget-view+json']"
_READY = """(views) => [...document.querySelectorAll(views)].every((view) => {
    const area = view.previousElementSibling;
    return area?.matches(".widget-subarea") && area.offsetHeight > 20
      && !/Loading the /.test(area.innerText);
  })"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a request that fails is seen in the browser."""


@contextmanager
def served(html: Path, folder: Path) -> Iterator[str]:
    """Serve a site below `SUB_PATH`, and give its address; `folder` is empty."""
    (folder / SUB_PATH).symlink_to(html)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{SUB_PATH}"
    server.shutdown()
    server.server_close()


@dataclass
class Visit:
    """A page of the site, with what went wrong on it."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def wait_for_widgets(self) -> None:
        """Wait until each saved view is drawn and has its data."""
        self.page.wait_for_function(_READY, arg=VIEWS, timeout=60_000)

    def switch_theme(self, theme: str) -> None:
        """Press the page's button for light and dark until it shows one."""
        button = self.page.locator(".theme-switch-button:visible").first
        for _ in ("light", "dark", "auto"):
            button.click()
            if self.page.locator("html").get_attribute("data-mode") == theme:
                break
        expect(self.page.locator("html")).to_have_attribute("data-theme", theme)


def visit(browser: Browser, site: str, name: str, width: int = 1280) -> Visit:
    """Open a page of a site, at an address of a server or of the disk."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    visit = Visit(context.new_page())

    def request(url: str) -> None:
        if not url.startswith((f"{site}/", "data:", "blob:")):
            visit.foreign.append(url)

    def error(text: str) -> None:
        if not any(known in text for known in OF_THE_THEME):
            visit.errors.append(text)

    page = visit.page
    page.on("request", lambda asked: request(asked.url))
    page.on("response", lambda got: got.status >= 400 and visit.missing.append(got.url))
    page.on("requestfailed", lambda asked: visit.missing.append(asked.url))
    page.on("pageerror", lambda raised: error(str(raised)))
    page.on("console", lambda said: said.type == "error" and error(said.text))
    page.goto(f"{site}/{name}", wait_until="load")
    return visit
