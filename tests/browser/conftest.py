"""Chromium, the servers, and a picture of every page of a test that fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from once_per_run import OncePerRun
from playwright.sync_api import Browser, Page, expect, sync_playwright

import microns_widgets as mw
from microns_widgets.site import build_site
from microns_widgets.site.course import Course
from tests.browser.built_site import Visit, served, visit
from tests.browser.hosts import COLAB_ENVIRONMENT, HOSTS, ROOT, Notebook
from tests.browser.listener import Listener
from tests.browser.mover import Mover
from tests.browser.reader import Reader
from tests.browser.server import Server
from tests.notebooks.chapter_runs import ChapterRuns
from tools.ensure_system import ARGUMENTS, chromium

# Busy machines need time.
expect.set_options(timeout=30_000)

Move = Callable[[nbformat.NotebookNode], list[list[str]]]
SHOTS = Path(__file__).parent / "shots"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Not for the session: while it is open an event loop runs in this thread, which other
    # tests may not expect.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def probe_folder(once_per_run: OncePerRun) -> Path:
    """Folder with the built front end of the probe, and of a page without a kernel."""
    node = shutil.which("node")
    assert node, "Node is not there, expected version 20 or later on the PATH."

    def build(folder: Path) -> None:
        command = [node, "build.mjs", "--probe", folder]
        subprocess.run(command, cwd=ROOT / "frontend", check=True)

    return once_per_run.folder("probe", build)


@pytest.fixture(scope="session")
def explorer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page without Python: an explorer with six cells of the sample."""
    con = mw.load(quiet=True)
    ids = con.select(proofread=True)[:6]
    page = mw.Explorer(con, value=int(ids[0]), pre=ids)
    return mw.to_html(page, tmp_path_factory.mktemp("explorer") / "cells.html", cells=ids)


@pytest.fixture(scope="session")
def servers(
    tmp_path_factory: pytest.TempPathFactory, probe_folder: Path
) -> Iterator[Callable[[str], Server]]:
    """Return a function that gives the running server of a kind; starting one takes seconds."""
    running: dict[str, Server] = {}

    def of_kind(name: str) -> Server:
        if name not in running:
            folder = tmp_path_factory.mktemp(name)
            running[name] = Server(HOSTS[name], folder, {"MICRONS_PROBE": str(probe_folder)})
        return running[name]

    yield of_kind
    for server in running.values():
        server.stop()


@pytest.fixture(scope="package", params=list(HOSTS))
def server(request: pytest.FixtureRequest, servers: Callable[[str], Server]) -> Server:
    """Return a running server, one of each kind in turn."""
    if HOSTS[request.param].environment == COLAB_ENVIRONMENT and not COLAB_ENVIRONMENT.is_dir():
        pytest.fail("There is no environment with Colab's versions: run `make .venv-colab/.ready`.")
    return servers(request.param)


@pytest.fixture
def open_notebook(server: Server, browser: Browser) -> Iterator[Callable[..., Notebook]]:
    """Return a function that opens a notebook made of code cells."""
    opened: list[Notebook] = []

    def open_cells(*cells: str) -> Notebook:
        opened.append(server.open(browser, list(cells)))
        return opened[-1]

    yield open_cells
    for notebook in opened:
        server.close(notebook)


@pytest.fixture(scope="session")
def built_site(once_per_run: OncePerRun, chapter_runs: ChapterRuns) -> Path:
    """Folder with the course's site, built by this run; `MICRONS_SITE` names one to use instead."""
    if named := os.environ.get("MICRONS_SITE"):
        return Path(named).resolve()

    def build(folder: Path) -> None:
        for notebook in Course(ROOT).executed:
            chapter_runs.write_for_site(notebook, folder / "executed")
        build_site(ROOT, folder / "html", executed=folder / "executed")

    return once_per_run.folder("site", build) / "html"


@pytest.fixture(scope="session")
def site_by_http(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the site below a path of a server."""
    with served(built_site, tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def site_by_file(built_site: Path) -> str:
    """Address of the site on the disk."""
    return built_site.as_uri()


@pytest.fixture
def visit_site(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a page: site, name, and the width of the window."""
    opened: list[Visit] = []

    def open_page(site: str, name: str, **options: int) -> Visit:
        opened.append(visit(browser, site, name, **options))
        return opened[-1]

    yield open_page
    for page in opened:
        page.page.context.close()


@pytest.fixture
def move(server: Server, browser: Browser) -> Iterator[Move]:
    """Return a function that runs a notebook and moves all that its widgets have."""
    opened: list[tuple[Notebook, Listener]] = []

    def run_and_move(cells: nbformat.NotebookNode) -> list[list[str]]:
        notebook = server.open(browser, cells)
        listener = Listener(notebook.kernel.connection_file, server.folder / "server.log")
        opened.append((notebook, listener))
        mover = Mover(notebook, listener)
        notebook.run_all()
        moved = mover.move_all()
        assert notebook.foreign == []
        return moved

    yield run_and_move
    for notebook, listener in opened:
        listener.close()
        server.close(notebook)


@pytest.fixture
def reader_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Page], Reader]]:
    """Return a function that starts to hear a page; the transcript is written at the end."""
    readers: list[Reader] = []

    def hear(page: Page) -> Reader:
        readers.append(Reader(page))
        return readers[-1]

    yield hear
    for reader in readers:
        reader.write(request.node.name, tmp_path)


#: What differs from host to host is tested in all of them in every run.
EVERY_HOST = {"test_hosts.py", "test_colab_versions.py", "test_saved_picture.py"}


# Before pytest deselects by marker.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test of this folder run once more: it depends on large external programs.

    The summary names each one that had to (`R`), so that a race of ours does not hide. Beside
    JupyterLab, other hosts are `long`, except in the files of `EVERY_HOST`.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))
            case = getattr(item, "callspec", None)
            host = case.params.get("server") if case else None
            if host not in (None, "jupyterlab") and item.path.name not in EVERY_HOST:
                item.add_marker(pytest.mark.long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.failed and browser is not None:
        SHOTS.mkdir(exist_ok=True)
        pages = [page for context in browser.contexts for page in context.pages]
        name = re.sub(r"[^\w.-]+", "-", item.name)
        for number, page in enumerate(pages):
            path = SHOTS / f"{name}-{number}.png"
            page.screenshot(path=path)
            report.sections.append(("Screenshot", str(path)))
    return report
