"""A response that is not as expected is an error at once and is discarded."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from flask import request

import microns_widgets as mw
from microns_widgets.errors import CaveError, ServiceUnreachable, UnknownCell, VersionNotFound
from microns_widgets.releases import AUTO_TYPES, MANUAL_TYPES, PROOFREADING, REGIONS
from microns_widgets.sources.cave import CaveSkeletons, connect
from microns_widgets.sources.cave.cells import fetch_cells
from microns_widgets.sources.cave.synapses import fetch_synapses
from tests.cave.auth import GOOD

QUERY = "synapses_pni_2/query"


def stream(frame: pd.DataFrame, batches: int = 1) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=-(-len(frame) // batches) or 1)
    return sink.getvalue().to_pybytes()


def in_rows(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[bytes], bytes]:
    return lambda body: stream(change(pa.ipc.open_stream(body).read_pandas()))


def without_last_batch(body: bytes) -> bytes:
    # This happens if a proxy closes the connection between two batches.
    frame = pa.ipc.open_stream(body).read_pandas()
    last = stream(frame, 2)
    return last[: last.rindex(b"\xff\xff\xff\xff", 0, len(last) - 8)]


def with_wrong_offsets() -> bytes:
    body = stream(pd.DataFrame({"id": [1, 2], "tag": ["V1" * 20, "RL" * 20]}))
    offsets = np.array([0, 40, 80], dtype=np.int32).tobytes()
    assert offsets in body
    return body.replace(offsets, np.array([0, 2**30, 80], dtype=np.int32).tobytes())


DAMAGED_TABLES = {
    "half of the rows": in_rows(lambda frame: frame.iloc[::2]),
    "no rows": in_rows(lambda frame: frame.iloc[:0]),
    "each row twice": in_rows(lambda frame: pd.concat([frame, frame])),
    "no last batch": without_last_batch,
    "no end mark": lambda body: body[:-8],
    "cut in the middle": lambda body: body[: len(body) // 2],
    # pandas crashes on wrong lengths of strings
    "damaged inside": lambda _body: with_wrong_offsets(),
    "no bytes": lambda _body: b"",
    "not a table": lambda _body: b"<html>" * 50,
    "rows of other cells": in_rows(lambda f: f.assign(pre_pt_root_id=f["pre_pt_root_id"] + 1)),
    "voxels": in_rows(lambda f: f.assign(ctr_pt_position_z=f["ctr_pt_position_z"] / 40)),
    "no column": in_rows(lambda frame: frame.drop(columns="size")),
    "no numbers": in_rows(lambda frame: frame.assign(size=np.nan)),
    "ids as floats": in_rows(lambda f: f.assign(post_pt_root_id=f["post_pt_root_id"] * 1.0)),
    "ids as text": in_rows(lambda f: f.assign(pre_pt_root_id=f["pre_pt_root_id"].astype(str))),
}


@pytest.mark.parametrize("kind", DAMAGED_TABLES)
def test_damaged_synapse_tables_are_errors_and_not_saved(client, server, sample, tmp_path, kind):
    ids = sample.select(proofread=True)[:1].tolist()
    server.change(QUERY, DAMAGED_TABLES[kind])
    with pytest.raises(CaveError, match=r"[Tt]ry again"):
        fetch_synapses(client, ids, 1300, tmp_path, progress=False)
    assert list(tmp_path.rglob("*.feather")) == []
    server.clear_faults()
    table = fetch_synapses(client, ids, 1300, tmp_path, progress=False)
    own = sample.synapses[["pre_pt_root_id", "post_pt_root_id"]].isin(ids).any(axis=1)
    assert len(table) == own.sum()


def test_answers_of_two_versions_contradict_each_other(client, server, sample, tmp_path):
    cell, partner = sample.synapses[["pre_pt_root_id", "post_pt_root_id"]].iloc[0].tolist()

    def of_another_version(frame: pd.DataFrame) -> pd.DataFrame:
        outputs = "pre_pt_root_id" in str(request.get_data())
        return frame.assign(post_pt_root_id=frame["post_pt_root_id"] + 7) if outputs else frame

    server.change(QUERY, in_rows(of_another_version))
    with pytest.raises(CaveError, match="contradict each other"):
        fetch_synapses(client, [cell, partner], 1300, tmp_path, progress=False)
    assert list(tmp_path.rglob("*.feather")) == []


def test_a_cell_without_synapses_is_a_warning_but_alone_an_error(client, sample, tmp_path):
    linked = sample.synapses[["pre_pt_root_id", "post_pt_root_id"]].to_numpy().ravel()
    cells = sample.cells["pt_root_id"]
    alone = int(cells[(cells != 0) & ~cells.isin(linked)].iloc[0])
    with pytest.raises(UnknownCell, match=f"no synapses in version 1300, such as {alone}"):
        mw.load(client=client, root_ids=[alone], cache_dir=tmp_path, progress=False)
    assert list(tmp_path.rglob("synapses*")) == []
    with pytest.warns(UserWarning, match=f"1 of the 2 root_ids have no synapses.* {alone}"):
        mw.load(client=client, root_ids=[alone, linked[0]], cache_dir=tmp_path, progress=False)


def with_null(column: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda table: table.assign(**{column: table[column].where(table.index != 5)})


@pytest.mark.parametrize(
    ("table", "change", "reason"),
    [
        (AUTO_TYPES, with_null("pt_root_id"), "is missing pt_root_id in 1 of"),
        (AUTO_TYPES, with_null("volume"), "is missing volume in 1 of"),
        (PROOFREADING, with_null("pt_root_id"), "is missing pt_root_id in 1 of"),
        (REGIONS, with_null("pt_root_id"), "is missing pt_root_id in 1 of"),
        (REGIONS, lambda table: table.drop(columns="tag"), "has no column 'tag'"),
        (AUTO_TYPES, lambda table: table.iloc[:0], "is empty"),
        (MANUAL_TYPES, lambda table: table.iloc[:0], "is empty"),
        (REGIONS, lambda table: table.astype({"pt_root_id": float}), "root ids of type float64"),
        (AUTO_TYPES, None, "does not have table"),
    ],
)
def test_an_incomplete_cell_table_is_one_clear_error(
    client, server, tmp_path, table, change, reason
):
    if change is None:
        server.answer(f"{table}/query", b'{"message": "gone"}', 404)
    else:
        server.world.tables[table] = change(server.world.tables[table])
    with pytest.raises(CaveError, match=rf"{table} of version 1300.*{reason}|{reason}"):
        mw.load(client=client, root_ids=[1], cache_dir=tmp_path, progress=False)
    assert list(tmp_path.rglob("*.feather")) == []


def test_missing_text_of_a_cell_is_empty_and_guesses_no_type(client, server):
    for table, column in ((AUTO_TYPES, "classification_system"), (REGIONS, "tag")):
        server.world.tables[table] = with_null(column)(server.world.tables[table])
    fetched = fetch_cells(client, 1300, progress=False)
    assert fetched.loc[5, ["coarse_cell_type_auto", "region"]].tolist() == ["", ""]


def test_a_cell_table_with_fewer_rows_than_cave_counts_is_refused(client, server):
    server.change(f"{REGIONS}/query", in_rows(lambda frame: frame.iloc[::2]))
    with pytest.raises(CaveError, match=r"sent [\d,]+ of [\d,]+ rows of table nucleus_functional"):
        fetch_cells(client, 1300, progress=False)


@pytest.mark.parametrize(
    "packed",
    ["00ff", "no hex", 5, b"\x1f\x8b".hex(), "gzip of text", "a bomb", None],
)
def test_a_skeleton_that_cannot_be_unpacked_is_an_error_at_once(client, server, tmp_path, packed):
    content = {"gzip of text": b"no skeleton", "a bomb": b" " * (65 << 20)}.get(packed)
    cell = next(iter(server.world.skeletons))
    value = packed if content is None else gzip.compress(content, 1).hex()
    server.answer("get_cached_skeletons", json.dumps({str(cell): value}).encode())
    began = time.monotonic()
    with pytest.raises(CaveError, match=f"skeleton of cell {cell} is damaged"):
        CaveSkeletons(client, folder=tmp_path, wait=60)[cell]
    assert time.monotonic() - began < 10
    assert list(tmp_path.rglob("*.json")) == []


def test_a_skeleton_of_another_cell_is_an_error_at_once(client, server, tmp_path):
    cell = next(iter(server.world.skeletons))
    packed = server.skeletonizer.packed(cell).hex()
    server.answer("get_cached_skeletons", json.dumps({str(cell + 1): packed}).encode())
    with pytest.raises(CaveError, match=f"not requested, such as {cell + 1}"):
        CaveSkeletons(client, folder=tmp_path, wait=60)[cell]
    assert list(tmp_path.rglob("*.json")) == []


ODD_BODIES = (
    b"{}",
    b"null",
    b"[]",
    b'"x"',
    b"[{}]",
    b"[NaN]",
    b"[1300, 1",
    b"",
    b"\xff",
    b"[" * 9999,
)


@pytest.mark.parametrize("path", ["/info/api", "/info/version", "/api/v3/", "/user/cache"])
def test_every_odd_answer_ends_in_a_state_of_the_panel(server, path):
    for body in ODD_BODIES:
        server.clear_faults()
        server.answer(path, body)
        panel = mw.TokenPanel(server_address=server.url, token=GOOD, timeout=5)
        assert panel.wait(20) == "unreachable", body
        with pytest.raises(ServiceUnreachable, match=r"did not respond properly\. .*CAVE.*Check"):
            _ = panel.client


def test_a_web_page_instead_of_a_response_is_recognized(server):
    server.answer("/versions", b"<html>log in</html>", Content_Type="text/html")
    panel = mw.TokenPanel(server_address=server.url, token=GOOD, timeout=5)
    panel.wait(20)
    assert "it is a web page" in panel.status["text"]


def test_a_check_that_fails_unexpectedly_says_why_and_shows_no_token(server, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError(f"cannot start with {GOOD}")

    monkeypatch.setattr("microns_widgets.widgets._token_check.account_name", fail)
    panel = mw.TokenPanel(server_address=server.url, token=GOOD, timeout=5)
    assert panel.wait(20) == "unreachable"
    assert "RuntimeError: cannot start with <hidden>." in panel.status["text"]


def test_a_panel_without_caveclient_says_how_to_install_it(server, monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "5.21.0")
    panel = mw.TokenPanel(server_address=server.url, token=GOOD, timeout=5)
    with pytest.raises(ServiceUnreachable, match="pip install"):
        _ = panel.client


@pytest.mark.parametrize("body", [b'"Internal Server Error"', b"[]", b"<html>", b"\xff", b""])
@pytest.mark.parametrize(("status", "error"), [(500, ServiceUnreachable), (404, VersionNotFound)])
def test_an_error_status_is_read_whatever_its_body_is(client, server, body, status, error):
    server.answer(f"{AUTO_TYPES}/query", body, status)
    with pytest.raises(error):
        fetch_cells(client, 1300, progress=False)


@pytest.mark.parametrize("data", ['"x"', "[]", '{"tos_form_url": "javascript:alert(1)"}'])
def test_odd_terms_have_no_address(server, data):
    server.answer("/info/api", f'{{"error": "missing_tos", "data": {data}}}'.encode(), 403)
    panel = mw.TokenPanel(server_address=server.url, token=GOOD, timeout=5)
    assert panel.wait(20) == "terms_not_accepted"
    assert panel.status["url"] == ""


@pytest.mark.parametrize("status", [200, 500])
def test_interfaces_that_are_unknown_are_an_error_not_an_old_interface(server, status):
    client = connect(GOOD, server_address=server.url, timeout=5)
    server.answer("/materialize/api/versions", b"[2, 3", status)
    with pytest.raises(CaveError, match=r"could not (be read|process)"):
        _ = client.materialize
