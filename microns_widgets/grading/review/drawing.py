"""Draws the captured marks of a figure. They may be forged: each is read within bounds first."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from microns_widgets.grading.kinds._payload import (
    LARGEST_AXES,
    LARGEST_LINE,
    LARGEST_MARKS,
    count_of,
    list_of,
    number_of,
    table_of,
    text_of,
)

_COLOUR = re.compile("#[0-9a-f]{6}(?:[0-9a-f]{2})?")
_SCALES = ("linear", "log", "symlog")
_GREY = "#888888"
#: Axes that are drawn; further ones are usually colour bars and empty panels.
_MOST = 6


def draw(figure: Figure, payload: object) -> bool:
    """Draw all axes that have marks; return whether there are any."""
    axes = [one for one in list_of(payload, table_of, LARGEST_AXES) if _has_marks(one)][:_MOST]
    if not axes:
        return False
    columns = math.ceil(math.sqrt(len(axes)))
    rows = math.ceil(len(axes) / columns)
    for place, one in enumerate(axes, start=1):
        _draw(figure.add_subplot(rows, columns, place), one)
    return True


def _has_marks(axes: dict[str, object]) -> bool:
    marks = any(table_of(axes.get(kind)).get("x") for kind in ("points", "bars"))
    return bool(marks or axes.get("lines") or axes.get("images"))


def _draw(ax: Axes, axes: dict[str, Any]) -> None:
    for image in list_of(axes.get("images"), table_of, 10):
        _image(ax, image)
    for line in list_of(axes.get("lines"), table_of, 100):
        x, y = (list_of(line.get(name), number_of, LARGEST_LINE) for name in ("x", "y"))
        if len(x) == len(y):
            place = {"y": ax.get_xaxis_transform(), "x": ax.get_yaxis_transform()}
            where = place.get(text_of(line.get("spans") or ""), ax.transData)
            ax.plot(x, y, color=_colour(line.get("colour")), linewidth=1, transform=where)
    x, y, colours = _marks(axes.get("bars"))
    if x:
        ax.bar(x, y, width=_width(x), color=colours)
    x, y, colours = _marks(axes.get("points"))
    if x:
        ax.scatter(x, y, s=9, c=colours, linewidths=0)
    for name in ("x", "y"):
        axis = table_of(axes.get(name))
        scale = text_of(axis.get("scale"))
        if scale in _SCALES:
            getattr(ax, f"set_{name}scale")(scale)
        getattr(ax, f"set_{name}label")(_plain(axis.get("label")), fontsize=8, parse_math=False)
    ax.set_title(_plain(axes.get("title")), fontsize=9, parse_math=False)
    ax.tick_params(labelsize=7)
    names = [_plain(one) for one in list_of(axes.get("legend"), text_of, 60)]
    if names:
        # Which colour a name belongs to is not captured.
        words = ", ".join(names)
        words = words if len(words) < 90 else f"{words[:90]}..."
        ax.annotate(
            f"legend: {words}", (0.01, 0.99), xycoords="axes fraction", va="top", fontsize=6,
            parse_math=False,
        )  # fmt: skip


def _plain(text: object) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text_of(text or ""))[:80]


def _colour(name: object) -> str:
    return name if isinstance(name, str) and _COLOUR.fullmatch(name) else _GREY


def _marks(payload: object) -> tuple[list[float], list[float], list[str]]:
    marks = table_of(payload)
    x, y = (list_of(marks.get(name), number_of, LARGEST_MARKS) for name in ("x", "y"))
    names = [_colour(one) for one in list_of(marks.get("colours"), text_of, 1000)]
    colour = list_of(marks.get("colour"), count_of, LARGEST_MARKS)
    if not len(x) == len(y) == len(colour):
        return [], [], []
    return x, y, [names[one] if one < len(names) else _GREY for one in colour]


def _width(x: list[float]) -> float:
    gaps = np.diff(np.unique(np.array(x, dtype=float)))
    gaps = gaps[np.isfinite(gaps) & (gaps > 0)]
    return float(gaps.min()) * 0.8 if len(gaps) else 0.8


def _image(ax: Axes, image: dict[str, object]) -> None:
    rows = list_of(image.get("entries"), lambda row: list_of(row, number_of, 100), 100)
    if rows and len({len(row) for row in rows}) == 1:
        ax.imshow(np.array(rows, dtype=float), aspect="auto", cmap="viridis")
        return
    width = count_of(image.get("width", 0))
    packed = [_bits(one) for one in list_of(image.get("pixels") or [], _text, 400)]
    if 0 < width <= 400 and packed and len({len(one) for one in packed}) == 1:
        bits = np.unpackbits(np.array(packed, dtype=np.uint8), axis=1)[:, :width]
        ax.imshow(bits, aspect="auto", cmap="Greys", interpolation="nearest")


def _text(row: object) -> str:
    return text_of(row)


def _bits(row: str) -> list[int]:
    return list(bytes.fromhex(row))
