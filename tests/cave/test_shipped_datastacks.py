"""The included descriptions fit tables named as in their sources; no live service was asked."""

from __future__ import annotations

import pandas as pd
import pytest
from small_world import A, B, C, D

import microns_widgets as mw
from microns_widgets import palette
from microns_widgets.connectome import Connectome
from microns_widgets.sources.cave import connect
from tests.cave.auth import GOOD
from tests.cave.other_datastack import octopus_world
from tests.cave.server import CaveServer
from tests.cave.world import World, world_of


@pytest.fixture(autouse=True)
def _own_palette(monkeypatch):
    monkeypatch.setattr(palette, "_added", {})


def v1dd(cells: pd.DataFrame, synapses: pd.DataFrame) -> World:
    world = world_of(cells, synapses, {})
    tables = world.tables
    types = tables.pop("aibs_metamodel_celltypes_v661")
    names = {"23P": "L3IT", "BC": "PTC", "MC": "DTC", "astrocyte": None}
    types["cell_type"] = types["cell_type"].map(names)
    tables["cell_type_multifeature_v1"] = types.dropna(subset="cell_type")
    tables["synapses_v1dd"] = tables.pop("synapses_pni_2")
    world.datastack, world.versions = "v1dd_public", {1196: "2025-01-01T10:10:01.5"}
    return world


def flywire(cells: pd.DataFrame, synapses: pd.DataFrame) -> World:
    types = {"23P": "LC4", "BC": "DNp01", "MC": "KCg-m"}
    world = octopus_world(Connectome(cells, synapses), types)
    tables = world.tables
    neurons = tables.pop("somas").rename(columns=lambda name: name.replace("soma_", "pt_"))
    tables["proofread_neurons"] = neurons
    tables["hierarchical_neuron_annotations"] = tables.pop("annotations")
    tables["valid_synapses_nt_np_v6"] = tables.pop("good_synapses")
    world.views = {"valid_synapses_nt_np_v6"}
    world.datastack, world.versions = "flywire_fafb_public", {783: "2023-10-01T10:10:01.5"}
    return world


def opened(world: World, folder) -> Connectome:
    with CaveServer(world) as server:
        client = connect(GOOD, datastack=world.datastack, server_address=server.url, timeout=5)
        con = mw.load(client=client, cache_dir=folder, progress=False)
    [home] = folder.iterdir()
    assert mw.load(home).source == con.source
    return con


def test_v1dd_is_a_cortex_with_sizes_types_and_strategies(cells, synapses, tmp_path):
    con = opened(v1dd(cells, synapses), tmp_path)
    assert con.source == "CAVE v1dd_public, version 1196; no cortical depth"
    assert con.labels([A, B, C, D]).tolist() == ["L3IT", "PTC", "DTC", "L3IT"]
    assert con.labels([A, B], "coarse_cell_type_auto").tolist() == ["E", "I"]
    assert con.select(proofread="axon_fully_extended", region="V1").tolist() == [A]
    assert con.select(proofread=True).tolist() == [A, B, C]
    assert con.matrix([A], [B], "sum").to_numpy().tolist() == [[400]]
    assert palette.color("PTC") == palette.color("BC")
    assert len(con.find(nucleus_id=con.cells["nucleus_id"])) == 5
    assert "v1dd_public" in con.cite().text


def test_flywire_has_types_and_super_classes_and_counts(cells, synapses, tmp_path):
    con = opened(flywire(cells, synapses), tmp_path)
    assert con.source.endswith("no cortical depth; no synapse sizes")
    assert con.labels([A, B, C, D]).tolist() == ["LC4", "DNp01", "KCg-m", "LC4"]
    assert con.labels([A, B], "coarse_cell_type_auto").tolist() == ["central", "intrinsic"]
    assert con.select(proofread=True).tolist() == con.root_ids.tolist()
    # The synapses of the types in the description: C is none of them, but a partner of A.
    assert con.matrix([A, C], [B, A]).to_numpy().tolist() == [[2, 0], [0, 1]]
    assert con.matrix([A], [B]).value == "count"
