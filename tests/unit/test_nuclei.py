"""Cells are found by their nucleus, whose id stays the same from version to version."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, C, D

import microns_widgets as mw
from microns_widgets.errors import (
    InvalidArgument,
    InvalidType,
    TableError,
    UnknownCell,
    UnknownColumn,
)

#: Nucleus ids of cells A to E and of the nucleus without a segment; that of E is unknown.
NUCLEI = [264824, 300001, 300002, 300003, 0, 300005]


def connectome(cells, synapses, nuclei=NUCLEI) -> mw.Connectome:
    return mw.Connectome(cells.assign(nucleus_id=nuclei), synapses, source="v1300")


@pytest.mark.parametrize(
    "form",
    [
        NUCLEI,
        pd.Series(NUCLEI, dtype="Int64").replace(0, pd.NA),
        pd.Series(NUCLEI).where(lambda ids: ids != 0),
        [str(number) for number in NUCLEI],
        np.array(NUCLEI, dtype=np.uint32),
    ],
    ids=["int64", "nullable", "float with NaN", "text", "uint32"],
)
def test_a_column_of_any_form_finds_the_same_cells(cells, synapses, form):
    con = connectome(cells, synapses, form)
    assert con.find(nucleus_id=264824).tolist() == [A]
    assert con.find(nucleus_id=[300002, "264824", 300002]).tolist() == [C, A, C]
    found = con.find(nucleus_id=pd.Series([300001]))
    assert found.dtype == np.int64
    assert con.cell(found)["cell_type_auto"] == "BC"


@pytest.mark.parametrize(
    ("wanted", "error", "message"),
    [
        (5, UnknownCell, "nucleus_id=5"),
        ([264824, 5, 6, 7], UnknownCell, "nucleus_id=5, or 2 more of these ids"),
        (300005, UnknownCell, "No cell of this dataset"),  # a nucleus without a segment
        (0, UnknownCell, "0 means that it is unknown"),
        ("basket", InvalidArgument, "nucleus_id is 'basket'. Expected whole numbers"),
        (264824.0, InvalidArgument, "Expected whole numbers"),
        (None, InvalidArgument, "Expected whole numbers"),
    ],
)
def test_a_nucleus_that_is_not_there_is_an_error(cells, synapses, wanted, error, message):
    with pytest.raises(error, match=message):
        connectome(cells, synapses).find(nucleus_id=wanted)


def test_cells_without_nucleus_ids_say_how_to_get_them(sample, cells, synapses):
    con = mw.Connectome(cells, synapses, source="mine")
    with pytest.raises(UnknownColumn, match=r"of mine has no column 'nucleus_id'.*microns data"):
        con.find(nucleus_id=264824)
    with pytest.raises(UnknownColumn, match="mine has no column"):
        connectome(cells, synapses).same_cells(con)
    with pytest.raises(InvalidType, match="expected a connectome of another version"):
        connectome(cells, synapses).same_cells(cells)


@pytest.mark.parametrize(
    ("nuclei", "error", "message"),
    [
        ([1, 1, 2, 3, 4, 5], TableError, "nucleus_id 1 belongs to more than one cell"),
        ([1.5, 2, 3, 4, 5, 6], InvalidArgument, "v1300: nucleus_id is .*Expected whole numbers"),
        (list("abcdef"), InvalidArgument, "Expected whole numbers"),
    ],
)
def test_a_column_that_cannot_be_nucleus_ids_is_refused(cells, synapses, nuclei, error, message):
    with pytest.raises(error, match=message):
        connectome(cells, synapses, nuclei).find(nucleus_id=1)


def test_the_same_cells_are_matched_between_versions_and_the_others_are_counted(cells, synapses):
    before = connectome(cells, synapses)
    # Later, A was edited, C has no segment, D is missing, and one nucleus gained a segment.
    edited = {A: A + 1000, C: 0}
    later = cells.assign(nucleus_id=NUCLEI, pt_root_id=cells["pt_root_id"].replace(edited))
    later.loc[5, "pt_root_id"] = D + 5000
    later = later[later["pt_root_id"] != D].iloc[::-1]
    now = mw.Connectome(later, synapses.replace({A: A + 1000}), source="v1822")
    table = before.same_cells(now)
    assert table.index.tolist() == [264824, 300001]
    assert table.to_dict("list") == {
        "pt_root_id": [A, B],
        "other_pt_root_id": [A + 1000, B],
        "changed": [True, False],
    }
    assert table.dtypes.iloc[:2].tolist() == [np.int64, np.int64]
    counts = {name: number for name, number in table.attrs.items() if name != "source"}
    assert counts == {
        "only_here": 2,
        "only_in_other": 1,
        "no_nucleus_here": 1,
        "no_nucleus_in_other": 1,
    }
    back = now.same_cells(before)
    assert back["other_pt_root_id"].tolist() == [B, A]
    assert (back.attrs["only_here"], back.attrs["only_in_other"]) == (1, 2)


def test_equal_ids_at_other_positions_are_not_the_same_cells(cells, synapses):
    here = connectome(cells, synapses)
    moved = cells.assign(nucleus_id=NUCLEI, pt_position_x=cells["pt_position_x"] + 5_000)
    other = mw.Connectome(moved, synapses, source="another mouse")
    with pytest.raises(TableError, match=r"Only 0 of the 4 nuclei .* and in another mouse"):
        here.same_cells(other)
    rounded = cells.assign(nucleus_id=NUCLEI, pt_position_z=cells["pt_position_z"] + 40)
    assert len(here.same_cells(mw.Connectome(rounded, synapses))) == 4
