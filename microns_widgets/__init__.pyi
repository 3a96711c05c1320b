from . import errors as errors
from . import palette as palette
from . import plots as plots
from .anatomy.depth import cortical_depth
from .anatomy.skeleton import Skeleton
from .connectome import Connectome
from .dynamics.artificial import feedforward_network, lognormal_network, random_network
from .dynamics.rate_model import RateModel
from .dynamics.recurrent import recurrent_matrix, recurrent_network, with_random_inhibition
from .dynamics.response import RateResponse
from .dynamics.signed_network import SignedNetwork
from .grading.student.check import check
from .grading.student.choice import choice
from .grading.student.hand_in import hand_in
from .grading.student.own_cells import own_cell, own_cells
from .grading.student.own_question import own_question
from .network.matrix import ConnectivityMatrix
from .network.null_comparison import NullComparison
from .network.null_model import NullModel
from .scale.statistics import dataset_statistics
from .shortcuts import by_compartment, examples
from .sources import load
from .tables.reading import read_cells, read_synapses
from .tables.type_comparison import compare_types
from .widgets.activity_player import ActivityPlayer
from .widgets.cell_picker import CellPicker
from .widgets.explorer import Explorer
from .widgets.export import to_html
from .widgets.link import link, unlink
from .widgets.matrix_explorer import MatrixExplorer
from .widgets.self_check import SelfCheck
from .widgets.skeleton_viewer import SkeletonViewer
from .widgets.token_panel import TokenPanel
from .workshop_functions import filter_synapse_table, plot_skeleton, sort_matrix_by_types

__version__: str

__all__ = [
    "ActivityPlayer",
    "CellPicker",
    "ConnectivityMatrix",
    "Connectome",
    "Explorer",
    "MatrixExplorer",
    "NullComparison",
    "NullModel",
    "RateModel",
    "RateResponse",
    "SelfCheck",
    "SignedNetwork",
    "Skeleton",
    "SkeletonViewer",
    "TokenPanel",
    "by_compartment",
    "check",
    "choice",
    "compare_types",
    "cortical_depth",
    "dataset_statistics",
    "examples",
    "feedforward_network",
    "filter_synapse_table",
    "hand_in",
    "link",
    "load",
    "lognormal_network",
    "own_cell",
    "own_cells",
    "own_question",
    "plot_skeleton",
    "random_network",
    "read_cells",
    "read_synapses",
    "recurrent_matrix",
    "recurrent_network",
    "sort_matrix_by_types",
    "to_html",
    "unlink",
    "with_random_inhibition",
]
