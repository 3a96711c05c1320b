"""The matrix explorer: which cells connect, how strongly, and how types connect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import traitlets

from microns_widgets._arguments import checks_methods
from microns_widgets._typing import IntArray
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidType, MatrixError, check_choice, check_column
from microns_widgets.network.entries import VALUES
from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.tables.root_ids import one_id
from microns_widgets.tables.source import has_sizes
from microns_widgets.widgets._base import saves_data
from microns_widgets.widgets._matrix_chance import ComparedWithChance
from microns_widgets.widgets._matrix_data import (
    check_cells,
    checked_order,
    checked_selection,
    matrix_block,
    pair_synapses,
    text_columns,
)
from microns_widgets.widgets._matrix_still import matrix_still
from microns_widgets.widgets._matrix_view import VIEW_TRAITS, View, normal_view, places_of_view
from microns_widgets.widgets._python_code import python_code
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import Flag, Name, OneOf, Pair, RootId, RootIds, Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORMAPS = ("viridis", "cividis", "magma", "plasma", "greys")
#: Orders in addition to the columns of the cell table.
ORDERS = ("given", "own", "depth", "degree", "clustering")
#: Pictures and tables; the names of tables end in ``_table``.
SHOWN = ("cells", "types", "connection_table", "cell_table", "type_table")


@checks_methods
class MatrixExplorer(ComparedWithChance):
    """Explore a connectivity matrix by hand: zoom, order, compare types, choose pairs.

    Rows are presynaptic cells, columns are postsynaptic cells. The mouse or the arrow keys move
    the cross-hair, a click or Enter chooses a `pair`, Shift-dragging selects cells. All traits
    can be read, set and observed in Python.

    Parameters
    ----------
    matrix : ConnectivityMatrix or Connectome
        What to show; for a connectome, the matrix of `pre` and `post`.
    pre, post : array_like of int, optional
        Root ids of the rows and columns, in order. Default for a matrix: all of its cells. For a
        connectome, the default rows are all proofread cells, and the default columns are the
        rows.
    con : Connectome, optional
        The connectome that a matrix comes from, so that the synapses of a pair can be listed.
    save_data : bool, optional
        True writes the matrix into the saved notebook, so that the widget works there without
        a kernel. False saves a picture instead. Default: False, or True if the environment
        variable ``MICRONS_SAVE_DATA`` is ``1``.
    value, by, order_pre, order_post, view, show, type_value, null, pixel, colormap, minimap
        See the traits of these names.
    pair, selected_pre, selected_post
        See the traits of these names.

    Raises
    ------
    InvalidArgument
        If a trait has an impossible value.
    MatrixError
        If a cell is not in the matrix, or the matrix is empty.
    TooManyCells
        If more than 20,000 cells are selected on an axis.
    UnknownColumn
        If `by` is not a text column of both axes.

    Examples
    --------
    >>> matrix = mw.MatrixExplorer(con, value="count", order_pre="depth")
    >>> matrix  # as the last line of a cell, this displays the widget
    <MatrixExplorer 336 x 336, 3,396 connections, count, no pair>
    >>> matrix.pair = matrix.matrix.pre_ids[0], matrix.matrix.post_ids[1]
    """

    _module = "matrix-explorer"
    _kind = "matrix"
    _title = "Matrix explorer"

    value = OneOf(VALUES, "log10_sum")
    """What the colour of a matrix entry represents: one of the values of `ConnectivityMatrix`.
    Default: ``"log10_sum"`` for a connectome (``"count"`` if synapses have no
    size); for a matrix, its own value."""

    by = Name("cell_type_auto")
    """Text column of the cell table for strips, legend, borders and the view by type."""

    order_pre = Name("given")
    """Order of the rows: ``"given"`` (that of the matrix), a text column of the cell table,
    ``"depth"``, ``"degree"`` (most partners first), ``"clustering"``, or ``"own"``, which
    `sort` sets for a list of root ids."""

    order_post = Name("given")
    """Order of the columns; see `order_pre`."""

    view = Settings()
    """The visible part of the matrix, as start and one past the end in the current order:
    ``{"rows": [0, 100], "columns": [20, 60]}``; ``{}`` is the whole matrix."""

    show = OneOf(SHOWN)
    """What is on view: the matrix of ``"cells"`` or of ``"types"``, or a table, which can be sorted
    and read row by row: ``"connection_table"``, ``"cell_table"`` or ``"type_table"``."""

    type_value = OneOf(("probability", "mean_synapses", "mean_size", "ratio"))
    """What the view by type shows: see `TypeSummary`; ``"ratio"`` is the number of connected pairs
    divided by that of random networks, which keep what `null` says."""

    pixel = OneOf(("largest", "count"))
    """What a pixel shows when it covers several entries: the largest value, or the number of
    connections. Either way, no connection is hidden."""

    colormap = OneOf(COLORMAPS)
    """The colour scale; in each one, "no connection" has a colour of its own."""

    minimap = Flag(True)
    """Whether a small map of the whole matrix is shown after zooming in."""

    pair = Pair()
    """Root ids of the chosen row and column, ``(pre, post)``, or None."""

    cell = RootId()
    """Root id of the cell whose row and column are marked, or None; `link` sets it."""

    outside = RootId()
    """Root id of a cell that was chosen in a linked widget and is not in this matrix, or None."""

    selected_pre = RootIds()
    """Root ids of the selected rows, at most 20,000."""

    selected_post = RootIds()
    """Root ids of the selected columns, at most 20,000."""

    data = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    """The packed matrix, if it is saved in the notebook."""

    # Needed by the front end as well: the arguments for "copy as Python", whether synapses can
    # be listed, the source for the caption, the order "own" as uint32 positions, and how many of
    # the cells that were selected in a linked widget are not in this matrix.
    code_arguments = traitlets.Unicode("matrix").tag(sync=True)
    lists_synapses = traitlets.Bool(False).tag(sync=True)
    source = traitlets.Unicode("").tag(sync=True)
    own_pre = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    own_post = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    selected_outside = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        matrix: ConnectivityMatrix | Connectome,
        pre: npt.ArrayLike | None = None,
        post: npt.ArrayLike | None = None,
        *,
        con: Connectome | None = None,
        value: str | None = None,
        by: str | None = None,
        order_pre: str | None = None,
        order_post: str | None = None,
        view: Mapping[str, Sequence[int]] | None = None,
        show: str | None = None,
        type_value: str | None = None,
        null: str | None = None,
        pixel: str | None = None,
        colormap: str | None = None,
        minimap: bool | None = None,
        pair: Iterable[int] | None = None,
        selected_pre: Iterable[int] | None = None,
        selected_post: Iterable[int] | None = None,
        save_data: bool | None = None,
    ) -> None:
        lists = [name for name, ids in (("pre", pre), ("post", post)) if ids is not None]
        if isinstance(matrix, Connectome):
            con, code_arguments = matrix, "con"
            self._matrix = con.matrix(pre, post)
        elif isinstance(matrix, ConnectivityMatrix):
            code_arguments = "matrix"
            value = value or matrix.value
            part = pre is not None or post is not None
            self._matrix = matrix.select(pre, post) if part else matrix
        else:
            raise InvalidType(
                f"MatrixExplorer was given {type(matrix).__name__}, expected a Connectome or a "
                "ConnectivityMatrix: mw.MatrixExplorer(mw.load())."
            )
        check_cells(self._matrix, lists)
        self._con = con
        self._orders: dict[tuple[str, str], IntArray] = {}
        settings = {
            "value": value or (None if has_sizes(self._matrix.source) else "count"),
            "by": by,
            "order_pre": order_pre,
            "order_post": order_post,
            "view": view,
            "show": show,
            "type_value": type_value,
            "null": null,
            "pixel": pixel,
            "colormap": colormap,
            "minimap": minimap,
            "pair": pair,
            "selected_pre": selected_pre,
            "selected_post": selected_post,
        }
        super().__init__(
            code_arguments=", ".join([code_arguments, *(f"{name}={name}" for name in lists)]),
            lists_synapses=con is not None,
            source=self._matrix.source,
            data=matrix_block(self._matrix) if saves_data(save_data) else None,
            **{name: setting for name, setting in settings.items() if setting is not None},
        )
        if saves_data(save_data):
            self.chance = self._saved_chance()

    def __repr__(self) -> str:
        rows, columns = self._matrix.shape
        pair = "no pair" if self.pair is None else "pair {} -> {}".format(*self.pair)
        return (
            f"<MatrixExplorer {rows:,} x {columns:,}, {self._matrix.n_connections:,} connections, "
            f"{self.value}, {pair}>"
        )

    @property
    def matrix(self) -> ConnectivityMatrix:
        """The whole matrix in the current order and with the current value."""
        matrix = self._matrix.with_value(self.value)
        return matrix.select(
            matrix.pre_ids[self._order("pre", self.order_pre)],
            matrix.post_ids[self._order("post", self.order_post)],
        )

    @property
    def visible(self) -> ConnectivityMatrix:
        """The part of `matrix` that is visible, as described by `view`."""
        matrix = self.matrix
        rows, columns = places_of_view(self.view, matrix.shape)
        return matrix.select(matrix.pre_ids[rows], matrix.post_ids[columns])

    def sort(self, by: str | Sequence[int] | IntArray, *, axis: str = "both") -> None:
        """Show the cells in another order; see `ConnectivityMatrix.sort`.

        Parameters
        ----------
        by : str or sequence of root ids
            An order as in `order_pre`, or each root id of the axis once, in the new order.
        axis : {"both", "pre", "post"}
            The axis to sort.

        Raises
        ------
        InvalidArgument
            If there is no such order or axis.
        MatrixError
            If the ids are not those of the axis, each once.

        Examples
        --------
        >>> matrix = mw.MatrixExplorer(con)
        >>> matrix.sort("depth", axis="pre")
        """
        check_choice("axis", axis, ("both", "pre", "post"))
        for side in ("pre", "post") if axis == "both" else (axis,):
            if isinstance(by, str):
                self.set_trait(f"order_{side}", by)
                continue
            cells = getattr(self._matrix, side)
            in_order = self._matrix.sort(by, axis=side)
            places = cells.index.get_indexer(getattr(in_order, side).index)
            self.set_trait(f"own_{side}", places.astype("<u4").tobytes())
            self.set_trait(f"order_{side}", "own")

    def to_code(self) -> str:
        """Return a line of Python that recreates this view.

        ``con``, ``matrix``, ``pre`` and ``post`` stand for the arguments of this explorer.

        Returns
        -------
        str

        Examples
        --------
        >>> mw.MatrixExplorer(con, value="count").to_code()
        'mw.MatrixExplorer(con, value="count")'
        """
        changes = [
            f"{name}={python_code(getattr(self, name))}"
            for name in VIEW_TRAITS
            if getattr(self, name) != self.traits()[name].default_value
            and getattr(self, name) not in ({}, (), "own")
        ]
        return f"mw.MatrixExplorer({', '.join([self.code_arguments, *changes])})"

    def _order(self, axis: str, by: str) -> IntArray:
        """Return the positions of the cells of an axis in an order."""
        if by == "given":
            return np.arange(self._matrix.shape[axis == "post"])
        if by == "own":
            return np.frombuffer(getattr(self, f"own_{axis}"), dtype="<u4").astype(np.int64)
        if (axis, by) not in self._orders:
            cells = getattr(self._matrix.sort(by, axis=axis), axis)
            self._orders[axis, by] = getattr(self._matrix, axis).index.get_indexer(cells.index)
        return self._orders[axis, by]

    @traitlets.validate("value")
    def _valid_value(self, proposal: Any) -> str:
        self._matrix.with_value(proposal["value"])  # raises an error if it needs sizes
        return str(proposal["value"])

    @traitlets.validate("type_value")
    def _valid_type_value(self, proposal: Any) -> str:
        if proposal["value"] == "mean_size":
            self._matrix.with_value("mean")
        return str(proposal["value"])

    @traitlets.validate("by")
    def _valid_by(self, proposal: Any) -> str:
        by: str = proposal["value"]
        both = [n for n in text_columns(self._matrix.pre) if n in self._matrix.post.columns]
        check_column(by, both, "The explorer")
        return by

    @traitlets.validate("order_pre", "order_post")
    def _valid_order(self, proposal: Any) -> str:
        axis, order = proposal["trait"].name.removeprefix("order_"), str(proposal["value"])
        has_own = getattr(self, f"own_{axis}") is not None
        return checked_order(order, ORDERS, axis, getattr(self._matrix, axis), has_own=has_own)

    @traitlets.validate("view")
    def _valid_view(self, proposal: Any) -> View:
        return normal_view(proposal["value"], self._matrix.shape)

    @traitlets.validate("pair")
    def _valid_pair(self, proposal: Any) -> tuple[int, int] | None:
        pair: tuple[int, int] | None = proposal["value"]
        if pair is not None:
            self._matrix.select([pair[0]], [pair[1]])
        return pair

    @traitlets.validate("cell")
    def _valid_cell(self, proposal: Any) -> int | None:
        root_id: int | None = proposal["value"]
        if root_id is not None and not self._has("", root_id):
            raise MatrixError(
                f"Root id {root_id} is on neither axis of this matrix. Make a matrix that "
                "contains it: con.matrix(pre=..., post=...)."
            )
        return root_id

    @traitlets.validate("selected_pre", "selected_post")
    def _valid_selection(self, proposal: Any) -> tuple[int, ...]:
        axis = proposal["trait"].name.removeprefix("selected_")
        return checked_selection(self._matrix, axis, proposal["value"])

    @traitlets.observe("selected_pre", "selected_post")
    def _selection_is_own(self, _change: object) -> None:
        # A link sets the number after the selection.
        self.selected_outside = 0

    def _has(self, side: str, root_id: int) -> bool:
        sides = (side,) if side else ("pre", "post")
        return any(root_id in getattr(self._matrix, axis).index for axis in sides)

    @property
    def _source(self) -> str:
        return self._matrix.source

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        data = self.data or matrix_block(self._matrix)
        return {**super()._page_state(cells), "data": data}

    def _still(self) -> Figure:
        return self._types_still() if self.show == "types" else matrix_still(self.visible, self.by)

    @answers("matrix")
    def _answer_matrix(self, _content: object, _buffers: list[memoryview]) -> Reply:
        return Reply(None, [self.data or matrix_block(self._matrix)])

    @answers("order")
    def _answer_order(self, content: dict[str, str], _buffers: list[memoryview]) -> Reply:
        check_choice("axis", content["axis"], ("pre", "post"))
        return Reply(None, [self._order(content["axis"], content["by"]).astype("<u4").tobytes()])

    @answers("synapses")
    def _answer_synapses(self, content: list[str], _buffers: list[memoryview]) -> dict[str, Any]:
        pre, post = map(one_id, content)
        return pair_synapses(self._con, pre, post)
