"""The order of the cells on an axis: by type, depth, a number, or similarity."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.anatomy.depth import cortical_depth
from microns_widgets.errors import InvalidArgument, TooManyCells, UnknownColumn, quoted, suggestion
from microns_widgets.palette import type_order
from microns_widgets.tables.source import has_depth

# scipy's hierarchical clustering keeps all pairs of rows: 8 bytes x n^2 / 2.
_MAX_CLUSTERED = 4_000


def order_by_column(cells: pd.DataFrame, by: str, source: str = "") -> IntArray:
    """Return the order of the cells by a column or by ``"depth"``; ties keep their order.

    If the source has no depth in the cortex, sorting by depth is an error.

    Raises
    ------
    UnknownColumn
        If there is no such column.
    """
    if by == "depth":
        if not has_depth(source):
            raise InvalidArgument(
                f"The cells of {source} cannot be sorted by depth: it is not known in this "
                "dataset. Sort by a column, 'degree' or 'clustering'."
            )
        keys: npt.NDArray = soma_depths(cells, source)
    elif by not in cells.columns:
        words = ["depth", "degree", "clustering"]
        raise UnknownColumn(
            f"The matrix cannot be sorted by {quoted(by)}."
            f"{suggestion(by, [*words, *cells.columns])} "
            f"Expected one of {', '.join(map(repr, words))}, a list of root ids, or a column: "
            f"{', '.join(cells.columns)}."
        )
    elif is_text(cells[by]):
        names = cells[by].astype(object).where(cells[by].notna(), "").astype(str)
        rank = {name: place for place, name in enumerate(type_order(names))}
        keys = names.map(rank).to_numpy(dtype=np.int64)
    else:
        codes, distinct = pd.factorize(cells[by], sort=True)
        keys = np.where(codes < 0, len(distinct), codes)  # missing values come last
    return np.argsort(keys, kind="stable")


def is_text(column: pd.Series) -> bool:
    """Whether a column holds labels: text, or categories of text."""
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        kind = kind.categories.dtype
    return isinstance(kind, pd.StringDtype) or getattr(kind, "kind", "") == "O"


def soma_depths(cells: pd.DataFrame, source: str) -> FloatArray:
    """Return the depth of each soma below the pia (um), shape (n,); infinity if unknown."""
    columns = [f"pt_position_{axis}" for axis in "xyz"]
    positions = cells[columns].to_numpy(dtype=np.float64)
    depth = np.full(len(cells), np.inf)
    known = np.isfinite(positions).all(axis=1)
    depth[known] = cortical_depth(positions[known], source=source)
    return np.where(np.isnan(depth), np.inf, depth)


def clustered(rows: scipy.sparse.csr_array) -> IntArray:
    """Return an order in which rows with similar partners are next to each other.

    Average linkage on the cosine distance of the square roots of the counts.

    Raises
    ------
    TooManyCells
        If there are more than 4,000 rows.
    """
    n = rows.shape[0]
    if n > _MAX_CLUSTERED:
        raise TooManyCells(
            f"{n:,} cells are too many to cluster, expected at most {_MAX_CLUSTERED:,}. Sort by "
            "type, or `select` fewer cells first."
        )
    if n < 3:
        return np.arange(n)
    # Imported here: scipy's clustering takes a tenth of a second to import, and few need it.
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    # Cosine distance of the rows with the square root of the counts, computed sparsely:
    # a dense 4,000 x 70,000 matrix would take 2 GB.
    root = scipy.sparse.csr_array(rows.astype(np.float64).sqrt())
    norm = np.sqrt(np.asarray(root.multiply(root).sum(axis=1)).ravel())
    scale = scipy.sparse.diags_array(1 / np.where(norm > 0, norm, 1))
    unit = scipy.sparse.csr_array(scale @ root)
    distance = np.clip(1 - (unit @ unit.T).toarray(), 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), method="average", optimal_ordering=n <= 1000)
    return np.asarray(leaves_list(tree), dtype=np.int64)
