"""Makes what the front end's tests of the skeleton viewer read: cells and Python's own numbers.

``python -m tests.viewer_fixture`` writes it; a test compares the file with what is made now.
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import microns_widgets as mw
from microns_widgets.anatomy.depth import to_cortical
from microns_widgets.errors import SkeletonNotFound
from microns_widgets.widgets._viewer_data import synapse_table

FILE = Path(__file__).parents[1] / "frontend" / "test" / "fixtures" / "viewer.json"
SIDES = ("input", "output")
TRAITS = (
    *("cells", "partner", "color_by", "synapses", "synapse_color", "synapse_scale"),
    *("synapse_opacity", "hidden_types", "camera"),
    *("world", "data"),
)


def saved_state(viewer: mw.SkeletonViewer) -> dict[str, Any]:
    """Return a viewer's traits as JSON holds them; bytes are ``{"$base64": ...}``."""
    state = viewer.get_state()
    return {name: _plain(state[name]) for name in TRAITS}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"$base64": base64.b64encode(bytes(value)).decode("ascii")}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def partner_rows(con: mw.Connectome, cells: list[int]) -> list[list[Any]]:
    """Return the partner table: id, whether it is a cell, synapses, sizes, distance."""
    sums = pd.concat([con.partners(cell) for cell in cells]).pivot_table(
        ["n_synapses", "size_sum"], "partner_root_id", "direction", "sum", fill_value=0
    )
    distances = pd.concat([_distances(con, cell) for cell in cells])
    medians = distances.groupby("partner")["distance"].median()
    known = set(con.root_ids.tolist())
    return [
        [
            str(partner),
            partner in known,
            *(int(row.get((value, side), 0)) for value in sums.columns.levels[0] for side in SIDES),
            # None where no cell on view has a skeleton.
            _rounded(medians[partner]),
        ]
        for partner, row in sums.iterrows()
    ]


def _distances(con: mw.Connectome, cell: int) -> pd.DataFrame:
    synapses = synapse_table(con, cell)
    try:
        skeleton = con.skeleton(cell)
    except SkeletonNotFound:
        return pd.DataFrame({"partner": synapses["partner_root_id"], "distance": np.nan})
    vertex, _ = skeleton.nearest(synapses[["x", "y", "z"]].to_numpy())
    distance = skeleton.path_distance[vertex]
    return pd.DataFrame({"partner": synapses["partner_root_id"], "distance": distance})


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 2)


def content() -> dict[str, Any]:
    """Return the smallest skeleton of the sample, and a cell without one."""
    con = mw.load(quiet=True)
    cell = min(con.select(proofread=True).tolist(), key=lambda i: con.skeleton(i).n_vertices)
    missing = next(i for i in con.root_ids.tolist() if i not in set(con.select(proofread=True)))
    viewer = mw.SkeletonViewer(con, [cell, missing], save_data=True)
    # A new version of the package does not change the file.
    viewer.set_trait("world", viewer.world | {"package": "microns-widgets 0"})
    skeleton, synapses = con.skeleton(cell), synapse_table(con, cell)
    vertex, _ = skeleton.nearest(synapses[["x", "y", "z"]].to_numpy())
    with tempfile.TemporaryDirectory() as folder:
        skeleton.to_swc(Path(folder) / "cell.swc")
        swc = (Path(folder) / "cell.swc").read_text()
    return {
        "state": saved_state(viewer),
        "expected": {
            "vertices_um": to_cortical(skeleton.vertices[::50]).round(3).tolist(),
            "compartments": skeleton.compartment.tolist(),
            "cable_um": round(skeleton.cable_length(), 2),
            "types": synapses["partner_type"].value_counts().sort_index().to_dict(),
            "directions": synapses["direction"].value_counts().to_dict(),
            "partners": [str(i) for i in synapses["partner_root_id"]],
            "distances_um": skeleton.path_distance[vertex].round(2).tolist(),
            "synapses_um": to_cortical(synapses[["x", "y", "z"]].to_numpy()).round(3).tolist(),
            "partner_rows": {
                "one": partner_rows(con, [cell]),
                "both": partner_rows(con, [cell, missing]),
            },
            "code": viewer.to_code(),
            "swc": swc,
        },
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(content()) + "\n", encoding="utf-8")
