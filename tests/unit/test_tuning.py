"""Tuning is joined to cells by nucleus; of several scans the best predicted one counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, D

import microns_widgets as mw
from microns_widgets.errors import TableError, UnknownColumn
from microns_widgets.tables.tuning import read_tuning

NUCLEI = [264824, 300001, 300002, 300003, 0, 300005]


def tuning_frame() -> pd.DataFrame:
    """Cell B in two scans, D and A in one, and a nucleus that is not in the cell table."""
    return pd.DataFrame(
        {
            "target_id": [300001, 300003, 300001, 999999, 264824],
            "session": [4, 5, 6, 6, 7],
            "scan_idx": [7, 3, 2, 2, 4],
            "unit_id": [11, 12, 13, 14, 15],
            "cc_abs": [0.3, 0.5, 0.4, 0.6, 0.1],
            "pref_ori": [10.0, 90.0, 20.0, 45.0, 0.0],
            "pref_dir": [190.0, 90.0, 20.0, 45.0, 360.0],
            "gOSI": [0.5, 0.1, 0.6, 0.2, 0.3],
        }
    )


def connectome(cells, synapses, tuning) -> mw.Connectome:
    return mw.Connectome(cells.assign(nucleus_id=NUCLEI), synapses, tuning=tuning)


@pytest.fixture(params=["frame", "file"])
def con(request, cells, synapses, tmp_path) -> mw.Connectome:
    tuning = tuning_frame()
    if request.param == "file":
        tuning.to_feather(tmp_path / "tuning_1822.feather")
        tuning = tmp_path / "tuning_1822.feather"
    return connectome(cells, synapses, tuning)


def test_one_row_per_recorded_cell_in_table_order_with_its_best_predicted_scan(con):
    table = con.tuning()
    assert table.index.name == "pt_root_id"
    assert table.index.tolist() == [A, B, D]
    assert table["unit_id"].tolist() == [15, 13, 12]
    assert table["pref_ori"].tolist() == [0.0, 20.0, 90.0]
    assert table["gOSI"].tolist() == [0.3, 0.6, 0.1]
    assert table["n_scans"].tolist() == [1, 2, 1]
    assert table.attrs["nuclei_without_cell"] == 1


def test_all_scans_give_a_row_for_each_unit_the_best_one_first(con):
    table = con.tuning(all_scans=True)
    assert table.index.tolist() == [A, B, B, D]
    assert table.loc[B, "unit_id"].tolist() == [13, 11]


def test_without_a_table_or_nucleus_ids_the_message_says_how_to_get_them(cells, synapses):
    with pytest.raises(UnknownColumn, match="microns data --version N --optional tuning"):
        mw.Connectome(cells, synapses).tuning()
    with pytest.raises(UnknownColumn, match="no column 'nucleus_id'"):
        mw.Connectome(cells, synapses, tuning=tuning_frame()).tuning()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pref_ori": [10.0, 181.0, 20.0, 45.0, 0.0]}, "contains 181, expected degrees"),
        ({"pref_dir": [-1.0, 90.0, 20.0, 45.0, 0.0]}, "contains -1, expected degrees"),
        ({"pref_dir": [np.inf, 90.0, 20.0, 45.0, 0.0]}, "contains inf, expected degrees"),
        ({"target_id": 300001, "session": 4, "scan_idx": 7, "unit_id": 11}, "more than once"),
        ({"cc_abs": ["high"] * 5}, "'cc_abs' is"),
        ({"cc_abs": [0.3, np.inf, 0.4, 0.6, 0.1]}, "contains inf, expected correlations"),
        ({"cc_abs": [0.3, 0.5, -7.0, 0.6, 0.1]}, "contains -7, expected correlations"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(change, message):
    with pytest.raises(TableError, match=message):
        read_tuning(tuning_frame().assign(**change))


def test_a_missing_column_and_angles_in_radians_are_refused():
    with pytest.raises(TableError, match="'scan_idx' is missing"):
        read_tuning(tuning_frame().drop(columns="scan_idx"))
    many = pd.concat([tuning_frame()] * 4, ignore_index=True).assign(unit_id=range(20))
    assert len(read_tuning(many)) == 20
    for name in ("pref_ori", "pref_dir"):
        with pytest.raises(TableError, match="looks like radians"):
            read_tuning(many.assign(**{name: np.deg2rad(many[name])}))
    with pytest.raises(TableError, match="contains -10, expected degrees"):
        read_tuning(many.assign(pref_dir=-10.0))
    with pytest.raises(TableError, match="looks like radians"):
        read_tuning(many.assign(pref_dir=np.deg2rad(many["pref_dir"]) - np.pi))


def test_units_without_values_are_left_out_and_counted(cells, synapses):
    tuning = tuning_frame().assign(cc_abs=[0.3, 0.5, np.nan, 0.6, 0.1])
    tuning["pref_ori"] = tuning["pref_ori"].where(tuning["unit_id"] != 15)
    table = connectome(cells, synapses, tuning).tuning()
    assert table["unit_id"].to_dict() == {B: 11, D: 12}
    assert table.attrs["units_without_values"] == 2


def test_a_unit_of_two_nuclei_says_nothing_about_either_and_is_counted(cells, synapses):
    second = tuning_frame().iloc[[1]].assign(target_id=264824, cc_abs=0.9)  # the unit of D
    table = connectome(cells, synapses, pd.concat([tuning_frame(), second])).tuning()
    assert table["unit_id"].to_dict() == {A: 15, B: 13}
    assert table.attrs["units_of_several_nuclei"] == 1


def test_root_ids_in_a_tuning_table_are_not_those_of_the_cells(cells, synapses):
    table = connectome(cells, synapses, tuning_frame().assign(pt_root_id=7)).tuning()
    assert table.index.name == "pt_root_id"
    assert "pt_root_id" not in table


def test_a_folder_with_a_tuning_file_has_tuning(cells, synapses, tmp_path):
    cells.assign(nucleus_id=NUCLEI).to_feather(tmp_path / "cell_info_1822.feather")
    synapses.to_feather(tmp_path / "synapses_1822.feather")
    tuning_frame().to_feather(tmp_path / "tuning_1822.feather")
    assert mw.load(tmp_path).tuning().index.tolist() == [A, B, D]
