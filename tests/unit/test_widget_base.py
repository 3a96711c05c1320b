"""What every widget has from its base class, tried with one that exists only here."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import comm
import numpy as np
import pandas as pd
import pytest
import traitlets
from comm.base_comm import BaseComm
from matplotlib.figure import Figure

from microns_widgets import CellPicker, Explorer, SkeletonViewer, to_html
from microns_widgets.errors import (
    FrontendNotBuilt,
    InvalidRootIds,
    MicronsError,
    TokenRefused,
    UnknownCell,
)
from microns_widgets.plots import plot_morphologies
from microns_widgets.sources.real_data import BASKET_CELL
from microns_widgets.widgets import _base
from microns_widgets.widgets._base import MicronsWidget
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import RootId, RootIds

MIME = "application/vnd.jupyter.widget-view+json"


class Recorder(BaseComm):
    """The kernel's end of a comm, which keeps what is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []
        super().__init__(*args, **kwargs)

    def publish_msg(self, msg_type: str, **message: Any) -> None:
        self.sent.append((message.get("data") or {}, list(message.get("buffers") or ())))


class Probe(MicronsWidget):
    _module = "probe"
    chosen = RootId()
    several = RootIds()
    figure: Figure | None = None
    later: Future[Reply] | None = None

    def __init__(self, figure: Figure | None = None, **traits: Any) -> None:
        super().__init__(**traits)
        self.figure = figure
        self.later = Future()

    def _still(self) -> Figure | None:
        return self.figure

    @answers("double")
    def _double(self, content: int, buffers: list[memoryview]) -> Any:
        return Reply(2 * content, [bytes(buffer)[::-1] for buffer in buffers])

    @answers("check")
    def _check(self, content: object, _buffers: list[memoryview]) -> Any:
        raise TokenRefused("The token is unknown. Make a new one.")

    @answers("wait")
    def _wait(self, _content: object, _buffers: list[memoryview]) -> Future[Reply]:
        return self.later


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Probe]:
    (tmp_path / "probe.js").write_text("export default { render() {} }")
    monkeypatch.setattr(Probe, "_static", tmp_path)
    monkeypatch.setattr(comm, "create_comm", Recorder)
    return Probe


def ask(widget: Probe, name: str, content: object, buffers: list[memoryview] | None = None) -> None:
    question = {"kind": "ask", "id": "view-1", "name": name, "content": content}
    hear(widget, question, buffers)


def hear(widget: Probe, content: object, buffers: list[memoryview] | None = None) -> None:
    data = {"method": "custom", "content": content}
    widget._handle_msg({"content": {"data": data}, "buffers": buffers or []})


def messages(widget: Probe) -> list[tuple[dict[str, Any], list[bytes]]]:
    """Return the custom messages that the widget has sent."""
    if not isinstance(widget.comm, Recorder):
        pytest.skip("ipywidgets 7 has its own connection: tests/browser covers it")
    return [
        (data["content"], buffers)
        for data, buffers in widget.comm.sent
        if data.get("method") == "custom"
    ]


# The front end's files


def test_the_front_ends_module_is_synced(probe: Callable[..., Probe]) -> None:
    state = probe().get_state()
    assert state["_esm"] == "export default { render() {} }"
    assert state["_css"] == ""


def test_a_style_sheet_beside_the_module_is_synced(
    probe: Callable[..., Probe], tmp_path: Path
) -> None:
    (tmp_path / "probe.css").write_text(".probe { color: red }", encoding="utf-8")
    assert probe().get_state()["_css"] == ".probe { color: red }"


def test_a_front_end_that_is_not_built_names_the_command(
    probe: Callable[..., Probe], tmp_path: Path
) -> None:
    (tmp_path / "probe.js").unlink()
    with pytest.raises(FrontendNotBuilt, match=r"no .*probe\.js\. In a checkout, run `make front"):
        probe()


def test_importing_the_package_does_not_import_the_widgets() -> None:
    script = "import sys, microns_widgets; sys.exit('anywidget' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


# Questions and answers


def test_a_question_is_answered_with_content_and_buffers(probe: Callable[..., Probe]) -> None:
    widget = probe()
    ask(widget, "double", 21, [memoryview(b"abc")])
    assert messages(widget) == [({"kind": "answer", "id": "view-1", "content": 42}, [b"cba"])]


def test_an_error_is_the_answer(probe: Callable[..., Probe]) -> None:
    widget = probe()
    ask(widget, "check", None)
    error = {"type": "TokenRefused", "message": "The token is unknown. Make a new one."}
    assert messages(widget) == [({"kind": "answer", "id": "view-1", "error": error}, [])]


def test_a_question_that_nothing_answers_says_so(probe: Callable[..., Probe]) -> None:
    widget = probe()
    ask(widget, "triple", 1)
    [(answer, _)] = messages(widget)
    assert answer["error"] == {
        "type": "LookupError",
        "message": "Probe cannot answer the request 'triple'.",
    }


def test_an_answer_may_come_later(probe: Callable[..., Probe]) -> None:
    widget = probe()
    ask(widget, "wait", None)
    assert messages(widget) == []
    widget.later.set_result(Reply("at last", [b"x"]))
    assert messages(widget) == [({"kind": "answer", "id": "view-1", "content": "at last"}, [b"x"])]


def test_an_error_may_come_later(probe: Callable[..., Probe]) -> None:
    widget = probe()
    ask(widget, "wait", None)
    widget.later.set_exception(TokenRefused("Refused."))
    [(answer, _)] = messages(widget)
    assert answer["error"] == {"type": "TokenRefused", "message": "Refused."}


@pytest.mark.parametrize("content", ["text", {"kind": "anywidget-command"}, None])
def test_messages_that_are_no_questions_are_left_alone(
    probe: Callable[..., Probe], content: object
) -> None:
    widget = probe()
    hear(widget, content)
    assert messages(widget) == []


# Root ids


def test_a_root_id_is_a_number_in_python_and_a_string_beyond(probe: Callable[..., Probe]) -> None:
    widget = probe(chosen=np.int64(BASKET_CELL))
    assert widget.chosen == BASKET_CELL
    assert type(widget.chosen) is int
    assert widget.get_state("chosen") == {"chosen": str(BASKET_CELL)}
    widget.set_state({"chosen": str(BASKET_CELL + 1)})
    assert widget.chosen == BASKET_CELL + 1
    widget.set_state({"chosen": None})
    assert widget.chosen is None


@pytest.mark.parametrize("value", [8.6e17, "BC", [BASKET_CELL]])
def test_an_invalid_root_id_is_refused(probe: Callable[..., Probe], value: object) -> None:
    with pytest.raises(InvalidRootIds, match="is not a valid root id"):
        probe().chosen = value


@pytest.mark.parametrize("make", [list, tuple, set, np.array, pd.Series, pd.Index])
def test_root_ids_are_accepted_in_any_form(
    probe: Callable[..., Probe], make: Callable[[list[int]], Any]
) -> None:
    widget = probe(several=make([BASKET_CELL, BASKET_CELL + 1]))
    assert sorted(widget.several) == [BASKET_CELL, BASKET_CELL + 1]


def test_ids_that_have_lost_digits_are_refused(probe: Callable[..., Probe]) -> None:
    with pytest.raises(InvalidRootIds, match="floats lose the last digits"):
        probe().several = [8.6e17]


def test_100_000_random_ids_pass_the_trait_and_json(
    probe: Callable[..., Probe], rng: np.random.Generator
) -> None:
    ids = rng.integers(0, 2**63, 100_000)
    widget = probe(several=ids)
    state = json.loads(json.dumps(widget.get_state("several")))
    other = probe()
    other.set_state(state)
    assert other.several == tuple(ids.tolist())


# The still picture


def test_a_widget_has_its_view_a_picture_and_a_short_text(probe: Callable[..., Probe]) -> None:
    figure = Figure(figsize=(2, 1))
    figure.add_subplot().plot([0, 1])
    widget = probe(figure)
    bundle = widget._repr_mimebundle_()
    assert bundle is not None
    data, _ = bundle
    assert data[MIME]["model_id"] == widget.model_id
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert len(data["text/plain"]) < 120


def test_view_picture_and_line_are_three_outputs(
    probe: Callable[..., Probe], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "IPython.display.display", lambda data, *, metadata, raw: shown.append(data)
    )
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=None))
    figure = Figure(figsize=(2, 1))
    widget = probe(figure)
    widget._ipython_display_()
    view, picture, line = shown
    assert view.keys() == {MIME, "text/plain"}
    assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
    assert line["text/plain"] == (
        "This is a picture. "
        "Run the notebook from the top (Run, Run All Cells) to make it interactive."
    )
    assert line["text/plain"] in line["text/html"]
    # A terminal has no pictures, and nothing to run.
    shown.clear()
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    widget._ipython_display_()
    assert shown == [view]


def test_a_widget_without_a_picture_is_one_output(probe: Callable[..., Probe]) -> None:
    assert [sorted(data) for data, _ in probe()._outputs()] == [[MIME, "text/plain"]]


def test_the_view_is_displayed_before_its_picture_is_drawn(probe: Callable[..., Probe]) -> None:
    drawn = []

    class Watched(Figure):
        def savefig(self, *args: Any, **kwargs: Any) -> None:
            drawn.append(True)
            super().savefig(*args, **kwargs)

    outputs = probe(Watched(figsize=(2, 1)))._outputs()
    assert MIME in next(outputs)[0]
    assert drawn == []
    assert "image/png" in next(outputs)[0]


def test_what_could_not_be_drawn_is_said_below(probe: Callable[..., Probe]) -> None:
    class Broken(Figure):
        def savefig(self, *_args: Any, **_kwargs: Any) -> None:
            raise ValueError("no ink")

    view, problem = [data for data, _ in probe(Broken())._outputs()]
    assert MIME in view
    assert problem == {
        "text/plain": "The still picture of this Probe could not be drawn: ValueError: no ink"
    }


def test_a_widget_without_a_picture_has_its_view(probe: Callable[..., Probe]) -> None:
    bundle = probe()._repr_mimebundle_()
    assert bundle is not None
    assert sorted(bundle[0]) == [MIME, "text/plain"]


def test_a_picture_that_would_swell_the_notebook_is_left_out_with_a_warning(
    probe: Callable[..., Probe], rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = Figure()
    figure.figimage(rng.integers(0, 255, (480, 640, 3), dtype=np.uint8))
    monkeypatch.setattr(_base, "LARGEST_STILL", 10_000)
    with pytest.warns(UserWarning, match="limit of 10,000, so it is not saved with the notebook"):
        bundle = probe(figure)._repr_mimebundle_()
    assert bundle is not None
    assert "image/png" not in bundle[0]


# Failures, and the state they leave


@pytest.mark.parametrize(
    "error", [ValueError("<b>$\\frac$</b>"), MemoryError(), RecursionError("too deep")]
)
def test_a_picture_that_cannot_be_drawn_is_a_line_beside_the_widget(probe, error) -> None:
    class Broken(Figure):
        def savefig(self, *_args: Any, **_kwargs: Any) -> None:
            raise error

    data, _ = probe(Broken())._repr_mimebundle_()
    assert MIME in data
    assert "image/png" not in data
    line = f"The still picture of this Probe could not be drawn: {type(error).__name__}: "
    assert data["text/plain"].endswith(f"\n{line}{error}")


def test_an_explorer_shows_the_pictures_that_can_be_drawn(sample, monkeypatch) -> None:
    def fails(*_args: Any) -> None:
        raise ValueError("no picture")

    page = Explorer(sample)
    monkeypatch.setattr(type(page.matrix), "_still", fails)
    data, _ = page._repr_mimebundle_()
    assert data.keys() == {MIME, "text/plain", "image/png"}
    assert (
        "picture of this MatrixExplorer could not be drawn: ValueError: no pic"
        in data["text/plain"]
    )
    monkeypatch.setattr("microns_widgets.widgets.cell_picker.picker_still", fails)
    monkeypatch.setattr(type(page.viewer), "_still", fails)
    data, _ = page._repr_mimebundle_()
    assert data.keys() == {MIME, "text/plain"}


@pytest.mark.parametrize(
    "state",
    [
        {"chosen": "nobody"},
        {"several": ["1", "2"], "chosen": ["1"]},
        {"several": None},
        {"several": "1"},
        {"several": ["1", None]},
        {"chosen": "1", "even": "3"},
    ],
)
def test_a_state_that_is_refused_changes_nothing(probe, state) -> None:
    class Even(probe):
        even = RootId()

        @traitlets.validate("even")
        def _valid_even(self, proposal: Any) -> int:
            if proposal["value"] % 2:
                raise UnknownCell("odd")
            return proposal["value"]

    widget = Even(chosen=5, several=[6], even=8)
    changes: list[str] = []
    widget.observe(lambda change: changes.append(change["name"]), ["chosen", "several", "even"])
    with pytest.raises(MicronsError):
        widget.set_state(state)
    assert (widget.chosen, widget.several, widget.even, changes) == (5, (6,), 8, [])
    widget.set_state({"chosen": "7", "even": "2"})
    assert (widget.chosen, widget.even, changes) == (7, 2, ["chosen", "even"])


@pytest.mark.parametrize("scalar", [np.array(5), np.array(None, dtype=object), np.array("BC")])
def test_a_0d_array_is_not_a_list(sample, scalar) -> None:
    for refused in (
        lambda: SkeletonViewer(sample, hidden_types=scalar),
        lambda: CellPicker(sample, filters={"cell_type_auto": scalar}),
        lambda: CellPicker(sample, filters={"area": scalar}),
        lambda: sample.select(cell_type=scalar),
        lambda: to_html(scalar, "page.html"),
        lambda: plot_morphologies(scalar),
    ):
        with pytest.raises(MicronsError):
            refused()
