"""The marks, labels and legend on the axes of a figure, as plain JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.figure import Figure, FigureBase, SubFigure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from microns_widgets._typing import Array, BoolArray, FloatArray
from microns_widgets.grading.kinds._payload import LARGEST_AXES, LARGEST_LINE, LARGEST_MARKS
from microns_widgets.grading.kinds._values import Unfit, description

#: An image of up to this many rows and columns is stored with its values; of a larger one, which
#: of its pixels have a value.
IMAGE = 100
#: Pixels of a larger image on each axis.
PIXELS = 400
#: Points of all lines on one axes; of longer lines, every k-th is stored.
LINES = 50_000


def axes_of(value: object) -> list[Axes]:
    """Return the axes of whatever a plotting call returned.

    Raises
    ------
    Unfit
        If it is not a figure, axes, or a mark on axes.
    """
    axes: list[Axes] = []
    if isinstance(value, Figure):
        axes = list(value.axes)
    elif isinstance(value, SubFigure):
        axes = [ax for ax in value.figure.axes if ax.figure is value]
    elif isinstance(value, Axes):
        # Colour bars and strips beside it are separate axes without marks.
        axes = [value]
    elif isinstance(value, BarContainer):
        return axes_of(list(value.patches))
    elif isinstance(value, Artist) and isinstance(value.axes, Axes):
        axes = [value.axes]
    elif isinstance(grid := getattr(value, "figure", None), FigureBase):
        return axes_of(grid)
    elif isinstance(value, Mapping | list | tuple | np.ndarray) and len(value):
        parts = value.values() if isinstance(value, Mapping) else np.ravel(np.asarray(value, "O"))
        # plt.hist returns counts and edges besides what it drew.
        artists = [one for one in parts if isinstance(one, FigureBase | Artist | BarContainer)]
        axes = list(dict.fromkeys(ax for one in artists for ax in axes_of(one)))
    if not axes:
        raise Unfit(description(value))
    return axes[:LARGEST_AXES]


def axes_payload(ax: Axes) -> dict[str, Any]:
    """Describe one axes."""
    legend = ax.get_legend() or next(iter(ax.figure.legends), None)
    texts = [text.get_text() for text in legend.get_texts()] if legend else []
    return {
        "x": {"label": ax.get_xlabel()[:200], "scale": ax.get_xscale()[:20]},
        "y": {"label": ax.get_ylabel()[:200], "scale": ax.get_yscale()[:20]},
        "title": ax.get_title()[:200],
        "legend": [text[:100] for text in texts[:60]],
        "points": _thinned(_points(ax)),
        "lines": _lines([line for line in ax.lines if not _is_points(line)][:100]),
        "bars": _thinned(_bars(ax)),
        "images": [_image(one) for one in _pictures(ax)[:10]],
    }


def _is_points(line: Line2D) -> bool:
    return line.get_linestyle() in ("None", " ", "") and line.get_marker() not in ("None", " ", "")


def _points(ax: Axes) -> list[tuple[float, float, str]]:
    points = []
    for collection in ax.collections:
        if isinstance(collection, PathCollection):
            collection.update_scalarmappable()
            offsets = np.ma.getdata(collection.get_offsets())
            colours = (
                _hex(collection.get_facecolor()) or _hex(collection.get_edgecolor()) or ["none"]
            )
            points += [
                (float(x), float(y), colours[place % len(colours)])
                for place, (x, y) in enumerate(np.asarray(offsets, dtype=float))
            ]
    for line in filter(_is_points, ax.lines):
        colour = to_hex(line.get_markerfacecolor())
        points += [(float(x), float(y), colour) for x, y in _xy(line)]
    return points


def _hex(colours: Any) -> list[str]:
    return [to_hex(tuple(one)) for one in np.asarray(colours).reshape(-1, 4).tolist()]


def _xy(line: Line2D) -> FloatArray:
    return np.asarray(line.get_xydata(), dtype=float)


def _bars(ax: Axes) -> list[tuple[float, float, str]]:
    """Return position, length and colour of each bar, vertical or horizontal."""
    bars = []
    for container in ax.containers:
        if isinstance(container, BarContainer):
            horizontal = container.orientation == "horizontal"
            for bar in container.patches:
                place = bar.get_y() + bar.get_height() / 2 if horizontal else bar.get_x()
                place += 0 if horizontal else bar.get_width() / 2
                length = bar.get_width() if horizontal else bar.get_height()
                bars.append((float(place), float(length), to_hex(bar.get_facecolor())))
    return bars


def _lines(lines: list[Line2D]) -> list[dict[str, Any]]:
    most = min(LARGEST_LINE, LINES // max(1, len(lines)))
    return [_line(line, most) for line in lines]


def _line(line: Line2D, most: int) -> dict[str, Any]:
    xy = _xy(line)
    xy = xy[np.isfinite(xy).all(axis=1)]
    xy = xy[:: max(1, math.ceil(len(xy) / most))]
    plain = {"x": _short(xy[:, 0]), "y": _short(xy[:, 1]), "colour": to_hex(line.get_color())}
    return plain | _spanned(line)


def _spanned(line: Line2D) -> dict[str, str]:
    """Return the axis along which a line has shares of the axes instead of data, as `axvline`."""
    if line.axes is None:
        return {}
    x, y = line.get_transform().contains_branch_seperately(line.axes.transData)
    return {"spans": "y"} if x and not y else {"spans": "x"} if y and not x else {}


def _pictures(ax: Axes) -> list[AxesImage | QuadMesh]:
    artists = [*ax.images, *ax.collections]
    return [one for one in artists if isinstance(one, AxesImage | QuadMesh)]


def _image(image: AxesImage | QuadMesh) -> dict[str, Any]:
    array: Array = np.ma.filled(np.ma.asarray(image.get_array(), dtype=float), np.nan)
    if array.ndim == 3:
        # Colours instead of values: only whether an entry is coloured counts.
        array = array[..., :3].mean(axis=2)
    if array.ndim != 2:
        return {"shape": [0, 0], "entries": []}
    shape = array.shape
    if isinstance(image, AxesImage):
        left, right, bottom, top = image.get_extent()
        # A picture of a large matrix is binned to the screen; its extent is in cells.
        shape = (round(abs(top - bottom)), round(abs(right - left)))
    plain: dict[str, Any] = {"shape": [int(n) for n in shape], "entries": []}
    if max(shape) > IMAGE or array.shape != shape:
        return plain | _pixels(np.isfinite(array) & (array != 0))
    return plain | {"entries": [_short(row) for row in array]}


def _pixels(there: BoolArray) -> dict[str, Any]:
    """Return which pixels have a value, as bits in hexadecimal digits, row by row."""
    rows, columns = (min(PIXELS, n) for n in there.shape)
    pixels = np.zeros((rows, columns), dtype=bool)
    i, j = np.nonzero(there)
    pixels[i * rows // there.shape[0], j * columns // there.shape[1]] = True
    return {"width": columns, "pixels": [np.packbits(row).tobytes().hex() for row in pixels]}


def _thinned(marks: list[tuple[float, float, str]]) -> dict[str, Any]:
    marks = [mark for mark in marks if math.isfinite(mark[0]) and math.isfinite(mark[1])]
    sample = sorted(marks)[:: max(1, math.ceil(len(marks) / LARGEST_MARKS))]
    colours = list(dict.fromkeys(colour for _, _, colour in sample))[:1000]
    places = {colour: place for place, colour in enumerate(colours)}
    return {
        "n": len(marks),
        "x": _short(x for x, _, _ in sample),
        "y": _short(y for _, y, _ in sample),
        "colour": [places.get(colour, 0) for _, _, colour in sample],
        "colours": colours,
    }


def _short(numbers: Iterable[float]) -> list[Any]:
    # Seven digits are more than a screen shows, in half of the bytes.
    return [float(f"{one:.7g}") if math.isfinite(one) else str(float(one)) for one in numbers]
