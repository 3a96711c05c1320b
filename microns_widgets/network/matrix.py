"""The connectivity matrix: which cells connect to which, for two fixed lists of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets._arguments import checks_methods
from microns_widgets._typing import IntArray
from microns_widgets.errors import MatrixError, check_choice, check_column
from microns_widgets.network.assemble import like
from microns_widgets.network.entries import VALUES, ConnectivityEntries
from microns_widgets.network.motifs import of_same_cells, reciprocal_pairs, triads
from microns_widgets.network.null_kinds import sampler
from microns_widgets.network.ordering import clustered, order_by_column
from microns_widgets.network.type_summary import TypeSummary, summarise_by_type, types_of
from microns_widgets.tables.root_ids import id_array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from microns_widgets.network.null_model import NullModel


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

    def null(
        self,
        kind: str = "degrees",
        n: int = 100,
        seed: int = 0,
        *,
        by: str | None = None,
        bins: int | Sequence[float] | None = None,
    ) -> NullModel:
        """Return random networks of the same cells to compare this one with: a null model.

        Nothing is drawn before it is needed. Autapses (synapses of a cell onto itself) stay as
        they are, and no new ones arise.

        Parameters
        ----------
        kind : {"density", "degrees", "blocks", "distance", "degrees_distance"}
            What each random network keeps, apart from the number of connections:

            * ``"density"``: nothing else. Every pair of cells is equally likely to be connected
              (a random network in the sense of Erdős and Rényi).
            * ``"degrees"``: the number of partners of each row and each column.
            * ``"blocks"``: the number of connections of each pair of types.
            * ``"distance"``: the number of connections in each bin of the distance between the
              two somata, and so the probability of a connection as a function of distance.
            * ``"degrees_distance"``: the number of partners of each row and each column, and
              the number of connections in each bin of distance.
        n : int
            Number of random networks.
        seed : int
            The same seed gives the same networks, and a larger `n` only adds further ones.
        by : str, optional
            For ``"blocks"``: a text column of the cell table; default: ``"cell_type_auto"``.
            Cells without a type form a type of their own.
        bins : int or sequence of float, optional
            For distances: the number of bins, with equally many connections in each, or the
            borders between the bins in um. Default: 10 bins, or fewer if a bin would have fewer
            than 20 connections. Pairs that are farther apart than the longest connection are
            never connected, unless you give borders.

        Returns
        -------
        NullModel
            Compare a number of this matrix with `NullModel.compare`.

        Raises
        ------
        InvalidArgument
            If an argument is impossible, or has no meaning for this kind.
        UnknownColumn
            If the cell table has no column `by`.
        MatrixError
            If distances are to be kept, and the position of a soma is not known.
        TooManyCells
            If distances are to be kept, and there are more than 20 million pairs of cells.

        Notes
        -----
        All networks that keep the same are equally probable. For the kinds that keep degrees
        this is true in the limit of many steps. Rows trade partners (Strona et al.; all rows at
        once as in Carstens et al.), which needs fewer steps than to swap the ends of two
        connections (Maslov and Sneppen), and rings of three cells reverse, which trades alone
        could not do without making an autapse: so each network of the same degrees can be reached
        (Berger and Müller-Hannemann). If distances are kept as well, swaps are made in groups
        in which the changes of the bins cancel. In tiny networks (five cells) this does not always
        reach every network that would fit; in large ones, shuffles are as different from the
        observed network as from each other.

        The numbers and sizes of a connection's synapses travel with it: anywhere for
        ``"density"``, within the block, within the bin of distance, or, if degrees are kept,
        among the connections of the same presynaptic cell.

        References
        ----------
        * Berger and Müller-Hannemann 2010, doi:10.48550/arXiv.0912.0685
        * Carstens et al. 2018, doi:10.48550/arXiv.1804.08487
        * Maslov and Sneppen 2002, doi:10.1126/science.1065103
        * Strona et al. 2014, doi:10.1038/ncomms5114

        Examples
        --------
        >>> matrix = con.matrix(autapses=False)
        >>> null = matrix.null("density", n=20, seed=7)
        >>> null[0].n_connections == matrix.n_connections
        True
        >>> comparison = null.compare("reciprocal_pairs", progress=False)
        """
        # Imported here, because a null model creates matrices.
        from microns_widgets.network.null_model import NullModel

        draws = sampler(kind, self.count, self.pre, self.post, by=by, bins=bins)
        return NullModel(self, kind, n, seed, draws)

    def reciprocal_pairs(self) -> int:
        """Count the pairs of cells that are connected in both directions.

        Returns
        -------
        int
            Each pair is counted once, and autapses are not counted.

        Raises
        ------
        MatrixError
            If rows and columns are not the same cells.

        Examples
        --------
        >>> con.matrix(autapses=False).reciprocal_pairs() > 0
        True
        """
        return reciprocal_pairs(of_same_cells(self.count, self.pre, self.post))

    def triads(self) -> pd.Series:
        """Count the connected groups of three cells by how they are connected.

        Returns
        -------
        pandas.Series of int
            Number of groups of each of the 13 kinds, by their usual names: the numbers of
            reciprocal, one-way and missing pairs, and a letter for the direction (Down, Up,
            Cyclic, Transitive). Autapses do not count.

        Raises
        ------
        MatrixError
            If rows and columns are not the same cells.

        Examples
        --------
        >>> int(con.matrix(autapses=False).triads()["030T"]) > 0
        True
        """
        return triads(of_same_cells(self.count, self.pre, self.post))

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
        return summarise_by_type(
            types_of(self.pre, by),
            types_of(self.post, by),
            self.count,
            self.total,
            source=self.source,
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
