"""Classes of cell pairs by the distance between their somata."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from microns_widgets._arguments import is_several
from microns_widgets._typing import Array, FloatArray, IntArray
from microns_widgets.errors import InvalidArgument, MatrixError, TooManyCells, quoted

#: Default number of bins, and the fewest connections in one of them.
N_BINS, _FEWEST = 10, 20
# The class of every pair is kept in memory.
_MOST_PAIRS = 20_000_000
_MOST_BINS = 250
_ROWS_AT_A_TIME = 500


def somata_um(cells: pd.DataFrame, axis: str) -> FloatArray:
    """Return the positions of the somata in um, shape (n, 3).

    Raises
    ------
    MatrixError
        If a soma's position is not known.
    """
    columns = [f"pt_position_{one}" for one in "xyz"]
    if not set(columns) <= set(cells.columns):
        raise MatrixError(
            f"The {axis}synaptic cells have no positions: the columns {', '.join(columns)} are "
            "missing. A random network that keeps distances needs them. Keep these columns of the "
            "cell table, or choose another kind, such as 'degrees'."
        )
    positions = cells[columns].to_numpy(dtype=np.float64) / 1000
    unknown = ~np.isfinite(positions).all(axis=1)
    if unknown.any():
        raise MatrixError(
            f"{unknown.sum():,} of the {len(cells):,} {axis}synaptic cells have no known soma "
            f"position, the first is {cells.index.to_numpy()[unknown][0]}. Most often they are "
            "fragments, which are not in the cell table. A random network that keeps distances "
            "needs the position of each cell. Leave these cells out: "
            f"known = matrix.{axis}['pt_position_x'].notna(); "
            f"matrix.select({axis}=matrix.{axis}_ids[known])."
        )
    return positions


def bin_edges(distances: FloatArray, bins: int | Sequence[float] | None) -> FloatArray:
    """Return the borders (um) between the bins.

    Parameters
    ----------
    distances : numpy.ndarray, shape (m,)
        Distance of each observed connection in um.
    bins : int or sequence of float, optional
        Number of bins with equally many connections, or the borders themselves. Default: 10,
        or fewer if a bin would have fewer than 20 connections.

    Returns
    -------
    numpy.ndarray, shape (n bins,)
        The last border of a number of bins is the longest connection: beyond it there is none.
    """
    if bins is None:
        bins = int(np.clip(len(distances) // _FEWEST, 1, N_BINS))
    if isinstance(bins, int | np.integer) and not isinstance(bins, bool):
        if not 1 <= bins <= _MOST_BINS:
            raise InvalidArgument(f"bins={bins} is not possible, expected 1 to {_MOST_BINS}.")
        if len(distances) == 0:
            return np.zeros(0)
        return np.unique(np.quantile(distances, np.linspace(0, 1, int(bins) + 1)[1:]))
    try:
        edges = np.asarray(bins if is_several(bins) else None, dtype=np.float64)
    except (TypeError, ValueError):
        edges = np.full(1, np.nan)
    good = edges.ndim == 1 and 0 < len(edges) <= _MOST_BINS
    if not (good and np.isfinite(edges).all() and (np.diff(edges, prepend=0) > 0).all()):
        raise InvalidArgument(
            f"bins={quoted(bins)} is neither a number of bins nor a list of increasing distances "
            "between them in um, such as bins=[50, 100, 200]."
        )
    return edges


def distance_classes(
    pre: pd.DataFrame,
    post: pd.DataFrame,
    row: IntArray,
    column: IntArray,
    bins: int | Sequence[float] | None,
) -> Array:
    """Return the distance bin of each pair of cells.

    Parameters
    ----------
    pre, post : pandas.DataFrame
        Cells of the rows and of the columns.
    row, column : numpy.ndarray of int, shape (m,)
        The observed connections.
    bins : int or sequence of float, optional
        As for `bin_edges`.

    Returns
    -------
    numpy.ndarray of uint8, shape (rows, columns)
        From 0 for the nearest.

    Raises
    ------
    MatrixError
        If a soma's position is not known.
    TooManyCells
        If there are more than 20 million pairs of cells.
    InvalidArgument
        If the bins are not possible.
    """
    n_pairs = len(pre) * len(post)
    if n_pairs > _MOST_PAIRS:
        raise TooManyCells(
            f"The distances of {len(pre):,} x {len(post):,} cells are too many, expected at most "
            f"{_MOST_PAIRS:,} pairs. `select` fewer cells first, such as those of one type."
        )
    starts, ends = somata_um(pre, "pre"), somata_um(post, "post")
    connected = np.sqrt(((starts[row] - ends[column]) ** 2).sum(axis=1))
    edges = bin_edges(connected, bins)
    classes = np.empty((len(pre), len(post)), dtype=np.uint8)
    for begin in range(0, len(pre), _ROWS_AT_A_TIME):
        part = slice(begin, begin + _ROWS_AT_A_TIME)
        # Axis by axis, as above: the longest connection must be exactly the last border.
        steps = starts[part, None] - ends[None]
        classes[part] = np.searchsorted(edges, np.sqrt((steps**2).sum(axis=2)))
    return classes
