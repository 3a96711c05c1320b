"""The widgets' code once a page: each saved widget names its module instead of holding it.

anywidget saves a widget's module and style sheet with every widget. On the site one script,
``microns-widgets.js``, has them all, and makes a module of each that a page's widgets ask for.
It is a classic script, since a browser loads no other from a disk.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from microns_widgets.widgets._base import STATIC, built_files

STATE = "application/vnd.jupyter.widget-state+json"
SCRIPT = "microns-widgets.js"
#: What a widget's module is replaced by; anywidget takes its default export.
STUB = 'export default (await globalThis.micronsWidgets("{name}")).default;'

_SCRIPT = """\
// The widgets of this site, each made into a module when a page's first widget of its kind asks.
(() => {{
  const code = {code};
  const modules = new Map();
  const address = (text, type) => URL.createObjectURL(new Blob([text], {{ type }}));
  globalThis.micronsWidgets = (name) => {{
    if (!modules.has(name)) {{
      const style = document.createElement("style");
      style.textContent = code[name].css;
      document.head.append(style);
      modules.set(name, import(address(code[name].esm, "text/javascript")));
    }}
    return modules.get(name);
  }};
}})();
"""


def modules() -> dict[str, dict[str, str]]:
    """Return the built module and style sheet of each widget, by name."""
    names = sorted(path.stem for path in STATIC.glob("*.js") if path.stem != "page")
    return {
        name: dict(zip(("esm", "css"), built_files(STATIC, name), strict=True)) for name in names
    }


def write_script(folder: Path) -> None:
    """Write the script that has all widgets' code."""
    (folder / SCRIPT).write_text(_SCRIPT.format(code=json.dumps(modules())), encoding="utf-8")


def name_modules(notebook: NotebookNode) -> int:
    """Replace the code in a notebook's saved widgets by its name; return how many there were."""
    names = {code["esm"]: name for name, code in modules().items()}
    named = 0
    for model in saved_models(notebook).values():
        state = model["state"]
        if (name := names.get(state.get("_esm", ""))) is not None:
            state.update(_esm=STUB.format(name=name), _css="")
            named += 1
    return named


def saved_models(notebook: NotebookNode) -> dict[str, Any]:
    """Return the models that a notebook was saved with, by id; those of layouts among them."""
    return dict(notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {}))
