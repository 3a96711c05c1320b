"""Euler's method for the rate equation, step by step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy

from microns_widgets._typing import Array, FloatArray

# Above this density a product with a dense matrix is faster than one with a sparse matrix (measured
# with 2,000 cells and one thread).
_DENSE_FROM = 0.35
# Rates are checked at intervals, since a check takes as long as a step of a small network.
_CHECK_EVERY = 100


def integrate(
    weights: scipy.sparse.csr_array,
    input_at: Callable[[int], Array | float],
    n_steps: int,
    *,
    step: float,
    rectified: bool,
) -> tuple[FloatArray, int | None]:
    """Integrate tau dr/dt = -r + f(W r + s) from rest.

    Parameters
    ----------
    weights : scipy.sparse.csr_array, shape (n, n)
        W, with postsynaptic cells in rows.
    input_at : callable
        Returns s of a step: shape (n,), or one number for all cells.
    n_steps : int
        Number of time points, the first one at rest.
    step : float
        Time step divided by tau.
    rectified : bool
        Whether f(x) is max(0, x) instead of x.

    Returns
    -------
    rates : numpy.ndarray, shape (n_steps, n)
        Row by row, so that each step writes contiguous memory.
    end : int or None
        The first step with a rate that is not finite; None if all are.
    """
    n = weights.shape[0]
    density = weights.nnz / n**2
    product = weights.toarray() if density > _DENSE_FROM else weights
    rates = np.zeros((n_steps, n))
    with np.errstate(over="ignore", invalid="ignore"):
        for now in range(n_steps - 1):
            drive = product @ rates[now]
            drive += input_at(now)
            if rectified:
                np.maximum(drive, 0, out=drive)
            following = rates[now + 1]
            np.subtract(drive, rates[now], out=following)
            following *= step
            following += rates[now]
            if now % _CHECK_EVERY == 0 and not np.isfinite(following).all():
                break
        finite = np.isfinite(rates[: now + 2] if n_steps > 1 else rates).all(axis=1)
    return rates, None if finite.all() else int(np.argmin(finite))
