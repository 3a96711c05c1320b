"""The connectivity matrix as a picture, and its summary by type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.colors import ListedColormap
from scipy import sparse

from microns_widgets import palette
from microns_widgets.plots._axes import axes_or_new, legend_beside, mark_source, type_dot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# More pixels than this on one axis no screen and no page shows.
_MOST_PIXELS = 2_000


def plot_matrix(
    matrix: sparse.csr_array | npt.NDArray[Any],
    *,
    pre_labels: npt.ArrayLike | None = None,
    post_labels: npt.ArrayLike | None = None,
    value_label: str = "",
    source: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a matrix, with a strip of types on each axis and a legend.

    Where several cells share a pixel it shows the largest of their values, so that no
    connection disappears. "No connection" has a colour of its own.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array or numpy.ndarray, shape (rows, columns)
        Sparse: what is stored is connected, whatever its value. Dense: 0 and minus
        infinity are no connection.
    pre_labels, post_labels : array_like of str, optional
        Type of each row and column, in order.
    value_label : str
        What the values are, with their unit, for the colour bar.
    source : str, optional
        Stands small in the corner.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.
    """
    ax = axes_or_new(ax, (7, 6))
    picture = _binned(matrix)
    shown = picture[np.isfinite(picture)]
    colors = ListedColormap(_ramp())
    colors.set_bad(palette.table()["no_connection"])
    low = float(shown.min()) if shown.size else 0.0
    high = float(shown.max()) if shown.size else 1.0
    rows, columns = matrix.shape
    drawn = ax.imshow(
        np.ma.masked_invalid(picture),
        cmap=colors,
        vmin=low,
        vmax=high if high > low else low + 1,
        interpolation="nearest",
        extent=(0, columns, rows, 0),
        aspect="equal" if 0.5 < rows / max(columns, 1) < 2 else "auto",
    )
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_xlabel(f"{columns:,} postsynaptic cells", labelpad=12)
    ax.set_ylabel(f"{rows:,} presynaptic cells", labelpad=14)
    for spine in ax.spines.values():
        spine.set_visible(False)
    bar = ax.figure.colorbar(drawn, ax=ax, shrink=0.6, pad=0.02, label=value_label)
    bar.outline.set_visible(False)
    _strip(ax, pre_labels, vertical=True)
    _strip(ax, post_labels, vertical=False)
    _legend_of_types(ax, pre_labels, post_labels)
    mark_source(ax, source)
    return ax


def plot_type_summary(values: pd.DataFrame, *, label: str = "", ax: Axes | None = None) -> Axes:
    """Draw a table of type by type, with its numbers written in.

    Parameters
    ----------
    values : pandas.DataFrame
        One of `TypeSummary`'s frames, such as ``probability``.
    label : str
        What the numbers are, with their unit.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.
    """
    # Imported here: seaborn takes a second that only this figure needs.
    import seaborn as sns

    ax = axes_or_new(ax, (1 + 0.55 * values.shape[1], 1 + 0.45 * values.shape[0]))
    named = values.rename(index=lambda name: name or "unknown").rename(
        columns=lambda name: name or "unknown"
    )
    largest = float(np.nanmax(named.to_numpy(dtype=float))) if named.notna().any().any() else 1.0
    sns.heatmap(
        named.astype(float),
        ax=ax,
        cmap="viridis",
        annot=True,
        fmt=".2f" if largest < 10 else ".0f",
        annot_kws={"fontsize": 7},
        square=True,
        cbar_kws={"label": label, "shrink": 0.6},
    )
    ax.set_facecolor(palette.table()["no_connection"])
    ax.set_xlabel("postsynaptic type")
    ax.set_ylabel("presynaptic type")
    mark_source(ax, str(values.attrs.get("source", "")))
    return ax


def _ramp() -> npt.NDArray[np.float64]:
    # Viridis from its middle blue to yellow would hide weak connections in the dark; the
    # reversed range begins light green, clearly off the paper tone of "no connection".
    from matplotlib import colormaps

    return np.asarray(colormaps["viridis_r"](np.linspace(0.25, 1, 256)))


def _binned(matrix: sparse.csr_array | npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Largest value in each pixel, NaN where nothing is connected."""
    if not sparse.issparse(matrix):
        matrix = sparse.csr_array(np.where(np.isfinite(matrix), matrix, 0))
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    shape = [min(length, _MOST_PIXELS) for length in matrix.shape]
    picture = np.full(shape[0] * shape[1], -np.inf)
    pixel = (rows * shape[0] // max(matrix.shape[0], 1)) * shape[1]
    pixel += matrix.indices.astype(np.int64) * shape[1] // max(matrix.shape[1], 1)
    np.maximum.at(picture, pixel, matrix.data)
    picture[picture == -np.inf] = np.nan
    return picture.reshape(shape)


def _strip(ax: Axes, labels: npt.ArrayLike | None, *, vertical: bool) -> None:
    if labels is None or not np.size(labels):
        return
    colors = palette.colors(np.asarray(labels, dtype=object))[:, :3]
    box = (-0.022, 0, 0.018, 1) if vertical else (0, -0.022, 1, 0.018)
    strip = ax.inset_axes(box)
    strip.imshow(
        colors[:, None] if vertical else colors[None], aspect="auto", interpolation="nearest"
    )
    strip.axis("off")


def _legend_of_types(ax: Axes, *labels: npt.ArrayLike | None) -> None:
    given = [np.asarray(own, dtype=object) for own in labels if own is not None]
    names = {str(name) for own in given for name in own}
    if not names:
        return
    legend_beside(ax, [type_dot(name) for name in palette.type_order(names)])
