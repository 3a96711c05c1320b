"""The matrix explorer compared with plotly and seaborn: ``python -m benchmarks.matrix_explorer``.

All draw the same synthetic matrix. The benchmark measures the bytes that a notebook sends, the time
from the arrival of the data in the page to the picture on the screen, frames per second while
dragging and zooming (and those of an empty page), the time to reorder both axes, and the peak
memory of the process that draws. It needs Chromium and ``pip install plotly``.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.results import RESULTS, save
from benchmarks.static_page import served, until, write_page, write_widget_page
from microns_widgets import ConnectivityMatrix
from microns_widgets.widgets.matrix_explorer import MatrixExplorer
from tests.large_matrix import large_matrix
from tools.ensure_system import ARGUMENTS, chromium

SIZES = {"square": (1_700, 1_700, 180_000), "large": (2_000, 70_000, 1_500_000)}
#: A dense picture of the large matrix takes 40 s in plotly and 9 GB in seaborn.
DENSE_BYTES = 100_000_000
_SECONDS = 2
_RUNS = 3

# Frames per second while each frame changes something. The pointer moves back and forth.
_RATE = """async ([act, seconds]) => {
  const el = document.querySelector(".mx-plot, .nsewdrag") ?? document.body;
  const box = el.getBoundingClientRect();
  const at = (x, y) => ({ clientX: box.left + x, clientY: box.top + y, bubbles: true });
  const pointer = (type, x, y) => {
    const more = { pointerId: 1, button: 0, buttons: type.endsWith("up") ? 0 : 1 };
    const on = el.matches(".nsewdrag") && !type.endsWith("down") ? document : el;
    const init = { ...at(x, y), ...more };
    // plotly listens to the mouse, on the whole page once a button is down.
    const event = el.matches(".nsewdrag")
      ? new MouseEvent(type.replace("pointer", "mouse"), init)
      : new PointerEvent(type, init);
    on.dispatchEvent(event);
  };
  const wheel = (deltaY) =>
    el.dispatchEvent(new WheelEvent("wheel", { ...at(300, 200), deltaY, cancelable: true }));
  el.setPointerCapture = () => {};
  el.focus?.({ preventScroll: true });
  if (act === "drag") pointer("pointerdown", 300, 200);
  let n = 0;
  const start = performance.now();
  for (; performance.now() - start < 1000 * seconds; n++) {
    const step = n % 40 < 20 ? n % 20 : 20 - (n % 20);
    if (act === "drag") pointer("pointermove", 300 + 6 * step, 200 + 3 * step);
    if (act === "zoom") wheel(n % 20 < 10 ? -40 : 40);
    await new Promise(requestAnimationFrame);
  }
  const rate = (1000 * n) / (performance.now() - start);
  if (act === "drag") pointer("pointerup", 300, 200);
  return rate;
}"""
_REORDER = """async () => {
  const times = [];
  for (const by of ["depth", "cell_type_auto", "depth", "cell_type_auto", "given"]) {
    await new Promise((done) => setTimeout(done, 500));
    const start = performance.now();
    await window.reorder(by);
    times.push((await window.painted()) - start);
  }
  return times.slice(1);
}"""
_ORDER_OURS = """() => { window.reorder = (by) => {
  window.model.set("order_pre", by);
  window.model.set("order_post", by);
}; }"""
_PLOTLY = """
const [rows, columns] = {shape};
const values = new Float32Array((await binary("dense.bin")).buffer);
const z = Array.from({{ length: rows }}, (_, row) =>
  values.subarray(row * columns, (row + 1) * columns));
const here = document.getElementById("here");
const layout = {{ width: 1080, height: 700, dragmode: "pan", yaxis: {{ autorange: "reversed" }} }};
window.show = async () => {{
  const start = performance.now();
  await Plotly.newPlot(here, [{{ type: "heatmap", z }}], layout, {{ scrollZoom: true }});
  return (await painted()) - start;
}};
window.reorder = () => Plotly.restyle(here, {{ z: [here.data[0].z.slice().reverse()] }});
window.ready = true;
"""


@dataclass(frozen=True)
class ToolResult:
    """Results of one tool, in seconds and bytes; None if not measured."""

    tool: str
    sent_bytes: int
    first_picture: float | None = None
    empty_rate: float | None = None
    drag_rate: float | None = None
    zoom_rate: float | None = None
    reorder: float | None = None
    peak_bytes: int | None = None


def measure_page(browser: Browser, folder: Path, tool: str, sent: int, prepare: str) -> ToolResult:
    """Show a page, drag, zoom and reorder, several times; return the best of each."""
    with served(folder) as origin:
        runs = [_run(browser, origin, prepare) for _ in range(_RUNS)]
    first, reorder = (min(run[name] for run in runs) for name in ("first", "reorder"))
    empty, drag, zoom = (max(run[name] for run in runs) for name in ("nothing", "drag", "zoom"))
    peak = max((run["peak"] for run in runs), default=0)
    return ToolResult(tool, sent, first, empty, drag, zoom, reorder, int(peak) or None)


def _run(browser: Browser, origin: str, prepare: str) -> dict[str, float]:
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    try:
        results = {"nothing": page.evaluate(_RATE, ["nothing", _SECONDS])}
        page.goto(origin, timeout=300_000)
        until(page, "window.ready")
        results["first"] = page.evaluate("() => window.show()") / 1000
        page.wait_for_timeout(1000)
        page.evaluate(prepare)
        results |= {act: page.evaluate(_RATE, [act, _SECONDS]) for act in ("zoom", "drag")}
        results["reorder"] = float(np.median(page.evaluate(_REORDER))) / 1000
        results["peak"] = renderer_peak(browser)
        return results
    finally:
        page.close()


def renderer_peak(browser: Browser) -> int:
    """Peak memory of a page's process in bytes; 0 if the system does not report it."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    peaks = []
    for process in processes:
        status = Path(f"/proc/{process['id']}/status")
        if process["type"] == "renderer" and status.is_file():
            peaks += re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
    return max((1024 * int(peak) for peak in peaks), default=0)


def measure_explorer(browser: Browser, matrix: ConnectivityMatrix, folder: Path) -> ToolResult:
    """Measure this package's explorer."""
    explorer = MatrixExplorer(matrix, save_data=True)
    write_widget_page(folder, explorer, ".mx-plot")
    assert explorer.data is not None
    return measure_page(browser, folder, "MatrixExplorer", len(explorer.data), _ORDER_OURS)


def measure_plotly(browser: Browser, matrix: ConnectivityMatrix, folder: Path) -> ToolResult:
    """Measure plotly's Heatmap of the dense matrix; it cannot sort, so rows are reversed."""
    import plotly.graph_objects as go
    from plotly.offline import get_plotlyjs

    dense = matrix.to_numpy(no_connection=np.nan).astype(np.float32)
    (folder / "dense.bin").write_bytes(dense.tobytes())
    (folder / "plotly.js").write_text(get_plotlyjs())
    script = _PLOTLY.format(shape=json.dumps(dense.shape))
    write_page(folder, script, '<script src="plotly.js"></script>')
    sent = len(go.Figure(go.Heatmap(z=dense)).to_json())
    return measure_page(browser, folder, "plotly Heatmap", sent, "() => {}")


def measure_seaborn(matrix: ConnectivityMatrix, folder: Path) -> ToolResult:
    """Measure seaborn's static picture of the dense matrix."""
    import matplotlib as mpl

    mpl.use("Agg")
    import seaborn as sns
    from matplotlib import pyplot as plt

    start = time.perf_counter()
    sns.heatmap(matrix.to_frame(no_connection=np.nan), xticklabels=[], yticklabels=[])
    plt.savefig(folder / "seaborn.png", dpi=150)
    first = time.perf_counter() - start
    plt.close("all")
    return ToolResult("seaborn, static", (folder / "seaborn.png").stat().st_size, first)


def measure(size: str) -> list[ToolResult]:
    """Measure all tools on a matrix of one size."""
    rows, columns, connections = SIZES[size]
    matrix = large_matrix(rows, columns, connections)
    measures: list[Callable[[Browser, ConnectivityMatrix, Path], ToolResult]] = [measure_explorer]
    dense = 4 * rows * columns <= DENSE_BYTES
    if dense:
        measures.append(measure_plotly)
    results = []
    with sync_playwright() as playwright:
        for measure_one in measures:
            browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            with tempfile.TemporaryDirectory(prefix="microns-matrix-") as folder:
                results.append(measure_one(browser, matrix, Path(folder)))
            browser.close()
    if dense:
        with tempfile.TemporaryDirectory(prefix="microns-matrix-") as folder:
            results.append(measure_seaborn(matrix, Path(folder)))
    else:
        # Data that plotly would be sent: four bytes per entry, as base64.
        results.append(ToolResult("plotly Heatmap, not tried", 4 * rows * columns * 4 // 3))
    return results


def table(size: str, results: list[ToolResult]) -> Table:
    """Format the results as a table."""
    rows, columns, connections = SIZES[size]
    grid = Table(title=f"{rows:,} x {columns:,}, {connections:,} connections")
    grid.add_column("")
    for name in ("MB sent", "picture s", "empty /s", "drag /s", "zoom /s", "reorder s", "peak MB"):
        grid.add_column(name, justify="right")
    for one in results:
        grid.add_row(
            one.tool,
            f"{one.sent_bytes / 1e6:.2f}",
            _number(one.first_picture, ".2f"),
            *(_number(rate, ".0f") for rate in (one.empty_rate, one.drag_rate, one.zoom_rate)),
            _number(one.reorder, ".3f"),
            "-" if one.peak_bytes is None else f"{one.peak_bytes / 1e6:.0f}",
        )
    return grid


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def main(
    size: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(SIZES)}.")] = None,
    results: Annotated[Path, typer.Option(help="Folder for the JSON file.")] = RESULTS,
) -> None:
    """Measure all sizes, print the tables and save the numbers."""
    content = {}
    for name in size or SIZES:
        measured = measure(name)
        Console(width=100).print(table(name, measured))
        content[name] = [asdict(one) for one in measured]
    print(f"Saved to {save('matrix-explorer', content, results)}")


if __name__ == "__main__":
    typer.run(main)
