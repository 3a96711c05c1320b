"""Who connects to whom in the sample: pairs of cells and their numbers of synapses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from microns_widgets.sources.sample import assumptions as given
from microns_widgets.sources.sample.population import Population

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

#: Stands for a partner that is no cell of the table.
UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Contacts:
    """Synapses before they have a place: rows of the population, or `UNKNOWN`.

    Attributes
    ----------
    pre, post : numpy.ndarray, shape (n,)
        Presynaptic and postsynaptic cell of each synapse.
    pre_is_inhibitory : numpy.ndarray of bool, shape (n,)
        Also known of fragments, since it decides size and place.
    """

    pre: IntArray
    post: IntArray
    pre_is_inhibitory: npt.NDArray[np.bool_]


def distances(somata_um: FloatArray, soma_um: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Distances of somata to one, parallel to the pia and in depth, um, shape (n,)."""
    away = somata_um - soma_um
    return np.hypot(away[:, 0], away[:, 2]), np.abs(away[:, 1])


def latent_sizes(people: Population, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Factors on the inputs and on the outputs of each cell, with a mean of 1."""
    spread, slope = np.array([given.LATENT_SIZE.get(name, (0.0, 0.0)) for name in people.types]).T
    size = spread * rng.normal(size=len(spread))
    return (
        np.exp(size - spread**2 / 2),
        np.exp(slope * size - (slope * spread) ** 2 / 2),
    )


def probabilities(people: Population, outputs: FloatArray) -> FloatArray:
    """Probability of each connection, shape (proofread cells, cells)."""
    n = people.n_proofread
    types = people.types
    result = np.zeros((n, len(types)))
    for row in range(n):
        lateral, vertical = distances(people.soma_um, people.soma_um[row])
        for name in given.NEURONS:
            own = types == name
            result[row, own] = given.connection_probability(
                types[row], name, lateral[own], vertical[own]
            )
        strategy = people.table["proofreading_strategy"].iloc[row]
        result[row] *= outputs[row] * given.FOUND_CONNECTIONS[strategy]
        result[row, row] = 0
    return np.minimum(result, 0.95)


def connect(
    people: Population, probability: FloatArray, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Draw the connections, shape (proofread cells, cells); reciprocal pairs above chance.

    Of two excitatory cells one direction is drawn first. The other's probability is then
    `RECIPROCITY` times as high if there is a connection, and lower if there is none, so
    that each direction keeps its probability.
    """
    n = people.n_proofread
    drawn = rng.random(probability.shape) < probability
    excitatory = np.isin(people.types[:n], given.EXCITATORY)
    row, column = np.triu_indices(n, 1)
    both = excitatory[row] & excitatory[column]
    row, column = row[both], column[both]
    there, back = probability[row, column], probability[column, row]
    raised = np.minimum(given.RECIPROCITY * back, 1.0)
    lowered = np.clip((back - there * raised) / (1 - there), 0, 1)
    drawn[column, row] = rng.random(len(row)) < np.where(drawn[row, column], raised, lowered)
    return drawn


def contacts_of_proofread_axons(
    people: Population, outputs: FloatArray, rng: np.random.Generator
) -> Contacts:
    """All synapses that proofread cells make."""
    n = people.n_proofread
    types = people.types
    connected = connect(people, probabilities(people, outputs), rng)
    silent = int(np.flatnonzero(types[:n] == "5P-NP")[-1])  # one cell without outputs
    connected[silent] = False
    pre, post = np.nonzero(connected)
    extra = np.array([given.WIRING[name].synapses - 1 for name in types[:n]])
    number = rng.geometric(1 / (1 + extra[pre]))
    pre, post = np.repeat(pre, number), np.repeat(post, number)

    share = people.table["proofreading_strategy"].iloc[:n].map(given.UNKNOWN_OUTPUTS).to_numpy()
    known = np.bincount(pre, minlength=n)
    lost = rng.poisson(known * share / (1 - share))
    autaptic = (types[:n] == "BC") & (rng.random(n) < given.AUTAPTIC_BASKET_CELLS)
    own = np.where(autaptic, 1 + rng.poisson(given.AUTAPSES - 1, n), 0)
    everyone = np.arange(n)
    pre = np.concatenate([pre, np.repeat(everyone, lost), np.repeat(everyone, own)])
    post = np.concatenate([post, np.full(lost.sum(), UNKNOWN), np.repeat(everyone, own)])
    return Contacts(pre, post, np.isin(types[pre], list(given.LATENT_SIZE)))


def further_contacts(people: Population, inputs: FloatArray, rng: np.random.Generator) -> Contacts:
    """Synapses onto proofread cells from cells that are not proofread, and from fragments."""
    n = people.n_proofread
    number = rng.poisson(given.FURTHER_INPUTS * inputs[:n])
    post = np.repeat(np.arange(n), number)
    inhibitory = rng.random(len(post)) < given.FURTHER_INPUTS_INHIBITORY
    pre = np.full(len(post), UNKNOWN)
    known = rng.random(len(post)) >= given.FURTHER_INPUTS_UNKNOWN
    types = people.types
    further = np.arange(n, len(types))
    for cell in range(n):
        lateral, vertical = distances(people.soma_um[further], people.soma_um[cell])
        weight = np.zeros(len(further))
        for name in given.NEURONS:
            own = types[further] == name
            weight[own] = given.connection_probability(
                name, types[cell], lateral[own], vertical[own]
            )
        for is_inhibitory in (False, True):
            group = np.isin(types[further], list(given.LATENT_SIZE)) == is_inhibitory
            wanted = np.flatnonzero((post == cell) & known & (inhibitory == is_inhibitory))
            share = np.where(group, weight, 0)
            pre[wanted] = rng.choice(further, size=len(wanted), p=share / share.sum())
    return Contacts(pre, post, inhibitory)
