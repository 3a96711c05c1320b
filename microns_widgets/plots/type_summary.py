"""A table of type by type, with its numbers written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microns_widgets import palette
from microns_widgets.plots._axes import axes_or_new, mark_source

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_type_summary(values: pd.DataFrame, *, label: str = "", ax: Axes | None = None) -> Axes:
    """Draw a table of type by type, with its numbers written in.

    Parameters
    ----------
    values : pandas.DataFrame
        One of `TypeSummary`'s frames, such as ``probability``. Pairs of types without a
        value (NaN) stay empty.
    label : str
        What the numbers are, with their unit.
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
    sns.heatmap(
        named,
        ax=ax,
        cmap="viridis",
        annot=True,
        fmt=".2f" if not known.size or known.max() < 10 else ".0f",
        annot_kws={"fontsize": 7},
        square=True,
        cbar_kws={"label": label, "shrink": 0.6},
    )
    ax.set_facecolor(palette.table()["no_connection"])
    ax.tick_params(axis="x", labelrotation=90, labelsize=8)
    ax.tick_params(axis="y", labelrotation=0, labelsize=8)
    ax.set_xlabel("postsynaptic type")
    ax.set_ylabel("presynaptic type")
    mark_source(ax, str(values.attrs.get("source", "")))
    return ax
