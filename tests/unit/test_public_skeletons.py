"""Public SWC files, from a local server with the same folders: no account, no partial files."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from small_world import A, B, C, D

import microns_widgets as mw
from microns_widgets.errors import DownloadError, SkeletonNotFound
from microns_widgets.sources import downloads, workshop
from microns_widgets.sources.public_skeletons import PublicSkeletons
from microns_widgets.sources.workshop import Files

SWC = "# um\n1 1 700 600 850 5 -1\n2 2 700 700 850 0.4 1\n3 2 700 760 850 0.3 2\n"
DENDRITES = "1 1 700 600 850 5 -1\n2 3 700 650 850 0.8 1\n"


class Bucket(http.server.SimpleHTTPRequestHandler):
    """Serves a folder like a storage bucket; the addresses in `odd` respond differently."""

    odd: dict[str, Callable[[Bucket], None]]
    asked: list[str]

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.asked.append(self.path)
        odd = next((act for part, act in self.odd.items() if part in self.path), None)
        if odd:
            odd(self)
        else:
            super().do_GET()

    def answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)


class Server:
    def __init__(self, folder: Path, url: str, bucket: type[Bucket]) -> None:
        self.folder, self.url, self.odd, self.asked = folder, url, bucket.odd, bucket.asked

    def put(self, kind: str, root_id: int, text: str) -> None:
        file = self.folder / kind / f"{root_id}.swc"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "bucket"
    folder.mkdir()
    bucket = type("Own", (Bucket,), {"odd": {}, "asked": []})
    handler = partial(bucket, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as http_server:
        http_server.daemon_threads = True
        threading.Thread(target=http_server.serve_forever, daemon=True).start()
        yield Server(folder, f"http://127.0.0.1:{http_server.server_port}", bucket)
        http_server.shutdown()


@pytest.fixture
def skeletons(server: Server, tmp_path: Path) -> PublicSkeletons:
    server.put("proofread", A, SWC)
    server.put("dendrite", A, DENDRITES)
    server.put("dendrite", B, DENDRITES)
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
    again = PublicSkeletons({A}, base_url="http://127.0.0.1:9", folder=tmp_path / "cache")
    assert again[A].n_vertices == first.n_vertices
    assert server.asked == [f"/proofread/{A}.swc"]


def test_both_folders_are_tried_before_the_error(skeletons, server):
    with pytest.raises(SkeletonNotFound, match=rf"{C}.*mw\.load\(1300, client="):
        skeletons[C]
    assert server.asked == [f"/dendrite/{C}.swc", f"/proofread/{C}.swc"]


def test_status_403_of_a_bucket_means_a_missing_file(skeletons, server):
    server.odd[f"proofread/{A}"] = lambda bucket: bucket.answer(403, b"<Error>AccessDenied</Error>")
    assert skeletons[A].cable_length("dendrite") == pytest.approx(50)


def drip(bucket: Bucket) -> None:
    bucket.send_response(200)
    bucket.send_header("Content-Length", "100000")
    bucket.end_headers()
    for _ in range(100):
        bucket.wfile.write(b"#")
        time.sleep(0.05)


def broken_off(bucket: Bucket) -> None:
    bucket.answer(200, SWC.encode()[:40], Content_Length=str(len(SWC)))
    bucket.close_connection = True


def without_length(bucket: Bucket) -> None:
    bucket.send_response(200)
    bucket.end_headers()
    bucket.wfile.write(SWC.encode()[:40])


ODD = {
    "an error of the server": lambda bucket: bucket.answer(500),
    "half a file": broken_off,
    "an answer whose end cannot be known": without_length,
    "a login page": lambda bucket: bucket.answer(200, b"<!DOCTYPE html><title>Log in</title>"),
    "another cell": lambda bucket: bucket.answer(200, f"# root_id {D}\n{SWC}".encode()),
    "nm": lambda bucket: bucket.answer(200, b"1 1 7e5 6e5 8e5 5000 -1\n2 2 7e5 7e5 8e5 400 1\n"),
    "an empty file": lambda bucket: bucket.answer(200),
    "a length that is not a number": lambda bucket: bucket.answer(200, Content_Length="long"),
    "no rows": lambda bucket: bucket.answer(200, b"# empty\n"),
    "an endless drip": drip,
    "a redirect to nowhere": lambda bucket: bucket.answer(302, Location="http://127.0.0.1:9/x"),
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
    server.put("moved", A, SWC)
    server.odd["proofread"] = lambda bucket: bucket.answer(302, Location=f"/moved/{A}.swc")
    assert skeletons[A].n_vertices == 3


def test_offline_the_next_step_is_named(tmp_path):
    skeletons = PublicSkeletons(base_url="http://127.0.0.1:9", folder=tmp_path)
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
