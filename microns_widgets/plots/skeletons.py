"""Skeletons: one, or several in one frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_rgba_array
from matplotlib.patches import Circle

from microns_widgets import palette
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.plots._axes import (
    axes_for_shape,
    columns_of,
    frame_for_shape,
    mark_source,
)
from microns_widgets.plots._legend import dot, draw_legend
from microns_widgets.plots._segments import Tubes, skeleton_segments
from microns_widgets.plots.skeleton_plot import draw_with_skeleton_plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FloatArray = npt.NDArray[np.float64]

# Where the skeleton does not know the soma's radius, this one is usual (um).
_USUAL_SOMA = 5.0


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
        Front: x across, pia up. Side: z across, pia up. Top: x across, z up.
    soma : bool
        Whether the soma is drawn, as a disk of the root's radius.
    engine : {"fast", "skeleton_plot"}
        ``"skeleton_plot"`` draws with the package of that name (an extra), in its own
        style and in nm; it takes no `color`.

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
    columns = columns_of(view)
    points = skeleton.vertices[:, columns] / 1000
    ax = axes_for_shape(ax, points)
    if engine == "skeleton_plot":
        draw_with_skeleton_plot(skeleton, ax, view=view, soma=soma)
        return ax
    lines, start = skeleton_segments(skeleton, columns)
    tubes = Tubes(
        lines / 1000,
        2 * skeleton.radius[start] / 1000,
        colors=_vertex_colors(skeleton, color)[start],
        capstyle="round",
    )
    ax.add_collection(tubes, autolim=False)
    if soma:
        radius = max(skeleton.radius[skeleton.root] / 1000, _USUAL_SOMA)
        face = color or palette.color("soma")
        x, y = points[skeleton.root]
        ax.add_patch(Circle((x, y), radius, color=face, linewidth=0, zorder=2))
    frame_for_shape(ax, points, down=view != "top")
    if color is None:
        draw_legend(ax, _compartment_dots(skeleton))
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

    Raises
    ------
    ValueError
        If there is no skeleton, or not one label and colour for each.
    """
    if not skeletons:
        raise ValueError("There is no skeleton to draw, expected at least one.")
    if labels is None:
        labels = [str(skeleton.root_id or place) for place, skeleton in enumerate(skeletons, 1)]
    if colors is None:
        colors = _distinct_colors(labels)
    if not len(skeletons) == len(labels) == len(colors):
        raise ValueError(
            f"{len(skeletons)} skeletons have {len(labels)} labels and {len(colors)} colours, "
            "expected one of each for a skeleton."
        )
    columns = columns_of(view)
    ax = axes_for_shape(ax, np.concatenate([own.vertices[:, columns] for own in skeletons]))
    for skeleton, color in zip(skeletons, colors, strict=True):
        plot_skeleton(skeleton, ax=ax, color=color, view=view)
    draw_legend(ax, [dot(*entry) for entry in zip(labels, colors, strict=True)])
    return ax


def _distinct_colors(labels: Sequence[str]) -> list[str]:
    """Colours of the types where each occurs once, else one after another of the palette."""
    neurons = {e["label"]: e["color"] for e in palette.table()["types"] if e["group"] in "EI"}
    if len(set(labels)) == len(labels) and set(labels) <= set(neurons):
        return [neurons[label] for label in labels]
    cycle = [own for label, own in neurons.items() if not label.startswith("Unsure")]
    # Neighbours of the palette are alike: steps of three lead from hue to hue, and to each
    # of the fourteen.
    return [cycle[3 * place % len(cycle)] for place in range(len(labels))]


def _vertex_colors(skeleton: Skeleton, color: str | None) -> FloatArray:
    if color is not None:
        return np.repeat(to_rgba_array([color]), skeleton.n_vertices, axis=0)
    names = {number: name for name, number in COMPARTMENTS.items()}
    return palette.colors(names.get(int(kind), "") for kind in skeleton.compartment)


def _compartment_dots(skeleton: Skeleton) -> list[Any]:
    present = set(np.unique(skeleton.compartment).tolist())
    entries = [
        dot(name, palette.color(name), marker="_" if name != "soma" else "o")
        for name, number in COMPARTMENTS.items()
        if number in present
    ]
    if present - set(COMPARTMENTS.values()):
        entries.append(dot("other", palette.color(""), marker="_"))
    return entries
