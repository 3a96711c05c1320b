"""A page without a kernel that shows a widget from its saved state, served on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from microns_widgets.widgets._base import STATIC, MicronsWidget

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A page without a kernel</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/widget.css">
<style>body {{ margin: 8px }} [data-theme="dark"] body {{ background: #111; color: #eee }}</style>
</head><body><main id="here"></main><script type="module">
import widget from "/widget.js";
import {{ mount, StaticModel }} from "/page.js";
const binary = {binary};
const state = await (await fetch("/state.json")).json();
for (const name of binary) {{
  state[name] = new DataView(await (await fetch(`/${{name}}.bin`)).arrayBuffer());
}}
window.model = new StaticModel(state);
window.show = async () => {{
  window.started = performance.now();
  window.unmount = await mount(widget, window.model, document.getElementById("here"));
}};
window.ready = true;
if (!location.hash) window.show();
</script></body></html>
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def write_page(folder: Path, probe_folder: Path, widget: MicronsWidget) -> None:
    """Write the page of a widget: its built files, its state as a saved notebook has it."""
    state: dict[str, Any] = widget.get_state()
    own = {name: value for name, value in state.items() if name[0] != "_" and name != "layout"}
    binary = [name for name, value in own.items() if isinstance(value, bytes | memoryview)]
    for name in binary:
        (folder / f"{name}.bin").write_bytes(own.pop(name))
    (folder / "state.json").write_text(json.dumps(own))
    for suffix in ("js", "css"):
        built = STATIC / f"{widget._module}.{suffix}"
        (folder / f"widget.{suffix}").write_text(built.read_text())
    (folder / "page.js").write_text((probe_folder / "page.js").read_text())
    (folder / "index.html").write_text(_PAGE.format(binary=json.dumps(binary)))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder, and give its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
