"""A table of values by pre- and postsynaptic type, with the numbers printed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets.errors import InvalidArgument, InvalidType, quoted
from microns_widgets.plots._axes import (
    axes_or_new,
    mark_source,
    span_ends,
)
from microns_widgets.plots._text import PLAIN, shown, shown_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Smaller numbers would be illegible and are left out.
_SMALLEST = 4.5
# On the scale of ratios, as in the matrix explorer.
_RATIOS = (0.25, 0.5, 1, 2, 4)


@checks_arguments
def plot_type_summary(
    values: pd.DataFrame,
    *,
    label: str = "",
    span: tuple[float, float] | None = None,
    ratio: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a table of values by pre- and postsynaptic type, with the numbers printed in it.

    Parameters
    ----------
    values : pandas.DataFrame
        One of the frames of `TypeSummary`, such as ``probability``. Pairs of types without a
        value (NaN) stay empty.
    label : str
        Label of the colour bar: quantity and unit.
    span : tuple of float, optional
        Values at the two ends of the colour scale, so that several tables can be compared.
        Default: the lowest and the highest of `values`. Values beyond an end have its colour.
    ratio : bool
        Whether the values are ratios to chance. White is then 1, red is more and blue is less, on
        a logarithmic scale from a quarter to four times if there is no `span`.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: a new figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidType
        If `values` is not a frame.
    InvalidArgument
        If it is empty, or a span of ratios does not begin above 0.

    Examples
    --------
    >>> probability = con.matrix().by_type().probability
    >>> ax = mw.plots.plot_type_summary(probability, label="connection probability")
    """
    if not isinstance(values, pd.DataFrame):
        raise InvalidType(
            f"plot_type_summary was given {type(values).__name__}, expected a frame such as "
            "con.matrix().by_type().probability."
        )
    if values.empty:
        raise InvalidArgument(
            "plot_type_summary was given a frame without rows or columns, expected one per type."
        )
    # Imported here: seaborn takes a second to import, and only this figure needs it.
    import seaborn as sns
    from matplotlib.colors import LogNorm

    ax = axes_or_new(ax, (1.5 + 0.5 * values.shape[1], 1 + 0.45 * values.shape[0]))
    table = values.astype(float)
    # In seaborn, a dollar sign in a name would start a formula, so the names are set afterwards.
    table.index, table.columns = (pd.RangeIndex(length) for length in table.shape)
    known = table.to_numpy()[np.isfinite(table.to_numpy())]
    low, high = (
        span_ends(span)
        if span is not None
        else ((known.min(), known.max()) if known.size else (0, 1))
    )
    beyond = known.size > 0 and known.max() > high
    if ratio and span is None:
        low, high = _RATIOS[0], _RATIOS[-1]
    if ratio and low <= 0:
        raise InvalidArgument(
            f"span={quoted(span)} does not fit ratio=True, whose scale is logarithmic. Expected "
            "two numbers above 0, such as span=(0.25, 4)."
        )
    numbers = _number_texts(table)
    font = _font_size(ax, numbers)
    sns.heatmap(
        table,
        ax=ax,
        cmap="RdBu_r" if ratio else "viridis",
        # With `clip`, a ratio of 0 has the colour of the lowest one.
        norm=LogNorm(low, high, clip=True) if ratio else None,
        vmin=low,
        vmax=high,
        annot=numbers if font >= _SMALLEST else None,
        fmt="",
        annot_kws={"fontsize": font},
        square=True,
        cbar_kws={"shrink": 0.6, "extend": "both" if ratio else "max" if beyond else "neither"},
    )
    bar = ax.collections[-1].colorbar
    assert bar is not None
    bar.set_label(shown_lines(label), **PLAIN)
    if ratio:
        bar.ax.minorticks_off()
        bar.set_ticks([one for one in _RATIOS if low <= one <= high])
        bar.ax.yaxis.set_major_formatter("{x:g}")
    for set_ticks, places, names in (
        (ax.set_xticks, ax.get_xticks(), values.columns),
        (ax.set_yticks, ax.get_yticks(), values.index),
    ):
        # Ticks are at the centre of their row or column.
        labels = [shown(names[int(place)]) or "unknown" for place in places]
        set_ticks(places, labels=labels, **PLAIN)
    ax.set_facecolor(palette.table()["no_connection"])
    ax.tick_params(axis="x", labelrotation=90, labelsize=8)
    ax.tick_params(axis="y", labelrotation=0, labelsize=8)
    ax.set_xlabel("postsynaptic type")
    ax.set_ylabel("presynaptic type")
    mark_source(ax, str(values.attrs.get("source", "")))
    return ax


def _number_texts(values: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the numbers as text, all with the decimals that give the largest three digits."""
    known = values.to_numpy()[np.isfinite(values.to_numpy())]
    largest = float(np.abs(known).max(initial=0))
    whole = bool((known == np.round(known)).all())
    decimals = 0 if whole or not largest else int(np.clip(2 - np.floor(np.log10(largest)), 0, 3))

    def write(value: float) -> str:
        # "0" is a pair of types that never connects, ".000" one that hardly ever does. The zero
        # before the decimal point is dropped to save space.
        return "0" if value == 0 else f"{value:,.{decimals}f}".removeprefix("0")

    return np.array([[write(value) for value in row] for row in values.to_numpy()], dtype=object)


def _font_size(ax: Axes, numbers: npt.NDArray[np.object_]) -> float:
    """Return a font size that lets the longest number fit into its square, 7 points at most."""
    # Type names and the colour bar take some of the width; how much is known only after layout.
    width = 0.75 * ax.get_window_extent().width * 72 / ax.figure.dpi / max(numbers.shape[1], 1)
    longest = max((len(text) for text in numbers.ravel()), default=1)
    return float(min(7, width / (0.68 * longest)))
