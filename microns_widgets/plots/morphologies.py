"""Morphologies: one skeleton, or several in one frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_rgba_array
from matplotlib.patches import Circle

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments, is_several
from microns_widgets._typing import FloatArray
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import InvalidArgument, InvalidType, check_choice, quoted
from microns_widgets.plots._axes import (
    NO_SOMA,
    axes_for_shape,
    check_color,
    check_skeleton,
    columns_of,
    frame_for_shape,
    mark_note,
    mark_source,
    text_labels,
)
from microns_widgets.plots._legend import dot, draw_legend
from microns_widgets.plots._segments import Tubes, skeleton_segments
from microns_widgets.plots._text import shown
from microns_widgets.plots.skeleton_plot import draw_with_skeleton_plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# A typical radius in um, for skeletons without the radius of the soma.
_USUAL_SOMA = 5.0


@checks_arguments
def plot_morphology(
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
        Where to draw. Default: a new figure. Several skeletons may share the same axes.
    color : str, optional
        One colour for the whole cell. Default: a colour for each compartment.
    view : {"front", "side", "top"}
        Front: x across, pia up. Side: z across, pia up. Top: x across, z up.
    soma : bool
        Whether to draw the soma, as a disk with its radius. For a skeleton without a soma, the
        figure has a note instead.
    engine : {"fast", "skeleton_plot"}
        ``"skeleton_plot"`` draws with the package of that name (an optional extra), in its own
        style and in nm; it ignores `color`.

    Returns
    -------
    matplotlib.axes.Axes
        In um, with a scale bar.

    Raises
    ------
    InvalidArgument
        If the view or the engine does not exist.
    InvalidType
        If `skeleton` is something else, such as a root id.

    Examples
    --------
    >>> cell = con.select(cell_type="BC", proofread=True)[0]
    >>> ax = mw.plots.plot_morphology(con.skeleton(cell))
    """
    check_skeleton("plot_morphology", skeleton)
    check_choice("engine", engine, ("fast", "skeleton_plot"))
    if color is not None:
        check_color("color", color)
    ax = axes_for_shape(ax, skeleton.vertices[:, columns_of(view)] / 1000)
    if engine == "skeleton_plot":
        draw_with_skeleton_plot(skeleton, ax, view=view, soma=soma)
    else:
        _draw(skeleton, ax, color=color, view=view, soma=soma)
    if soma and skeleton.soma is None:
        mark_note(ax, NO_SOMA)
    return ax


def _draw(skeleton: Skeleton, ax: Axes, *, color: str | None, view: str, soma: bool = True) -> None:
    columns = columns_of(view)
    points = skeleton.vertices[:, columns] / 1000
    lines, start = skeleton_segments(skeleton, columns)
    tubes = Tubes(
        lines / 1000,
        2 * skeleton.radius[start] / 1000,
        colors=_vertex_colors(skeleton, color)[start],
        capstyle="round",
    )
    ax.add_collection(tubes, autolim=False)
    if soma and skeleton.soma is not None:
        radius = max(skeleton.radius[skeleton.soma] / 1000, _USUAL_SOMA)
        face = color or palette.color("soma")
        x, y = points[skeleton.soma]
        ax.add_patch(Circle((x, y), radius, color=face, linewidth=0, zorder=2))
    frame_for_shape(ax, points, down=view != "top")
    if color is None:
        draw_legend(ax, _compartment_dots(skeleton))
    mark_source(ax, skeleton.source)


@checks_arguments
def plot_morphologies(
    skeletons: Sequence[Skeleton],
    *,
    labels: Sequence[str] | None = None,
    colors: Sequence[str] | None = None,
    ax: Axes | None = None,
    view: str = "front",
) -> Axes:
    """Draw several skeletons in one frame, each in its own colour.

    Parameters
    ----------
    skeletons : sequence of Skeleton
        The cells.
    labels : sequence of str, optional
        Name of each skeleton in the legend. Default: its root id. Distinct cell types take
        their colours from the palette. The legend says which skeletons have no soma.
    colors : sequence of str, optional
        Colour of each skeleton. Default: colours that are easy to distinguish.
    ax, view
        See `plot_morphology`.

    Returns
    -------
    matplotlib.axes.Axes
        In um, with a scale bar.

    Raises
    ------
    InvalidArgument
        If there are no skeletons, or not one label and one colour for each.
    InvalidType
        If one of `skeletons` is something else, such as a root id.

    Examples
    --------
    >>> cells = con.select(cell_type="MC", proofread=True)[:3]
    >>> ax = mw.plots.plot_morphologies([con.skeleton(cell) for cell in cells])
    """
    if not is_several(skeletons) or isinstance(skeletons, Skeleton):
        raise InvalidType(
            f"plot_morphologies was given {quoted(skeletons)}, expected a list of skeletons."
        )
    skeletons = [*skeletons]
    if not skeletons:
        raise InvalidArgument("plot_morphologies was given no skeletons, expected at least one.")
    for skeleton in skeletons:
        check_skeleton("plot_morphologies", skeleton)
    if labels is None:
        labels = [str(skeleton.root_id or place) for place, skeleton in enumerate(skeletons, 1)]
    labels = text_labels("labels", labels).tolist()
    if colors is None:
        colors = _distinct_colors(labels)
    elif not isinstance(colors, Sequence | np.ndarray) or isinstance(colors, str):
        raise InvalidType(f"colors is {quoted(colors)}, expected one colour for each skeleton.")
    for color in colors:
        check_color("colors", color)
    if not len(skeletons) == len(labels) == len(colors):
        raise InvalidArgument(
            f"plot_morphologies was given {len(labels)} labels and {len(colors)} colours for "
            f"{len(skeletons)} skeletons, expected one of each for every skeleton."
        )
    columns = columns_of(view)
    ax = axes_for_shape(
        ax, np.concatenate([skeleton.vertices[:, columns] for skeleton in skeletons])
    )
    for skeleton, color in zip(skeletons, colors, strict=True):
        _draw(skeleton, ax, color=color, view=view)
    names = [
        label if skeleton.soma is not None else f"{shown(label)} (no soma)"
        for label, skeleton in zip(labels, skeletons, strict=True)
    ]
    draw_legend(ax, [dot(*entry) for entry in zip(names, colors, strict=True)])
    return ax


def _distinct_colors(labels: Sequence[str]) -> list[str]:
    """Return the types' colours if each type occurs once, else colours spread over the palette."""
    types = [*palette.table()["types"], *palette.added_types()]
    neurons = {entry["label"] for entry in types if entry["group"] in ("E", "I")}
    if len(set(labels)) == len(labels) and set(labels) <= neurons:
        return [palette.color(label) for label in labels]
    cycle = [palette.color(label) for label in cell_cycle()]
    return [cycle[place % len(cycle)] for place in range(len(labels))]


def cell_cycle() -> list[str]:
    """Return the types whose colours tell cells apart, in the order of their use."""
    systems = {"metamodel", "manual"}
    types = [entry for entry in palette.table()["types"] if systems & {*entry["systems"]}]
    names = [entry["label"] for entry in types if entry["group"] in ("E", "I")]
    cycle = [name for name in names if "Unsure" not in name]
    # Neighbours in the palette look alike. Steps of three change the hue each time and reach all
    # fourteen colours.
    return [cycle[3 * place % len(cycle)] for place in range(len(cycle))]


def _vertex_colors(skeleton: Skeleton, color: str | None) -> FloatArray:
    if color is not None:
        return np.tile(to_rgba_array([color]), (skeleton.n_vertices, 1))
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
