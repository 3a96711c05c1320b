"""The index answers as a search of the whole table would."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import random_synapses

from microns_widgets.synapses.index import SynapseIndex, build_index
from microns_widgets.tables.reading import read_synapse_table

IDS = 864691135000000000 + np.arange(12)
ORDER = ["post_pt_root_id", "pre_pt_root_id", "size"]


def indexed(frame: pd.DataFrame) -> SynapseIndex:
    return build_index(read_synapse_table(frame))


def equal(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        found.sort_values("id", ignore_index=True), expected.sort_values("id", ignore_index=True)
    )


@st.composite
def tables(draw) -> pd.DataFrame:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frame = random_synapses(draw(st.integers(0, 200)), np.append(IDS, 0), rng)
    return frame.sort_values(ORDER, ignore_index=True) if draw(st.booleans()) else frame


@given(tables(), st.sampled_from([*IDS, 864691136000000000]))
def test_inputs_and_outputs_are_those_of_a_search(frame, root_id):
    index = indexed(frame)
    equal(index.frame(index.input_rows(root_id)), frame.query("post_pt_root_id == @root_id"))
    equal(index.frame(index.output_rows(root_id)), frame.query("pre_pt_root_id == @root_id"))


@given(tables(), st.permutations(IDS), st.integers(0, 12), st.integers(0, 12))
def test_synapses_between_two_groups_are_those_of_a_search(frame, ids, n_pre, n_post):
    pre, post = np.array(ids[:n_pre], dtype=int), np.array(ids[12 - n_post :], dtype=int)
    index = indexed(frame)
    rows, pre_place, post_place = index.rows_between(pre, post)
    expected = frame[frame["pre_pt_root_id"].isin(pre) & frame["post_pt_root_id"].isin(post)]
    found = index.frame(rows)
    equal(found, expected)
    assert (pre[pre_place] == found["pre_pt_root_id"]).all()
    assert (post[post_place] == found["post_pt_root_id"]).all()
    pairs = pre_place * 12 + post_place
    begins = np.count_nonzero(np.diff(pairs)) + (len(pairs) > 0)
    assert begins == len(np.unique(pairs)), "the synapses of a connection stand together"


@given(tables(), st.permutations(IDS), st.integers(0, 12), st.integers(0, 12))
def test_connections_between_two_groups_are_the_sums_of_their_synapses(frame, ids, n_pre, n_post):
    pre, post = np.array(ids[:n_pre], dtype=int), np.array(ids[12 - n_post :], dtype=int)
    values, places, pre_place, post_place = indexed(frame).connections_between(pre, post)
    found = values.at(places)
    among = frame[frame["pre_pt_root_id"].isin(pre) & frame["post_pt_root_id"].isin(post)]
    sides = ["pre_pt_root_id", "post_pt_root_id"]
    expected = among.groupby(sides)["size"].agg(["size", "sum", "max"])
    values = {"size": found.count, "sum": found.total, "max": found.largest}
    at = pd.MultiIndex.from_arrays([pre[pre_place], post[post_place]], names=sides)
    same = pd.DataFrame(values, index=at).sort_index()
    pd.testing.assert_frame_equal(same, expected, check_dtype=False, check_index_type=False)


@given(tables())
def test_degrees_are_those_of_a_count(frame):
    degrees = indexed(frame).degrees(IDS)
    for i, root_id in enumerate(IDS):
        inputs = frame[frame["post_pt_root_id"] == root_id]
        outputs = frame[frame["pre_pt_root_id"] == root_id]
        assert degrees["n_inputs"][i] == len(inputs)
        assert degrees["n_outputs"][i] == len(outputs)
        assert degrees["n_input_partners"][i] == inputs["pre_pt_root_id"].nunique()
        assert degrees["n_output_partners"][i] == outputs["post_pt_root_id"].nunique()


def test_rows_stand_sorted_by_post_pre_and_size(rng):
    frame = random_synapses(500, IDS, rng)
    columns = pd.DataFrame(dict(indexed(frame).columns))
    expected = frame.sort_values(ORDER, ignore_index=True)
    pd.testing.assert_frame_equal(columns[ORDER], expected[ORDER])


def test_root_id_zero_joins_with_nothing(synapses):
    index = indexed(synapses)
    assert len(index.frame(index.output_rows(0))) == 0
    rows, _, _ = index.rows_between(np.array([0]), synapses["post_pt_root_id"].unique())
    assert len(rows) == 0


def test_one_cells_synapses_are_a_copy(synapses):
    index = indexed(synapses)
    root_id = synapses["post_pt_root_id"].iloc[0]
    own = index.frame(index.input_rows(root_id))
    own.loc[:, "size"] = -1
    assert index.frame(index.input_rows(root_id))["size"].min() >= 0


@pytest.mark.parametrize("n", [0, 1])
def test_a_table_of_hardly_any_rows_is_indexed(synapses, n):
    assert len(indexed(synapses.iloc[:n])) == n


def test_many_cells_onto_few_and_few_onto_many_give_the_same_connections(rng):
    ids = np.arange(1, 3_000)
    index = indexed(random_synapses(20_000, ids, rng))
    few = ids[:3]
    values, places, pre_place, post_place = index.connections_between(ids, few)
    onto_few = values.at(places)
    table = index.connections
    chosen = np.isin(index.post.ids[table.pre.partners], few)
    assert sorted(onto_few.total) == sorted(table.values.total[chosen])
    assert len(np.unique(pre_place * 3 + post_place)) == len(onto_few.total)
