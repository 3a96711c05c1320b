"""Helpers for tests of figures: a small neuron, the sample, and what a figure contains."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

import microns_widgets as mw
from microns_widgets._typing import FloatArray
from microns_widgets.anatomy.skeleton import Skeleton


def neuron(**changes) -> Skeleton:
    """A soma (0), a thick axon down to (1) and on (2, 3), a dendrite (4), an apical one (5).

    It spans 6 um across and 9 um down, from -2 to 4 and from -3 to 6.
    """
    parts = {
        "vertices": [
            *([0, 0, 0], [0, 3000, 1000], [4000, 3000, 2000]),
            *([0, 6000, 1000], [-2000, 0, 0], [0, -3000, 0]),
        ],
        "edges": [[0, 1], [2, 1], [1, 3], [4, 0], [5, 0]],
        "radius": [6000, 1000, 500, 1, 400, 800],
        "compartment": [1, 2, 2, 2, 3, 4],
        "root": 0,
        "source": "test neuron",
    } | changes
    return Skeleton(**parts)


def moved(cell: Skeleton, x: float, y: float) -> Skeleton:
    """Return the same cell, shifted by so many nm."""
    return replace(cell, vertices=cell.vertices + np.array([x, y, 0]))


@cache
def sample() -> mw.Connectome:
    return mw.load(quiet=True)


def first_basket_cell() -> int:
    return int(sample().select(cell_type="BC", proofread=True)[0])


def draw(ax: Axes) -> Axes:
    """Draw the figure, so that everything that depends on its size is final."""
    ax.figure.canvas.draw()
    return ax


def pixels(figure: Figure) -> npt.NDArray[np.uint8]:
    figure.canvas.draw()
    return np.array(figure.canvas.buffer_rgba())


def points_per_unit(ax: Axes) -> float:
    """Return the length of one unit of the horizontal axis in points."""
    (left, _), (right, _) = ax.transData.transform([(0, 0), (1, 0)])
    return float(right - left) * 72 / ax.figure.dpi


def legend_texts(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


def written(ax: Axes) -> set[str]:
    """Return all texts in the axes."""
    return {text.get_text() for text in ax.texts}


def points_drawn(ax: Axes) -> FloatArray:
    """Return the positions of all scattered points, shape (n, 2)."""
    return np.concatenate([np.asarray(own.get_offsets()) for own in scatters(ax)])


def scatters(ax: Axes) -> list[PathCollection]:
    """Return the scatter plots that have points, the lowest first."""
    return [
        own for own in ax.collections if isinstance(own, PathCollection) and own.get_offsets().size
    ]
