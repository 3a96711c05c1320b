"""Synapses on a cell's shape: by direction, by the partner's type, or by size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from microns_widgets import palette
from microns_widgets.plots._axes import (
    axes_or_new,
    columns_of,
    dot,
    ink,
    legend_beside,
    mark_source,
    type_dot,
)
from microns_widgets.plots.skeletons import plot_skeleton
from microns_widgets.skeleton import Skeleton

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TYPES = 18


def plot_cell(
    skeleton: Skeleton,
    *,
    inputs: pd.DataFrame | None = None,
    outputs: pd.DataFrame | None = None,
    color_by: str = "direction",
    view: str = "front",
    ax: Axes | None = None,
) -> Axes:
    """Draw a skeleton in a quiet colour and its synapses over it.

    Parameters
    ----------
    skeleton : Skeleton
        The cell.
    inputs, outputs, color_by
        As for `plot_synapses`.
    view, ax
        As for `plot_skeleton`.
    """
    ax = plot_skeleton(skeleton, ax=ax, color="#8a8f98", view=view)
    if inputs is None and outputs is None:
        return ax
    return plot_synapses(inputs=inputs, outputs=outputs, color_by=color_by, view=view, ax=ax)


def plot_synapses(
    *,
    inputs: pd.DataFrame | None = None,
    outputs: pd.DataFrame | None = None,
    color_by: str = "direction",
    view: str = "front",
    ax: Axes | None = None,
) -> Axes:
    """Draw synapses as points, in um.

    Parameters
    ----------
    inputs, outputs : pandas.DataFrame, optional
        Rows of the synapse table (positions in nm). To colour by type they need a column
        ``partner_type``.
    color_by : {"direction", "type", "size"}
        Inputs are dots and outputs are triangles whatever the colour shows. With
        ``"size"`` the colour runs with the logarithm of the size (voxels).
    view, ax
        As for `plot_skeleton`.

    Raises
    ------
    ValueError
        For another `color_by`, or if the column is missing.
    """
    ax = axes_or_new(ax, (5, 7))
    columns = columns_of(view)
    sides = [
        (name, frame, marker)
        for name, frame, marker in (("input", inputs, "o"), ("output", outputs, "^"))
        if frame is not None
    ]
    if color_by == "direction":
        for name, frame, marker in sides:
            _points(ax, frame, columns, marker, c=palette.color(name))
        legend_beside(
            ax,
            [
                dot(f"{len(frame):,} {name}s", palette.color(name), marker)
                for name, frame, marker in sides
            ],
        )
    elif color_by == "type":
        _by_type(ax, sides, columns)
    elif color_by == "size":
        _by_size(ax, sides, columns)
    else:
        raise ValueError(
            f"Synapses cannot be coloured by {color_by!r}, expected 'direction', 'type' or 'size'."
        )
    for _, frame, _ in sides:
        mark_source(ax, str(frame.attrs.get("source", "")))
    return ax


def _points(
    ax: Axes, frame: pd.DataFrame, columns: tuple[int, int], marker: str, **style: Any
) -> Any:
    positions = frame[[f"ctr_pt_position_{'xyz'[column]}" for column in columns]].to_numpy() / 1000
    # Smaller points for more synapses, so that ten thousand do not become one blot.
    size = float(np.clip(6_000 / max(len(frame), 1), 1.5, 12))
    x, y = positions.T
    return ax.scatter(x, y, s=size, marker=marker, linewidths=0, zorder=3, rasterized=True, **style)


def _by_type(
    ax: Axes, sides: list[tuple[str, pd.DataFrame, str]], columns: tuple[int, int]
) -> None:
    for name, frame, marker in sides:
        if "partner_type" not in frame:
            raise ValueError(
                f"The {name}s have no column 'partner_type'. Add it: "
                "frame.assign(partner_type=con.labels(frame[...])), or use con.plot(root_id, "
                "color_by='type')."
            )
        _points(ax, frame, columns, marker, c=palette.colors(frame["partner_type"]))
    counts = pd.concat([frame["partner_type"] for _, frame, _ in sides]).value_counts()
    shown = palette.type_order(counts.index[:_MOST_TYPES])
    legend_beside(ax, [type_dot(label, int(counts[label])) for label in shown], "partner's type")


def _by_size(
    ax: Axes, sides: list[tuple[str, pd.DataFrame, str]], columns: tuple[int, int]
) -> None:
    # Imported here: colorbars need pyplot's figures only when one is drawn.
    from matplotlib.colors import LogNorm

    sizes = pd.concat([frame["size"] for _, frame, _ in sides]).clip(lower=1)
    low, high = sizes.quantile([0.01, 0.99]) if len(sizes) else (1, 2)
    norm = LogNorm(low, max(high, low * 1.01), clip=True)
    drawn = None
    for _, frame, marker in sides:
        value = frame["size"].clip(lower=1)
        drawn = _points(ax, frame, columns, marker, c=value, cmap="viridis", norm=norm)
    if drawn is not None:
        bar = ax.figure.colorbar(drawn, ax=ax, shrink=0.5, label="synapse size (voxels)")
        bar.ax.yaxis.label.set_color(ink(ax))
    legend_beside(
        ax, [dot(f"{len(frame):,} {name}s", ink(ax), marker) for name, frame, marker in sides]
    )
