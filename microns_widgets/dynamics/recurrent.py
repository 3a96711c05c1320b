"""The lecture's circuit: measured connections of one type, completed by random inhibition."""

from __future__ import annotations

import numpy as np
import scipy

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import FloatArray
from microns_widgets.connectome import Connectome
from microns_widgets.dynamics.artificial import (
    check_fraction,
    check_number_of_cells,
    check_seed,
    erdos_renyi,
    lognormal_strengths,
    with_signs,
)
from microns_widgets.dynamics.signed_network import SignedNetwork
from microns_widgets.errors import (
    InvalidArgument,
    InvalidType,
    MatrixError,
    check_choice,
    check_positive,
    quoted,
)
from microns_widgets.network.matrix import ConnectivityMatrix

SHUFFLES = ("none", "connections", "weights")


@checks_arguments
def recurrent_matrix(
    con: Connectome,
    *,
    cell_type: str = "23P",
    region: str | None = "V1",
    more_than: int = 20,
) -> ConnectivityMatrix:
    """Return the connections among proofread cells of one type that are well connected.

    Cells are used if they have enough synapses among each other; of these, only cells that both
    send and receive some. Neither condition is applied again once others have been left out.
    Autapses are left out.

    Parameters
    ----------
    con : Connectome
        The data.
    cell_type : str
        Automatic type of the cells.
    region : str, optional
        Brain area of the cells; None for all areas.
    more_than : int
        A cell is used if the number of its inputs and outputs among the cells of this type is above
        this number. The default is the lecture's, for version 1300. In the sample cells have fewer
        synapses: use 4.

    Returns
    -------
    ConnectivityMatrix
        With summed sizes, and cells in the order of their root ids.

    Raises
    ------
    InvalidArgument
        If fewer than two cells have enough synapses among each other.
    UnknownLabel
        If there is no such type or region.

    Examples
    --------
    >>> matrix = mw.recurrent_matrix(con, more_than=4)
    >>> matrix.pre["cell_type_auto"].unique().tolist()
    ['23P']
    """
    if not isinstance(con, Connectome):
        raise InvalidType(f"The data are {quoted(con)}, expected a Connectome: mw.load().")
    filters = {"region": region} if region is not None else {}
    ids = con.select(cell_type=cell_type, proofread=True, **filters)
    among = con.matrix(ids, value="sum", autapses=False)
    ends = among.count.sum(axis=0) + among.count.sum(axis=1)
    enough = ids[ends > more_than]
    part = among.select(enough, enough)
    both_ways = enough[(part.degree("pre") > 0) & (part.degree("post") > 0)]
    if len(both_ways) < 2:
        most = int(ends.max(initial=0))
        raise InvalidArgument(
            f"{len(both_ways)} of {len(ids):,} proofread cells have more than {more_than:,} "
            f"synapses among each other, expected at least 2 cells. The most of a cell is "
            f"{most:,}: give a lower more_than, such as more_than={most // 4}."
        )
    # The order of a pivot table: it decides which random number a pair gets.
    in_order = np.sort(both_ways)
    return among.select(in_order, in_order)


@checks_arguments
def with_random_inhibition(
    matrix: ConnectivityMatrix,
    *,
    shuffle: str = "none",
    gain: float = 0.002,
    voxels: float = 300.0,
    probability: float = 0.25,
    inhibitory: float = 0.15,
    balance: float | None = 0.15,
    seed: int = 0,
) -> SignedNetwork:
    """Complete the measured connections of excitatory cells by random inhibitory cells.

    All connections from and to inhibitory cells are random, as in `lognormal_network`.

    Parameters
    ----------
    matrix : ConnectivityMatrix
        Connections among excitatory cells, such as `recurrent_matrix` or a random network of the
        same cells.
    shuffle : {"none", "connections", "weights"}
        The lecture's null models of the measured part: ``"connections"`` moves each entry of the
        matrix to a random place (which may create autapses), and ``"weights"`` exchanges the
        strengths of the connections that are there.
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
        If a cell is not excitatory, a number is out of range, or synapses have no sizes.
    MatrixError
        If rows and columns are not the same cells in the same order.
    TooManyCells
        If there are more than 5,000 cells.

    Examples
    --------
    >>> matrix = mw.recurrent_matrix(con, more_than=4)
    >>> chance = matrix.null("degrees", n=1, seed=7)[0]
    >>> mw.with_random_inhibition(chance)
    <SignedNetwork ... cells (... E, ... I), ... connections, spectral radius ...>
    """
    if not isinstance(matrix, ConnectivityMatrix):
        raise InvalidType(
            f"with_random_inhibition was given {quoted(matrix)}, expected a connectivity matrix: "
            "mw.recurrent_matrix(con)."
        )
    check_choice("shuffle", shuffle, SHUFFLES)
    check_fraction("probability", probability)
    check_seed(seed)
    check_positive("gain", gain)
    check_positive("voxels", voxels)
    if check_fraction("inhibitory", inhibitory) == 1:
        raise InvalidArgument("inhibitory=1 is not valid: the measured cells are excitatory.")
    _check_excitatory(matrix)
    n_excitatory = len(matrix.pre_ids)
    n = int(n_excitatory / (1 - inhibitory))
    check_number_of_cells(n)
    sizes = matrix.with_value("sum").to_numpy().astype(np.float64)
    weights = lognormal_strengths(n, gain, seed) * erdos_renyi(n, probability, seed)
    weights[:n_excitatory, :n_excitatory] = _shuffled(sizes / (voxels / gain), shuffle, seed).T
    weights, types = with_signs(weights, n_excitatory)
    changed = "" if shuffle == "none" else f", {shuffle} shuffled"
    source = f"{matrix.source}{changed}, inhibition random, seed {seed}"
    ids = np.concatenate([matrix.pre_ids, np.zeros(n - n_excitatory, dtype=np.int64)])
    network = SignedNetwork(
        scipy.sparse.csr_array(weights.T), types, source=source, cells=matrix.pre.reindex(ids)
    )
    return network if balance is None else network.balanced(balance)


@checks_arguments
def recurrent_network(
    con: Connectome,
    *,
    cell_type: str = "23P",
    region: str | None = "V1",
    more_than: int = 20,
    shuffle: str = "none",
    seed: int = 0,
) -> SignedNetwork:
    """Create the lecture's circuit: excitatory cells as measured, inhibitory cells at random.

    It is `recurrent_matrix` completed by `with_random_inhibition`, whose other parameters are the
    lecture's.

    Parameters
    ----------
    con : Connectome
        The data.
    cell_type, region, more_than
        As for `recurrent_matrix`.
    shuffle, seed
        As for `with_random_inhibition`.

    Returns
    -------
    SignedNetwork
        With the types ``"E"`` (first) and ``"I"``.

    Raises
    ------
    InvalidArgument
        If too few cells have enough synapses, or cells of the type are not excitatory.
    UnknownLabel
        If there is no such type or region.

    Notes
    -----
    In the lecture, with version 1300 and seed 0, the decay time of `RateModel` of this network is
    15.9 s, and 11.81 s with ``shuffle="connections"``.

    Examples
    --------
    >>> mw.recurrent_network(con, more_than=4)
    <SignedNetwork ... cells (... E, ... I), ... connections, spectral radius ...>
    """
    matrix = recurrent_matrix(con, cell_type=cell_type, region=region, more_than=more_than)
    return with_random_inhibition(matrix, shuffle=shuffle, seed=seed)


def _check_excitatory(matrix: ConnectivityMatrix) -> None:
    if not np.array_equal(matrix.pre_ids, matrix.post_ids):
        raise MatrixError(
            "Rows and columns of the matrix are not the same cells in the same order. Create it "
            "with one list: con.matrix(ids)."
        )
    types = matrix.pre["cell_type_auto"].fillna("").to_numpy(dtype=object)
    others = palette.classes(types) != "E"
    if others.any():
        raise InvalidArgument(
            f"{others.sum():,} cells of the matrix are not excitatory by their type (the first is "
            f"{quoted(str(types[others][0]))}), but their measured connections would become "
            "excitatory. Choose excitatory cells, as mw.recurrent_matrix(con) does; for measured "
            "inhibition, use RateModel(matrix)."
        )


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
