"""Locations of synapses on the postsynaptic cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from microns_widgets._typing import BoolArray, FloatArray, IntArray
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.sources.sample import assumptions
from microns_widgets.sources.sample.arbors import Arbor, inside_cortex, tuft_depth_um
from microns_widgets.sources.sample.population import Population
from microns_widgets.sources.sample.wiring import UNKNOWN, Contacts

SOMA, PROXIMAL, TUFT, ANYWHERE = range(4)
_CANDIDATES = 8


@dataclass(frozen=True, eq=False)
class Sites:
    """Where synapses are.

    Attributes
    ----------
    positions : numpy.ndarray, shape (n, 3)
        In cortical um.
    on_soma : numpy.ndarray of bool, shape (n,)
        Whether a synapse is on the soma of a cell.
    """

    positions: FloatArray
    on_soma: BoolArray


def place_on_targets(
    population: Population, arbors: Sequence[Arbor], contacts: Contacts, rng: np.random.Generator
) -> Sites:
    """Choose the position of every synapse.

    On cells with a skeleton (the first ones) it is on the tree or on the surface of the soma;
    on the others, where their dendrites would be. Synapses onto fragments are NaN: their
    positions depend on the axon alone.
    """
    post = contacts.post
    kind = _kinds(population, contacts, rng)
    early = _early(population, contacts)
    places = np.full((len(post), 3), np.nan)
    order = np.argsort(post, kind="stable")
    order = order[post[order] != UNKNOWN]
    groups = np.split(order, np.flatnonzero(np.diff(post[order])) + 1) if len(order) else []
    for rows in groups:
        cell = int(post[rows[0]])
        candidates = np.stack(
            [
                _on_tree(arbors[cell], kind[rows], rng)
                if cell < len(arbors)
                else _around(str(population.types[cell]), population.soma_um[cell], kind[rows], rng)
                for _ in range(_CANDIDATES)
            ]
        )
        places[rows] = candidates[0]
        early_rows = rows[early[rows]]
        if len(early_rows):
            options = candidates[:, early[rows]]
            distance = np.linalg.norm(
                options - population.soma_um[contacts.pre[early_rows]], axis=2
            )
            score = -distance / assumptions.EARLY_UM + rng.gumbel(size=distance.shape)
            places[early_rows] = options[score.argmax(axis=0), np.arange(len(early_rows))]
    return Sites(places, (kind == SOMA) & (post != UNKNOWN))


def target_structures(
    population: Population, contacts: Contacts, on_soma: BoolArray, rng: np.random.Generator
) -> pd.Categorical[str]:
    """Choose the structure that each synapse is on: spine, shaft or soma.

    Fragments of dendrites are treated as those of excitatory cells, and fragments of axons as
    those of the commonest type.
    """
    coarse = np.where(contacts.pre_is_inhibitory, "I", "E")
    pre_types = np.where(contacts.pre_is_inhibitory, "BC", "23P").astype(object)
    known = contacts.pre != UNKNOWN
    pre_types[known] = population.types[contacts.pre[known]]
    spines = pd.Series(pre_types).map(assumptions.SPINES_ON_EXCITATORY).to_numpy()
    on_inhibitory = _onto_inhibitory(population, contacts)
    few = pd.Series(coarse).map(assumptions.SPINES_ON_INHIBITORY).to_numpy()
    spines = np.where(on_inhibitory, few, spines)
    structures = np.where(rng.random(len(spines)) < spines, "spine", "shaft")
    return pd.Categorical(
        np.where(on_soma, "soma", structures), categories=["spine", "shaft", "soma"]
    )


def _kinds(population: Population, contacts: Contacts, rng: np.random.Generator) -> IntArray:
    """Choose the part of the target cell for each synapse."""
    shares = np.zeros((len(contacts.pre), 4))
    # The type of a fragment is not known: it gets the preferences of the commonest type.
    shares[:] = _shares(assumptions.TARGETS["23P"])
    shares[contacts.pre_is_inhibitory] = _shares(assumptions.TARGETS["BC"])
    for name in assumptions.NEURONS:
        own = (contacts.pre != UNKNOWN) & (population.types[contacts.pre] == name)
        shares[own] = _shares(assumptions.TARGETS[name])
    inhibitory = _onto_inhibitory(population, contacts)
    shares[inhibitory & contacts.pre_is_inhibitory] = _shares(
        assumptions.TARGETS_ON_INHIBITORY["I"]
    )
    shares[inhibitory & ~contacts.pre_is_inhibitory] = _shares(
        assumptions.TARGETS_ON_INHIBITORY["E"]
    )
    draw = rng.random(len(shares))[:, None]
    return np.asarray((draw > np.cumsum(shares, axis=1)[:, :3]).sum(axis=1))


def _onto_inhibitory(population: Population, contacts: Contacts) -> BoolArray:
    excitatory = np.isin(population.types[contacts.post], assumptions.EXCITATORY)
    return np.asarray((contacts.post != UNKNOWN) & ~excitatory)


def _shares(target: assumptions.Target) -> tuple[float, float, float, float]:
    return target.soma, target.proximal, target.tuft, target.anywhere


def _early(population: Population, contacts: Contacts) -> BoolArray:
    known = (contacts.pre != UNKNOWN) & (contacts.post != UNKNOWN)
    coarse = population.table["coarse_cell_type_auto"].to_numpy()
    return np.asarray(known & ~contacts.pre_is_inhibitory & (coarse[contacts.post] == "I"))


def _on_tree(tree: Arbor, kind: IntArray, rng: np.random.Generator) -> FloatArray:
    vertex = np.arange(1, len(tree.points))
    ends = tree.points[tree.parents[vertex]]
    length = np.linalg.norm(tree.points[vertex] - ends, axis=1)
    path = tree.path_um()[vertex]
    depth = tree.points[vertex, 1]
    apical = tree.compartment[vertex] == COMPARTMENTS["apical dendrite"]
    upper = depth < depth.min() + (tree.points[0, 1] - depth.min()) / 3
    weight = {
        PROXIMAL: length * (path < assumptions.PROXIMAL_UM),
        TUFT: length * apical * (upper | (depth < assumptions.TUFT_DEPTH_UM)),
        ANYWHERE: length,
    }
    result = np.empty((len(kind), 3))
    for part, own_weight in weight.items():
        rows = np.flatnonzero(kind == part)
        total = np.cumsum(own_weight if own_weight.sum() > 0 else length)
        edge = total.searchsorted(rng.random(len(rows)) * total[-1], side="right")
        along = rng.random(len(rows))[:, None]
        result[rows] = tree.points[vertex[edge]] * (1 - along) + ends[edge] * along
    rows = np.flatnonzero(kind == SOMA)
    result[rows] = tree.points[0] + _directions(len(rows), rng) * tree.radius[0]
    return result


def _around(
    cell_type: str, soma: FloatArray, kind: IntArray, rng: np.random.Generator
) -> FloatArray:
    n = len(kind)
    reach = np.select(
        [kind == SOMA, kind == PROXIMAL], [np.full(n, 7.0), rng.uniform(12, 55, n)], 110.0
    )
    share = np.where(kind <= PROXIMAL, 1.0, rng.random(n) ** 0.7)
    places = soma + _directions(n, rng) * (reach * share)[:, None]
    tuft = np.flatnonzero(kind == TUFT)
    places[tuft, 1] = tuft_depth_um(cell_type, rng) + rng.uniform(-45, 45, len(tuft))
    return inside_cortex(places)


def _directions(n: int, rng: np.random.Generator) -> FloatArray:
    direction = rng.normal(size=(n, 3))
    return np.asarray(direction / np.linalg.norm(direction, axis=1, keepdims=True))
