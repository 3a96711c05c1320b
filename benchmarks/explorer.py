"""How soon the whole explorer can be used in a live JupyterLab: ``python -m benchmarks.explorer``.

It is usable once the list has a row, the viewer has drawn the cell and listed its partners, and the
matrix has drawn its entries. The connectome is open already, as after a notebook's first cell.
It needs Chromium and ``pip install '.[lab,test]'``.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser
from rich.console import Console
from rich.table import Table

from benchmarks.picker import jupyterlab
from benchmarks.results import save
from tests.browser.server import Server

SETUP = "import microns_widgets as mw; con = mw.load(quiet=True)"
_RUNS = 5

# Milliseconds from the start of the run until each part is there. Drawing commands tell when the
# viewer and the matrix have a picture; a pixel is read back, so that the viewer's exists.
_WATCH = """() => {
  const there = {};
  const start = performance.now();
  const seen = (name) => { there[name] ??= performance.now() - start; };
  const after = (prototype, names, done) => {
    for (const name of names) {
      const original = prototype[name];
      prototype[name] = function (...args) {
        original.apply(this, args);
        done(this);
      };
    }
  };
  const commands = ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"];
  after(WebGL2RenderingContext.prototype, commands, (gl) => {
    if (there.viewer || !gl.canvas.closest?.(".skv-stage")) return;
    queueMicrotask(() => {
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      seen("viewer");
    });
  });
  after(CanvasRenderingContext2D.prototype, ["putImageData", "drawImage"], ({ canvas }) => {
    if (canvas.closest?.(".mx-plot")) seen("matrix");
  });
  window.usable = new Promise((resolve) => {
    const look = () => {
      if (document.querySelector(".mw-row")) seen("list");
      if (document.querySelector(".skp-scroll tbody tr")) seen("partners");
      if (Object.keys(there).length < 4) requestAnimationFrame(look);
      else resolve(there);
    };
    look();
  });
}"""


@dataclass(frozen=True)
class Opening:
    """Milliseconds from running the cell until each part of the explorer is there."""

    list: float
    viewer: float
    partners: float
    matrix: float

    @property
    def usable(self) -> float:
        """When the last part is there."""
        return max(asdict(self).values())


def measure(server: Server, browser: Browser) -> Opening:
    """Show the explorer in a new notebook, in a window as on a laptop."""
    notebook = server.open(browser, ["mw.Explorer(con)"])
    try:
        notebook.page.set_viewport_size({"width": 1280, "height": 800})
        notebook.kernel.run(SETUP, timeout=120)
        notebook.page.evaluate(_WATCH)
        notebook.run_all()
        return Opening(**notebook.page.evaluate("() => window.usable"))
    finally:
        server.close(notebook)


def table(openings: list[Opening]) -> Table:
    """Format the openings as a table."""
    grid = Table(title="The explorer in JupyterLab", caption="Times in ms since the run.")
    grid.add_column("")
    for name in ("list", "viewer", "partners", "matrix", "usable"):
        grid.add_column(name, justify="right")
    rows = [asdict(one) | {"usable": one.usable} for one in openings]
    medians = {name: median(row[name] for row in rows) for name in rows[0]}
    for label, row in [*((f"run {i}", row) for i, row in enumerate(rows, 1)), ("median", medians)]:
        grid.add_row(label, *(f"{value:,.0f}" for value in row.values()))
    return grid


def main() -> None:
    """Open the explorer several times, print the times and save them."""
    with (
        tempfile.TemporaryDirectory(prefix="microns-explorer-") as home,
        jupyterlab(Path(home)) as (server, browser),
    ):
        # The first one fills the browser's and the system's caches.
        openings = [measure(server, browser) for _ in range(_RUNS + 1)][1:]
    Console().print(table(openings))
    print(f"Saved to {save('explorer', [asdict(one) for one in openings])}")


if __name__ == "__main__":
    main()
