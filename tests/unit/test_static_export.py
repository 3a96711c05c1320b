"""An expired release without an account: all its synapses, or those of chosen cells."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from local_server import NOWHERE, LocalServer, Reply, serve, status, without_ranges
from static_world import EXPORT, write_static
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.errors import (
    DownloadError,
    InvalidRootIds,
    UnknownCell,
    WriteError,
)
from microns_widgets.scale import chosen_synapses
from microns_widgets.scale.static_export import fetch_static_dataset
from microns_widgets.sources import downloads, resumable, workshop
from microns_widgets.sources.proofreading import proofread_v1
from microns_widgets.sources.workshop import Files
from microns_widgets.tables.reading import CELL_COLUMNS, SYNAPSE_COLUMNS
from tests.cave.world import SYNAPSES, world_of

ROWS, HEADER = f"v1412/{EXPORT}.csv.gz", f"v1412/{EXPORT}_header.csv"
#: Columns of the real file.
COLUMNS = [
    "id",
    *(f"{side}_pt_position_{axis}" for side in ("pre", "ctr", "post") for axis in "xyz"),
    "size",
    *(f"{side}_pt_{what}_id" for side in ("pre", "post") for what in ("supervoxel", "root")),
]


def some(sample: mw.Connectome) -> pd.DataFrame:
    """A fifth of the sample's synapses, autapses among them."""
    own = sample.synapses["pre_pt_root_id"] == sample.synapses["post_pt_root_id"]
    return sample.synapses[own | (np.arange(len(own)) % 5 == 0)]


@pytest.fixture(scope="module")
def bucket(sample, tmp_path_factory) -> Path:
    """The sample in the layout of the static files; with a fifth of its synapses."""
    folder = tmp_path_factory.mktemp("bucket")
    synapses = some(sample).sample(frac=1, random_state=0, ignore_index=True)
    world = world_of(sample.cells, synapses, {})
    world.tables[SYNAPSES] = world.tables[SYNAPSES][COLUMNS]
    write_static(world, folder, 1412)
    return folder


@pytest.fixture
def server(bucket, tmp_path, monkeypatch) -> Iterator[LocalServer]:
    shutil.copytree(bucket, tmp_path / "bucket")
    monkeypatch.setattr(chosen_synapses, "INTERVAL", 200_000)
    monkeypatch.setattr(chosen_synapses, "_AHEAD", 150_000)
    monkeypatch.setattr(chosen_synapses, "_TEXT", 300_000)
    monkeypatch.setattr(resumable, "WAITS", (0.0, 0.0))
    with serve(tmp_path / "bucket") as server:
        monkeypatch.setenv("MICRONS_STATIC_URL", server.url)
        yield server


@pytest.fixture
def ids(sample) -> np.ndarray:
    with_autapses = sample.select(cell_type="BC", proofread=True)
    return np.sort([*sample.select(proofread=True)[:15], *with_autapses[:5]])


def fetch(out: Path, cells=None, **options) -> tuple[Path, Path]:
    return fetch_static_dataset(1412, out, cells=cells, progress=False, **options)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def stops_after(n: int):
    """Send at most n bytes per connection, then close it."""

    def act(reply: Reply) -> None:
        content = reply.file.read_bytes()
        first = int((reply.headers.get("Range") or "bytes=0-").partition("=")[2].split("-")[0])
        if (reply.headers.get("Range") or "").endswith("-0"):
            reply.send_file(reply.file)
            return
        tag = reply.tag(content)
        where = f"bytes {first}-{len(content) - 1}/{len(content)}"
        size = str(len(content) - first)
        part = content[first : first + n]
        reply.answer(206, part, ETag=tag, Content_Range=where, Content_Length=size)
        reply.close_connection = True

    return act


def refuses_after(n: int):
    """Send n bytes, and refuse every later request for more."""
    first = stops_after(n)
    asked: list[str] = []

    def act(reply: Reply) -> None:
        extent = reply.headers.get("Range") or ""
        if not extent.endswith("-0"):
            asked.append(extent)
        if len(asked) > 1:
            reply.answer(404)
        else:
            first(reply)

    return act


def test_the_synapses_of_chosen_cells_are_those_of_the_whole_table(server, sample, ids, tmp_path):
    cell_file, synapse_file = fetch(tmp_path / "out", ids)
    assert cell_file.name == "cell_info_1412.feather"
    con = mw.load(tmp_path / "out")
    assert (con.cells["nucleus_id"] != 0).equals(con.cells["pt_root_id"] != 0)
    whole = some(sample)
    own = whole[["pre_pt_root_id", "post_pt_root_id"]].isin(ids).any(axis=1)
    order = ["post_pt_root_id", "pre_pt_root_id", "size", "id"]
    expected = whole[own].sort_values(order, ignore_index=True)[list(SYNAPSE_COLUMNS)]
    on_itself = expected["pre_pt_root_id"] == expected["post_pt_root_id"]
    assert on_itself.any()
    others = expected[~on_itself].reset_index(drop=True)
    pd.testing.assert_frame_equal(pd.read_feather(synapse_file), others, check_dtype=False)
    _, with_autapses = fetch(tmp_path / "with", ids, autapses=True)
    pd.testing.assert_frame_equal(pd.read_feather(with_autapses), expected, check_dtype=False)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        [cell_file.name, synapse_file.name]
    )


def test_an_interrupted_run_continues_and_has_the_same_bytes(server, ids, tmp_path):
    fetch(tmp_path / "whole", ids)
    expected = bytes_of(tmp_path / "whole")
    size = (server.folder / ROWS).stat().st_size
    starts = []
    for share in (0.4, 0.3, 0.3):
        server.odd[ROWS] = refuses_after(int(share * size))
        server.ranges.clear()
        with pytest.raises(DownloadError, match="same command again: it continues"):
            fetch(tmp_path / "parts", ids)
        starts.append(int(server.ranges[-2].removeprefix("bytes=").removesuffix("-")))
    server.odd.clear()
    server.ranges.clear()
    fetch(tmp_path / "parts", ids)
    starts.append(int(server.ranges[-1].removeprefix("bytes=").removesuffix("-")))
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert starts[-1] > 0.5 * size, "what was read before is read again"
    assert bytes_of(tmp_path / "parts") == expected


def test_a_connection_that_breaks_is_opened_again(server, ids, tmp_path):
    fetch(tmp_path / "whole", ids)
    server.odd[ROWS] = stops_after(333_333)
    fetch(tmp_path / "broken", ids)
    assert bytes_of(tmp_path / "broken") == bytes_of(tmp_path / "whole")
    _, file = fetch(tmp_path / "all")
    assert file.read_bytes() == (server.folder / ROWS).read_bytes()


def test_a_server_without_ranges_sends_the_beginning_again(server, ids, tmp_path):
    fetch(tmp_path / "whole", ids)
    for out, cells in (("chosen", ids), ("all", None)):
        server.odd[ROWS] = refuses_after(800_000)
        with pytest.raises(DownloadError, match="it continues"):
            fetch(tmp_path / out, cells)
        server.odd[ROWS] = without_ranges
        with pytest.warns(UserWarning, match="cannot continue a download, so its first"):
            fetch(tmp_path / out, cells)
    assert bytes_of(tmp_path / "chosen") == bytes_of(tmp_path / "whole")
    assert (tmp_path / "all" / "synapses_all_1412.csv.gz").read_bytes() == (
        server.folder / ROWS
    ).read_bytes()


def test_a_file_that_changed_on_the_server_is_not_mixed_with_the_old_one(server, ids, tmp_path):
    for out, cells in (("chosen", ids), ("all", None)):
        server.odd[ROWS] = refuses_after(800_000)
        with pytest.raises(DownloadError):
            fetch(tmp_path / out, cells)
    server.odd.clear()
    rows = gzip.decompress((server.folder / ROWS).read_bytes())
    new = gzip.compress(rows[: rows.rindex(b"\n", 0, len(rows) // 2) + 1], mtime=0)
    server.put(ROWS, new)
    with pytest.warns(UserWarning, match="has changed on the server since the last attempt"):
        _, chosen = fetch(tmp_path / "chosen", ids)
    with pytest.warns(UserWarning, match="has changed on the server since the last attempt"):
        _, whole = fetch(tmp_path / "all")
    assert whole.read_bytes() == new
    _, again = fetch(tmp_path / "again", ids)
    assert chosen.read_bytes() == again.read_bytes()


def test_a_change_in_the_middle_of_a_download_is_an_error(server, ids, tmp_path):
    first = stops_after(500_000)

    def changing(reply: Reply) -> None:
        if (reply.headers.get("Range") or "").startswith("bytes=0-"):
            first(reply)
        else:
            reply.answer(200, b"another file", ETag='"new"')

    server.odd[ROWS] = changing
    for out, cells in (("chosen", ids), ("all", None)):
        with pytest.raises(DownloadError, match="changed during the download"):
            fetch(tmp_path / out, cells)


def test_the_order_of_the_cells_and_repeats_make_no_difference(server, ids, tmp_path):
    _, first = fetch(tmp_path / "out", ids)
    assert fetch(tmp_path / "out", [*ids[::-1], ids[0]], agree=pytest.fail)[1] == first
    with pytest.raises(InvalidRootIds, match="at least one cell"):
        fetch(tmp_path / "out", [])


def test_what_is_complete_is_neither_asked_about_nor_fetched_again(server, ids, tmp_path):
    for cells in (ids, "proofread", None):
        first = fetch(tmp_path / "out", cells)
        asked = len(server.asked)
        assert fetch(tmp_path / "out", cells, agree=pytest.fail) == first
        assert [ROWS in path for path in server.asked[asked:]].count(True) == 1  # its size


def test_the_whole_export_is_what_the_index_reads(server, sample, tmp_path):
    pytest.importorskip("duckdb", reason="needs the extra 'scale'")
    out = tmp_path / "out"
    result = run("--out", out, "--yes")
    assert result.exit_code == 0, result.output
    [line] = [line for line in result.output.splitlines() if "Next: " in line]
    words = line.partition("Next: microns ")[2].split()
    indexed = CliRunner().invoke(app, words)
    assert indexed.exit_code == 0, indexed.output
    con = mw.load(out)
    assert len(con.synapses) == len(some(sample))
    cell = sample.examples()["BC"]
    expected = some(sample)
    expected = expected[expected["post_pt_root_id"] == cell]
    assert sorted(con.inputs(cell)["id"]) == sorted(expected["id"])
    assert con.inputs(cell)["ctr_pt_position_z"].max() > 60_000


def run(*words: object, given: str | None = None):
    words = ("data", "--static", "--version", 1412, *words)
    return CliRunner().invoke(app, [*map(str, words)], input=given)


def test_the_command_says_what_it_will_do_and_asks(server, ids, tmp_path):
    (tmp_path / "ids.txt").write_text("\n".join(map(str, ids)))
    out = tmp_path / "out"
    for answer in ("n\n", ""):
        refused = run("--out", out, "--cells", tmp_path / "ids.txt", given=answer)
        assert refused.exit_code == 1
        assert "minutes at 100 Mbit/s" in refused.output
        assert "per synapse of your cells" in refused.output
        assert list(out.iterdir()) == []
    agreed = run("--out", out, "--cells", tmp_path / "ids.txt", given="y\n")
    assert agreed.exit_code == 0, agreed.output
    assert "Open them with load(" in agreed.output
    assert set(ids) <= set(mw.load(out).synapses[["pre_pt_root_id", "post_pt_root_id"]].stack())
    plan = run("--out", tmp_path / "all", given="n\n").output
    assert "are free); `microns index` then needs another" in plan
    (tmp_path / "first.txt").write_text(str(ids[0]))
    more = run("--out", out, "--cells", tmp_path / "first.txt", "--yes")
    assert "also has synapses_selected_" in " ".join(more.output.split())
    assert "Open them with load(" not in more.output


def test_the_workshops_choice_of_cells_has_the_workshops_name(server, sample, tmp_path):
    result = run("--out", tmp_path / "out", "--cells", "proofread", "--yes")
    assert result.exit_code == 0, result.output
    [file] = (tmp_path / "out").glob("synapses*")
    assert file.name == "synapses_proofread_V1_neurons_1412.feather"
    table = pd.read_feather(file)
    own = proofread_v1(sample.cells, 1412)
    assert table[["pre_pt_root_id", "post_pt_root_id"]].isin(own).any(axis=1).all()


def test_version_1300_has_the_workshops_cells_with_nucleus_ids(
    server, sample, ids, tmp_path, monkeypatch
):
    monkeypatch.setitem(workshop.VERSIONS, 1300, Files(1300))
    monkeypatch.setenv("MICRONS_BASE_URL", server.url)
    sample.cells[list(CELL_COLUMNS)].to_feather(server.folder / "cell_info_1300.feather")
    for name in (ROWS, HEADER):
        server.put(name.replace("1412", "1300"), (server.folder / name).read_bytes())
    fetch_static_dataset(1300, tmp_path / "new", cells=ids, progress=False)
    new = mw.load(tmp_path / "new")
    fetch(tmp_path / "old", ids)
    assert new.cells["pt_root_id"].equals(sample.cells["pt_root_id"])
    assert not new.same_cells(mw.load(tmp_path / "old"))["changed"].any()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--cells", "nowhere.txt"], "nowhere.txt cannot be read"),
        (["--version", "1300"], "1300 in http"),
        (["--cells", "ids.txt"], "'pyramidal' is not a valid root id"),
    ],
)
def test_a_wrong_command_line_is_explained(server, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    Path("ids.txt").write_text("864691135000000001\npyramidal\n")
    result = run("--out", tmp_path / "out", "--yes", *words)
    assert result.exit_code != 0
    assert message in " ".join(result.output.replace("│", " ").split())


def test_cells_and_yes_need_static(tmp_path):
    result = CliRunner().invoke(app, ["data", "--out", str(tmp_path), "--yes"])
    assert result.exit_code == 2
    assert "--static" in result.output


def test_ids_that_no_synapse_has_are_errors_or_warnings(server, ids, tmp_path):
    with pytest.raises(InvalidRootIds, match="0 means no segment"):
        fetch(tmp_path / "out", np.array([0, 5]))
    with pytest.raises(UnknownCell, match=r"1 of the 1 root_ids are not in version 1412.*cell_"):
        fetch(tmp_path / "out", np.array([5]))
    assert not list((tmp_path / "out").glob("synapses*"))
    with pytest.warns(UserWarning, match="1 of the 2 root_ids are not in version 1412, such as 5"):
        fetch(tmp_path / "out", np.array([5, ids[0]]))


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
