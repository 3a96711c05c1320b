"""Synapses on a cell's shape: by direction, by the partner's type, or by size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.colors import LogNorm
from matplotlib.lines import Line2D

from microns_widgets import palette
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.plots._axes import (
    axes_for_shape,
    columns_of,
    frame_for_shape,
    ink,
    mark_source,
    point_area,
    quiet,
    scatter_by_type,
)
from microns_widgets.plots._legend import dot, draw_legend, type_dot
from microns_widgets.plots.skeletons import plot_skeleton

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: "input" or "output", the synapses, their marker.
Side = tuple[str, pd.DataFrame, str]
_POINTS: dict[str, Any] = {"linewidths": 0, "zorder": 3, "rasterized": True}


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
    ax = axes_for_shape(ax, skeleton.vertices[:, columns_of(view)] / 1000)
    plot_skeleton(skeleton, ax=ax, color=quiet(ax), view=view)
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
        By direction and by size, inputs are dots and outputs are triangles. By type, colour
        and marker are those of the partner's type. By size, colour and area grow with the
        logarithm of the size (voxels).
    view, ax
        As for `plot_skeleton`.

    Raises
    ------
    ValueError
        For another `color_by`, if the column is missing, or without any synapse table.
    """
    if color_by not in ("direction", "type", "size"):
        raise ValueError(
            f"Synapses cannot be coloured by {color_by!r}, expected 'direction', 'type' or 'size'."
        )
    columns = columns_of(view)
    sides = [
        (name, frame, marker)
        for name, frame, marker in (("input", inputs, "o"), ("output", outputs, "^"))
        if frame is not None
    ]
    if not sides:
        raise ValueError("There are no synapses to draw: give inputs, outputs or both.")
    points = np.concatenate([_positions(frame, columns) for _, frame, _ in sides])
    ax = axes_for_shape(ax, points)
    draw = {"direction": _by_direction, "type": _by_type, "size": _by_size}[color_by]
    entries = draw(ax, sides, columns)
    if len(points):
        frame_for_shape(ax, points, down=view != "top")
    draw_legend(ax, entries, "partner's type" if color_by == "type" else "")
    for _, frame, _ in sides:
        mark_source(ax, str(frame.attrs.get("source", "")))
    return ax


def _positions(frame: pd.DataFrame, columns: tuple[int, int]) -> npt.NDArray[np.float64]:
    names = [f"ctr_pt_position_{'xyz'[column]}" for column in columns]
    return np.asarray(frame[names].to_numpy() / 1000, dtype=np.float64)


def _area(ax: Axes, n: int) -> float:
    return point_area(ax, n, cover=0.12, largest=12)


def _by_direction(ax: Axes, sides: list[Side], columns: tuple[int, int]) -> list[Line2D]:
    for name, frame, marker in sides:
        x, y = _positions(frame, columns).T
        ax.scatter(x, y, s=_area(ax, len(frame)), marker=marker, c=palette.color(name), **_POINTS)
    return [
        dot(f"{len(frame):,} {name}s", palette.color(name), marker) for name, frame, marker in sides
    ]


def _by_type(ax: Axes, sides: list[Side], columns: tuple[int, int]) -> list[Line2D]:
    for name, frame, _ in sides:
        if "partner_type" not in frame:
            raise ValueError(
                f"The {name}s have no column 'partner_type'. Add it: "
                "frame.assign(partner_type=con.labels(frame[...])), or use con.plot(root_id, "
                "color_by='type')."
            )
    positions = np.concatenate([_positions(frame, columns) for _, frame, _ in sides])
    types = pd.concat([frame["partner_type"] for _, frame, _ in sides]).astype(str)
    labels = types.to_numpy(dtype=object)
    scatter_by_type(ax, positions, labels, _area(ax, len(types)), zorder=3, rasterized=True)
    counts = types.value_counts()
    return [type_dot(label, int(counts[label])) for label in palette.type_order(counts.index)]


def _by_size(ax: Axes, sides: list[Side], columns: tuple[int, int]) -> list[Line2D]:
    # A size of 0 occurs and has no logarithm.
    sizes = pd.concat([frame["size"] for _, frame, _ in sides]).clip(lower=1)
    low, high = sizes.quantile([0.01, 0.99]) if len(sizes) else (1, 2)
    # matplotlib's own first colour map is viridis, even to every eye.
    norm = LogNorm(low, max(high, low * 1.01), clip=True)
    drawn = None
    for _, frame, marker in sides:
        ordered = frame.sort_values("size")  # large ones last and so on top
        value = ordered["size"].clip(lower=1).to_numpy()
        area = _area(ax, len(frame)) * (0.5 + 2.5 * np.asarray(norm(value)))
        x, y = _positions(ordered, columns).T
        drawn = ax.scatter(
            x, y, s=area, marker=marker, c=value, cmap="viridis", norm=norm, **_POINTS
        )
    if drawn is not None:
        bar = ax.figure.colorbar(drawn, ax=ax, shrink=0.5)
        bar.set_label("synapse size (voxels)", color=ink(ax), fontsize=8)
        bar.ax.tick_params(labelsize=8)
    return [dot(f"{len(frame):,} {name}s", ink(ax), marker) for name, frame, marker in sides]
