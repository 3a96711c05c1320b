"""Distributions: how strong connections are, and how many a cell makes and receives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from microns_widgets import palette
from microns_widgets.plots._axes import (
    axes_or_new,
    ink,
    mark_source,
    scatter_by_type,
)
from microns_widgets.plots._legend import draw_legend, type_dot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis


def plot_strengths(
    strengths: npt.ArrayLike,
    *,
    label: str = "summed synapse size (voxels)",
    source: str = "",
    bins: int = 60,
    ax: Axes | None = None,
) -> Axes:
    """Draw how strong connections are on a logarithmic axis, with the log-normal fit.

    The fit is the normal distribution with the mean and the standard deviation of the
    logarithms, the maximum-likelihood one.

    Parameters
    ----------
    strengths : array_like, shape (n,)
        Strength of each connection, such as ``matrix.strengths()``; values that are not
        above 0 have no logarithm and are left out, and their number is said.
    label : str
        What the strengths are, with their unit.
    source : str, optional
        Stands small in the corner.
    bins : int
        Number of bars.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.
    """
    given = np.asarray(strengths, dtype=np.float64).ravel()
    values = given[given > 0]
    ax = axes_or_new(ax, (5.5, 4))
    ax.set_xscale("log")
    ax.set_xlabel(label)
    ax.set_ylabel("connections")
    ax.spines[["top", "right"]].set_visible(False)
    mark_source(ax, source)
    if len(values) < 2 or np.ptp(values) == 0:
        ax.set_title(f"{len(values)} connections: too few to show how they spread", fontsize=9)
        return ax
    logs = np.log10(values)
    edges = np.linspace(logs.min(), logs.max(), bins + 1)
    bounds = 10**edges
    bounds[[0, -1]] = values.min(), values.max()  # which rounding may have left outside
    ax.hist(values, bins=bounds.tolist(), color=palette.color("output"), alpha=0.75)
    mean, spread = float(logs.mean()), float(logs.std())
    grid = np.linspace(edges[0], edges[-1], 300)
    density = np.exp(-0.5 * ((grid - mean) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
    ax.plot(10**grid, density * len(values) * (edges[1] - edges[0]), color=ink(ax), linewidth=1.5)
    left_out = f"; {len(given) - len(values):,} not above 0 left out" * (len(given) > len(values))
    ax.set_ylim(top=ax.get_ylim()[1] * 1.2)
    ax.text(
        0.02,
        0.98,
        f"{len(values):,} connections{left_out}\n"
        f"log-normal: median {10**mean:,.0f}, σ = {spread:.2f} decades",
        transform=ax.transAxes,
        va="top",
        fontsize=8,
    )
    return ax


def plot_degrees(
    degrees: pd.DataFrame,
    labels: npt.ArrayLike,
    *,
    of: str = "synapses",
    ax: Axes | None = None,
) -> Axes:
    """Draw in- against out-degree of cells by type, on logarithmic axes.

    Parameters
    ----------
    degrees : pandas.DataFrame
        Rows of `Connectome.degrees`.
    labels : array_like of str, shape (n,)
        Each cell's type.
    of : {"synapses", "partners"}
        What is counted.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.

    Raises
    ------
    ValueError
        For another `of`, or if there is not one label for each cell.
    """
    kinds = {
        "synapses": ("s", "synapses received", "synapses made"),
        "partners": ("_partners", "presynaptic partners", "postsynaptic partners"),
    }
    if of not in kinds:
        raise ValueError(f"There are no degrees of {of!r}, expected 'synapses' or 'partners'.")
    names = np.asarray(labels, dtype=object).astype(str).astype(object)
    if len(names) != len(degrees):
        raise ValueError(
            f"{len(names)} labels were given for {len(degrees)} cells, expected one for each."
        )
    ax = axes_or_new(ax, (6, 4.5))
    suffix, received, made = kinds[of]
    columns = [f"n_{side}{suffix}" for side in ("input", "output")]
    numbers = degrees[columns].to_numpy(dtype=np.float64)
    scatter_by_type(ax, numbers, names, 18, alpha=0.8)
    order = palette.type_order(names)
    for axis, own in zip("xy", numbers.T, strict=True):
        _make_logarithmic(ax, axis, own)
    ax.set_xlabel(f"inputs: {received}")
    ax.set_ylabel(f"outputs: {made}")
    ax.spines[["top", "right"]].set_visible(False)
    draw_legend(ax, [type_dot(label, int((names == label).sum())) for label in order])
    mark_source(ax, str(degrees.attrs.get("source", "")))
    return ax


def _make_logarithmic(ax: Axes, name: str, values: npt.NDArray[np.float64]) -> None:
    axes: dict[str, Axis] = {"x": ax.xaxis, "y": ax.yaxis}
    set_scale = {"x": ax.set_xscale, "y": ax.set_yscale}[name]
    positive = values[values > 0]
    smallest, largest = positive.min(initial=np.inf), positive.max(initial=1)
    if len(positive) == len(values) > 0:
        set_scale("log")
        axes[name].set_major_locator(LogLocator(subs=(1, 2, 5)))
        low = smallest / 1.3
    else:
        # Zero has no logarithm but cells without outputs exist: linear below the first
        # power of ten that a cell reaches.
        decade = 10.0 ** np.floor(np.log10(min(smallest, largest)))
        set_scale("symlog", linthresh=decade, linscale=0.4)
        low = -0.3 * decade
    ax.set(**{f"{name}lim": (low, 1.3 * largest)})
    axes[name].set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes[name].set_minor_formatter(NullFormatter())
