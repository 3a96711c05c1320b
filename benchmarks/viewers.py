"""Compares three viewers in a browser: ``python -m benchmarks.viewers --help``.

Chromium uses software WebGL: the ratios are meaningful, the times are not. A picture counts once
its pixels exist: after each frame with drawing commands, a pixel is read back.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

import microns_widgets as mw
from benchmarks.results import RESULTS, save
from benchmarks.static_page import WATCH_ERRORS, served, until
from benchmarks.viewer_pages import MAKERS, Page, large_cell, our_page
from microns_widgets.connectome import Connectome
from microns_widgets.sources.real_data import BASKET_CELL, load_basket_cell
from tools.ensure_system import chromium

ROOT = Path(__file__).parents[1]
VERTICES, SYNAPSES = 50_000, 20_000
#: Targets: how many times better than the others ours should be.
TARGETS: dict[str, dict[str, float]] = {
    "k3d": {"frames": 3, "first_picture": 2.5, "recolor": 3, "hide": 3},
    "plotly": {"frames": 15},
}
TURNING_SECONDS = 4.0

# Wraps the drawing functions of WebGL 1 and 2, and records when the pixels of each frame exist.
WATCH = """() => {
  window.pictures = [];
  const drawn = new Set();
  const end = () => {
    for (const gl of drawn) {
      const bound = gl.getParameter(gl.FRAMEBUFFER_BINDING);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      gl.bindFramebuffer(gl.FRAMEBUFFER, bound);
    }
    drawn.clear();
    window.pictures.push(performance.now());
  };
  const kinds = [window.WebGLRenderingContext, window.WebGL2RenderingContext];
  const counts = { drawArrays: 2, drawElements: 1, drawArraysInstanced: 3,
    drawElementsInstanced: 4 };
  for (const { prototype } of kinds) for (const [name, place] of Object.entries(counts)) {
    const original = prototype[name];
    if (!original) continue;
    prototype[name] = function (...args) {
      original.apply(this, args);
      // Axes and frames are not part of the cell.
      if (args[place] < 1000) return;
      // After the frame's last command, in the same frame.
      if (drawn.size === 0) queueMicrotask(end);
      drawn.add(this);
    };
  }
}"""
ACT = """async (code) => {
  const began = performance.now();
  (0, eval)(`(() => { ${code} })()`);
  for (;;) {
    await new Promise(requestAnimationFrame);
    const first = window.pictures.find((at) => at > began);
    if (first) return (first - began) / 1000;
    if (performance.now() - began > 30000) throw new Error("No picture within 30 s.");
  }
}"""


@dataclass
class PageResult:
    """Results of one page: seconds, frames per second, bytes after gzip."""

    viewer: str
    cell: str
    sent: int
    first_picture: float
    frames: float
    recolor: float
    hide: float


def look(
    browser: Browser, origin: str, file: Path, page: Page, cell: str, repeats: int
) -> PageResult:
    """Measure a page in new browser contexts; return the medians."""
    runs: list[tuple[float, float, float, float]] = []
    # One additional run, which is not counted: it fills the caches.
    for _ in range(repeats + 1):
        width, height = page.viewport
        context = browser.new_context(viewport={"width": width, "height": height})
        opened = context.new_page()
        opened.add_init_script(f"({WATCH})();{WATCH_ERRORS}")
        opened.goto(f"{origin}/{file.name}", wait_until="commit")
        until(opened, "window.pictures.length > 0")
        first = opened.evaluate("() => window.pictures[0]") / 1000
        opened.wait_for_timeout(2500)
        box = opened.locator(page.canvas).first.bounding_box()
        assert box is not None
        frames = _turn(opened, box)
        opened.wait_for_timeout(1500)
        acts = []
        for code in page.acts.values():
            acts.append(opened.evaluate(ACT, code))
            opened.wait_for_timeout(1500)
        runs.append((first, frames, *acts))
        context.close()
    sent = len(gzip.compress(page.html.encode(), mtime=0))
    return PageResult(
        page.name, cell, sent, *(median(values) for values in zip(*runs[1:], strict=True))
    )


def _turn(page: Any, box: dict[str, float]) -> float:
    """Drag back and forth with the mouse; return the number of pictures per second."""
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    before = page.evaluate("() => window.pictures.length")
    began, step = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < TURNING_SECONDS:
        step += 1
        page.mouse.move(x + 100 * ((step / 40) % 2 - 1), y + 20 * ((step / 25) % 2 - 1))
    pictures = page.evaluate("() => window.pictures.length") - before
    page.mouse.up()
    return float(pictures) / passed


def cells() -> dict[str, tuple[Connectome, int]]:
    """Return the real cell, or one of the sample if its files are missing, and a large cell."""
    folder = os.environ.get("MICRONS_REAL_DATA")
    if folder:
        con, root_id = load_basket_cell(folder), BASKET_CELL
    else:
        con = mw.load(quiet=True)
        root_id = max(con.select(proofread=True).tolist(), key=lambda i: con.skeleton(i).n_vertices)
    large = large_cell(con, root_id, VERTICES, SYNAPSES)
    return {"real" if folder else "sample": (con, root_id), "large": (large, root_id)}


def _page_script(folder: Path) -> str:
    subprocess.run(["node", "build.mjs", "--probe", folder], cwd=ROOT / "frontend", check=True)
    return (folder / "page.js").read_text()


def main(
    repeats: Annotated[int, typer.Option(help="Number of runs of each page.", min=1)] = 3,
    results: Annotated[Path, typer.Option(help="Folder for the JSON file.")] = RESULTS,
) -> None:
    """Compare the viewers of this package, k3d and plotly, one after another."""
    outcomes: list[PageResult] = []
    with (
        tempfile.TemporaryDirectory() as name,
        served(folder := Path(name)) as origin,
        sync_playwright() as playwright,
    ):
        script = _page_script(folder / "probe")
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-quic", "--use-angle=swiftshader"],
        )
        # Starts the graphics process, which would otherwise slow down the first page.
        browser.new_page().goto("data:text/html,<canvas>")
        for cell, (con, root_id) in cells().items():
            pages = [our_page(con, root_id, script)]
            pages += [make(con, root_id) for make in MAKERS.values()]
            for page in pages:
                file = folder / f"{page.name}-{cell}.html"
                file.write_text(page.html, encoding="utf-8")
                outcomes.append(look(browser, origin, file, page, cell, repeats))
        browser.close()
    console = Console()
    if not console.is_terminal:
        console.width = 116
    console.print(_table(outcomes))
    console.print(f"Saved to {save('viewers', [asdict(one) for one in outcomes], results)}")


def _table(outcomes: list[PageResult]) -> Table:
    grid = Table(title="One cell with its synapses; in parentheses, how many times better ours is")
    columns = ("MB sent", "first picture s", "frames/s", "recolor s", "hide s", "target met?")
    for name in ("cell", "viewer", *columns):
        grid.add_column(name)
    for one in outcomes:
        ours = next(other for other in outcomes if other.cell == one.cell)
        better = {
            "sent": one.sent / ours.sent,
            "first_picture": one.first_picture / ours.first_picture,
            "frames": ours.frames / max(one.frames, 1e-3),
            "recolor": one.recolor / ours.recolor,
            "hide": one.hide / ours.hide,
        }
        targets = TARGETS.get(one.viewer, {})
        met = all(better[name] >= least for name, least in targets.items())
        values = (
            f"{one.sent / 1e6:.2f}",
            f"{one.first_picture:.2f}",
            f"{one.frames:.1f}",
            f"{one.recolor:.3f}",
            f"{one.hide:.3f}",
        )
        ratios = [f" ({ratio:.1f})" if targets else "" for ratio in better.values()]
        cells_of_row = [value + ratio for value, ratio in zip(values, ratios, strict=True)]
        grid.add_row(
            one.cell, one.viewer, *cells_of_row, ("yes" if met else "no") if targets else ""
        )
    return grid


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app(prog_name="python -m benchmarks.viewers")
