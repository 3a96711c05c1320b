"""Cells with their synapses: the type of a cell, its inputs, its outputs, its partners."""

from __future__ import annotations

from typing import Literal, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets._arguments import checks_methods, spelled_out
from microns_widgets._typing import Array, IntArray
from microns_widgets.errors import InvalidRootIds, check_choice
from microns_widgets.synapses.index import SynapseIndex
from microns_widgets.synapses.partners import sum_by_partner
from microns_widgets.tables.cell_filter import CellConditions
from microns_widgets.tables.cell_row import CellRow
from microns_widgets.tables.cells import CellTable
from microns_widgets.tables.root_ids import id_array, one_id, unknown_cell
from microns_widgets.tables.source import WithSource


@checks_methods
class CellsAndSynapses(WithSource):
    """The part of a `Connectome` that needs only the two tables, not the skeletons.

    Parameters
    ----------
    cells : pandas.DataFrame
        A checked cell table.
    index : SynapseIndex
        The synapse table, indexed by cell.
    source : str
        Where the data come from, for captions.
    """

    def __init__(self, cells: pd.DataFrame, index: SynapseIndex, source: str) -> None:
        self.source = source
        self._cells = CellTable(self._with_source(cells))
        self._index = index

    def __contains__(self, root_id: object) -> bool:
        """Whether an id is in the cell table or, if loaded, among the synapses; False for 0."""
        try:
            number = one_id(root_id)
        except InvalidRootIds:
            if isinstance(root_id, float | np.floating):
                raise
            return False
        return number in self._cells or any(side.span(number)[1] for side in self._index.sides)

    @property
    def cells(self) -> pd.DataFrame:
        """The cell table; a new copy each time, which you may change."""
        return self._cells.frame.copy()

    @property
    def synapses(self) -> pd.DataFrame:
        """The whole synapse table, sorted by postsynaptic cell, presynaptic cell and size.

        Positions are in nm, sizes in voxels; there is no column ``size`` if the synapses of the
        dataset have none. The table may be memory-mapped and therefore
        read-only: take a ``.copy()`` before you change it.
        If the synapses are not loaded, this and every method that needs them raises
        `SynapsesNotLoaded`.
        """
        return self._with_source(self._index.whole_frame())

    @property
    def synapses_loaded(self) -> bool:
        """Whether there is a synapse table; some releases are opened with their cells only."""
        return self._index.loaded

    @property
    def root_ids(self) -> IntArray:
        """Root ids of all cells in table order, without 0."""
        return self._cells.root_ids.copy()

    def cell(self, root_id: int) -> pd.Series:
        """Return the row of the cell table for a root id.

        Parameters
        ----------
        root_id : int
            The cell.

        Returns
        -------
        pandas.Series
            Indexed by column; positions in nm. A notebook displays links of real cells with it.

        Raises
        ------
        UnknownCell
            If the id is not in the cell table.
        InvalidRootIds
            If `root_id` is not a whole number.

        Examples
        --------
        >>> con.cell(con.root_ids[0])["cell_type_auto"]
        'BC'
        """
        number = one_id(root_id)
        if number not in self._cells:
            raise unknown_cell(number)
        return CellRow.of(self._cells.frame.iloc[self._cells.places([number])[0]], self.source)

    def labels(self, root_ids: npt.ArrayLike, by: str = "cell_type_auto") -> Array:
        """Look up a column of the cell table for each root id.

        Parameters
        ----------
        root_ids : array_like of int, shape (n,)
            Root ids; repeats are fine.
        by : str
            A column of the cell table.

        Returns
        -------
        numpy.ndarray, shape (n,)
            In the column's type; ``""``, NaN, NaT or NA for ids without a cell.

        Raises
        ------
        UnknownColumn
            If the cell table has no such column.
        InvalidRootIds
            If the ids are not whole numbers.

        Examples
        --------
        >>> types = con.labels(con.inputs(con.examples()["BC"])["pre_pt_root_id"])
        """
        return self._cells.labels(root_ids, by)

    @spelled_out(CellConditions)
    def select(self, **conditions: Unpack[CellConditions]) -> IntArray:
        """Return the root ids of the cells that meet all conditions, in table order, without 0.

        Parameters
        ----------
        cell_type, cell_type_manual, coarse_type, region : str or list of str, optional
            Automatic type, manual type, automatic coarse type (``"E"``, ``"I"``,
            ``"NONNEURON"``), visual area.
        proofread : bool, str or list of str, optional
            True: the axon was proofread; False: it was not; or one or several strategies of
            proofreading, such as ``"axon_fully_extended"``.

        Returns
        -------
        numpy.ndarray of int64, shape (n,)

        Raises
        ------
        UnknownLabel
            If a name does not occur in the table; the message lists those that do.
        UnknownArgument
            If there is no such condition; the message suggests the closest one.
        InvalidType
            If a condition is neither a label nor a list of labels.

        Examples
        --------
        >>> basket_cells = con.select(cell_type="BC", proofread=True)
        >>> len(basket_cells)
        28
        """
        return self._cells.select(conditions)

    @spelled_out(CellConditions)
    def inputs(
        self,
        root_id: int,
        *,
        autapses: bool = True,
        unknown: bool = True,
        **partner: Unpack[CellConditions],
    ) -> pd.DataFrame:
        """Return the synapses that a cell receives.

        Parameters
        ----------
        root_id : int
            The postsynaptic cell.
        autapses : bool
            Whether synapses of the cell onto itself are included.
        unknown : bool
            Whether partners that are not in the cell table are included.
        cell_type, cell_type_manual, coarse_type, region, proofread : optional
            Conditions on the presynaptic cell, as in `select`.

        Returns
        -------
        pandas.DataFrame
            Rows of the synapse table (positions in nm), which you may change; no rows for
            a cell without inputs.

        Raises
        ------
        UnknownCell
            If the id is neither in the cell table nor among the synapses.
        InvalidRootIds
            If `root_id` is not a whole number.
        UnknownLabel, UnknownArgument, InvalidType
            If a condition is not valid, as for `select`.

        Examples
        --------
        >>> cell = con.examples()["BC"]
        >>> from_pyramidal_cells = con.inputs(cell, coarse_type="E")
        """
        number = self._checked_id(root_id)
        rows = self._index.input_rows(number)
        return self._synapses_of(number, rows, "pre_pt_root_id", autapses, unknown, partner)

    @spelled_out(CellConditions)
    def outputs(
        self,
        root_id: int,
        *,
        autapses: bool = True,
        unknown: bool = True,
        **partner: Unpack[CellConditions],
    ) -> pd.DataFrame:
        """Return the synapses that a cell makes.

        Parameters
        ----------
        root_id : int
            The presynaptic cell.
        autapses : bool
            Whether synapses of the cell onto itself are included.
        unknown : bool
            Whether partners that are not in the cell table are included.
        cell_type, cell_type_manual, coarse_type, region, proofread : optional
            Conditions on the postsynaptic cell, as in `select`.

        Returns
        -------
        pandas.DataFrame
            Rows of the synapse table (positions in nm), which you may change; no rows for
            a cell without outputs.

        Raises
        ------
        UnknownCell, InvalidRootIds, UnknownLabel, UnknownArgument, InvalidType
            As for `inputs`.

        Examples
        --------
        >>> cell = con.examples()["BC"]
        >>> onto_known_cells = con.outputs(cell, unknown=False)
        """
        number = self._checked_id(root_id)
        rows = self._index.output_rows(number)
        return self._synapses_of(number, rows, "post_pt_root_id", autapses, unknown, partner)

    def _synapses_of(
        self,
        root_id: int,
        rows: slice | Array,
        partner_column: str,
        autapses: bool,
        unknown: bool,
        partner: CellConditions,
    ) -> pd.DataFrame:
        frame = self._index.frame(rows)
        if not autapses or not unknown or partner:
            ids = frame[partner_column].to_numpy()
            mask = np.ones(len(frame), dtype=bool)
            if not autapses:
                mask &= ids != root_id
            if not unknown:
                mask &= np.isin(ids, self._cells.root_ids)
            if partner:
                mask &= np.isin(ids, self._cells.select(partner))
            frame = frame[mask].reset_index(drop=True)
        return self._with_source(frame)

    @spelled_out(CellConditions)
    def partners(
        self,
        root_id: int,
        direction: Literal["both", "inputs", "outputs"] = "both",
        *,
        by: str = "cell_type_auto",
        autapses: bool = True,
        unknown: bool = True,
        **partner: Unpack[CellConditions],
    ) -> pd.DataFrame:
        """Return the connections of a cell: one row per partner, strongest first.

        Parameters
        ----------
        root_id : int
            The cell.
        direction : {"both", "inputs", "outputs"}
            Which synapses are counted.
        by : str
            Column of the cell table that describes the partner.
        autapses, unknown, cell_type, cell_type_manual, coarse_type, region, proofread
            As for `inputs`.

        Returns
        -------
        pandas.DataFrame
            ``direction`` (``"input"`` or ``"output"``), ``partner_root_id``, the column
            `by`, ``n_synapses`` and, if synapses have sizes, ``size_sum`` (voxels).

        Raises
        ------
        InvalidArgument
            If `direction` has another value.
        UnknownColumn
            If the cell table has no column `by`.
        UnknownCell, InvalidRootIds, UnknownLabel, UnknownArgument, InvalidType
            As for `inputs`.

        Examples
        --------
        >>> martinotti = con.examples()["MC"]
        >>> list(con.partners(martinotti, "outputs").columns[:3])
        ['direction', 'partner_root_id', 'cell_type_auto']
        """
        check_choice("direction", direction, ("both", "inputs", "outputs"))
        conditions = {"autapses": autapses, "unknown": unknown, **partner}
        tables = []
        if direction != "outputs":
            tables.append(sum_by_partner(self.inputs(root_id, **conditions), "pre", "input"))  # type: ignore[arg-type]
        if direction != "inputs":
            tables.append(sum_by_partner(self.outputs(root_id, **conditions), "post", "output"))  # type: ignore[arg-type]
        table = pd.concat(tables, ignore_index=True)
        table.insert(2, by, self._cells.column_at(table["partner_root_id"], by))
        return self._with_source(table)

    def between(
        self, pre: int | npt.ArrayLike, post: int | npt.ArrayLike, *, autapses: bool = True
    ) -> pd.DataFrame:
        """Return the synapses from any of the cells `pre` onto any of the cells `post`.

        Parameters
        ----------
        pre, post : int or array_like of int
            Root ids. Ids that do not occur have no synapses.
        autapses : bool
            Whether synapses of a cell onto itself are included.

        Returns
        -------
        pandas.DataFrame
            Rows of the synapse table (positions in nm), those of one connection next to each
            other.

        Raises
        ------
        InvalidRootIds
            If the ids are not whole numbers.

        Examples
        --------
        >>> basket_cells = con.select(cell_type="BC", proofread=True)
        >>> len(con.between(basket_cells, basket_cells, autapses=False)) > 0
        True
        """
        rows, _, _ = self._index.rows_between(
            np.unique(id_array(pre, "pre")), np.unique(id_array(post, "post"))
        )
        frame = self._index.frame(rows)
        if not autapses:
            own = frame["pre_pt_root_id"] == frame["post_pt_root_id"]
            frame = frame[~own].reset_index(drop=True)
        return self._with_source(frame)

    def degrees(self) -> pd.DataFrame:
        """Count the synapses and partners of every cell, in both directions.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``pt_root_id`` (without 0), in table order: ``n_inputs``,
            ``n_outputs`` (synapses), ``n_input_partners``, ``n_output_partners``. Only
            synapses in the synapse table count; the workshop's table is complete only for
            proofread cells.

        Examples
        --------
        >>> degrees = con.degrees().loc[con.select(proofread=True)]
        >>> bool((degrees["n_inputs"] >= degrees["n_input_partners"]).all())
        True
        """
        ids = self._cells.root_ids
        table = self._index.degrees(ids)
        return self._with_source(pd.DataFrame(table, index=pd.Index(ids, name="pt_root_id")))

    def _checked_id(self, root_id: int) -> int:
        number = one_id(root_id)
        if self._index.loaded and number not in self:
            raise unknown_cell(number)
        return number
