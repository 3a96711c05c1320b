"""Parts that figures share: axes, scale bar, points, source, and checks of arguments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import is_color_like, to_rgb
from matplotlib.font_manager import FontProperties
from mpl_toolkits.axes_grid1.anchored_artists import AnchoredSizeBar

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import Array, FloatArray
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import InvalidArgument, InvalidType, check_choice, check_column, quoted
from microns_widgets.plots._text import PLAIN, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: Columns of a position that go across and down the figure, for each view of the cortex.
VIEWS = {"front": (0, 1), "side": (2, 1), "top": (0, 2)}
_ROUND_LENGTHS_UM = np.array([1, 2, 5, 10, 20, 50, 100, 200, 500])
_SMALL = 8
_OPEN_MARKERS = "1234x+|_"
_MOST_ROUNDS = 10
_LONGEST_SOURCE = 80
_NOTE_LINE = 11.0
NOTE = "note"
NO_SOMA = "no soma in this skeleton"


def axes_or_new(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """Return these axes, or those of a new figure of this size in inches."""
    if ax is not None:
        return ax
    # Imported here: pyplot chooses a backend and takes half a second.
    from matplotlib import pyplot as plt

    return plt.figure(figsize=size, layout="compressed").add_subplot()


def check_count(argument: str, value: object, most: int) -> None:
    """Raise `InvalidArgument` unless a value is a whole number from 1 to `most`."""
    if not isinstance(value, int | np.integer) or not 1 <= value <= most:
        raise InvalidArgument(
            f"{argument}={quoted(value)} is not possible, expected a whole number from 1 to "
            f"{most:,}."
        )


def span_ends(span: object) -> tuple[float, float]:
    """Return the lowest and the highest value of a span; raise `InvalidArgument` for others."""
    try:
        low, high = map(float, span)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        low = high = np.nan
    if not low <= high:
        raise InvalidArgument(
            f"span={quoted(span)} is not possible, expected the lowest and the highest value: "
            "(0, 1)."
        )
    return low, high


def check_color(argument: str, value: object) -> None:
    """Raise `InvalidArgument` unless a value is a colour of matplotlib's."""
    if not is_color_like(value):
        raise InvalidArgument(
            f"{argument}={quoted(value)} is not a colour, expected one such as 'crimson' or "
            "'#dc143c'."
        )


def text_labels(argument: str, labels: object) -> Array:
    """Return labels as an array of text, shape (n,); raise `InvalidType` if there are none."""
    try:
        several = None if isinstance(labels, str) else [*labels]  # type: ignore[misc]
    except TypeError:
        several = None
    if several is None:
        raise InvalidType(f"{argument} is {quoted(labels)}, expected one label for each cell.")
    return np.array([str(label) for label in several], dtype=object)


def columns_of(view: str) -> tuple[int, int]:
    """Return the two position columns of a view; raise `InvalidArgument` for another name."""
    check_choice("view", view, VIEWS)
    return VIEWS[view]


def check_skeleton(function: str, skeleton: object) -> None:
    """Raise `InvalidType` unless a function was given a skeleton."""
    if not isinstance(skeleton, Skeleton):
        raise InvalidType(
            f"{function} was given {type(skeleton).__name__}, expected a Skeleton: "
            "con.skeleton(root_id)."
        )


def check_columns(table: str, frame: object, columns: Iterable[str]) -> None:
    """Raise `InvalidType` or `UnknownColumn` unless a frame has all the columns."""
    if not isinstance(frame, pd.DataFrame):
        raise InvalidType(f"{table} is {type(frame).__name__}, expected a pandas DataFrame.")
    for column in columns:
        check_column(column, frame.columns, table)


def ink(ax: Axes) -> Any:
    """Return the text colour of the current style, so that dark styles stay readable."""
    return ax.xaxis.label.get_color()


def quiet(ax: Axes) -> str:
    """Return a grey that recedes behind coloured points, on light and on dark pages."""
    return "#4b4e54" if sum(to_rgb(ink(ax))) > 1.5 else "#bcc0c6"


@checks_arguments
def mark_source(ax: Axes, source: str) -> None:
    """Print the source of the data in small grey text, once per axes and source.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The figure's axes; the text is above their upper right corner.
    source : str
        Text such as ``con.source``; ``""`` prints nothing.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> figure, ax = plt.subplots()
    >>> points = ax.scatter(con.degrees()["n_inputs"], con.degrees()["n_outputs"])
    >>> mw.plots.mark_source(ax, con.source)
    """
    label = f"source: {source}"
    if source and all(text.get_gid() != label for text in ax.texts):
        _annotate_corner(ax, shown(source, _LONGEST_SOURCE), points_above=3, gid=label)


def mark_note(ax: Axes, note: str) -> None:
    """Print a note on what a figure omits in small grey text above the source, each note once."""
    before = [text for text in ax.texts if text.get_gid() == NOTE]
    if any(text.get_text() == note for text in before):
        return
    height = 3 + (1 + len(before)) * _NOTE_LINE
    _annotate_corner(ax, note, points_above=height, gid=NOTE)


def _annotate_corner(ax: Axes, text: str, *, points_above: float, gid: str) -> None:
    ax.annotate(
        text,
        xy=(1, 1),
        xycoords="axes fraction",
        xytext=(0, points_above),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=_SMALL,
        color="#808080",
        annotation_clip=False,
        gid=gid,
        **PLAIN,
    )


def notes_height(ax: Axes) -> float:
    """Return the total height of the notes on these axes, in points."""
    return _NOTE_LINE * sum(text.get_gid() == NOTE for text in ax.texts)


def axes_for_shape(ax: Axes | None, points_um: FloatArray, *, with_legend: bool = True) -> Axes:
    """Return these axes, or those of a new figure that this shape fills.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, optional
        Existing axes, returned as they are.
    points_um : numpy.ndarray, shape (n, 2)
        Points to draw, in um.
    with_legend : bool
        Whether to leave room for a legend.
    """
    if ax is not None:
        return ax
    width, height = np.maximum(np.ptp(points_um, axis=0), 1) if len(points_um) else (1, 1)
    beside = 1.4 if with_legend else 0.0
    inches = min(5.5 / width, 6.5 / height)
    return axes_or_new(None, (max(inches * width, 3) + beside, max(inches * height, 2) + 0.7))


def frame_for_shape(ax: Axes, corners_um: FloatArray, *, down: bool) -> None:
    """Give the axes equal scales, room for the shape and a scale bar instead of ticks.

    Axes that already hold a shape are widened, never narrowed.
    """
    # The data limits include everything drawn here before.
    ax.update_datalim(corners_um)
    low, high = np.sort(ax.dataLim.get_points(), axis=0)
    width, height = np.maximum(high - low, 1)
    margin = 0.04 * float(np.sqrt(width * height))
    ax.set_aspect("equal")
    ax.set_xlim(low[0] - margin, high[0] + margin)
    if down:
        ax.set_ylim(high[1] + 2.5 * margin, low[1] - margin)
    else:
        ax.set_ylim(low[1] - 2.5 * margin, high[1] + margin)
    ax.axis("off")
    _draw_scale_bar(ax, float(min(width / 4, height / 3)))


def _draw_scale_bar(ax: Axes, at_most_um: float) -> None:
    for artist in ax.artists:
        if artist.get_gid() == "scale bar":
            artist.remove()
    length = float(_ROUND_LENGTHS_UM[max(at_most_um, 1) >= _ROUND_LENGTHS_UM][-1])
    # When zooming, the bar stays in its corner and its length follows the scale.
    bar = AnchoredSizeBar(
        ax.transData,
        length,
        f"{length:g} µm",
        loc="lower left",
        pad=0,
        borderpad=0.1,
        sep=3,
        frameon=False,
        label_top=True,
        color=ink(ax),
        fontproperties=FontProperties(size=_SMALL),
    )
    bar.size_bar.get_children()[0].set_linewidth(2)
    bar.set_gid("scale bar")
    ax.add_artist(bar)


def point_area(ax: Axes, n: int, cover: float, largest: float) -> float:
    """Return the area of a marker in points squared, for n points on these axes.

    Together the markers cover `cover` times the area of the axes, so that ten thousand do not
    merge into one blot, even on a phone. A single marker has at most the area `largest`.
    """
    box = ax.get_window_extent()
    area = box.width * box.height * (72 / ax.figure.dpi) ** 2
    return float(np.clip(cover * area / max(n, 1), 0.4, largest))


def scatter_by_type(
    ax: Axes, positions: FloatArray, labels: Array, size: float, **style: Any
) -> None:
    """Scatter points in the colours and markers of their types, without one type on top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    positions : numpy.ndarray, shape (n, 2)
        Positions in the unit of the axes.
    labels : numpy.ndarray of str, shape (n,)
        Type of each point. Points of unknown type (``""``) are drawn below the others.
    size : float
        Area of a marker in points squared.
    **style
        Keywords of `matplotlib.axes.Axes.scatter`.
    """
    known = np.flatnonzero(labels != "")
    # Each marker needs its own call, and the last call would cover the others where points are
    # dense. Several rounds over all types mix them.
    rounds = np.array_split(np.random.default_rng(0).permutation(known), 1 + len(known) // 500)
    if len(rounds) > _MOST_ROUNDS:
        rounds = np.array_split(np.concatenate(rounds), _MOST_ROUNDS)
    for members in [np.flatnonzero(labels == ""), *rounds]:
        for label in palette.type_order(labels[members]):
            points = members[labels[members] == label]
            marker = palette.marker(label)
            x, y = positions[points].T
            ax.scatter(
                x,
                y,
                s=size,
                color=palette.color(label),
                marker=marker,
                linewidths=0.14 * size**0.5 if marker in _OPEN_MARKERS else 0,
                **style,
            )


@checks_arguments
def draw_layers(ax: Axes) -> None:
    """Mark the borders of the cortical layers on axes whose vertical axis is depth in um.

    The layer names are outside the axes on the right, where no point covers them. If nothing on the
    axes has a depth, because all of it is outside the volume of minnie65, a note says so instead.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> skeleton = con.skeleton(con.examples()["MC"])
    >>> figure, ax = plt.subplots()
    >>> points = ax.scatter(skeleton.path_distance, skeleton.depth, s=1)
    >>> mw.plots.draw_layers(ax)
    """
    if ax.has_data() and not np.isfinite(ax.dataLim.intervaly).all():
        mark_note(ax, "outside the volume: no layers")
        return
    for name, (top, bottom) in LAYER_BORDERS_UM.items():
        ax.axhline(top, color="#808080", linewidth=0.6, alpha=0.5, zorder=0)
        ax.annotate(
            f"L{name}" if name != "WM" else "WM",
            (1, (top + bottom) / 2),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=_SMALL,
            color="#808080",
            annotation_clip=True,
        )
