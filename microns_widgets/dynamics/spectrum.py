"""The eigenvalues that decide whether activity in a network fades or grows."""

from __future__ import annotations

import numpy as np
import scipy

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, BoolArray, IntArray

# Up to this number of cells all eigenvalues are computed; beyond it, the outermost ones by
# Arnoldi's method, with a large basis: the eigenvalues of random networks fill a disc densely.
_DENSE = 150
_FEW, _BASIS, _TOLERANCE = 2, 100, 1e-9


def extreme_eigenvalues(weights: scipy.sparse.csr_array) -> tuple[float, float]:
    """Return the spectral radius and the spectral abscissa of a square matrix.

    A matrix has the eigenvalues of its strongly connected parts: without a loop, a cell
    contributes nothing but the weight of its autapse. Solving each part by itself makes the
    result exact for feed-forward networks, whose eigenvalues (all 0) are very sensitive to
    rounding otherwise.

    Parameters
    ----------
    weights : scipy.sparse.csr_array, shape (n, n)
        Weights; the transposed matrix has the same eigenvalues.

    Returns
    -------
    radius : float
        The largest absolute value of an eigenvalue.
    abscissa : float
        The largest real part of an eigenvalue.
    """
    # Stored zeros are not connections here: they would join parts that do not interact.
    present = weights.copy()
    present.eliminate_zeros()
    n_parts, part = scipy.sparse.csgraph.connected_components(present, connection="strong")
    size = np.bincount(as_intp(part), minlength=n_parts)
    single = size[part] == 1
    found: list[Array] = [present.diagonal()[single]]
    found += [_of_part(present, np.flatnonzero(part == one)) for one in np.flatnonzero(size > 1)]
    values = np.concatenate(found)
    return float(np.abs(values).max()), float(values.real.max())


def uninhibited_radius(weights: scipy.sparse.csr_array) -> float:
    """Return the spectral radius of excitation that nothing can hold back.

    A group of cells that excite each other in loops is held back only by inhibition from cells
    that the group itself makes active, directly or through others: if it alone is stimulated, all
    other cells are silent. Without such cells its activity grows from a spectral radius of 1 on.

    Parameters
    ----------
    weights : scipy.sparse.csr_array, shape (n, n)
        Weights of presynaptic (rows) on postsynaptic cells.

    Returns
    -------
    float
        The largest radius of such a group; 0 if there is none.
    """
    excitation, inhibition = (_only(weights, sign * weights.data > 0) for sign in (1, -1))
    n_parts, part = scipy.sparse.csgraph.connected_components(excitation, connection="strong")
    size = np.bincount(as_intp(part), minlength=n_parts)
    loops = np.unique(part[(size[part] > 1) | (excitation.diagonal() > 0)])
    groups = [np.flatnonzero(part == one) for one in loops]
    radii = np.array([np.abs(_of_part(excitation, group)).max() for group in groups])
    for place in np.argsort(-radii):
        group = groups[place]
        onto = inhibition[:, group]
        if onto.nnz:
            active = scipy.sparse.csgraph.breadth_first_order(
                excitation, group[0], return_predecessors=False
            )
            onto = onto[active]
        if not onto.nnz:
            return float(radii[place])
    return 0.0


def _only(weights: scipy.sparse.csr_array, mask: BoolArray) -> scipy.sparse.csr_array:
    kept = scipy.sparse.csr_array(
        (np.where(mask, weights.data, 0), weights.indices, weights.indptr), shape=weights.shape
    ).copy()
    kept.eliminate_zeros()
    return kept


def step_is_unstable(
    weights: scipy.sparse.csr_array, extremes: tuple[float, float], step: float
) -> bool:
    """Return whether activity that fades would grow because of the step of Euler's method.

    Parameters
    ----------
    weights : scipy.sparse.csr_array, shape (n, n)
        With their gain.
    extremes : tuple of float
        What `extreme_eigenvalues` returns for them; the second one is below 1.
    step : float
        Time step divided by the time constant.
    """
    radius, abscissa = extremes
    # Of all numbers within the circle of this radius, none is worse than those at its right border.
    if radius <= 1 or step < 2 * (1 - abscissa) / (1 - 2 * abscissa + radius**2):
        return False
    rest = scipy.sparse.diags_array(np.full(weights.shape[0], 1 - step))
    # A step multiplies the rates by this matrix.
    return extreme_eigenvalues(scipy.sparse.csr_array(rest + step * weights))[0] >= 1


def _of_part(weights: scipy.sparse.csr_array, members: IntArray) -> Array:
    own = weights[members][:, members]
    if len(members) <= _DENSE:
        return np.asarray(scipy.linalg.eigvals(own.toarray()))
    try:
        # A fixed start, so that the same network always has the same numbers.
        start = np.random.default_rng(0).random(len(members))
        return np.concatenate(
            [
                scipy.sparse.linalg.eigs(
                    own,
                    k=_FEW,
                    which=which,
                    v0=start,
                    ncv=_BASIS,
                    tol=_TOLERANCE,
                    return_eigenvectors=False,
                )
                for which in ("LM", "LR")
            ]
        )
    except scipy.sparse.linalg.ArpackError:
        return np.asarray(scipy.linalg.eigvals(own.toarray()))
