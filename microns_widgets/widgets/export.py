"""Widgets in one HTML file that needs neither Python nor a network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from microns_widgets._arguments import checks_arguments, is_several
from microns_widgets._files import expanded, whole_file
from microns_widgets.errors import ExportRefused, InvalidType
from microns_widgets.tables.html import html_name
from microns_widgets.tables.reading import SYNTHETIC
from microns_widgets.tables.root_ids import id_array
from microns_widgets.widgets._base import STATIC, MicronsWidget, built_files
from microns_widgets.widgets._linkable import Linkable
from microns_widgets.widgets.explorer import Explorer
from microns_widgets.widgets.self_check import SelfCheck

_MODULE = "page"

# Only the script with this hash may run. The page loads nothing, except public skeletons if the
# author gave their address to a viewer.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; {connect}\
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
<footer id="loading">Loading. This page needs JavaScript{network}.</footer>
<script type="application/json" id="state">{state}</script>
<script type="module">{script}</script>
</body>
</html>
"""


@checks_arguments
def to_html(
    widgets: MicronsWidget | Iterable[MicronsWidget],
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    cells: int | Iterable[int] | None = None,
    largest_mb: float = 20.0,
) -> Path:
    """Write widgets into one HTML file that works anywhere, without Python or a network.

    The file contains the data and the current view, and links still work in it. A viewer with a
    `skeleton_url` loads skeletons of further cells from there when they are chosen. The function
    prints the size of the file.

    Parameters
    ----------
    widgets : one or several widgets
        A `CellPicker`, `SkeletonViewer`, `MatrixExplorer`, `ActivityPlayer`, `Explorer` or
        `SelfCheck`: what the page shows, in this order. The token panel of an `Explorer` is left
        out.
    path : path-like
        The file to write. An existing file is replaced.
    title : str, optional
        Heading of the page. Default: the names of the widgets.
    cells : int or iterable of int, optional
        Root ids of more cells to save with their skeletons and synapses, in addition to those
        that the viewers show. A picker then lists only the saved cells that match its filters,
        unless a viewer loads skeletons itself and `cells` is not given; one click on the page
        brings the others back, in grey.
    largest_mb : float
        Limit for the size of the file (1 MB is 1,000,000 bytes).

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ExportRefused
        If the file would exceed the limit (the message says what to leave out), or if a widget
        must not be exported, such as a `TokenPanel`. No file is written.
    InvalidType
        If one of the widgets is something else.
    UnknownCell
        If a cell is not in the connectome.

    Examples
    --------
    >>> cells = con.select(cell_type="BC", proofread=True)[:3]
    >>> picker, viewer = mw.CellPicker(con), mw.SkeletonViewer(con, cells[0])
    >>> path = mw.to_html(viewer, "cell.html")  # doctest: +ELLIPSIS
    Wrote cell.html, ... MB.
    >>> path = mw.to_html([picker, viewer], "cells.html", cells=cells)  # doctest: +ELLIPSIS
    Wrote cells.html, ... MB.
    """
    shown = _shown(widgets)
    explorers = [widget for widget in shown if isinstance(widget, Explorer)]
    inside = [part for explorer in explorers for part in explorer.widgets]
    parts = list(dict.fromkeys([*(w for w in shown if isinstance(w, Linkable)), *inside]))
    more = id_array([] if cells is None else cells).tolist()
    saved = list(dict.fromkeys([*_cells_on_view(parts), *more]))
    # Where a viewer loads further cells, only `cells` decides which ones come first.
    listed = saved if more or not any(_origins(parts)) else []
    states = {part: _state(part, saved if part._kind == "viewer" else listed) for part in parts}
    for part in inside:
        states[part]["inside"] = True
    texts = {part: _json(state) for part, state in states.items()}
    texts |= {one: _json(_explorer_state(one, states[one.picker])) for one in explorers}
    texts |= {check: _json(_state(check, [])) for check in shown if isinstance(check, SelfCheck)}
    names = ", ".join(dict.fromkeys(widget._title.lower() for widget in shown))
    in_order = [texts[widget] for widget in dict.fromkeys([*shown, *parts])]
    page = _page(title or names.capitalize(), parts, in_order)
    size = len(page) / 1e6
    if size > largest_mb:
        raise ExportRefused(_too_large(parts, [texts[part] for part in parts], size, largest_mb))
    with whole_file(expanded(path)) as temporary:
        temporary.write_bytes(page)
    print(f"Wrote {path}, {size:.1f} MB.")
    return expanded(path)


def _shown(widgets: Any) -> list[Linkable | Explorer | SelfCheck]:
    """Return what the page shows, in order; a part of an `Explorer` is shown in it."""
    shown: list[Linkable | Explorer | SelfCheck] = []
    for widget in [*widgets] if is_several(widgets) else [widgets]:
        if isinstance(widget, Explorer | Linkable | SelfCheck):
            shown.append(widget)
            continue
        if isinstance(widget, MicronsWidget):
            widget._page_state([])  # raises the reason
        raise InvalidType(
            f"to_html was given {type(widget).__name__}, expected CellPicker, SkeletonViewer, "
            "MatrixExplorer, ActivityPlayer, Explorer or SelfCheck."
        )
    if not shown:
        raise InvalidType("to_html was given no widgets, expected one or more.")
    inside = {part for one in shown if isinstance(one, Explorer) for part in one.widgets}
    return [widget for widget in dict.fromkeys(shown) if widget not in inside]


def _cells_on_view(parts: Sequence[Linkable]) -> list[int]:
    viewers = [widget for widget in parts if widget._kind == "viewer"]
    return [root_id for viewer in viewers for root_id in viewer.cells]


def _json(state: dict[str, Any]) -> str:
    return json.dumps(state, separators=(",", ":"), allow_nan=False)


def _state(widget: Linkable | Explorer | SelfCheck, cells: Sequence[int]) -> dict[str, Any]:
    return {
        "id": widget.model_id,
        "module": widget._module,
        "label": widget._title,
        "state": as_json(widget._page_state(cells)),
    }


def _explorer_state(explorer: Explorer, picker: dict[str, Any]) -> dict[str, Any]:
    """Return the state of an explorer: an address without filters lists the saved cells, too."""
    frame = _state(explorer, [])
    saved = picker["state"].get("saved")
    if saved and picker["state"]["filters"].get("pt_root_id") == saved:
        frame["state"]["start"]["picker"]["filters"] = {"pt_root_id": saved}
    return frame


def as_json(value: Any) -> Any:
    """Return a value with binary data as ``{"base64": ...}``, the form that the page reads."""
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list | tuple) else value


def _page(title: str, parts: Sequence[Linkable], texts: Sequence[str]) -> bytes:
    script, style = built_files(STATIC, _MODULE)
    origins = " ".join(dict.fromkeys(_origins(parts)))
    text = _PAGE.format(
        connect=f"connect-src {origins}; " if origins else "",
        network="; skeletons of further cells need a network connection"
        if origins
        else ", but no network connection",
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        title=html.escape(title),
        source="<br>".join(dict.fromkeys(_source(widget._source) for widget in parts)),
        style=style,
        # With these characters, text in the data could close its element. All others are ASCII.
        state=f"[{','.join(texts)}]".replace("<", "\\u003c").replace(">", "\\u003e"),
        script=script,
    )
    return text.encode("utf-8", errors="replace")


def _origins(parts: Sequence[Linkable]) -> Iterator[str]:
    """Yield the origins from which viewers load skeletons."""
    for widget in parts:
        address = getattr(widget, "skeleton_url", "")
        if address:
            scheme, _, rest = address.partition("://")
            yield f"{scheme}://{rest.split('/')[0]}"


def _source(source: str) -> str:
    if source == SYNTHETIC:
        return (
            '<span class="synthetic">Synthetic data</span>, generated for teaching: none of these '
            "cells is real."
        )
    return f"Source: {html_name(source, 120)}"


def _too_large(
    parts: Sequence[Linkable], texts: Sequence[str], size: float, largest_mb: float
) -> str:
    sizes = ", ".join(
        f"{widget._title.lower()} {len(text) / 1e6:.1f} MB"
        for widget, text in zip(parts, texts, strict=True)
    )
    return (
        f"The page would be {size:.1f} MB, expected at most {largest_mb:g} MB ({sizes}). Use "
        "fewer cells, leave out a widget, use a smaller matrix, or raise largest_mb."
    )
