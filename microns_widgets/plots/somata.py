"""Soma positions by depth, coloured by type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets.anatomy.depth import in_volume, to_cortical
from microns_widgets.plots._axes import (
    axes_for_shape,
    check_columns,
    draw_layers,
    mark_note,
    mark_source,
    point_area,
    scatter_by_type,
)
from microns_widgets.plots._legend import draw_legend, type_dot
from microns_widgets.tables.source import has_depth, source_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checks_arguments
def plot_somata(cells: pd.DataFrame, *, by: str = "cell_type_auto", ax: Axes | None = None) -> Axes:
    """Draw a map of the somata: x across, depth below the pia downwards, both in um.

    Cells without a known depth (outside the volume of minnie65, or in a dataset without depths)
    are not shown; a note says how many they are.

    Parameters
    ----------
    cells : pandas.DataFrame
        Rows of the cell table (positions in nm).
    by : str
        Text column that determines colour and marker.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: a new figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    UnknownColumn
        If the table lacks the column `by` or the positions.
    InvalidType
        If `cells` is not a DataFrame.

    Examples
    --------
    >>> ax = mw.plots.plot_somata(con.cells)
    """
    position = [f"pt_position_{axis}" for axis in "xyz"]
    check_columns("The cell table", cells, [by, *position])
    source = source_of(cells)
    inside = in_volume(cells[position].to_numpy(), source)
    places = to_cortical(cells.loc[inside, position].to_numpy())[:, :2]
    labels = cells.loc[inside, by].astype(str).to_numpy(dtype=object)
    ax = axes_for_shape(ax, places)
    if inside.any():
        draw_layers(ax)
    if not inside.all():
        n = int((~inside).sum())
        why = "outside the volume" if has_depth(source) else "without a depth"
        mark_note(ax, f"{n:,} {'cell' if n == 1 else 'cells'} {why} not shown")
    size = point_area(ax, len(places), cover=1.5, largest=16)
    scatter_by_type(ax, places, labels, size, rasterized=True)
    ax.set_aspect("equal")
    if not ax.yaxis_inverted():
        ax.invert_yaxis()
    ax.set_xlabel("x, parallel to the pia (µm)")
    ax.set_ylabel("depth below the pia (µm)")
    ax.spines[["top", "right"]].set_visible(False)
    counts = pd.Series(labels).value_counts()
    entries = [type_dot(label, int(counts[label])) for label in palette.type_order(labels)]
    draw_legend(ax, entries, gap=26)
    mark_source(ax, source)
    return ax
