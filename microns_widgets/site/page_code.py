"""The widgets' code once a page: each saved widget names its module instead of holding it.

anywidget saves a widget's module and style sheet with every widget. On the site one script,
``microns-widgets.js``, has them all, and makes a module of each that a page's widgets ask for.
It is a classic script, since a browser loads no other from a disk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from microns_widgets.errors import SiteNotBuilt
from microns_widgets.widgets._base import STATIC, built_files

STATE = "application/vnd.jupyter.widget-state+json"
SCRIPT = "microns-widgets.js"
#: What a widget's module is replaced by; anywidget takes its default export.
STUB = 'export default (await globalThis.micronsWidgets("{name}")).default;'

_ON_PAGE = Path(__file__).with_name("on_page.js")


def modules() -> dict[str, dict[str, str]]:
    """Return the built module and style sheet of each widget, by name."""
    names = sorted(path.stem for path in STATIC.glob("*.js") if path.stem != "page")
    return {
        name: dict(zip(("esm", "css"), built_files(STATIC, name), strict=True)) for name in names
    }


def write_script(folder: Path, cells: Mapping[str, Sequence[str]]) -> None:
    """Write the script that has all widgets' code, and knows which cells have a file."""
    given = ", ".join(json.dumps(part) for part in (modules(), cells))
    text = f"{_ON_PAGE.read_text(encoding='utf-8')}micronsOnPage({given});\n"
    (folder / SCRIPT).write_text(text, encoding="utf-8")


def name_modules(notebook: NotebookNode) -> int:
    """Replace the code in a notebook's saved widgets by its name; return how many there were.

    Raises
    ------
    SiteNotBuilt
        If a widget has other code than the package.
    """
    names = {code["esm"]: name for name, code in modules().items()}
    states = [model["state"] for model in saved_models(notebook).values()]
    widgets = [state for state in states if "_esm" in state]
    for state in widgets:
        if state["_esm"] not in names:
            raise SiteNotBuilt(
                "A widget was saved with a module that is none of the package's: "
                f"{state['_esm'][:60]!r} ... Only the package's own widgets have a place on the "
                "site; if it is one of them, the front end was built while the notebooks ran."
            )
        state.update(_esm=STUB.format(name=names[state["_esm"]]), _css="")
    return len(widgets)


def saved_models(notebook: NotebookNode) -> dict[str, Any]:
    """Return the models that a notebook was saved with, by id; those of layouts among them."""
    return dict(notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {}))
