"""Nucleus ids of version 1300 without an account, from the static table of 1412 by position."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from local_server import LocalServer, serve
from small_world import A
from static_world import cached, load, write_static

import microns_widgets as mw
from microns_widgets.errors import DownloadError, InvalidArgument, UnknownColumn
from microns_widgets.releases import NUCLEI
from microns_widgets.sources import workshop
from microns_widgets.sources.workshop import Files
from tests.cave.world import World, nucleus_ids, world_of


@pytest.fixture
def world(cells, synapses) -> World:
    return world_of(cells, synapses, {})


@pytest.fixture
def server(world, tmp_path: Path) -> Iterator[LocalServer]:
    write_static(world, tmp_path / "bucket", 1412)
    with serve(tmp_path / "bucket") as server:
        yield server


@pytest.fixture
def workshop_files(server, cells, synapses, monkeypatch) -> None:
    monkeypatch.setitem(workshop.VERSIONS, 1300, Files(1300))
    cells.to_feather(server.folder / "cell_info_1300.feather")
    synapses.to_feather(server.folder / "synapses_proofread_V1_neurons_1300.feather")


def load_1300(server: LocalServer, tmp_path: Path, **options) -> mw.Connectome:
    return load(server, tmp_path, 1300, base_url=server.url, **options)


def test_the_workshops_cells_get_their_nucleus_ids_by_position(
    server, workshop_files, cells, tmp_path
):
    con = load_1300(server, tmp_path, nucleus_ids=True)
    assert con.cells["nucleus_id"].tolist() == nucleus_ids(cells).tolist()
    assert con.cells["nucleus_id"].dtype == np.int64
    assert len(con.outputs(A)) == 3
    same = con.same_cells(load(server, tmp_path))
    assert same["changed"].tolist() == [False] * 5


def test_without_being_asked_for_they_cost_no_download(server, workshop_files, tmp_path):
    con = load_1300(server, tmp_path)
    assert not any(NUCLEI in path for path in server.asked)
    with pytest.raises(UnknownColumn, match=r"mw\.load\(1300, nucleus_ids=True\) adds it"):
        con.find(nucleus_id=1)


def test_a_cell_without_a_nucleus_at_its_position_is_counted(
    server, world, workshop_files, cells, tmp_path
):
    nuclei = world.tables[NUCLEI].copy()
    nuclei.loc[0, "pt_position_x"] += 1  # 4 nm away
    nuclei.loc[1, [f"pt_position_{axis}" for axis in "xyz"]] = nuclei.loc[
        2, [f"pt_position_{axis}" for axis in "xyz"]
    ].to_numpy()
    world.tables[NUCLEI] = nuclei
    write_static(world, server.folder, 1412)
    with pytest.warns(UserWarning, match=r"3 of 6 cells have no nucleus at exactly") as warned:
        con = load_1300(server, tmp_path, nucleus_ids=True)
    assert len(warned) == 1
    assert con.cells["nucleus_id"].tolist() == [0, 0, 0, *nucleus_ids(cells)[3:]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda nuclei: nuclei.assign(pt_position_x=0), "position of only 0 of the 6 cells"),
        (lambda nuclei: nuclei.drop(columns="pt_position_y"), "has no column 'pt_position_y'"),
        (lambda nuclei: nuclei.drop(columns="id"), "has no column 'id'"),
    ],
)
def test_a_table_of_other_nuclei_is_refused(
    server, world, workshop_files, tmp_path, change, reason
):
    world.tables[NUCLEI] = change(world.tables[NUCLEI])
    write_static(world, server.folder, 1412)
    with pytest.raises(DownloadError, match=rf"{NUCLEI} of version 1412 .*{reason}"):
        load_1300(server, tmp_path, nucleus_ids=True)
    assert f"{NUCLEI}.feather" not in cached(tmp_path)
    assert "cell_info_1300.feather" in cached(tmp_path)


def test_nucleus_ids_are_added_to_a_version_only(tmp_path):
    for data in (None, "sample", tmp_path):
        with pytest.raises(InvalidArgument, match=r"nucleus_ids=True with data=.*load\(1300, nuc"):
            mw.load(data, nucleus_ids=True)
