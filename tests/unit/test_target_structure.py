"""Each synapse's target structure, from a further column of the synapse table."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from small_world import A, B

import microns_widgets as mw
from microns_widgets.errors import InvalidType, TableError, UnknownColumn

#: By synapse id; nothing is known of synapse 4.
STRUCTURES = {1: "spine", 2: "shaft", 3: "spine", 4: None, 5: "soma", 6: "", 7: "filopodium", 8: ""}


@pytest.fixture
def labelled(synapses) -> pd.DataFrame:
    return synapses.assign(target_structure=synapses["id"].map(STRUCTURES))


def structures(con: mw.Connectome) -> dict[int, str]:
    table = con.with_target_structure(con.synapses)
    return dict(zip(table["id"], table["target_structure"], strict=True))


EXPECTED = {number: text or "" for number, text in STRUCTURES.items()}


def test_rows_of_any_query_get_the_structures_of_their_synapses(cells, labelled):
    con = mw.Connectome(cells, labelled)
    assert structures(con) == EXPECTED
    onto_b = con.with_target_structure(con.inputs(B, autapses=False))
    assert onto_b.set_index("id")["target_structure"].to_dict() == {
        1: "spine",
        2: "shaft",
        7: "filopodium",
    }
    onto_a = con.with_target_structure(con.inputs(A))
    assert onto_a.attrs["unknown_target_structure"] == 3
    assert "target_structure" not in con.inputs(A)


@pytest.mark.parametrize("form", ["feather", "parquet", "category"])
def test_files_of_all_forms_keep_the_structures(cells, labelled, tmp_path, form):
    if form == "category":
        labelled["target_structure"] = labelled["target_structure"].astype("category")
    cells.to_feather(tmp_path / "cell_info_1822.feather")
    path = tmp_path / "synapses_1822.feather"
    if form == "parquet":
        labelled.to_parquet(path.with_suffix(".parquet"))
    else:
        labelled.to_feather(path)
    assert structures(mw.load(tmp_path)) == EXPECTED


def test_an_arrow_table_and_a_table_of_its_own_give_the_same(cells, synapses, labelled):
    arrow = pa.Table.from_pandas(labelled, preserve_index=False)
    assert structures(mw.Connectome(cells, arrow)) == EXPECTED
    apart = labelled[["id", "target_structure"]].sample(frac=1, random_state=1)
    assert structures(mw.Connectome(cells, synapses, targets=apart)) == EXPECTED


def test_synapses_that_the_table_does_not_have_are_unknown_and_counted(cells, synapses, labelled):
    few = labelled[labelled["id"] < 3]
    for targets, unknown in ((few, 6), (few[:0], 8)):
        con = mw.Connectome(cells, synapses, targets=targets)
        table = con.with_target_structure(con.synapses)
        assert (table["target_structure"] == "").sum() == unknown
        assert table.attrs["unknown_target_structure"] == unknown


def test_what_cannot_be_answered_is_an_error_with_the_next_step(cells, synapses, labelled):
    with pytest.raises(UnknownColumn, match="--optional target_structure"):
        mw.Connectome(cells, synapses).with_target_structure(synapses)
    con = mw.Connectome(cells, labelled)
    with pytest.raises(UnknownColumn, match="without the column 'id'"):
        con.with_target_structure(synapses.drop(columns="id"))
    with pytest.raises(InvalidType, match="expected rows of the synapse table"):
        con.with_target_structure(A)
    numbers = mw.Connectome(cells, labelled.assign(target_structure=3))
    with pytest.raises(TableError, match="expected text"):
        numbers.with_target_structure(synapses)
    twice = pd.concat([labelled, labelled[:1]])
    with pytest.raises(TableError, match="more than once"):
        mw.Connectome(cells, synapses, targets=twice).with_target_structure(synapses)


def test_autapses_are_counted_and_shown(cells, synapses):
    con = mw.Connectome(cells, synapses)
    assert con.n_autapses == 1
    assert "8 synapses (1 autapse)" in con._repr_html_()
    without = mw.Connectome(cells, synapses[synapses["id"] != 5])
    assert without.n_autapses == 0
    assert "7 synapses, no autapses" in without._repr_html_()


@pytest.mark.parametrize("number", ["a", 1.5, float("nan"), None, 2**70])
def test_ids_that_no_synapse_can_have_are_an_error_not_unknown(cells, labelled, number):
    con = mw.Connectome(cells, labelled)
    rows = con.synapses.head(2)
    rows["id"] = pd.Series([number, number], dtype=object if number in (None, "a") else None)
    with pytest.raises(TableError, match=r"with_target_structure\(\): column 'id'"):
        con.with_target_structure(rows)


def test_a_table_of_target_structures_without_ids_is_refused(cells, synapses):
    con = mw.Connectome(cells, synapses, targets=pd.DataFrame({"target_structure": ["spine"]}))
    with pytest.raises(TableError, match="target structures: column 'id' is missing"):
        con.with_target_structure(con.synapses)
