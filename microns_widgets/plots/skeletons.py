"""Skeletons: one, several in one frame, and a gallery with one of each type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba_array
from matplotlib.patches import Circle

from microns_widgets import palette
from microns_widgets.plots._axes import (
    axes_or_new,
    columns_of,
    dot,
    frame_for_shape,
    legend_beside,
    mark_source,
)
from microns_widgets.skeleton import COMPARTMENTS, Skeleton

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase

FloatArray = npt.NDArray[np.float64]

# A neurite of 0.1 um would vanish in a figure of a millimetre.
_THINNEST_POINTS = 0.5


class _Tubes(LineCollection):
    """Line segments whose widths are lengths of the axes, as thick as the neurite is."""

    def __init__(self, segments: FloatArray, diameters: FloatArray, **style: Any) -> None:
        super().__init__(list(segments), **style)
        self._diameters = diameters

    def draw(self, renderer: RendererBase) -> None:
        figure = self.get_figure(root=True)
        assert self.axes is not None
        assert figure is not None
        one = self.axes.transData.transform([(0, 0), (1, 0)])
        points_per_unit = float(np.linalg.norm(one[1] - one[0])) * 72 / figure.dpi
        self.set_linewidth(np.maximum(self._diameters * points_per_unit, _THINNEST_POINTS).tolist())
        super().draw(renderer)


def plot_skeleton(
    skeleton: Skeleton,
    *,
    ax: Axes | None = None,
    color: str | None = None,
    view: str = "front",
    soma: bool = True,
    engine: str = "fast",
) -> Axes:
    """Draw a skeleton with true radii, coloured by compartment.

    Parameters
    ----------
    skeleton : Skeleton
        One cell.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it. Several skeletons may share it.
    color : str, optional
        One colour for the whole cell instead of its compartments' colours.
    view : {"front", "side", "top"}
        Front: x across, pia up. Side: z across, pia up. Top: x across, z down.
    soma : bool
        Whether the soma is drawn, as a disk of the root's radius.
    engine : {"fast", "skeleton_plot"}
        ``"skeleton_plot"`` draws with the package of that name (an extra), in its own
        style and in nm.

    Returns
    -------
    matplotlib.axes.Axes
        In um, with a scale bar.

    Raises
    ------
    ValueError
        For a view or an engine that there is not.
    """
    if engine not in ("fast", "skeleton_plot"):
        raise ValueError(f"There is no engine {engine!r}, expected 'fast' or 'skeleton_plot'.")
    ax = axes_or_new(ax, (5, 7))
    if engine == "skeleton_plot":
        draw_with_skeleton_plot(skeleton, ax, view=view, soma=soma)
        return ax
    columns = columns_of(view)
    lines, start = skeleton_segments(skeleton, columns)
    points = skeleton.vertices[:, columns] / 1000
    tubes = _Tubes(
        lines / 1000,
        2 * skeleton.radius[start] / 1000,
        colors=_vertex_colors(skeleton, color)[start],
        capstyle="round",
    )
    ax.add_collection(tubes, autolim=False)
    if soma:
        # A collapsed soma has its radius at the root; where none is known, 5 um is usual.
        radius = max(skeleton.radius[skeleton.root] / 1000, 5.0)
        face = color or palette.color("soma")
        x, y = points[skeleton.root]
        ax.add_patch(Circle((x, y), radius, color=face, linewidth=0, zorder=2))
    frame_for_shape(ax, points, down=view != "top")
    if color is None:
        legend_beside(ax, _compartment_dots(skeleton))
    mark_source(ax, skeleton.source)
    return ax


def plot_skeletons(
    skeletons: Sequence[Skeleton],
    *,
    labels: Sequence[str] | None = None,
    colors: Sequence[str] | None = None,
    ax: Axes | None = None,
    view: str = "front",
) -> Axes:
    """Draw several skeletons in one frame, a colour each.

    Parameters
    ----------
    skeletons : sequence of Skeleton
        The cells.
    labels : sequence of str, optional
        What the legend says of each; cell types take their colour from the palette.
    colors : sequence of str, optional
        A colour for each, instead.
    ax, view
        As for `plot_skeleton`.
    """
    ax = axes_or_new(ax, (7, 7))
    if labels is None:
        labels = [str(skeleton.root_id or place) for place, skeleton in enumerate(skeletons, 1)]
    if colors is None:
        known = {entry["label"] for entry in palette.table()["types"]}
        distinct = len(set(labels)) == len(labels) and set(labels) <= known
        cycle = [entry["color"] for entry in palette.table()["types"] if entry["group"] == "E"]
        colors = [
            palette.color(label) if distinct else cycle[place % len(cycle)]
            for place, label in enumerate(labels)
        ]
    for skeleton, color in zip(skeletons, colors, strict=True):
        plot_skeleton(skeleton, ax=ax, color=color, view=view)
    handles = [dot(label, color) for label, color in zip(labels, colors, strict=True)]
    legend_beside(ax, handles)
    return ax


def plot_gallery(
    skeletons: Mapping[str, Skeleton], *, ax: Axes | None = None, columns: int | None = None
) -> Axes:
    """Draw one skeleton per type side by side, somata on one line, at one scale.

    Parameters
    ----------
    skeletons : mapping of str to Skeleton
        A cell for each type, drawn in the palette's order.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.
    columns : int, optional
        How many stand in a row; all of them without it, on a phone three.
    """
    names = palette.type_order(skeletons)
    per_row = columns or max(len(names), 1)
    n_rows = -(-len(names) // per_row)
    ax = axes_or_new(ax, (1.7 * min(per_row, len(names)) + 0.5, 3.4 * n_rows))
    boxes = {name: _extent(skeletons[name]) for name in names}
    row_top = 0.0
    corners = []
    for row in (names[first : first + per_row] for first in range(0, len(names), per_row)):
        left = 0.0
        above = max(boxes[name][0][1] for name in row)
        below = max(boxes[name][1][1] for name in row)
        for name in row:
            (west, _), (east, _) = boxes[name]
            place = np.array([left + west, row_top + above])
            _draw_shifted(ax, skeletons[name], place, palette.color(name))
            ax.annotate(
                name,
                (place[0], row_top - 15),
                ha="center",
                va="bottom",
                fontsize=9,
                annotation_clip=False,
            )
            left += west + east + 60
            corners += [[left - 60, row_top + above + below], [0, row_top - 60]]
        row_top += above + below + 120
    frame_for_shape(ax, np.array(corners), down=True)
    for name in names:
        mark_source(ax, skeletons[name].source)
    return ax


def skeleton_segments(
    skeleton: Skeleton, columns: tuple[int, int]
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Cut a skeleton into segments, long branches first, each from its tip to the root.

    Returns
    -------
    segments : numpy.ndarray, shape (m, 2, 2)
        In nm.
    start : numpy.ndarray, shape (m,)
        The vertex that lends a segment its radius and compartment: the one farther from
        the root.
    """
    parents = skeleton.parents.tolist()
    tips = skeleton.end_points
    reached = skeleton.path_distance
    far_first = tips[np.argsort(-np.where(np.isfinite(reached[tips]), reached[tips], 0))]
    seen = bytearray(skeleton.n_vertices)
    order: list[int] = []
    for tip in far_first.tolist():
        vertex = tip
        while vertex >= 0 and not seen[vertex]:
            seen[vertex] = 1
            order.append(vertex)
            vertex = parents[vertex]
    start = np.array([vertex for vertex in order if parents[vertex] >= 0], dtype=np.int64)
    points = skeleton.vertices[:, columns]
    return np.stack([points[start], points[skeleton.parents[start]]], axis=1), start


def draw_as_skeleton_plot(
    skeleton: Skeleton,
    ax: Axes,
    *,
    colors: Mapping[int, str],
    points_per_um: float,
    soma: bool,
    soma_size: float,
) -> None:
    """Draw what the package skeleton_plot draws, in nm, in one collection.

    Parameters
    ----------
    colors : mapping of int to str
        Colour of each compartment; one that it does not name is drawn grey.
    points_per_um : float
        Line width in points for a radius of one um.
    soma_size : float
        Area of the soma's marker in points squared.
    """
    lines, start = skeleton_segments(skeleton, (0, 1))
    kinds, code = np.unique(skeleton.compartment, return_inverse=True)
    rgba = to_rgba_array([colors.get(int(kind), "#808080") for kind in kinds])
    first = not ax.has_data()
    # Each segment's first point is doubled, which makes the renderer draw the join as
    # that package does.
    collection = LineCollection(
        list(lines[:, [0, 0, 1]]),
        linewidths=(skeleton.radius[start] / 1000 * points_per_um).tolist(),
        colors=rgba[code[start]],
        capstyle="round",
        joinstyle="round",
    )
    ax.add_collection(collection, autolim=False)
    ax.set_aspect("equal")
    points = skeleton.vertices[:, :2]
    if soma:
        x, y = points[skeleton.root]
        ax.scatter(x, y, s=soma_size, c=colors.get(1, "#808080"), zorder=2)
    low, high = points.min(axis=0), points.max(axis=0)
    if not first:  # several cells in one frame: keep those drawn before in sight
        before = np.sort([ax.get_xlim(), ax.get_ylim()], axis=1)
        low, high = np.minimum(low, before[:, 0]), np.maximum(high, before[:, 1])
    ax.set_xlim(low[0], high[0])
    ax.set_ylim(high[1], low[1])


def draw_with_skeleton_plot(skeleton: Skeleton, ax: Axes, *, view: str, soma: bool) -> None:
    """Draw with the package skeleton_plot itself, in nm."""
    across, down = columns_of(view)
    try:
        # An extra of 132 packages, imported only by who asks for it.
        from skeleton_plot import plot_tools
    except ImportError as error:
        raise ImportError(
            "engine='skeleton_plot' needs the package skeleton_plot, which is not installed. "
            "Install it with pip install 'microns-widgets[skeleton_plot]', or leave the engine out."
        ) from error
    names = {number: palette.color(name) for name, number in COMPARTMENTS.items()}
    plot_tools.plot_verts(
        skeleton.vertices,
        skeleton.edges,
        radius=skeleton.radius / 1000,
        skel_colors=skeleton.compartment,
        skel_color_map=dict.fromkeys(np.unique(skeleton.compartment).tolist(), "#808080") | names,
        line_width=5,
        x="xyz"[across],
        y="xyz"[down],
        plot_soma=soma,
        soma_node=skeleton.root,
        invert_y=True,
        ax=ax,
    )
    ax.axis("off")
    mark_source(ax, skeleton.source)


def _vertex_colors(skeleton: Skeleton, color: str | None) -> FloatArray:
    if color is not None:
        return np.repeat(to_rgba_array([color]), skeleton.n_vertices, axis=0)
    names = {number: name for name, number in COMPARTMENTS.items()}
    return palette.colors(names.get(int(kind), "") for kind in skeleton.compartment)


def _compartment_dots(skeleton: Skeleton) -> list[Any]:
    present = set(np.unique(skeleton.compartment).tolist())
    return [
        dot(name, palette.color(name), marker="_" if name != "soma" else "o")
        for name, number in COMPARTMENTS.items()
        if number in present
    ]


def _extent(skeleton: Skeleton) -> tuple[FloatArray, FloatArray]:
    """How far a cell reaches in um from its soma: to the left and up, to the right and down."""
    points = (skeleton.vertices[:, :2] - skeleton.vertices[skeleton.root, :2]) / 1000
    return -points.min(axis=0), points.max(axis=0)


def _draw_shifted(ax: Axes, skeleton: Skeleton, place: FloatArray, color: str) -> None:
    lines, start = skeleton_segments(skeleton, (0, 1))
    origin = skeleton.vertices[skeleton.root, :2]
    diameters = 2 * skeleton.radius[start] / 1000
    tones = to_rgba_array([color]).repeat(len(start), axis=0)
    # The axon in a lighter tone: the gallery compares shapes by type, not compartments.
    axon = skeleton.compartment[start] == COMPARTMENTS["axon"]
    tones[axon, 3] = 0.55
    ax.add_collection(
        _Tubes((lines - origin) / 1000 + place, diameters, colors=tones, capstyle="round"),
        autolim=False,
    )
    ax.add_patch(Circle((place[0], place[1]), 8, color=color, linewidth=0, zorder=2))
