"""Which words and numbers the skeleton viewer's traits take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

#: The words of each trait; the first is its default.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "color_by": ("compartment", "cell", "depth"),
    "synapses": ("both", "inputs", "outputs", "none"),
    "synapse_color": ("direction", "type", "size"),
}
#: The default of ``color_by`` for several cells.
COLOR_OF_SEVERAL = "cell"
VIEWS = ("perspective", "front", "side", "top")
#: Seen a little from the side and from above.
DEFAULT_CAMERA: Mapping[str, Any] = {
    "view": "perspective",
    "center": None,
    "height": None,
    "yaw": -30.0,
    "pitch": 15.0,
}


def default_color_by(n_cells: int) -> str:
    """Return the default of ``color_by`` for a number of cells."""
    return COLOR_OF_SEVERAL if n_cells > 1 else CHOICES["color_by"][0]


def normal_camera(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a camera with all its keys; raise ValueError for one that cannot be.

    Parameters
    ----------
    given : mapping
        Any of ``view``, ``center``, ``height``, ``yaw``, ``pitch``.
    """
    unknown = [key for key in given if key not in DEFAULT_CAMERA]
    if unknown:
        raise ValueError(
            f"A camera has no {unknown[0]!r}, expected any of "
            f"{', '.join(map(repr, DEFAULT_CAMERA))}."
        )
    camera = {**DEFAULT_CAMERA, **given}
    if camera["view"] not in VIEWS:
        raise ValueError(
            f"There is no view {camera['view']!r}, expected one of {', '.join(map(repr, VIEWS))}."
        )
    center, height = camera["center"], camera["height"]
    if center is not None:
        if not _is_sequence_of_numbers(center, 3):
            raise ValueError(
                f"The camera's center is {center!r}, expected [x, depth, z] in um, or None to "
                "show the whole cells."
            )
        camera["center"] = [float(value) for value in center]
    if height is not None:
        if not (_is_number(height) and height > 0):
            raise ValueError(
                f"The camera's height is {height!r}, expected um above 0, or None to show the "
                "whole cells."
            )
        camera["height"] = float(height)
    for angle in ("yaw", "pitch"):
        if not _is_number(camera[angle]):
            raise ValueError(f"The camera's {angle} is {camera[angle]!r}, expected degrees.")
        camera[angle] = float(camera[angle])
    return camera


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, str | bool) and math.isfinite(value)  # type: ignore[arg-type]  # that is asked
    except (TypeError, OverflowError):
        return False


def _is_sequence_of_numbers(values: Any, length: int) -> bool:
    try:
        return len(values) == length and all(_is_number(value) for value in values)
    except TypeError:
        return False
