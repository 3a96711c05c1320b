"""The connections of the sample: pairs of cells and their numbers of synapses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from microns_widgets._typing import BoolArray, FloatArray, IntArray
from microns_widgets.sources.sample import assumptions
from microns_widgets.sources.sample.population import Population

#: Marks a partner that is not a cell of the table.
UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Contacts:
    """Synapses without positions; cells are rows of the population, or `UNKNOWN`.

    Attributes
    ----------
    pre, post : numpy.ndarray, shape (n,)
        Presynaptic and postsynaptic cell of each synapse.
    pre_is_inhibitory : numpy.ndarray of bool, shape (n,)
        Also defined for fragments, because it determines size and position.
    """

    pre: IntArray
    post: IntArray
    pre_is_inhibitory: BoolArray


def distances(somata_um: FloatArray, soma_um: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Distances of somata to one soma, parallel to the pia and in depth, in um, shape (n,)."""
    away = somata_um - soma_um
    return np.hypot(away[:, 0], away[:, 2]), np.abs(away[:, 1])


def latent_sizes(population: Population, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Factors on the inputs and on the outputs of each proofread cell, with mean 1.

    The sizes of a type are spread evenly over the quantiles of a normal distribution, so that the
    few cells of a type vary as assumed.
    """
    types = population.types[: population.n_proofread]
    spread, slope = np.array([assumptions.LATENT_SIZE.get(name, (0.0, 0.0)) for name in types]).T
    quantile = np.full(len(types), 0.5)
    for name in assumptions.LATENT_SIZE:
        own = np.flatnonzero(types == name)
        quantile[own] = (rng.permutation(len(own)) + rng.random(len(own))) / len(own)
    size = spread * stats.norm.ppf(quantile)
    return (
        np.exp(size - spread**2 / 2),
        np.exp(slope * size - (slope * spread) ** 2 / 2),
    )


def probabilities(
    population: Population, outputs: FloatArray, orientation: FloatArray
) -> FloatArray:
    """Probability of each connection, shape (proofread cells, cells).

    `orientation` is the preferred orientation of each proofread cell in degrees, NaN if it has
    none.
    """
    n = population.n_proofread
    types = population.types
    result = np.zeros((n, len(types)))
    for row in range(n):
        lateral, vertical = distances(population.soma_um, population.soma_um[row])
        for name in assumptions.NEURONS:
            own = types == name
            result[row, own] = assumptions.connection_probability(
                types[row], name, lateral[own], vertical[own]
            )
        strategy = population.table["proofreading_strategy"].iloc[row]
        result[row] *= outputs[row] * assumptions.FOUND_CONNECTIONS[strategy]
        result[row, row] = 0
        similar = assumptions.like_to_like(orientation - orientation[row])
        result[row, :n] *= np.where(np.isnan(similar), 1.0, similar)
    return np.minimum(result, 0.95)


def connect(population: Population, probability: FloatArray, rng: np.random.Generator) -> BoolArray:
    """Draw the connections, shape (proofread cells, cells), with reciprocal pairs above chance.

    Of two excitatory cells, one direction is drawn first. The probability of the other one is
    then `RECIPROCITY` times as high if there is a connection, and lower if there is none, so
    that the overall probability of each direction does not change.
    """
    n = population.n_proofread
    connected = rng.random(probability.shape) < probability
    excitatory = np.isin(population.types[:n], assumptions.EXCITATORY)
    row, column = np.triu_indices(n, 1)
    both = excitatory[row] & excitatory[column]
    row, column = row[both], column[both]
    there, back = probability[row, column], probability[column, row]
    above = np.minimum(assumptions.RECIPROCITY * back, 1.0)
    below = np.clip((back - there * above) / (1 - there), 0, 1)
    connected[column, row] = rng.random(len(row)) < np.where(connected[row, column], above, below)
    return connected


def contacts_of_proofread_axons(
    population: Population,
    outputs: FloatArray,
    orientation: FloatArray,
    rng: np.random.Generator,
) -> Contacts:
    """All outputs of proofread cells."""
    n = population.n_proofread
    types = population.types
    connected = connect(population, probabilities(population, outputs, orientation), rng)
    silent = int(np.flatnonzero(types[:n] == "5P-NP")[-1])  # one cell without outputs
    connected[silent] = False
    pre, post = np.nonzero(connected)
    extra = np.array([assumptions.WIRING[name].synapses - 1 for name in types[:n]])
    number = rng.geometric(1 / (1 + extra[pre]))
    pre, post = np.repeat(pre, number), np.repeat(post, number)

    share = (
        population.table["proofreading_strategy"]
        .iloc[:n]
        .map(assumptions.UNKNOWN_OUTPUTS)
        .to_numpy()
    )
    known = np.bincount(pre, minlength=n)
    lost = rng.poisson(known * share / (1 - share))
    autaptic = (types[:n] == "BC") & (rng.random(n) < assumptions.AUTAPTIC_BASKET_CELLS)
    own = np.where(autaptic, 1 + rng.poisson(assumptions.AUTAPSES - 1, n), 0)
    rows = np.arange(n)
    pre = np.concatenate([pre, np.repeat(rows, lost), np.repeat(rows, own)])
    post = np.concatenate([post, np.full(lost.sum(), UNKNOWN), np.repeat(rows, own)])
    return Contacts(pre, post, np.isin(types[pre], list(assumptions.LATENT_SIZE)))


def further_contacts(
    population: Population, inputs: FloatArray, rng: np.random.Generator
) -> Contacts:
    """Inputs of proofread cells from cells that are not proofread and from fragments."""
    n = population.n_proofread
    number = rng.poisson(assumptions.FURTHER_INPUTS * inputs)
    post = np.repeat(np.arange(n), number)
    inhibitory = rng.random(len(post)) < assumptions.FURTHER_INPUTS_INHIBITORY
    pre = np.full(len(post), UNKNOWN)
    known = rng.random(len(post)) >= assumptions.FURTHER_INPUTS_UNKNOWN
    types = population.types
    further = np.arange(n, len(types))
    for cell in range(n):
        lateral, vertical = distances(population.soma_um[further], population.soma_um[cell])
        weight = np.zeros(len(further))
        for name in assumptions.NEURONS:
            own = types[further] == name
            weight[own] = assumptions.connection_probability(
                name, types[cell], lateral[own], vertical[own]
            )
        for is_inhibitory in (False, True):
            group = np.isin(types[further], list(assumptions.LATENT_SIZE)) == is_inhibitory
            rows = np.flatnonzero((post == cell) & known & (inhibitory == is_inhibitory))
            share = np.where(group, weight, 0)
            pre[rows] = rng.choice(further, size=len(rows), p=share / share.sum())
    return Contacts(pre, post, inhibitory)
