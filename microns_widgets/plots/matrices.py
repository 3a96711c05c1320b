"""The connectivity matrix as an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import scipy
from matplotlib.colors import Colormap, ListedColormap
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import Array, FloatArray, IntArray
from microns_widgets.errors import InvalidType, MatrixError
from microns_widgets.plots._axes import (
    axes_or_new,
    mark_source,
    text_labels,
)
from microns_widgets.plots._legend import dot, draw_legend, type_dot
from microns_widgets.plots._text import PLAIN, shown_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase


_SMALL = 8


@checks_arguments
def plot_matrix(
    matrix: scipy.sparse.csr_array | Array,
    *,
    pre_labels: npt.ArrayLike | None = None,
    post_labels: npt.ArrayLike | None = None,
    value_label: str = "",
    source: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a matrix, with a strip of cell types along each axis and a legend.

    A pixel that covers several entries shows the largest of them, so that no connection
    disappears at any resolution or zoom. "No connection" has a colour of its own.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array or numpy.ndarray, shape (rows, columns)
        In a sparse matrix, every stored entry is a connection, whatever its value. In a dense
        matrix, 0, NaN and minus infinity mean no connection.
    pre_labels, post_labels : array_like of str, optional
        Type of each row and column, in order.
    value_label : str
        Label of the colour bar: quantity and unit.
    source : str, optional
        Source of the data, in small print in the corner.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        In units of cells, with row 0 and column 0 at the top left.

    Raises
    ------
    InvalidType
        If `matrix` is not a matrix of numbers.
    MatrixError
        If there is not one label for each row and column.

    Examples
    --------
    >>> matrix = con.matrix(value="count")
    >>> ax = mw.plots.plot_matrix(matrix.sparse, value_label="number of synapses")
    """
    if not scipy.sparse.issparse(matrix):
        try:
            matrix = np.asarray(matrix)
        except ValueError:  # lists of different lengths, which the next check reports
            matrix = np.asarray(None)
    if matrix.ndim != 2 or matrix.dtype.kind not in "buif":
        raise InvalidType(
            "plot_matrix was given something other than a matrix of numbers. For a "
            "ConnectivityMatrix, use matrix.plot(), or pass matrix.sparse."
        )
    rows, columns = matrix.shape
    for name, labels, length in (("pre", pre_labels, rows), ("post", post_labels, columns)):
        if labels is None:
            continue
        n_labels = len(text_labels(f"{name}_labels", labels))
        if n_labels != length:
            raise MatrixError(
                f"plot_matrix was given {n_labels} {name}_labels for {length} "
                f"{name}synaptic cells, expected one label for each cell, in the same order."
            )
    ax = axes_or_new(ax, (7, 6))
    picture = _BinnedImage(ax, matrix)
    ax.add_image(picture)
    picture.set_clip_path(ax.patch)
    ax.set_xlim(0, max(columns, 1))
    ax.set_ylim(max(rows, 1), 0)
    ax.set_aspect("equal" if 0.5 < rows / max(columns, 1) < 2 else "auto")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_xlabel(f"{columns:,} postsynaptic cells", labelpad=12)
    ax.set_ylabel(f"{rows:,} presynaptic cells", labelpad=14)
    ax.spines[:].set_visible(False)
    entries = [dot("no connection", palette.table()["no_connection"], "s")]
    low, high = picture.span
    if low < high:
        bar = ax.figure.colorbar(picture, ax=ax, shrink=0.6, pad=0.02)
        # On two lines, because the bar is short on a phone.
        bar.set_label(shown_lines(value_label.replace(" (", "\n(")), fontsize=_SMALL, **PLAIN)
        bar.ax.tick_params(labelsize=_SMALL)
        bar.outline.set_visible(False)
    else:
        # A single value, as in a binary matrix, needs no scale.
        entries.insert(0, dot(f"connection ({low:g})", picture.cmap(1.0), "s"))
    _strip(ax, pre_labels, vertical=True)
    _strip(ax, post_labels, vertical=False)
    for entry in entries:
        entry.set_markeredgecolor("#808080")
    draw_legend(ax, [*_types_of(pre_labels, post_labels), *entries])
    mark_source(ax, source)
    return ax


class _BinnedImage(AxesImage):
    """An image of a sparse matrix that is binned to the available pixels each time it is drawn.

    An ordinary image drops rows and columns if there are more of them than pixels: with 1,700
    cells on 400 pixels, it would lose three connections in four.
    """

    def __init__(self, ax: Axes, matrix: scipy.sparse.csr_array | Array) -> None:
        super().__init__(ax, cmap=_ramp(), interpolation="nearest", origin="upper")
        self._rows, self._columns, self._values = _entries(matrix)
        # A matrix without cells is drawn as one entry without a connection.
        self._size = max(matrix.shape[0], 1), max(matrix.shape[1], 1)
        values = self._values if self._values.size else np.array([0.0, 1.0])
        self.span = float(values.min()), float(values.max())
        low, high = self.span
        self.set_clim(low if low < high else low - 1, high)
        self._bin((0, self._size[0]), (0, self._size[1]), (400, 400))

    def draw(self, renderer: RendererBase) -> None:
        """Bin the visible part to the current number of pixels, and draw."""
        box = self.axes.get_window_extent(renderer)
        pixels = np.array([box.height, box.width]) * renderer.get_image_magnification()
        rows = self._visible_range(self.axes.get_ylim(), self._size[0])
        columns = self._visible_range(self.axes.get_xlim(), self._size[1])
        # One bin fewer than pixels: a bin that starts inside a pixel must reach its centre.
        n_rows, n_columns = np.maximum(pixels.astype(int) - 1, 1)
        self._bin(rows, columns, (int(n_rows), int(n_columns)))
        super().draw(renderer)

    @staticmethod
    def _visible_range(limits: tuple[float, float], length: int) -> tuple[int, int]:
        first = int(np.clip(np.floor(min(limits)), 0, length - 1))
        return first, int(np.clip(np.ceil(max(limits)), first + 1, length))

    def _bin(
        self, rows: tuple[int, int], columns: tuple[int, int], at_most: tuple[int, int]
    ) -> None:
        """Bin a window of cells, given as start and one past the end on each axis."""
        # A window with fewer cells than pixels is drawn cell by cell.
        n = [
            min(end - first, most)
            for (first, end), most in zip((rows, columns), at_most, strict=True)
        ]
        inside = (self._rows >= rows[0]) & (self._rows < rows[1])
        inside &= (self._columns >= columns[0]) & (self._columns < columns[1])
        pixel = (self._rows[inside] - rows[0]) * n[0] // (rows[1] - rows[0]) * n[1]
        pixel += (self._columns[inside] - columns[0]) * n[1] // (columns[1] - columns[0])
        picture = np.full(n[0] * n[1], -np.inf)
        np.maximum.at(picture, pixel, self._values[inside])
        empty = np.isneginf(picture)
        # matplotlib 3.10.0 also scales masked entries: one infinite value would hide all others.
        picture[empty] = self.span[0]
        self.set_data(np.ma.array(picture, mask=empty).reshape(n))
        self.set_extent((columns[0], columns[1], rows[1], rows[0]))


def _entries(matrix: Any) -> tuple[IntArray, IntArray, FloatArray]:
    """Return row, column and value of each connection."""
    if not isinstance(matrix, np.ndarray):
        entries = matrix.tocoo()
        rows, columns = entries.row, entries.col
        values = np.asarray(entries.data, dtype=np.float64)
    else:
        dense = np.asarray(matrix, dtype=np.float64)
        rows, columns = np.nonzero(np.isfinite(dense) & (dense != 0))
        values = dense[rows, columns]
    return rows.astype(np.int64), columns.astype(np.int64), values


def _ramp() -> Colormap:
    # Reversed viridis without its yellow: the weakest connection is green, clearly different
    # from the paper tone of "no connection", and the strongest one is darkest.
    from matplotlib import colormaps

    ramp = ListedColormap(colormaps["viridis_r"](np.linspace(0.25, 1, 256)).tolist())
    return ramp.with_extremes(bad=palette.table()["no_connection"])


def _strip(ax: Axes, labels: npt.ArrayLike | None, *, vertical: bool) -> None:
    if labels is None or not np.size(labels):
        return
    colors = palette.colors(np.asarray(labels, dtype=object))[:, :3]
    strip = ax.inset_axes((-0.022, 0, 0.018, 1) if vertical else (0, -0.022, 1, 0.018))
    strip.imshow(
        colors[:, None] if vertical else colors[None], aspect="auto", interpolation="nearest"
    )
    strip.axis("off")


def _types_of(*labels: npt.ArrayLike | None) -> list[Line2D]:
    axes = [np.asarray(axis, dtype=object) for axis in labels if axis is not None]
    names = palette.type_order(str(name) for axis in axes for name in axis)
    return [type_dot(name) for name in names]
