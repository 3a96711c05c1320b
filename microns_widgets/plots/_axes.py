"""What all figures share: their axes, their scale bar, their source and their legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.lines import Line2D

from microns_widgets import palette
from microns_widgets.depth import LAYER_BORDERS_UM

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FloatArray = npt.NDArray[np.float64]

#: Columns of a position to draw, across and down, for each view of the cortex.
VIEWS = {"front": (0, 1), "side": (2, 1), "top": (0, 2)}
_ROUND_LENGTHS_UM = np.array([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
_SMALL = 8


def axes_or_new(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """Return the given axes, or those of a new figure of this size in inches."""
    if ax is not None:
        return ax
    # Imported here: pyplot chooses a backend and takes half a second.
    from matplotlib import pyplot as plt

    return plt.figure(figsize=size, layout="compressed").add_subplot()


def columns_of(view: str) -> tuple[int, int]:
    """Return the two position columns of a view; raise ValueError for another name."""
    if view not in VIEWS:
        raise ValueError(f"There is no view {view!r}, expected one of {', '.join(VIEWS)}.")
    return VIEWS[view]


def ink(ax: Axes) -> Any:
    """Colour of text on these axes: the style's own, so that dark styles stay readable."""
    return ax.xaxis.label.get_color()


def mark_source(ax: Axes, source: str) -> None:
    """Write small and grey where the data come from, once for each axes and source."""
    label = f"source: {source}"
    if source and all(text.get_gid() != label for text in ax.texts):
        ax.annotate(
            source,
            xy=(1, 1),
            xycoords="axes fraction",
            xytext=(0, 3),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=_SMALL,
            color="#808080",
            annotation_clip=False,
            gid=label,
        )


def frame_for_shape(ax: Axes, corners_um: FloatArray, *, down: bool) -> None:
    """Give the axes equal scales, room for the shape and a scale bar instead of ticks.

    Axes that hold a shape already are widened, never narrowed.
    """
    low, high = corners_um.min(axis=0), corners_um.max(axis=0)
    known = getattr(ax, "_microns_corners", None)
    if known is not None:
        low, high = np.minimum(low, known[0]), np.maximum(high, known[1])
    ax._microns_corners = (low, high)  # type: ignore[attr-defined]  # kept with the axes
    margin = 0.04 * max(float((high - low).max()), 1.0)
    ax.set_aspect("equal")
    ax.set_xlim(low[0] - margin, high[0] + margin)
    bottom, top = low[1] - margin, high[1] + 2.5 * margin
    ax.set_ylim((top, bottom) if down else (bottom - 1.5 * margin, top))
    ax.axis("off")
    _draw_scale_bar(ax, float(high[0] - low[0]))


def _draw_scale_bar(ax: Axes, width_um: float) -> None:
    for artist in [*ax.lines, *ax.texts]:
        if artist.get_gid() == "scale bar":
            artist.remove()
    fitting = _ROUND_LENGTHS_UM[max(width_um / 3, 1) >= _ROUND_LENGTHS_UM]
    length = float(fitting[-1])
    left = min(ax.get_xlim())
    y = ax.get_ylim()[0]
    bar = Line2D([left, left + length], [y, y], color=ink(ax), linewidth=2, gid="scale bar")
    bar.set_clip_on(False)
    ax.add_line(bar)
    ax.annotate(
        f"{length:g} µm",
        (left + length / 2, y),
        xytext=(0, 4),
        textcoords="offset points",
        ha="center",
        fontsize=_SMALL,
        gid="scale bar",
    )


def legend_beside(ax: Axes, handles: list[Any], title: str = "") -> None:
    """Put a legend to the right of the data, in as many columns as its length needs."""
    if handles:
        ax.legend(
            handles=handles,
            title=title or None,
            loc="upper left",
            bbox_to_anchor=(1.01, 1),
            frameon=False,
            fontsize=_SMALL,
            title_fontsize=_SMALL,
            ncols=1 + (len(handles) - 1) // 20,
        )


def dot(label: str, color: Any, marker: str = "o", size: float = 5) -> Line2D:
    """Return a legend's entry: a marker in a colour."""
    return Line2D([], [], linestyle="", marker=marker, color=color, markersize=size, label=label)


def type_dot(label: str, count: int | None = None) -> Line2D:
    """Return a legend's entry for a cell type, with its marker and, if given, a count."""
    name = label or "unknown"
    text = name if count is None else f"{name} ({count:,})"
    return dot(text, palette.color(label), palette.marker(label))


def draw_layers(ax: Axes) -> None:
    """Mark the layers' borders on axes whose vertical axis is depth in um."""
    for name, (top, bottom) in LAYER_BORDERS_UM.items():
        ax.axhline(top, color="#808080", linewidth=0.6, alpha=0.5, zorder=0)
        ax.annotate(
            f"L{name}" if name != "WM" else "WM",
            (0, (top + bottom) / 2),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=_SMALL,
            color="#808080",
            annotation_clip=True,
        )
