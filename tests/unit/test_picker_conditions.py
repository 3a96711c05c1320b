"""The conditions of a cell picker in Python: filters, marks, and skeletons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from picker_cases import FIXTURES, files
from small_world import A, B, C, D, E, X, cell_frame, synapse_frame

import microns_widgets as mw
from microns_widgets import CellPicker, Connectome
from microns_widgets.errors import (
    InvalidArgument,
    InvalidRootIds,
    InvalidType,
    UnknownColumn,
    UnknownLabel,
)
from microns_widgets.widgets._picker_table import picker_table

pytestmark = pytest.mark.usefixtures("no_front_end")


@pytest.fixture
def con(cells: pd.DataFrame, synapses: pd.DataFrame) -> Connectome:
    return Connectome(cells, synapses)


@pytest.fixture
def picker(con: Connectome) -> CellPicker:
    return CellPicker(con)


# Filters


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"cell_type_auto": ["BC", "MC"]}, (B, C)),
        ({"cell_type_auto": "BC"}, (B,)),
        ({"proofreading_strategy": [""]}, (D, E)),
        ({"n_outputs": [1, None]}, (A, B, C)),
        ({"n_inputs": (4, 4)}, (B,)),
        ({"pt_root_id": np.array([E, X])}, (E,)),
        ({"pt_root_id": [str(B)]}, (B,)),
        ({"search": "ASTRO"}, (E,)),
        ({"search": "basket"}, (B,)),
        ({"search": "martinoti"}, (C,)),
        ({"search": "layer 2/3 proofread"}, (A,)),
        # These types have no layer: by the depth of the soma.
        ({"search": "basket, layer 4"}, (B,)),
        ({"search": "layer 4 martinotti"}, (C,)),
        ({"search": "basket layer 5"}, ()),
        ({"has_skeleton": False}, (A, B, C, D, E)),
        ({"search": None, "region": ["RL"]}, (C,)),
        ({"volume": [np.float32(249.5), 251]}, (A, B, C, D, E)),
        ({"depth": [None, None]}, (A, B, C, D, E)),
    ],
)
def test_filters_leave_the_cells_that_meet_all_of_them(
    picker: CellPicker, filters: dict[str, Any], left: tuple[int, ...]
) -> None:
    picker.filters = filters
    assert picker.filtered == left


def test_a_lasso_leaves_what_lies_inside(picker: CellPicker, con: Connectome) -> None:
    table = picker_table(con).set_index("pt_root_id")
    x, depth = table.loc[C, ["x", "depth"]]
    corners = np.array([(x - 1, depth - 1), (x + 1, depth - 1), (x, depth + 2)])
    picker.filters = {"area": corners}
    assert picker.filtered == (C,)


@pytest.mark.parametrize(
    ("filters", "error", "message"),
    [
        ({"layer": ["4"]}, UnknownColumn, "key 'layer'.*Expected 'search', 'area' or one of pt_"),
        ({"Region": ["V1"]}, UnknownColumn, "Did you mean 'region'"),
        ({"region": ["V2"]}, UnknownLabel, "contains 'V2', but no cell has this label.*of 'RL', "),
        ({"cell_type_auto": ["basket"]}, UnknownLabel, r"Did you mean 'BC' \(basket cell\)\?"),
        ({"pt_root_id": ["BC"]}, InvalidRootIds, "'BC' is not a valid root id"),
        ([("region", "V1")], InvalidType, "filters was given list, expected a dict"),
    ],
)
def test_a_filter_by_something_that_does_not_exist_names_what_there_is(
    picker: CellPicker, filters: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        picker.filters = filters
    assert picker.filtered == (A, B, C, D, E)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"depth": 100}, r"\[lowest, highest\]"),
        ({"depth": [1, 2, 3]}, r"\[lowest, highest\]"),
        ({"depth": [300, 100]}, "the lowest value first"),
        ({"depth": [np.nan, 100]}, "finite numbers"),
        ({"depth": ["top", 100]}, "finite numbers"),
        ({"region": []}, "labels. To remove the filter, leave out its key"),
        ({"pt_root_id": 5}, "root ids"),
        ({"search": ""}, "some text"),
        ({"has_skeleton": "yes"}, "True or False"),
        ({"search": 5}, "some text"),
        ({"area": [[0, 0], [1, 1]]}, "at least three corners"),
        ({"area": [0, 1, 2]}, "at least three corners"),
    ],
)
def test_a_filter_of_the_wrong_form_says_what_is_expected(
    picker: CellPicker, filters: dict[str, Any], expected: str
) -> None:
    with pytest.raises(InvalidArgument, match=f"has the wrong form. Expected .*{expected}"):
        picker.filters = filters


def test_python_and_the_browser_are_tested_by_the_same_cases() -> None:
    block, text = files()
    assert (FIXTURES / "picker.bin").read_bytes() == block
    assert (FIXTURES / "picker.json").read_text(encoding="utf-8") == text


# Marks and skeletons


def test_marks_are_conditions_to_filter_by(con: Connectome) -> None:
    picker = CellPicker(con, marks={"in the matrix": [A, C, X]}, filters={"in the matrix": True})
    assert picker.filtered == (A, C)
    assert picker.to_code() == f"[{A}, {C}]"
    picker.filters = {"in the matrix": False, "region": ["V1"]}
    assert set(picker.filtered) <= {B, D, E}


@pytest.mark.parametrize("name", ["region", "search", "has_skeleton", "pt_root_id"])
def test_a_mark_with_the_name_of_a_column_is_refused(con: Connectome, name: str) -> None:
    with pytest.raises(InvalidArgument, match=f"marks has the name '{name}'.*another name"):
        CellPicker(con, marks={name: [A]})


def test_cells_with_a_skeleton_are_known_if_the_source_knows_them(con: Connectome) -> None:
    skeleton = mw.load(quiet=True).skeleton(mw.load(quiet=True).examples()["MC"])
    some = Connectome(cell_frame(), synapse_frame(), {B: skeleton})
    picker = CellPicker(some, filters={"has_skeleton": True})
    assert picker.filtered == (B,)
    assert picker.to_code() == 'mw.CellPicker(con, filters={"has_skeleton": True}).filtered'

    class OnDemand:
        def __getitem__(self, root_id: int) -> mw.Skeleton:
            return skeleton

    unknown = Connectome(cell_frame(), synapse_frame(), OnDemand())
    assert unknown.cells_with_skeleton is None
    assert "has_skeleton" not in picker_table(unknown)
