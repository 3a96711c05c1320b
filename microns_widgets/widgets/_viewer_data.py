"""The tables that the skeleton viewer sends to the browser, and the space they are in.

Positions are sent in nm of the volume. The front end converts them to cortical coordinates with
`cortical_affine`, and writes SWC, CSV and links from the original values.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets._typing import FloatArray
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM, VOLUME_NM, to_cortical
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.errors import UnknownCell
from microns_widgets.tables.cell_links import table_links
from microns_widgets.tables.reading import SYNAPSE_COLUMNS, SYNTHETIC
from microns_widgets.tables.source import has_depth
from microns_widgets.widgets._neuroglancer import neuroglancer_sources
from microns_widgets.widgets.columns import pack

_AXES = ("x", "y", "z")


def cortical_affine() -> FloatArray:
    """Return the matrix (3, 4) that converts (x, y, z, 1) in nm to cortical um."""
    # Points a millimetre apart, so that rounding does not matter.
    corners = to_cortical(np.vstack([np.zeros(3), 1e6 * np.eye(3)]))
    origin = corners[0]
    return np.column_stack([*(corners[1:] - origin) / 1e6, origin])


def world(con: Connectome) -> dict[str, Any]:
    """Return what all cells of a connectome share, and the version of this package."""
    content = {
        "source": con.source,
        "package": f"microns-widgets {version('microns-widgets')}",
        "synthetic": con.source == SYNTHETIC,
        "affine": cortical_affine().ravel().tolist(),
        # The volume is empty if there are no depths, so that no position is inside it.
        "volume": VOLUME_NM if has_depth(con.source) else ((1, 1, 1), (0, 0, 0)),
        "layers": [[name, top, bottom] for name, (top, bottom) in LAYER_BORDERS_UM.items()],
        "neuroglancer": neuroglancer_sources(con.source),
    }
    if links := table_links(con.source, synapses=con.synapses_loaded):
        content["tables"] = list(map(list, links))
    return content if con.synapses_loaded else content | {"synapses_loaded": False}


def synapse_table(con: Connectome, root_id: int) -> pd.DataFrame:
    """Return a cell's inputs followed by its outputs; an autapse is in both.

    If the synapses are not loaded, the table is empty, and the page says so (`world`).

    Returns
    -------
    pandas.DataFrame
        ``id``, ``x``, ``y``, ``z`` (nm), ``direction`` (``"input"``, ``"output"``),
        ``partner_root_id``, ``partner_type`` (``""`` if unknown), ``size`` (voxels; NaN if synapses
        have none).
    """
    sides = []
    none = pd.DataFrame({name: np.zeros(0, dtype=kind) for name, kind in SYNAPSE_COLUMNS.items()})
    loaded = con.synapses_loaded
    for direction, frame, partner in (
        ("input", con.inputs(root_id) if loaded else none, "pre_pt_root_id"),
        ("output", con.outputs(root_id) if loaded else none, "post_pt_root_id"),
    ):
        side = pd.DataFrame({"id": frame["id"]})
        for axis in _AXES:
            side[axis] = frame[f"ctr_pt_position_{axis}"]
        side["direction"] = direction
        side["partner_root_id"] = frame[partner]
        side["partner_type"] = con.labels(frame[partner]).astype(object)
        side["size"] = frame.get("size", np.nan)
        sides.append(side)
    return pd.concat(sides, ignore_index=True)


def sent_synapses(con: Connectome, table: pd.DataFrame) -> pd.DataFrame:
    """Add ``partner_is_cell`` to a synapse table: whether a partner is in the cell table.

    A partner that is not is a fragment, which the page must not describe as a cell.
    """
    return table.assign(partner_is_cell=np.isin(table["partner_root_id"], con.root_ids))


def visible_synapses(
    tables: Mapping[int, pd.DataFrame],
    pair: tuple[int, int] | None,
    directions: str,
    hidden_types: Sequence[str],
) -> pd.DataFrame:
    """Return the rows of the cells' synapse tables that the picture shows.

    Parameters
    ----------
    tables : mapping
        The synapse tables by cell.
    pair : tuple of int, optional
        The pair on view: only its synapses are shown, as inputs and outputs of the first cell and
        whatever their types.
    directions : {"both", "inputs", "outputs", "none"}
        Which synapses are selected.
    hidden_types : sequence of str
        Types of partners that are hidden.
    """
    if not tables:
        return pd.DataFrame(columns=["cell_root_id", "direction", "partner_type"])
    table = pd.concat(dict(tables), names=["cell_root_id"])
    table = table.reset_index("cell_root_id").reset_index(drop=True)
    selected = {"inputs": ["input"], "outputs": ["output"], "none": []}
    visible = table["direction"].isin(selected.get(directions, ["input", "output"]))
    if pair:
        visible &= (table["cell_root_id"] == pair[0]) & (table["partner_root_id"] == pair[1])
    else:
        visible &= ~table["partner_type"].isin(hidden_types)
    return table[visible].reset_index(drop=True)


def skeleton_table(skeleton: Skeleton) -> pd.DataFrame:
    """Return a skeleton's vertices in their order.

    Returns
    -------
    pandas.DataFrame
        ``x``, ``y``, ``z``, ``radius`` (nm, float32), ``parent`` (-1 at the start of a tree),
        ``compartment`` (its number), ``distance`` along the tree to the root (um; NaN if the
        vertex is not connected to the root).
    """
    distance = skeleton.path_distance
    return pd.DataFrame(
        {
            **{axis: skeleton.vertices[:, i].astype(np.float32) for i, axis in enumerate(_AXES)},
            "radius": skeleton.radius.astype(np.float32),
            "parent": skeleton.parents,
            "compartment": skeleton.compartment,
            "distance": np.where(np.isfinite(distance), distance, np.nan).astype(np.float32),
        }
    )


def nearest_vertices(skeleton: Skeleton, synapses: pd.DataFrame) -> pd.DataFrame:
    """Return the vertex nearest to each synapse, in the order of the synapses."""
    vertex, _ = skeleton.nearest(synapses[[*_AXES]].to_numpy())
    return pd.DataFrame({"vertex": vertex})


def about_cell(con: Connectome, root_id: int) -> dict[str, Any]:
    """Return a cell's type, region and nucleus position (nm), and whether the cell table has it."""
    try:
        row = con.cell(root_id)
    except UnknownCell:  # a fragment, or a cell that the table lacks, can still be shown
        return {"type": "", "region": "", "nucleus": None, "is_cell": False}
    return {
        "type": str(row["cell_type_auto"]),
        "region": str(row["region"]),
        "nucleus": [float(row[f"pt_position_{axis}"]) for axis in _AXES],
        "is_cell": True,
    }


def table_block(frame: pd.DataFrame, ids: tuple[str, ...] = ()) -> bytes:
    """Return a table as compressed bytes, about half of its size in memory."""
    return gzip.compress(pack(frame, ids=ids), compresslevel=1, mtime=0)
