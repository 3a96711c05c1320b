"""The workshop's two files come out of CAVE as they went in."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow.feather
import pytest

import microns_widgets as mw
from microns_widgets.errors import (
    InvalidArgument,
    InvalidRootIds,
    InvalidType,
    QueryTruncated,
    ServiceUnreachable,
    UnknownCell,
    VersionNotFound,
)
from microns_widgets.sources.cave import fetch_dataset
from microns_widgets.sources.cave.cells import fetch_cells
from microns_widgets.sources.cave.synapses import fetch_synapses
from microns_widgets.sources.folder import load_folder
from microns_widgets.sources.proofreading import proofread_v1
from tests.cave.auth import GOOD
from tests.cave.server import CaveServer
from tests.cave.world import nucleus_ids, real_world

QUERY = "synapses_pni_2/query"
ORDER = ["post_pt_root_id", "pre_pt_root_id", "size"]


def synapses_of(sample, ids) -> pd.DataFrame:
    table = sample.synapses
    own = table["pre_pt_root_id"].isin(ids) | table["post_pt_root_id"].isin(ids)
    return table[own].sort_values([*ORDER, "id"], ignore_index=True)


def by_order(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values([*ORDER, "id"], ignore_index=True)


def test_the_cell_table_is_the_workshops(client, sample):
    fetched = fetch_cells(client, 1300, progress=False)
    expected = sample.cells
    # Tables are joined by root id, and the one nucleus without a segment joins with nothing.
    expected.loc[expected["pt_root_id"] == 0, "region"] = ""
    expected["nucleus_id"] = np.where(expected["pt_root_id"] == 0, 0, nucleus_ids(expected))
    pd.testing.assert_frame_equal(fetched, expected, check_exact=False, rtol=1e-12)


def test_the_synapses_of_cells_are_complete_and_each_once(client, sample, proofread_ids, tmp_path):
    table = fetch_synapses(client, proofread_ids, 1300, tmp_path, block=3, progress=False)
    expected = synapses_of(sample, proofread_ids)
    pd.testing.assert_frame_equal(by_order(table), expected)
    assert (table["pre_pt_root_id"] == table["post_pt_root_id"]).sum() == (
        expected["pre_pt_root_id"] == expected["post_pt_root_id"]
    ).sum()


def test_autapses_are_kept(client, sample, tmp_path):
    table = sample.synapses
    cell = table.loc[table["pre_pt_root_id"] == table["post_pt_root_id"], "pre_pt_root_id"].iloc[0]
    fetched = fetch_synapses(client, [cell], 1300, tmp_path, progress=False)
    assert (fetched["pre_pt_root_id"] == fetched["post_pt_root_id"]).sum() > 0
    pd.testing.assert_frame_equal(by_order(fetched), synapses_of(sample, [cell]))


def test_an_answer_cut_at_the_row_cap_is_asked_for_in_parts(
    client, server, sample, proofread_ids, tmp_path
):
    most = max(max(len(sample.inputs(cell)), len(sample.outputs(cell))) for cell in proofread_ids)
    server.world.row_cap = most + 1
    table = fetch_synapses(client, proofread_ids, 1300, tmp_path, progress=False)
    pd.testing.assert_frame_equal(by_order(table), synapses_of(sample, proofread_ids))
    assert server.count(QUERY) > 2, "the first answers were cut"


def test_a_cell_with_more_synapses_than_an_answer_holds_is_named(
    client, server, proofread_ids, tmp_path
):
    server.world.row_cap = 20
    with pytest.raises(QueryTruncated, match=f"Cell {proofread_ids[0]} has more"):
        fetch_synapses(client, proofread_ids, 1300, tmp_path, progress=False)


def test_a_cell_table_that_is_cut_is_fetched_in_parts(client, server, sample):
    server.world.row_cap = 1_000
    fetched = fetch_cells(client, 1300, progress=False)
    assert len(fetched) == len(sample.cells)


def test_after_an_interruption_only_what_is_missing_is_asked_for(
    client, server, sample, proofread_ids, tmp_path
):
    def fetch() -> pd.DataFrame:
        return fetch_synapses(client, proofread_ids, 1300, tmp_path, block=2, progress=False)

    server.fail(QUERY, 503, after=2 * 2)  # each block is queried and counted
    with pytest.raises(ServiceUnreachable, match="what was downloaded so far is saved"):
        fetch()
    server.clear_faults()
    before = server.count(QUERY)
    table = fetch()
    assert server.count(QUERY) - before == 2 * (2 * 4 - 2)
    pd.testing.assert_frame_equal(by_order(table), synapses_of(sample, proofread_ids))


def test_a_dataset_is_written_as_the_workshops_files(client, sample, proofread_ids, tmp_path):
    cells, synapses = fetch_dataset(
        client, tmp_path, version=1300, root_ids=proofread_ids, progress=False
    )
    assert cells.name == "cell_info_1300.feather"
    assert sorted(path.name for path in tmp_path.iterdir()) == [cells.name, synapses.name]
    table = pyarrow.feather.read_table(synapses)
    assert str(table.schema.field("id").type) == "int32"
    frame = table.to_pandas()
    pd.testing.assert_frame_equal(frame, frame.sort_values(ORDER, ignore_index=True, kind="stable"))
    con = load_folder(tmp_path)
    cell = int(proofread_ids[0])
    assert len(con.outputs(cell)) == len(sample.outputs(cell))
    assert len(con.inputs(cell)) == len(sample.inputs(cell))


def test_a_finished_dataset_is_not_asked_for_again(client, server, proofread_ids, tmp_path):
    fetch_dataset(client, tmp_path, version=1300, root_ids=proofread_ids, progress=False)
    before = len(server.requests)
    fetch_dataset(client, tmp_path, version=1300, root_ids=proofread_ids, progress=False)
    assert len(server.requests) == before


def test_autapses_that_a_finished_file_lacks_are_not_passed_over_in_silence(
    client, sample, tmp_path
):
    autapses = sample.synapses.query("pre_pt_root_id == post_pt_root_id")
    cell = int(autapses["pre_pt_root_id"].iloc[0])
    options = {"version": 1300, "root_ids": [cell], "progress": False}
    _, file = fetch_dataset(client, tmp_path, **options)
    with pytest.warns(UserWarning, match="kept as it is, without synapses of a cell onto itself"):
        fetch_dataset(client, tmp_path, autapses=True, **options)
    file.unlink()
    for _ in range(2):  # no warning
        fetch_dataset(client, tmp_path, autapses=True, **options)
    assert mw.load(tmp_path).n_autapses


def test_a_connectome_is_loaded_live_with_skeletons(client, sample, proofread_ids, tmp_path):
    con = mw.load(client=client, root_ids=proofread_ids, cache_dir=tmp_path, progress=False)
    cell = int(proofread_ids[0])
    assert con.source == "MICrONS minnie65_public, version 1300"
    assert len(con.outputs(cell)) == len(sample.outputs(cell))
    assert con.skeleton(cell).cable_length() == pytest.approx(sample.skeleton(cell).cable_length())


def test_the_workshop_left_seven_cells_of_v1_out(real_data):
    cells = mw.read_cells(real_data / "cell_info_1300.feather")
    assert (
        len(proofread_v1(cells, 1300))
        == len(cells.query("region == 'V1' and proofreading_strategy != ''")) - 7
    )


def test_a_version_that_does_not_exist_is_reported_as_missing(client):
    with pytest.raises(VersionNotFound, match="get_versions"):
        fetch_cells(client, 999, progress=False)


def test_a_withdrawn_version_is_reported(client):
    with pytest.raises(VersionNotFound, match="withdrawn"):
        fetch_cells(client, 117, progress=False)


def test_the_real_basket_cell_comes_back_whole(real_data, tmp_path):
    cell = 864691135101289504
    with CaveServer(real_world(real_data)) as server:
        from microns_widgets.sources.cave import connect

        client = connect(GOOD, server_address=server.url, version=1300)
        fetched = fetch_synapses(client, [cell], 1300, tmp_path / "blocks", progress=False)
    expected = mw.read_synapses(real_data / f"neuron_{cell}" / "synapses.feather")
    pd.testing.assert_frame_equal(by_order(fetched), by_order(expected))


def selected(sample, n=3):
    return sample.select(proofread=True, region="V1")[:n]


@pytest.mark.parametrize(
    "form",
    [
        lambda ids: ids.tolist(),
        lambda ids: set(ids.tolist()),
        lambda ids: [str(i) for i in ids],
        lambda ids: pd.Series(ids, dtype="Int64"),
        lambda ids: ids.astype(np.uint64),
    ],
    ids=["list", "set", "text", "nullable", "unsigned"],
)
def test_ids_of_every_form_query_the_same_synapses(client, sample, tmp_path, form):
    ids = selected(sample)
    con = mw.load(client=client, root_ids=form(ids), cache_dir=tmp_path, progress=False)
    assert len(con.synapses) > 0
    assert set(ids) <= set(con.synapses[["pre_pt_root_id", "post_pt_root_id"]].to_numpy().ravel())


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (lambda ids: pd.Series(ids).astype(float), "floats lose the last digits"),
        (lambda ids: pd.Series([ids[0], np.nan]), "a value is missing"),
        (lambda ids: [True], "it is a mask"),
    ],
)
def test_ids_that_lost_their_digits_query_nothing(client, server, sample, tmp_path, form, reason):
    before = server.count("/query")
    with pytest.raises(InvalidRootIds, match=reason):
        mw.load(client=client, root_ids=form(selected(sample)), cache_dir=tmp_path, progress=False)
    assert server.count("/query") == before
    assert list(tmp_path.rglob("synapses*")) == []


OUTDATED = 864691135000000001


def test_an_id_of_another_version_is_warned_of_by_number(client, sample, tmp_path):
    ids = [*selected(sample, 2), OUTDATED]
    with pytest.warns(UserWarning, match=f"1 of the 3 root_ids are not in .* as {OUTDATED}"):
        con = mw.load(client=client, root_ids=ids, cache_dir=tmp_path, progress=False)
    assert len(con.synapses) > 0


def test_ids_of_another_version_alone_are_an_error_and_nothing_is_kept(client, tmp_path):
    with pytest.raises(UnknownCell, match="suggest_latest_roots"):
        mw.load(client=client, root_ids=[OUTDATED], cache_dir=tmp_path, progress=False)
    assert list(tmp_path.rglob("synapses*")) == []


def test_a_damaged_block_is_queried_again(client, server, sample, tmp_path):
    ids = selected(sample).tolist()
    blocks = tmp_path / "blocks"
    first = fetch_synapses(client, ids, 1300, blocks, progress=False)
    asked = server.count("/query")
    for file in blocks.glob("*.feather"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    again = fetch_synapses(client, ids, 1300, blocks, progress=False)
    pd.testing.assert_frame_equal(again, first)
    assert server.count("/query") > asked


def test_a_block_of_no_cells_is_refused(client, tmp_path):
    with pytest.raises(InvalidArgument, match="block=-1"):
        fetch_dataset(client, tmp_path, block=-1, progress=False)


@pytest.mark.parametrize(
    ("client", "cure"),
    [
        ("minnie65_public", r"CAVEclient\('minnie65_public'\)"),
        (SimpleNamespace(client=None), "client=panel.client"),
        (3, "TokenPanel"),
    ],
)
def test_what_is_not_a_client_is_told_how_to_become_one(client, cure):
    with pytest.raises(InvalidType, match=cure):
        mw.load(client=client)
