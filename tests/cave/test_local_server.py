"""The local server answers caveclient's own questions as the services' sources say."""

from __future__ import annotations

import numpy as np
import pandas as pd

TABLE = "nucleus_detection_v0"


def ask(client, **options) -> pd.DataFrame:
    return client.materialize.query_table(TABLE, metadata=False, **options)


def test_positions_come_in_one_column_or_in_three(client):
    joined = ask(client, limit=3)
    split = ask(client, limit=3, split_positions=True)
    assert np.stack(joined["pt_position"]).tolist() == (
        split[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy().tolist()
    )


def test_positions_come_in_voxels_or_in_the_resolution_asked_for(client):
    voxels = ask(client, limit=5, split_positions=True)
    nm = ask(client, limit=5, split_positions=True, desired_resolution=[1, 1, 1])
    columns = [f"pt_position_{axis}" for axis in "xyz"]
    np.testing.assert_allclose(nm[columns], voxels[columns] * [4, 4, 40])


def test_rows_are_filtered_by_a_list_a_value_and_a_bound(client, sample):
    ids = sample.root_ids[:3].tolist()
    assert set(ask(client, filter_in_dict={"pt_root_id": ids})["pt_root_id"]) == set(ids)
    assert len(ask(client, filter_equal_dict={"pt_root_id": ids[0]})) == 1
    assert ask(client, filter_greater_dict={"volume": 300})["volume"].min() > 300
    assert ask(client, filter_less_equal_dict={"volume": 300})["volume"].max() <= 300


def test_columns_are_chosen(client):
    chosen = ask(client, limit=2, select_columns=["id", "volume"])
    assert list(chosen.columns) == ["id", "volume"]


def test_a_condition_that_the_service_probably_ignores_is_ignored_here(client, sample):
    everything = ask(client, filter_out_dict={"pt_root_id": sample.root_ids[:3].tolist()})
    assert len(everything) == len(sample.cells)


def test_an_answer_is_cut_with_nothing_but_a_line_in_the_log(client, server, caplog):
    server.world.row_cap = 10
    assert len(ask(client)) == 10
    assert "Limited query to 10 rows" in caplog.text


def test_autapses_go_unless_they_are_asked_for(client, sample):
    table = sample.synapses
    own = table["pre_pt_root_id"] == table["post_pt_root_id"]
    cell = int(table.loc[own, "pre_pt_root_id"].iloc[0])
    without = client.materialize.synapse_query(pre_ids=cell)
    with_them = client.materialize.synapse_query(pre_ids=cell, remove_autapses=False)
    n = int((own & (table["pre_pt_root_id"] == cell)).sum())
    assert len(with_them) - len(without) == n > 0


def test_versions_and_their_times_are_reported(client):
    assert client.materialize.get_versions() == [1300, 1400]
    assert client.materialize.get_timestamp(1300).year == 2025
    assert TABLE in client.materialize.get_tables()
