"""Notebook servers on loopback, and notebooks opened from them in a browser.

Each server has configuration, data and settings folders of its own. The traps: a page whose
kernel is not attached yet answers "Run All" with a dialog, so the session is made beforehand
and waited for; JupyterLab's news would ask the internet, and is switched off.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.browser.kernel import Kernel

ROOT = Path(__file__).parents[2]
COLAB_ENVIRONMENT = ROOT / ".venv-colab"
START_SECONDS = 60


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
        "lab", _SERVER, "doc/tree/{path}?reset", _IDLE, _run_all_by_menu, _save_by_keyboard
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
        """Save the notebook and return what is in its file."""
        before = self.path.stat().st_mtime_ns
        self.host.save(self.page)
        for _ in range(200):
            if self.path.stat().st_mtime_ns > before:
                return nbformat.read(self.path, as_version=4)
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.path} was not saved within 10 s.")


@dataclass
class Server:
    """A running notebook server."""

    host: Host
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.origin = f"http://127.0.0.1:{port}"
        self._token = secrets.token_hex(16)
        self._root = self.folder / "notebooks"
        self._root.mkdir()
        self._log = (self.folder / "server.log").open("w")
        options = [text.format(root=self._root, token=self._token) for text in self.host.options]
        common = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
        self._process = subprocess.Popen(
            [self.host.environment / "bin" / "jupyter", self.host.command, *common, *options],
            cwd=self._root,
            env=self._variables(),
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._wait_until_up()

    def _variables(self) -> dict[str, str]:
        settings = self.folder / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        news_off = {"fetchNews": "false", "checkForUpdates": False}
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(news_off))
        folders = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
            "MICRONS_CACHE": "cache",
        }
        return {
            **os.environ,
            **{name: str(self.folder / folder) for name, folder in folders.items()},
            "PATH": f"{self.host.environment / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            **self.environment,
        }

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self._api("status")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return
        log = (self.folder / "server.log").read_text()
        self.stop()
        raise RuntimeError(f"jupyter {self.host.command} did not start:\n{log[-3000:]}")

    def _api(self, path: str, data: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.origin}/api/{path}",
            data=json.dumps(data).encode() if data else None,
            headers={"Authorization": f"token {self._token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())

    def open(self, browser: Browser, cells: list[str]) -> Notebook:
        """Open a notebook made of code cells in a new context of the browser."""
        path = self._root / f"test-{secrets.token_hex(4)}.ipynb"
        code = [nbformat.v4.new_code_cell(source) for source in cells]
        kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        metadata = {"kernelspec": kernelspec}
        nbformat.write(nbformat.v4.new_notebook(cells=code, metadata=metadata), path)
        session = self._api(
            "sessions",
            {
                "path": path.name,
                "name": path.name,
                "type": "notebook",
                "kernel": {"name": "python3"},
            },
        )
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        foreign = watch_requests(context, self.origin)
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        address = self.host.address.format(path=path.name)
        joint = "&" if "?" in address else "?"
        page.goto(f"{self.origin}/{address}{joint}token={self._token}")
        self._wait_for_kernel(page, session["kernel"]["id"])
        # Notebook 7 has an error of its own while it starts.
        errors.clear()
        runtime = self.folder / "runtime" / f"kernel-{session['kernel']['id']}.json"
        return Notebook(page, path, Kernel(runtime), self.host, foreign, errors)

    def _wait_for_kernel(self, page: Page, kernel_id: str) -> None:
        for _ in range(10 * START_SECONDS):
            kernel = self._api(f"kernels/{kernel_id}")
            if kernel["connections"] >= 1 and kernel["execution_state"] == "idle":
                break
            # Not time.sleep, in which the page's events would wait.
            page.wait_for_timeout(100)
        page.wait_for_selector(self.host.ready, timeout=1000 * START_SECONDS, state="attached")

    def close(self, notebook: Notebook) -> None:
        """Close a notebook's page and end its kernel."""
        notebook.kernel.close()
        notebook.page.context.close()
        for session in self._api("sessions"):
            if session["path"] == notebook.path.name:
                request = urllib.request.Request(
                    f"{self.origin}/api/sessions/{session['id']}",
                    method="DELETE",
                    headers={"Authorization": f"token {self._token}"},
                )
                urllib.request.urlopen(request, timeout=60).close()

    def stop(self) -> None:
        """End the server and all it has started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(30)
        self._log.close()


def watch_requests(context: BrowserContext, origin: str) -> list[str]:
    """Return a list that fills with the requests that go elsewhere than to `origin`."""
    foreign: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:", "about:")):
            foreign.append(request.url)

    context.on("request", look)
    return foreign
