"""Distributions: strengths of connections, and numbers of inputs and outputs per cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import FloatArray
from microns_widgets.errors import InvalidArgument, check_choice
from microns_widgets.plots._axes import (
    axes_or_new,
    check_columns,
    check_count,
    ink,
    mark_source,
    scatter_by_type,
    text_labels,
)
from microns_widgets.plots._legend import draw_legend, type_dot
from microns_widgets.plots._text import PLAIN, shown_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis


@checks_arguments
def plot_strengths(
    strengths: npt.ArrayLike,
    *,
    label: str = "summed synapse size (voxels)",
    source: str = "",
    bins: int = 60,
    ax: Axes | None = None,
) -> Axes:
    """Draw the distribution of connection strengths on a logarithmic axis, with a log-normal fit.

    The fit is the maximum-likelihood one: a normal distribution with the mean and the standard
    deviation of the logarithms.

    Parameters
    ----------
    strengths : array_like, shape (n,)
        Strength of each connection, such as ``matrix.strengths()``. Values of 0 or less have no
        logarithm: the figure leaves them out and prints their number.
    label : str
        Label of the axis: quantity and unit.
    source : str, optional
        Source of the data, in small print in the corner.
    bins : int
        Number of bars.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: a new figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidArgument
        If the strengths are not numbers.

    Examples
    --------
    >>> matrix = con.matrix()
    >>> ax = mw.plots.plot_strengths(matrix.strengths(), source=matrix.source)
    """
    try:
        everything = np.asarray(strengths, dtype=np.float64).ravel()
    except (TypeError, ValueError):
        raise InvalidArgument(
            "strengths are not numbers. Pass the values, such as matrix.strengths()."
        ) from None
    check_count("bins", bins, 10_000)
    values = everything[everything > 0]
    ax = axes_or_new(ax, (5.5, 4))
    ax.set_xscale("log")
    ax.set_xlabel(shown_lines(label), **PLAIN)
    ax.set_ylabel("connections")
    ax.spines[["top", "right"]].set_visible(False)
    mark_source(ax, source)
    if len(values) < 2 or np.ptp(values) == 0:
        ax.set_title(f"{len(values)} connections: too few for a distribution", fontsize=9)
        return ax
    logs = np.log10(values)
    edges = np.linspace(logs.min(), logs.max(), bins + 1)
    bounds = 10**edges
    bounds[[0, -1]] = values.min(), values.max()  # rounding may have excluded them
    ax.hist(values, bins=bounds.tolist(), color=palette.color("output"), alpha=0.75)
    mean, spread = float(logs.mean()), float(logs.std())
    grid = np.linspace(edges[0], edges[-1], 300)
    density = np.exp(-0.5 * ((grid - mean) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
    ax.plot(10**grid, density * len(values) * (edges[1] - edges[0]), color=ink(ax), linewidth=1.5)
    n_left_out = len(everything) - len(values)
    note = f"; {n_left_out:,} values of 0 or less omitted" if n_left_out else ""
    ax.set_ylim(top=ax.get_ylim()[1] * 1.2)
    ax.text(
        0.02,
        0.98,
        f"{len(values):,} connections{note}\n"
        f"log-normal: median {10**mean:,.0f}, σ = {spread:.2f} decades",
        transform=ax.transAxes,
        va="top",
        fontsize=8,
    )
    return ax


@checks_arguments
def plot_degrees(
    degrees: pd.DataFrame,
    labels: npt.ArrayLike,
    *,
    of: str = "synapses",
    ax: Axes | None = None,
) -> Axes:
    """Draw the out-degree of cells against their in-degree, by type, on logarithmic axes.

    Parameters
    ----------
    degrees : pandas.DataFrame
        Rows of `Connectome.degrees`.
    labels : array_like of str, shape (n,)
        Type of each cell.
    of : {"synapses", "partners"}
        What to count.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: a new figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidArgument
        If `of` has another value, or there is not one label for each cell.
    UnknownColumn
        If `degrees` lacks the columns of `Connectome.degrees`.
    InvalidType
        If `degrees` is not a DataFrame.

    Examples
    --------
    >>> cells = con.select(proofread=True)
    >>> ax = mw.plots.plot_degrees(con.degrees().loc[cells], con.labels(cells))
    """
    kinds = {
        "synapses": ("s", "synapses received", "synapses made"),
        "partners": ("_partners", "presynaptic partners", "postsynaptic partners"),
    }
    check_choice("of", of, tuple(kinds))
    suffix, x_label, y_label = kinds[of]
    columns = [f"n_{side}{suffix}" for side in ("input", "output")]
    check_columns("degrees", degrees, columns)
    names = text_labels("labels", labels)
    if len(names) != len(degrees):
        raise InvalidArgument(
            f"plot_degrees was given {len(names)} labels for {len(degrees)} cells, expected one "
            "label for each cell."
        )
    ax = axes_or_new(ax, (6, 4.5))
    numbers = degrees[columns].to_numpy(dtype=np.float64)
    scatter_by_type(ax, numbers, names, 18, alpha=0.8)
    order = palette.type_order(names)
    for axis, values in zip("xy", numbers.T, strict=True):
        _make_logarithmic(ax, axis, values)
    ax.set_xlabel(f"inputs: {x_label}")
    ax.set_ylabel(f"outputs: {y_label}")
    ax.spines[["top", "right"]].set_visible(False)
    draw_legend(ax, [type_dot(label, int((names == label).sum())) for label in order])
    mark_source(ax, str(degrees.attrs.get("source", "")))
    return ax


def _make_logarithmic(ax: Axes, name: str, values: FloatArray) -> None:
    axes: dict[str, Axis] = {"x": ax.xaxis, "y": ax.yaxis}
    set_scale = {"x": ax.set_xscale, "y": ax.set_yscale}[name]
    positive = values[values > 0]
    smallest, largest = positive.min(initial=np.inf), positive.max(initial=1)
    if len(positive) == len(values) > 0:
        set_scale("log")
        axes[name].set_major_locator(LogLocator(subs=(1, 2, 5)))
        low = smallest / 1.3
    else:
        # Zero has no logarithm, but there are cells without outputs: the axis is linear below
        # the power of ten of the smallest positive value.
        decade = 10.0 ** np.floor(np.log10(min(smallest, largest)))
        set_scale("symlog", linthresh=decade, linscale=0.4)
        low = -0.3 * decade
    ax.set(**{f"{name}lim": (low, 1.3 * largest)})
    axes[name].set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes[name].set_minor_formatter(NullFormatter())
