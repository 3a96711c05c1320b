"""What Python inside a web page (Pyodide) has not: threads, 64-bit positions, other servers.

`make lite-trial` runs the package there. These tests keep what was found there from coming back.
"""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import microns_widgets as mw
from microns_widgets._index_type import as_intp
from microns_widgets._threads import AtOnce, start_thread, thread_pool
from microns_widgets.connectome import Connectome
from microns_widgets.errors import NotInBrowser
from microns_widgets.sources.cave import connect
from microns_widgets.sources.sample import storage
from microns_widgets.synapses.cache import open_index
from microns_widgets.widgets import cell_picker
from microns_widgets.widgets._requests import respond

PACKAGE = Path(mw.__file__).parent
#: Never run in a browser: the whole dataset out of core, and what generated the sample.
ELSEWHERE = ("scale", "sources/sample")
#: Functions of numpy that refuse int64 where positions have 32 bits, and which argument it is.
TAKE_POSITIONS = {"bincount": 0, "repeat": 1, "reduceat": 1}


@pytest.fixture(scope="module")
def con() -> Connectome:
    return mw.load(quiet=True)


@pytest.fixture
def no_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no thread start, with the error that Pyodide raises."""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    cell_picker._compression.cache_clear()
    yield
    cell_picker._compression.cache_clear()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")


def answer(widget: Any, name: str, content: Any = None) -> tuple[dict[str, Any], list[bytes]]:
    """Ask a widget, and return the answer that is there as soon as it has been asked."""
    sent: list[tuple[dict[str, Any], Any]] = []
    respond(
        widget,
        {"kind": "ask", "id": "1", "name": name, "content": content},
        [],
        lambda message, buffers: sent.append((message, buffers)),
    )
    assert len(sent) == 1
    assert "error" not in sent[0][0]
    return sent[0][0], [bytes(buffer) for buffer in sent[0][1]]


# Threads


def test_a_pool_has_threads_where_there_are_any() -> None:
    with thread_pool(1) as pool:
        assert pool.submit(threading.current_thread).result() is not threading.current_thread()


@pytest.mark.usefixtures("no_threads")
def test_without_threads_the_work_is_done_at_once() -> None:
    with thread_pool(2) as pool:
        assert pool.submit(threading.current_thread).result() is threading.current_thread()
        assert list(pool.map(abs, [-1, 2])) == [1, 2]


def test_an_error_waits_for_whoever_asks_for_the_result() -> None:
    future = AtOnce().submit(int, "one")
    with pytest.raises(ValueError, match="one"):
        future.result()


def test_a_thread_starts_or_the_caller_learns_that_none_did(no_threads: None) -> None:
    assert not start_thread(lambda: None)


@pytest.mark.usefixtures("no_front_end", "no_threads")
def test_without_threads_the_widgets_answer(con: Connectome) -> None:
    cell = int(con.select(proofread=True)[0])
    _, [table] = answer(mw.CellPicker(con), "cells")
    assert len(table) > 50_000
    _, blocks = answer(mw.SkeletonViewer(con, [cell]), "skeleton", {"id": str(cell)})
    assert len(blocks) == 2


@pytest.mark.usefixtures("no_front_end", "no_threads")
def test_without_threads_the_token_check_ends_before_the_panel_is_there() -> None:
    panel = mw.TokenPanel(server_address="http://127.0.0.1:9", token="0" * 32, timeout=0.2)
    assert panel.state == "unreachable"


@pytest.mark.usefixtures("no_threads")
def test_without_threads_an_index_is_written(tmp_path: Path) -> None:
    table = tmp_path / "synapses.feather"
    table.write_bytes((storage.DATA / storage.SYNAPSES).read_bytes())
    first = open_index(table, version=None)
    again = open_index(table, version=None)  # from the files of the cache
    assert len(again) == len(first) > 0


# Other servers


@pytest.mark.usefixtures("browser")
def test_what_a_web_page_cannot_reach_is_refused_with_a_way_out(con: Connectome) -> None:
    for attempt in (lambda: mw.load(1300), lambda: connect("0" * 32)):
        with pytest.raises(NotInBrowser, match=r"load\(\), or open this notebook in Colab"):
            attempt()


@pytest.mark.usefixtures("no_front_end", "browser", "no_threads")
def test_the_token_panel_says_so_too() -> None:
    panel = mw.TokenPanel(token="0" * 32)
    assert "Python runs in your browser here" in panel.status["text"]
    assert panel.status["next_step"].startswith("Continue with the built-in sample")
    assert "network" not in panel.status["next_step"]


@pytest.mark.usefixtures("browser", "no_threads")
def test_a_progress_bar_starts_no_thread_and_warns_of_none(con: Connectome) -> None:
    cells = con.select(proofread=True)[:2]
    assert len(con.skeletons(cells)) == 2


# Positions of 32 bits


def positions_without_as_intp(source: str) -> list[str]:
    """Return the calls that give numpy counts or positions in a type of their own."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    faults = []
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name not in TAKE_POSITIONS or not ast.unparse(call.func).startswith("np."):
            continue
        positions = call.args[TAKE_POSITIONS[name]]
        if isinstance(positions, ast.Constant):  # one number fits into any type
            continue
        if not ast.unparse(positions).startswith("as_intp("):
            faults.append(ast.unparse(call))
    return faults


def test_the_rule_finds_what_pyodide_refused() -> None:
    assert positions_without_as_intp("np.bincount(codes, minlength=n)")
    assert positions_without_as_intp("np.repeat(np.arange(n), np.diff(offsets))")
    assert positions_without_as_intp("np.add.reduceat(new, start[:-1], dtype=np.int64)")
    assert not positions_without_as_intp("np.repeat(np.arange(n), as_intp(np.diff(offsets)))")


def test_numpy_gets_positions_in_the_type_of_the_machine() -> None:
    faults = {
        path.relative_to(PACKAGE).as_posix(): found
        for path in PACKAGE.rglob("*.py")
        if not path.relative_to(PACKAGE).as_posix().startswith(ELSEWHERE)
        and (found := positions_without_as_intp(path.read_text(encoding="utf-8")))
    }
    assert faults == {}


def test_positions_are_copied_only_if_their_type_changes() -> None:
    import numpy as np

    own, other = np.arange(3, dtype=np.intp), np.arange(3, dtype=np.uint8)
    assert as_intp(own) is own
    assert as_intp(other).dtype == np.intp
