"""Where on the postsynaptic cell a synapse sits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.sources.sample import assumptions as given
from microns_widgets.sources.sample.arbours import Arbour, inside_cortex, tuft_depth_um
from microns_widgets.sources.sample.population import Population
from microns_widgets.sources.sample.wiring import UNKNOWN, Contacts

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

SOMA, PROXIMAL, TUFT, ANYWHERE = range(4)
_CANDIDATES = 8


def place_on_targets(
    people: Population, arbours: Sequence[Arbour], contacts: Contacts, rng: np.random.Generator
) -> FloatArray:
    """Choose the place of every synapse, shape (n, 3) in cortical um.

    On cells with a skeleton (the first ones) it lies on the tree or on the soma's
    surface; on the others where their dendrites would be; synapses onto fragments are
    NaN, since only the axon knows where it goes.
    """
    post = contacts.post
    kind = _kinds(people, contacts, rng)
    early = _early(people, contacts)
    places = np.full((len(post), 3), np.nan)
    order = np.argsort(post, kind="stable")
    order = order[post[order] != UNKNOWN]
    groups = np.split(order, np.flatnonzero(np.diff(post[order])) + 1) if len(order) else []
    for rows in groups:
        cell = int(post[rows[0]])
        candidates = np.stack(
            [
                _on_tree(arbours[cell], kind[rows], rng)
                if cell < len(arbours)
                else _around(str(people.types[cell]), people.soma_um[cell], kind[rows], rng)
                for _ in range(_CANDIDATES)
            ]
        )
        places[rows] = candidates[0]
        hurried = rows[early[rows]]
        if len(hurried):
            seen = candidates[:, early[rows]]
            distance = np.linalg.norm(seen - people.soma_um[contacts.pre[hurried]], axis=2)
            score = -distance / given.EARLY_UM + rng.gumbel(size=distance.shape)
            places[hurried] = seen[score.argmax(axis=0), np.arange(len(hurried))]
    return places


def _kinds(people: Population, contacts: Contacts, rng: np.random.Generator) -> IntArray:
    """Which part of the target each synapse is for."""
    shares = np.zeros((len(contacts.pre), 4))
    # What a fragment belonged to is not known: it does as most of its kind do.
    shares[:] = _shares(given.TARGETS["23P"])
    shares[contacts.pre_is_inhibitory] = _shares(given.TARGETS["BC"])
    for name in given.NEURONS:
        own = (contacts.pre != UNKNOWN) & (people.types[contacts.pre] == name)
        shares[own] = _shares(given.TARGETS[name])
    inhibitory = (contacts.post != UNKNOWN) & ~np.isin(
        people.types[contacts.post], given.EXCITATORY
    )
    shares[inhibitory & contacts.pre_is_inhibitory] = _shares(given.TARGETS_ON_INHIBITORY["I"])
    shares[inhibitory & ~contacts.pre_is_inhibitory] = _shares(given.TARGETS_ON_INHIBITORY["E"])
    draw = rng.random(len(shares))[:, None]
    return np.asarray((draw > np.cumsum(shares, axis=1)[:, :3]).sum(axis=1))


def _shares(target: given.Target) -> tuple[float, float, float, float]:
    return target.soma, target.proximal, target.tuft, target.anywhere


def _early(people: Population, contacts: Contacts) -> npt.NDArray[np.bool_]:
    known = (contacts.pre != UNKNOWN) & (contacts.post != UNKNOWN)
    coarse = people.table["coarse_cell_type_auto"].to_numpy()
    return np.asarray(known & ~contacts.pre_is_inhibitory & (coarse[contacts.post] == "I"))


def _on_tree(tree: Arbour, kind: IntArray, rng: np.random.Generator) -> FloatArray:
    vertex = np.arange(1, len(tree.points))
    ends = tree.points[tree.parents[vertex]]
    length = np.linalg.norm(tree.points[vertex] - ends, axis=1)
    path = tree.path_um()[vertex]
    depth = tree.points[vertex, 1]
    apical = tree.compartment[vertex] == COMPARTMENTS["apical dendrite"]
    upper = depth < depth.min() + (tree.points[0, 1] - depth.min()) / 3
    weight = {
        PROXIMAL: length * (path < given.PROXIMAL_UM),
        TUFT: length * apical * (upper | (depth < given.TUFT_DEPTH_UM)),
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
