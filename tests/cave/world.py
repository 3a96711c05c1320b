"""What the local server serves: CAVE's tables, derived from a cell and a synapse table."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets.sources.real_data import BASKET_CELL, NEURON

DATASTACK = "minnie65_public"
ALIGNED_VOLUME = "minnie65_phase3"
VOXEL_NM = (4.0, 4.0, 40.0)
SYNAPSES = "synapses_pni_2"
CREATED = pd.Timestamp("2020-11-04 13:02:08.388988", tz="UTC")
AXES = "xyz"


@dataclass
class World:
    """Tables in voxels of 4 x 4 x 40 nm, as CAVE holds them, and skeletons in nm."""

    tables: dict[str, pd.DataFrame]
    skeletons: dict[int, dict[str, Any]]
    versions: dict[int, str] = field(
        default_factory=lambda: {1300: "2025-01-13T10:10:01.286229", 1400: "2025-06-01T10:10:01.5"}
    )
    withdrawn: set[int] = field(default_factory=lambda: {117})
    row_cap: int = 500_000
    #: By version: tables that differ from `tables`, or None for a table that the version lacks.
    of_version: dict[int, dict[str, pd.DataFrame | None]] = field(default_factory=dict)
    datastack: str = DATASTACK
    #: Names of those tables that are views.
    views: set[str] = field(default_factory=lambda: {"aibs_cell_info"})

    def tables_of(self, version: int) -> dict[str, pd.DataFrame]:
        """All tables and views of a version."""
        tables = self.tables | self.of_version.get(version, {})
        return {name: table for name, table in tables.items() if table is not None}

    def names_of(self, version: int, *, views: bool = False) -> list[str]:
        """The names of a version's tables, or of its views."""
        return sorted(name for name in self.tables_of(version) if (name in self.views) == views)


def world_of(
    cells: pd.DataFrame, synapses: pd.DataFrame, skeletons: dict[int, dict[str, Any]]
) -> World:
    """Make CAVE's tables from the workshop's two; nm become voxels."""
    ids = cells["pt_root_id"].to_numpy()
    where = {
        f"pt_position_{axis}": cells[f"pt_position_{axis}"].to_numpy() / voxel
        for axis, voxel in zip(AXES, VOXEL_NM, strict=True)
    }
    labels = {"id": np.arange(len(cells)), "valid": True, "pt_supervoxel_id": 1, "pt_root_id": ids}
    nuclei = pd.DataFrame(labels | where).assign(id=nucleus_ids(cells))
    # A table that refers to another one contains the id of the row in that table.
    base = pd.DataFrame(labels | where).assign(target_id=nuclei["id"])
    classes = {"E": "excitatory", "I": "inhibitory", "NONNEURON": "nonneuron"}
    auto = base.assign(
        classification_system=cells["coarse_cell_type_auto"].map(classes).to_numpy(),
        cell_type=cells["cell_type_auto"].to_numpy(),
        volume=cells["volume"].to_numpy(),
    )
    manual_classes = {"E": "aibs_coarse_excitatory", "I": "aibs_coarse_inhibitory"}
    manual = base.assign(
        classification_system=cells["coarse_cell_type_manual"].map(manual_classes).fillna("unsure"),
        cell_type=cells["cell_type_manual"].to_numpy(),
    )[(cells["cell_type_manual"] != "").to_numpy()]
    strategy = cells["proofreading_strategy"].replace("", "none").to_numpy()
    proofreading = base.drop(columns="target_id").assign(
        valid_id=ids, status_axon=(strategy != "none"), strategy_axon=strategy
    )
    return World(
        {
            "nucleus_detection_v0": nuclei.assign(volume=cells["volume"].to_numpy()),
            "aibs_metamodel_celltypes_v661": auto,
            "allen_v1_column_types_slanted_ref": manual.reset_index(drop=True),
            "proofreading_status_and_strategy": proofreading,
            "nucleus_functional_area_assignment": base.assign(tag=cells["region"].to_numpy()),
            SYNAPSES: _synapses(synapses),
        },
        skeletons,
    )


def nucleus_ids(cells: pd.DataFrame) -> np.ndarray:
    """Return a six-digit id for each row, as in minnie65, which stays when root ids change."""
    if "nucleus_id" in cells:
        return cells["nucleus_id"].to_numpy(dtype=np.int64)
    return np.random.default_rng(65).permutation(np.arange(100_000, 100_000 + len(cells)))


NEWER = 1950


def add_releases(world: World, edited: dict[int, int]) -> None:
    """Add the releases 943, 1507, 1822 and one that is not in the list of releases.

    Parameters
    ----------
    world : World
        With the tables of version 1300.
    edited : dict of int to int
        Root ids of version 1300, with those that the same cells have from 1507 on.
    """
    for version, day in ((943, "2024-01-22"), (1507, "2025-07-31"), (1822, "2026-06-27")):
        world.versions[version] = f"{day}T10:10:01.5"
    world.versions[NEWER] = "2027-01-30T10:10:01.5"
    now = {
        name: table.assign(
            **{column: table[column].replace(edited) for column in table if "root_id" in column}
        )
        for name, table in world.tables.items()
    }
    axons = now["proofreading_status_and_strategy"]
    # Postgres writes booleans in this form. The strategy did not exist in version 1300.
    status = axons["status_axon"].map({True: "t", False: "f"})
    newest = axons.assign(
        status_axon=status,
        strategy_axon=axons["strategy_axon"].replace("axon_interareal", "axon_by_machine"),
    )
    world.of_version[1507] = now
    world.of_version[1822] = now | {
        "proofreading_status_and_strategy": axons.assign(status_axon=status)
    }
    world.of_version[NEWER] = now | {"proofreading_status_and_strategy": newest}
    first = world.tables["proofreading_status_and_strategy"]
    clean = {"axon_fully_extended": "extended", "none": "non"}
    world.of_version[943] = {
        "proofreading_status_public_release": first.drop(columns="strategy_axon").assign(
            status_axon=first["strategy_axon"].map(clean).fillna("clean")
        ),
        "proofreading_status_and_strategy": None,
        "nucleus_functional_area_assignment": None,
    }


#: Types of cell_type_multifeature_combo for those of the metamodel. It has neurons only.
_MULTIFEATURE = {"23P": "L3IT", "4P": "L4IT", "5P-IT": "L5IT", "5P-ET": "L5ET", "5P-NP": "L5NP"}
_MULTIFEATURE |= {"6P-IT": "L6IT", "6P-CT": "L6CT", "BC": "PV", "MC": "NMC", "BPC": "ITC"}
_MULTIFEATURE |= {"NGC": "NGC"}


def add_types(world: World, versions: tuple[int, ...], corrected: dict[int, str]) -> None:
    """Add the further tables of types to some versions, and the view that merges them.

    Parameters
    ----------
    world : World
        With the tables of version 1300.
    versions : tuple of int
        The versions that get them.
    corrected : dict of int to str
        Types in the table of corrections, by root id of version 1300; all are inhibitory.
    """
    auto = world.tables["aibs_metamodel_celltypes_v661"]
    corrections = auto[auto["pt_root_id"].isin(corrected)].drop(columns="volume")
    corrections = corrections.assign(
        classification_system="inhibitory_neuron",
        cell_type=corrections["pt_root_id"].map(corrected),
        id=range(len(corrections)),
    )
    combo = auto.assign(cell_type=auto["cell_type"].map(_MULTIFEATURE)).dropna(subset="cell_type")
    combo["classification_system"] += "_neuron"
    # A neuron that the metamodel's table lacks.
    combo = pd.concat([combo, combo.iloc[:1].assign(target_id=999_999, pt_root_id=77)])
    position = [f"pt_position_{axis}" for axis in AXES]
    both = auto.set_index("target_id").assign(source="aibs_metamodel_celltypes_v661")
    for nucleus, label in corrections.set_index("target_id")["cell_type"].items():
        both.loc[nucleus, ["classification_system", "cell_type"]] = "inhibitory", label
        both.loc[nucleus, "source"] = "aibs_metamodel_celltypes_v661_corrections"
    info = both[["pt_root_id", *position]].assign(
        id=both.index,
        nuc_volume=both["volume"],
        broad_type=both["classification_system"],
        cell_type=both["cell_type"],
        cell_type_source=both["source"],
    )
    for version in versions:
        world.versions.setdefault(version, "2026-06-27T10:10:01.5")
        world.of_version.setdefault(version, {}).update(
            {
                "aibs_metamodel_celltypes_v661_corrections": corrections,
                "cell_type_multifeature_combo": combo.drop(columns="volume").reset_index(drop=True),
                "aibs_cell_info": info.reset_index(drop=True),
            }
        )


def _synapses(synapses: pd.DataFrame) -> pd.DataFrame:
    """All eighteen columns; a seven-column table lends its centre to both sides."""
    table = pd.DataFrame({"id": synapses["id"].to_numpy(dtype=np.int64)})
    table["created"] = CREATED
    table["superceded_id"] = np.nan
    table["valid"] = True
    for side in ("pre", "post", "ctr"):
        position = (
            f"{side}_pt_position" if f"{side}_pt_position_x" in synapses else "ctr_pt_position"
        )
        for axis, voxel in zip(AXES, VOXEL_NM, strict=True):
            table[f"{side}_pt_position_{axis}"] = synapses[f"{position}_{axis}"].to_numpy() / voxel
    table["size"] = synapses["size"].to_numpy(dtype=np.int64)
    for side in ("pre", "post"):
        table[f"{side}_pt_supervoxel_id"] = 1
        table[f"{side}_pt_root_id"] = synapses[f"{side}_pt_root_id"].to_numpy(dtype=np.int64)
    return table


def sample_world() -> World:
    """The built-in sample, as CAVE would hold it."""
    from microns_widgets.sources.sample import load_sample

    con = load_sample(quiet=True)
    skeletons = {
        int(root_id): service_dict(con.skeleton(root_id).to_cave())
        for root_id in con.select(proofread=True)[:40]
    }
    return world_of(con.cells, con.synapses, skeletons)


def real_world(folder: Path) -> World:
    """The real basket cell with its own tables, as CAVE's queries gave them."""
    neuron = folder / NEURON
    synapses = pd.concat([pd.read_feather(neuron / f"{side}.feather") for side in ("pre", "post")])
    skeleton = json.loads((neuron / "skeleton.json").read_text())
    return world_of(
        pd.read_feather(folder / "cell_info_1300.feather"),
        synapses.drop_duplicates("id"),
        {BASKET_CELL: skeleton},
    )


def service_dict(d: dict[str, Any]) -> dict[str, Any]:
    """A skeleton as the service sends it: plain lists, and more map entries than vertices."""
    n = len(d["vertices"])
    plain = {
        key: np.asarray(d[key]).tolist() for key in ("vertices", "edges", "radius", "compartment")
    }
    extra = {"root": int(d["root"]), "meta": d["meta"], "lvl2_ids": list(range(n + 5))}
    return plain | extra | {"mesh_to_skel_map": [0] * (n + 5)}
