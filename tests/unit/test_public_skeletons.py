"""Public SWC files, from a local server with the same folders: no account, no partial files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from local_server import FAULTS, NOWHERE, LocalServer, redirect, serve, status
from small_world import A, B, C, D

import microns_widgets as mw
from microns_widgets.errors import DownloadError, SkeletonNotFound
from microns_widgets.sources import downloads, workshop
from microns_widgets.sources.public_skeletons import PublicSkeletons
from microns_widgets.sources.workshop import Files

SWC = "# um\n1 1 700 600 850 5 -1\n2 2 700 700 850 0.4 1\n3 2 700 760 850 0.3 2\n"
DENDRITES = "1 1 700 600 850 5 -1\n2 3 700 650 850 0.8 1\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalServer]:
    with serve(tmp_path / "bucket") as server:
        yield server


def put(server: LocalServer, kind: str, root_id: int, text: str) -> None:
    server.put(f"{kind}/{root_id}.swc", text)


@pytest.fixture
def skeletons(server: LocalServer, tmp_path: Path) -> PublicSkeletons:
    put(server, "proofread", A, SWC)
    put(server, "dendrite", A, DENDRITES)
    put(server, "dendrite", B, DENDRITES)
    return PublicSkeletons({A}, base_url=server.url, folder=tmp_path / "cache")


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_proofread_neuron_has_its_axon_and_says_where_it_is_from(skeletons):
    skeleton = skeletons[A]
    assert skeleton.cable_length("axon") == pytest.approx(160)
    assert skeleton.source == "MICrONS minnie65_public, version 1300"
    assert skeleton.root_id == A


def test_another_typed_cell_says_that_its_axon_was_removed(skeletons):
    assert skeletons[B].source.endswith("dendrites only (the axon was removed)")
    assert skeletons[B].cable_length("axon") == 0


def test_a_skeleton_is_downloaded_once_and_then_available_offline(skeletons, server, tmp_path):
    first = skeletons[A]
    again = PublicSkeletons({A}, base_url=NOWHERE, folder=tmp_path / "cache")
    assert again[A].n_vertices == first.n_vertices
    assert server.asked == [f"/proofread/{A}.swc"]


def test_both_folders_are_tried_before_the_error(skeletons, server):
    with pytest.raises(SkeletonNotFound, match=rf"{C}.*mw\.load\(1300, client="):
        skeletons[C]
    assert server.asked == [f"/dendrite/{C}.swc", f"/proofread/{C}.swc"]


def test_status_403_of_a_bucket_means_a_missing_file(skeletons, server):
    server.odd[f"proofread/{A}"] = status(403, b"<Error>AccessDenied</Error>")
    assert skeletons[A].cable_length("dendrite") == pytest.approx(50)


ODD = FAULTS | {
    "another cell": status(200, f"# root_id {D}\n{SWC}".encode()),
    "nm": status(200, b"1 1 7e5 6e5 8e5 5000 -1\n2 2 7e5 7e5 8e5 400 1\n"),
    "no rows": status(200, b"# empty\n"),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_an_odd_response_is_an_error_and_is_not_cached(
    skeletons, server, tmp_path, monkeypatch, answer
):
    monkeypatch.setattr(downloads, "PIECE_S", 0.3)
    server.odd["proofread"] = answer
    with pytest.raises(DownloadError, match=f"{A}.*(Try|try) again"):
        skeletons[A]
    assert files_in(tmp_path / "cache") == []
    server.odd.clear()
    assert skeletons[A].n_vertices == 3


def test_a_redirect_is_followed(skeletons, server):
    put(server, "moved", A, SWC)
    server.odd["proofread"] = redirect(f"/moved/{A}.swc")
    assert skeletons[A].n_vertices == 3


def test_offline_the_next_step_is_named(tmp_path):
    skeletons = PublicSkeletons(base_url=NOWHERE, folder=tmp_path)
    with pytest.raises(DownloadError, match=r"network connection.*available offline.*load\(\)"):
        skeletons[A]


def test_a_damaged_file_is_downloaded_again(skeletons, tmp_path):
    before = skeletons[A].n_vertices
    (file,) = (tmp_path / "cache").rglob("*.swc")
    file.write_text(SWC[: len(SWC) // 2])
    assert skeletons[A].n_vertices == before


def test_a_skeleton_that_cannot_be_cached_is_returned_with_a_warning(server, skeletons, tmp_path):
    (tmp_path / "file").write_text("")
    bound = PublicSkeletons({A}, base_url=server.url, folder=tmp_path / "file" / "below")
    with pytest.warns(UserWarning, match="not cached"):
        assert bound[A].n_vertices == 3


def test_the_tables_of_1300_come_with_them_and_need_no_account(
    cells, synapses, server, skeletons, tmp_path, monkeypatch
):
    monkeypatch.setitem(workshop.VERSIONS, 1300, Files(1300))
    monkeypatch.setenv("MICRONS_SKELETON_URL", f"{server.url}/")
    monkeypatch.setenv("CAVE_TOKEN", "0" * 32)
    cells.to_feather(server.folder / "cell_info_1300.feather")
    synapses.to_feather(server.folder / "synapses_proofread_V1_neurons_1300.feather")
    con = mw.load(1300, base_url=server.url, cache_dir=tmp_path / "cache", progress=False)
    assert con.skeletons([A, B, C]).keys() == {A, B}
    assert con.skeleton(A).cable_length("axon") > 0


def test_a_disk_on_which_nothing_can_be_written_is_a_clear_error(skeletons, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(DownloadError, match=f"{A}.*No such file or directory"):
        skeletons[A]
