"""The eigenvalues that decide whether activity in a network fades or grows."""

from __future__ import annotations

import numpy as np
import scipy

from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, IntArray

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
