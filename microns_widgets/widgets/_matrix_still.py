"""The still picture of a matrix explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microns_widgets.network.matrix import ConnectivityMatrix

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def matrix_still(matrix: ConnectivityMatrix, by: str) -> Figure:
    """Draw the visible part of a matrix with strips of the labels in the column `by`."""
    # matplotlib takes half a second to import. pyplot would display the figure a second time.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 6), layout="compressed")
    matrix.plot(by=by, ax=figure.add_subplot())
    return figure
