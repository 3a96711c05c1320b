"""A random network keeps what its kind names, and nothing else."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from long_cases import long_unless
from small_world import random_synapses
from synthetic_networks import FIRST_ID, cells_at, edges_of, network

from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, MatrixError, TooManyCells
from microns_widgets.network import soma_distances
from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.network.null_kinds import NULL_KINDS

every_kind = pytest.mark.parametrize("kind", NULL_KINDS)
with_degrees = pytest.mark.parametrize("kind", ["degrees", "degrees_distance"])
with_distance = pytest.mark.parametrize("kind", ["distance", "degrees_distance"])


def strengths(matrix: ConnectivityMatrix) -> list[tuple[int, int, int]]:
    return sorted(
        zip(
            *(values.data.tolist() for values in (matrix.count, matrix.total, matrix.largest)),
            strict=True,
        )
    )


def distances(matrix: ConnectivityMatrix) -> np.ndarray:
    """Distance between the somata of each connection in um, without autapses."""
    columns = [f"pt_position_{axis}" for axis in "xyz"]
    stored = matrix.count.tocoo()
    other = matrix.pre_ids[stored.row] != matrix.post_ids[stored.col]
    start = matrix.pre[columns].to_numpy()[stored.row[other]]
    end = matrix.post[columns].to_numpy()[stored.col[other]]
    return np.linalg.norm(start - end, axis=1) / 1000


@pytest.fixture(scope="module")
def matrix(sample) -> ConnectivityMatrix:
    return sample.matrix()


@with_degrees
def test_degrees_are_kept_on_both_axes(matrix, kind):
    chance = matrix.null(kind, 1, 7)[0]
    assert (chance.degree("pre") == matrix.degree("pre")).all()
    assert (chance.degree("post") == matrix.degree("post")).all()


@pytest.mark.parametrize("by", ["cell_type_auto", "coarse_cell_type_auto"])
def test_blocks_keep_the_connections_of_each_pair_of_types(matrix, by):
    chance = matrix.null("blocks", 1, 7, by=by)[0]
    assert chance.by_type(by).pairs_connected.equals(matrix.by_type(by).pairs_connected)
    assert chance.by_type(by).n_synapses.equals(matrix.by_type(by).n_synapses)
    assert (chance.degree("pre") != matrix.degree("pre")).any()


@with_distance
def test_the_number_of_connections_in_each_bin_of_distance_is_kept(matrix, kind):
    edges = [40, 80, 160, 320]
    chance = matrix.null(kind, 1, 7, bins=edges)[0]
    counts = [np.histogram(distances(own), [0, *edges, np.inf])[0] for own in (matrix, chance)]
    assert counts[0].tolist() == counts[1].tolist()
    assert min(counts[0]) > 20


@with_distance
def test_by_default_the_distances_of_connections_are_alike_and_none_is_longer(matrix, kind):
    own, chance = distances(matrix), distances(matrix.null(kind, 1, 7)[0])
    tenths = np.linspace(0, 1, 11)[1:]
    assert [np.mean(chance <= edge) for edge in np.quantile(own, tenths)] == pytest.approx(
        tenths, abs=1 / len(own)
    )
    assert distances(matrix.null("degrees", 1, 7)[0]).mean() > 1.2 * own.mean()


def test_with_density_alone_degrees_become_alike(matrix):
    chance = matrix.null("density", 1, 7)[0]
    assert chance.n_connections == matrix.n_connections
    mean = chance.degree("pre").mean()
    assert 0.8 * mean < chance.degree("pre").var() < 1.25 * mean
    assert matrix.degree("pre").var() > 3 * mean


@with_degrees
def test_a_presynaptic_cell_keeps_the_strengths_of_its_connections(matrix, kind):
    chance = matrix.null(kind, 1, 7)[0]
    for row in matrix.pre_ids[matrix.degree("pre") > 3][:20]:
        assert strengths(chance.select([row])) == strengths(matrix.select([row]))


@every_kind
def test_no_strength_is_lost_and_a_connection_keeps_its_three_numbers_together(matrix, kind):
    assert strengths(matrix.null(kind, 1, 7)[0]) == strengths(matrix)


@every_kind
def test_autapses_stay_and_none_comes_to_be(matrix, kind):
    chance = matrix.null(kind, 1, 7)[0]
    before, after = (own.with_value("sum").sparse.diagonal() for own in (matrix, chance))
    assert (before > 0).sum() > 5
    assert (after == before).all()


@every_kind
def test_two_shuffles_are_as_different_from_the_observed_network_as_from_each_other(sample, kind):
    matrix = sample.matrix(autapses=False)
    shuffles = [edges_of(own) for own in matrix.null(kind, 6, 7)]
    observed = edges_of(matrix)
    with_observed = np.mean([len(own & observed) for own in shuffles])
    with_others = np.mean([len(a & b) for a, b in itertools.combinations(shuffles, 2)])
    assert abs(with_observed - with_others) < 4 * np.sqrt(with_others / 6)


@every_kind
def test_the_same_seed_gives_the_same_networks_and_a_larger_n_only_adds(matrix, kind):
    first, second = matrix.null(kind, 2, 7), matrix.null(kind, 5, 7)
    assert (first[1].total != second[1].total).nnz == 0
    assert (first[0].total != first[1].total).nnz > 0
    assert (matrix.null(kind, 1, 8)[0].total != first[0].total).nnz > 0


SOMATA = np.array([[0, 0, 0], [10, 0, 0], [20, 3, 0], [0, 30, 0], [40, 5, 0]])
BINS = [12, 30]


def plain(kind: str, edges, pre: list[int], post: list[int], types: str) -> set[frozenset]:
    """List every network that keeps what the kind names, one by one."""

    def kept(own) -> object:
        away = [np.linalg.norm(SOMATA[start] - SOMATA[end]) for start, end in own]
        degrees = [sorted(start for start, _ in own), sorted(end for _, end in own)]
        bins = sorted(sum(distance > border for border in BINS) for distance in away)
        pairs = sorted(types[start] + types[end] for start, end in own)
        return {
            "density": None,
            "degrees": degrees,
            "blocks": pairs,
            "distance": bins,
            "degrees_distance": [degrees, bins],
        }[kind]

    possible = [(start, end) for start in pre for end in post if start != end]
    return {
        frozenset(own)
        for own in itertools.combinations(possible, len(edges))
        if kept(own) == kept(edges)
    }


# A ring with one more connection; two chains onto other cells; a rectangle that shares two cells.
CASES = {
    "ring": ([(0, 1), (1, 2), (2, 0), (0, 3)], [0, 1, 2, 3], [0, 1, 2, 3]),
    "ring alone": ([(0, 1), (1, 2), (2, 0)], [0, 1, 2], [0, 1, 2]),
    "onto others": ([(0, 3), (1, 4), (2, 3)], [0, 1, 2], [3, 4]),
    "shared": ([(0, 1), (1, 2), (1, 3), (2, 3)], [0, 1, 2], [1, 2, 3, 4]),
}


@pytest.mark.slow
@every_kind
@pytest.mark.parametrize("case", long_unless(CASES, lambda case: case in ("ring", "shared")))
def test_every_network_that_fits_is_equally_probable(kind, case):
    edges, pre, post = CASES[case]
    types = "AABBB"
    bins = BINS if "distance" in kind else None
    matrix = network(edges, SOMATA, types=list(types), pre=pre, post=post)
    expected = plain(kind, edges, pre, post, types)
    n = min(12 * len(expected) + 100, 1500)
    found = Counter(edges_of(own) for own in matrix.null(kind, n, 7, bins=bins))
    assert found.keys() <= expected
    assert n < 10 * len(expected) or found.keys() == expected
    mean = n / len(expected)
    chi_square = sum((found[own] - mean) ** 2 / mean for own in expected)
    assert chi_square < len(expected) + 4 * np.sqrt(2 * len(expected))


def plain_switches(edges, n_cells: int, rng: np.random.Generator) -> set[tuple[int, int]]:
    """Swap the ends of two connections again and again, as Maslov and Sneppen do."""
    own = list(edges)
    there = set(own)
    for _ in range(30 * len(own)):
        first, second = rng.integers(len(own), size=2)
        (a, b), (c, d) = own[first], own[second]
        if a != d and c != b and (a, d) not in there and (c, b) not in there:
            there -= {own[first], own[second]}
            own[first], own[second] = (a, d), (c, b)
            there |= {own[first], own[second]}
    return there


@pytest.mark.slow
def test_trades_agree_with_the_classic_switches(sample):
    cells = sample.select(coarse_type="I", proofread=True)[:40]
    matrix = sample.matrix(cells, autapses=False)
    stored = matrix.count.tocoo()
    edges = list(zip(stored.row.tolist(), stored.col.tolist(), strict=True))
    rng = np.random.default_rng(7)
    counts = []
    for _ in range(60):
        own = plain_switches(edges, len(cells), rng)
        counts.append(sum((end, start) in own for start, end in own) / 2)
    ours = [own.reciprocal_pairs() for own in matrix.null("degrees", 200, 7)]
    error = np.hypot(np.std(counts) / np.sqrt(60), np.std(ours) / np.sqrt(200))
    assert abs(np.mean(ours) - np.mean(counts)) < 4 * error
    assert np.std(ours) == pytest.approx(np.std(counts), rel=0.35)


@given(
    n_synapses=st.integers(0, 60),
    n_pre=st.integers(1, 7),
    n_post=st.integers(1, 7),
    kind=st.sampled_from(sorted(NULL_KINDS)),
    seed=st.integers(0, 1000),
)
def test_any_matrix_keeps_its_cells_connections_and_degrees(n_synapses, n_pre, n_post, kind, seed):
    rng = np.random.default_rng(seed)
    cells = cells_at(rng.uniform(0, 100, (8, 3)), rng.choice(["23P", "BC", ""], 8))
    ids = cells["pt_root_id"].to_numpy()
    con = Connectome(cells, random_synapses(n_synapses, ids, rng))
    matrix = con.matrix(rng.permutation(ids)[:n_pre], rng.permutation(ids)[:n_post])
    chance = matrix.null(kind, 1, seed)[0]
    assert chance.pre_ids.tolist() == matrix.pre_ids.tolist()
    assert chance.count.has_canonical_format
    assert strengths(chance) == strengths(matrix)
    own = {(cell, cell) for cell in range(8)}
    assert edges_of(chance) & own == edges_of(matrix) & own
    if "degrees" in kind:
        assert (chance.degree("pre") == matrix.degree("pre")).all()
        assert (chance.degree("post") == matrix.degree("post")).all()
    if kind == "blocks":
        assert chance.by_type().pairs_connected.equals(matrix.by_type().pairs_connected)


def test_cells_without_a_soma_are_refused_where_distances_are_kept(sample):
    matrix = sample.matrix(autapses=False)
    unknown = FIRST_ID  # no cell of the sample
    pre = [*matrix.pre_ids[:20], unknown]
    own = sample.matrix(pre, matrix.post_ids)
    with pytest.raises(MatrixError, match=rf"1 of the 21 presynaptic .* {unknown}.* fragments"):
        own.null("distance")
    known = own.pre["pt_position_x"].notna()
    assert own.select(pre=own.pre_ids[known]).null("distance", 1, 7)[0].shape[0] == 20
    assert own.null("degrees", 1, 7)[0].shape == own.shape


def test_what_has_no_meaning_for_a_kind_is_refused(matrix, monkeypatch):
    with pytest.raises(InvalidArgument, match=r"kind='types' .* 'density', 'degrees', 'blocks'"):
        matrix.null("types")
    with pytest.raises(InvalidArgument, match=r"by='region' has no meaning for kind='degrees'"):
        matrix.null("degrees", by="region")
    with pytest.raises(InvalidArgument, match=r"bins=5 .* 'distance' or 'degrees_distance'"):
        matrix.null("blocks", bins=5)
    with pytest.raises(InvalidArgument, match=r"by='volume' is a column of numbers"):
        matrix.null("blocks", by="volume")
    for bins in (0, 1000, True, [], [50, 50], [-1, 3], [np.nan], "ten", [[1, 2]]):
        with pytest.raises(InvalidArgument, match=r"bins="):
            matrix.null("distance", bins=bins)
    monkeypatch.setattr(soma_distances, "_MOST_PAIRS", 1000)
    with pytest.raises(TooManyCells, match=r"336 x 336 cells are too many"):
        matrix.null("distance")
