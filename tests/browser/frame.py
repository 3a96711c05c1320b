"""An imitation of VS Code's output frame, in which a widget's module runs without a kernel.

What is known to matter of it: an AMD ``define`` on the page, into which careless bundles
register themselves and are lost; ``window.innerHeight`` lies; the widget lies on white
although the theme is dark; the module comes from a blob.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from microns_widgets.widgets._base import STATIC
from microns_widgets.widgets.explorer import Explorer
from microns_widgets.widgets.export import as_json
from tests.browser.hosts import watch_requests

FRAME = """<!doctype html>
<html style="--vscode-editor-background: #1e1e1e">
<head><meta name="viewport" content="width=device-width"><style>
  body { background: #1e1e1e; color: #ccc; }
  .cell-output-ipywidget-background { background: white !important; }
</style><script>
  window.defined = [];
  window.define = (...parts) => window.defined.push(parts);
  window.define.amd = {};
  Object.defineProperty(window, "innerHeight", { get: () => 0 });
</script></head>
<body class="vscode-dark" data-vscode-theme-kind="vscode-dark">
  <div class="cell-output-ipywidget-background"><div id="output"></div></div>
</body></html>"""

MOUNT = """async ({ page, widgets }) => {
  const load = (text) =>
    import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  const binary = (text) =>
    new DataView(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer);
  const withBinary = (state) =>
    JSON.parse(JSON.stringify(state), (_key, value) =>
      typeof value?.base64 === "string" ? binary(value.base64) : value);
  const { renderStatic, StaticModel } = await load(page);
  const [models, modules] = [new Map(), new Map()];
  const show = (model, el) => renderStatic(modules.get(model), model, el);
  for (const { id, script, state, answers } of widgets) {
    const replies = Object.entries(answers).map(([name, { content, buffers }]) => [
      name, () => ({ content, buffers: buffers.map(binary) }),
    ]);
    window.model = new StaticModel(withBinary(state), Object.fromEntries(replies), models, show);
    models.set(id, window.model);
    modules.set(window.model, (await load(script)).default);
  }
  window.part = (name) => models.get(window.model.get(name).replace("IPY_MODEL_", ""));
  window.unmount = await show(window.model, document.getElementById("output"));
}"""


@dataclass
class Frame:
    """A widget without a kernel in a page; attributes as those of `Notebook`."""

    page: Page
    foreign: list[str]
    errors: list[str]

    def state(self, name: str) -> Any:
        """Return a value of the widget's model."""
        return self.page.evaluate("(name) => window.model.get(name)", name)

    def part_state(self, part: str, name: str) -> Any:
        """Return a value of the model of an explorer's part."""
        return self.page.evaluate("([part, name]) => window.part(part).get(name)", [part, name])

    def take_away(self) -> str:
        """Remove the widget as a host does, and return what it left in its element."""
        self.page.evaluate("() => window.unmount()")
        return self.page.locator("#output").inner_html()

    def registered_as_amd(self) -> int:
        """Return how many modules called the page's `define`."""
        return self.page.evaluate("() => window.defined.length")

    def traces(self) -> dict[str, Any]:
        """Remove the widget, and return what it has left, registered and loaded, and its errors."""
        traces = {
            "left": self.take_away(),
            "registered": self.registered_as_amd(),
            "loaded": self.foreign,
            "errors": self.errors,
        }
        return {name: trace for name, trace in traces.items() if trace}


def open_frame(
    browser: Browser,
    script: Path,
    page_script: Path,
    state: Mapping[str, Any],
    answers: Mapping[str, tuple[Any, Sequence[bytes]]] | None = None,
    *,
    touch: bool = False,
) -> Frame:
    """Show a built module, and the style sheet beside it, in a frame.

    Parameters
    ----------
    script, page_script : Path
        The widget's module, and ``page.js`` from `probe_folder`.
    state : mapping
        What the widget's traits hold, as JSON.
    answers : mapping, optional
        Content and buffers with which the page answers a question.
    touch : bool
        Whether there are fingers instead of a mouse, as on a phone.
    """
    replies = {
        name: {"content": content, "buffers": [base64.b64encode(b).decode() for b in buffers]}
        for name, (content, buffers) in (answers or {}).items()
    }
    widget = {"id": "", "state": dict(state), "answers": replies}
    return _open(browser, page_script, [(script, widget)], touch=touch)


def open_explorer(
    browser: Browser, page_script: Path, explorer: Explorer, cells: Sequence[int]
) -> Frame:
    """Show an explorer in a frame, each part by its own module, as a notebook does.

    Parameters
    ----------
    page_script : Path
        ``page.js`` from `probe_folder`.
    explorer : Explorer
        The explorer with its parts.
    cells : sequence of int
        The cells whose skeletons are there.
    """
    widgets = [
        (
            STATIC / f"{widget._module}.js",
            {
                "id": widget.model_id,
                "state": as_json(widget._page_state(cells)),
                "answers": {},
            },
        )
        for widget in (*explorer.widgets, explorer)
    ]
    return _open(browser, page_script, widgets)


def _open(
    browser: Browser,
    page_script: Path,
    widgets: Sequence[tuple[Path, dict[str, Any]]],
    *,
    touch: bool = False,
) -> Frame:
    """Open a page with the last of some widgets, of which the others may be parts."""
    context = browser.new_context(
        viewport={"width": 900, "height": 700}, has_touch=touch, is_mobile=touch
    )
    foreign = watch_requests(context, "about:blank")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_content(FRAME)
    for script, _ in widgets:
        style = script.with_suffix(".css")
        if style.is_file():
            page.add_style_tag(content=style.read_text(encoding="utf-8"))
    page.evaluate(
        MOUNT,
        {
            "page": page_script.read_text(encoding="utf-8"),
            "widgets": [
                {"script": script.read_text(encoding="utf-8"), **widget}
                for script, widget in widgets
            ],
        },
    )
    return Frame(page, foreign, errors)
