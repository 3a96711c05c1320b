"""The display of a skeleton in a notebook: cable length, extents and a small drawing."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from microns_widgets import palette
from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.anatomy.compartments import numbers_by_name
from microns_widgets.tables.html import html_name

_WIDTH, _HEIGHT = 220, 260


class _Drawable(Protocol):
    """What of a `Skeleton` is shown."""

    @property
    def root_id(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def vertices(self) -> FloatArray: ...
    @property
    def edges(self) -> IntArray: ...
    @property
    def compartment(self) -> IntArray: ...
    @property
    def n_vertices(self) -> int: ...
    @property
    def soma(self) -> int | None: ...
    @property
    def edges_to_children(self) -> IntArray: ...
    def cable_length(self, compartment: str | int | None = None) -> float: ...


def skeleton_html(skeleton: _Drawable) -> str:
    """Return HTML with a drawing from the front (x to the right, y down) and the numbers in um."""
    extents = np.ptp(skeleton.vertices, axis=0) / 1000
    cables = "".join(
        f"<li>{name}: {sum(map(skeleton.cable_length, numbers)):,.0f} µm</li>"
        for name, numbers in numbers_by_name(skeleton.compartment).items()
        if numbers and name != "soma"
    )
    title = f"Skeleton of cell {skeleton.root_id}" if skeleton.root_id else "Skeleton"
    return (
        '<div style="display:flex;gap:1em;flex-wrap:wrap;align-items:center">'
        f'{_drawing(skeleton, title)}<div style="flex:1 1 14em"><p><b>{title}</b>: '
        f"{skeleton.n_vertices:,} vertices, {skeleton.cable_length():,.0f} µm of cable"
        f"{', no soma in this skeleton' if skeleton.soma is None else ''}"
        f"{f'<br>{html_name(skeleton.source)}' if skeleton.source else ''}</p>"
        f"<ul>{cables}<li>x, y, z extents: {' × '.join(f'{e:,.0f}' for e in extents)} µm</li>"
        "</ul></div></div>"
    )


def _drawing(skeleton: _Drawable, title: str) -> str:
    points = skeleton.vertices[:, :2]
    low, size = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1.0)
    scale = min((_WIDTH - 8) / size[0], (_HEIGHT - 8) / size[1])
    # Whole pixels: edges that fall on each other are drawn once, so that the text stays small.
    pixels = np.rint((points - low) * scale + 4).astype(int)
    width, height = (np.rint(size * scale) + 8).astype(int)
    child = skeleton.edges_to_children
    paths = ""
    for name, numbers in numbers_by_name(skeleton.compartment).items():
        edges = skeleton.edges[np.isin(skeleton.compartment[child], numbers)]
        ends = pixels[edges].reshape(-1, 4)
        distinct = np.unique(ends[(ends[:, :2] != ends[:, 2:]).any(axis=1)], axis=0)
        if len(distinct):
            steps = "".join(f"M{a} {b}l{c - a} {d - b}" for a, b, c, d in distinct.tolist())
            paths += f'<path d="{steps}" stroke="{palette.color(name)}"/>'
    soma = ""
    if skeleton.soma is not None:
        x, y = pixels[skeleton.soma]
        soma = f'<circle cx="{x}" cy="{y}" r="4" fill="{palette.color("soma")}"/>'
    return (
        f'<svg width="{width}" height="{height}" role="img" aria-label="{title}, front view" '
        f'fill="none" stroke-width="1">{paths}{soma}</svg>'
    )
