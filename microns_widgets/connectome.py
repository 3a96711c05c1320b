"""The connectome: cells, the synapses between them, and their skeletons."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets import palette
from microns_widgets._arguments import checks_methods
from microns_widgets.anatomy.cell_skeletons import CellsWithSkeletons
from microns_widgets.anatomy.of_cells import count_by_compartment
from microns_widgets.anatomy.skeleton import Skeletons
from microns_widgets.citation import Citable
from microns_widgets.errors import InvalidType, check_choice, one_line, quoted
from microns_widgets.synapses.index import SynapseIndex, build_index
from microns_widgets.synapses.of_cells import CellsAndSynapses
from microns_widgets.synapses.target_structure import SynapsesWithTargets, TargetStructures
from microns_widgets.tables.checks import check_same_space
from microns_widgets.tables.nuclei import CellsByNucleus
from microns_widgets.tables.reading import read_cells, read_synapse_table
from microns_widgets.tables.root_ids import distinct_ids
from microns_widgets.tables.tuning import TunedCells

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from microns_widgets.network.matrix import ConnectivityMatrix

#: Synapse tables up to this length are searched for autapses when a connectome is displayed.
_COUNTED = 20_000_000


@checks_methods
class Connectome(
    CellsAndSynapses, CellsWithSkeletons, SynapsesWithTargets, CellsByNucleus, TunedCells, Citable
):
    """Cells, the synapses between them, and their skeletons.

    Parameters
    ----------
    cells : pandas.DataFrame or path
        The cell table, or its file (see `read_cells`); positions in nm.
    synapses : pandas.DataFrame or path or SynapseIndex
        The synapse table, or its file (see `read_synapses`), positions in nm, or its index. An
        optional column ``target_structure`` is used by `with_target_structure`.
    skeletons : mapping of int to Skeleton, optional
        Anything that returns a skeleton for a root id.
    targets : path or pandas.DataFrame, optional
        A table with the columns ``id`` and ``target_structure``, if `synapses` has no such column.
    tuning : path or pandas.DataFrame, optional
        The tuning table: ``nucleus_id``, ``session``, ``scan_idx``, ``unit_id``, ``cc_abs``,
        ``pref_ori``, ``pref_dir`` (degrees) and further columns. It is read when first needed.
    source : str, optional
        Where the data come from; it is written into the corner of each figure.
    any_volume : bool
        Whether any positions in nm are accepted. Default: only positions that are plausible for
        the cubic millimetre of cortex, so that voxels and um are recognised as errors.

    Raises
    ------
    TableError
        If a table does not have the columns or values it should have, or the positions of
        the two tables are not in the same units or space.

    Examples
    --------
    >>> con = mw.load(quiet=True)
    >>> cell = con.select(cell_type="BC", proofread=True)[0]
    >>> cell in con
    True
    >>> len(con.outputs(cell)) > 0
    True
    """

    def __init__(
        self,
        cells: pd.DataFrame | str | PathLike[str],
        synapses: pd.DataFrame | str | PathLike[str] | SynapseIndex,
        skeletons: Skeletons | None = None,
        *,
        source: str = "",
        targets: str | PathLike[str] | pd.DataFrame | None = None,
        tuning: str | PathLike[str] | pd.DataFrame | None = None,
        any_volume: bool = False,
    ) -> None:
        checked = read_cells(cells, any_volume=any_volume)
        for name, table in (("targets", targets), ("tuning", tuning)):
            if not isinstance(table, str | PathLike | pd.DataFrame | None):
                raise InvalidType(
                    f"{name}={quoted(table)} is not a table. Expected a frame, or the path of a "
                    "feather or Parquet file."
                )
        if targets is None and not isinstance(synapses, SynapseIndex):
            targets = synapses
        if not isinstance(synapses, SynapseIndex):
            synapses = build_index(read_synapse_table(synapses, any_volume=any_volume))
        if synapses.loaded and not any_volume:
            check_same_space(checked, synapses.some(), source)
        super().__init__(checked, synapses, source)
        self._skeletons: Skeletons = {} if skeletons is None else skeletons
        self._targets = None if targets is None else TargetStructures.of_table(targets)
        self._tuning_table = tuning

    def __repr__(self) -> str:
        content = f"{len(self._cells.frame):,} cells, {self._index.in_words}"
        return f"<Connectome {content}{', ' + one_line(self.source, 60) if self.source else ''}>"

    def _repr_html_(self) -> str:
        # Few cells of a notebook show a connectome, and all of them load one.
        from microns_widgets.tables.html import tables_html

        # Counting takes 2 ms per million synapses: not worth it for a display of the whole dataset.
        few = self._index.loaded and len(self._index) <= _COUNTED
        autapses = self.n_autapses if few else None
        return tables_html(self._cells.frame, self._index.in_words, autapses, self.source)

    @property
    def n_autapses(self) -> int:
        """Number of autapses in the synapse table: synapses of a cell onto itself.

        Many of them are segmentation errors: where two cells were merged by mistake, the synapses
        between them look like autapses. Tables from the workshop and from `microns data` therefore
        have none, unless they were queried with ``--autapses``; the sample has some.
        """
        return self._index.n_autapses

    def examples(self, by: str = "cell_type_auto") -> pd.Series:
        """Choose one proofread cell of each type: the one with the most outputs.

        Parameters
        ----------
        by : str
            Column of the cell table with the type; cells without one are left out.

        Returns
        -------
        pandas.Series of int64
            Root ids, indexed by type in the palette's order. Of cells with equally many
            outputs the first one in the cell table is chosen.

        Raises
        ------
        UnknownColumn
            If the cell table has no column `by`.

        Examples
        --------
        >>> list(con.examples(by="coarse_cell_type_auto").index)
        ['E', 'I']
        """
        ids = self.select(proofread=True)
        cells = pd.DataFrame({by: self.labels(ids, by), "pt_root_id": ids})
        cells["n_outputs"] = self.degrees().loc[ids, "n_outputs"].to_numpy()
        labelled = cells[cells[by] != ""]
        most_first = labelled.sort_values("n_outputs", ascending=False, kind="stable")
        examples = most_first.drop_duplicates(by).set_index(by)["pt_root_id"]
        return examples.loc[palette.type_order(examples.index)]

    def by_compartment(self, root_id: int) -> pd.DataFrame:
        """Count a cell's inputs and outputs on each part of its skeleton.

        A synapse belongs to the compartment of the nearest vertex of the skeleton. Where an
        axon passes close by a dendrite of its own cell, some of its synapses are counted
        there.

        Parameters
        ----------
        root_id : int
            The cell.

        Returns
        -------
        pandas.DataFrame
            One row for each compartment that the skeleton has (``"soma"``, ``"axon"``,
            ``"dendrite"``, ``"apical dendrite"``, ``"other"``): ``cable_um`` (length in um),
            ``n_inputs``, ``n_outputs``.

        Raises
        ------
        SkeletonNotFound
            If the data source has no skeleton of the cell.
        UnknownCell
            If there is a skeleton, but the id is neither in the cell table nor among the
            synapses.
        InvalidRootIds
            If `root_id` is not a whole number.

        Examples
        --------
        >>> table = con.by_compartment(con.examples()["BC"])
        >>> table["n_outputs"].idxmax()
        'axon'
        """
        skeleton = self.skeleton(root_id)
        synapses = {"n_inputs": self.inputs(root_id), "n_outputs": self.outputs(root_id)}
        return self._with_source(count_by_compartment(skeleton, synapses))

    def proximity(
        self,
        pre: npt.ArrayLike,
        post: npt.ArrayLike,
        within_um: float = 5.0,
        *,
        step_um: float | None = None,
        progress: bool = True,
    ) -> pd.DataFrame:
        """Measure how much axon and dendrite of two cells lie close to each other.

        Peters' rule expects the number of synapses to follow from this proximity alone;
        ``synapses_per_um`` shows how far it does. Distances are between the lines through
        the middle of the branches, not between their surfaces.

        Parameters
        ----------
        pre, post : int or array_like of int
            Root ids of the cells whose axons, and of those whose dendrites are measured.
        within_um : float
            Largest distance in um, 0.1 to 50.
        step_um : float, optional
            Branches are cut into equal pieces of at most this length in um; a piece counts if its
            middle is close enough to the other branch. Default: a tenth of `within_um`. Where a
            branch comes close and leaves again, its length is off by at most one step.
        progress : bool
            Whether a progress bar appears if it takes longer than two seconds.

        Returns
        -------
        pandas.DataFrame
            One row for each pair of two different cells: ``pre_pt_root_id``, ``post_pt_root_id``,
            ``axon_um`` (axon of the first within the distance of dendrites of the second, apical
            dendrites included), ``dendrite_um`` (the reverse), ``n_synapses``, ``n_on_dendrites``
            (those nearest to a dendrite, since proximity to the soma is not measured), and
            ``synapses_per_um`` (``n_on_dendrites / axon_um``; NaN without proximity).

        Raises
        ------
        SkeletonNotFound
            If the data source has no skeleton of a cell.
        SkeletonError
            If a skeleton has no axon, or no dendrites.
        InvalidArgument
            If the distance or the step is out of range, or no two cells differ.
        InvalidRootIds
            If an id is repeated, is 0 or is not a whole number.

        Examples
        --------
        >>> basket, pyramidal = con.examples()[["BC", "23P"]]
        >>> con.proximity(basket, pyramidal, within_um=5)["axon_um"].item() > 0
        True
        """
        pre_ids, post_ids = distinct_ids(pre, "pre"), distinct_ids(post, "post")
        from microns_widgets.anatomy.proximity_table import proximity_table

        table = proximity_table(
            {int(cell): self.skeleton(cell) for cell in pre_ids},
            {int(cell): self.skeleton(cell) for cell in post_ids},
            self.outputs,
            within_um=within_um,
            step_um=step_um,
            progress=progress,
        )
        return self._with_source(table)

    def plot(
        self,
        root_id: int,
        *,
        synapses: Literal["both", "inputs", "outputs", "none"] = "both",
        color_by: Literal["direction", "type", "size"] = "direction",
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
            Where to draw; default: a new figure.

        Returns
        -------
        matplotlib.axes.Axes, in um

        Raises
        ------
        UnknownCell, SkeletonNotFound
            If there is no such cell, or the data source has no skeleton of it.
        InvalidArgument
            If `synapses` or `color_by` has another value.
        InvalidRootIds
            If `root_id` is not a whole number.

        Examples
        --------
        >>> ax = con.plot(con.examples()["MC"], synapses="outputs")
        """
        # matplotlib takes half a second to import: only those who draw pay for it.
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

    def matrix(
        self,
        pre: npt.ArrayLike | None = None,
        post: npt.ArrayLike | None = None,
        value: str | None = None,
        *,
        autapses: bool = True,
    ) -> ConnectivityMatrix:
        """Return the connections from the cells `pre` (rows) to the cells `post` (columns).

        Parameters
        ----------
        pre : array_like of int, optional
            Root ids of the rows, in order; default: all proofread cells.
        post : array_like of int, optional
            Root ids of the columns; default: those of the rows.
        value : str, optional
            ``"binary"``, ``"count"``, ``"sum"``, ``"mean"``, ``"max"`` (sizes in voxels) or
            ``"log10_sum"``; the matrix can show the others later. Default: ``"sum"``, or
            ``"count"`` if synapses have no size.
        autapses : bool
            Whether synapses of a cell onto itself are included.

        Returns
        -------
        ConnectivityMatrix
            With a row for each id of `pre` and a column for each id of `post`, whether the cell
            has connections or not.

        Raises
        ------
        InvalidRootIds
            If an id is repeated, is 0 or is not a whole number.
        InvalidArgument
            If `value` is not one of the above, or needs sizes that the synapses do not have.

        Examples
        --------
        >>> matrix = con.matrix(con.select(cell_type="MC", proofread=True), value="count")
        >>> matrix.shape
        (18, 18)
        """
        # Half of what the package's modules take to import, which load() does not need.
        from microns_widgets.network.assemble import connection_matrices
        from microns_widgets.network.matrix import ConnectivityMatrix

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
            value or ("sum" if self.has_sizes else "count"),
            self.source,
        )
