"""Types connect with the probability that counting pairs by hand gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import A, B, C, D, cell_frame, random_synapses

from microns_widgets.connectome import Connectome
from microns_widgets.errors import UnknownColumn


@pytest.fixture
def summary(cells, synapses):
    return Connectome(cells, synapses, source="a page").matrix([A, B, C, D], [A, B, D]).by_type()


def test_pairs_possible_leave_a_cell_and_itself_out(summary):
    assert summary.pairs_possible.loc["23P", "23P"] == 2, "A onto D and D onto A"
    assert summary.pairs_possible.loc["BC", "BC"] == 0, "an autapse does not count as a pair"
    assert summary.pairs_possible.loc["MC"].tolist() == [2, 1]


def test_probability_is_pairs_connected_over_pairs_possible(summary):
    assert summary.probability.loc["23P", "BC"] == 0.5
    assert summary.probability.loc["MC", "23P"] == 0.5
    assert np.isnan(summary.probability.loc["BC", "BC"])


def test_mean_number_and_size_are_of_connected_pairs(summary):
    assert summary.mean_synapses.loc["23P", "BC"] == 2
    assert summary.mean_size.loc["23P", "BC"] == 200
    assert np.isnan(summary.mean_size.loc["MC", "BC"])


def test_types_stand_in_the_palettes_order_and_carry_the_source(summary):
    assert summary.probability.index.tolist() == ["23P", "BC", "MC"]
    assert summary.probability.attrs["source"] == "a page"


def test_one_row_per_pair_of_types_has_all_numbers(summary):
    table = summary.to_frame().set_index(["pre_type", "post_type"])
    assert len(table) == 6
    assert table.loc[("23P", "BC"), "n_synapses"] == 2
    assert table.loc[("23P", "BC"), "pairs_connected"] == 1
    assert "probability" in table


def test_a_column_that_there_is_not_is_refused(cells, synapses):
    with pytest.raises(UnknownColumn, match=r"no column 'colour'\. Expected one of"):
        Connectome(cells, synapses).matrix().by_type("colour")


IDS = np.array([A, B, C, D])


@given(st.integers(0, 2**32 - 1), st.permutations(IDS.tolist()), st.integers(1, 4))
def test_every_count_is_that_of_a_walk_over_all_pairs(seed, post, n_post):
    frame = random_synapses(30, IDS, np.random.default_rng(seed))
    con = Connectome(cell_frame(), frame)
    summary = con.matrix(IDS, post[:n_post]).by_type()
    types = dict(zip(IDS.tolist(), con.labels(IDS), strict=True))
    for pre_type in summary.pairs_possible.index:
        for post_type in summary.pairs_possible.columns:
            pairs = [
                (a, b)
                for a in IDS
                for b in post[:n_post]
                if a != b and types[a] == pre_type and types[b] == post_type
            ]
            between = [con.between(a, b) for a, b in pairs]
            field = (pre_type, post_type)
            assert summary.pairs_possible.loc[field] == len(pairs)
            assert summary.pairs_connected.loc[field] == sum(len(own) > 0 for own in between)
            assert summary.n_synapses.loc[field] == sum(len(own) for own in between)
            assert summary.size_sum.loc[field] == sum(own["size"].sum() for own in between)
