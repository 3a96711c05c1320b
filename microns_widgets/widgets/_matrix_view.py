"""The part of a matrix that an explorer shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microns_widgets.errors import MatrixError

#: ``{"rows": [first, one past the last], "columns": [...]}``; ``{}`` is all.
View = dict[str, list[int]]
_AXES = ("rows", "columns")


def normal_view(given: Mapping[str, Any], shape: tuple[int, int]) -> View:
    """Return a view with both axes as whole numbers, ``{}`` if it is all of the matrix.

    Raises
    ------
    MatrixError
        If it has another key, or does not lie in the matrix.
    """
    for key in given:
        if key not in _AXES:
            raise MatrixError(f"A view has no {key!r}, expected 'rows' and 'columns'.")
    view = {
        axis: _range(axis, given.get(axis, (0, length)), length)
        for axis, length in zip(_AXES, shape, strict=True)
    }
    whole = all(view[axis] == [0, length] for axis, length in zip(_AXES, shape, strict=True))
    return {} if whole else view


def places_of_view(view: View, shape: tuple[int, int]) -> tuple[slice, slice]:
    """Return the rows and columns of a view as slices."""
    rows, columns = (
        slice(*view.get(axis, (0, length))) for axis, length in zip(_AXES, shape, strict=True)
    )
    return rows, columns


def _range(axis: str, given: Any, length: int) -> list[int]:
    try:
        first, end = (int(place) for place in given)
    except (TypeError, ValueError):
        first, end = -1, -1
    if not 0 <= first < max(end, 1) <= max(length, 1):
        raise MatrixError(
            f"A view was given {axis} {given!r}, expected the first and one past the last of "
            f"{length:,}: {{{axis!r}: [0, {length}]}}."
        )
    return [first, end]
