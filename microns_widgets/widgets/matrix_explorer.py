"""The matrix explorer: who connects to whom, how strongly, and by which types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import traitlets

from microns_widgets.connectome import Connectome
from microns_widgets.errors import MatrixError, check_choice
from microns_widgets.network.matrix import VALUES, ConnectivityMatrix
from microns_widgets.tables.root_ids import id_array, one_id
from microns_widgets.widgets._base import saves_data
from microns_widgets.widgets._linkable import Linkable
from microns_widgets.widgets._matrix_data import matrix_block, text_columns
from microns_widgets.widgets._matrix_view import View, normal_view, places_of_view
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import LARGEST_SELECTION, Pair, RootId, RootIds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

IntArray = npt.NDArray[np.int64]

#: Synapses of one pair that are listed; the strongest pairs of MICrONS have some dozens.
MOST_LISTED = 200
COLORMAPS = ("viridis", "cividis", "magma", "plasma", "greys")
#: Orders beside the columns of the cell table.
ORDERS = ("given", "own", "depth", "degree", "clustering")


class MatrixExplorer(Linkable):
    """Look into a connectivity matrix by hand: zoom, order, compare types, choose pairs.

    Rows are presynaptic, columns postsynaptic cells. Arrow keys or the mouse move the
    cross-hair, a click or Enter chooses a `pair`, Shift and dragging select cells. All traits
    can be read and set in Python too, and observed.

    Parameters
    ----------
    matrix : ConnectivityMatrix or Connectome
        What to show; of a connectome the matrix of `pre` and `post`.
    pre, post : array_like of int, optional
        Root ids of the rows and columns, in order. Of a connectome, all proofread cells and
        those of the rows without them; of a matrix, all of its own.
    con : Connectome, optional
        Where a matrix is from, so that a pair's synapses can be listed.
    save_data : bool, optional
        True writes the matrix into the saved notebook, so that the widget works there without
        a kernel. Otherwise a picture stands in for it. Where it
        is not given, the environment variable ``MICRONS_SAVE_DATA=1`` says True.
    **shown
        First values of the traits below, such as ``value="count"`` or ``order_pre="depth"``.

    Raises
    ------
    MatrixError
        If an id is not in the matrix, or a trait is given what it cannot show.
    UnknownCell
        If ids are given that are none.

    Examples
    --------
    >>> explorer = mw.MatrixExplorer(con, value="count")
    >>> explorer  # shows it
    >>> explorer.pair
    (864691135000000328, 864691135000000112)
    """

    _module = "matrix-explorer"
    _kind = "explorer"
    _title = "Matrix explorer"

    value = traitlets.Enum(tuple(VALUES), "log10_sum").tag(sync=True)
    """What a field's colour says of a connection: one of `ConnectivityMatrix`'s values. A
    connectome is shown by ``"log10_sum"`` first, a matrix by its own value."""

    by = traitlets.Unicode("cell_type_auto").tag(sync=True)
    """Text column of the cell table for strips, legend, borders and the view by type."""

    order_pre = traitlets.Unicode("given").tag(sync=True)
    """Order of the rows: ``"given"`` (the matrix's own), a text column of the cell table,
    ``"depth"``, ``"degree"`` (most partners first), ``"clustering"``, or ``"own"``, which
    `sort` sets for a list of root ids."""

    order_post = traitlets.Unicode("given").tag(sync=True)
    """Order of the columns, likewise."""

    view = traitlets.Dict().tag(sync=True)
    """The part of the matrix that is seen, in places of the order shown, first and one past the
    last: ``{"rows": [0, 100], "columns": [20, 60]}``; ``{}`` is all of it."""

    show = traitlets.Enum(("cells", "types"), "cells").tag(sync=True)
    """Whether cells are shown, or their types."""

    type_value = traitlets.Enum(("probability", "mean_synapses", "mean_size"), "probability").tag(
        sync=True
    )
    """What the view by type shows: see `TypeSummary`."""

    pixel = traitlets.Enum(("largest", "count"), "largest").tag(sync=True)
    """What a pixel shows in which several cells lie: the largest value, or the number of
    connections. Either way, every connection can be seen."""

    colormap = traitlets.Enum(COLORMAPS, "viridis").tag(sync=True)
    """The scale of colours; "no connection" has its own colour in each."""

    pair = Pair()
    """Root ids of the chosen row and column, ``(pre, post)``, or None."""

    cell = RootId()
    """Root id of the cell whose row and column are marked, or None; what `link` sets."""

    selected_pre = RootIds()
    """Root ids of the rows that are selected, at most 20,000."""

    selected_post = RootIds()
    """Root ids of the columns that are selected, at most 20,000."""

    data = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    """The matrix, where it is to be saved in the notebook."""

    # What the front end must know beside: how to write "copy as Python", whether synapses can
    # be listed, what stands in the caption, and the order "own" as uint32 places.
    made_of = traitlets.Unicode("matrix").tag(sync=True)
    lists_synapses = traitlets.Bool(False).tag(sync=True)
    source = traitlets.Unicode("").tag(sync=True)
    own_pre = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    own_post = traitlets.Bytes(None, allow_none=True).tag(sync=True)

    def __init__(
        self,
        matrix: ConnectivityMatrix | Connectome,
        pre: npt.ArrayLike | None = None,
        post: npt.ArrayLike | None = None,
        *,
        con: Connectome | None = None,
        save_data: bool | None = None,
        **shown: Any,
    ) -> None:
        for name in shown:
            check_choice("trait", name, SHOWN)
        if isinstance(matrix, Connectome):
            con, made_of = matrix, "con"
            self._matrix = con.matrix(pre, post)
        elif isinstance(matrix, ConnectivityMatrix):
            made_of = "matrix"
            shown = {"value": matrix.value, **shown}
            given = pre is not None or post is not None
            self._matrix = matrix.select(pre, post) if given else matrix
        else:
            raise TypeError(
                f"MatrixExplorer was given {type(matrix).__name__}, expected a Connectome or a "
                "ConnectivityMatrix: mw.MatrixExplorer(mw.load())."
            )
        if 0 in self._matrix.shape:
            rows, columns = self._matrix.shape
            raise MatrixError(
                f"MatrixExplorer was given a matrix of {rows} x {columns} cells, expected at least "
                "one row and one column. con.select(proofread=True) gives cells to begin with."
            )
        lists = [name for name, ids in (("pre", pre), ("post", post)) if ids is not None]
        self._con = con
        self._orders: dict[tuple[str, str], IntArray] = {}
        super().__init__(
            made_of=", ".join([made_of, *(f"{name}={name}" for name in lists)]),
            lists_synapses=con is not None,
            source=self._matrix.source,
            data=matrix_block(self._matrix) if saves_data(save_data) else None,
            **shown,
        )

    def __repr__(self) -> str:
        rows, columns = self._matrix.shape
        return (
            f"<MatrixExplorer {rows:,} x {columns:,}, {self._matrix.n_connections:,} connections, "
            f"value={self.value!r}, pair {self.pair}>"
        )

    @property
    def matrix(self) -> ConnectivityMatrix:
        """The whole matrix in the order and with the value that are shown."""
        matrix = self._matrix.with_value(self.value)
        return matrix.select(
            matrix.pre_ids[self._order("pre", self.order_pre)],
            matrix.post_ids[self._order("post", self.order_post)],
        )

    @property
    def visible(self) -> ConnectivityMatrix:
        """The part of `matrix` that `view` shows."""
        matrix = self.matrix
        rows, columns = places_of_view(self.view, matrix.shape)
        return matrix.select(matrix.pre_ids[rows], matrix.post_ids[columns])

    def sort(self, by: str | Sequence[int] | IntArray, *, axis: str = "both") -> None:
        """Show the cells in another order; see `ConnectivityMatrix.sort`.

        Parameters
        ----------
        by : str or sequence of root ids
            An order as in `order_pre`, or each root id of the axis once, in the order wanted.
        axis : {"both", "pre", "post"}
            Which axis is sorted.

        Raises
        ------
        MatrixError
            If there is no such order, or if the ids are not those of the axis.
        """
        check_choice("axis", axis, ("both", "pre", "post"))
        for side in ("pre", "post") if axis == "both" else (axis,):
            if isinstance(by, str):
                self.set_trait(f"order_{side}", by)
                continue
            cells = getattr(self._matrix, side)
            placed = self._matrix.sort(by, axis=side)
            places = cells.index.get_indexer(getattr(placed, side).index)
            self.set_trait(f"own_{side}", places.astype("<u4").tobytes())
            self.set_trait(f"order_{side}", "own")

    def to_code(self) -> str:
        """Return a line of Python that shows the same view again.

        ``con``, ``matrix``, ``pre`` and ``post`` stand for what the explorer was made of.
        """
        given = [
            f"{name}={getattr(self, name)!r}"
            for name in SHOWN
            if getattr(self, name) != self.traits()[name].default_value
            and getattr(self, name) not in ({}, (), "own")
        ]
        return f"mw.MatrixExplorer({', '.join([self.made_of, *given])})"

    def _order(self, axis: str, by: str) -> IntArray:
        """Return the places of the cells of an axis, in an order."""
        if by == "given":
            return np.arange(self._matrix.shape[axis == "post"])
        if by == "own":
            return np.frombuffer(getattr(self, f"own_{axis}"), dtype="<u4").astype(np.int64)
        if (axis, by) not in self._orders:
            placed = getattr(self._matrix.sort(by, axis=axis), axis)
            self._orders[axis, by] = getattr(self._matrix, axis).index.get_indexer(placed.index)
        return self._orders[axis, by]

    @traitlets.validate("by")
    def _valid_by(self, proposal: Any) -> str:
        by: str = proposal["value"]
        there = [n for n in text_columns(self._matrix.pre) if n in self._matrix.post.columns]
        if by not in there:
            raise MatrixError(f"There is no column {by!r}, expected one of {', '.join(there)}.")
        return by

    @traitlets.validate("order_pre", "order_post")
    def _valid_order(self, proposal: Any) -> str:
        axis, order = proposal["trait"].name.removeprefix("order_"), str(proposal["value"])
        known = [*ORDERS, *text_columns(getattr(self._matrix, axis))]
        if order not in known:
            raise MatrixError(f"There is no order {order!r}, expected one of {', '.join(known)}.")
        if order == "own" and getattr(self, f"own_{axis}") is None:
            raise MatrixError(
                f"No order of the {axis}synaptic cells was given yet: "
                f'explorer.sort(ids, axis="{axis}") gives one.'
            )
        return order

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
            raise MatrixError(f"Root id {root_id} is on neither axis of this matrix.")
        return root_id

    @traitlets.validate("selected_pre", "selected_post")
    def _valid_selection(self, proposal: Any) -> tuple[int, ...]:
        axis = proposal["trait"].name.removeprefix("selected_")
        ids = tuple(dict.fromkeys(proposal["value"]))
        if len(ids) > LARGEST_SELECTION:
            raise MatrixError(
                f"{len(ids):,} cells are too many to select, expected at most "
                f"{LARGEST_SELECTION:,}. explorer.visible has all cells that are seen."
            )
        index = getattr(self._matrix, axis).index
        missing = np.flatnonzero(index.get_indexer(id_array(ids or np.zeros(0, np.int64))) < 0)
        if len(missing):
            raise MatrixError(
                f"Root id {ids[missing[0]]} is not on the {axis}synaptic axis of this matrix "
                f"({len(index):,} cells)."
            )
        return ids

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
        # matplotlib costs half a second to import. Not pyplot: it would show the figure once more.
        from matplotlib.figure import Figure

        ax = Figure(figsize=(7, 6), layout="compressed").add_subplot()
        self.visible.plot(by=self.by, ax=ax)
        figure = ax.figure
        assert isinstance(figure, Figure)
        return figure

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
        if self._con is None:
            raise MatrixError(
                "This explorer knows the matrix alone. MatrixExplorer(matrix, con=con) lists the "
                "synapses of a pair too."
            )
        synapses = self._con.between(pre, post)
        listed = synapses.sort_values("size", ascending=False, kind="stable").head(MOST_LISTED)
        places = listed[[f"ctr_pt_position_{axis}" for axis in "xyz"]].to_numpy() / 1000
        return {
            "n": len(synapses),
            "synapses": [
                {"id": str(number), "position_um": place, "size": size}
                for number, place, size in zip(
                    listed["id"], places.tolist(), listed["size"].tolist(), strict=True
                )
            ],
        }


#: Traits that say what is shown, in the order of "copy as Python".
SHOWN = (
    "value",
    "by",
    "order_pre",
    "order_post",
    "view",
    "show",
    "type_value",
    "pixel",
    "colormap",
    "pair",
    "selected_pre",
    "selected_post",
)
