"""Widgets as one file that needs neither Python nor a network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from microns_widgets._files import whole_file
from microns_widgets.errors import ExportRefused
from microns_widgets.tables.reading import SYNTHETIC
from microns_widgets.tables.root_ids import id_array
from microns_widgets.widgets._base import STATIC, MicronsWidget, built_files
from microns_widgets.widgets._linkable import Linkable
from microns_widgets.widgets.explorer import Explorer

_MODULE = "page"

# Nothing is loaded from anywhere, and no script runs but the one of which this is the hash.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; \
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{source}</p>
</header>
<main></main>
<footer id="loading">Loading; this page needs JavaScript, and nothing from elsewhere.</footer>
<script type="application/json" id="state">{state}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def to_html(
    widgets: MicronsWidget | Explorer | Iterable[MicronsWidget | Explorer],
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    cells: Iterable[int] | None = None,
    largest_mb: float = 20.0,
) -> Path:
    """Write widgets into one file that works anywhere, from a disk and without a network.

    The file holds the data and what is shown now; links work in it. It prints its size.

    Parameters
    ----------
    widgets : CellPicker, SkeletonViewer, MatrixExplorer, Explorer, or several of them
        What the page shows, in this order. An `Explorer` goes without its token panel.
    path : path-like
        The file to write. One that is there is replaced.
    title : str, optional
        Stands above; without it the names of the widgets.
    cells : iterable of int, optional
        Root ids of further cells whose skeletons and synapses are saved for the viewers, which
        otherwise have those that they show. A picker without filters of its own lists the cells
        that the page has; one click shows all again.
    largest_mb : float
        A larger file is refused (1 MB is 1,000,000 bytes).

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ExportRefused
        If the file would be larger, with what to leave out; or if a widget must not be put into
        a page, as a `TokenPanel`. Nothing is written then.
    UnknownCell
        If a cell is not in the connectome.

    Examples
    --------
    >>> mw.to_html(viewer, "cell.html")
    Wrote cell.html, 0.7 MB.
    >>> mw.to_html([picker, viewer], "cells.html", cells=con.select(cell_type="BC")[:10])
    Wrote cells.html, 2.1 MB.
    """
    shown = _flat(widgets)
    wanted = id_array([] if cells is None else [*cells]).tolist()
    saved = list(dict.fromkeys([*_shown_cells(shown), *wanted]))
    # A picker lists them where they were asked for; otherwise it has all of its cells.
    states = [
        _state(widget, saved if wanted or widget._kind == "viewer" else []) for widget in shown
    ]
    parts = [json.dumps(state, separators=(",", ":"), allow_nan=False) for state in states]
    names = ", ".join(dict.fromkeys(widget._title.lower() for widget in shown))
    page = _page(title or names.capitalize(), shown, parts)
    size = len(page) / 1e6
    if size > largest_mb:
        raise ExportRefused(_too_large(shown, parts, size, largest_mb))
    with whole_file(Path(path)) as temporary:
        temporary.write_bytes(page)
    print(f"Wrote {path}, {size:.1f} MB.")
    return Path(path)


def _flat(widgets: Any) -> list[Linkable]:
    given = [*widgets] if isinstance(widgets, Iterable) else [widgets]
    shown: list[Linkable] = []
    for widget in given:
        if isinstance(widget, Explorer):
            shown.extend(widget.widgets)
            continue
        if isinstance(widget, MicronsWidget):
            if not isinstance(widget, Linkable):
                widget._page_state([])  # says why not
            else:
                shown.append(widget)
                continue
        raise TypeError(
            f"to_html was given {type(widget).__name__}, expected CellPicker, SkeletonViewer, "
            "MatrixExplorer or Explorer."
        )
    if not shown:
        raise TypeError("to_html was given no widget, expected one or more.")
    return list(dict.fromkeys(shown))


def _shown_cells(shown: Sequence[Linkable]) -> list[int]:
    viewers = [widget for widget in shown if widget._kind == "viewer"]
    return [root_id for viewer in viewers for root_id in viewer.cells]


def _state(widget: Linkable, cells: Sequence[int]) -> dict[str, Any]:
    return {
        "id": widget.model_id,
        "module": widget._module,
        "label": widget._title,
        "state": as_json(widget._page_state(cells)),
    }


def as_json(value: Any) -> Any:
    """Return a value with binary data as ``{"base64": ...}``, which saved.ts reads."""
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list | tuple) else value


def _page(title: str, shown: Sequence[Linkable], parts: Sequence[str]) -> bytes:
    script, style = built_files(STATIC, _MODULE)
    text = _PAGE.format(
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        title=html.escape(title),
        source="<br>".join(dict.fromkeys(_source(widget._source) for widget in shown)),
        style=style,
        # The characters by which text in data could end its element; all others are ASCII.
        state=f"[{','.join(parts)}]".replace("<", "\\u003c").replace(">", "\\u003e"),
        script=script,
    )
    return text.encode("utf-8")


def _source(source: str) -> str:
    if source == SYNTHETIC:
        return (
            '<span class="synthetic">Synthetic data</span>, made by rule for teaching: no cell '
            "here is a real one."
        )
    return f"Source: {html.escape(source)}"


def _too_large(
    shown: Sequence[Linkable], parts: Sequence[str], size: float, largest_mb: float
) -> str:
    sizes = ", ".join(
        f"{widget._title.lower()} {len(part) / 1e6:.1f} MB"
        for widget, part in zip(shown, parts, strict=True)
    )
    return (
        f"The page would have {size:.1f} MB, expected at most {largest_mb:g}: {sizes}. Give fewer "
        "cells, leave a widget out, make the matrix of fewer cells, or allow more by largest_mb."
    )
