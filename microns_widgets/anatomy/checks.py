"""Checks that arrays form a skeleton: shapes, ranges, and trees without cycles."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from microns_widgets._typing import Array, FloatArray, IntArray
from microns_widgets.errors import SkeletonError, quoted

#: Above it, float64 has lost the last digit.
_LARGEST = 2**53


def finite_array(
    name: str, values: npt.ArrayLike, kind: type[np.generic], shape: tuple[int, ...]
) -> Array:
    """Convert values to a new array of a type and shape; -1 in the shape matches any length.

    Raises
    ------
    SkeletonError
        If the values are not numbers, have another shape, or are not finite.
    """
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise SkeletonError(f"The skeleton's {name} are not numbers ({error}).") from error
    if numbers.size == 0 and 0 in (empty := [max(length, 0) for length in shape]):
        numbers = numbers.reshape(empty)
    fits = numbers.ndim == len(shape) and all(
        expected in (-1, length) for expected, length in zip(shape, numbers.shape, strict=True)
    )
    if not fits:
        expected = str(shape).replace("-1", "n")
        raise SkeletonError(
            f"The skeleton's {name} have shape {numbers.shape}, expected {expected}."
        )
    if not np.isfinite(numbers).all():
        raise SkeletonError(f"The skeleton's {name} contain a value that is not a finite number.")
    if np.issubdtype(kind, np.integer) and (np.abs(numbers - np.rint(numbers)) > 0).any():
        raise SkeletonError(f"The skeleton's {name} contain a fraction, expected whole numbers.")
    if np.issubdtype(kind, np.integer) and (np.abs(numbers) > _LARGEST).any():
        raise SkeletonError(f"The skeleton's {name} contain a number above {_LARGEST:,}.")
    return np.array(numbers, dtype=kind)


def whole_number(name: str, value: Any) -> int:
    """Return a number as an int; raise `SkeletonError` if it is not a whole one."""
    try:
        number = int(value)
        if number == value:
            return number
    except (TypeError, ValueError, OverflowError):
        pass
    raise SkeletonError(f"The skeleton's {name} is {quoted(value)}, expected a whole number.")


def check_vertices(n: int, edges: IntArray, radius: FloatArray, root: int) -> None:
    """Raise `SkeletonError` unless edges and root are vertices, and no radius is negative."""
    if n == 0:
        raise SkeletonError("The skeleton has no vertices; it needs at least the soma.")
    if not 0 <= root < n:
        raise SkeletonError(f"The root is vertex {root}, but vertices are numbered 0 to {n - 1}.")
    if len(edges) and not (edges.min() >= 0 and edges.max() < n):
        bad = edges[((edges < 0) | (edges >= n)).any(axis=1)][0]
        raise SkeletonError(
            f"The edge {bad.tolist()} refers to a vertex that does not exist: vertices are "
            f"numbered 0 to {n - 1}."
        )
    if (radius < 0).any():
        raise SkeletonError("A radius is negative; expected 0 or more, in nm.")


def check_forest(n_vertices: int, n_edges: int, n_trees: int) -> None:
    """Raise `SkeletonError` if there is a cycle or a repeated edge."""
    # A forest has exactly one edge fewer than vertices in each of its trees.
    if n_edges != n_vertices - n_trees:
        raise SkeletonError(
            f"{n_edges} edges join {n_vertices} vertices in {n_trees} "
            f"component{'s' if n_trees > 1 else ''}, expected {n_vertices - n_trees} edges: "
            "there is a cycle or a repeated edge. Remove it; a skeleton is a tree."
        )
