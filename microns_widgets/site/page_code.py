"""Stores the widgets' code once per page; saved widgets refer to it by name.

anywidget saves a module and a style sheet with every widget. On the site, a single script,
``microns-widgets.js``, holds all of them and creates a module when a widget of the page needs it.
It is a classic script because browsers do not load modules from local files.
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
#: Replacement for a widget's module; anywidget uses its default export.
STUB = 'export default (await globalThis.micronsWidgets("{name}")).default;'

_ON_PAGE = Path(__file__).with_name("on_page.js")


def modules() -> dict[str, dict[str, str]]:
    """Return the built module and style sheet of each widget, by name."""
    names = sorted(path.stem for path in STATIC.glob("*.js") if path.stem != "page")
    return {
        name: dict(zip(("esm", "css"), built_files(STATIC, name), strict=True)) for name in names
    }


def write_script(folder: Path, cells: Mapping[str, Sequence[str]]) -> None:
    """Write the script with the code of all widgets and the list of cells that have a file."""
    arguments = ", ".join(json.dumps(part) for part in (modules(), cells))
    text = f"{_ON_PAGE.read_text(encoding='utf-8')}micronsOnPage({arguments});\n"
    (folder / SCRIPT).write_text(text, encoding="utf-8")


def name_modules(notebook: NotebookNode) -> int:
    """Replace the code in a notebook's saved widgets by its name; return the number of widgets.

    Raises
    ------
    SiteNotBuilt
        If the code of a widget is not the package's.
    """
    names = {code["esm"]: name for name, code in modules().items()}
    states = [model["state"] for model in saved_models(notebook).values()]
    widgets = [state for state in states if "_esm" in state]
    for state in widgets:
        if state["_esm"] not in names:
            raise SiteNotBuilt(
                "A widget was saved with a module that is not from this package: "
                f"{state['_esm'][:60]!r} ... The site supports only the package's own widgets. If "
                "this is one of them, the front end was rebuilt while the notebooks ran: try again."
            )
        state.update(_esm=STUB.format(name=names[state["_esm"]]), _css="")
    return len(widgets)


def saved_models(notebook: NotebookNode) -> dict[str, Any]:
    """Return the widget models saved in a notebook, including layouts, by id."""
    return dict(notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {}))
