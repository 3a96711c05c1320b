"""The still pictures of a matrix explorer: cells, or types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microns_widgets.network.matrix import ConnectivityMatrix

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def types_still(values: pd.DataFrame, label: str, *, ratio: bool) -> Figure:
    """Draw values by the types of both cells, as `plots.plot_type_summary` does."""
    from matplotlib.figure import Figure

    from microns_widgets.plots.type_summary import plot_type_summary

    rows, columns = values.shape
    size = (2.5 + 0.5 * columns, 1.5 + 0.42 * rows)
    figure = Figure(figsize=size, layout="compressed")
    plot_type_summary(values, label=label, ratio=ratio, ax=figure.add_subplot())
    return figure


def matrix_still(matrix: ConnectivityMatrix, by: str) -> Figure:
    """Draw the visible part of a matrix with strips of the labels in the column `by`."""
    # matplotlib takes half a second to import. pyplot would display the figure a second time.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 6), layout="compressed")
    matrix.plot(by=by, ax=figure.add_subplot())
    return figure
