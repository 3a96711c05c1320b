"""An observed number beside chance: ratio, interval, p-value, and an interruption in between."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from synthetic_networks import by_chance, network

from microns_widgets.errors import InvalidArgument, InvalidType, MatrixError
from microns_widgets.network.null_comparison import NullComparison
from microns_widgets.network.null_model import StoppedEarly


@pytest.fixture(scope="module")
def matrix():
    rng = np.random.default_rng(7)
    edges = by_chance(np.full((30, 30), 0.1), rng, reciprocal=0.4)
    types = rng.choice(["23P", "BC"], 30).tolist()
    return network(edges, rng.uniform(0, 100, (30, 3)), types=types)


def comparison(observed, values, alternative="two-sided") -> NullComparison:
    return NullComparison(observed, np.asarray(values, float), "density", "pairs", alternative)


def test_the_observed_network_counts_as_one_of_them():
    values = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert comparison(8.0, values, "greater").p_value == pytest.approx((2 + 1) / (9 + 1))
    assert comparison(8.0, values, "less").p_value == pytest.approx((8 + 1) / (9 + 1))
    assert comparison(8.0, values).p_value == pytest.approx(2 * 0.3)
    assert comparison(5.0, values).p_value == 1
    assert comparison(100.0, values, "greater").p_value == pytest.approx(1 / 10)


def test_the_interval_contains_1_just_if_the_observed_value_is_among_the_middle_of_them():
    values = np.arange(1.0, 1000)
    inside, above = comparison(900.0, values), comparison(990.0, values)
    assert inside.low < 1 < inside.ratio < inside.high
    assert 1 < above.low < above.ratio < above.high
    assert above.ratio == pytest.approx(990 / 500)
    assert above.low == pytest.approx(990 / np.quantile(values, 0.975))


def test_what_never_occurs_by_chance_has_no_finite_ratio_and_what_is_not_known_no_p_value():
    assert np.isinf(comparison(3.0, [0, 0, 0]).ratio)
    assert np.isnan(comparison(0.0, [0, 0, 0]).ratio)
    assert np.isnan(comparison(np.nan, [1, 2, 3]).p_value)
    assert np.isnan(comparison(1.0, [1, np.nan, 3]).p_value)
    assert np.isnan(comparison(1.0, [1]).std)


def test_a_comparison_has_the_form_of_its_statistic(matrix):
    null = matrix.null("density", 20, 7)
    number = null.compare("reciprocal_pairs")
    assert number.observed == matrix.reciprocal_pairs()
    assert isinstance(number.ratio, float)
    assert number.to_frame().index.tolist() == ["reciprocal_pairs"]
    triads = null.compare("triads", alternative="greater")
    assert triads.ratio.index.equals(matrix.triads().index)
    assert triads.values.shape == (20, 13)
    types = null.compare("pairs_by_type")
    assert types.p_value.loc["BC", "23P"] <= 1
    assert types.ratio.attrs == types.observed.attrs
    assert types.to_frame().loc[("BC", "23P"), "observed"] == types.observed.loc["BC", "23P"]
    degrees = null.compare(lambda own: np.sort(own.degree("post")))
    assert degrees.mean.shape == (30,)
    assert degrees.to_frame().shape == (30, 6)
    assert null.compare(lambda own: own.to_numpy()).to_frame().shape == (900, 6)


def test_only_what_is_not_kept_differs(matrix):
    def most(own):
        return own.degree("post").max()

    assert matrix.null("degrees", 20, 7).compare(most).p_value == 1
    assert matrix.null("degrees", 20, 7).compare(most).ratio == 1
    assert matrix.null("blocks", 20, 7).compare("pairs_by_type").ratio.eq(1).all(axis=None)
    assert matrix.null("density", 20, 7).compare(most).std > 0


def test_a_null_model_is_a_sequence_of_matrices(matrix):
    null = matrix.null("degrees", 4, 7)
    assert len(null) == 4
    assert [own.n_connections for own in null] == [matrix.n_connections] * 4
    assert (null[-1].total != null[3].total).nnz == 0
    assert null[0].value == matrix.value
    with pytest.raises(InvalidArgument, match=r"null\[4\]: there are 4 .*with_n\(5\)"):
        null[4]
    with pytest.raises(InvalidType, match="write \\[null\\[i\\] for i in range"):
        null[:2]


def test_more_networks_are_added_to_those_there_are(matrix):
    drawn = []

    def count(own):
        drawn.append(own)
        return own.reciprocal_pairs()

    null = matrix.null("density", 5, 7)
    first = null.compare(count)
    more = null.with_n(8).compare(count)
    # The observed network twice, and the first random one again: has the function changed?
    assert len(drawn) == 2 + 8 + 1
    assert (more.values[:5] == first.values).all()
    assert null.compare(count).n == 5
    assert (matrix.null("density", 8, 7).compare("reciprocal_pairs").values == more.values).all()


def test_an_interruption_leaves_what_was_done_and_goes_on_from_there(matrix):
    calls = []

    def slow(own):
        calls.append(own)
        if len(calls) == 5:  # the observed network, and three random ones
            raise KeyboardInterrupt
        return own.reciprocal_pairs()

    null = matrix.null("density", 10, 7)
    with pytest.warns(StoppedEarly, match=r"Stopped after 3 of 10 .* `compare` .* again"):
        part = null.compare(slow)
    assert part.n == 3
    assert 1 / 4 <= part.p_value <= 1
    whole = null.compare(slow)
    assert whole.n == 10
    assert (whole.values == null.compare("reciprocal_pairs").values).all()


def test_an_interruption_before_the_first_network_is_an_interruption(matrix):
    def never(own):
        if own is not matrix:
            raise KeyboardInterrupt
        return 1

    with pytest.raises(KeyboardInterrupt):
        matrix.null("density", 10, 7).compare(never)


def test_a_wrong_statistic_is_refused_with_what_would_be_right(matrix):
    null = matrix.null("density", 3, 7)
    with pytest.raises(InvalidArgument, match=r"'reciprocal' .* Did you mean 'reciprocal_pairs'"):
        null.compare("reciprocal")
    with pytest.raises(InvalidArgument, match=r"alternative='bigger' .* 'greater'"):
        null.compare("triads", alternative="bigger")
    with pytest.raises(InvalidArgument, match=r"returned .*pairs_connected"):
        null.compare(lambda own: own.by_type())
    with pytest.raises(InvalidArgument, match=r"'len' failed: TypeError.* null\.observed"):
        null.compare(len)
    with pytest.raises(InvalidArgument, match=r"other rows or columns .*reindex"):
        null.compare(lambda own: own.strengths()[: 1 + (own is matrix)])
    with pytest.raises(InvalidArgument, match="other rows or columns"):
        null.compare(lambda own: pd.Series({"a" if own is matrix else "b": 1}))
    with pytest.raises(MatrixError, match="not the same cells"):
        matrix.select(pre=matrix.pre_ids[:5]).null("density", 3).compare("triads")


def test_numbers_of_networks_and_seeds_are_whole_numbers(matrix):
    for wrong in (2.5, "100", None, True):
        with pytest.raises(InvalidType, match=r"n=.* expected a whole number"):
            matrix.null("density", wrong)
        with pytest.raises(InvalidType, match=r"seed=.* expected a whole number"):
            matrix.null("density", 3, wrong)
    with pytest.raises(InvalidArgument, match="n=0 is too small, expected at least 1"):
        matrix.null("density", 0)
    with pytest.raises(InvalidArgument, match="seed=-1 is too small"):
        matrix.null("density", 3, -1)


def test_what_is_shown_says_what_was_kept_and_compared(matrix):
    null = matrix.null("degrees", 3, 7)
    assert repr(null) == (
        "<NullModel of 3 random networks that keep each cell's numbers of partners (seed 7)>"
    )
    assert "<code>degrees</code>: 3 random networks of 30 × 30 cells" in null._repr_html_()
    pairs = null.compare("reciprocal_pairs")
    assert "observed" in repr(pairs)
    assert "(two-sided), 3 random networks (degrees)>" in repr(pairs)
    triads = null.compare("triads")
    assert "13 numbers" in repr(triads)
    html = triads._repr_html_()
    assert html.count("<tr") == 14
    assert "95 % interval" in html

    def bold(own):
        return 1

    bold.__name__ = "<b>"
    assert "&lt;b&gt;" in null.compare(bold)._repr_html_()
    assert "<b><b>" not in null.compare(bold)._repr_html_()


def test_a_function_whose_variables_have_changed_is_evaluated_again(matrix):
    null = matrix.null("density", 5, 7)
    least = [1]

    def hubs(own):
        return (own.degree("post") >= least[0]).sum()

    before = null.compare(hubs)
    least[0] = 4
    after = null.compare(hubs)
    assert after.mean < before.mean
    assert after.values.tolist() == matrix.null("density", 5, 7).compare(hubs).values.tolist()


def test_a_function_without_return_is_named_as_the_cause(matrix):
    def hubs(own):
        own.degree("post").max()

    with pytest.raises(InvalidArgument, match=r"'hubs' returned nothing.*no `return`"):
        matrix.null("density", 5, 7).compare(hubs)


def test_distances_need_positions(matrix):
    columns = ["pt_position_x", "pt_position_y", "pt_position_z"]
    cells = matrix.pre.drop(columns=columns, errors="ignore")
    without = dataclasses.replace(matrix, pre=cells, post=cells)
    with pytest.raises(MatrixError, match=r"have no positions.*'degrees'"):
        without.null("distance", 5, 7)
