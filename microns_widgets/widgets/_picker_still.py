"""The cell picker as a picture, for places where it cannot run.

The widget appears only once its picture is there, and matplotlib takes seconds to import and to
draw 90,000 cells. So the dots are drawn into an array, and the rest with pillow.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from microns_widgets import palette
from microns_widgets._typing import FloatArray
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM, in_volume, to_cortical
from microns_widgets.errors import one_line
from microns_widgets.tables.source import source_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

#: Size in pixels at 100 dpi, and the part of it that the map has: left, top, right, bottom.
_SIZE = (700, 440)
_MAP = (52, 34, 520, 420)
#: The dots are drawn this much larger, and then averaged.
_OVERSAMPLING = 2
_LEGEND_STEP, _INK, _SOFT = 17, "#1f2328", "#57606a"


def picker_still(
    cells: pd.DataFrame, filtered: Collection[int], selected: Collection[int], scale: float = 1.0
) -> Image:
    """Draw the soma map of the cells that match the filters, with rings around the selected ones.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cell table (positions in nm).
    filtered, selected : collection of int
        Root ids.
    scale : float
        Pixels of the picture relative to 700 x 440.
    """
    from PIL import Image, ImageDraw

    places, labels = _somata(cells)
    ids = cells["pt_root_id"].to_numpy()
    shown_cells = np.isin(ids, [*filtered]) & (ids != 0)
    rings = np.isin(ids, [*selected]) & (ids != 0)
    zoom = _OVERSAMPLING * scale
    size = tuple(round(side * zoom) for side in _SIZE)
    pixels = np.full((size[1], size[0], 3), 255, dtype=np.uint8)
    at = _pixels(places, places, zoom)
    seen = np.flatnonzero(shown_cells & np.isfinite(at).all(axis=1))
    codes, types = pd.factorize(labels[seen])
    colors = (255 * palette.colors(types)[:, :3]).round().astype(np.uint8)[codes]
    dot = max(2, round((3 if len(seen) < 20_000 else 2) * scale))
    corner = at[seen].round().astype(int) - dot // 2
    for dx in range(dot):
        for dy in range(dot):
            pixels[corner[:, 1] + dy, corner[:, 0] + dx] = colors
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    if np.isfinite(at).any():
        _draw_layers(draw, places, zoom)
    for x, y in at[rings & np.isfinite(at).all(axis=1)]:
        radius = 5 * zoom
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_INK, width=2)
    outside = int((shown_cells & ~np.isfinite(at).all(axis=1)).sum())
    title = still_title(int(shown_cells.sum()), int((ids != 0).sum()), int(rings.sum()), outside)
    draw.text((_MAP[0] * zoom, 8 * zoom), title, _INK, _font(12 * zoom))
    _draw_legend(draw, labels[seen], zoom)
    source = one_line(source_of(cells), 110)
    draw.text((_MAP[0] * zoom, (_SIZE[1] - 16) * zoom), source, _SOFT, _font(9 * zoom))
    return image.reduce(_OVERSAMPLING)


def still_title(n_shown: int, n_all: int, n_selected: int, n_outside: int = 0) -> str:
    """Return the line above the map."""
    missing = f"; {n_outside:,} outside the volume not shown" if n_outside else ""
    return f"{n_shown:,} of {n_all:,} cells; {n_selected:,} selected{missing}"


def still_png(image: Image) -> bytes:
    """Return a picture as a small PNG."""
    file = io.BytesIO()
    image.quantize(128).save(file, "png")
    return file.getvalue()


def _somata(cells: pd.DataFrame) -> tuple[FloatArray, Any]:
    """Return x and depth of each cell (um; NaN outside the volume), and its type."""
    positions = cells[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy()
    inside = in_volume(positions, source_of(cells))
    places = np.where(inside[:, None], to_cortical(positions)[:, :2], np.nan)
    return places, cells["cell_type_auto"].astype(object).fillna("").to_numpy()


def _pixels(points: FloatArray, places: FloatArray, zoom: float) -> FloatArray:
    """Return the pixels of points on the scale at which all places are visible."""
    left, top, right, bottom = (side * zoom for side in _MAP)
    if not np.isfinite(places).any():
        return points
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    across, down = np.maximum(high - low, 1)
    factor = min((right - left) / across, (bottom - top) / down)
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    pixels: FloatArray = (points - (low + high) / 2) * factor + middle
    return pixels


def _draw_layers(draw: ImageDraw, places: FloatArray, zoom: float) -> None:
    left, top, right, bottom = (side * zoom for side in _MAP)
    highest = np.nanmin(places[:, 1])
    for name, borders in LAYER_BORDERS_UM.items():
        at = _pixels(np.array([[0, um] for um in borders]), places, zoom)[:, 1]
        for y, um in zip(at, borders, strict=True):
            if top <= y <= bottom:
                draw.line((left, y, right, y), fill="#c9ced4", width=1)
                draw.text((left - 6 * zoom, y), f"{um:.0f}", _SOFT, _font(9 * zoom), anchor="rm")
        if at[0] < bottom and borders[1] > highest:
            y = float(np.clip(at, top, bottom).mean())
            label = name if name == "WM" else f"L{name}"
            draw.text((right + 6 * zoom, y), label, _SOFT, _font(9 * zoom), anchor="lm")
    draw.text((4 * zoom, 22 * zoom), "depth (µm)", _SOFT, _font(9 * zoom))


def _draw_legend(draw: ImageDraw, labels: Any, zoom: float) -> None:
    counts = pd.Series(labels).value_counts()
    order = palette.type_order(counts.index)
    most = (_MAP[3] - _MAP[1]) // _LEGEND_STEP
    x, y = (_MAP[2] + 40) * zoom, _MAP[1] * zoom
    for label in order if len(order) <= most else order[: most - 1]:
        draw.ellipse((x, y, x + 8 * zoom, y + 8 * zoom), fill=palette.color(label))
        text = f"{one_line(label, 14) or 'unknown'} ({counts[label]:,})"
        draw.text((x + 14 * zoom, y + 4 * zoom), text, _INK, _font(10 * zoom), anchor="lm")
        y += _LEGEND_STEP * zoom
    if len(order) > most:
        text = f"and {len(order) - most + 1} more types"
        draw.text((x, y + 4 * zoom), text, _SOFT, _font(10 * zoom), anchor="lm")


@cache
def _font(size: float) -> Any:
    """Return matplotlib's font, without the second that importing matplotlib takes."""
    from PIL import ImageFont

    spec = find_spec("matplotlib")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder, "mpl-data", "fonts", "ttf", "DejaVuSans.ttf")
        if path.is_file():
            return ImageFont.truetype(str(path), round(size))
    return ImageFont.load_default()
