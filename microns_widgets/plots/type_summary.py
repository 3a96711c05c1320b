"""A table of type by type, with its numbers written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets import palette
from microns_widgets.plots._axes import axes_or_new, mark_source

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Smaller numbers could not be read, and are left out.
_SMALLEST = 4.5


def plot_type_summary(
    values: pd.DataFrame,
    *,
    label: str = "",
    span: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a table of type by type, with its numbers written in.

    Parameters
    ----------
    values : pandas.DataFrame
        One of `TypeSummary`'s frames, such as ``probability``. Pairs of types without a
        value (NaN) stay empty.
    label : str
        What the numbers are, with their unit.
    span : tuple of float, optional
        Values at the ends of the colours, so that two tables can be compared; the lowest
        and the highest of `values` without it. What lies beyond has the last colour.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure without it.
    """
    # Imported here: seaborn takes a second that only this figure needs.
    import seaborn as sns

    ax = axes_or_new(ax, (1.5 + 0.5 * values.shape[1], 1 + 0.45 * values.shape[0]))
    named = values.astype(float)
    named.index, named.columns = (
        pd.Index([name or "unknown" for name in axis]) for axis in (values.index, values.columns)
    )
    known = named.to_numpy()[np.isfinite(named.to_numpy())]
    low, high = span or ((known.min(), known.max()) if known.size else (0, 1))
    beyond = known.size > 0 and known.max() > high
    numbers = _written(named)
    font = _font_size(ax, numbers)
    sns.heatmap(
        named,
        ax=ax,
        cmap="viridis",
        vmin=low,
        vmax=high,
        annot=numbers if font >= _SMALLEST else None,
        fmt="",
        annot_kws={"fontsize": font},
        square=True,
        cbar_kws={"label": label, "shrink": 0.6, "extend": "max" if beyond else "neither"},
    )
    ax.set_facecolor(palette.table()["no_connection"])
    ax.tick_params(axis="x", labelrotation=90, labelsize=8)
    ax.tick_params(axis="y", labelrotation=0, labelsize=8)
    ax.set_xlabel("postsynaptic type")
    ax.set_ylabel("presynaptic type")
    mark_source(ax, str(values.attrs.get("source", "")))
    return ax


def _written(values: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The numbers as text: the largest with three digits, all with as many decimals."""
    known = values.to_numpy()[np.isfinite(values.to_numpy())]
    largest = float(np.abs(known).max(initial=0))
    whole = bool((known == np.round(known)).all())
    decimals = 0 if whole or not largest else int(np.clip(2 - np.floor(np.log10(largest)), 0, 3))

    def write(value: float) -> str:
        # A pair of types that never connects reads "0", one that hardly does ".000"; the
        # nought before the point says nothing and takes room.
        return "0" if value == 0 else f"{value:,.{decimals}f}".removeprefix("0")

    return np.array([[write(value) for value in row] for row in values.to_numpy()], dtype=object)


def _font_size(ax: Axes, numbers: npt.NDArray[np.object_]) -> float:
    """Points that let the longest number fit into its field, 7 at most."""
    # Names and the colour bar take some of the axes' width, which layout tells too late.
    width = 0.75 * ax.get_window_extent().width * 72 / ax.figure.dpi / max(numbers.shape[1], 1)
    longest = max((len(text) for text in numbers.ravel()), default=1)
    return float(min(7, width / (0.68 * longest)))
