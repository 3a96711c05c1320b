"""The cell picker as a picture, for places where it cannot run."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from microns_widgets.anatomy.depth import in_volume, to_cortical
from microns_widgets.tables.source import source_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: More dots would hide each other and take seconds to draw.
MOST_DOTS = 10_000


def picker_still(
    cells: pd.DataFrame, filtered: Collection[int], selected: Collection[int]
) -> Figure:
    """Draw the soma map of the cells that match the filters, with rings around the selected ones.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cell table (positions in nm).
    filtered, selected : collection of int
        Root ids.
    """
    # matplotlib takes half a second to import. pyplot would display the figure a second time.
    from matplotlib.figure import Figure

    from microns_widgets import plots
    from microns_widgets.plots._axes import notes_height

    matches = cells[cells["pt_root_id"].isin(filtered)]
    dots = matches if len(matches) <= MOST_DOTS else matches.sample(MOST_DOTS, random_state=0)
    ax = Figure(figsize=(7, 4.4), layout="compressed").add_subplot()
    plots.plot_somata(dots, ax=ax)
    rings = cells[cells["pt_root_id"].isin(selected)]
    positions = rings[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy()
    places = to_cortical(positions[in_volume(positions, source_of(cells))])
    ax.scatter(places[:, 0], places[:, 1], s=60, facecolors="none", edgecolors="black")
    sampled = "" if dots is matches else f", {len(dots):,} of them drawn"
    # The padding keeps the title clear of the source, which is printed at the axes' corner.
    ax.set_title(
        f"{len(matches):,} of {len(cells):,} cells{sampled}; {len(rings):,} selected",
        fontsize=10,
        pad=16 + notes_height(ax),
    )
    figure = ax.figure
    assert isinstance(figure, Figure)
    return figure
