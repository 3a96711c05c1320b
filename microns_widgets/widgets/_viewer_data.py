"""What the skeleton viewer sends of a connectome: one cell's tables, and where they stand.

Positions go over as they are, in nm of the volume; the front end turns them into cortical
coordinates with `cortical_affine`, and writes SWC, CSV and links from the originals.
"""

from __future__ import annotations

import gzip
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets.anatomy.depth import LAYER_BORDERS_UM, to_cortical
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.errors import UnknownCell
from microns_widgets.tables.reading import SYNTHETIC
from microns_widgets.widgets._neuroglancer import neuroglancer_sources
from microns_widgets.widgets.columns import pack

FloatArray = npt.NDArray[np.float64]
_AXES = ("x", "y", "z")


def cortical_affine() -> FloatArray:
    """Return the matrix (3, 4) that turns (x, y, z, 1) in nm into cortical um."""
    # A millimetre away, where rounding does not count.
    corners = to_cortical(np.vstack([np.zeros(3), 1e6 * np.eye(3)]))
    origin = corners[0]
    return np.column_stack([*(corners[1:] - origin) / 1e6, origin])


def world(con: Connectome) -> dict[str, Any]:
    """Return what all cells of a connectome share: source, space, layers, Neuroglancer."""
    return {
        "source": con.source,
        "synthetic": con.source == SYNTHETIC,
        "affine": cortical_affine().ravel().tolist(),
        "layers": [[name, top, bottom] for name, (top, bottom) in LAYER_BORDERS_UM.items()],
        "neuroglancer": neuroglancer_sources(con.source),
    }


def synapse_table(con: Connectome, root_id: int) -> pd.DataFrame:
    """Return a cell's inputs, then its outputs; an autapse stands in both.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``x``, ``y``, ``z`` (nm), ``direction`` (``"input"``, ``"output"``),
        ``partner_root_id``, ``partner_type`` (``""`` is unknown), ``size`` (voxels).
    """
    sides = []
    for direction, frame, partner in (
        ("input", con.inputs(root_id), "pre_pt_root_id"),
        ("output", con.outputs(root_id), "post_pt_root_id"),
    ):
        side = pd.DataFrame({"id": frame["id"]})
        for axis in _AXES:
            side[axis] = frame[f"ctr_pt_position_{axis}"]
        side["direction"] = direction
        side["partner_root_id"] = frame[partner]
        side["partner_type"] = con.labels(frame[partner]).astype(object)
        side["size"] = frame["size"]
        sides.append(side)
    return pd.concat(sides, ignore_index=True)


def skeleton_table(skeleton: Skeleton) -> pd.DataFrame:
    """Return a skeleton's vertices in their order.

    Returns
    -------
    pandas.DataFrame
        ``x``, ``y``, ``z``, ``radius`` (nm, float32), ``parent`` (-1 where a tree begins),
        ``compartment`` (its number), ``distance`` along the tree to the root (um; NaN where
        the root is not reached).
    """
    reached = skeleton.path_distance
    return pd.DataFrame(
        {
            **{axis: skeleton.vertices[:, i].astype(np.float32) for i, axis in enumerate(_AXES)},
            "radius": skeleton.radius.astype(np.float32),
            "parent": skeleton.parents,
            "compartment": skeleton.compartment,
            "distance": np.where(np.isfinite(reached), reached, np.nan).astype(np.float32),
        }
    )


def nearest_vertices(skeleton: Skeleton, synapses: pd.DataFrame) -> pd.DataFrame:
    """Return the vertex nearest to each synapse, in the synapses' order."""
    vertex, _ = skeleton.nearest(synapses[[*_AXES]].to_numpy())
    return pd.DataFrame({"vertex": vertex})


def about_cell(con: Connectome, root_id: int) -> dict[str, Any]:
    """Return a cell's type, region and the position of its nucleus (nm; None if unknown)."""
    try:
        row = con.cell(root_id)
    except UnknownCell:  # a partner that the cell table does not have can be shown all the same
        return {"type": "", "region": "", "nucleus": None}
    return {
        "type": str(row["cell_type_auto"]),
        "region": str(row["region"]),
        "nucleus": [float(row[f"pt_position_{axis}"]) for axis in _AXES],
    }


def packed(frame: pd.DataFrame, ids: tuple[str, ...] = ()) -> bytes:
    """Return a table as compressed bytes, half of what it has in memory."""
    return gzip.compress(pack(frame, ids=ids), compresslevel=1, mtime=0)
