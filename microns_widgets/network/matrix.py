"""The connectivity matrix: who connects to whom, over two fixed lists of cells."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from microns_widgets.errors import MatrixError, check_choice
from microns_widgets.network.assemble import like
from microns_widgets.network.ordering import clustered, order_by_column
from microns_widgets.network.shuffle import random_places
from microns_widgets.network.type_summary import TypeSummary, summarise_by_type

if TYPE_CHECKING:
    from matplotlib.axes import Axes

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

#: What a field of the matrix may say of a connection.
VALUES: Mapping[str, str] = {
    "binary": "connected (1) or not (0)",
    "count": "number of synapses",
    "sum": "summed synapse size (voxels)",
    "mean": "mean synapse size (voxels)",
    "max": "largest synapse size (voxels)",
    "log10_sum": "log10 of summed synapse size (voxels)",
}

# A dense frame beyond this many bytes is announced before it is made.
_LARGE_BYTES = 500_000_000


class LargeMatrixWarning(UserWarning):
    """A dense copy of a large matrix is about to be made."""


@dataclass(frozen=True, eq=False)
class ConnectivityMatrix:
    """Connections from the cells of the rows to those of the columns.

    Made by `Connectome.matrix`. Every cell of both lists is there: one without a
    connection is a row of zeros. A matrix never changes; `sort`, `with_value` and
    `select` return new ones that share its numbers.

    Attributes
    ----------
    pre, post : pandas.DataFrame
        One row per presynaptic (row) and postsynaptic (column) cell in the matrix's
        order, indexed by root id, with the cell table's columns. A cell that the
        table does not have has the type ``""``.
    count, total, largest : scipy.sparse.csr_array, shape (rows, columns)
        Number of synapses, summed and largest size (voxels) of each connection. They
        share one structure: what is stored is connected.
    value : str
        Which of `VALUES` the matrix shows.
    source : str
        Where the data come from, for captions.
    """

    pre: pd.DataFrame
    post: pd.DataFrame
    count: sparse.csr_array
    total: sparse.csr_array
    largest: sparse.csr_array
    value: str = "sum"
    source: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.value not in VALUES:
            raise MatrixError(
                f"There is no value {self.value!r}, expected one of {', '.join(VALUES)}."
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

    def with_value(self, value: str) -> ConnectivityMatrix:
        """Return the same connections under another of `VALUES`."""
        return replace(self, value=value)

    @property
    def sparse(self) -> sparse.csr_array:
        """The chosen value of each connection, shape (rows, columns).

        What is stored is connected, even where the value is 0 (log10 of a summed size
        of 1); what is not stored is not connected.
        """
        data: npt.NDArray[Any]
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
        """The chosen value of every connected pair, shape (n connections,)."""
        return np.asarray(self.sparse.data, dtype=np.float64)

    def to_numpy(self, *, no_connection: float | None = None) -> npt.NDArray[Any]:
        """Return a dense array, shape (rows, columns).

        Parameters
        ----------
        no_connection : float, optional
            What stands where there is no connection: 0 by default, and for
            ``log10_sum`` minus infinity, the logarithm of no synapse, since 0 there is
            a connection of summed size 1.

        Warns
        -----
        LargeMatrixWarning
            Before more than 500 MB are filled.
        """
        if no_connection is None:
            no_connection = -np.inf if self.value == "log10_sum" else 0
        values = self.sparse
        kind = np.result_type(values.dtype, np.min_scalar_type(no_connection))
        rows, columns = self.shape
        needed = rows * columns * kind.itemsize
        if needed > _LARGE_BYTES:
            warnings.warn(
                f"A dense matrix of {rows:,} x {columns:,} takes {needed / 1e9:.1f} GB of memory. "
                "`matrix.sparse` holds the same numbers in "
                f"{(values.data.nbytes + values.indices.nbytes) / 1e6:.0f} MB.",
                LargeMatrixWarning,
                stacklevel=2,
            )
        dense = np.full(self.shape, no_connection, dtype=kind)
        pair_rows = np.repeat(np.arange(rows), np.diff(values.indptr))
        dense[pair_rows, values.indices] = values.data
        return dense

    def to_frame(self, *, no_connection: float | None = None) -> pd.DataFrame:
        """Return a dense frame with root ids on both axes; see `to_numpy`."""
        frame = pd.DataFrame(
            self.to_numpy(no_connection=no_connection),
            index=pd.Index(self.pre_ids, name="pre_pt_root_id"),
            columns=pd.Index(self.post_ids, name="post_pt_root_id"),
        )
        frame.attrs["source"] = self.source
        return frame

    def sort(
        self,
        by: str | Sequence[int] | IntArray = "cell_type_auto",
        *,
        axis: str = "both",
        ascending: bool = True,
    ) -> ConnectivityMatrix:
        """Return the matrix in another order.

        Parameters
        ----------
        by : str or sequence of root ids
            A text column of the cell table (types stand in the palette's order: layer
            by layer, then inhibitory, then not neurons), any other of its columns,
            ``"depth"`` (of the soma), ``"degree"`` (number of partners on the cell's
            own axis, most first), ``"clustering"`` (similar rows, or columns, side by
            side), or the root ids themselves in the order wanted.
        axis : {"both", "pre", "post"}
            Which axis is sorted. With ids and ``"both"``, both axes must have them.
        ascending : bool
            False turns the order round.

        Raises
        ------
        MatrixError
            If there is no such column or axis, if the ids are not those of the axis,
            or if more than 4,000 cells are to be clustered.
        """
        if axis not in ("both", "pre", "post"):
            raise MatrixError(f"There is no axis {axis!r}, expected 'both', 'pre' or 'post'.")
        rows, columns = (np.arange(n) for n in self.shape)
        if axis != "post":
            rows = self._order("pre", by)[:: 1 if ascending else -1]
        if axis != "pre":
            columns = self._order("post", by)[:: 1 if ascending else -1]
        return self._taken(rows, columns)

    def select(
        self, pre: npt.ArrayLike | None = None, post: npt.ArrayLike | None = None
    ) -> ConnectivityMatrix:
        """Return the part with these root ids, in their order; all where None is given."""
        rows = self._places("pre", pre) if pre is not None else np.arange(self.shape[0])
        columns = self._places("post", post) if post is not None else np.arange(self.shape[1])
        return self._taken(rows, columns)

    def _order(self, axis: str, by: str | Sequence[int] | IntArray) -> IntArray:
        cells = self.pre if axis == "pre" else self.post
        if not isinstance(by, str):
            places = self._places(axis, by)
            if len(places) != len(cells) or len(np.unique(places)) != len(cells):
                raise MatrixError(
                    f"{len(places)} ids were given to sort {len(cells)} cells, expected each "
                    f"cell of the {axis}synaptic axis once. `select` takes a part of them."
                )
            return places
        if by == "clustering":
            return clustered(self.count if axis == "pre" else self.count.T.tocsr())
        if by == "degree":
            # Most first, as one reads a table of hubs.
            return np.argsort(-self.degree(axis), kind="stable")
        return order_by_column(cells, by)

    def degree(self, axis: str = "pre") -> IntArray:
        """Number of connected partners of each row (``"pre"``) or column (``"post"``)."""
        if axis == "pre":
            return np.diff(self.count.indptr).astype(np.int64)
        return np.bincount(self.count.indices, minlength=self.shape[1])

    def _places(self, axis: str, ids: npt.ArrayLike) -> IntArray:
        cells = self.pre if axis == "pre" else self.post
        wanted = np.asarray(ids, dtype=np.int64).ravel()
        places = cells.index.get_indexer(pd.Index(wanted))
        if (places < 0).any():
            raise MatrixError(
                f"Root id {wanted[places < 0][0]} is not on the {axis}synaptic axis of this "
                f"matrix ({len(cells):,} cells). Make a matrix with it: con.matrix(pre=..., "
                "post=...)."
            )
        return np.asarray(places, dtype=np.int64)

    def _taken(self, rows: IntArray, columns: IntArray) -> ConnectivityMatrix:
        structure = like(self.count, np.arange(self.n_connections))
        taken = structure[rows][:, columns]
        taken.sort_indices()
        return replace(
            self,
            pre=self.pre.iloc[rows],
            post=self.post.iloc[columns],
            count=like(taken, self.count.data[taken.data]),
            total=like(taken, self.total.data[taken.data]),
            largest=like(taken, self.largest.data[taken.data]),
        )

    def shuffled(self, rng: np.random.Generator, *, keep: str = "degrees") -> ConnectivityMatrix:
        """Return a random network of the same cells, to compare this one with.

        Synapses of a cell onto itself stay as they are, and none comes to be.

        Parameters
        ----------
        rng : numpy.random.Generator
            Where chance comes from: ``np.random.default_rng(7)``.
        keep : {"degrees", "density"}
            ``"density"`` keeps the number of connections alone: every pair of two cells is
            equally probable, and strengths are dealt out anew (a random network in the
            sense of Erdős and Rényi). ``"degrees"`` also keeps how many partners each cell
            has on its axis; a presynaptic cell keeps the strengths of its connections, and
            deals them out anew among its new partners.

        Raises
        ------
        ValueError
            If another `keep` is given.

        Notes
        -----
        Degrees are kept by trades of partners between rows (Strona et al., all rows at once
        as Carstens et al. do), which reach in fewer steps what swaps of the ends of two
        connections do (Maslov and Sneppen). Since no cell may come to contact itself, a few
        tiny matrices have random networks that no trade reaches, such as the other way round
        a ring of three.

        References
        ----------
        * Carstens et al. 2018, doi:10.48550/arXiv.1804.08487
        * Maslov and Sneppen 2002, doi:10.1126/science.1065103
        * Strona et al. 2014, doi:10.1038/ncomms5114

        Examples
        --------
        >>> matrix = con.matrix(autapses=False)
        >>> chance = matrix.shuffled(np.random.default_rng(7), keep="density")
        >>> chance.by_type().probability
        """
        check_choice("keep", keep, ("degrees", "density"))
        own = self.post.index.get_indexer(self.pre.index).astype(np.int64)
        row, column, came_from = random_places(self.count, own, rng, keep=keep)
        new = sparse.coo_array((came_from, (row, column)), shape=self.shape).tocsr()
        new.sort_indices()
        return replace(
            self,
            count=like(new, self.count.data[new.data]),
            total=like(new, self.total.data[new.data]),
            largest=like(new, self.largest.data[new.data]),
        )

    def by_type(self, by: str = "cell_type_auto") -> TypeSummary:
        """Summarise the connections by the types of both cells.

        Parameters
        ----------
        by : str
            A text column of the cell table.

        Returns
        -------
        TypeSummary
            Connection probability, number of synapses and size of each pair of types.
        """
        for cells in (self.pre, self.post):
            if by not in cells.columns:
                raise MatrixError(
                    f"There is no column {by!r}, expected one of {', '.join(cells.columns)}."
                )
        return summarise_by_type(
            self.pre[by], self.post[by], self.count, self.total, source=self.source
        )

    def plot(self, *, by: str | None = "cell_type_auto", ax: Axes | None = None) -> Axes:
        """Draw the matrix as it is sorted, with a strip of types on each axis.

        Parameters
        ----------
        by : str, optional
            Column of the cell table for the colour strips; None draws none.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure without it.
        """
        # matplotlib costs half a second to import: only who draws pays for it.
        from microns_widgets.plots import plot_matrix

        return plot_matrix(
            self.sparse,
            pre_labels=None if by is None else self.pre[by].to_numpy(),
            post_labels=None if by is None else self.post[by].to_numpy(),
            value_label=VALUES[self.value],
            source=self.source,
            ax=ax,
        )


def _log10(sizes: IntArray) -> FloatArray:
    # A size of 0 occurs in principle (it is a count of voxels); its connection exists, so
    # it takes the smallest logarithm rather than that of "no connection".
    return np.log10(np.maximum(sizes, 1))
