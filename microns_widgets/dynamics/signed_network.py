"""Networks with signed weights: excitatory cells excite, inhibitory cells inhibit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from microns_widgets import palette
from microns_widgets._arguments import checks_methods, is_several
from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, BoolArray, FloatArray
from microns_widgets.dynamics.spectrum import extreme_eigenvalues, uninhibited_radius
from microns_widgets.errors import (
    InvalidArgument,
    InvalidType,
    MatrixError,
    check_column,
    check_positive,
    quoted,
)
from microns_widgets.network.matrix import ConnectivityMatrix


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class SignedNetwork:
    """Cells and the signed weights of the connections between them.

    `random_network`, `lognormal_network`, `feedforward_network` and `recurrent_network` create
    artificial ones, and `RateModel` makes one of a connectivity matrix.

    Parameters
    ----------
    weights : array_like or scipy.sparse.csr_array, shape (n, n)
        Weight of each connection: rows are presynaptic and columns postsynaptic, as in a
        `ConnectivityMatrix`. Positive weights excite, negative ones inhibit. They have no unit:
        a presynaptic rate times a weight is the input to the postsynaptic cell.
    types : array_like of str, shape (n,)
        Type of each cell, such as ``"E"``, ``"I"`` or ``"23P"``; the response is averaged by type.
    source : str, optional
        Where the network comes from, for captions.
    cells : pandas.DataFrame, optional
        The cells' rows of the cell table, shape (n, any), indexed by root id; a row of the id 0
        stands for an artificial cell. None for an artificial network.

    Raises
    ------
    MatrixError
        If the weights are not a square matrix of finite numbers, or the number of types or cells
        is not that of its rows.

    Examples
    --------
    >>> network = mw.SignedNetwork([[0, 0.5], [-0.3, 0]], ["E", "I"])
    >>> network
    <SignedNetwork 2 cells (1 E, 1 I), 2 connections, spectral radius 0.387>
    """

    weights: Any
    types: Any
    source: str = field(default="", kw_only=True)
    cells: pd.DataFrame | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", _square(self.weights))
        if not self.n_cells:
            raise MatrixError("The network has no cells, expected at least one.")
        types = _labels(self.types)
        if len(types) != self.n_cells:
            raise MatrixError(
                f"There are {len(types):,} types for {self.n_cells:,} cells, expected one type "
                "for each row of the matrix, in its order."
            )
        object.__setattr__(self, "types", types)
        if self.cells is not None and len(self.cells) != self.n_cells:
            raise MatrixError(
                f"There are {len(self.cells):,} rows of the cell table for {self.n_cells:,} cells, "
                "expected one for each row of the matrix, in its order."
            )

    def __repr__(self) -> str:
        return (
            f"<SignedNetwork {self.cells_in_words}, {self.weights.nnz:,} connections, "
            f"spectral radius {self.spectral_radius:.3g}>"
        )

    @property
    def cells_in_words(self) -> str:
        """Number of cells, and of each class, such as ``"200 cells (170 E, 30 I)"``."""
        classes = pd.Series(palette.classes(self.types)).replace("", "without a sign")
        counts = classes.value_counts()
        parts = [f"{counts[name]:,} {name}" for name in palette.type_order(counts.index)]
        return f"{self.n_cells:,} cells ({', '.join(parts)})"

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return int(self.weights.shape[0])

    @property
    def density(self) -> float:
        """Number of connections divided by that of all ordered pairs, autapses included."""
        return float(self.weights.nnz / self.n_cells**2)

    @cached_property
    def _extremes(self) -> tuple[float, float]:
        return extreme_eigenvalues(self.weights)

    @property
    def spectral_radius(self) -> float:
        """The largest absolute value of an eigenvalue of the weights."""
        return self._extremes[0]

    @property
    def spectral_abscissa(self) -> float:
        """The largest real part of an eigenvalue of the weights."""
        return self._extremes[1]

    @cached_property
    def excitation_radius(self) -> float:
        """The spectral radius of the positive weights alone, as if inhibition were silent."""
        return extreme_eigenvalues(_where(self.weights, self.weights.data > 0))[0]

    @cached_property
    def uninhibited_radius(self) -> float:
        """The largest spectral radius of cells that excite each other and are not held back.

        They are held back by inhibition from cells that they make active, directly or through
        others. 0 if all loops of excitation are.
        """
        return uninhibited_radius(self.weights)

    def scaled(self, factor: float) -> SignedNetwork:
        """Return the network with all weights multiplied by a factor.

        Parameters
        ----------
        factor : float
            A number above 0.

        Returns
        -------
        SignedNetwork

        Raises
        ------
        InvalidArgument
            If the factor is not a number above 0.

        Examples
        --------
        >>> network = mw.lognormal_network(seed=0)
        >>> twice = network.scaled(2)
        >>> round(twice.spectral_radius / network.spectral_radius, 6)
        2.0
        """
        check_positive("factor", factor)
        return replace(self, weights=self.weights * float(factor))

    def balanced(self, ratio: float) -> SignedNetwork:
        """Return the network with each cell's inhibition scaled to its excitation.

        Parameters
        ----------
        ratio : float
            Each cell's summed inhibitory weights become this many times its summed excitatory
            weights. A cell without inhibitory inputs stays as it is.

        Returns
        -------
        SignedNetwork

        Raises
        ------
        InvalidArgument
            If the ratio is not a number of at least 0.

        Examples
        --------
        >>> network = mw.SignedNetwork([[0, 4], [-1, -1]], ["E", "I"]).balanced(0.5)
        >>> network.weights.toarray().tolist()
        [[0.0, 4.0], [0.0, -2.0]]
        """
        if not (np.isfinite(ratio) and ratio >= 0):
            raise InvalidArgument(
                f"The ratio of inhibition to excitation is {quoted(ratio)}, expected a number of "
                "at least 0: 0.15 makes inhibition weak, 1 makes it equal to excitation."
            )
        excitation, inhibition = self.input_sums()
        factor = np.ones(self.n_cells)
        has_both = inhibition > 0
        factor[has_both] = ratio * excitation[has_both] / inhibition[has_both]
        data = self.weights.data.copy()
        negative = data < 0
        data[negative] *= factor[self.weights.indices[negative]]
        return replace(self, weights=_with_data(self.weights, data))

    def input_sums(self) -> tuple[FloatArray, FloatArray]:
        """Return the summed excitatory and inhibitory weights of each cell's inputs.

        Returns
        -------
        excitation, inhibition : numpy.ndarray, shape (n,)
            Both positive or 0.

        Examples
        --------
        >>> excitation, inhibition = mw.lognormal_network(seed=0).input_sums()
        >>> bool(np.allclose(inhibition, 0.15 * excitation))
        True
        """
        data, column, n = self.weights.data, self.weights.indices, self.n_cells
        excitation, inhibition = (
            np.bincount(as_intp(column), weights=np.maximum(part, 0), minlength=n).astype(
                np.float64
            )
            for part in (data, -data)
        )
        return excitation, inhibition


def of_matrix(matrix: ConnectivityMatrix, types: npt.ArrayLike | str | None) -> SignedNetwork:
    """Make a network of a connectivity matrix: by Dale's law, a cell's type gives the sign.

    Parameters
    ----------
    matrix : ConnectivityMatrix
        With the same cells in rows and columns; its current values are the weights.
    types : str or array_like of str, optional
        Column of the cell table, or the type of each cell; default: ``"cell_type_auto"``.
    """
    if not np.array_equal(matrix.pre_ids, matrix.post_ids):
        raise MatrixError(
            f"The matrix has {matrix.shape[0]:,} presynaptic and {matrix.shape[1]:,} postsynaptic "
            "cells that are not the same in the same order, but a circuit feeds its output back "
            "to its own cells. Create it with one list: con.matrix(ids), and sort both axes."
        )
    if matrix.value == "log10_sum":
        raise MatrixError(
            "The matrix has value='log10_sum', and a logarithm is not a strength: a connection of "
            "size 1 would have no weight. Use matrix.with_value('sum')."
        )
    if types is None:
        types = "cell_type_auto"
    if isinstance(types, str):
        check_column(types, matrix.pre.columns)
        column = matrix.pre[types]
        labels: Array = column.astype(object).where(column.notna(), "").to_numpy()
    else:
        labels = _labels(types)
    network = SignedNetwork(
        matrix.sparse.astype(np.float64), labels, source=matrix.source, cells=matrix.pre
    )
    sign = signs(network.types, matrix.pre_ids)
    rows = np.repeat(sign, as_intp(np.diff(network.weights.indptr)))
    return replace(network, weights=_with_data(network.weights, network.weights.data * rows))


def signs(types: Array, names: Array) -> FloatArray:
    """Return 1 for each excitatory and -1 for each inhibitory cell; refuse other cells."""
    classes = palette.classes(types)
    unknown = (classes != "E") & (classes != "I")
    if unknown.any():
        counts = pd.Series(types[unknown]).value_counts()
        labels = ", ".join(f"{n:,} of type {quoted(str(name))}" for name, n in counts.items())
        raise InvalidArgument(
            f"{unknown.sum():,} cells are neither excitatory nor inhibitory by their type "
            f"({labels}), so the sign of their outputs is unknown; the first is "
            f"{names[unknown][0]}. Leave them out: keep = matrix.pre_ids[np.isin("
            "mw.palette.classes(types), ['E', 'I'])]; matrix.select(keep, keep). Or give types, a "
            "list with 'E' or 'I' for each cell."
        )
    return np.where(classes == "E", 1.0, -1.0)


def _labels(types: object) -> Array:
    if isinstance(types, str) or not is_several(types):
        raise InvalidType(f"types is {quoted(types)}, expected a type for each cell: ['E', 'I'].")
    return np.array([str(label) for label in types], dtype=object)


def _square(weights: Any) -> scipy.sparse.csr_array:
    if not scipy.sparse.issparse(weights):
        try:
            weights = np.asarray(weights, dtype=np.float64)
        except (TypeError, ValueError):
            raise MatrixError(
                f"The weights are {quoted(weights)}, expected a square matrix of numbers."
            ) from None
    shape: tuple[int, ...] = weights.shape
    if len(shape) != 2 or shape[0] != shape[1]:
        raise MatrixError(
            f"The weights have the shape {shape}, expected a square matrix: each cell has a row "
            "(its outputs) and a column (its inputs)."
        )
    stored: scipy.sparse.csr_array = scipy.sparse.csr_array(weights).astype(np.float64)
    if not np.isfinite(stored.data).all():
        raise MatrixError("The weights contain a value that is not a finite number.")
    return stored


def _where(weights: scipy.sparse.csr_array, mask: BoolArray) -> scipy.sparse.csr_array:
    return _with_data(weights, np.where(mask, weights.data, 0))


def _with_data(weights: scipy.sparse.csr_array, data: FloatArray) -> scipy.sparse.csr_array:
    return scipy.sparse.csr_array((data, weights.indices, weights.indptr), shape=weights.shape)
