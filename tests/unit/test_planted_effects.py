"""Null models find what was planted in a network, and reject what only looks like it.

Each case is made with 20 seeds. A p-value of a decoy is below 0.05 once in 20 times by chance;
the tests allow four times in 20, which happens in 16 of 1,000 runs of an honest test.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from synthetic_networks import by_chance, network

from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.network.null_kinds import NULL_KINDS

SEEDS = range(20)
N_CELLS, N_SHUFFLES, SIGNIFICANT = 120, 39, 0.05
BASE = 0.06


def somata(rng: np.random.Generator) -> np.ndarray:
    return rng.uniform(0, [600, 600, 300], (N_CELLS, 3))


def away(positions: np.ndarray) -> np.ndarray:
    return np.linalg.norm(positions[:, None] - positions[None], axis=2)


def reciprocal(rng: np.random.Generator) -> ConnectivityMatrix:
    """Every eighth connection got its reverse in addition; all else is chance."""
    positions = somata(rng)
    return network(by_chance(np.full((N_CELLS, N_CELLS), BASE), rng, 1 / 8), positions)


def by_distance(rng: np.random.Generator) -> ConnectivityMatrix:
    """Near cells connect more often, in each direction on its own: reciprocal pairs follow."""
    positions = somata(rng)
    return network(by_chance(0.5 * np.exp(-away(positions) / 80), rng), positions)


def by_degree(rng: np.random.Generator) -> ConnectivityMatrix:
    """Cells with many outputs have many inputs, too: reciprocal pairs follow."""
    many = rng.lognormal(0, 0.7, N_CELLS)
    probability = np.clip(BASE * np.outer(many, many) / np.exp(0.49), 0, 0.9)
    return network(by_chance(probability, rng), somata(rng))


def by_type(rng: np.random.Generator) -> ConnectivityMatrix:
    """Cells of a type connect more often with their own type: reciprocal pairs follow."""
    types = rng.choice(["23P", "BC", "MC"], N_CELLS)
    probability = np.where(types[:, None] == types[None], 0.15, 0.03)
    return network(by_chance(probability, rng), somata(rng), types=types.tolist())


def distance_and_degree(rng: np.random.Generator) -> ConnectivityMatrix:
    """Both distance and the number of partners, and nothing else."""
    positions, many = somata(rng), rng.lognormal(0, 0.5, N_CELLS)
    probability = 0.4 * np.outer(many, many) * np.exp(-away(positions) / 80)
    return network(by_chance(np.clip(probability, 0, 0.9), rng), positions)


def distance_and_reciprocal(rng: np.random.Generator) -> ConnectivityMatrix:
    """Distance, and more reciprocal pairs than follow from it."""
    positions = somata(rng)
    return network(by_chance(0.4 * np.exp(-away(positions) / 80), rng, 1 / 5), positions)


def p_values(make, kind: str) -> np.ndarray:
    """One-sided p-value of the reciprocal pairs, for each seed."""
    found = []
    for seed in SEEDS:
        matrix = make(np.random.default_rng(seed))
        null = matrix.null(kind, N_SHUFFLES, seed)
        comparison = null.compare("reciprocal_pairs", alternative="greater")
        found.append(comparison.p_value)
    return np.array(found)


def number_found(make, kind: str) -> int:
    return int((p_values(make, kind) <= SIGNIFICANT).sum())


def cases(*pairs: tuple[Callable, str]) -> list:
    """Mark pairs of a network and a null model as long where cells trade partners, but for one."""
    return [
        pytest.param(
            make,
            kind,
            id=f"{make.__name__}-{kind}",
            marks=pytest.mark.long
            if "degrees" in kind and make is not by_degree
            else pytest.mark.slow,
        )
        for make, kind in pairs
    ]


@pytest.mark.parametrize(
    ("make", "kind"),
    cases(
        *((reciprocal, kind) for kind in NULL_KINDS),
        (distance_and_reciprocal, "distance"),
        (distance_and_reciprocal, "degrees_distance"),
    ),
)
def test_what_was_planted_is_found(make, kind, record_property):
    found = number_found(make, kind)
    record_property("found", found)
    assert found >= 18


@pytest.mark.parametrize(
    ("make", "kind"),
    cases(
        *((own, "density") for own in (by_distance, by_degree, by_type)),
        *((own, "degrees") for own in (by_distance, by_type, distance_and_degree)),
        (by_degree, "distance"),
        (distance_and_degree, "distance"),
    ),
)
def test_a_decoy_looks_like_an_effect_to_a_kind_that_does_not_keep_its_cause(
    make, kind, record_property
):
    found = number_found(make, kind)
    record_property("found", found)
    assert found >= 15


@pytest.mark.parametrize(
    ("make", "kind"),
    cases(
        (by_distance, "distance"),
        (by_distance, "degrees_distance"),
        (by_degree, "degrees"),
        (by_type, "blocks"),
        (distance_and_degree, "degrees_distance"),
    ),
)
def test_a_decoy_is_rejected_by_the_kind_that_keeps_its_cause(make, kind, record_property):
    p = p_values(make, kind)
    record_property("found", int((p <= SIGNIFICANT).sum()))
    assert (p <= SIGNIFICANT).sum() <= 4
    # Too few small p-values would mean a test that finds nothing.
    assert abs(p.mean() - 0.5) < 4 * np.sqrt(1 / 12 / len(SEEDS))
