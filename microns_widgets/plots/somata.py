"""Where cells sit: somata by depth, coloured by type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from microns_widgets import palette
from microns_widgets.depth import to_cortical
from microns_widgets.plots._axes import (
    axes_or_new,
    draw_layers,
    legend_beside,
    mark_source,
    type_dot,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_somata(cells: pd.DataFrame, *, by: str = "cell_type_auto", ax: Axes | None = None) -> Axes:
    """Map the somata: x across, depth below the pia downwards, both in um.

    Parameters
    ----------
    cells : pandas.DataFrame
        Rows of the cell table (positions in nm).
    by : str
        Text column that gives colour and marker.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.
    """
    ax = axes_or_new(ax, (7, 5))
    places = to_cortical(cells[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy())
    labels = cells[by].astype(str).to_numpy()
    size = 30 if len(cells) < 500 else 10 if len(cells) < 10_000 else 2
    order = palette.type_order(labels)
    draw_layers(ax)
    for label in order:
        own = labels == label
        ax.scatter(
            places[own, 0],
            places[own, 1],
            s=size,
            color=palette.color(label),
            marker=palette.marker(label),
            linewidths=0 if palette.marker(label) not in "12x" else 0.6,
            alpha=0.9,
            rasterized=True,
        )
    ax.set_aspect("equal")
    ax.invert_yaxis()
    ax.set_xlabel("x, parallel to the pia (µm)")
    ax.set_ylabel("depth below the pia (µm)")
    ax.spines[["top", "right"]].set_visible(False)
    counts = pd.Series(labels).value_counts()
    legend_beside(ax, [type_dot(label, int(counts[label])) for label in order])
    mark_source(ax, str(cells.attrs.get("source", "")))
    return ax
