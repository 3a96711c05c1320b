"""The display of a connectome in a notebook: counts by type, and the source."""

from __future__ import annotations

from html import escape

import pandas as pd

from microns_widgets import palette
from microns_widgets.errors import one_line


def html_name(name: str, most: int = 60) -> str:
    """Return a name from the data as HTML: one line, shortened, with the full name as tooltip."""
    short = one_line(name, most)
    text = escape(short).strip() or f'"{escape(name)}"' if name else ""
    return text if short == name else f'<span title="{escape(name)}">{text}</span>'


def tables_html(cells: pd.DataFrame, synapses: str, n_autapses: int | None, source: str) -> str:
    """Return HTML with the numbers of cells, of each automatic type, and of synapses.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cell table.
    synapses : str
        The number of synapses, in words.
    n_autapses : int or None
        How many of them are synapses of a cell onto itself; None if they were not counted.
    source : str
        Where the data come from.
    """
    n_proofread = int((cells["proofreading_strategy"] != "").sum())
    counts = cells["cell_type_auto"].value_counts()
    types = "".join(_type(name, int(counts[name])) for name in palette.type_order(counts.index))
    origin = f"<br>{html_name(source)}" if source else ""
    return (
        f"<div><p><b>Connectome</b>: {len(cells):,} cells ({n_proofread:,} proofread), "
        f"{synapses}{_autapses(n_autapses)}{origin}</p>"
        '<ul style="columns:9em;list-style:none;margin:0;padding:0;max-width:40em;'
        'overflow-wrap:anywhere">'
        f"{types}</ul></div>"
    )


def _autapses(number: int | None) -> str:
    if number is None:
        return ""
    if number == 0:
        return ", no autapses"
    return f" ({number:,} autapse{'s' * (number != 1)})"


def _type(name: str, number: int) -> str:
    dot = f'<span style="color:{palette.color(name)}" aria-hidden="true">&#9679;</span>'
    return f"<li>{dot} {html_name(name) or 'no type'}: {number:,}</li>"
