"""Wrong tables are refused with one message that names file, column, finding and cure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microns_widgets.errors import TableError
from microns_widgets.sources.real_data import NEURON
from microns_widgets.tables.reading import (
    CELL_COLUMNS,
    SYNAPSE_COLUMNS,
    proofread,
    read_cells,
    read_synapses,
    write_feather,
)

POSITIONS = [f"pt_position_{axis}" for axis in "xyz"]
SYNAPSE_POSITIONS = [f"ctr_pt_position_{axis}" for axis in "xyz"]


def refusal(frame: pd.DataFrame, read=read_cells) -> str:
    with pytest.raises(TableError) as error:
        read(frame)
    return str(error.value)


@pytest.mark.parametrize("suffix", ["feather", "parquet"])
def test_a_table_reads_the_same_from_a_file_and_from_a_frame(cells, synapses, suffix, tmp_path):
    for frame, read in ((cells, read_cells), (synapses, read_synapses)):
        path = tmp_path / f"table.{suffix}"
        getattr(frame, f"to_{suffix}")(path)
        pd.testing.assert_frame_equal(read(path), read(frame))


def test_the_real_cell_table_is_read_as_it_is(real_data):
    cells = read_cells(real_data / "cell_info_1300.feather", version=1300)
    assert cells.shape == (91_423, 11)
    assert list(cells.columns) == list(CELL_COLUMNS)
    assert cells["pt_root_id"].dtype == np.int64
    assert cells.loc[188, "pt_root_id"] == 0
    assert len(proofread(cells)) == 1_701


def test_the_real_synapse_table_is_read_as_it_is(real_data):
    synapses = read_synapses(real_data / NEURON / "synapses.feather")
    assert synapses.dtypes.astype(str).to_dict() == dict(SYNAPSE_COLUMNS)
    assert len(synapses) == 18_894


def test_caves_own_eighteen_columns_are_read_as_a_synapse_table(real_data):
    outputs = read_synapses(real_data / NEURON / "pre.feather")
    assert list(outputs.columns) == list(SYNAPSE_COLUMNS)
    assert len(outputs) == 6_514


@pytest.mark.parametrize("kind", ["object", "string", "string[pyarrow]", "category"])
def test_every_pandas_kind_of_text_is_text(cells, kind):
    cells["region"] = cells["region"].astype(kind)
    assert read_cells(cells)["region"].tolist() == ["V1", "V1", "RL", "V1", "V1", "V1"]


def test_missing_text_is_the_empty_string(cells):
    cells.loc[[1, 3], "cell_type_manual"] = None
    assert read_cells(cells)["cell_type_manual"].tolist() == ["23P", "", "", "", "", ""]


def test_further_columns_are_kept_behind_the_eleven(cells):
    cells.insert(0, "mine", range(6))
    assert list(read_cells(cells).columns) == [*CELL_COLUMNS, "mine"]


def test_a_missing_column_is_named_with_those_found(cells):
    message = refusal(cells.drop(columns="region").rename(columns={"volume": "vol"}))
    assert "'volume', 'region' is missing" in message
    assert "vol" in message.split("found")[1]


def test_the_message_names_the_file(cells, tmp_path):
    cells.drop(columns="volume").to_feather(tmp_path / "cell_info_7.feather")
    with pytest.raises(TableError, match=r"^cell_info_7\.feather: column 'volume' is missing"):
        read_cells(tmp_path / "cell_info_7.feather")


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [("volume", "large", "float64"), ("pt_root_id", "x", "int64"), ("region", 1.5, "text")],
)
def test_a_wrong_type_is_named_with_the_type_expected(cells, column, value, expected):
    cells[column] = value
    message = refusal(cells)
    assert repr(column) in message
    assert f"expected {expected}" in message


def test_root_ids_that_were_floats_are_refused_since_digits_are_lost(cells):
    cells["pt_root_id"] = cells["pt_root_id"].astype(float)
    assert "lost their last digits" in refusal(cells)


def test_a_root_id_that_stands_twice_is_named(cells):
    cells.loc[3, "pt_root_id"] = cells.loc[1, "pt_root_id"]
    message = refusal(cells)
    assert str(cells.loc[1, "pt_root_id"]) in message
    assert "drop_duplicates('pt_root_id')" in message


def test_root_id_zero_may_stand_twice(cells):
    cells.loc[[3, 4], "pt_root_id"] = 0
    assert (read_cells(cells)["pt_root_id"] == 0).sum() == 3


def test_a_null_where_an_id_must_be_is_named_with_its_row(synapses):
    synapses["pre_pt_root_id"] = synapses["pre_pt_root_id"].astype("Int64")
    synapses.loc[2, "pre_pt_root_id"] = pd.NA
    message = refusal(synapses, read_synapses)
    assert "'pre_pt_root_id' has no value in row 2" in message


def test_a_null_in_a_file_is_found_too(synapses, tmp_path):
    synapses["post_pt_root_id"] = synapses["post_pt_root_id"].astype("Int64")
    synapses.loc[5, "post_pt_root_id"] = pd.NA
    synapses.to_feather(tmp_path / "s.feather")
    assert "'post_pt_root_id' has no value in row 5" in refusal(
        tmp_path / "s.feather", read_synapses
    )


def test_a_negative_size_is_refused(synapses):
    synapses.loc[4, "size"] = -3
    assert "'size' is -3 in row 4" in refusal(synapses, read_synapses)


def test_a_negative_root_id_is_refused(cells):
    cells.loc[2, "pt_root_id"] = -5
    assert "is -5 in row 2" in refusal(cells)


def test_a_synapse_id_that_stands_twice_is_refused(synapses):
    synapses.loc[4, "id"] = synapses.loc[1, "id"]
    assert "column 'id' contains 2 more than once" in refusal(synapses, read_synapses)


@pytest.mark.parametrize(
    ("read", "columns"), [(read_cells, POSITIONS), (read_synapses, SYNAPSE_POSITIONS)]
)
def test_positions_in_voxels_are_told_from_nm(cells, synapses, read, columns):
    frame = cells if read is read_cells else synapses
    frame[columns] = (frame[columns] / [4, 4, 40]).astype(frame[columns[0]].dtype)
    message = refusal(frame, read)
    assert "look like voxels" in message
    assert "4, 4, 40 in minnie65" in message


def test_positions_in_micrometres_are_told_from_nm(cells):
    cells[POSITIONS] /= 1000
    message = refusal(cells)
    assert "look like micrometres" in message
    assert "* 1000).round()" in message


def test_a_position_that_is_no_number_is_refused(cells):
    cells.loc[1, "pt_position_y"] = np.inf
    assert "'pt_position_y' contains a value that is not a number" in refusal(cells)


def test_a_size_with_a_fraction_is_refused(synapses):
    synapses["size"] = synapses["size"] + 0.5
    assert "contains 100.5 in row 0" in refusal(synapses, read_synapses)


def test_whole_numbers_that_pandas_made_floats_are_taken(synapses):
    synapses["size"] = synapses["size"].astype(float)
    assert read_synapses(synapses)["size"].dtype == np.int32


def test_a_number_too_large_for_its_column_is_refused(synapses):
    synapses["ctr_pt_position_x"] = synapses["pre_pt_root_id"]
    assert "does not fit into int32" in refusal(synapses, read_synapses)


def test_a_file_cut_short_is_told_from_a_table(cells, tmp_path):
    cells.to_feather(tmp_path / "whole.feather")
    whole = (tmp_path / "whole.feather").read_bytes()
    (tmp_path / "half.feather").write_bytes(whole[: len(whole) // 2])
    assert "damaged or incomplete" in refusal(tmp_path / "half.feather")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"a,b\n1,2\n", "begins with"),
    ],
)
def test_a_foreign_file_is_named_for_what_it_is(tmp_path, content, found):
    (tmp_path / "cells.feather").write_bytes(content)
    assert found in refusal(tmp_path / "cells.feather")


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    assert "there is no such file" in refusal(tmp_path / "cells.feather")


def test_a_file_for_another_version_is_refused(cells, tmp_path):
    cells.to_feather(tmp_path / "cell_info_1293.feather")
    with pytest.raises(TableError, match="for version 1293, but version 1300 was"):
        read_cells(tmp_path / "cell_info_1293.feather", version=1300)


def test_an_empty_table_is_a_table(cells, synapses):
    assert len(read_cells(cells.iloc[:0])) == 0
    assert len(read_synapses(synapses.iloc[:0])) == 0


def test_the_given_frame_is_never_changed(cells):
    before = cells.copy()
    own = read_cells(cells)
    own["region"] = "elsewhere"
    pd.testing.assert_frame_equal(cells, before)


def test_a_written_table_is_compressed_as_the_workshops_and_leaves_nothing_else(cells, tmp_path):
    write_feather(cells, tmp_path / "cell_info_1.feather")
    assert [path.name for path in tmp_path.iterdir()] == ["cell_info_1.feather"]
    pd.testing.assert_frame_equal(pd.read_feather(tmp_path / "cell_info_1.feather"), cells)


def test_a_table_that_cannot_be_written_leaves_nothing(cells, tmp_path):
    target = Path(tmp_path / "cell_info_1.feather")
    cells["region"] = [object()] * 6
    with pytest.raises(Exception, match="object"):
        write_feather(cells, target)
    assert list(tmp_path.iterdir()) == []
