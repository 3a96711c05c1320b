"""The cell picker as a picture, for places where it cannot run."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from microns_widgets.anatomy.depth import to_cortical

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: More dots would hide each other, and take seconds.
MOST_DOTS = 10_000


def picker_still(cells: pd.DataFrame, left: Collection[int], selected: Collection[int]) -> Figure:
    """Draw the map of the cells that the filters leave, the selected ones ringed.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cell table (positions in nm).
    left, selected : collection of int
        Root ids.
    """
    # matplotlib costs half a second to import. Not pyplot: it would show the figure once more.
    from matplotlib.figure import Figure

    from microns_widgets import plots

    shown = cells[cells["pt_root_id"].isin(left)]
    drawn = shown if len(shown) <= MOST_DOTS else shown.sample(MOST_DOTS, random_state=0)
    ax = Figure(figsize=(7, 4.4), layout="compressed").add_subplot()
    plots.plot_somata(drawn, ax=ax)
    ringed = cells[cells["pt_root_id"].isin(selected)]
    places = to_cortical(ringed[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy())
    ax.scatter(places[:, 0], places[:, 1], s=60, facecolors="none", edgecolors="black")
    dots = "" if drawn is shown else f", {len(drawn):,} of them drawn"
    # Above the word of where the data are from, which stands on the axes' corner.
    ax.set_title(
        f"{len(shown):,} of {len(cells):,} cells{dots}; {len(ringed):,} selected",
        fontsize=10,
        pad=16,
    )
    figure = ax.figure
    assert isinstance(figure, Figure)
    return figure
