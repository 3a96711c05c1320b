"""Synapses on a cell's morphology: by direction, by the partner's type, or by size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import ListedColormap, LogNorm
from matplotlib.lines import Line2D

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import FloatArray
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import InvalidArgument, UnknownColumn, check_choice
from microns_widgets.plots._axes import (
    axes_for_shape,
    check_columns,
    check_skeleton,
    columns_of,
    frame_for_shape,
    ink,
    mark_source,
    point_area,
    quiet,
    scatter_by_type,
)
from microns_widgets.plots._legend import dot, draw_legend, type_dot
from microns_widgets.plots.morphologies import plot_morphology

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Direction ("input" or "output"), synapses, marker.
Side = tuple[str, pd.DataFrame, str]
_POINTS: dict[str, Any] = {"zorder": 3, "rasterized": True}


@checks_arguments
def plot_cell(
    skeleton: Skeleton,
    *,
    inputs: pd.DataFrame | None = None,
    outputs: pd.DataFrame | None = None,
    color_by: str = "direction",
    view: str = "front",
    ax: Axes | None = None,
) -> Axes:
    """Draw a skeleton in an unobtrusive colour, with its synapses on top.

    Parameters
    ----------
    skeleton : Skeleton
        The cell.
    inputs, outputs, color_by
        See `plot_synapses`.
    view, ax
        See `plot_morphology`.

    Returns
    -------
    matplotlib.axes.Axes
        In um, with a scale bar.

    Raises
    ------
    InvalidType
        If `skeleton` is something else, such as a root id, or a table is not a DataFrame.
    InvalidArgument, UnknownColumn
        As for `plot_synapses`.

    Examples
    --------
    >>> cell = con.select(cell_type="BC", proofread=True)[0]
    >>> ax = mw.plots.plot_cell(con.skeleton(cell), inputs=con.inputs(cell))
    """
    check_skeleton("plot_cell", skeleton)
    ax = axes_for_shape(ax, skeleton.vertices[:, columns_of(view)] / 1000)
    plot_morphology(skeleton, ax=ax, color=quiet(ax), view=view)
    if inputs is None and outputs is None:
        return ax
    return plot_synapses(inputs=inputs, outputs=outputs, color_by=color_by, view=view, ax=ax)


@checks_arguments
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
        Rows of the synapse table (positions in nm). Colouring by type needs an additional
        column ``partner_type``.
    color_by : {"direction", "type", "size"}
        What the colour shows. For direction and size, inputs are dots and outputs are
        triangles. For type, each synapse has the colour and marker of its partner's type. For
        size, colour and area grow with the logarithm of the synapse size (voxels).
    view, ax
        See `plot_morphology`.

    Returns
    -------
    matplotlib.axes.Axes
        In um, with a scale bar.

    Raises
    ------
    InvalidArgument
        If `color_by` or `view` has another value, or both tables are omitted.
    UnknownColumn
        If a table has no positions, or a column that `color_by` needs is missing.
    InvalidType
        If a table is not a DataFrame.

    Examples
    --------
    >>> cell = con.examples()["BC"]
    >>> ax = mw.plots.plot_synapses(inputs=con.inputs(cell), outputs=con.outputs(cell))
    """
    check_choice("color_by", color_by, ("direction", "type", "size"))
    columns = columns_of(view)
    sides = [
        (name, frame, marker)
        for name, frame, marker in (("input", inputs, "o"), ("output", outputs, "^"))
        if frame is not None
    ]
    if not sides:
        raise InvalidArgument("plot_synapses was given no table. Pass inputs, outputs or both.")
    for name, frame, _ in sides:
        check_columns(f"{name}s", frame, _names(columns))
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


def _positions(frame: pd.DataFrame, columns: tuple[int, int]) -> FloatArray:
    return np.asarray(frame[_names(columns)].to_numpy() / 1000, dtype=np.float64)


def _names(columns: tuple[int, int]) -> list[str]:
    return [f"ctr_pt_position_{'xyz'[column]}" for column in columns]


def _area(ax: Axes, n: int) -> float:
    return point_area(ax, n, cover=0.12, largest=12)


def _outline(ax: Axes) -> dict[str, Any]:
    """Return a thin border in the colour of the ground, which separates crowded synapses."""
    return {"linewidths": 0.4, "edgecolors": ax.get_facecolor(), **_POINTS}


def _by_direction(ax: Axes, sides: list[Side], columns: tuple[int, int]) -> list[Line2D]:
    for name, frame, marker in sides:
        x, y = _positions(frame, columns).T
        color, area = palette.color(name), _area(ax, len(frame))
        ax.scatter(x, y, s=area, marker=marker, c=color, **_outline(ax))
    return [
        dot(f"{len(frame):,} {name}s", palette.color(name), marker) for name, frame, marker in sides
    ]


def _by_type(ax: Axes, sides: list[Side], columns: tuple[int, int]) -> list[Line2D]:
    for name, frame, _ in sides:
        if "partner_type" not in frame:
            raise UnknownColumn(
                f"{name}s has no column 'partner_type', which color_by='type' needs. Add it with "
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
    for name, frame, _ in sides:
        check_columns(f"{name}s", frame, ["size"])
    # A size of 0 occurs, but has no logarithm.
    sizes = pd.concat([frame["size"] for _, frame, _ in sides]).clip(lower=1)
    low, high = sizes.quantile([0.01, 0.99]) if len(sizes) else (1, 2)
    # plasma looks uniform to every kind of colour vision, and viridis stands for depth. Its yellow
    # would be lost on white.
    colors = ListedColormap(colormaps["plasma"](np.linspace(0, 0.85, 256)).tolist())
    norm = LogNorm(low, max(high, low * 1.01), clip=True)
    points = None
    for _, frame, marker in sides:
        by_size = frame.sort_values("size")  # the largest come last, on top
        value = by_size["size"].clip(lower=1).to_numpy()
        area = _area(ax, len(frame)) * (0.5 + 2.5 * np.asarray(norm(value)))
        x, y = _positions(by_size, columns).T
        points = ax.scatter(
            x, y, s=area, marker=marker, c=value, cmap=colors, norm=norm, **_outline(ax)
        )
    if points is not None:
        bar = ax.figure.colorbar(points, ax=ax, shrink=0.5)
        bar.set_label("synapse size (voxels)", color=ink(ax), fontsize=8)
        bar.ax.tick_params(labelsize=8)
    return [dot(f"{len(frame):,} {name}s", ink(ax), marker) for name, frame, marker in sides]
