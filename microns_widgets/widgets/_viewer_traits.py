"""The values that the skeleton viewer's traits accept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from microns_widgets._arguments import is_several
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, check_choice, quoted, suggestion

#: Choices of each trait; the first one is the default.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "color_by": ("auto", "compartment", "cell", "depth", "grey"),
    "synapses": ("both", "inputs", "outputs", "none"),
    "synapse_color": ("direction", "type", "size"),
}
#: Least and most of ``synapse_scale`` and ``synapse_opacity``.
SYNAPSE_SCALE = (0.5, 3.0)
SYNAPSE_OPACITY = (0.1, 1.0)
VIEWS = ("perspective", "front", "side", "top")
#: A view slightly from the side and from above.
DEFAULT_CAMERA: Mapping[str, Any] = {
    "view": "perspective",
    "center": None,
    "height": None,
    "yaw": -30.0,
    "pitch": 15.0,
}


#: Defaults of the traits that describe a view, in the order of its code.
DEFAULTS: Mapping[str, Any] = {
    **{name: words[0] for name, words in CHOICES.items()},
    "synapse_scale": 1.0,
    "synapse_opacity": 1.0,
    "hidden_types": [],
    "camera": dict(DEFAULT_CAMERA),
    "partner": None,
    "skeleton_url": "",
}


def skeleton_address(con: Connectome, skeleton_url: bool | str | None) -> str:
    """Return the address of public SWC files: the argument, or that of the dataset for True."""
    if skeleton_url is not True:
        return "" if skeleton_url is False or skeleton_url is None else skeleton_url
    if not (public := con.public_skeletons):
        raise InvalidArgument(
            f"skeleton_url=True needs a dataset with public skeletons, such as mw.load(1300); "
            f"{con.source or 'this dataset'} has none. Give the address of a folder instead."
        )
    return public


def shown_color_by(color_by: str, synapse_color: str, synapses: str, n_cells: int) -> str:
    """Return what the colour of skeletons shows, with ``"auto"`` decided.

    Colours of types or sizes would be lost on coloured skeletons, which are then grey.
    """
    if color_by != "auto":
        return color_by
    if synapse_color != "direction" and synapses != "none":
        return "grey"
    return "cell" if n_cells > 1 else "compartment"


def normal_camera(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a camera with all its keys.

    Parameters
    ----------
    settings : mapping
        Any of ``view``, ``center``, ``height``, ``yaw``, ``pitch``.

    Raises
    ------
    InvalidArgument
        For an unknown key or an impossible value.
    """
    for key in settings:
        if key not in DEFAULT_CAMERA:
            raise InvalidArgument(
                f"camera has the unknown key {quoted(key)}.{suggestion(key, DEFAULT_CAMERA)} "
                f"Expected any of {', '.join(map(repr, DEFAULT_CAMERA))}."
            )
    camera = {**DEFAULT_CAMERA, **settings}
    check_choice("camera['view']", camera["view"], VIEWS)
    center, height = camera["center"], camera["height"]
    if center is not None:
        if not _is_sequence_of_numbers(center, 3):
            raise InvalidArgument(
                f"camera['center'] is {quoted(center)}. Expected [x, depth, z] in um, or None to "
                "show the whole cells."
            )
        camera["center"] = [float(value) for value in center]
    if height is not None:
        if not (_is_number(height) and height > 0):
            raise InvalidArgument(
                f"camera['height'] is {quoted(height)}. Expected um above 0, or None to show the "
                "whole cells."
            )
        camera["height"] = float(height)
    for angle in ("yaw", "pitch"):
        if not _is_number(camera[angle]):
            raise InvalidArgument(
                f"camera[{angle!r}] is {quoted(camera[angle])}. Expected degrees."
            )
        camera[angle] = float(camera[angle])
    return camera


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, str | bool) and math.isfinite(value)  # type: ignore[arg-type]  # the test itself
    except (TypeError, OverflowError):
        return False


def _is_sequence_of_numbers(values: Any, length: int) -> bool:
    try:
        return len(values) == length and all(_is_number(value) for value in values)
    except TypeError:
        return False


def as_list(labels: object) -> object:
    """Return one label or several as a list."""
    # What is neither a text nor several is left to the trait, whose error says so.
    several = is_several(labels) and not isinstance(labels, str)
    return [labels] if isinstance(labels, str) else [*labels] if several else labels  # type: ignore[misc]
