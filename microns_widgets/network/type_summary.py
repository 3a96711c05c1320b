"""Connectivity between cell types: probability, number of synapses and size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from microns_widgets._arguments import checks_methods
from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, IntArray
from microns_widgets.errors import InvalidArgument, check_column
from microns_widgets.palette import type_order
from microns_widgets.tables.source import has_sizes


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class TypeSummary:
    """Connections between types; each frame has presynaptic types (rows) by postsynaptic ones.

    A pair of cells is possible if both are on the matrix's axes and they are different
    cells: an autapse does not connect two cells.

    Attributes
    ----------
    pairs_possible, pairs_connected : pandas.DataFrame of int
        Numbers of pairs of cells.
    n_synapses : pandas.DataFrame of int
        Synapses between the two types.
    size_sum : pandas.DataFrame of int
        Their summed size (voxels); 0 if synapses have no size.
    source : str
        Where the data come from, for captions.
    """

    pairs_possible: pd.DataFrame
    pairs_connected: pd.DataFrame
    n_synapses: pd.DataFrame
    size_sum: pd.DataFrame
    source: str = ""

    def __repr__(self) -> str:
        rows, columns = self.pairs_connected.shape
        n = int(self.pairs_connected.to_numpy().sum())
        return f"<TypeSummary {rows} x {columns} types, {n:,} connected pairs>"

    @property
    def probability(self) -> pd.DataFrame:
        """Connected pairs divided by possible pairs; NaN where no pair is possible."""
        return _ratio(self.pairs_connected, self.pairs_possible)

    @property
    def mean_synapses(self) -> pd.DataFrame:
        """Mean number of synapses of a connected pair; NaN where none is connected."""
        return _ratio(self.n_synapses, self.pairs_connected)

    @property
    def mean_size(self) -> pd.DataFrame:
        """Mean size (voxels) of a synapse; NaN without synapses, or if synapses have no size."""
        ratio = _ratio(self.size_sum, self.n_synapses)
        return ratio if has_sizes(self.source) else ratio * np.nan

    def to_frame(self) -> pd.DataFrame:
        """Return one row per pair of types, with all counts and ratios as columns."""
        columns = {
            "pairs_possible": self.pairs_possible,
            "pairs_connected": self.pairs_connected,
            "probability": self.probability,
            "n_synapses": self.n_synapses,
            "mean_synapses": self.mean_synapses,
            "mean_size": self.mean_size,
        }
        return pd.DataFrame({name: frame.stack() for name, frame in columns.items()}).reset_index()


def summarise_by_type(
    pre_types: pd.Series,
    post_types: pd.Series,
    count: scipy.sparse.csr_array,
    total: scipy.sparse.csr_array,
    *,
    source: str = "",
) -> TypeSummary:
    """Count pairs, synapses and sizes by the types of both cells, without autapses.

    Parameters
    ----------
    pre_types, post_types : pandas.Series
        Type of each row and column, indexed by root id.
    count, total : scipy.sparse.csr_array, shape (rows, columns)
        Number of synapses and summed size (voxels) of each connection.
    source : str, optional
        For captions.
    """
    pre_names, pre_code = type_codes(pre_types)
    post_names, post_code = type_codes(post_types)
    shape = (len(pre_names), len(post_names))

    row = np.repeat(np.arange(count.shape[0]), as_intp(np.diff(count.indptr)))
    column = count.indices
    pre_ids = pre_types.index.to_numpy()
    post_ids = post_types.index.to_numpy()
    other = pre_ids[row] != post_ids[column]
    entry_of = (pre_code[row] * shape[1] + post_code[column])[other]

    def per_entry(weights: Array | None = None) -> IntArray:
        weight = None if weights is None else weights[other]
        sums = np.bincount(as_intp(entry_of), weights=weight, minlength=shape[0] * shape[1])
        return np.rint(sums).astype(np.int64).reshape(shape)

    n_pre, n_post = (np.bincount(as_intp(code)).astype(np.int64) for code in (pre_code, post_code))
    possible = np.outer(n_pre, n_post).reshape(shape)
    _, own_row, own_column = np.intersect1d(pre_ids, post_ids, return_indices=True)
    np.subtract.at(possible, (pre_code[own_row], post_code[own_column]), 1)

    def as_frame(values: IntArray) -> pd.DataFrame:
        frame = pd.DataFrame(
            values,
            index=pd.Index(pre_names, name="pre_type"),
            columns=pd.Index(post_names, name="post_type"),
        )
        frame.attrs["source"] = source
        return frame

    return TypeSummary(
        as_frame(possible),
        as_frame(per_entry()),
        as_frame(per_entry(count.data)),
        as_frame(per_entry(total.data)),
        source,
    )


def types_of(cells: pd.DataFrame, by: str) -> pd.Series:
    """Return a column of labels.

    Raises
    ------
    UnknownColumn
        If the cell table has no such column.
    InvalidArgument
        If the column does not contain text.
    """
    check_column(by, cells.columns)
    if pd.api.types.is_numeric_dtype(cells[by]) and cells[by].dtype.kind != "b":
        raise InvalidArgument(
            f"by={by!r} is a column of numbers, expected labels. Group it first: "
            f"cells[{by!r}] = pandas.cut(cells[{by!r}], 5).astype(str)."
        )
    return cells[by]


def type_codes(types: pd.Series) -> tuple[list[str], IntArray]:
    """Return the types in the palette's order, and each cell's place among them.

    Cells of no known type have the type ``""``.
    """
    labels = [str(label) for label in types.astype(object).where(types.notna(), "")]
    names = list(type_order(labels))
    # pandas 2 would merge names that differ only after a NUL character.
    place = {name: code for code, name in enumerate(names)}
    return names, np.array([place[label] for label in labels], dtype=np.int64)


def _ratio(part: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    ratio = part / whole.where(whole > 0)
    ratio.attrs.update(part.attrs)
    return ratio
