"""The cell picker in Python: traits, the table for the browser, the line of code, the picture."""

from __future__ import annotations

import base64
import gzip
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, C, D, E, X, cell_frame, synapse_frame

import microns_widgets as mw
from microns_widgets import CellPicker, Connectome
from microns_widgets.errors import (
    InvalidArgument,
    TooManyCells,
    UnknownArgument,
    UnknownCell,
)
from microns_widgets.widgets._picker_still import picker_still, still_title
from microns_widgets.widgets._picker_table import picker_table
from microns_widgets.widgets._requests import respond
from microns_widgets.widgets.columns import pack

pytestmark = pytest.mark.usefixtures("no_front_end")


@pytest.fixture
def con() -> Connectome:
    return Connectome(cell_frame(), synapse_frame())


@pytest.fixture
def picker(con: Connectome) -> CellPicker:
    return CellPicker(con)


# What is chosen


def test_nothing_is_chosen_at_first_and_all_cells_are_left(picker: CellPicker) -> None:
    assert picker.value is None
    assert picker.selected == ()
    assert picker.filters == {}
    assert picker.filtered == (A, B, C, D, E)
    assert repr(picker) == "<CellPicker 5 of 5 cells, 0 selected, value None>"


def test_a_choice_can_be_an_argument(con: Connectome) -> None:
    picker = CellPicker(con, value=B, selected=con.select(region="RL"), filters={"search": "mc"})
    assert (picker.value, picker.selected, picker.filtered) == (B, (C,), (C,))


def test_root_ids_are_strings_beyond_python(con: Connectome) -> None:
    state = CellPicker(con, value=A, selected=[B, C], filters={"pt_root_id": [A]}).get_state()
    assert state["value"] == str(A)
    assert state["selected"] == [str(B), str(C)]
    assert state["filters"] == {"pt_root_id": [str(A)]}


def test_what_the_browser_chooses_is_seen_in_python(picker: CellPicker) -> None:
    seen: dict[str, Any] = {}
    picker.observe(
        lambda change: seen.update({change["name"]: change["new"]}),
        ["value", "selected", "filters", "filtered"],
    )
    picker.set_state({"value": str(C), "selected": [str(D)], "filters": {"region": ["RL"]}})
    assert seen == {
        "value": C,
        "selected": (D,),
        "filters": {"region": ["RL"]},
        "filtered": (C,),
    }


def test_filters_do_not_change_the_selection(picker: CellPicker) -> None:
    picker.selected, picker.value = [A, D], A
    picker.filters = {"region": ["RL"]}
    assert picker.filtered == (C,)
    assert picker.selected == (A, D)
    assert picker.value == A


def test_an_id_selected_twice_is_selected_once(picker: CellPicker) -> None:
    picker.selected = [B, A, B]
    assert picker.selected == (B, A)


@pytest.mark.parametrize("root_id", [X, 0, 1])
def test_an_unknown_id_cannot_be_chosen(picker: CellPicker, root_id: int) -> None:
    with pytest.raises(UnknownCell, match=f"{root_id}"):
        picker.value = root_id
    with pytest.raises(UnknownCell, match=f"{root_id}"):
        picker.selected = [A, root_id]
    assert (picker.value, picker.selected) == (None, ())


def test_a_selection_too_large_for_the_notebook_is_refused(
    picker: CellPicker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microns_widgets.widgets.cell_picker.LARGEST_SELECTION", 2)
    with pytest.raises(TooManyCells, match=r"has 3 cells, expected at most 2.*picker\.filtered"):
        picker.selected = [A, B, C]


def test_filtered_is_read_only(picker: CellPicker) -> None:
    with pytest.raises(Exception, match="read-only"):
        picker.filtered = (A,)


def test_something_else_than_a_connectome_is_refused() -> None:
    with pytest.raises(TypeError, match=r"was given DataFrame, expected a Connectome: mw\.Cell"):
        CellPicker(cell_frame())  # type: ignore[arg-type]  # the mistake that is tested


def test_a_keyword_that_does_not_exist_is_answered_with_the_nearest_one(con: Connectome) -> None:
    with pytest.raises(UnknownArgument, match=r"no argument 'filter'. Did you mean 'filters'"):
        CellPicker(con, filter={"region": ["V1"]})  # type: ignore[call-arg]  # the mistake


# The line of Python


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"cell_type_auto": ["BC"]},
        {"cell_type_auto": ["23P", "BC"], "region": ["V1"]},
        {"cell_type_manual": ["BC"], "coarse_cell_type_auto": ["I"]},
        {"proofreading_strategy": [""]},
        {"proofreading_strategy": ["axon_interareal", ""]},
        {
            "proofreading_strategy": [
                "axon_interareal",
                "axon_fully_extended",
                "axon_partially_extended",
            ]
        },
        {"coarse_cell_type_manual": ["E"]},
        {"n_outputs": [1, None], "search": 'a"\\'},
        {"pt_root_id": [A, B]},
    ],
)
def test_the_line_reproduces_what_the_filters_leave(
    con: Connectome, filters: dict[str, Any]
) -> None:
    picker = CellPicker(con, filters=filters)
    cells = eval(picker.to_code("filtered"), {"mw": mw, "con": con})
    assert tuple(cells) == picker.filtered


def test_the_line_is_short_if_con_select_can_express_the_filters(con: Connectome) -> None:
    filters = {
        "proofreading_strategy": ["axon_fully_extended", "axon_interareal"],
        "cell_type_auto": ["BC"],
    }
    picker = CellPicker(con, filters=filters)
    assert picker.to_code() == (
        'con.select(cell_type="BC", proofread=["axon_fully_extended", "axon_interareal"])'
    )
    picker.filters = {"proofreading_strategy": list(STRATEGIES)}
    assert picker.to_code() == "con.select(proofread=True)"


STRATEGIES = ("axon_fully_extended", "axon_partially_extended", "axon_interareal")


def test_the_line_gives_the_most_specific_choice(picker: CellPicker) -> None:
    assert picker.to_code() == "con.select()"
    picker.value = A
    assert picker.to_code() == str(A)
    picker.filters = {"region": ["V1"]}
    assert picker.to_code() == 'con.select(region="V1")'
    picker.selected = [C, A]
    assert picker.to_code() == f"[{C}, {A}]"
    picker.selected = reversed(picker.filtered)
    assert picker.to_code() == 'con.select(region="V1")'
    assert picker.to_code("value") == str(A)
    with pytest.raises(InvalidArgument, match=r"what='all'.*Expected one of 'selected'"):
        picker.to_code("all")


# The data


def test_the_table_has_degrees_depth_and_what_the_cell_table_has_beyond(con: Connectome) -> None:
    cells = con.cells.assign(
        cluster=["a", None, "b", "b", "a", "a"], seen=True, layer=4, score=0.5, when=pd.Timestamp(0)
    )
    table = picker_table(Connectome(cells, synapse_frame()))
    assert table["n_outputs"].tolist() == [3, 2, 1, 0, 0, 0]
    assert table["depth"].to_numpy() == pytest.approx(
        mw.cortical_depth(cells[[f"pt_position_{axis}" for axis in "xyz"]]), rel=1e-6
    )
    assert table["cluster"].tolist() == ["a", "", "b", "b", "a", "a"]
    assert table["seen"].tolist() == ["True"] * 6
    assert table["layer"].tolist() == [4] * 6
    assert table["score"].dtype == np.float32
    assert table["when"].tolist() == ["1970-01-01"] * 6


def test_a_connectome_without_synapses_has_no_degrees() -> None:
    table = picker_table(Connectome(cell_frame(), synapse_frame().iloc[:0]))
    assert not any(name.startswith("n_") for name in table)


def test_the_data_are_sent_when_asked_for_and_not_saved(picker: CellPicker) -> None:
    sent: list[Any] = []
    question = {"kind": "ask", "id": "1", "name": "cells", "content": None}
    respond(picker, question, [], lambda *message: sent.append(message))
    [(answer, [block])] = sent
    assert answer["kind"] == "answer"
    assert gzip.decompress(block) == pack(picker_table(picker._con), ids=["pt_root_id"])
    assert picker.get_state()["data"] is None


def test_the_data_are_saved_where_the_author_asks(con: Connectome) -> None:
    data = CellPicker(con, save_data=True).get_state()["data"]
    assert gzip.decompress(data) == pack(picker_table(con), ids=["pt_root_id"])


def test_a_widget_comes_with_a_still_picture(picker: CellPicker) -> None:
    picker.selected = [A]
    bundle = picker._repr_mimebundle_()
    assert bundle is not None
    assert base64.b64decode(bundle[0]["image/png"]).startswith(b"\x89PNG")


def test_the_picture_shows_what_is_left_and_rings_what_is_selected(con: Connectome) -> None:
    all_cells = np.asarray(picker_still(con.cells, (A, B, C, D, E), ()).convert("RGB"))
    two = np.asarray(picker_still(con.cells, (A, B), ()).convert("RGB"))
    ringed = np.asarray(picker_still(con.cells, (A, B), (B, C)).convert("RGB"))
    assert all_cells.shape == (440, 700, 3)
    assert (all_cells != two).any()
    assert (two != ringed).any()
    assert still_title(2, 5, 2) == "2 of 5 cells; 2 selected"


def test_the_picture_needs_no_matplotlib() -> None:
    code = (
        "import sys, microns_widgets as mw\n"
        "png, problem = mw.CellPicker(mw.load(quiet=True))._still_png()\n"
        "print(len(png) > 5000, repr(problem), 'matplotlib' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "True '' False\n"


@pytest.fixture
def real_picker(real_data: Path) -> CellPicker:
    cells = mw.read_cells(real_data / "cell_info_1300.feather")
    folder = real_data / "neuron_864691135101289504"
    return CellPicker(Connectome(cells, mw.read_synapses(folder / "synapses.feather")))


def test_the_real_table_goes_over_in_less_than_3_mb(real_picker: CellPicker) -> None:
    assert len(real_picker.filtered) == 91_422
    assert len(real_picker._table_block()) < 3_000_000


def test_the_real_cells_are_left_as_select_says(real_picker: CellPicker) -> None:
    real_picker.filters = {"cell_type_auto": ["BC"], "proofreading_strategy": list(STRATEGIES)}
    assert real_picker.to_code() == 'con.select(cell_type="BC", proofread=True)'
    expected = real_picker._con.select(cell_type="BC", proofread=True)
    assert real_picker.filtered == tuple(expected.tolist())


def test_a_picture_of_all_real_cells_is_small(real_picker: CellPicker) -> None:
    png, problem = real_picker._still_png()
    assert problem == ""
    assert png is not None
    assert 20_000 < len(png) < 200_000
