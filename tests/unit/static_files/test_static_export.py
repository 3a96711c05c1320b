"""An expired release without an account: all its synapses, or those of chosen cells."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from local_server import Reply, without_ranges
from static_export_world import HEADER, ROWS, bytes_of, fetch, refuses_after, some, stops_after
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.errors import (
    DownloadError,
    InvalidRootIds,
    UnknownCell,
)
from microns_widgets.scale.static_export import fetch_static_dataset
from microns_widgets.sources import workshop
from microns_widgets.sources.proofreading import proofread_v1
from microns_widgets.sources.workshop import Files
from microns_widgets.tables.reading import CELL_COLUMNS, SYNAPSE_COLUMNS


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
