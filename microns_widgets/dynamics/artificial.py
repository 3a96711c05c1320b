"""Artificial networks: what remains of a circuit's response without its measured structure.

The recipes are those of a lecture on neuronal circuits (Dorkenwald, AMATH 342, University of
Washington). A seed gives the numbers that the lecture's libraries draw for it: networkx for the
connections, and numpy's legacy generator for the strengths. So results can be compared.
"""

from __future__ import annotations

import random

import numpy as np
import scipy

from microns_widgets._arguments import checks_arguments
from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, BoolArray, FloatArray
from microns_widgets.dynamics.signed_network import SignedNetwork
from microns_widgets.errors import InvalidArgument, TooManyCells, check_positive, quoted

#: Dense arrays of random numbers are drawn, 200 MB each at this number of cells.
_MOST_CELLS = 5000
#: Mean and standard deviation of the decimal logarithm of a strength.
_LOG10 = (1.0, 0.2)

_SOURCE = "artificial network"


@checks_arguments
def random_network(
    n: int = 200, *, probability: float = 0.25, gain: float = 0.001, seed: int = 0
) -> SignedNetwork:
    """Create a random network whose cells excite some partners and inhibit others.

    It violates Dale's law, as the simplest models do: weights are uniform between -2 and 2
    times the gain, whatever the presynaptic cell.

    Parameters
    ----------
    n : int
        Number of cells, at most 5,000.
    probability : float
        Probability of each ordered pair of two different cells to be connected (a random network
        in the sense of Erdős and Rényi).
    gain : float
        Factor on all weights.
    seed : int
        Seed of the random numbers; the same seed gives the same network.

    Returns
    -------
    SignedNetwork
        Its cells have the type ``"mixed"``.

    Raises
    ------
    InvalidArgument
        If a number is out of range.
    TooManyCells
        If there are more than 5,000 cells.

    Examples
    --------
    >>> mw.random_network(100, seed=1).density < 0.3
    True
    """
    _check(n, probability, gain, seed)
    connected = erdos_renyi(n, probability, seed)
    weights = np.random.RandomState(seed).uniform(-2, 2, (n, n))
    return _network(gain * weights * connected, np.full(n, "mixed"), "random", seed)


@checks_arguments
def lognormal_network(
    n: int = 200,
    *,
    probability: float = 0.25,
    inhibitory: float = 0.15,
    gain: float = 0.002,
    balance: float | None = 0.15,
    seed: int = 0,
) -> SignedNetwork:
    """Create a random network with log-normal strengths that follows Dale's law.

    Parameters
    ----------
    n : int
        Number of cells, at most 5,000. Excitatory cells come first.
    probability : float
        Probability of each ordered pair of two different cells to be connected.
    inhibitory : float
        Fraction of the cells that is inhibitory; the number of excitatory cells is rounded down.
    gain : float
        Factor on all strengths. The strengths are ``gain * 10 ** x``, where x is normal with mean
        1 and standard deviation 0.2.
    balance : float, optional
        Each cell's summed inhibition, as a multiple of its summed excitation; None leaves
        the strengths as they were drawn.
    seed : int
        Seed of the random numbers; the same seed gives the same network.

    Returns
    -------
    SignedNetwork
        With the types ``"E"`` and ``"I"``.

    Raises
    ------
    InvalidArgument
        If a number is out of range.
    TooManyCells
        If there are more than 5,000 cells.

    Examples
    --------
    >>> mw.lognormal_network(seed=0)
    <SignedNetwork 200 cells (170 E, 30 I), ... connections, spectral radius ...>
    """
    network = _lognormal(n, probability, inhibitory, gain, seed, feedforward=False)
    return network if balance is None else network.balanced(balance)


@checks_arguments
def feedforward_network(
    n: int = 200,
    *,
    probability: float = 0.25,
    inhibitory: float = 0.15,
    gain: float = 0.002,
    balance: float | None = 0.15,
    seed: int = 0,
) -> SignedNetwork:
    """Create a network in which excitation between excitatory cells runs one way only.

    It is `lognormal_network` of the same seed without those connections between excitatory cells
    that lead back, about half of them: an excitatory cell excites only those that come before it
    in the list, so that no loop of excitatory cells is left. Then inhibition is balanced.

    Parameters
    ----------
    n, probability, inhibitory, gain, balance, seed
        As for `lognormal_network`.

    Returns
    -------
    SignedNetwork
        With the types ``"E"`` and ``"I"``.

    Raises
    ------
    InvalidArgument
        If a number is out of range.
    TooManyCells
        If there are more than 5,000 cells.

    Examples
    --------
    >>> network = mw.feedforward_network(seed=0)
    >>> float(network.excitation_radius)
    0.0
    """
    network = _lognormal(n, probability, inhibitory, gain, seed, feedforward=True)
    return network if balance is None else network.balanced(balance)


def _lognormal(
    n: int, probability: float, inhibitory: float, gain: float, seed: int, *, feedforward: bool
) -> SignedNetwork:
    _check(n, probability, gain, seed)
    n_excitatory = int(n * (1 - check_fraction("inhibitory", inhibitory)))
    weights = lognormal_strengths(n, gain, seed) * erdos_renyi(n, probability, seed)
    if feedforward:
        excitatory = weights[:n_excitatory, :n_excitatory]
        excitatory[np.tril_indices(n_excitatory)] = 0
    kind = "feed-forward" if feedforward else "log-normal"
    return _network(*with_signs(weights, n_excitatory), kind, seed)


def erdos_renyi(n: int, probability: float, seed: int) -> BoolArray:
    """Return which ordered pairs of different cells are connected, shape (n, n).

    Pairs are drawn row by row, as networkx draws the edges of ``erdos_renyi_graph(n, probability,
    seed, directed=True)``.
    """
    # Python's generator and numpy's legacy one are the same: numpy fills an array at once.
    _, state, _ = random.Random(seed).getstate()
    drawn = np.random.RandomState()
    drawn.set_state(("MT19937", np.array(state[:-1], dtype=np.uint32), state[-1], 0, 0.0))
    connected = np.zeros((n, n), dtype=bool)
    connected[~np.eye(n, dtype=bool)] = drawn.random_sample(n * (n - 1)) < probability
    return connected


def lognormal_strengths(n: int, gain: float, seed: int) -> FloatArray:
    """Return a strength for each pair of cells, shape (n, n)."""
    exponent = np.random.RandomState(seed).normal(*_LOG10, (n, n))
    # A negative exponent is five deviations away; the lecture folds it back.
    return np.asarray(gain * 10 ** np.abs(exponent), dtype=np.float64)


def with_signs(weights: FloatArray, n_excitatory: int) -> tuple[FloatArray, Array]:
    """Return weights of postsynaptic by presynaptic cells with signs, and the cells' types."""
    weights[:, n_excitatory:] *= -1
    n_inhibitory = len(weights) - n_excitatory
    return weights, np.repeat(["E", "I"], as_intp([n_excitatory, n_inhibitory]))


def _network(weights: FloatArray, types: Array, kind: str, seed: int) -> SignedNetwork:
    # The recipes have presynaptic cells in columns, this package in rows.
    source = f"{_SOURCE}: {kind}, seed {seed}"
    return SignedNetwork(scipy.sparse.csr_array(weights.T), types, source=source)


def _check(n: int, probability: float, gain: float, seed: int) -> None:
    if not isinstance(n, int | np.integer) or n < 1:
        raise InvalidArgument(f"n={quoted(n)} is not valid: expected a number of cells above 0.")
    check_number_of_cells(n)
    check_fraction("probability", probability)
    check_positive("gain", gain)
    check_seed(seed)


def check_number_of_cells(n: int) -> None:
    """Raise `TooManyCells` for networks whose dense arrays would take too much memory."""
    if n > _MOST_CELLS:
        raise TooManyCells(
            f"{n:,} cells are too many for an artificial network, expected at most {_MOST_CELLS:,}."
        )


def check_fraction(argument: str, value: float) -> float:
    """Return a value from 0 to 1; raise `InvalidArgument` for any other."""
    if not 0 <= value <= 1:
        raise InvalidArgument(f"{argument}={quoted(value)} is not valid: expected 0 to 1.")
    return float(value)


def check_seed(seed: object) -> None:
    """Raise `InvalidArgument` unless a value can seed numpy's legacy generator."""
    if not isinstance(seed, int | np.integer) or not 0 <= seed < 2**32:
        raise InvalidArgument(
            f"seed={quoted(seed)} is not valid: expected a whole number from 0 to {2**32 - 1:,}."
        )
