"""The automatic types of a release can come from each of CAVE's systems of types."""

from __future__ import annotations

import pandas as pd
import pytest
from small_world import A, B, C, D, E
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.errors import (
    CaveError,
    InvalidArgument,
    InvalidCall,
    QueryTruncated,
    VersionNotFound,
)
from microns_widgets.releases import CELL_INFO, CORRECTIONS, MULTIFEATURE
from microns_widgets.sources.cave import connect, fetch_dataset
from microns_widgets.sources.cave.cells import fetch_cells
from tests.cave.auth import GOOD
from tests.cave.server import CaveServer
from tests.cave.world import add_types, world_of

pytestmark = pytest.mark.filterwarnings("ignore:Types of cell_type_multifeature_combo")
IDS = [A, B, C, D, E]
TYPES = {
    "metamodel": ["23P", "BC", "MC", "23P", "astrocyte"],
    "metamodel_corrected": ["23P", "BC", "MC", "BPC", "astrocyte"],
    MULTIFEATURE: ["L3IT", "PV", "NMC", "L3IT", ""],
    CELL_INFO: ["23P", "BC", "MC", "BPC", "astrocyte"],
}
COARSE = {
    "metamodel": ["E", "I", "I", "E", "NONNEURON"],
    "metamodel_corrected": ["E", "I", "I", "I", "NONNEURON"],
    MULTIFEATURE: ["E", "I", "I", "E", ""],
    CELL_INFO: ["E", "I", "I", "I", "NONNEURON"],
}


@pytest.fixture
def server(cells, synapses):
    world = world_of(cells, synapses, {})
    add_types(world, (1822,), {D: "BPC"})
    with CaveServer(world) as server:
        yield server


@pytest.fixture
def client(server):
    return connect(GOOD, server_address=server.url, version=1822, timeout=5)


@pytest.mark.parametrize("types", list(TYPES))
def test_data_writes_the_chosen_types_and_the_file_says_which(server, tmp_path, types):
    words = ["data", "--version", "1822", "--out", str(tmp_path), "--server", server.url]
    result = CliRunner(env={"CAVE_TOKEN": GOOD}).invoke(app, [*words, "--types", types])
    assert result.exit_code == 0, result.output
    con = mw.load(tmp_path)
    assert con.labels(IDS, "cell_type_auto").tolist() == TYPES[types]
    assert con.labels(IDS, "coarse_cell_type_auto").tolist() == COARSE[types]
    assert con.labels([A, B], "cell_type_manual").tolist() == ["23P", "BC"]
    table = {MULTIFEATURE: MULTIFEATURE, CELL_INFO: CELL_INFO}.get(types, "celltypes_v661")
    assert table in con.cite().text
    assert (CORRECTIONS in con.cite().text) == (types == "metamodel_corrected")
    assert (types in con.source) == (types != "metamodel")


@pytest.mark.parametrize("types", list(TYPES))
def test_a_live_connectome_has_the_chosen_types_and_its_source_says_so(client, tmp_path, types):
    con = mw.load(client=client, types=types, cache_dir=tmp_path, progress=False)
    assert con.labels(IDS).tolist() == TYPES[types]
    own = "MICrONS minnie65_public, version 1822"
    assert con.source == (own if types == "metamodel" else f"{own}, types of {types}")
    assert "2026-06-27" in con.cite().text


def test_systems_are_cached_next_to_each_other(client, server, tmp_path):
    for types in TYPES:
        mw.load(client=client, types=types, cache_dir=tmp_path, progress=False)
    asked = len(server.requests)
    for types in TYPES:
        con = mw.load(client=client, types=types, cache_dir=tmp_path, progress=False)
        assert con.labels(IDS).tolist() == TYPES[types]
    assert len(server.requests) == asked


def test_cells_without_a_type_and_types_without_a_cell_are_counted(client):
    message = (
        r"version 1822: 1 of the 6 cells have no type in.*; 1 of the cells in it are not in aibs"
    )
    with pytest.warns(UserWarning, match=message):
        fetch_cells(client, 1822, types=MULTIFEATURE, progress=False)


def test_cells_are_matched_by_root_id_if_a_table_lacks_nuclei(client, server):
    for name in (MULTIFEATURE, CORRECTIONS):
        own = server.world.of_version[1822]
        own[name] = own[name].drop(columns="target_id")
    for types in (MULTIFEATURE, "metamodel_corrected"):
        cells = fetch_cells(client, 1822, types=types, progress=False)
        assert cells["cell_type_auto"].tolist()[:5] == TYPES[types]


def test_a_view_that_is_cut_is_fetched_in_parts(client, server):
    server.world.row_cap = 4
    cells = fetch_cells(client, 1822, types=CELL_INFO, progress=False)
    assert cells["cell_type_auto"].tolist()[:5] == TYPES[CELL_INFO]


@pytest.mark.parametrize("types", [name for name in TYPES if name != "metamodel"])
def test_a_release_without_the_table_names_those_that_have_it(server, client, tmp_path, types):
    message = r"of version 1300, which the chosen types need.*have it: .*1822.*Or choose other"
    with pytest.raises(VersionNotFound, match=message):
        fetch_dataset(client, tmp_path, version=1300, types=types, progress=False)
    assert not any(tmp_path.iterdir())
    assert server.count("/query") == 0


@pytest.mark.parametrize(
    ("types", "change", "message"),
    [
        (MULTIFEATURE, lambda table: table.drop(columns="cell_type"), "no column 'cell_type'"),
        (CELL_INFO, lambda table: table.drop(columns="broad_type"), "no column 'broad_type'"),
        ("metamodel_corrected", lambda table: table.iloc[:0], "is empty"),
    ],
)
def test_a_table_in_another_form_is_an_error(client, server, types, change, message):
    name = CORRECTIONS if types == "metamodel_corrected" else types
    own = server.world.of_version[1822]
    own[name] = change(own[name])
    with pytest.raises(CaveError, match=message):
        fetch_cells(client, 1822, types=types, progress=False)


def test_a_view_with_other_rows_than_cave_counts_is_refused(client, server):
    def without_a_row(body: bytes) -> bytes:
        import pyarrow as pa

        table = pa.ipc.open_stream(body).read_all().slice(1)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return sink.getvalue().to_pybytes()

    server.change(f"{CELL_INFO}/query", without_a_row)
    with pytest.raises(QueryTruncated, match="5 of 6 rows of view aibs_cell_info"):
        fetch_cells(client, 1822, types=CELL_INFO, progress=False)


def test_a_folder_does_not_mix_two_systems(client, tmp_path):
    fetch_dataset(client, tmp_path, version=1822, progress=False)
    with pytest.raises(InvalidArgument, match=r"types of metamodel \(cell_info_1822.feather\)"):
        fetch_dataset(client, tmp_path, version=1822, types=MULTIFEATURE, progress=False)
    assert len(mw.load(tmp_path).cells) == 6


def test_types_that_do_not_exist_or_are_not_queried_are_refused(client, server, tmp_path):
    asked = len(server.requests)
    with pytest.raises(InvalidArgument, match="types='multifeature' is not a valid choice"):
        mw.load(client=client, types="multifeature")
    with pytest.raises(InvalidArgument, match="Did you mean"):
        fetch_dataset(client, tmp_path, types="metamodel_correct")
    for data, given in ((1300, client), (None, None), (tmp_path, None)):
        with pytest.raises(InvalidCall, match="needs a client and no version"):
            mw.load(data, client=given, types=CELL_INFO)
    result = CliRunner().invoke(app, ["data", "--out", str(tmp_path), "--types", "cells"])
    assert result.exit_code == 1
    assert "types='cells' is not a valid choice" in " ".join(result.stderr.split())
    static = ["data", "--static", "--version", "1412", "--out", str(tmp_path)]
    for further in (["--types", CELL_INFO], ["--datastack", "v1dd_public"]):
        assert CliRunner().invoke(app, [*static, *further]).exit_code == 2
    assert len(server.requests) == asked


def test_several_types_of_one_nucleus_are_no_error(client, server):
    own = server.world.of_version[1822]
    again = own[MULTIFEATURE].assign(cell_type="ChC")
    own[MULTIFEATURE] = pd.concat([own[MULTIFEATURE], again], ignore_index=True)
    cells = fetch_cells(client, 1822, types=MULTIFEATURE, progress=False)
    assert cells["cell_type_auto"].tolist()[:5] == TYPES[MULTIFEATURE]
