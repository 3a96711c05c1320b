"""Target structures and tuning are queried when they are asked for, and joined by their ids."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, C
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.errors import CaveError, InvalidArgument, InvalidCall, VersionNotFound
from microns_widgets.sources.cave import connect, fetch_dataset, optional_tables
from tests.cave.auth import GOOD
from tests.cave.server import CaveServer
from tests.cave.world import world_of

TAGS = {1: "spine", 2: "shaft", 3: "spine", 4: "soma", 6: "shaft", 7: "spine", 8: "spine"}


def tables(nuclei: np.ndarray) -> dict[str, pd.DataFrame]:
    targets = pd.DataFrame({"id": range(len(TAGS)), "target_id": list(TAGS), "tag": TAGS.values()})
    # A in two scans, C in one; the unit of B has no digital twin.
    units = {"session": [4, 5, 5, 6], "scan_idx": [7, 3, 3, 2], "unit_id": [10, 20, 30, 40]}
    matches = pd.DataFrame(units).assign(
        id=range(4), target_id=nuclei[[0, 0, 1, 2]], residual=1.5, score=3.0
    )
    twins = pd.DataFrame(units).drop(index=2).assign(id=range(3), target_id=[7, 8, 9])
    for name in ("cc_max", "cc_norm", "OSI", "DSI", "gOSI", "gDSI", "readout_loc_x"):
        twins[name] = 0.5
    twins = twins.assign(cc_abs=[0.2, 0.6, 0.4], pref_ori=[5.0, 15.0, 100.0])
    twins = twins.assign(pref_dir=twins["pref_ori"] + 180, readout_loc_y=-0.1)
    return {
        "synapse_target_predictions_ssa_v2": targets,
        "coregistration_manual_v4": matches,
        "digital_twin_properties_bcm_coreg_v4": twins,
    }


@pytest.fixture
def world(cells, synapses):
    world = world_of(cells, synapses, {})
    nuclei = world.tables["nucleus_detection_v0"]["id"].to_numpy()
    world.of_version[1400] = tables(nuclei)
    return world


@pytest.fixture
def server(world):
    with CaveServer(world) as server:
        yield server


@pytest.fixture
def client(server):
    return connect(GOOD, server_address=server.url, version=1400, timeout=5)


def test_data_with_optional_tables_writes_a_folder_that_has_them(server, tmp_path):
    words = ["data", "--version", "1400", "--out", str(tmp_path), "--server", server.url]
    optional = ["--optional", "target_structure", "--optional", "tuning"]
    result = CliRunner(env={"CAVE_TOKEN": GOOD}).invoke(app, [*words, *optional])
    assert result.exit_code == 0, result.output
    con = mw.load(tmp_path)
    inputs = con.with_target_structure(con.inputs(A)).set_index("id")["target_structure"]
    assert inputs.to_dict() == {4: "soma", 6: "shaft", 8: "spine"}
    tuning = con.tuning()
    assert tuning.index.tolist() == [A, C]
    assert tuning["unit_id"].tolist() == [20, 40]
    assert tuning["n_scans"].tolist() == [2, 1]
    assert tuning["pref_dir"].tolist() == [195.0, 280.0]
    assert tuning["score"].tolist() == [3.0, 3.0]


def test_a_folder_from_before_is_completed_and_nothing_else_queried(client, server, tmp_path):
    fetch_dataset(client, tmp_path, version=1400, progress=False)
    before = mw.load(tmp_path).synapses
    asked = len(server.requests)
    fetch_dataset(client, tmp_path, version=1400, optional=["target_structure"], progress=False)
    after = [seen.path for seen in server.requests[asked:] if seen.path.endswith("/query")]
    assert all("synapse_target_predictions_ssa_v2" in path for path in after)
    con = mw.load(tmp_path)
    pd.testing.assert_frame_equal(con.synapses, before)
    assert con.with_target_structure(before).attrs["unknown_target_structure"] == 0
    assert not (tmp_path / ".blocks").exists()


def test_autapses_are_left_out_unless_they_are_asked_for(client, tmp_path):
    fetch_dataset(client, tmp_path / "without", version=1400, progress=False)
    fetch_dataset(client, tmp_path / "with", version=1400, autapses=True, progress=False)
    without, with_them = mw.load(tmp_path / "without"), mw.load(tmp_path / "with")
    assert (without.n_autapses, with_them.n_autapses) == (0, 1)
    assert len(with_them.synapses) == len(without.synapses) + 1
    assert len(with_them.outputs(B)) == 2


def test_synapses_are_queried_in_blocks_and_halves(client, world, tmp_path, monkeypatch):
    monkeypatch.setattr(optional_tables, "_BLOCK", 5)
    world.row_cap = 3
    ids = pd.DataFrame({"id": np.arange(9, 0, -1)})
    table = optional_tables.with_target_structures(client, ids, 1400, tmp_path, progress=False)
    assert dict(zip(table["id"], table["target_structure"], strict=True)) == {
        number: TAGS.get(number, "") for number in range(1, 10)
    }


def test_a_version_without_the_tables_is_named_before_anything_is_queried(client, tmp_path):
    for optional, table in (
        ("target_structure", "synapse_target_predictions_ssa_v2"),
        ("tuning", "coregistration_manual_v4, digital_twin_properties_bcm_coreg_v4"),
    ):
        with pytest.raises(VersionNotFound, match=table):
            fetch_dataset(client, tmp_path, version=1300, optional=[optional], progress=False)
    assert not any(tmp_path.iterdir())
    with pytest.raises(InvalidArgument, match="tuning"):
        fetch_dataset(client, tmp_path, version=1400, optional=["tunning"], progress=False)
    with pytest.raises(InvalidCall, match="needs a client"):
        mw.load(tmp_path, optional=["tuning"])


def test_a_table_in_another_form_is_an_error_and_nothing_is_kept(client, world, tmp_path):
    own = world.of_version[1400]
    own["digital_twin_properties_bcm_coreg_v4"] = own["digital_twin_properties_bcm_coreg_v4"].drop(
        columns="pref_ori"
    )
    with pytest.raises(CaveError, match="has no column 'pref_ori'"):
        fetch_dataset(client, tmp_path, version=1400, optional=["tuning"], progress=False)
    assert not (tmp_path / "tuning_1400.feather").exists()
