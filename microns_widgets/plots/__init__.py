"""Static figures. Each function draws on the given axes, or on new ones, and returns them.

Lengths are in um and axes name their unit. Colours and markers come from the palette. A figure
of the built-in sample is labelled as synthetic.
"""

from microns_widgets.plots._axes import draw_layers, mark_source
from microns_widgets.plots.cells import plot_cell, plot_synapses
from microns_widgets.plots.distributions import plot_degrees, plot_strengths
from microns_widgets.plots.gallery import plot_gallery
from microns_widgets.plots.matrices import plot_matrix
from microns_widgets.plots.morphologies import plot_morphologies, plot_morphology
from microns_widgets.plots.rates import plot_rates
from microns_widgets.plots.somata import plot_somata
from microns_widgets.plots.type_summary import plot_type_summary

__all__ = [
    "draw_layers",
    "mark_source",
    "plot_cell",
    "plot_degrees",
    "plot_gallery",
    "plot_matrix",
    "plot_morphologies",
    "plot_morphology",
    "plot_rates",
    "plot_somata",
    "plot_strengths",
    "plot_synapses",
    "plot_type_summary",
]
