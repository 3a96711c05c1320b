"""Cortical depth: from the volume's nm to micrometres below the pia, and back.

The MICrONS volume is tilted by five degrees relative to the pia and begins slightly above it.
Rotation and shift are those of the dataset's package ``standard_transform`` (minnie65 since its
version 1.4); a test compares. The package itself takes half a second to import.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import BoolArray, FloatArray
from microns_widgets.errors import InvalidArgument
from microns_widgets.tables.source import has_depth, source_of

#: Borders of the cortical layers in um below the pia, as (top, bottom), for VISp in
#: minnie65: the depths that put the fewest manually typed excitatory cells of adjacent
#: layers on the wrong side (cell table of version 1300; types of
#: Schneider-Mizell et al. 2025, doi:10.1038/s41586-024-07780-8). Real borders are
#: gradual; these guide the eye.
LAYER_BORDERS_UM: dict[str, tuple[float, float]] = {
    "1": (0.0, 85.0),
    "2/3": (85.0, 245.0),
    "4": (245.0, 365.0),
    "5": (365.0, 505.0),
    "6": (505.0, 730.0),
    "WM": (730.0, 900.0),
}

#: The volume of minnie65 in nm, as (low, high) corners, with 100 um on all sides for branches at
#: its border: positions elsewhere are not in this cortex, and have no depth in it. From the nuclei
#: of version 1300.
VOLUME_NM = ((150_000, 190_000, 500_000), (1_735_000, 1_260_000, 1_210_000))

#: Rotates positions about z, so that the second axis is at right angles to the pia.
_ANGLE = np.deg2rad(5)
_ROTATION: FloatArray = np.array(
    [[np.cos(_ANGLE), -np.sin(_ANGLE), 0], [np.sin(_ANGLE), np.cos(_ANGLE), 0], [0, 0, 1]]
)
#: A point of the pia, in nm.
#: 45 as in the package: the third axis does not change the depth.
_PIA_NM: FloatArray = np.array([183_013, 83_535, 21_480]) * [4, 4, 45]
_SHIFT_NM: FloatArray = np.array([0, -(_ROTATION @ _PIA_NM)[1], 0])
_UM_PER_NM = 0.001


def as_points(positions: npt.ArrayLike) -> FloatArray:
    """Return positions as an array, shape (n, 3); raise `InvalidArgument` for anything else."""
    try:
        points = np.asarray(positions, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidArgument(
            f"positions are not numbers ({error}). Expected shape (n, 3), in nm."
        ) from error
    if points.ndim != 2 or points.shape[1] != 3:
        raise InvalidArgument(f"positions have shape {points.shape}, expected (n, 3), in nm.")
    return points


def to_cortical(positions_nm: npt.ArrayLike) -> FloatArray:
    """Convert positions in the volume to cortical coordinates.

    Parameters
    ----------
    positions_nm : array_like, shape (n, 3)
        Positions in the volume, in nm.

    Returns
    -------
    numpy.ndarray, shape (n, 3)
        Positions in um. The second column is the depth below the pia; the first
        and the third are parallel to it.
    """
    points = as_points(positions_nm)
    if len(points) == 0:
        return points.copy()
    return (points @ _ROTATION.T + _SHIFT_NM) * _UM_PER_NM


def from_cortical(positions_um: npt.ArrayLike) -> FloatArray:
    """Convert cortical coordinates (um, second column: depth) to nm in the volume."""
    points = as_points(positions_um)
    if len(points) == 0:
        return points.copy()
    return (points / _UM_PER_NM - _SHIFT_NM) @ _ROTATION


@checks_arguments
def cortical_depth(positions_nm: npt.ArrayLike, *, source: str = "") -> FloatArray:
    """Return the depth of positions below the pia.

    Parameters
    ----------
    positions_nm : array_like, shape (n, 3)
        Positions in the volume, in nm.
    source : str, optional
        Source of the data, such as ``con.source``, which says whether the dataset has depths.
        Default: the source that `positions_nm` itself records, if it is a frame.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Depth in um; 0 is the pia, larger is deeper. NaN for positions outside the volume of
        minnie65, and for all positions if the dataset has no depths.

    Raises
    ------
    InvalidArgument
        If the positions are not numbers of this shape.

    Examples
    --------
    >>> position = con.cells[["pt_position_x", "pt_position_y", "pt_position_z"]]
    >>> depth = mw.cortical_depth(position)
    >>> depth.shape == (len(con.cells),)
    True
    """
    depth = to_cortical(positions_nm)[:, 1]
    return np.where(in_volume(positions_nm, source), depth, np.nan)


def in_volume(positions_nm: npt.ArrayLike, source: str = "") -> BoolArray:
    """Whether positions (n, 3) in nm are in the volume of minnie65, or at most 100 um outside.

    All are False if the source (default: that of a frame) has no depth in the cortex.
    """
    points = as_points(positions_nm)
    if not has_depth(source or source_of(positions_nm)):
        return np.zeros(len(points), dtype=bool)
    low, high = VOLUME_NM
    return np.asarray(((points >= low) & (points <= high)).all(axis=1))


@checks_arguments
def layer_of(depth_um: npt.ArrayLike) -> npt.NDArray[np.str_]:
    """Return the layer at each depth: ``"1"``, ``"2/3"``, ``"4"``, ``"5"``, ``"6"``, ``"WM"``.

    The layer is ``""`` where the depth is not known (NaN).
    """
    names = np.array(list(LAYER_BORDERS_UM))
    tops = np.array([top for top, _ in LAYER_BORDERS_UM.values()])
    depth = np.asarray(depth_um, dtype=np.float64)
    position = np.searchsorted(tops, depth, side="right") - 1
    return np.where(np.isnan(depth), "", names[np.clip(position, 0, len(names) - 1)])
