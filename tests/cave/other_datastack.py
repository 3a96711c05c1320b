"""An invented datastack that is not a cortex: no depth, no synapse sizes, other tables and types.

Cells and connections come from a connectome; their tables have other names: somas, annotations in
long form (one row per cell and level), and a view of synapses.
"""

from __future__ import annotations

import pandas as pd

from microns_widgets.connectome import Connectome
from tests.cave.world import AXES, VOXEL_NM, World

NAME = "octopus_public"
VERSION = 12
SUPER_CLASSES = {"E": "central", "I": "intrinsic", "NONNEURON": "glia"}
DESCRIPTION = f'''\
name = "{NAME}"
version = {VERSION}

[cells]
table = "somas"
position = "soma_position"
nucleus_id = "id"

[types]
table = "annotations"
column = "cell_type"
where = {{classification_system = "cell_type"}}

[coarse_types]
table = "annotations"
column = "cell_type"
where = {{classification_system = "super_class"}}

[proofreading]
table = "finished"
column = "finished"
key = "pt_root_id"
cell_key = "pt_root_id"

[synapses]
table = "good_synapses"
view = true
position = "pre_pt_position"

[[type]]
label = "amacrine"
color = "#123456"

[[type]]
label = "motor"
like = "5P-ET"
group = "E"
'''


def octopus_world(con: Connectome, types: dict[str, str] | None = None) -> World:
    """Return the tables of the invented datastack, as CAVE would hold them.

    Parameters
    ----------
    con : Connectome
        Where cells and synapses come from.
    types : dict of str to str, optional
        Types for those of `con`; others keep their name.
    """
    cells = con.cells[con.cells["pt_root_id"] != 0].reset_index(drop=True)
    finished = cells["proofreading_strategy"] != ""
    somas = pd.DataFrame({"id": range(1, len(cells) + 1), "pt_root_id": cells["pt_root_id"]})
    for axis, voxel in zip(AXES, VOXEL_NM, strict=True):
        somas[f"soma_position_{axis}"] = cells[f"pt_position_{axis}"] / voxel
    names = cells["cell_type_auto"].map(lambda name: (types or {}).get(name, name))
    levels = [
        pd.DataFrame(
            {"target_id": somas["id"], "classification_system": level, "cell_type": values}
        )
        for level, values in (
            ("super_class", cells["coarse_cell_type_auto"].map(SUPER_CLASSES)),
            ("cell_type", names),
        )
    ]
    annotations = pd.concat(levels, ignore_index=True)
    annotations = annotations[annotations["cell_type"] != ""].assign(
        id=lambda table: table["target_id"]  # as CAVE joins them: the id of the cell
    )
    synapses = con.synapses
    good = synapses[["id", "pre_pt_root_id", "post_pt_root_id"]].copy()
    for axis, voxel in zip(AXES, VOXEL_NM, strict=True):
        good[f"pre_pt_position_{axis}"] = synapses[f"ctr_pt_position_{axis}"] / voxel
    return World(
        {
            "somas": somas,
            "annotations": annotations.reset_index(drop=True),
            "finished": pd.DataFrame(
                {"id": range(len(cells)), "pt_root_id": cells["pt_root_id"], "finished": finished}
            ),
            "good_synapses": good.assign(connection_score=100.0),
        },
        {},
        versions={VERSION: "2026-01-01T10:10:01.5"},
        datastack=NAME,
        views={"good_synapses"},
    )


def fly_types() -> dict[str, str]:
    """Names of cell types outside the cortex, by those of the sample."""
    return {"23P": "amacrine", "4P": "Kenyon", "5P-ET": "motor", "BC": "LC4", "MC": "DNp01"}


_CLASSES = 'names = {central = "E", intrinsic = "I", glia = "NONNEURON"}'
#: The description of an invented datastack of another cortex. Types, classes and proofreading have
#: the names of MICrONS, and synapses have sizes; there are no depth and no manual types.
CORTEX = 'region = "V1"\n' + DESCRIPTION.replace("view = true", 'view = true\nsize = "area"')
CORTEX = CORTEX.replace('"super_class"}', f'"super_class"}}\n{_CLASSES}')
CORTEX = CORTEX.replace('column = "finished"', 'column = "strategy"')


def cortex_world(con: Connectome) -> World:
    """Return the tables of the invented datastack of another cortex."""
    world = octopus_world(con)
    cells = con.cells[con.cells["pt_root_id"] != 0]
    world.tables["finished"]["strategy"] = cells["proofreading_strategy"].to_numpy()
    good = world.tables["good_synapses"]
    good["area"] = good["id"].map(con.synapses.set_index("id")["size"])
    return world
