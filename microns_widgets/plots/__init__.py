"""Still figures. Each function takes an Axes, or makes one, and returns it.

Lengths are in um, an axis says its unit, colours and markers come from the palette, and
a figure of the built-in sample says that it is synthetic.
"""

from microns_widgets.plots._axes import draw_layers, mark_source
from microns_widgets.plots.cells import plot_cell, plot_synapses
from microns_widgets.plots.distributions import plot_degrees, plot_strengths
from microns_widgets.plots.gallery import plot_gallery
from microns_widgets.plots.matrices import plot_matrix
from microns_widgets.plots.skeletons import plot_skeleton, plot_skeletons
from microns_widgets.plots.somata import plot_somata
from microns_widgets.plots.type_summary import plot_type_summary

__all__ = [
    "draw_layers",
    "mark_source",
    "plot_cell",
    "plot_degrees",
    "plot_gallery",
    "plot_matrix",
    "plot_skeleton",
    "plot_skeletons",
    "plot_somata",
    "plot_strengths",
    "plot_synapses",
    "plot_type_summary",
]
