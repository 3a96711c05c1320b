"""A random network preserves what `keep` names, and nothing else."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import cell_frame, random_synapses

from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument
from microns_widgets.network.matrix import ConnectivityMatrix

KEEP = ("degrees", "density")
both_ways = pytest.mark.parametrize("keep", KEEP)


def pairs(matrix: ConnectivityMatrix) -> set[tuple[int, int]]:
    stored = matrix.count.tocoo()
    return set(
        zip(matrix.pre_ids[stored.row].tolist(), matrix.post_ids[stored.col].tolist(), strict=True)
    )


def strengths(matrix: ConnectivityMatrix) -> list[tuple[int, int, int]]:
    return sorted(
        zip(
            *(values.data.tolist() for values in (matrix.count, matrix.total, matrix.largest)),
            strict=True,
        )
    )


@pytest.fixture(scope="module")
def matrix(sample) -> ConnectivityMatrix:
    return sample.matrix()


def test_degrees_are_kept_on_both_axes(matrix):
    chance = matrix.shuffled(np.random.default_rng(7), keep="degrees")
    assert (chance.degree("pre") == matrix.degree("pre")).all()
    assert (chance.degree("post") == matrix.degree("post")).all()


def test_with_density_alone_degrees_become_alike(matrix):
    chance = matrix.shuffled(np.random.default_rng(7), keep="density")
    assert chance.n_connections == matrix.n_connections
    mean = chance.degree("pre").mean()
    assert 0.8 * mean < chance.degree("pre").var() < 1.25 * mean
    assert matrix.degree("pre").var() > 3 * mean


def test_a_presynaptic_cell_keeps_the_strengths_of_its_connections(matrix):
    chance = matrix.shuffled(np.random.default_rng(7), keep="degrees")
    for row in matrix.pre_ids[matrix.degree("pre") > 3][:20]:
        assert strengths(chance.select([row])) == strengths(matrix.select([row]))


@both_ways
def test_no_strength_is_lost_and_a_connection_keeps_its_three_numbers_together(matrix, keep):
    chance = matrix.shuffled(np.random.default_rng(7), keep=keep)
    assert strengths(chance) == strengths(matrix)


@both_ways
def test_autapses_stay_and_none_comes_to_be(matrix, keep):
    chance = matrix.shuffled(np.random.default_rng(7), keep=keep)
    before, after = (own.with_value("sum").sparse.diagonal() for own in (matrix, chance))
    assert (before > 0).sum() > 5
    assert (after == before).all()


@both_ways
def test_nothing_is_left_of_who_connected_to_whom(matrix, keep):
    first, second = (matrix.shuffled(np.random.default_rng(seed), keep=keep) for seed in (1, 2))
    own = {(cell, cell) for cell in matrix.pre_ids.tolist()}
    shared_with_matrix = len(pairs(first) & pairs(matrix) - own)
    shared_by_chance = len(pairs(first) & pairs(second) - own)
    assert abs(shared_with_matrix - shared_by_chance) < 4 * np.sqrt(2 * shared_by_chance)


@both_ways
def test_the_same_seed_gives_the_same_network(matrix, keep):
    first, second = (matrix.shuffled(np.random.default_rng(7), keep=keep) for _ in range(2))
    assert (first.total != second.total).nnz == 0


def test_reciprocal_pairs_of_excitatory_cells_are_above_both_kinds_of_chance(sample):
    excitatory = sample.select(coarse_type="E", proofread=True)
    matrix = sample.matrix(excitatory, autapses=False).with_value("binary")

    def reciprocal(own: ConnectivityMatrix) -> int:
        return int(own.sparse.multiply(own.sparse.T).sum()) // 2

    rng = np.random.default_rng(7)
    by_chance = [reciprocal(matrix.shuffled(rng, keep=keep)) for keep in KEEP for _ in range(10)]
    assert reciprocal(matrix) > 2 * max(by_chance)


@pytest.mark.slow
@both_ways
def test_every_network_that_fits_is_equally_probable(keep):
    # Four cells onto three others, one connection each to begin with for three of them.
    pre, post = [11, 12, 13, 14], [21, 22, 23]
    frame = random_synapses(3, np.array(pre), np.random.default_rng(0))
    frame["pre_pt_root_id"], frame["post_pt_root_id"] = pre[:3], post
    con = Connectome(_cells(pre + post), frame)
    matrix = con.matrix(pre, post)
    rng = np.random.default_rng(7)
    n = 3000
    found = Counter(frozenset(pairs(matrix.shuffled(rng, keep=keep))) for _ in range(n))
    # 3! ways to deal three targets to three cells; 12 over 3 ways to choose three pairs.
    assert len(found) == {"degrees": 6, "density": 220}[keep]
    expected = n / len(found)
    chi_square = sum((times - expected) ** 2 / expected for times in found.values())
    assert chi_square < len(found) + 4 * np.sqrt(2 * len(found))


@given(
    n_synapses=st.integers(0, 60),
    n_pre=st.integers(1, 7),
    n_post=st.integers(1, 7),
    keep=st.sampled_from(KEEP),
    seed=st.integers(0, 1000),
)
def test_any_matrix_keeps_its_cells_connections_and_degrees(n_synapses, n_pre, n_post, keep, seed):
    ids = np.arange(1, 9)
    rng = np.random.default_rng(seed)
    con = Connectome(_cells(ids), random_synapses(n_synapses, ids, rng))
    matrix = con.matrix(rng.permutation(ids)[:n_pre], rng.permutation(ids)[:n_post])
    chance = matrix.shuffled(rng, keep=keep)
    assert chance.pre_ids.tolist() == matrix.pre_ids.tolist()
    assert chance.count.has_canonical_format
    assert strengths(chance) == strengths(matrix)
    own = {(cell, cell) for cell in ids.tolist()}
    assert pairs(chance) & own == pairs(matrix) & own
    if keep == "degrees":
        assert (chance.degree("pre") == matrix.degree("pre")).all()
        assert (chance.degree("post") == matrix.degree("post")).all()


def test_another_word_is_refused(matrix):
    with pytest.raises(InvalidArgument, match=r"keep='types' .* one of 'degrees', 'density'"):
        matrix.shuffled(np.random.default_rng(7), keep="types")


def _cells(ids):
    row = cell_frame().iloc[[0]]
    frame = row.loc[row.index.repeat(len(ids))].reset_index(drop=True)
    frame["pt_root_id"] = np.asarray(ids, dtype=np.int64)
    return frame
