"""Pictures in the style of the package skeleton_plot: drawn here, or by the package itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba_array

from microns_widgets import palette
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import MissingLibrary
from microns_widgets.plots._axes import NO_SOMA, columns_of, mark_note, mark_source
from microns_widgets.plots._segments import skeleton_segments

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NO_COLOR = "#808080"


def draw_as_skeleton_plot(
    skeleton: Skeleton,
    ax: Axes,
    *,
    colors: Mapping[int, str],
    points_per_um: float,
    soma: bool,
    soma_size: float,
) -> None:
    """Draw a skeleton as the package skeleton_plot does, in nm, but in one collection.

    On axes without data, the picture is the same to the pixel. If the axes already show a cell,
    it stays visible, whereas the package narrows them to the last cell.

    Parameters
    ----------
    skeleton : Skeleton
        One cell.
    ax : matplotlib.axes.Axes
        Where to draw.
    colors : mapping of int to str
        Colour of each compartment. Compartments without a colour are grey.
    points_per_um : float
        Line width in points for a radius of 1 um.
    soma : bool
        Whether to draw the soma.
    soma_size : float
        Area of the soma's marker in points squared.
    """
    lines, start = skeleton_segments(skeleton, (0, 1))
    kinds, code = np.unique(skeleton.compartment, return_inverse=True)
    rgba = to_rgba_array([colors.get(int(kind), _NO_COLOR) for kind in kinds])
    first = not ax.has_data()
    collection = LineCollection(
        list(lines),
        linewidths=(skeleton.radius[start] / 1000 * points_per_um).tolist(),
        colors=rgba[code[start]],
        capstyle="round",
        joinstyle="round",
    )
    ax.add_collection(collection, autolim=False)
    ax.set_aspect("equal")
    points = skeleton.vertices[:, :2]
    if soma and skeleton.soma is None:
        mark_note(ax, NO_SOMA)
    elif soma:
        x, y = points[skeleton.soma]
        ax.scatter(x, y, s=soma_size, c=colors.get(1, _NO_COLOR), zorder=2)
    low, high = points.min(axis=0), points.max(axis=0)
    if not first:
        before = np.sort([ax.get_xlim(), ax.get_ylim()], axis=1)
        low, high = np.minimum(low, before[:, 0]), np.maximum(high, before[:, 1])
    if (high > low).all():  # a single vertex has no extent
        ax.set_xlim(low[0], high[0])
        ax.set_ylim(high[1], low[1])


def draw_with_skeleton_plot(skeleton: Skeleton, ax: Axes, *, view: str, soma: bool) -> None:
    """Draw a skeleton with the package skeleton_plot itself, in nm.

    Raises
    ------
    MissingLibrary
        If the package is not installed; the message says how to install it.
    """
    across, down = columns_of(view)
    try:
        # Optional, since it depends on 132 packages.
        from skeleton_plot import plot_tools
    except ImportError as error:
        raise MissingLibrary(
            "engine='skeleton_plot' needs the package skeleton_plot, which is not installed. "
            "Install it with pip install skeleton_plot meshparty, or omit engine."
        ) from error
    colors = dict.fromkeys(np.unique(skeleton.compartment).tolist(), _NO_COLOR)
    colors |= {number: palette.color(name) for name, number in COMPARTMENTS.items()}
    plot_tools.plot_verts(
        skeleton.vertices,
        skeleton.edges,
        radius=skeleton.radius / 1000,
        skel_colors=skeleton.compartment,
        skel_color_map=colors,
        line_width=5,
        x="xyz"[across],
        y="xyz"[down],
        plot_soma=soma and skeleton.soma is not None,
        soma_node=skeleton.root if skeleton.soma is None else skeleton.soma,
        invert_y=view != "top",
        ax=ax,
    )
    ax.axis("off")
    mark_source(ax, skeleton.source)
