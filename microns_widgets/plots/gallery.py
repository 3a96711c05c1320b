"""A gallery: one skeleton per type, side by side at the same scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgba_array
from matplotlib.patches import Circle

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import FloatArray
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import InvalidArgument, InvalidType
from microns_widgets.plots._axes import (
    axes_for_shape,
    check_count,
    check_skeleton,
    frame_for_shape,
    mark_source,
)
from microns_widgets.plots._segments import Tubes, skeleton_segments
from microns_widgets.plots._text import PLAIN, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# Space between two cells and for the name above a cell, in um.
_GAP, _NAME = 60.0, 150.0
_SOMA = 8.0
# In characters: longer names would overlap.
_LONGEST_NAME = 18
# Width of a page on a phone, where six cells in a row would be too small to see.
_NARROW_INCHES = 3.5


@checks_arguments
def plot_gallery(
    skeletons: Mapping[str, Skeleton], *, ax: Axes | None = None, columns: int | None = None
) -> Axes:
    """Draw one skeleton per type side by side, at the same scale, with the somata aligned.

    Parameters
    ----------
    skeletons : mapping of str to Skeleton
        A cell for each type, drawn in the order of the palette. Axons are paler. If a
        skeleton has no soma, its name says so, and it is aligned at its root instead.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: a new figure.
    columns : int, optional
        Number of cells per row. Default: six, or four on narrow axes.

    Returns
    -------
    matplotlib.axes.Axes
        In um, with a scale bar.

    Raises
    ------
    InvalidArgument
        If `skeletons` is empty.
    InvalidType
        If `skeletons` is not a mapping, or one of its values is not a Skeleton.

    Examples
    --------
    >>> cells = {kind: con.select(cell_type=kind, proofread=True)[0] for kind in ("23P", "BC")}
    >>> ax = mw.plots.plot_gallery({kind: con.skeleton(cells[kind]) for kind in cells})
    """
    if not isinstance(skeletons, Mapping):
        raise InvalidType(
            f"plot_gallery was given {type(skeletons).__name__}, expected a dict of skeletons by "
            "type."
        )
    if not skeletons:
        raise InvalidArgument("plot_gallery was given no skeletons, expected one per type.")
    for skeleton in skeletons.values():
        check_skeleton("plot_gallery", skeleton)
    narrow = ax is not None and ax.get_window_extent().width < _NARROW_INCHES * ax.figure.dpi
    columns = (4 if narrow else 6) if columns is None else columns
    check_count("columns", columns, 1_000)
    places = dict(
        _places({name: _extent(skeleton) for name, skeleton in skeletons.items()}, columns)
    )
    corners = np.concatenate(
        [
            [place - west_and_up - (0, _NAME), place + east_and_down]
            for place, (west_and_up, east_and_down) in places.values()
        ]
    )
    ax = axes_for_shape(ax, corners, with_legend=False)
    for name, (place, (west_and_up, _)) in places.items():
        _draw_at(ax, skeletons[name], place, palette.color(name))
        ax.annotate(
            _caption(name, skeletons[name]),
            (place[0], place[1] - west_and_up[1]),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=8,
            annotation_clip=False,
            **PLAIN,
        )
        mark_source(ax, skeletons[name].source)
    frame_for_shape(ax, corners, down=True)
    return ax


def _caption(name: str, skeleton: Skeleton) -> str:
    return (shown(name, _LONGEST_NAME) or "unknown") + (
        "" if skeleton.soma is not None else "\n(no soma)"
    )


Box = tuple[FloatArray, FloatArray]


def _places(boxes: Mapping[str, Box], columns: int) -> Iterator[tuple[str, tuple[FloatArray, Box]]]:
    """Yield the position of each soma in um, row by row in the order of the palette."""
    names = palette.type_order(boxes)
    # The cells of all rows are aligned in columns, each as wide as its widest cell.
    by_column = [[boxes[name] for name in names[first::columns]] for first in range(columns)]
    wests = [max((west for (west, _), _ in column), default=0.0) for column in by_column]
    easts = [max((east for _, (east, _) in column), default=0.0) for column in by_column]
    lefts = np.cumsum([0, *np.add(wests, easts)[:-1] + _GAP])
    top = 0.0
    for first in range(0, len(names), columns):
        row = names[first : first + columns]
        above = max(boxes[name][0][1] for name in row)
        for place, name in enumerate(row):
            yield name, (np.array([lefts[place] + wests[place], top + above]), boxes[name])
        top += above + max(boxes[name][1][1] for name in row) + _NAME + _GAP


def _extent(skeleton: Skeleton) -> Box:
    """Return how far a cell extends from its soma in um: left and up, right and down."""
    points = (skeleton.vertices[:, :2] - skeleton.vertices[skeleton.root, :2]) / 1000
    return np.maximum(-points.min(axis=0), _SOMA), np.maximum(points.max(axis=0), _SOMA)


def _draw_at(ax: Axes, skeleton: Skeleton, place: FloatArray, color: str) -> None:
    lines, start = skeleton_segments(skeleton, (0, 1))
    origin = skeleton.vertices[skeleton.root, :2]
    tones = to_rgba_array([color]).repeat(len(start), axis=0)
    # The gallery compares the shapes of types: one colour per cell, with a paler axon.
    tones[skeleton.compartment[start] == COMPARTMENTS["axon"], 3] = 0.6
    ax.add_collection(
        Tubes(
            (lines - origin) / 1000 + place,
            2 * skeleton.radius[start] / 1000,
            colors=tones,
            capstyle="round",
        ),
        autolim=False,
    )
    if skeleton.soma is not None:
        x, y = (skeleton.vertices[skeleton.soma, :2] - origin) / 1000 + place
        ax.add_patch(Circle((x, y), _SOMA, color=color, linewidth=0, zorder=2))
