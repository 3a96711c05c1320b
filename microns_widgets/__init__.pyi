from . import errors as errors
from . import palette as palette
from . import plots as plots
from .classroom import filter_synapse_table, plot_skeleton, sort_matrix_by_types
from .connectome import Connectome
from .depth import cortical_depth
from .matrix import ConnectivityMatrix
from .skeleton import Skeleton
from .sources import load
from .tables import read_cells, read_synapses
from .widgets.cell_picker import CellPicker
from .widgets.matrix_explorer import MatrixExplorer
from .widgets.skeleton_viewer import SkeletonViewer
from .widgets.token_panel import TokenPanel

__all__ = [
    "CellPicker",
    "ConnectivityMatrix",
    "Connectome",
    "MatrixExplorer",
    "Skeleton",
    "SkeletonViewer",
    "TokenPanel",
    "cortical_depth",
    "filter_synapse_table",
    "load",
    "plot_skeleton",
    "read_cells",
    "read_synapses",
    "sort_matrix_by_types",
]
