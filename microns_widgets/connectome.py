"""The connectome: cells and their synapses, indexed by cell, with skeletons on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets.anatomy.skeleton import Skeleton, Skeletons
from microns_widgets.errors import SkeletonNotFound, check_choice
from microns_widgets.network.assemble import connection_matrices, sum_by_partner
from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.synapses.index import SynapseIndex, build_index
from microns_widgets.tables.cell_filter import CellFilter, Choice, Proofread
from microns_widgets.tables.cells import CellTable
from microns_widgets.tables.reading import read_cells, read_synapse_table
from microns_widgets.tables.root_ids import distinct_ids, id_array, one_id, unknown_cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

IntArray = npt.NDArray[np.int64]


class Connectome:
    """Cells, the synapses between them, and their skeletons.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cell table (`tables.CELL_COLUMNS`), positions in nm.
    synapses : pandas.DataFrame or SynapseIndex
        The synapse table (`tables.SYNAPSE_COLUMNS`), positions in nm, or its index.
    skeletons : mapping of int to Skeleton, optional
        Anything that gives a skeleton for a root id.
    source : str, optional
        Where the data come from; stands in the corner of each figure.

    Raises
    ------
    TableError
        If one of the tables is not what it should be.

    Examples
    --------
    >>> import microns_widgets as mw
    >>> con = mw.load(quiet=True)
    >>> cell = con.select(cell_type="BC", proofread=True)[0]
    >>> len(con.outputs(cell)) > 0
    True
    """

    def __init__(
        self,
        cells: pd.DataFrame,
        synapses: pd.DataFrame | SynapseIndex,
        skeletons: Skeletons | None = None,
        *,
        source: str = "",
    ) -> None:
        self.source = source
        self._cells = CellTable(self._marked(read_cells(cells)))
        if isinstance(synapses, SynapseIndex):
            self._index = synapses
        else:
            self._index = build_index(read_synapse_table(synapses))
        self._skeletons: Skeletons = {} if skeletons is None else skeletons

    def __repr__(self) -> str:
        return (
            f"<Connectome {len(self._cells.frame):,} cells, {len(self._index):,} synapses"
            f"{', ' + self.source if self.source else ''}>"
        )

    @property
    def cells(self) -> pd.DataFrame:
        """The cell table; a copy each time, yours to change."""
        return self._cells.frame.copy()

    @property
    def synapses(self) -> pd.DataFrame:
        """The whole synapse table, sorted by postsynaptic cell, presynaptic cell and size.

        It may be memory-mapped and then cannot be written to: take a ``.copy()`` first.
        """
        return self._marked(pd.DataFrame(dict(self._index.columns), copy=False))

    @property
    def root_ids(self) -> IntArray:
        """Root ids of all cells in table order, 0 left out."""
        return self._cells.root_ids.copy()

    def cell(self, root_id: int) -> pd.Series:
        """Row of the cell table for a root id; raises `UnknownCell` if it has none."""
        number = one_id(root_id)
        if number not in self._cells:
            raise unknown_cell(number)
        return pd.Series(self._cells.frame.iloc[self._cells.places([number])[0]])

    def labels(self, root_ids: npt.ArrayLike, by: str = "cell_type_auto") -> npt.NDArray[Any]:
        """A column of the cell table for each root id; ``""`` or NaN for ids without a cell.

        Parameters
        ----------
        root_ids : array_like of int, shape (n,)
            Root ids, repeated as often as you like.
        by : str
            A column of the cell table.

        Returns
        -------
        numpy.ndarray, shape (n,)
        """
        return self._cells.labels(root_ids, by)

    def select(
        self,
        *,
        cell_type: Choice = None,
        cell_type_manual: Choice = None,
        coarse_type: Choice = None,
        region: Choice = None,
        proofread: Proofread = None,
    ) -> IntArray:
        """Root ids of the cells that meet all conditions, in table order, 0 left out.

        Parameters
        ----------
        cell_type, cell_type_manual, coarse_type, region : str or list of str, optional
            Automatic type, manual type, automatic coarse type (``"E"``, ``"I"``,
            ``"NONNEURON"``), visual area.
        proofread : bool, str or list of str, optional
            True: the axon was proofread by any strategy; False: by none; or strategies
            by name, such as ``"axon_fully_extended"``.

        Raises
        ------
        UnknownCell
            If a name does not occur in the table; the message lists those that do.
        """
        return self._cells.select(
            CellFilter(cell_type, cell_type_manual, coarse_type, region, proofread)
        )

    def inputs(
        self, root_id: int, *, autapses: bool = True, unknown: bool = True, **partner: Any
    ) -> pd.DataFrame:
        """Synapses that a cell receives.

        Parameters
        ----------
        root_id : int
            The postsynaptic cell.
        autapses : bool
            False leaves out synapses of the cell onto itself.
        unknown : bool
            False leaves out partners that are not in the cell table.
        **partner
            Conditions on the presynaptic cell, as in `select`: ``cell_type="BC"``,
            ``region="V1"``, ``proofread=True``.

        Returns
        -------
        pandas.DataFrame
            Rows of the synapse table (positions in nm), yours to change. A cell
            without inputs gives a frame without rows.

        Raises
        ------
        UnknownCell
            If the id occurs neither in the cell table nor among the synapses.
        """
        rows = self._index.input_rows(self._known(root_id))
        return self._synapses_of(root_id, rows, "pre_pt_root_id", autapses, unknown, partner)

    def outputs(
        self, root_id: int, *, autapses: bool = True, unknown: bool = True, **partner: Any
    ) -> pd.DataFrame:
        """Synapses that a cell makes; parameters and result as for `inputs`."""
        rows = self._index.output_rows(self._known(root_id))
        return self._synapses_of(root_id, rows, "post_pt_root_id", autapses, unknown, partner)

    def _synapses_of(
        self,
        root_id: int,
        rows: slice | npt.NDArray[Any],
        partner_column: str,
        autapses: bool,
        unknown: bool,
        partner: dict[str, Any],
    ) -> pd.DataFrame:
        frame = self._index.frame(rows)
        if not autapses or not unknown or partner:
            ids = frame[partner_column].to_numpy()
            kept = np.ones(len(frame), dtype=bool)
            if not autapses:
                kept &= ids != root_id
            if not unknown:
                kept &= np.isin(ids, self._cells.root_ids)
            if partner:
                kept &= np.isin(ids, self.select(**partner))
            frame = frame[kept].reset_index(drop=True)
        return self._marked(frame)

    def partners(
        self,
        root_id: int,
        direction: str = "both",
        *,
        by: str = "cell_type_auto",
        autapses: bool = True,
        unknown: bool = True,
        **partner: Any,
    ) -> pd.DataFrame:
        """Connections of a cell: one row per partner, the strongest first.

        Parameters
        ----------
        root_id : int
            The cell.
        direction : {"both", "inputs", "outputs"}
            Which synapses are counted.
        by : str
            Column of the cell table that describes the partner.
        autapses, unknown, **partner
            As for `inputs`.

        Returns
        -------
        pandas.DataFrame
            ``direction`` (``"input"`` or ``"output"``), ``partner_root_id``, the column
            `by`, ``n_synapses`` and ``size_sum`` (voxels).
        """
        check_choice("direction", direction, ("both", "inputs", "outputs"))
        keep = {"autapses": autapses, "unknown": unknown, **partner}
        found = []
        if direction != "outputs":
            found.append(sum_by_partner(self.inputs(root_id, **keep), "pre", "input"))
        if direction != "inputs":
            found.append(sum_by_partner(self.outputs(root_id, **keep), "post", "output"))
        table = pd.concat(found, ignore_index=True)
        table.insert(2, by, self.labels(table["partner_root_id"], by))
        return self._marked(table)

    def skeleton(self, root_id: int) -> Skeleton:
        """A cell's skeleton, in nm; raises `SkeletonNotFound` if there is none."""
        try:
            return self._skeletons[one_id(root_id)]
        except SkeletonNotFound:
            raise
        except KeyError:
            raise SkeletonNotFound(
                f"There is no skeleton of cell {root_id} here. Proofread cells of the sample have "
                "one; for real cells load with a CAVE client, load(1300, client=client), or put "
                "SWC files into the folder's skeletons/."
            ) from None

    def plot(
        self,
        root_id: int,
        *,
        synapses: str = "both",
        color_by: str = "direction",
        ax: Axes | None = None,
    ) -> Axes:
        """Draw a cell's skeleton with its input and output synapses.

        Parameters
        ----------
        root_id : int
            The cell.
        synapses : {"both", "inputs", "outputs", "none"}
            Which synapses are drawn.
        color_by : {"direction", "type", "size"}
            What a synapse's colour shows: input or output, the partner's automatic
            type, or its size.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure without it.
        """
        # matplotlib costs half a second to import: only who draws pays for it.
        from microns_widgets import plots

        check_choice("synapses", synapses, ("both", "inputs", "outputs", "none"))
        inputs = outputs = None
        if synapses in ("both", "inputs"):
            inputs = self._with_types(self.inputs(root_id), "pre")
        if synapses in ("both", "outputs"):
            outputs = self._with_types(self.outputs(root_id), "post")
        return plots.plot_cell(
            self.skeleton(root_id), inputs=inputs, outputs=outputs, color_by=color_by, ax=ax
        )

    def _with_types(self, synapses: pd.DataFrame, side: str) -> pd.DataFrame:
        return synapses.assign(partner_type=self.labels(synapses[f"{side}_pt_root_id"]))

    def between(
        self, pre: int | npt.ArrayLike, post: int | npt.ArrayLike, *, autapses: bool = True
    ) -> pd.DataFrame:
        """Synapses from any of the cells `pre` onto any of the cells `post`.

        Parameters
        ----------
        pre, post : int or array_like of int
            Root ids.
        autapses : bool
            False leaves out synapses of a cell onto itself.

        Returns
        -------
        pandas.DataFrame
            Rows of the synapse table, those of one connection together.
        """
        rows, _, _ = self._index.rows_between(
            np.unique(id_array(pre, "pre")), np.unique(id_array(post, "post"))
        )
        frame = self._index.frame(rows)
        if not autapses:
            own = frame["pre_pt_root_id"] == frame["post_pt_root_id"]
            frame = frame[~own].reset_index(drop=True)
        return self._marked(frame)

    def degrees(self) -> pd.DataFrame:
        """Synapses and partners of every cell, in both directions.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``pt_root_id`` (0 left out), in table order: ``n_inputs``,
            ``n_outputs`` (synapses), ``n_input_partners``, ``n_output_partners``. As far
            as the synapse table goes: the workshop's has all synapses of proofread
            cells only.
        """
        ids = self._cells.root_ids
        table = self._index.degrees(ids)
        return self._marked(pd.DataFrame(table, index=pd.Index(ids, name="pt_root_id")))

    def matrix(
        self,
        pre: npt.ArrayLike | None = None,
        post: npt.ArrayLike | None = None,
        value: str = "sum",
        *,
        autapses: bool = True,
    ) -> ConnectivityMatrix:
        """Connections from the cells `pre` (rows) to the cells `post` (columns).

        Parameters
        ----------
        pre : array_like of int, optional
            Root ids of the rows, in order; all proofread cells without it.
        post : array_like of int, optional
            Root ids of the columns; those of the rows without it.
        value : str
            ``"binary"``, ``"count"``, ``"sum"``, ``"mean"``, ``"max"`` (sizes in voxels) or
            ``"log10_sum"``; the matrix can show the others later.
        autapses : bool
            False leaves out synapses of a cell onto itself.

        Returns
        -------
        ConnectivityMatrix
            With every id given, whether it has a connection or not.

        Raises
        ------
        UnknownCell
            If an id is given twice or is 0.
        """
        pre_ids = self.select(proofread=True) if pre is None else distinct_ids(pre, "pre")
        post_ids = pre_ids if post is None else distinct_ids(post, "post")
        values, at, row, column = self._index.connections_between(pre_ids, post_ids)
        if not autapses:
            other = np.flatnonzero(pre_ids[row] != post_ids[column])
            at, row, column = at[other], row[other], column[other]
        shape = (len(pre_ids), len(post_ids))
        count, total, largest = connection_matrices(values, at, row, column, shape)
        return ConnectivityMatrix(
            self._cells.describe(pre_ids),
            self._cells.describe(post_ids),
            count,
            total,
            largest,
            value,
            self.source,
        )

    def _known(self, root_id: int) -> int:
        number = one_id(root_id)
        if number not in self._cells and not (
            self._index.pre.span(number)[1] or self._index.post.span(number)[1]
        ):
            raise unknown_cell(number)
        return number

    def _marked(self, frame: pd.DataFrame) -> pd.DataFrame:
        frame.attrs["source"] = self.source
        return frame
