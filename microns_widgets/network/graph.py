"""A connectivity matrix as a graph of networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from microns_widgets._index_type import as_intp
from microns_widgets.errors import MissingLibrary
from microns_widgets.network.ordering import is_text, soma_depths
from microns_widgets.tables.source import has_depth, has_sizes

if TYPE_CHECKING:
    import networkx

    from microns_widgets.network.entries import ConnectivityEntries


def as_graph(matrix: ConnectivityEntries) -> networkx.DiGraph:
    """Return a matrix as a directed graph, as `ConnectivityMatrix.to_networkx` describes it.

    Raises
    ------
    MissingLibrary
        If networkx is not installed.
    """
    try:
        # Optional, and imported here: only those who want a graph need it.
        import networkx
    except ImportError as error:
        raise MissingLibrary(
            "to_networkx() needs the package networkx, which is not installed. Install it: "
            "pip install networkx"
        ) from error
    graph = networkx.DiGraph(source=matrix.source, value=matrix.value)
    for cells in (matrix.pre, matrix.post):
        graph.add_nodes_from(zip(cells.index.tolist(), _attributes(cells, matrix), strict=True))
    for side, ids in (("presynaptic", matrix.pre_ids), ("postsynaptic", matrix.post_ids)):
        members = set(ids.tolist())
        networkx.set_node_attributes(graph, {cell: cell in members for cell in graph}, side)
    pre = np.repeat(matrix.pre_ids, as_intp(np.diff(matrix.count.indptr))).tolist()
    post = matrix.post_ids[matrix.count.indices].tolist()
    values = {"weight": matrix.sparse.data, "n_synapses": matrix.count.data}
    if has_sizes(matrix.source):
        values |= {"size_sum": matrix.total.data, "size_max": matrix.largest.data}
    # `tolist` makes numbers of Python's own, the only ones that file formats can write.
    columns = [column.tolist() for column in values.values()]
    graph.add_edges_from(
        (one, other, dict(zip(values, numbers, strict=True)))
        for one, other, *numbers in zip(pre, post, *columns, strict=True)
    )
    return graph


def _attributes(cells: pd.DataFrame, matrix: ConnectivityEntries) -> list[dict[str, Any]]:
    """Return the attributes of each cell; what is not known is left out."""
    labels = {name: cells[name] for name in cells.columns if is_text(cells[name])}
    frame = pd.DataFrame(labels, index=cells.index).astype(object)
    frame = frame.where(frame.notna(), "").astype(str)
    if has_depth(matrix.source):
        frame["depth_um"] = soma_depths(cells, matrix.source)
    return [
        {
            name: value
            for name, value in zip(frame.columns, row, strict=True)
            if value not in ("", np.inf)
        }
        for row in frame.itertuples(index=False, name=None)
    ]
