"""Whether two figures show the same marks, lines or images: by their values, within tolerances.

What is drawn in another order, with more points on the same curve, or on another number of pixels
is the same; what is only near is not.
"""

from __future__ import annotations

import numpy as np

from microns_widgets._index_type import as_intp
from microns_widgets._typing import BoolArray, FloatArray

#: Share of an axis's span within which two values are equal, by default.
EQUAL = 1e-5
#: Values are stored with seven digits.
_STORED = 2e-6
#: Largest distance, as a share of the span, of a point from the straight line between two points
#: of a curve.
_BEND = 1e-3
#: Share of a curve's points, at its ends, that another sampling may leave out.
_ENDS = 0.01
#: Share of the pixels that may differ, at least one pixel.
_PIXELS = 0.005
#: Coordinates beyond this number of tolerances or spans are all alike.
_FAR = 1e15


def tolerance(values: FloatArray, rel: float | None, most: float | None) -> float:
    """Return how much values on an axis may differ.

    Parameters
    ----------
    values : array
        The key's values on the axis.
    rel, most : float or None
        Relative to the span of the values, and absolute; the larger one counts.
    """
    if not values.any():
        return most or EQUAL
    least = _STORED * float(np.abs(values).max())
    return max((EQUAL if rel is None else rel) * float(np.ptp(values)), most or 0.0, least)


def unequal_marks(own: FloatArray, key: FloatArray) -> int:
    """Return how many marks of either side have no equal on the other, in any order.

    Parameters
    ----------
    own, key : array, shape (n, d)
        Coordinates in units of the tolerance.
    """
    # scipy.spatial takes a tenth of a second to import, and only figures need it.
    from scipy.spatial import KDTree

    if not key.shape[1]:
        return abs(len(own) - len(key))
    # A forged coordinate may be far outside.
    own, key = (np.clip(one, -_FAR, _FAR) for one in (own, key))
    if not len(own) or not len(key):
        return len(own) + len(key)
    far = 0
    for these, those in ((own, key), (key, own)):
        distance, _ = KDTree(these).query(those, p=np.inf, distance_upper_bound=2)
        far += int(np.count_nonzero(np.asarray(distance) > 1.001))
    return max(far, _surplus(own, key))


def _surplus(own: FloatArray, key: FloatArray) -> int:
    """Return how many marks are too many or too few at each place."""
    both = np.concatenate([own, key])
    places = np.zeros(both.shape, dtype=np.int64)
    for axis in range(both.shape[1]):
        order = np.argsort(both[:, axis])
        # Values closer than the tolerance are one: it is far smaller than usual distances.
        steps = np.diff(both[order, axis], prepend=both[order[0], axis]) > 1.001
        places[order, axis] = np.cumsum(steps)
    _, place = np.unique(places, axis=0, return_inverse=True)
    place = place.ravel()
    counts = [
        np.bincount(as_intp(one), minlength=place.max() + 1) for one in np.split(place, [len(own)])
    ]
    return int(np.abs(counts[0] - counts[1]).sum())


def same_line(key: FloatArray, own: FloatArray, equal: FloatArray) -> bool:
    """Return whether two lines are the same curve, possibly with more or fewer points.

    Parameters
    ----------
    key, own : array, shape (n, 2)
        Their points.
    equal : array, shape (2,)
        Tolerance on each axis.
    """
    if len(key) < 2 or len(own) < 2:
        return len(key) == len(own) and bool((np.abs(key - own) <= equal).all())
    low, span = key.min(axis=0), np.ptp(key, axis=0)
    span = np.where(span > 0, span, np.maximum(equal, 1e-300))
    ours, theirs = (np.clip((line - low) / span, -_FAR, _FAR) for line in (key, own))
    if max(np.abs(ours.min(0) - theirs.min(0)).max(), np.abs(ours.max(0) - theirs.max(0)).max()) > (
        0.02 + float((equal / span).max())
    ):
        return False
    if not _equal_where_both_have_points(key, own, equal):
        return False
    slack = float((equal / span).max())
    return _lies_on(theirs, ours, slack) and _lies_on(ours, theirs, slack)


def _equal_where_both_have_points(key: FloatArray, own: FloatArray, equal: FloatArray) -> bool:
    """Compare two curves over the same values of x, if each has one value of y for each x."""
    key, own = (line if line[0, 0] <= line[-1, 0] else line[::-1] for line in (key, own))
    if any((np.diff(line[:, 0]) <= equal[0]).any() for line in (key, own)):
        return True
    after = np.clip(np.searchsorted(key[:, 0], own[:, 0]), 1, len(key) - 1)
    nearer = np.abs(key[after, 0] - own[:, 0]) < np.abs(key[after - 1, 0] - own[:, 0])
    place = np.where(nearer, after, after - 1)
    apart = np.abs(key[place] - own)
    slopes = np.abs(np.diff(key[:, 1]) / np.diff(key[:, 0]))
    steepest = np.maximum(slopes[np.maximum(place - 1, 0)], slopes[np.minimum(place, len(key) - 2)])
    shared = apart[:, 0] <= equal[0]
    return bool((apart[:, 1] <= equal[1] * 1.001 + apart[:, 0] * steepest)[shared].all())


def _lies_on(points: FloatArray, line: FloatArray, slack: float) -> bool:
    """Return whether points lie on a line, or as far from it as its own curve explains."""
    starts, along = line[:-1], np.diff(line, axis=0)
    bend = np.zeros(len(line))
    bend[1:-1] = np.linalg.norm(line[1:-1] - (line[:-2] + line[2:]) / 2, axis=1)
    bends = np.minimum(np.maximum(bend[:-1], bend[1:]) / 2, _BEND)
    length = np.maximum((along**2).sum(axis=1), 1e-300)
    off = np.zeros(len(points), dtype=bool)
    rows = max(1, 1_000_000 // len(starts))
    for first in range(0, len(points), rows):
        offset = points[first : first + rows, None] - starts[None]
        part = np.clip((offset * along).sum(axis=2) / length, 0, 1)
        distance = np.linalg.norm(offset - part[..., None] * along, axis=2)
        off[first : first + rows] = (distance > slack * 1.5 + bends).all(axis=1)
    ends = int(np.ceil(len(points) * _ENDS))
    return not off[ends : len(points) - ends].any() and int(off.sum()) <= ends


def same_values(key: FloatArray, own: FloatArray, equal: float) -> bool:
    """Return whether two small images have the same values; of many, one may be off."""
    if key.shape != own.shape:
        return False
    a, b = (np.nan_to_num(one, nan=0.0, posinf=0.0, neginf=0.0) for one in (key, own))
    off = int((np.abs(a - np.clip(b, a - 2 * equal, a + 2 * equal)) > equal).sum())
    return off <= (max(1, _PIXELS * a.size) if a.size >= 100 else 0)


def same_pattern(key: BoolArray, own: BoolArray) -> bool:
    """Return whether two large images are coloured in the same places.

    If they have different numbers of pixels, each coloured pixel must have one in the other image,
    at most a pixel away, and about as many must be coloured.
    """
    if not key.size or not own.size:
        return key.shape == own.shape
    if key.shape == own.shape:
        return int((key != own).sum()) <= max(1, _PIXELS * int(key.sum()))
    rows, columns = np.minimum(key.shape, own.shape)
    a, b = (_binned(one, int(rows), int(columns)) for one in (key, own))
    if abs(int(a.sum()) - int(b.sum())) > max(1, 0.1 * int(a.sum())):
        return False
    lost = int((a & ~_widened(b)).sum() + (b & ~_widened(a)).sum())
    return lost <= max(1, _PIXELS * int(a.sum()))


def _binned(there: BoolArray, rows: int, columns: int) -> BoolArray:
    binned = np.zeros((rows, columns), dtype=bool)
    i, j = np.nonzero(there)
    binned[i * rows // there.shape[0], j * columns // there.shape[1]] = True
    return binned


def _widened(there: BoolArray) -> BoolArray:
    padded = np.pad(there, 1)
    rows, columns = there.shape
    parts = [padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    return np.asarray(np.logical_or.reduce(parts))
