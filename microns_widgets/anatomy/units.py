"""The unit of a skeleton: what a file says of it, and which sizes a neuron can have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from microns_widgets._typing import FloatArray
from microns_widgets.errors import InvalidArgument, SkeletonError, suggestion

#: Micrometres in each unit.
UNITS: Mapping[str, float] = {"nm": 1e-3, "um": 1.0, "mm": 1e3}
_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("nm", "nanometer", "nanometers", "nanometre", "nanometres"), "nm"),
    **dict.fromkeys(
        ("um", "µm", "μm", "micron", "microns", "micrometer", "micrometers", "micrometre",
         "micrometres"), "um"),
    **dict.fromkeys(("mm", "millimeter", "millimeters", "millimetre", "millimetres"), "mm"),
}  # fmt: skip
_VOXELS = {"voxel", "voxels", "pixel", "pixels", "px"}
_UNIT = re.compile(
    r"""\bunits?\b["']?\s*(?:[:=]|\bis\b|\bare\b|\bin\b)?\s*["'(]*\s*(?P<n>\d*\.?\d+)?\s*(?P<unit>[a-zµμ]+)""",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\bSCALE\b[\s:=]+(?P<factors>[-+.\deE]+(?:[\s,]+[-+.\deE]+){0,2})", re.IGNORECASE
)

#: No neuron is larger (um): the longest axons of a mouse's brain span 2 cm.
_MAX_EXTENT, _MAX_RADIUS = 40_000.0, 100.0
#: No neuron is smaller (um), and none has only branches thinner than this.
_MIN_EXTENT, _SMALL_EXTENT, _MIN_RADIUS = 0.2, 5.0, 0.015


def unit_factor(unit: str) -> float:
    """Return the micrometres in a unit that a caller names: ``"nm"``, ``"um"`` or ``"mm"``."""
    if _NAMES.get(str(unit).casefold()) is None:
        raise InvalidArgument(
            f"unit={unit!r} is not possible.{suggestion(unit, UNITS)} Expected one of "
            f"{', '.join(map(repr, UNITS))}. If they are voxels, multiply them by the voxels' size "
            "in nm first."
        )
    return UNITS[_NAMES[str(unit).casefold()]]


def declared_scale(comments: Iterable[str], name: str) -> FloatArray | None:
    """Return the micrometres per number along x, y and z that a header declares, if it does.

    Parameters
    ----------
    comments : iterable of str
        The header's lines: ``units: 1 nanometer``, ``# SCALE 1.0 1.0 1.0``.
    name : str
        Name of the file, for the error.

    Raises
    ------
    SkeletonError
        If it declares voxels, whose size it does not tell, or contradicts itself.
    """
    scales = []
    for comment in comments:
        unit = _UNIT.search(comment)
        if unit and unit["unit"].casefold() in _VOXELS:
            raise SkeletonError(
                f"{name}: its header says that positions are in voxels, and not how large these "
                'are. Multiply them by the voxels\' size in nm, and read with unit="nm".'
            )
        if unit and unit["unit"].casefold() in _NAMES:
            factor = UNITS[_NAMES[unit["unit"].casefold()]]
            scales.append(np.full(3, float(unit["n"] or 1) * factor))
        scale = _SCALE.search(comment)
        if scale:
            factors = [float(word) for word in re.split(r"[\s,]+", scale["factors"].strip())]
            if len(factors) in (1, 3) and all(factor > 0 for factor in factors):
                scales.append(np.broadcast_to(np.array(factors), 3).astype(np.float64))
    distinct = {tuple(scale) for scale in scales}
    if len(distinct) > 1:
        raise SkeletonError(
            f'{name}: its header declares two units. Say which is right: unit="nm" or unit="um".'
        )
    return scales[0] if scales else None


def check_size(vertices_um: FloatArray, radius_um: FloatArray, name: str) -> None:
    """Raise `SkeletonError` if no neuron has such extents or radii, with the unit that fits.

    Parameters
    ----------
    vertices_um : numpy.ndarray, shape (n, 3)
        Positions in um, as they were read.
    radius_um : numpy.ndarray, shape (n,)
        Radii in um; 0 where unknown.
    name : str
        Name of the file, or of the argument.
    """
    extent = float(np.ptp(vertices_um, axis=0).max(initial=0.0))
    radius = float(radius_um.max(initial=0.0))
    if extent > _MAX_EXTENT:
        raise SkeletonError(f"{name}: no neuron spans {extent:,.0f} um. {_cure(extent, radius)}")
    if radius > _MAX_RADIUS:
        raise SkeletonError(
            f"{name}: no neuron has a radius of {radius:,.0f} um. {_cure(extent, radius)}"
        )
    tiny = extent < _MIN_EXTENT or (extent < _SMALL_EXTENT and 0 < radius < _MIN_RADIUS)
    if tiny and extent > 0:
        raise SkeletonError(
            f"{name}: no neuron spans {1000 * extent:,.3g} nm. The numbers are probably um that "
            'were read as nm: read them with unit="um".'
        )


def _cure(extent: float, radius: float) -> str:
    """Name the unit with which extent and soma come out as a neuron's."""
    fits = [
        nm
        for nm in (1, 4, 8)
        if 5 <= extent * nm / 1000 <= 20_000 and (radius == 0 or 1.5 <= radius * nm / 1000 <= 25)
    ]
    if 1 in fits:
        return 'The numbers look like nm: read them with unit="nm".'
    if fits:
        return (
            f"The numbers look like voxels of {' or '.join(map(str, fits))} nm: multiply them by "
            'the voxel size in nm, and read them with unit="nm".'
        )
    return 'Find out what the numbers are, and multiply them so that unit="nm" or "um" is right.'
