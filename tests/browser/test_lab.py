"""`make course`: JupyterLab opens on the first chapter, among the others."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hosts import ROOT, watch_requests


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Return the address that `microns lab` prints, as if a user without settings had run it."""
    folders = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    environment = {
        **os.environ,
        **{f"JUPYTER_{name}": str(tmp_path / name) for name in folders},
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "microns_widgets.cli", "lab", "course/start.ipynb", "--no-browser"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        yield next(
            match[0]
            for line in process.stderr
            if (match := re.search(r"http://(127\.0\.0\.1|localhost)\S+", line))
        )
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stderr.close()


def test_the_first_chapter_is_open_and_the_exercises_can_be_reached(
    address: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    address = address.replace("localhost", "127.0.0.1")
    origin = "/".join(address.split("/")[:3])
    foreign = watch_requests(context, origin)
    page = context.new_page()
    page.goto(address)
    title = page.locator(".jp-NotebookPanel:visible h1")
    expect(title).to_contain_text("Start here", timeout=60_000)
    expect(page.locator("#jp-main-dock-panel .lm-TabBar-tab")).to_have_text(["start.ipynb"])
    files = page.locator(".jp-DirListing-item:visible")
    for name in ("README.md", "course", "exercises"):
        expect(files.filter(has_text=re.compile(f"^{re.escape(name)}"))).to_be_visible()
    # With a kernel, as if it had been opened by hand.
    kernel = page.locator(".jp-NotebookPanel:visible .jp-Notebook-ExecutionIndicator")
    expect(kernel).to_have_attribute("data-status", "idle", timeout=60_000)
    # News would be offered once the page is at rest.
    page.wait_for_timeout(3000)
    expect(page.locator(".jp-toastContainer")).to_have_count(0)
    if folder := os.environ.get("MICRONS_SHOTS"):
        page.screenshot(path=f"{folder}/lab.png")
    assert foreign == []
    context.close()
