"""Statistics of a whole dataset equal a plain count, on one machine and on a cluster."""

from __future__ import annotations

import re
import shutil
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_world import cell_frame, synapse_frame
from typer.testing import CliRunner

from microns_widgets.cli import app
from microns_widgets.errors import InvalidArgument, TableError, UnknownColumn
from microns_widgets.scale.build import build_folder
from microns_widgets.scale.statistics import dataset_statistics
from microns_widgets.synapses.files import FOLDER
from microns_widgets.tables.reading import proofread

pytestmark = pytest.mark.slow

pytest.importorskip("duckdb", reason="needs the extra 'scale'")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("small")
    synapse_frame().to_feather(home / "synapses.feather")
    cell_frame().to_feather(home / "cell_info.feather")
    build_folder(
        home / "synapses.feather",
        home / "whole",
        cells=home / "cell_info.feather",
        memory=512_000_000,
        progress=False,
    )
    return home / "whole"


def test_every_synapse_is_counted_by_its_size(folder):
    expected = synapse_frame()["size"].value_counts().sort_index()
    table = dataset_statistics(folder, progress=False).sizes
    assert table["size"].tolist() == expected.index.tolist()
    assert table["n_synapses"].tolist() == expected.tolist()


def test_degrees_count_synapses_and_partners_of_each_root_id_but_0(folder):
    table = dataset_statistics(folder, progress=False).degrees
    pre = table[table["side"] == "pre"].drop(columns="side")
    # A makes 3 onto B and X; B 2 onto A and itself; C and X one each.
    assert pre.to_numpy().tolist() == [[1, 1, 2], [2, 2, 1], [3, 2, 1]]
    post = table[table["side"] == "post"].drop(columns="side")
    # X receives 1 from A; A 3 from B, C and 0; B 4 from A, itself and X.
    assert post.to_numpy().tolist() == [[1, 1, 1], [3, 3, 1], [4, 3, 1]]


def test_connections_by_type_and_distance_are_those_of_a_loop_over_all_pairs(folder):
    cells = cell_frame().query("pt_root_id != 0").set_index("pt_root_id")
    synapses = synapse_frame()
    pairs = set(zip(synapses["pre_pt_root_id"], synapses["post_pt_root_id"], strict=True))
    expected: dict[tuple[str, str, float], list[int]] = {}
    for pre, post in product(proofread(cell_frame()), cells.index):
        if pre == post:
            continue
        axes = [f"pt_position_{axis}" for axis in "xyz"]
        away = np.linalg.norm(cells.loc[pre, axes].astype(float) - cells.loc[post, axes]) / 1000
        types = cells["cell_type_auto"]
        count = expected.setdefault((types[pre], types[post], away // 50 * 50), [0, 0])
        count[0] += 1
        count[1] += (pre, post) in pairs
    table = dataset_statistics(folder, progress=False).connections
    keys = zip(table["pre_type"], table["post_type"], table["distance_from"], strict=True)
    counts = table[["pairs_possible", "pairs_connected"]].to_numpy().tolist()
    assert dict(zip(keys, counts, strict=True)) == expected
    assert table["pairs_connected"].sum() == 3, "A and B both ways, C onto A; no fragment"


def test_a_cluster_counts_the_same(folder):
    pytest.importorskip("distributed", reason="needs the extra 'scale'")
    here = dataset_statistics(folder, progress=False)
    there = dataset_statistics(folder, dask="local", progress=False)
    assert re.fullmatch(r"<DatasetStatistics with the rows: [\d,]+ sizes, .*>", repr(here))
    for name, table in vars(here).items():
        pd.testing.assert_frame_equal(vars(there)[name], table)


def test_without_a_cell_table_all_but_connections_is_counted(folder, tmp_path):
    shutil.copytree(folder / FOLDER, tmp_path / FOLDER)
    table = dataset_statistics(tmp_path, progress=False)
    pd.testing.assert_frame_equal(table.sizes, dataset_statistics(folder, progress=False).sizes)
    assert len(table.connections) == 0
    assert "probability" in table.connections


def test_bins_of_distance_can_be_chosen_and_the_last_takes_all_beyond(folder):
    # A, a 23P cell, and B, a basket cell, are 1 um apart in x and 70 um in y.
    table = dataset_statistics(folder, distances=[0, 70, 71], progress=False).connections
    apart = table.query("pre_type == '23P' and post_type == 'BC'")
    assert apart[["distance_from", "distance_to"]].to_numpy().tolist() == [[70, 71]]
    assert table["distance_to"].max() == np.inf


def test_a_folder_without_an_index_is_refused(tmp_path):
    with pytest.raises(TableError, match="microns index INPUT --out FOLDER"):
        dataset_statistics(tmp_path)


@pytest.mark.parametrize("distances", [[0, 100, 50], [1, 2], [], "near", 5])
def test_distances_that_do_not_ascend_from_0_are_refused(distances, folder):
    with pytest.raises(InvalidArgument, match="in ascending order"):
        dataset_statistics(folder, distances=distances)


def test_a_column_that_the_cell_table_lacks_is_named(folder):
    with pytest.raises(UnknownColumn, match="Did you mean 'cell_type_auto'"):
        dataset_statistics(folder, by="celltype_auto")


def test_the_command_writes_the_tables(folder, tmp_path):
    result = CliRunner().invoke(app, ["stats", str(folder), "--out", str(tmp_path / "tables")])
    assert result.exit_code == 0, result.output
    assert "4 root ids with outputs" in result.output
    table = pd.read_parquet(tmp_path / "tables" / "sizes.parquet")
    assert table["n_synapses"].sum() == len(synapse_frame())
