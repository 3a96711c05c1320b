"""One selection shared by several widgets, with the cases that also test the front end."""

from __future__ import annotations

import gc
import json
import weakref
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pandas as pd
import pytest
import traitlets
from small_world import A, B, C, D

import microns_widgets as mw
from microns_widgets.errors import InvalidType
from microns_widgets.widgets._link_rules import Choice, trait_updates
from microns_widgets.widgets._traits import LARGEST_SELECTION
from microns_widgets.widgets.link import _Group

CASES = json.loads(
    (Path(__file__).parents[2] / "frontend" / "test" / "fixtures" / "link.json").read_text()
)


@pytest.fixture
def con(cells: pd.DataFrame, synapses: pd.DataFrame) -> mw.Connectome:
    return mw.Connectome(cells, synapses)


@pytest.fixture
def widgets(con: mw.Connectome) -> dict[str, Any]:
    return {
        "picker": mw.CellPicker(con),
        "viewer": mw.SkeletonViewer(con),
        "matrix": mw.MatrixExplorer(con, pre=[A, B, C], post=[A, B]),
        "player": mw.ActivityPlayer(con.matrix([A, B, C])),
    }


def set_from_browser(state: dict[str, Any], widget: traitlets.HasTraits) -> None:
    """Set traits from their values in JavaScript."""
    for name, value in state.items():
        from_json = widget.traits()[name].metadata.get("from_json", lambda value, _widget: value)
        widget.set_trait(name, from_json(value, widget))


def state_of(widgets: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the traits that the cases name, with their values in JavaScript."""
    return {
        kind: {name: widgets[kind].get_state(name)[name] for name in names}
        for kind, names in CASES["empty"].items()
    }


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"].replace(" ", "-"))
def test_linked_widgets_follow_the_rules(widgets: dict[str, Any], case: dict[str, Any]) -> None:
    for kind, state in case["before"].items():
        set_from_browser(state, widgets[kind])
    # Not by link(), after which what is chosen already leads.
    _Group([*widgets.values()])
    expected = state_of(widgets)
    set_from_browser(case["change"], widgets[case["widget"]])
    for kind, traits in [(case["widget"], case["change"]), *case["after"].items()]:
        expected[kind].update(traits)
    assert state_of(widgets) == expected


def test_at_first_the_others_follow_what_is_chosen_already(widgets: dict[str, Any]) -> None:
    widgets["picker"].value, widgets["picker"].selected = B, [A]
    mw.link(widgets["matrix"], widgets["viewer"], widgets["picker"])
    assert widgets["viewer"].cells == (B,)
    assert widgets["matrix"].cell == B
    assert widgets["matrix"].selected_pre == (A,)


def test_a_selection_of_the_matrix_itself_leaves_no_cell_outside(widgets: dict[str, Any]) -> None:
    mw.link(*widgets.values())
    widgets["picker"].selected = [A, D]
    assert widgets["matrix"].selected_outside == 1
    widgets["matrix"].selected_pre = [B]
    assert widgets["matrix"].selected_outside == 0


def test_a_choice_reaches_each_widget_once_and_does_not_come_back(widgets: dict[str, Any]) -> None:
    changes: list[tuple[str, Any]] = []
    for kind, widget in widgets.items():
        names = list(CASES["empty"][kind])
        widget.observe(
            lambda change, k=kind: changes.append((f"{k}.{change.name}", change.new)), names
        )
    mw.link(*widgets.values())
    widgets["matrix"].pair = (A, B)
    assert changes == [
        ("matrix.pair", (A, B)),
        ("picker.value", A),
        ("player.cell", A),
        ("viewer.cells", (A, B)),
        ("viewer.partner", B),
    ]


def test_linking_in_a_ring_makes_one_group(widgets: dict[str, Any]) -> None:
    picker, viewer, matrix, _ = widgets.values()
    mw.link(picker, viewer)
    mw.link(viewer, matrix)
    mw.link(matrix, picker)
    viewer.cells = [A]
    viewer.partner = B
    assert (picker.value, matrix.cell, viewer.cells) == (B, B, (A,))


def test_two_pickers_and_two_viewers_show_the_same(con: mw.Connectome) -> None:
    pickers = [mw.CellPicker(con) for _ in range(2)]
    viewers = [mw.SkeletonViewer(con, A), mw.SkeletonViewer(con)]
    mw.link(*pickers, *viewers)
    assert [picker.value for picker in pickers] == [A, A]
    viewers[0].partner = B
    assert [picker.value for picker in pickers] == [B, B]
    assert [viewer.cells for viewer in viewers] == [(A,), (B,)]


def test_an_unlinked_widget_neither_leads_nor_follows(widgets: dict[str, Any]) -> None:
    picker, viewer, matrix, _ = widgets.values()
    mw.link(picker, viewer, matrix)
    mw.unlink(viewer)
    picker.value = A
    assert (viewer.cells, matrix.cell) == ((), A)
    viewer.cells = [B]
    assert picker.value == A
    assert viewer.linked == {}
    assert picker.linked == {matrix.model_id: "matrix"}


def test_unlinking_what_is_not_linked_changes_nothing(widgets: dict[str, Any]) -> None:
    mw.unlink(widgets["picker"])
    assert widgets["picker"].linked == {}


def test_an_observer_that_raises_does_not_break_the_link(widgets: dict[str, Any]) -> None:
    picker, viewer, matrix, _ = widgets.values()
    mw.link(picker, viewer, matrix)

    def fail(_change: object) -> None:
        raise RuntimeError("The student's own mistake.")

    viewer.observe(fail, "cells")
    with pytest.raises(RuntimeError, match="own mistake"):
        picker.value = A
    viewer.unobserve(fail, "cells")
    picker.value = B
    assert (viewer.cells, matrix.cell) == ((B,), B)


def test_a_link_keeps_no_widget_alive(con: mw.Connectome) -> None:
    picker, viewer = mw.CellPicker(con), mw.SkeletonViewer(con)
    mw.link(picker, viewer)
    viewer.close()
    gone = weakref.ref(viewer)
    del viewer
    gc.collect()
    assert gone() is None
    picker.value = A
    assert picker.value == A


def test_a_selection_above_the_limit_is_ignored(widgets: dict[str, Any]) -> None:
    many = tuple(range(1, LARGEST_SELECTION + 2))
    assert trait_updates("picker", Choice("selection", many), lambda _side, _id: True) == {}


@pytest.mark.parametrize(("function", "n"), [("link", 2), ("unlink", 1)])
def test_what_cannot_be_linked_is_refused(con: mw.Connectome, function: str, n: int) -> None:
    widgets = [*[mw.CellPicker(con)] * (n - 1), con]
    with pytest.raises(InvalidType, match=r"was given Connectome, expected CellPicker"):
        getattr(mw, function)(*widgets)


def test_one_widget_alone_is_not_linked(con: mw.Connectome) -> None:
    with pytest.raises(InvalidType, match="given 1 widget, expected two or more"):
        mw.link(mw.CellPicker(con))


def test_a_click_reads_the_synapses_of_a_cell_once_in_each_direction(
    sample: mw.Connectome, monkeypatch: pytest.MonkeyPatch
) -> None:
    picker, viewer = mw.CellPicker(sample), mw.SkeletonViewer(sample)
    mw.link(picker, viewer, mw.MatrixExplorer(sample))
    reads: list[tuple[str, int]] = []
    for name in ("inputs", "outputs"):
        read = getattr(mw.Connectome, name)

        def counted(con: Any, root_id: int, name: str = name, read: Any = read) -> Any:
            reads.append((name, root_id))
            return read(con, root_id)

        monkeypatch.setattr(mw.Connectome, name, counted)
    replies: SimpleQueue[Any] = SimpleQueue()
    viewer.send = lambda message, _buffers: replies.put(message)
    cell = int(sample.examples()["MC"])
    picker.set_state({"value": str(cell)})  # as the browser sends it
    for name in ("skeleton", "synapses"):
        request = {"kind": "ask", "id": name, "name": name, "content": {"id": str(cell)}}
        viewer._receive(viewer, request, [])
    answers = [replies.get(timeout=30) for _ in range(2)]
    assert [answer for answer in answers if "error" in answer] == []
    assert viewer.cells == (cell,)
    assert sorted(reads) == [("inputs", cell), ("outputs", cell)]
