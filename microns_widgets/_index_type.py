"""Counts and positions in the integer type in which this machine counts the elements of an array.

NumPy converts the counts and positions that `bincount`, `repeat` and `reduceat` receive to
`numpy.intp` only if no number could be lost. In a browser (Pyodide) this type has 32 bits, and an
array of int64 is refused. A test requires that all such calls go through `as_intp`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def as_intp(numbers: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Return counts, or positions in an array that exists, as `numpy.intp`."""
    return np.asarray(numbers).astype(np.intp, copy=False)
