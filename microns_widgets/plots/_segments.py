"""A skeleton as line segments, and lines as thick as the neurite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection

from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.anatomy.skeleton import Skeleton

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase


# A neurite of 0.1 um would be invisible in a figure that spans a millimetre.
_THINNEST_POINTS = 0.5


class Tubes(LineCollection):
    """Line segments with widths in the unit of the axes, whatever the size of the figure.

    Parameters
    ----------
    segments : numpy.ndarray, shape (m, 2, 2)
        End points in the unit of the axes.
    diameters : numpy.ndarray, shape (m,)
        Widths in the unit of the axes. Lines are at least half a point wide.
    **style
        Keywords of `matplotlib.collections.LineCollection`.
    """

    def __init__(self, segments: FloatArray, diameters: FloatArray, **style: Any) -> None:
        super().__init__(list(segments), **style)
        self._diameters = diameters

    def draw(self, renderer: RendererBase) -> None:
        """Set the widths for the current scale of the axes, and draw."""
        figure = self.get_figure(root=True)
        assert self.axes is not None
        assert figure is not None
        one = self.axes.transData.transform([(0, 0), (1, 0)])
        points_per_unit = float(np.linalg.norm(one[1] - one[0])) * 72 / figure.dpi
        self.set_linewidth(np.maximum(self._diameters * points_per_unit, _THINNEST_POINTS).tolist())
        super().draw(renderer)


def skeleton_segments(skeleton: Skeleton, columns: tuple[int, int]) -> tuple[FloatArray, IntArray]:
    """Cut a skeleton into segments, long branches first, each from its tip to the root.

    Parameters
    ----------
    skeleton : Skeleton
        One cell.
    columns : tuple of int
        Which of x, y and z go across and down the figure.

    Returns
    -------
    segments : numpy.ndarray, shape (m, 2, 2)
        End points in nm.
    start : numpy.ndarray, shape (m,)
        The vertex whose radius and compartment apply to a segment: the one farther from the
        root.
    """
    parents = skeleton.parents.tolist()
    tips = skeleton.end_points
    distance = skeleton.path_distance[tips]
    far_first = tips[np.argsort(-np.where(np.isfinite(distance), distance, 0))]
    visited = bytearray(skeleton.n_vertices)
    order: list[int] = []
    for tip in far_first.tolist():
        vertex = tip
        while vertex >= 0 and not visited[vertex]:
            visited[vertex] = 1
            order.append(vertex)
            vertex = parents[vertex]
    start = np.array([vertex for vertex in order if parents[vertex] >= 0], dtype=np.int64)
    points = skeleton.vertices[:, columns]
    return np.stack([points[start], points[skeleton.parents[start]]], axis=1), start
