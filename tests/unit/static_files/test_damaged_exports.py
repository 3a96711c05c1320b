"""Damaged, missing and slow exports: nothing is used in part, and the next run continues."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from local_server import NOWHERE, LocalServer, Reply, status
from static_export_world import HEADER, ROWS, bytes_of, fetch, stops_after
from static_world import EXPORT

from microns_widgets.errors import (
    DownloadError,
    WriteError,
)
from microns_widgets.sources import downloads


def changed(change):
    """Rewrite the export with other rows."""

    def rewrite(server: LocalServer) -> None:
        rows = gzip.decompress((server.folder / ROWS).read_bytes())
        server.put(ROWS, gzip.compress(change(rows), 1))

    return rewrite


def end_cut(server: LocalServer) -> None:
    server.put(ROWS, (server.folder / ROWS).read_bytes()[:-100])


def middle_damaged(server: LocalServer) -> None:
    content = bytearray((server.folder / ROWS).read_bytes())
    content[len(content) // 2 :][:50] = bytes(50)
    content[len(content) // 2 : len(content) // 2 + 50] = bytes(50)
    server.put(ROWS, bytes(content))


def test_a_last_row_without_an_end_counts(server, ids, tmp_path):
    fetch(tmp_path / "before", ids)
    changed(lambda rows: rows.removesuffix(b"\n"))(server)
    fetch(tmp_path / "after", ids)
    assert bytes_of(tmp_path / "after") == bytes_of(tmp_path / "before")


DAMAGE = {
    "a truncated file": end_cut,
    "damage in the middle": middle_damaged,
    "a column too many": changed(lambda rows: rows.replace(b"\n", b",1\n")),
    "a row cut off": changed(lambda rows: rows + b"1,2,3\n"),
    "text": changed(lambda rows: rows + b"," * 14 + b"x\n"),
    "each row twice": changed(lambda rows: rows + rows),
    "a page": lambda server: server.put(ROWS, "<!DOCTYPE html>" * 100),
    "another header": lambda server: server.put(HEADER, "id,bigint\nsize,bigint\n"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_export_is_refused_and_nothing_of_it_is_used(server, ids, tmp_path, kind):
    DAMAGE[kind](server)
    with pytest.raises(DownloadError, match=f"{EXPORT}.*(damaged|not a gzip|does not fit)"):
        fetch(tmp_path / "out", ids)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names <= {"cell_info_1412.feather", *(n for n in names if n.startswith(".static-"))}
    assert not list((tmp_path / "out").rglob("part-*"))


@pytest.mark.parametrize("number", [403, 404])
def test_a_release_without_an_export_is_an_error(server, ids, tmp_path, number):
    for missing in (ROWS, HEADER):
        server.odd[missing] = status(number)
        with pytest.raises(DownloadError, match=rf"{EXPORT}.*Choose another version"):
            fetch(tmp_path / "out", ids)
        server.odd.clear()
    assert not list((tmp_path / "out").iterdir())


def test_a_server_that_fails_or_stalls_is_an_error_and_the_next_run_continues(
    server, ids, tmp_path, monkeypatch
):
    monkeypatch.setattr(downloads, "PIECE_S", 0.3)
    good = stops_after(600_000)

    def then(act):
        return lambda reply: (good if reply.headers["Range"][:8] == "bytes=0-" else act)(reply)

    def stalled(reply: Reply) -> None:
        time.sleep(0.5)

    for act in (status(500), stalled):
        server.odd[ROWS] = then(act)
        with pytest.raises(DownloadError, match=r"stopped after .* of .*it continues"):
            fetch(tmp_path / "out")
    assert (tmp_path / "out" / "synapses_all_1412.csv.gz.part").stat().st_size == 600_000
    server.odd.clear()
    _, file = fetch(tmp_path / "out")
    assert file.read_bytes() == (server.folder / ROWS).read_bytes()


def test_offline_the_next_step_is_named(tmp_path):
    with pytest.raises(DownloadError, match=r"network connection.*static_url"):
        fetch(tmp_path, static_url=NOWHERE)


def test_a_disk_that_is_too_small_is_reported_beforehand(server, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=1_000_000))
    with pytest.raises(WriteError, match=r"only 1\.0 MB are free.*--cells"):
        fetch(tmp_path / "out", agree=pytest.fail)


@pytest.mark.slow
def test_after_ctrl_c_the_command_continues(server, ids, tmp_path):
    (tmp_path / "ids.txt").write_text("\n".join(map(str, ids)))
    fetch(tmp_path / "whole", ids)
    seen = []

    def slow(reply: Reply) -> None:
        if reply.headers["Range"] == "bytes=0-0":
            reply.send_file(reply.file)
            return
        seen.append(reply.headers["Range"])
        content = reply.file.read_bytes()
        reply.send_response(206)
        reply.send_header("ETag", reply.tag(content))
        reply.send_header("Content-Length", str(len(content)))
        reply.send_header("Content-Range", f"bytes 0-{len(content) - 1}/{len(content)}")
        reply.end_headers()
        for at in range(0, len(content), 100_000):
            reply.wfile.write(content[at : at + 100_000])
            time.sleep(0.1)

    server.odd[ROWS] = slow
    script = (
        "from microns_widgets.scale import chosen_synapses as c; c.INTERVAL = 200_000; "
        "c._AHEAD = 150_000; from microns_widgets.cli import app; app()"
    )
    words = ["data", "--static", "--out", tmp_path / "out", "--cells", tmp_path / "ids.txt"]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words, "--yes"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MICRONS_STATIC_URL": server.url},
    )
    deadline = time.monotonic() + 60
    # Before it has a place to resume at, it would begin again.
    while not any(
        json.loads(path.read_text())["point"]
        for path in (tmp_path / "out").glob(".static*/state.json")
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "run the same command again" in errors
    server.odd.clear()
    server.ranges.clear()
    fetch(tmp_path / "out", ids)
    assert server.ranges[-1] not in ("bytes=0-", "bytes=0-0")
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "whole")
