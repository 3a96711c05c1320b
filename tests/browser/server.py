"""Notebook servers on loopback, each with configuration, data and settings folders of its own.

The traps: a page whose kernel is not attached yet answers "Run All" with a dialog, so the
session is made beforehand and waited for; JupyterLab's news would ask the internet, and is
switched off.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, Page, expect

from tests.browser.hosts import ROOT, Host, Notebook, watch_requests
from tests.browser.kernel import Kernel

START_SECONDS = 60


def new_notebook(cells: list[str]) -> nbformat.NotebookNode:
    """Return a notebook made of code cells."""
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": kernelspec})


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

    def open(self, browser: Browser, cells: list[str] | nbformat.NotebookNode) -> Notebook:
        """Open a notebook, or one made of code cells, in a new context of the browser."""
        path = self._root / f"test-{secrets.token_hex(4)}.ipynb"
        nbformat.write(new_notebook(cells) if isinstance(cells, list) else cells, path)
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

    def open_and_run(
        self,
        browser: Browser,
        cells: list[str],
        *shown: str,
        size: tuple[int, int] = (1200, 900),
    ) -> Iterator[Notebook]:
        """Open and run a notebook for a fixture, which says `yield from`; then close it.

        Parameters
        ----------
        browser : Browser
            What opens it.
        cells : list of str
            Its code cells.
        shown : str
            Selectors of what is visible once the widgets are there.
        size : tuple of int
            Width and height of the window.
        """
        notebook = self.open(browser, cells)
        try:
            notebook.page.set_viewport_size({"width": size[0], "height": size[1]})
            notebook.run_all()
            for selector in shown:
                expect(notebook.page.locator(selector).first).to_be_visible(timeout=120_000)
            yield notebook
        finally:
            self.close(notebook)

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
