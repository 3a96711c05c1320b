"""The kinds of notebook server, and a notebook that is open in one of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.reader import NotJSONError
from playwright.sync_api import BrowserContext, Page, Request

from tests.browser.kernel import Kernel

ROOT = Path(__file__).parents[2]
COLAB_ENVIRONMENT = ROOT / ".venv-colab"


@dataclass(frozen=True)
class Host:
    """How a kind of notebook server is started, and how its page is driven."""

    command: str
    options: tuple[str, ...]
    address: str
    ready: str
    run_all: Callable[[Page], None]
    save: Callable[[Page], None]
    environment: Path = Path(sys.prefix)


def _run_all_by_menu(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator('li[data-command="runmenu:run-all"]').click()


def _run_all_in_classic(page: Page) -> None:
    page.locator("#celllink").click()
    page.locator("#run_all_cells").click()


def _save_by_keyboard(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")


def _save_in_classic(page: Page) -> None:
    page.locator("#save-notbook button").click()


_SERVER = ("--ServerApp.root_dir={root}", "--IdentityProvider.token={token}")
_IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'

HOSTS = {
    "jupyterlab": Host(
        "lab",
        # The mover asks the page's own connection when the kernel has heard all it was sent.
        (*_SERVER, "--LabApp.expose_app_in_browser=True"),
        "doc/tree/{path}?reset",
        _IDLE,
        _run_all_by_menu,
        _save_by_keyboard,
    ),
    "notebook-7": Host(
        "notebook", _SERVER, "notebooks/{path}", _IDLE, _run_all_by_menu, _save_by_keyboard
    ),
    # Classic Notebook 6 with the versions that Colab has: Colab itself runs only at Google's.
    "colab-versions": Host(
        "notebook",
        ("--NotebookApp.notebook_dir={root}", "--NotebookApp.token={token}"),
        "notebooks/{path}",
        "#kernel_indicator_icon.kernel_idle_icon",
        _run_all_in_classic,
        _save_in_classic,
        COLAB_ENVIRONMENT,
    ),
}


@dataclass
class Notebook:
    """A notebook in a page, with its kernel.

    Attributes
    ----------
    foreign : list of str
        Requests to any other origin than the server's; none of them got through.
    errors : list of str
        Uncaught errors of the page since it has been ready.
    """

    page: Page
    path: Path
    kernel: Kernel
    host: Host
    foreign: list[str]
    errors: list[str]

    def run_all(self) -> None:
        self.host.run_all(self.page)

    def save(self) -> nbformat.NotebookNode:
        """Save the notebook once its cells have run, and return what is in its file."""
        # A widget's picture is drawn after the widget has been displayed.
        self.page.wait_for_selector(self.host.ready, state="attached", timeout=60_000)
        before = self.path.stat().st_mtime_ns
        self.host.save(self.page)
        for _ in range(200):
            if self.path.stat().st_mtime_ns > before:
                # While the server writes, the file is empty or cut.
                with suppress(NotJSONError):
                    return nbformat.read(self.path, as_version=4)
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.path} was not saved within 10 s.")


def watch_requests(context: BrowserContext, origin: str) -> list[str]:
    """Return a list that fills with the requests that go elsewhere than to `origin`."""
    foreign: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:", "about:")):
            foreign.append(request.url)

    context.on("request", look)
    return foreign
