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
OF_THE_THEME = ("Got invalid theme mode",)

#: Where widgets are mounted when they are about to be seen.
PLACES = ".mw-site-place"
_READY = """(place) => {
    const sections = [...place.children];
    return sections.length === place.dataset.shows.split(" ").length
      && sections.every(({ offsetHeight }) => offsetHeight > 20)
      && !/Loading the /.test(place.innerText);
  }"""


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
    n_bytes: int = 0

    def wait_for_widgets(self) -> None:
        """Scroll to each widget, and wait until it is drawn and has its data."""
        for place in self.page.locator(PLACES).element_handles():
            place.evaluate("(place) => place.scrollIntoView({ block: 'center' })")
            self.page.wait_for_function(_READY, arg=place, timeout=60_000)
        self.page.evaluate("() => scrollTo(0, 0)")

    def wait_until_quiet(self) -> None:
        """Wait until nothing has been loaded for a while."""
        before = -1
        while before < self.n_bytes:
            before = self.n_bytes
            self.page.wait_for_timeout(2000)

    def switch_theme(self, theme: str) -> None:
        """Press the page's button for light and dark until it shows one."""
        button = self.page.locator(".theme-switch-button:visible").first
        for _ in ("light", "dark", "auto"):
            button.click()
            if self.page.locator("html").get_attribute("data-mode") == theme:
                break
        expect(self.page.locator("html")).to_have_attribute("data-theme", theme)


def visit(browser: Browser, site: str, name: str, width: int = 1280, height: int = 900) -> Visit:
    """Open a page of a site, at an address of a server or of the disk."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce"
    )
    visit = Visit(context.new_page())

    def count(received: dict[str, int]) -> None:
        visit.n_bytes += received["dataLength"]

    # What the page is made of, whether or not it came compressed.
    network = context.new_cdp_session(visit.page)
    network.send("Network.enable")
    network.on("Network.dataReceived", count)

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
