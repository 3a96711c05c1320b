"""The connectivity matrix: which cells connect to which, for two fixed lists of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from microns_widgets._arguments import checks_methods
from microns_widgets._typing import IntArray
from microns_widgets.errors import InvalidArgument, MatrixError, check_choice, check_column
from microns_widgets.network.assemble import like
from microns_widgets.network.entries import VALUES, ConnectivityEntries
from microns_widgets.network.ordering import clustered, order_by_column
from microns_widgets.network.shuffle import random_places
from microns_widgets.network.type_summary import TypeSummary, summarise_by_type
from microns_widgets.tables.root_ids import id_array

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class ConnectivityMatrix(ConnectivityEntries):
    """Connections from the cells of the rows to those of the columns.

    `Connectome.matrix` creates it. Every cell of both lists is included; one without a
    connection is a row or column of zeros. A matrix never changes: `sort`, `with_value` and
    `select` return new matrices that share its numbers.

    Attributes
    ----------
    pre, post : pandas.DataFrame
        One row per presynaptic (row) and postsynaptic (column) cell in the matrix's
        order, indexed by root id, with the cell table's columns. A cell that is not in
        the table has the type ``""``.
    count, total, largest : scipy.sparse.csr_array, shape (rows, columns)
        Number of synapses, summed and largest size (voxels) of each connection. They
        share one structure: each stored entry is a connected pair.
    value : str
        What the entries represent: one of `VALUES`.
    source : str
        Where the data come from, for captions.

    Examples
    --------
    >>> matrix = con.matrix(con.select(cell_type="MC", proofread=True), value="count")
    >>> matrix
    <ConnectivityMatrix 18 x 18, ... connections, value='count'>
    """

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
            A text column of the cell table (types follow the palette's order: excitatory
            layer by layer, inhibitory, non-neuronal), any other of its columns,
            ``"depth"`` (of the soma), ``"degree"`` (number of partners on the cell's
            own axis, most first), ``"clustering"`` (similar rows, or columns, next to
            each other), or the root ids themselves in the desired order.
        axis : {"both", "pre", "post"}
            Which axis is sorted. With ids and ``"both"``, both axes must have them.
        ascending : bool
            False reverses the order.

        Returns
        -------
        ConnectivityMatrix

        Raises
        ------
        UnknownColumn
            If there is no such column.
        InvalidArgument
            If `axis` has another value, or if cells whose depth in the cortex is not known are
            to be sorted by depth.
        MatrixError
            If the ids are not those of the axis, each once.
        InvalidRootIds
            If the ids are not whole numbers.
        TooManyCells
            If more than 4,000 cells are to be clustered.

        Examples
        --------
        >>> by_depth = con.matrix().sort("depth", axis="pre")
        """
        check_choice("axis", axis, ("both", "pre", "post"))
        rows, columns = (np.arange(n) for n in self.shape)
        if axis != "post":
            rows = self._order("pre", by)[:: 1 if ascending else -1]
        if axis != "pre":
            columns = self._order("post", by)[:: 1 if ascending else -1]
        return self._part(rows, columns)

    def select(
        self, pre: npt.ArrayLike | None = None, post: npt.ArrayLike | None = None
    ) -> ConnectivityMatrix:
        """Return the part of the matrix with these cells, in this order.

        Parameters
        ----------
        pre, post : array_like of int, optional
            Root ids of the rows and columns; default: all.

        Returns
        -------
        ConnectivityMatrix

        Raises
        ------
        MatrixError
            If an id is not on its axis.
        InvalidRootIds
            If the ids are not whole numbers.

        Examples
        --------
        >>> matrix = con.matrix()
        >>> matrix.select(post=matrix.post_ids[:10]).shape
        (336, 10)
        """
        rows = self._places("pre", pre) if pre is not None else np.arange(self.shape[0])
        columns = self._places("post", post) if post is not None else np.arange(self.shape[1])
        return self._part(rows, columns)

    def _order(self, axis: str, by: str | Sequence[int] | IntArray) -> IntArray:
        cells = self.pre if axis == "pre" else self.post
        if not isinstance(by, str):
            places = self._places(axis, by)
            if len(places) != len(cells) or len(np.unique(places)) != len(cells):
                raise MatrixError(
                    f"{len(places)} ids were given to sort {len(cells)} cells, expected each "
                    f"cell of the {axis}synaptic axis once. To keep only some of the cells, use "
                    "`select`."
                )
            return places
        if by == "clustering":
            return clustered(self.count if axis == "pre" else self.count.T.tocsr())
        if by == "degree":
            # Most first: hubs are what people look for.
            return np.argsort(-self.degree(axis), kind="stable")
        return order_by_column(cells, by, self.source)

    def _places(self, axis: str, ids: npt.ArrayLike) -> IntArray:
        cells = self.pre if axis == "pre" else self.post
        numbers = id_array(ids, axis)
        places = cells.index.get_indexer(pd.Index(numbers))
        if (places < 0).any():
            raise MatrixError(
                f"Root id {numbers[places < 0][0]} is not on the {axis}synaptic axis of this "
                f"matrix ({len(cells):,} cells). Make a matrix that contains it: "
                "con.matrix(pre=..., post=...)."
            )
        return np.asarray(places, dtype=np.int64)

    def _part(self, rows: IntArray, columns: IntArray) -> ConnectivityMatrix:
        structure = like(self.count, np.arange(self.n_connections))
        part = structure[rows][:, columns]
        part.sort_indices()
        return replace(
            self,
            pre=self.pre.iloc[rows],
            post=self.post.iloc[columns],
            count=like(part, self.count.data[part.data]),
            total=like(part, self.total.data[part.data]),
            largest=like(part, self.largest.data[part.data]),
        )

    def shuffled(self, rng: np.random.Generator, *, keep: str = "degrees") -> ConnectivityMatrix:
        """Return a random network of the same cells to compare this one with.

        Autapses (synapses of a cell onto itself) stay as they are, and no new ones arise.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of randomness, such as ``np.random.default_rng(7)``.
        keep : {"degrees", "density"}
            ``"density"`` preserves only the number of connections: every pair of cells is
            equally likely to be connected, and strengths are permuted (a random network in
            the sense of Erdős and Rényi). ``"degrees"`` also preserves the number of partners
            of each row and column; a presynaptic cell keeps the strengths of its
            connections, permuted among its new partners.

        Returns
        -------
        ConnectivityMatrix

        Raises
        ------
        InvalidArgument
            If `keep` is neither of the two.

        Notes
        -----
        Degrees are preserved by trades of partners between rows (Strona et al.; all rows at
        once as in Carstens et al.), which need fewer steps than swaps of the ends of two
        connections (Maslov and Sneppen). Since new autapses are not allowed, trades cannot
        reach every network of the same degrees: a directed ring of three cells (A to B to C to A)
        never reverses if the matrix has no other connections.

        References
        ----------
        * Carstens et al. 2018, doi:10.48550/arXiv.1804.08487
        * Maslov and Sneppen 2002, doi:10.1126/science.1065103
        * Strona et al. 2014, doi:10.1038/ncomms5114

        Examples
        --------
        >>> matrix = con.matrix(autapses=False)
        >>> chance = matrix.shuffled(np.random.default_rng(7), keep="density")
        >>> chance.n_connections == matrix.n_connections
        True
        """
        check_choice("keep", keep, ("degrees", "density"))
        own = self.post.index.get_indexer(self.pre.index).astype(np.int64)
        row, column, origin = random_places(self.count, own, rng, keep=keep)
        new = scipy.sparse.coo_array((origin, (row, column)), shape=self.shape).tocsr()
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

        Raises
        ------
        UnknownColumn
            If the cell table has no such column.
        InvalidArgument
            If the column does not contain text.

        Examples
        --------
        >>> summary = con.matrix(autapses=False).by_type("coarse_cell_type_auto")
        >>> bool(summary.probability.loc["I", "E"] > summary.probability.loc["E", "E"])
        True
        """
        for cells in (self.pre, self.post):
            check_column(by, cells.columns)
            if pd.api.types.is_numeric_dtype(cells[by]) and cells[by].dtype.kind != "b":
                raise InvalidArgument(
                    f"by={by!r} is a column of numbers, expected labels. Group it first: "
                    f"cells[{by!r}] = pandas.cut(cells[{by!r}], 5).astype(str)."
                )
        return summarise_by_type(
            self.pre[by], self.post[by], self.count, self.total, source=self.source
        )

    def plot(self, *, by: str | None = "cell_type_auto", ax: Axes | None = None) -> Axes:
        """Draw the matrix in its current order, with a strip of types on each axis.

        Parameters
        ----------
        by : str, optional
            Column of the cell table for the colour strips; None for no strips.
        ax : matplotlib.axes.Axes, optional
            Where to draw; default: a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            In units of cells, with row 0 and column 0 at the top left.

        Raises
        ------
        UnknownColumn
            If the cell table has no column `by`.

        Examples
        --------
        >>> ax = con.matrix(value="count").sort().plot()
        """
        if by is not None:
            for cells in (self.pre, self.post):
                check_column(by, cells.columns)
        # matplotlib takes half a second to import: only those who draw pay for it.
        from microns_widgets.plots import plot_matrix

        if by is not None:
            check_column(by, self.pre.columns)
        return plot_matrix(
            self.sparse,
            pre_labels=None if by is None else self.pre[by].to_numpy(),
            post_labels=None if by is None else self.post[by].to_numpy(),
            value_label=VALUES[self.value],
            source=self.source,
            ax=ax,
        )
