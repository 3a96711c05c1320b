"""Each release is queried with its own tables, even if this package does not know it."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest
from local_server import serve
from small_world import A, B, C
from static_world import write_static
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.errors import CaveError, VersionNotFound
from microns_widgets.releases import AUTO_TYPES, NUCLEI, PROOFREADING, REGIONS
from microns_widgets.sources.cave import connect, fetch_dataset
from microns_widgets.sources.cave.cells import fetch_cells
from microns_widgets.sources.static_release import fetch_static_cells
from microns_widgets.tables.reading import STRATEGIES
from tests.cave.auth import GOOD
from tests.cave.server import CaveServer
from tests.cave.world import NEWER, add_releases, nucleus_ids, world_of

EDITED = A + 1000


@pytest.fixture
def server(cells, synapses):
    world = world_of(cells, synapses, {})
    add_releases(world, {int(A): int(EDITED)})
    with CaveServer(world) as server:
        yield server


@pytest.fixture
def client(server):
    return connect(GOOD, server_address=server.url, version=1300, timeout=5)


def run(*words: object, token: str = GOOD):
    return CliRunner(env={"CAVE_TOKEN": token}).invoke(app, ["data", *map(str, words)])


@pytest.mark.parametrize(
    ("version", "strategies", "areas", "cell"),
    [
        (943, ["extended", "clean", "clean"], {""}, A),
        (1300, STRATEGIES[:3], {"V1", "RL"}, A),
        (1507, STRATEGIES[:3], {"V1", "RL"}, EDITED),
        (1822, STRATEGIES[:3], {"V1", "RL"}, EDITED),
        (NEWER, [*STRATEGIES[:2], "axon_by_machine"], {"V1", "RL"}, EDITED),
    ],
)
def test_data_writes_the_two_files_of_every_release(
    server, cells, tmp_path, version, strategies, areas, cell
):
    result = run("--version", version, "--out", tmp_path, "--server", server.url)
    assert result.exit_code == 0, result.output
    assert ("Warning: Version 943 has no table of brain areas" in result.stderr) == (version == 943)
    con = mw.load(tmp_path)
    with_segment = con.cells[con.cells["pt_root_id"] != 0]
    assert con.select(proofread=True).tolist() == [cell, B, C]
    assert con.labels([cell, B, C], "proofreading_strategy").tolist() == list(strategies)
    assert set(with_segment["region"]) == areas
    assert with_segment["nucleus_id"].tolist() == nucleus_ids(cells)[:-1].tolist()
    assert con.cells["nucleus_id"].dtype == np.int64
    assert len(con.outputs(B)) == 1  # its autapse is left out
    # Without areas, all proofread cells are queried; otherwise those of V1.
    assert ("proofread_V1" in str(sorted(tmp_path.iterdir()))) == (version != 943)


@pytest.mark.filterwarnings("ignore:Version 943 has no table of brain areas")
@pytest.mark.parametrize("version", [943, 1412])
def test_the_static_tables_of_a_release_make_the_same_cell_table_as_cave_does(
    server, client, tmp_path, version
):
    server.world.versions[version] = "2025-04-29T10:10:01.5"
    write_static(server.world, tmp_path / "bucket", version)
    with serve(tmp_path / "bucket") as bucket:
        cells = fetch_static_cells(
            version, static_url=bucket.url, cache_dir=tmp_path / "cache", progress=False
        )
    pd.testing.assert_frame_equal(cells, fetch_cells(client, version, progress=False))


def test_the_list_says_what_cave_has_now_and_what_it_does_not_know_yet(server, monkeypatch):
    monkeypatch.setenv("HOME", os.devnull)
    now = run("--list", "--server", server.url)
    assert now.exit_code == 0, now.output
    rows = {line.split()[0]: line.split() for line in now.output.splitlines()}
    assert rows[str(NEWER)] == [str(NEWER), "2027-01-30", "yes", "yes"]
    assert rows["1718"][2] == "no"
    for without in (run("--list", token=""), run("--list", "--server", "http://127.0.0.1:9")):
        assert without.exit_code == 0
        assert "In CAVE: as expected" in without.output
        assert str(NEWER) not in without.output


@pytest.mark.parametrize("body", [b"{}", b"null", b"[{}]", b"[1]"])
def test_odd_lists_of_versions_and_tables_are_errors_and_not_empty_lists(server, client, body):
    server.answer("/minnie65_public/metadata", body)
    listed = run("--list", "--server", server.url)
    assert "could not be checked. CAVE's response" in listed.output
    server.answer("/tables", body)
    with pytest.raises(CaveError, match="list of tables of version 1300 could not be read"):
        fetch_cells(client, 1300, progress=False)
    other = run("--list", "--server", server.url, "--datastack", "v1dd_public")
    assert other.exit_code == 1


def test_data_without_a_folder_is_a_usage_error():
    result = run("--version", 1300)
    assert result.exit_code == 2
    assert "--out" in result.output


def test_an_expired_release_says_where_its_files_are(server, client, tmp_path):
    with pytest.raises(VersionNotFound, match=r"Available: 943.*/v1412/aibs_"):
        connect(GOOD, server_address=server.url, version=1412)
    server.world.withdrawn.add(1412)
    with pytest.raises(VersionNotFound, match=r"withdrawn this version.*/v1412/aibs_"):
        fetch_dataset(client, tmp_path, version=1412, progress=False)
    assert list(tmp_path.iterdir()) == []


def test_a_version_without_the_tables_names_those_that_have_them(server, client):
    server.world.of_version[1507][AUTO_TYPES] = None
    with pytest.raises(VersionNotFound, match=rf"{AUTO_TYPES} of version 1507.*1822.*1300, 943"):
        fetch_cells(client, 1507, progress=False)


def test_an_axon_is_proofread_if_its_status_says_so_whatever_the_strategy(server, client):
    table = server.world.tables[PROOFREADING]
    for status in (["t", "f", "t", "f", None, "f"], [True, False, True, False, None, False]):
        server.world.tables[PROOFREADING] = table.assign(
            status_axon=pd.Series(status, dtype=object),
            strategy_axon=["axon_column_truncated", "axon_interareal", "none", "", "none", "x"],
        )
        fetched = fetch_cells(client, 1300, progress=False)
        strategies = dict(zip(fetched["pt_root_id"], fetched["proofreading_strategy"], strict=True))
        assert {cell: name for cell, name in strategies.items() if name} == {
            A: "axon_column_truncated",
            C: "unknown",
        }
    server.world.tables[PROOFREADING] = table.assign(status_axon="done")
    with pytest.raises(CaveError, match="status_axon='done' in row 0, expected true or false"):
        fetch_cells(client, 1300, progress=False)


def test_nucleus_ids_come_from_the_table_of_nuclei_if_that_of_types_lacks_them(server, client):
    for name in (AUTO_TYPES, REGIONS):
        server.world.tables[name] = server.world.tables[name].drop(columns="target_id")
    expected = server.world.tables[NUCLEI]["id"].to_numpy()
    fetched = fetch_cells(client, 1300, progress=False)
    assert fetched["nucleus_id"].tolist() == [*expected[:-1], 0]
    # If two nuclei share a segment, the first one is used, as for all columns.
    server.world.tables[NUCLEI] = server.world.tables[NUCLEI].iloc[2:]
    assert fetch_cells(client, 1300, progress=False)["nucleus_id"].tolist()[:2] == [0, 0]
    server.world.of_version[1300] = {NUCLEI: None}
    assert "nucleus_id" not in fetch_cells(client, 1300, progress=False)
