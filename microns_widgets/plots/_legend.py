"""Legends: beside the data if there is room, below them on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from microns_widgets import palette
from microns_widgets.plots._text import LONGEST_NAME, PLAIN, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FONT = 8
# Space of an entry in points: line height, width of a letter, marker, gap to the next entry.
_LINE, _LETTER, _MARK, _SPACE = 12.0, 4.7, 19.0, 16.0
_LONGEST_COLUMN = 20
_LONGEST_COUNT = 20
# A legend beside the data is easier to read. It goes below only if the data get so much larger.
_WORTH_IT = 1.2
# Height of tick labels and axis label below axes with ticks, in points.
_TICKS_AND_LABEL = 38.0


def dot(label: str, color: Any, marker: str = "o", size: float = 5) -> Line2D:
    """Return a legend entry: a marker in a colour."""
    return Line2D([], [], linestyle="", marker=marker, color=color, markersize=size, label=label)


def type_dot(label: str, count: int | None = None) -> Line2D:
    """Return the legend entry of a cell type: its marker, colour and, optionally, a count."""
    name = shown(label) or "unknown"
    text = name if count is None else f"{name} ({count:,})"
    return dot(text, palette.color(label), palette.marker(label))


def draw_legend(ax: Axes, entries: Sequence[Line2D], title: str = "", *, gap: float = 4) -> None:
    """Put a legend outside the data: to the right, or below if that leaves them more space.

    Call it after setting the limits and the aspect of the axes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes with the data.
    entries : sequence of matplotlib.lines.Line2D
        Results of `dot` and `type_dot`; if empty, there is no legend.
    title : str, optional
        Title above the entries.
    gap : float
        Distance between the axes and a legend on the right, in points.
    """
    if not entries:
        return
    columns = _columns_beneath(ax, entries)
    right, down = (0.0, _TICKS_AND_LABEL if ax.axison else gap) if columns else (gap, 0.0)
    shift = ScaledTranslation(right / 72, -down / 72, ax.figure.dpi_scale_trans)
    legend = ax.legend(
        handles=list(entries),
        # matplotlib omits labels that begin with an underscore, so the names are set afterwards.
        labels=["name"] * len(entries),
        title=title or None,
        loc="upper center" if columns else "upper left",
        bbox_to_anchor=(0.5, 0) if columns else (1, 1),
        bbox_transform=ax.transAxes + shift,
        ncols=columns or _columns_beside(entries),
        handletextpad=0.4,
        borderaxespad=0,
        frameon=False,
        fontsize=_FONT,
        title_fontsize=_FONT,
    )
    for text, entry in zip(legend.get_texts(), entries, strict=True):
        text.set(text=_name(entry), **PLAIN)


def _name(entry: Line2D) -> str:
    # Leaves room for the count after a name.
    return shown(entry.get_label(), LONGEST_NAME + _LONGEST_COUNT)


def _columns_beside(entries: Sequence[Line2D]) -> int:
    return 1 + (len(entries) - 1) // _LONGEST_COLUMN


def _columns_beneath(ax: Axes, entries: Sequence[Line2D]) -> int:
    """Return the number of columns of a legend below the axes, or 0 if it is better beside."""
    # These are estimates: the layout is not known before the figure is drawn.
    box = ax.get_window_extent()
    width, height = np.array([box.width, box.height]) * 72 / ax.figure.dpi
    entry = _MARK + _SPACE + _LETTER * max(len(_name(item)) for item in entries)
    # A legend below may extend past the axes on both sides.
    columns = int(np.clip((1.2 * width + _SPACE) // entry, 1, len(entries)))
    lines = -(-len(entries) // columns)
    across, down = width, height
    if ax.get_aspect() == 1:
        across, down = (abs(end - start) for start, end in (ax.get_xlim(), ax.get_ylim()))
    beside = min((width - entry * _columns_beside(entries)) / across, height / down)
    beneath = min(width / across, (height - _LINE * lines) / down)
    return columns if beneath > _WORTH_IT * beside else 0
