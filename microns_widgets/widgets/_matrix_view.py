"""The part of a matrix that an explorer shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microns_widgets.errors import InvalidArgument, quoted, suggestion

#: ``{"rows": [start, stop], "columns": [...]}``, half-open as slices; ``{}`` is the whole matrix.
View = dict[str, list[int]]
_AXES = ("rows", "columns")
#: Traits that describe the view, in the order of "copy as Python".
VIEW_TRAITS = (
    "value",
    "by",
    "order_pre",
    "order_post",
    "view",
    "show",
    "type_value",
    "null",
    "pixel",
    "colormap",
    "minimap",
    "pair",
    "selected_pre",
    "selected_post",
)


def normal_view(view: Mapping[str, Any], shape: tuple[int, int]) -> View:
    """Return a view with both axes as whole numbers, or ``{}`` for the whole matrix.

    Raises
    ------
    InvalidArgument
        If it has another key or does not lie in the matrix.
    """
    for key in view:
        if key not in _AXES:
            raise InvalidArgument(
                f"view has the unknown key {quoted(key)}.{suggestion(key, _AXES)} "
                "Expected 'rows' and 'columns'."
            )
    normal = {
        axis: _range(axis, view.get(axis, (0, length)), length)
        for axis, length in zip(_AXES, shape, strict=True)
    }
    whole = all(normal[axis] == [0, length] for axis, length in zip(_AXES, shape, strict=True))
    return {} if whole else normal


def places_of_view(view: View, shape: tuple[int, int]) -> tuple[slice, slice]:
    """Return the rows and columns of a view as slices."""
    rows, columns = (
        slice(*view.get(axis, (0, length))) for axis, length in zip(_AXES, shape, strict=True)
    )
    return rows, columns


def _range(axis: str, ends: Any, length: int) -> list[int]:
    try:
        start, stop = (int(place) for place in ends)
    except (TypeError, ValueError, OverflowError):
        start, stop = -1, -1
    if not 0 <= start < max(stop, 1) <= max(length, 1):
        raise InvalidArgument(
            f"view[{axis!r}] is {quoted(ends)}. Expected the start and one past the end, within "
            f"the {length:,} {axis} of the matrix: {{{axis!r}: [0, {length}]}} shows all of them."
        )
    return [start, stop]
