"""The cell picker compared with itables, ipydatagrid and jupyter-scatter, in a live JupyterLab.

Run it with ``python -m benchmarks.picker``.

All show the same table, the real cells if ``MICRONS_REAL_DATA`` is set. The benchmark measures the
bytes that the page receives, the time from running the cell to the first row on the screen, and in
the page the time from a key or a click to the end of the frame that shows its effect. On the map of
the somata, jupyter-scatter's own field, it counts frames per second while the wheel zooms.
It needs Chromium and ``pip install '.[lab,test,bench]'``.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.results import save
from benchmarks.synthetic import make
from tests.browser.hosts import HOSTS, Notebook
from tests.browser.server import Server
from tools.ensure_system import ARGUMENTS, chromium

#: Number of synapses from which the degrees are counted.
SYNAPSES = 300_000
WORDS = ("BC", "23P V1", "axon_fully", "8646911351", "astrocyte", "5P-IT RL")

SETUP = """
import microns_widgets as mw
from microns_widgets.widgets._picker_table import picker_table
con = mw.load({folder!r}, quiet=True)
frame = picker_table(con)
"""


@dataclass(frozen=True)
class Tool:
    """How one tool shows the table, and the selectors of its parts in the page."""

    name: str
    prepare: str
    show: str
    row: str
    search: str | None = None
    heading: str | None = None
    map: str | None = None


TOOLS = (
    Tool(
        "CellPicker",
        "",
        "mw.CellPicker(con)",
        ".mw-row",
        ".mw-bar input[type=search]",
        ".mw-head button[data-column=depth]",
        ".mw-map",
    ),
    Tool(
        "itables",
        "import itables",
        "itables.init_notebook_mode(connected=False); itables.show(frame, maxBytes=0)",
        ".dt-container tbody td",
        ".dt-search input",
        ".dt-container thead th:nth-child(8) .dt-column-order",
    ),
    Tool(
        "ipydatagrid",
        "import ipydatagrid",
        "ipydatagrid.DataGrid(frame)",
        ".lm-DataGrid canvas",
    ),
    Tool(
        "jupyter-scatter",
        "import jscatter",
        "jscatter.Scatter(data=frame, x='x', y='depth', color_by='cell_type_auto').show()",
        ".jp-OutputArea canvas",
        map=".jp-OutputArea canvas",
    ),
)

# From an event to the end of the last frame that shows its effect: a message that is sent from
# within a frame is received when the frame is painted.
RECORDER = """(row) => {
  let inFrame = false;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { inFrame = false; window.last = performance.now(); };
  const post = () => port2.postMessage(null);
  const frame = () => requestAnimationFrame(() => { inFrame = true; post(); });
  const begin = (event) => {
    window.start = event.timeStamp;
    window.last = undefined;
    frame();
  };
  for (const type of ["keydown", "click"]) document.addEventListener(type, begin, true);
  const follow = () => {
    window.last = undefined;
    if (inFrame) post();
    else frame();
  };
  new MutationObserver(follow).observe(
    document.querySelector(row).parentElement.parentElement,
    { subtree: true, childList: true, characterData: true, attributes: true },
  );
}"""
# The next letter follows as in fast typing, before the widget has sent the last one to Python.
SETTLED = "() => window.last !== undefined && performance.now() - window.last > 100"

# Frames per second while each frame zooms; a pixel is read back, so that the picture exists.
ZOOM = """async (map) => {
  const canvas = document.querySelector(map);
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true };
  const gl = canvas.getContext("webgl") ?? canvas.getContext("webgl2");
  let n = 0;
  const start = performance.now();
  for (; performance.now() - start < 3000; n++) {
    const deltaY = n % 20 < 10 ? -40 : 40;
    canvas.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, cancelable: true }));
    await new Promise(requestAnimationFrame);
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }
  return (1000 * n) / (performance.now() - start);
}"""


@dataclass
class ToolResult:
    """Results of one tool; times in ms, None if it has no such feature."""

    name: str
    payload_bytes: int = 0
    run_to_first_row: float = 0.0
    keystrokes: list[float] = field(default_factory=list)
    sorts: list[float] = field(default_factory=list)
    zoom_rate: float | None = None


def measure(server: Server, browser: Browser, folder: Path, tool: Tool) -> ToolResult:
    """Show the table in a new notebook, search it and sort it."""
    notebook = server.open(browser, [tool.show])
    try:
        notebook.kernel.run(SETUP.format(folder=str(folder)) + tool.prepare, timeout=300)
        result = ToolResult(tool.name)
        _first_row(notebook, tool, result)
        page = notebook.page
        if tool.search and tool.heading:
            page.evaluate(RECORDER, tool.row)
            field = page.locator(tool.search).first
            for word in WORDS:
                field.click()
                for letter in word:
                    result.keystrokes.append(_timed(page, partial(page.keyboard.type, letter)))
                field.fill("")
                page.wait_for_timeout(500)
            for _ in range(6):
                heading, row = page.locator(tool.heading).first, page.locator(tool.row).first
                before = row.inner_text()
                result.sorts.append(_timed(page, heading.click))
                if row.inner_text() == before:
                    raise RuntimeError(f"{tool.name} did not sort by {tool.heading}.")
        if tool.map:
            page.locator(tool.map).first.click()
            result.zoom_rate = page.evaluate(ZOOM, tool.map)
        return result
    finally:
        server.close(notebook)


def _first_row(notebook: Notebook, tool: Tool, result: ToolResult) -> None:
    page = notebook.page
    frames: list[int] = []
    # The connection to the kernel is open already, so the bytes are counted in the page.
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.webSocketFrameReceived",
        lambda event: frames.append(_frame_bytes(event["response"])),
    )
    start = time.perf_counter()
    notebook.run_all()
    page.wait_for_selector(tool.row, timeout=60_000)
    result.run_to_first_row = 1000 * (time.perf_counter() - start)
    page.wait_for_timeout(3000)
    result.payload_bytes = sum(frames)


def _frame_bytes(response: dict[str, object]) -> int:
    payload = str(response["payloadData"])
    # Binary frames (opcode 2) arrive as base64.
    return len(payload) * 3 // 4 if response["opcode"] == 2 else len(payload.encode())


def _timed(page: Page, act: Callable[[], None]) -> float:
    act()
    page.wait_for_function(SETTLED, timeout=60_000)
    duration: float = page.evaluate("() => window.last - window.start")
    return duration


def table(results: list[ToolResult]) -> Table:
    """Format the results as a table."""
    grid = Table(title="91,423 cells in JupyterLab", caption="Times in ms.")
    grid.add_column("")
    for name in ("MB", "run to row", "key p50", "key p95", "sort p50", "zoom /s"):
        grid.add_column(name, justify="right")
    for one in results:
        grid.add_row(
            one.name,
            f"{one.payload_bytes / 1e6:.2f}",
            f"{one.run_to_first_row:,.0f}",
            _ms(_quantile(one.keystrokes, 50)),
            _ms(_quantile(one.keystrokes, 95)),
            _ms(_quantile(one.sorts, 50)),
            _ms(one.zoom_rate),
        )
    return grid


def _quantile(values: list[float], percent: int) -> float | None:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else None


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


@contextmanager
def jupyterlab(folder: Path) -> Iterator[tuple[Server, Browser]]:
    """Start JupyterLab and a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        server = Server(HOSTS["jupyterlab"], folder)
        try:
            yield server, browser
        finally:
            server.stop()
            browser.close()


def main() -> None:
    """Measure all tools, print the table and save the numbers."""
    with tempfile.TemporaryDirectory(prefix="microns-picker-") as name:
        data, home = Path(name, "data"), Path(name, "jupyter")
        data.mkdir()
        home.mkdir()
        make(data, SYNAPSES)
        with jupyterlab(home) as (server, browser):
            results = [measure(server, browser, data, tool) for tool in TOOLS]
    Console().print(table(results))
    print(f"Saved to {save('picker', [asdict(one) for one in results])}")


if __name__ == "__main__":
    main()
