"""The skeleton viewer as a picture, for places where it cannot run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from microns_widgets.anatomy.skeleton import Skeleton

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def viewer_still(
    skeletons: Sequence[Skeleton],
    synapses: pd.DataFrame,
    *,
    title: str,
    synapse_color: str,
    view: str,
) -> Figure:
    """Draw skeletons with their synapses, flat.

    Parameters
    ----------
    skeletons : sequence of Skeleton
        Those that are there; with several the legend tells them apart.
    synapses : pandas.DataFrame
        What is shown of `_viewer_data.synapse_table`.
    title : str
        Stands above.
    synapse_color : {"direction", "type", "size"}
    view : {"front", "side", "top"}
    """
    # matplotlib costs half a second to import. Not pyplot: it would show the figure once more.
    from matplotlib.figure import Figure

    from microns_widgets import plots

    ax = Figure(figsize=(7, 6), layout="compressed").add_subplot()
    sides = _sides(synapses)
    if len(skeletons) == 1:
        plots.plot_cell(skeletons[0], color_by=synapse_color, view=view, ax=ax, **sides)
    else:
        if skeletons:
            plots.plot_skeletons(skeletons, view=view, ax=ax)
        if sides:
            plots.plot_synapses(color_by=synapse_color, view=view, ax=ax, **sides)
    if not skeletons and not sides:
        ax.set_axis_off()
    # Above the source, which stands in the corner of the axes.
    ax.set_title(title, fontsize=10, pad=18)
    figure = ax.figure
    assert isinstance(figure, Figure)
    return figure


def _sides(synapses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    named = synapses.rename(columns={axis: f"ctr_pt_position_{axis}" for axis in "xyz"})
    sides = {
        "inputs": named[named["direction"] == "input"],
        "outputs": named[named["direction"] == "output"],
    }
    return {name: side for name, side in sides.items() if len(side)}
