"""The entries of a connectivity matrix: what they represent, sparse and dense."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
import scipy

from microns_widgets._arguments import checks_methods
from microns_widgets._index_type import as_intp
from microns_widgets._typing import Array, FloatArray, IntArray
from microns_widgets.errors import InvalidArgument, MatrixError, check_choice, quoted
from microns_widgets.network.assemble import like
from microns_widgets.network.graph import as_graph
from microns_widgets.tables.source import has_sizes

if TYPE_CHECKING:
    import networkx

#: What a matrix entry can represent.
VALUES: Mapping[str, str] = {
    "binary": "connected (1) or not (0)",
    "count": "number of synapses",
    "sum": "summed synapse size (voxels)",
    "mean": "mean synapse size (voxels)",
    "max": "largest synapse size (voxels)",
    "log10_sum": "log10 of summed synapse size (voxels)",
}

#: Those that need no sizes.
VALUES_WITHOUT_SIZES = ("count", "binary")

# A dense matrix larger than this is created only after a warning.
_LARGE_BYTES = 500_000_000


class LargeMatrixWarning(UserWarning):
    """A dense copy of a large matrix will take much memory."""


@checks_methods
@dataclass(frozen=True, eq=False)
class ConnectivityEntries:
    """The entries of a `ConnectivityMatrix`: its cells, its connections, and their values."""

    pre: pd.DataFrame
    post: pd.DataFrame
    count: scipy.sparse.csr_array
    total: scipy.sparse.csr_array
    largest: scipy.sparse.csr_array
    value: str = "sum"
    source: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        check_choice("value", self.value, VALUES)
        if self.value not in VALUES_WITHOUT_SIZES and not has_sizes(self.source):
            raise InvalidArgument(
                f"value={self.value!r} is not possible: in this dataset ({self.source}) synapses "
                f"have no size. Choose {' or '.join(map(repr, VALUES_WITHOUT_SIZES))}."
            )
        for name in ("pre", "post"):
            if not isinstance(getattr(self, name), pd.DataFrame):
                raise MatrixError(
                    f"{name} is {quoted(getattr(self, name))}, expected one row of the cell table "
                    "for each cell. Create a matrix with con.matrix(pre, post)."
                )
        for name in ("count", "total", "largest"):
            values: Any = getattr(self, name)
            if getattr(values, "shape", None) != self.shape or not scipy.sparse.issparse(values):
                raise MatrixError(
                    f"{name} is {quoted(values)}, expected a sparse array of shape {self.shape}. "
                    "Create a matrix with con.matrix(pre, post)."
                )

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of presynaptic and of postsynaptic cells."""
        return len(self.pre), len(self.post)

    @property
    def pre_ids(self) -> IntArray:
        """Root ids of the rows, in order."""
        return self.pre.index.to_numpy(dtype=np.int64)

    @property
    def post_ids(self) -> IntArray:
        """Root ids of the columns, in order."""
        return self.post.index.to_numpy(dtype=np.int64)

    @property
    def n_connections(self) -> int:
        """Number of connected pairs."""
        return int(self.count.nnz)

    def __repr__(self) -> str:
        rows, columns = self.shape
        return (
            f"<ConnectivityMatrix {rows:,} x {columns:,}, {self.n_connections:,} connections, "
            f"value={self.value!r}>"
        )

    def with_value(self, value: str) -> Self:
        """Return the same connections with another value.

        Parameters
        ----------
        value : {"binary", "count", "sum", "mean", "max", "log10_sum"}
            What the entries represent; sizes are in voxels.

        Returns
        -------
        ConnectivityMatrix

        Raises
        ------
        InvalidArgument
            If `value` is another one, or needs sizes that the synapses do not have.

        Examples
        --------
        >>> int(con.matrix().with_value("binary").to_numpy().max())
        1
        """
        return replace(self, value=value)

    @property
    def sparse(self) -> scipy.sparse.csr_array:
        """The current value of each connection, shape (rows, columns).

        A stored entry is a connected pair, even where its value is 0 (log10 of a summed
        size of 1); pairs that are not stored are not connected.
        """
        data: Array
        match self.value:
            case "binary":
                data = np.ones(self.n_connections, dtype=np.int8)
            case "count":
                data = self.count.data
            case "sum":
                data = self.total.data
            case "mean":
                data = self.total.data / self.count.data
            case "max":
                data = self.largest.data
            case _:
                data = _log10(self.total.data)
        return like(self.count, data)

    def strengths(self) -> FloatArray:
        """Return the current value of every connected pair.

        Returns
        -------
        numpy.ndarray, shape (n connections,)
            Row by row; sizes are in voxels.

        Examples
        --------
        >>> matrix = con.matrix()
        >>> len(matrix.strengths()) == matrix.n_connections
        True
        """
        return np.asarray(self.sparse.data, dtype=np.float64)

    def to_numpy(self, *, no_connection: float | None = None) -> Array:
        """Return the matrix as a dense array.

        Parameters
        ----------
        no_connection : float, optional
            Value where there is no connection; default: 0, and for ``log10_sum`` minus
            infinity, since 0 there means a connection of summed size 1.

        Returns
        -------
        numpy.ndarray, shape (rows, columns)

        Warns
        -----
        LargeMatrixWarning
            Before more than 500 MB are allocated.

        Examples
        --------
        >>> con.matrix(con.select(cell_type="MC", proofread=True)).to_numpy().shape
        (18, 18)
        """
        if no_connection is None:
            no_connection = -np.inf if self.value == "log10_sum" else 0
        values = self.sparse
        kind = np.result_type(values.dtype, np.min_scalar_type(no_connection))
        rows, columns = self.shape
        n_bytes = rows * columns * kind.itemsize
        if n_bytes > _LARGE_BYTES:
            warnings.warn(
                f"A dense matrix of {rows:,} x {columns:,} takes {n_bytes / 1e9:.1f} GB of memory. "
                "`matrix.sparse` holds the same numbers in "
                f"{(values.data.nbytes + values.indices.nbytes) / 1e6:.0f} MB.",
                LargeMatrixWarning,
                stacklevel=3,  # beyond `checks_methods`
            )
        dense = np.full(self.shape, no_connection, dtype=kind)
        pair_rows = np.repeat(np.arange(rows), as_intp(np.diff(values.indptr)))
        dense[pair_rows, values.indices] = values.data
        return dense

    def to_frame(self, *, no_connection: float | None = None) -> pd.DataFrame:
        """Return the matrix as a dense frame with root ids on both axes.

        Parameters
        ----------
        no_connection : float, optional
            As for `to_numpy`.

        Returns
        -------
        pandas.DataFrame, shape (rows, columns)

        Warns
        -----
        LargeMatrixWarning
            Before more than 500 MB are allocated.

        Examples
        --------
        >>> frame = con.matrix(value="count").to_frame()
        >>> by_presynaptic_cell = frame.sum(axis="columns")
        """
        frame = pd.DataFrame(
            self.to_numpy(no_connection=no_connection),
            index=pd.Index(self.pre_ids, name="pre_pt_root_id"),
            columns=pd.Index(self.post_ids, name="post_pt_root_id"),
        )
        frame.attrs["source"] = self.source
        return frame

    def to_networkx(self) -> networkx.DiGraph:
        """Return the matrix as a directed graph of networkx.

        Returns
        -------
        networkx.DiGraph
            Nodes are root ids (int). Their attributes are the text columns of the cell table
            (types, region, proofreading strategy), ``depth_um`` (of the soma), and whether they
            are ``presynaptic`` and ``postsynaptic`` in the matrix; what is not known is left out.
            Edges lead from presynaptic to postsynaptic cells, with ``weight`` (the current value),
            ``n_synapses``, ``size_sum`` and ``size_max`` (voxels, if synapses have sizes). The
            graph has ``source`` and ``value``.

        Raises
        ------
        MissingLibrary
            If networkx is not installed.

        Examples
        --------
        >>> matrix = con.matrix(con.select(cell_type="MC", proofread=True), value="count")
        >>> graph = matrix.to_networkx()
        >>> graph.number_of_nodes(), graph.number_of_edges() == matrix.n_connections
        (18, True)
        """
        return as_graph(self)

    def degree(self, axis: str = "pre") -> IntArray:
        """Count the partners of each cell of an axis.

        Parameters
        ----------
        axis : {"pre", "post"}
            Rows or columns.

        Returns
        -------
        numpy.ndarray of int, shape (n,)
            Number of connected cells on the other axis, in the order of this one.

        Raises
        ------
        InvalidArgument
            If `axis` has another value.

        Examples
        --------
        >>> matrix = con.matrix()
        >>> int(matrix.degree("pre").sum()) == matrix.n_connections
        True
        """
        check_choice("axis", axis, ("pre", "post"))
        if axis == "pre":
            return np.diff(self.count.indptr).astype(np.int64)
        return np.bincount(as_intp(self.count.indices), minlength=self.shape[1]).astype(np.int64)


def _log10(sizes: IntArray) -> FloatArray:
    # A size of 0 is possible (it is a count of voxels). Its connection exists, so it gets the
    # smallest logarithm rather than that of "no connection".
    return np.log10(np.maximum(sizes, 1))
