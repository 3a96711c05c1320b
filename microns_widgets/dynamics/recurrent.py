"""The lecture's circuit: measured connections of one type, completed by random inhibition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy

from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.connectome import Connectome
from microns_widgets.dynamics.artificial import (
    check_fraction,
    check_seed,
    erdos_renyi,
    lognormal_strengths,
    with_signs,
)
from microns_widgets.dynamics.signed_network import SignedNetwork, check_positive
from microns_widgets.errors import InvalidArgument, InvalidType, check_choice, quoted

if TYPE_CHECKING:
    from microns_widgets.network.matrix import ConnectivityMatrix

SHUFFLES = ("none", "connections", "weights")


@checks_arguments
def recurrent_network(
    con: Connectome,
    *,
    cell_type: str = "23P",
    region: str | None = "V1",
    more_than: int = 20,
    shuffle: str = "none",
    gain: float = 0.002,
    voxels: float = 300.0,
    probability: float = 0.25,
    inhibitory: float = 0.15,
    balance: float | None = 0.15,
    seed: int = 0,
) -> SignedNetwork:
    """Create the lecture's circuit: excitatory cells as measured, inhibitory cells at random.

    The connections among the proofread cells of one excitatory type are those of the data. Only
    cells with enough synapses among each other are used, and of these only cells that both send and
    receive some. All connections from and to inhibitory cells are random, as in
    `lognormal_network`. Autapses are left out.

    Parameters
    ----------
    con : Connectome
        The data.
    cell_type : str
        Automatic type of the excitatory cells.
    region : str, optional
        Brain area of the cells; None for all areas.
    more_than : int
        A cell is used if the number of its inputs and outputs among the cells of this type is above
        this number.
    shuffle : {"none", "connections", "weights"}
        Null model of the measured part: ``"connections"`` moves each entry of the matrix to a
        random place (which may create autapses), and ``"weights"`` exchanges the strengths of the
        connections that are there.
    gain : float
        Factor on all strengths, random and measured.
    voxels : float
        Summed synapse size (voxels) of a connection of strength ``gain``.
    probability, inhibitory, balance, seed
        As for `lognormal_network`. The seed is also that of the shuffle.

    Returns
    -------
    SignedNetwork
        With the types ``"E"`` (first) and ``"I"``.

    Raises
    ------
    InvalidArgument
        If fewer than two cells have enough synapses among each other, or a number is out of range.
    UnknownLabel
        If there is no such type or region.

    Notes
    -----
    The defaults are the lecture's for version 1300 of the data: `RateModel` of this network has a
    decay time of 15.9 s, and of 11.81 s with ``shuffle="connections"``. The sample has fewer
    synapses per cell, so that `more_than` must be lower there.

    Examples
    --------
    >>> mw.recurrent_network(con, more_than=4)
    <SignedNetwork ... cells (... E, ... I), ... connections, spectral radius ...>
    """
    if not isinstance(con, Connectome):
        raise InvalidType(
            f"recurrent_network was given {quoted(con)}, expected a Connectome: mw.load()."
        )
    check_choice("shuffle", shuffle, SHUFFLES)
    check_fraction("probability", probability)
    check_seed(seed)
    check_positive("gain", gain)
    check_positive("voxels", voxels)
    if check_fraction("inhibitory", inhibitory) == 1:
        raise InvalidArgument("inhibitory=1 is not valid: the measured cells are excitatory.")
    filters = {"region": region} if region is not None else {}
    ids = con.select(cell_type=cell_type, proofread=True, **filters)
    ids, sizes = _measured(con, ids, more_than)
    strengths = _shuffled(sizes / (voxels / gain), shuffle, seed)

    n_excitatory = len(ids)
    n = int(n_excitatory / (1 - inhibitory))
    weights = lognormal_strengths(n, gain, seed) * erdos_renyi(n, probability, seed)
    weights[:n_excitatory, :n_excitatory] = strengths.T
    weights, types = with_signs(weights, n_excitatory)
    changed = "" if shuffle == "none" else f", {shuffle} shuffled"
    source = f"{con.source}; {cell_type}{changed}, inhibition random, seed {seed}"
    network = SignedNetwork(scipy.sparse.csr_array(weights.T), types, source=source)
    return network if balance is None else network.balanced(balance)


def _measured(con: Connectome, ids: IntArray, more_than: int) -> tuple[IntArray, FloatArray]:
    """Return the cells with enough synapses, and the summed sizes between them."""
    among = con.matrix(ids, autapses=False)
    ends = among.count.sum(axis=0) + among.count.sum(axis=1)
    enough = ids[ends > more_than]
    both_ways = _sending_and_receiving(con.matrix(enough, autapses=False))
    if len(both_ways) < 2:
        most = int(ends.max(initial=0))
        raise InvalidArgument(
            f"{len(both_ways)} of {len(ids):,} proofread cells have more than {more_than:,} "
            f"synapses among each other, expected at least 2 cells. The most of a cell is "
            f"{most:,}: give a lower more_than, such as more_than={most // 4}."
        )
    # In the order of ids, as a pivot table has them: it decides which random number a pair gets.
    matrix = con.matrix(np.sort(both_ways), value="sum", autapses=False)
    return matrix.pre_ids, matrix.to_numpy().astype(np.float64)


def _sending_and_receiving(matrix: ConnectivityMatrix) -> IntArray:
    return matrix.pre_ids[(matrix.degree("pre") > 0) & (matrix.degree("post") > 0)]


def _shuffled(strengths: FloatArray, shuffle: str, seed: int) -> FloatArray:
    rng = np.random.RandomState(seed)
    if shuffle == "connections":
        moved = strengths.ravel()
        rng.shuffle(moved)
        return moved.reshape(strengths.shape)
    if shuffle == "weights":
        present = strengths > 0
        own = strengths[present]
        rng.shuffle(own)
        strengths[present] = own
    return strengths
