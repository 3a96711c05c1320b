"""The skeleton viewer as a picture, for places where it cannot run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microns_widgets.anatomy.skeleton import Skeleton

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Least area of a synapse in points squared: 4 pixels across at 100 dots per inch.
_SMALLEST = 8.3


def viewer_still(
    skeletons: Sequence[Skeleton],
    synapses: pd.DataFrame,
    *,
    title: str,
    synapse_color: str,
    grey: bool,
    scale: float,
    opacity: float,
    view: str,
) -> Figure:
    """Draw skeletons and their synapses in a flat view.

    Parameters
    ----------
    skeletons : sequence of Skeleton
        The available skeletons; if there are several, the legend names each one.
    synapses : pandas.DataFrame
        The visible rows of `_viewer_data.synapse_table`.
    title : str
        Text above the picture.
    synapse_color : {"direction", "type", "size"}
        What the colour of a synapse shows.
    grey : bool
        Whether several skeletons are grey; a single one always is, below its synapses.
    scale, opacity : float
        Of the synapses; 1 is normal.
    view : {"front", "side", "top"}
        Direction of view.
    """
    # matplotlib takes half a second to import. pyplot would display the figure a second time.
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure

    from microns_widgets import plots
    from microns_widgets.plots._axes import notes_height, quiet
    from microns_widgets.plots._text import PLAIN, shown_lines

    ax = Figure(figsize=(7, 6), layout="compressed").add_subplot()
    sides = _sides(synapses)
    if len(skeletons) == 1:
        plots.plot_cell(skeletons[0], color_by=synapse_color, view=view, ax=ax, **sides)
    else:
        if skeletons:
            colors = [quiet(ax)] * len(skeletons) if grey else None
            plots.plot_morphologies(skeletons, colors=colors, view=view, ax=ax)
        if sides:
            plots.plot_synapses(color_by=synapse_color, view=view, ax=ax, **sides)
    for marks in ax.collections:
        if isinstance(marks, PathCollection):
            marks.set_sizes(scale**2 * np.maximum(marks.get_sizes(), _SMALLEST))
            marks.set_alpha(opacity)
    if not skeletons and not sides:
        ax.set_axis_off()
    # The padding keeps the title clear of the source at the corner of the axes.
    ax.set_title(shown_lines(title), fontsize=10, pad=18 + notes_height(ax), **PLAIN)
    figure = ax.figure
    assert isinstance(figure, Figure)
    return figure


def still_title(cells: Sequence[int], types: Sequence[str], notes: Sequence[str]) -> str:
    """Return the title: the first three cells with their types, and up to three notes."""
    names = [f"{kind or 'cell'} {root_id}" for kind, root_id in zip(types, cells, strict=False)]
    more = f" and {len(cells) - 3} more" if len(cells) > 3 else ""
    return "\n".join([", ".join(names) + more or "No cell is chosen", *notes[:3]])


def _sides(synapses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    table = synapses.rename(columns={axis: f"ctr_pt_position_{axis}" for axis in "xyz"})
    sides = {
        "inputs": table[table["direction"] == "input"],
        "outputs": table[table["direction"] == "output"],
    }
    return {name: side for name, side in sides.items() if len(side)}
