"""The workshop's tables need no account; their skeletons come as soon as a token is there."""

from __future__ import annotations

import pytest

import microns_widgets as mw
from microns_widgets.connectome import Connectome
from microns_widgets.errors import SkeletonNotFound, TokenRefused
from microns_widgets.sources import workshop
from microns_widgets.sources.cave import SkeletonsOnDemand
from microns_widgets.sources.cave.secret import Secret
from microns_widgets.sources.cave.token_files import save_token
from microns_widgets.sources.workshop import Files
from tests.cave.auth import GOOD


@pytest.fixture(autouse=True)
def _no_token(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("CAVE_TOKEN", raising=False)


@pytest.fixture
def con(sample, server, tmp_path) -> Connectome:
    skeletons = SkeletonsOnDemand(server_address=server.url, folder=tmp_path / "skeletons")
    return Connectome(sample.cells, sample.synapses, skeletons)


@pytest.fixture
def cell(server) -> int:
    return next(iter(server.world.skeletons))


def test_nothing_is_asked_of_cave_before_a_skeleton_is(con, cell, server, monkeypatch):
    monkeypatch.setenv("CAVE_TOKEN", GOOD)
    con.outputs(cell)
    assert server.requests == []


def test_with_a_token_in_the_environment_a_skeleton_comes(con, cell, sample, monkeypatch):
    monkeypatch.setenv("CAVE_TOKEN", GOOD)
    assert con.skeleton(cell).cable_length() == pytest.approx(sample.skeleton(cell).cable_length())


def test_without_a_token_the_next_step_is_named_and_cave_is_not_asked(con, cell, server):
    with pytest.raises(SkeletonNotFound, match=rf"{cell}.*no CAVE token.*mw\.TokenPanel\(\)"):
        con.skeleton(cell)
    assert server.requests == []


def test_a_token_that_is_saved_later_is_found(con, cell, server):
    with pytest.raises(SkeletonNotFound):
        con.skeleton(cell)
    save_token(Secret(GOOD), server.url)
    assert con.skeleton(cell).root_id == cell


def test_a_skeleton_on_disk_needs_neither_token_nor_network(con, cell, server, monkeypatch):
    monkeypatch.setenv("CAVE_TOKEN", GOOD)
    con.skeleton(cell)
    monkeypatch.delenv("CAVE_TOKEN")
    before = len(server.requests)
    folder = con._skeletons._folder
    again = SkeletonsOnDemand(server_address=server.url, folder=folder)
    assert again[cell].root_id == cell
    assert len(server.requests) == before


def test_a_damaged_file_is_fetched_again(con, cell, monkeypatch):
    monkeypatch.setenv("CAVE_TOKEN", GOOD)
    before = con.skeleton(cell).n_vertices
    (file,) = con._skeletons._folder.rglob(f"{cell}.json")
    file.write_text(file.read_text().replace('"root": 0', '"root": -5').replace("[[", "[[1,", 1))
    assert con.skeleton(cell).n_vertices == before


def test_a_token_that_cave_refuses_is_reported(con, cell, monkeypatch):
    monkeypatch.setenv("CAVE_TOKEN", "0" * 32)
    with pytest.raises(TokenRefused):
        con.skeleton(cell)


def test_the_workshops_tables_open_without_a_token(cells, synapses, tmp_path, monkeypatch):
    monkeypatch.setitem(workshop.VERSIONS, 1300, Files(1300))
    cells.to_feather(tmp_path / "cell_info_1300.feather")
    synapses.to_feather(tmp_path / "synapses_proofread_V1_neurons_1300.feather")
    # What is in the cache already is not downloaded: no address answers here.
    con = mw.load(1300, base_url="http://127.0.0.1:9", cache_dir=tmp_path, progress=False)
    with pytest.raises(SkeletonNotFound, match=r"mw\.TokenPanel\(\)"):
        con.skeleton(con.root_ids[0])
