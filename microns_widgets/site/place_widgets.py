"""Puts places for widgets into executed notebooks; a page fills one when it is about to be seen."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from microns_widgets.site.page_code import SCRIPT
from microns_widgets.site.page_files import PageFiles
from microns_widgets.site.saved_widgets import STATE, VIEW, SavedWidgets, Widget
from microns_widgets.widgets._display import STILL_NOTE
from microns_widgets.widgets.self_check import SelfCheck

#: Class of a place that waits for its widgets.
PLACE = "mw-site-place"
# The theme makes room for a place of this class. A question is as wide as the text.
_WIDE = "full-width"
_NARROW = {SelfCheck._module}
#: Below the picture that is seen until then, and where there is no JavaScript.
_NOTE = "This picture turns into the widget once that has loaded."


def place_widgets(
    notebook: NotebookNode, page: Path, files: PageFiles, cells: Mapping[str, Sequence[str]]
) -> int:
    """Replace the widgets in a notebook by places, and write their states to files.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        It is changed.
    page : pathlib.Path
        Its path within the site.
    files : PageFiles
        Where the states go.
    cells : mapping
        Root ids of the cells that have a file, by source: they are left out of the states.

    Returns
    -------
    int
        Number of widgets.

    Raises
    ------
    SiteNotBuilt
        If a widget is not one of the package's.
    """
    saved = SavedWidgets(notebook)
    written: dict[tuple[str, ...], str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if VIEW in data:
                shown = saved.shown_by(data[VIEW])
                widgets = saved.linked_with(shown)
                key = tuple(widget["id"] for widget in widgets)
                if key not in written:
                    name = f"states/{'-'.join(page.with_suffix('').parts)}-{len(written) + 1}"
                    state = [files.write_apart(_without_cells(one, cells)) for one in widgets]
                    written[key] = files.write(name, state)
                # Before the place, since the picture comes right after it.
                script = "" if len(written) > 1 else page_script(page)
                modules = {one["module"] for one in widgets if one["id"] in shown}
                wide = not modules <= _NARROW
                output["data"] = {"text/html": script + place(written[key], shown, wide=wide)}
            elif STILL_NOTE in str(data.get("text/html", "")):
                output["data"] = {"text/html": waiting_note()}
    notebook.metadata.get("widgets", {}).pop(STATE, None)
    return len(saved)


def place(state: str, shown: Sequence[str], *, wide: bool = True) -> str:
    """Return the element in which widgets are mounted."""
    ids = html.escape(" ".join(shown))
    names = f"{PLACE} {_WIDE}" if wide else PLACE
    return f'<div class="{names}" data-state="{html.escape(state)}" data-shows="{ids}"></div>'


def waiting_note() -> str:
    """Return the line below the picture."""
    return f'<div class="{STILL_NOTE}">{_NOTE}</div>'


def page_script(page: Path) -> str:
    """Return the element that loads the script of the pages."""
    return f'<script src="{"../" * (len(page.parts) - 1)}vendor/{SCRIPT}" defer></script>'


def states_on(text: str) -> list[str]:
    """Return the names of the states that the widgets of a page need."""
    return list(
        dict.fromkeys(re.findall(rf'class="{PLACE}(?: {_WIDE})?" data-state="([^"]+)"', text))
    )


def _without_cells(widget: Widget, cells: Mapping[str, Sequence[str]]) -> Widget:
    """Leave out cells that a viewer loads from their own files."""
    state: dict[str, Any] = widget["state"]
    if widget["module"] != "skeleton-viewer":
        return widget
    filed = set(cells.get(state["world"]["source"], ()))
    data = {root_id: cell for root_id, cell in state["data"].items() if root_id not in filed}
    return {**widget, "state": {**state, "data": data}}
