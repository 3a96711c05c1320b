"""Pages without a kernel, served on loopback, to measure widgets and their peers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Page

from microns_widgets.widgets._base import STATIC, MicronsWidget
from tests.browser.hosts import ROOT

#: Runs before a page's own scripts: keeps the first error, which `until` then raises.
WATCH_ERRORS = """
for (const kind of ["error", "unhandledrejection"]) addEventListener(kind, (event) => {
  window.failed ??= String(event.reason ?? event.error ?? event.message);
});
"""

# `show` draws once the data have arrived; its promise resolves when the picture is on screen.
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Benchmark</title>
<link rel="icon" href="data:,"><script>{watch}</script>{head}</head>
<body style="margin: 8px"><div id="here"></div><script type="module">
const binary = async (name) => new DataView(await (await fetch(name)).arrayBuffer());
const json = async (name) => (await fetch(name)).json();
const painted = () => new Promise((done) => requestAnimationFrame(() => {{
  const {{ port1, port2 }} = new MessageChannel();
  port1.onmessage = () => done(performance.now());
  port2.postMessage(null);
}}));
window.painted = painted;
{script}
</script></body></html>
"""
_WIDGET = """
import widget from "./widget.js";
import {{ renderStatic, StaticModel }} from "./page.js";
const state = await json("state.json");
state.data = await binary("data.bin");
window.model = new StaticModel(state);
window.show = async () => {{
  const here = document.getElementById("here");
  const there = new Promise((done) => new MutationObserver((_, observer) => {{
    if (!here.querySelector("{shown}")) return;
    observer.disconnect();
    done();
  }}).observe(here, {{ subtree: true, childList: true }}));
  const start = performance.now();
  await renderStatic(widget, window.model, here);
  await there;
  return (await painted()) - start;
}};
window.ready = true;
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def write_widget_page(folder: Path, widget: MicronsWidget, shown: str) -> None:
    """Write the page of a widget whose state includes its data.

    Parameters
    ----------
    folder : Path
        An empty folder.
    widget : MicronsWidget
        Created with ``save_data=True``.
    shown : str
        Selector of an element that exists once the widget has drawn.
    """
    state = {n: v for n, v in widget.get_state().items() if n[0] != "_" and n != "layout"}
    (folder / "data.bin").write_bytes(state.pop("data"))
    (folder / "state.json").write_text(json.dumps(state))
    (folder / "widget.js").write_text((STATIC / f"{widget._module}.js").read_text())
    (folder / "widget.css").write_text((STATIC / f"{widget._module}.css").read_text())
    subprocess.run(
        ["node", "build.mjs", "--probe", folder / "probe"], cwd=ROOT / "frontend", check=True
    )
    (folder / "page.js").write_text((folder / "probe" / "page.js").read_text())
    write_page(folder, _WIDGET.format(shown=shown), '<link rel="stylesheet" href="widget.css">')


def write_page(folder: Path, script: str, head: str = "") -> None:
    """Write a page whose script sets ``window.show`` and then ``window.ready``."""
    (folder / "index.html").write_text(_PAGE.format(watch=WATCH_ERRORS, head=head, script=script))


def until(page: Page, condition: str) -> None:
    """Wait until a condition in JavaScript holds; raise the first error of the page's scripts."""
    page.wait_for_function(
        f"() => {{ if (window.failed) throw new Error(window.failed); return {condition}; }}",
        timeout=300_000,
    )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder and yield its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
