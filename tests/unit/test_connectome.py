"""What a connectome answers about its cells, counted by hand on six of them."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, C, D, E, X

from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.errors import (
    InvalidArgument,
    InvalidRootIds,
    SkeletonNotFound,
    TableError,
    UnknownArgument,
    UnknownCell,
    UnknownColumn,
    UnknownLabel,
)
from microns_widgets.sources.real_data import BASKET_CELL, load_basket_cell
from microns_widgets.tables.reading import CELL_COLUMNS, SYNAPSE_COLUMNS


def skeleton_of(root_id: int) -> Skeleton:
    return Skeleton(
        [[0, 0, 0], [0, 3000, 0]], [[0, 1]], [5000, 200], [1, 2], root=0, root_id=root_id
    )


@pytest.fixture
def con(cells, synapses) -> Connectome:
    return Connectome(cells, synapses, {A: skeleton_of(A)}, source="a page")


def ids(frame: pd.DataFrame) -> list[int]:
    return sorted(frame["id"].tolist())


def test_it_counts_itself(con):
    assert repr(con) == "<Connectome 6 cells, 8 synapses, a page>"


def test_outputs_are_the_synapses_that_a_cell_makes(con):
    assert ids(con.outputs(A)) == [1, 2, 3]
    assert ids(con.outputs(C)) == [6]
    assert list(con.outputs(A).columns) == list(SYNAPSE_COLUMNS)


def test_inputs_are_the_synapses_that_a_cell_receives(con):
    assert ids(con.inputs(B)) == [1, 2, 5, 7]
    assert ids(con.inputs(A)) == [4, 6, 8]


def test_a_cell_without_synapses_has_a_frame_without_rows(con):
    assert con.inputs(D).shape == con.outputs(D).shape == (0, 7)


def test_an_autapse_stands_on_both_sides_and_can_be_left_out(con):
    assert 5 in ids(con.inputs(B))
    assert 5 in ids(con.outputs(B))
    assert ids(con.inputs(B, autapses=False)) == [1, 2, 7]
    assert ids(con.outputs(B, autapses=False)) == [4]


def test_partners_without_a_nucleus_are_kept_and_can_be_left_out(con):
    assert ids(con.outputs(A, unknown=False)) == [1, 2]
    assert ids(con.inputs(A, unknown=False)) == [4, 6], "root id 0 means no segment"


def test_synapses_are_filtered_by_what_the_partner_is(con):
    assert ids(con.inputs(A, cell_type="MC")) == [6]
    assert ids(con.inputs(A, region=["V1", "RL"])) == [4, 6]
    assert ids(con.inputs(A, proofread="axon_partially_extended")) == [4]
    assert ids(con.outputs(A, coarse_type="I", proofread=True)) == [1, 2]


@pytest.mark.parametrize("given", [np.int64(A), str(A), np.uint64(A)])
def test_a_root_id_may_be_any_whole_number_or_its_digits(con, given):
    assert len(con.outputs(given)) == 3


def test_a_fragment_has_synapses_but_no_row(con):
    assert ids(con.inputs(X)) == [3]
    with pytest.raises(UnknownCell, match=f"no cell with root id {X}"):
        con.cell(X)


@pytest.mark.parametrize("wrong", [1, -5])
def test_an_id_that_nothing_has_is_refused_with_where_to_find_one(con, wrong):
    with pytest.raises(
        UnknownCell, match=rf"root id {wrong} in this dataset.*con\.cells\['pt_root_id'\]"
    ):
        con.inputs(wrong)


def test_root_id_zero_is_no_cell(con):
    for ask in (con.inputs, con.outputs, con.cell, con.partners):
        with pytest.raises(UnknownCell, match="a nucleus without a segment"):
            ask(0)


@pytest.mark.parametrize("wrong", [float(A), "x", None, [A, B], True])
def test_what_is_not_a_root_id_is_refused(con, wrong):
    with pytest.raises(InvalidRootIds, match="is not a valid root id"):
        con.inputs(wrong)


def test_partners_are_connections_strongest_first(con):
    table = con.partners(B)
    assert table.to_dict("list") == {
        "direction": ["input", "input", "input", "output", "output"],
        "partner_root_id": [A, X, B, A, B],
        "cell_type_auto": ["23P", "", "BC", "23P", "BC"],
        "n_synapses": [2, 1, 1, 1, 1],
        "size_sum": [400, 60, 20, 700, 20],
    }


def test_partners_on_one_side_by_another_column(con):
    table = con.partners(A, "outputs", by="region", unknown=False)
    assert table["region"].tolist() == ["V1"]
    assert table["n_synapses"].tolist() == [2]
    assert set(con.partners(A, "inputs")["direction"]) == {"input"}


def test_partners_in_a_direction_or_column_that_there_is_not_are_refused(con):
    with pytest.raises(InvalidArgument, match=r"direction='up'.* Expected one of 'both', 'inputs'"):
        con.partners(A, "up")
    with pytest.raises(UnknownColumn, match=r"no column 'colour'\. Expected one of pt_position_x"):
        con.partners(A, by="colour")


def test_between_takes_one_cell_or_many_on_each_side(con):
    assert ids(con.between(A, B)) == [1, 2]
    assert ids(con.between([A, B, C, A], [A, B])) == [1, 2, 4, 5, 6]
    assert ids(con.between(con.root_ids, con.root_ids, autapses=False)) == [1, 2, 4, 6]
    assert ids(con.between([], [A])) == []


def test_degrees_count_synapses_and_partners_of_every_cell(con):
    table = con.degrees()
    assert table.index.tolist() == [A, B, C, D, E]
    assert table["n_inputs"].tolist() == [3, 4, 0, 0, 0]
    assert table["n_outputs"].tolist() == [3, 2, 1, 0, 0]
    assert table["n_input_partners"].tolist() == [3, 3, 0, 0, 0]
    assert table["n_output_partners"].tolist() == [2, 2, 1, 0, 0]


def test_cells_are_selected_by_what_they_are(con):
    assert con.select().tolist() == [A, B, C, D, E], "root id 0 means no cell"
    assert con.select(cell_type="23P").tolist() == [A, D]
    assert con.select(proofread=True).tolist() == [A, B, C]
    assert con.select(proofread=False, coarse_type="E").tolist() == [D]
    assert con.select(proofread=["axon_interareal"], region="RL").tolist() == [C]
    assert con.select(cell_type_manual={"BC", "23P"}).tolist() == [A, B]


def test_a_name_that_no_cell_has_comes_with_those_there_are(con):
    with pytest.raises(UnknownLabel, match=r"cell_type='Bat'.*'23P', 'BC', 'MC', 'astrocyte'"):
        con.select(cell_type="Bat")
    with pytest.raises(UnknownLabel, match=r"Did you mean 'astrocyte'\?"):
        con.select(cell_type="Astrocytes")
    with pytest.raises(UnknownLabel, match=r"proofread='all'.*'axon_fully_extended'"):
        con.select(proofread="all")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("basket", r"Did you mean 'BC' \(basket cell\)\? Expected one of "),
        ("Basket cells", r"Did you mean 'BC' \(basket cell\)\?"),
        ("martinotti_cell", r"Did you mean 'MC' \(martinotti cell\)\?"),
        ("sst", r"Did you mean 'MC' \(martinotti cell\)\?"),
        ("layer 2/3 pyramidal", r"Did you mean '23P' \(l2/3 pyramidal\)\?"),
        ("interneuron", r"Did you mean one of 'BC', 'MC'\?"),
        ("bc", r"Did you mean 'BC' \(basket cell\)\?"),
        ("martinoti", r"column 'cell_type_auto'\. Expected one of "),
    ],
)
def test_a_type_that_is_spelled_out_is_answered_with_its_label(con, name, expected):
    with pytest.raises(UnknownLabel, match=expected):
        con.select(cell_type=name)


@pytest.mark.parametrize("method", ["select", "inputs", "outputs", "partners"])
def test_a_wrong_keyword_is_answered_with_the_nearest_right_one(con, method):
    cell = () if method == "select" else (A,)
    with pytest.raises(
        UnknownArgument, match=rf"{method}\(\) has .*'celltype'. Did you mean 'cell_"
    ):
        getattr(con, method)(*cell, celltype="BC")
    assert list(inspect.signature(getattr(con, method)).parameters)[-5:] == [
        "cell_type",
        "cell_type_manual",
        "coarse_type",
        "region",
        "proofread",
    ]


def test_an_id_is_in_a_connectome_if_a_table_has_it(con):
    assert A in con
    assert str(A) in con
    assert X in con, "it occurs only among the synapses"
    assert 0 not in con
    assert 1 not in con
    assert "x" not in con
    with pytest.raises(InvalidRootIds, match="floats lose the last digits"):
        float(A) in con  # noqa: B015


def test_labels_follow_the_ids_given(con):
    assert con.labels([B, X, 0, B]).tolist() == ["BC", "", "", "BC"]
    assert np.isnan(con.labels([X], "volume")).all()


def test_one_cells_row_is_found_by_its_id(con):
    assert con.cell(C)["region"] == "RL"


def test_what_is_handed_out_is_the_callers_own(con):
    cells = con.cells
    cells.loc[0, "region"] = "elsewhere"
    outputs = con.outputs(A)
    outputs.loc[:, "size"] = 0
    con.root_ids[:] = 0
    assert con.cells["region"].iloc[0] == "V1"
    assert con.outputs(A)["size"].sum() == 450
    assert con.root_ids[0] == A


def test_every_frame_knows_where_it_comes_from(con):
    frames = [con.cells, con.synapses, con.inputs(A), con.partners(A), con.degrees()]
    frames += [con.between(A, B), con.matrix().to_frame()]
    assert {frame.attrs["source"] for frame in frames} == {"a page"}


def test_the_whole_tables_keep_the_workshops_columns(con, synapses):
    assert list(con.cells.columns) == list(CELL_COLUMNS)
    assert ids(con.synapses) == ids(synapses)


def test_a_skeleton_is_given_or_said_to_be_missing_with_the_next_step(con):
    assert con.skeleton(A).cable_length("axon") == 3
    with pytest.raises(SkeletonNotFound, match=r"Cell \d+ has no skeleton.*client=client"):
        con.skeleton(B)


def test_a_cell_is_drawn_with_the_synapses_asked_for(con):
    drawn = {
        synapses: sum(
            len(points.get_offsets()) for points in con.plot(A, synapses=synapses).collections[1:]
        )
        for synapses in ("both", "inputs", "outputs", "none")
    }
    assert drawn == {"both": 6, "inputs": 3, "outputs": 3, "none": 0}
    with pytest.raises(InvalidArgument, match=r"synapses='input' .* mean 'inputs'\?"):
        con.plot(A, synapses="input")


def test_a_source_of_skeletons_keeps_its_own_words(cells, synapses):
    class Asleep:
        def __getitem__(self, root_id: int) -> Skeleton:
            raise SkeletonNotFound("asleep")

    with pytest.raises(SkeletonNotFound, match="asleep"):
        Connectome(cells, synapses, Asleep()).skeleton(A)


def test_wrong_tables_are_refused(cells, synapses):
    with pytest.raises(TableError, match="column 'size' is missing"):
        Connectome(cells, synapses.drop(columns="size"))
    with pytest.raises(TableError, match="column 'region' is missing"):
        Connectome(cells.drop(columns="region"), synapses)


def test_the_real_basket_cell_has_its_published_numbers(real_data):
    con, cell = load_basket_cell(real_data), BASKET_CELL
    assert len(con.outputs(cell)) == 6_514
    assert len(con.inputs(cell)) == 12_424
    assert len(con.outputs(cell)) - len(con.outputs(cell, autapses=False)) == 44
    assert con.partners(cell, "outputs")["n_synapses"].sum() == 6_514
    assert con.skeleton(cell).n_vertices == 16_720
