"""The cell picker: search, filter, sort and choose among tens of thousands of cells."""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from functools import cache
from typing import Any

import traitlets

from microns_widgets._arguments import checks_methods
from microns_widgets._threads import thread_pool
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM
from microns_widgets.connectome import Connectome
from microns_widgets.errors import TooManyCells, check_choice
from microns_widgets.tables.cell_links import links_of_cells, position_of
from microns_widgets.tables.root_ids import unknown_cell
from microns_widgets.widgets._base import saves_data
from microns_widgets.widgets._filters import Filters, filter_mask, filters_code, normal_filters
from microns_widgets.widgets._linkable import Linkable, check_connectome
from microns_widgets.widgets._picker_still import picker_still, still_png
from microns_widgets.widgets._picker_table import picker_table
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import LARGEST_SELECTION, RootId, RootIds, Settings
from microns_widgets.widgets.columns import pack


@cache
def _compression() -> Executor:
    # Compressing leaves Python free to do something else.
    return thread_pool(1, "picker")


@checks_methods
class CellPicker(Linkable):
    """Choose cells by hand: a table, filters with counts, and a map of the somata.

    Clicking a row or a soma sets `value`; the space bar or Ctrl-click selects several cells;
    the filters determine `filtered`. All of these can be read, set and observed in Python.

    Parameters
    ----------
    con : Connectome
        Source of the cells. If it has synapses, the table counts them for each cell. Additional
        columns of the cell table are shown if they contain text, numbers, booleans or dates; a
        warning and a line in the picker name the others.
    value : int, optional
        Root id of the chosen cell.
    selected : sequence of int, optional
        Root ids of the selected cells, at most 20,000.
    filters : dict, optional
        See `filters`.
    marks : mapping of str to sequence of int, optional
        Conditions that one can filter by: their names, and the root ids of the cells that meet
        them, such as ``{"in the matrix": ids}``.
    save_data : bool, optional
        True writes the table into the saved notebook (1 to 2 MB), so that the widget works
        there without a kernel. False saves a picture instead. Default: False, or True if the
        environment variable ``MICRONS_SAVE_DATA`` is ``1``.

    Raises
    ------
    UnknownCell, UnknownColumn, UnknownLabel
        If a root id, a column or a label does not occur in the cell table.
    InvalidArgument
        If a filter does not have the form that its column needs, or a mark has a column's name.
    InvalidRootIds
        If an id is not a whole number.
    InvalidType
        If `con` is not a Connectome.
    TooManyCells
        If more than 20,000 cells are selected.

    Examples
    --------
    >>> picker = mw.CellPicker(con, filters={"cell_type_auto": ["BC"]})
    >>> picker  # as the last line of a cell, this displays the widget
    <CellPicker 161 of 4,536 cells, 0 selected, value None>
    >>> matrix = con.matrix(picker.filtered)
    """

    _module = "cell-picker"
    _kind = "picker"
    _title = "Cell picker"
    _compressing: Future[bytes] | None = None

    value = RootId()
    """Root id of the chosen cell, or None."""

    selected = RootIds()
    """Root ids of the selected cells, in the order of selection. Filters do not change it."""

    filters = Settings()
    """Conditions on the cells, as a dict; a cell must meet all of them. The keys are columns:
    labels for text (``{"region": ["V1", "RL"]}``), lowest and highest value for numbers
    (``{"depth": [100, None]}``, um), root ids for ``"pt_root_id"``, True or False for
    ``"has_skeleton"`` and the marks. ``"search"`` is text, every word of which must be found: in a
    label, in what a label stands for ("basket", "layer 5", "inhibitory"), or in the root id. A
    layer also finds the cells whose soma lies in it if their type has no layer; typing slips are
    forgiven. ``"area"`` is a polygon of x and depth in um. Assign a new dict: changes
    inside the old one are not noticed."""

    filtered = traitlets.Tuple(read_only=True)
    """Root ids of the cells that match the filters, in table order, without 0."""

    layers: traitlets.List = traitlets.List(read_only=True).tag(sync=True)
    """Cortical layers on the map: name, top and bottom in um below the pia."""

    left_out: traitlets.List = traitlets.List(read_only=True).tag(sync=True)
    """One line for each column of the cell table that cannot be shown, with the reason, and one for
    cells outside the volume, which are not on the map."""

    links: traitlets.Dict = traitlets.Dict(read_only=True).tag(sync=True)
    """Links from the chosen cell to the electron microscope's images and to the dataset's tutorial;
    empty if the data are not from MICrONS. ``"links"`` are the same for all cells, and ``"at"`` has
    the position of the chosen cell (of all cells that a page without a kernel can show), in
    voxels."""

    data = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    """The packed table, if it is saved in the notebook."""

    def __init__(
        self,
        con: Connectome,
        *,
        value: int | None = None,
        selected: Iterable[int] = (),
        filters: Filters | None = None,
        marks: Mapping[str, Iterable[int]] | None = None,
        save_data: bool | None = None,
    ) -> None:
        check_connectome("CellPicker", con)
        self._con = con
        self._table = picker_table(con, marks)
        for line in self._table.attrs["left_out"]:
            warnings.warn(line, stacklevel=3)
        self.set_trait("left_out", self._table.attrs["left_out"])
        self._ids = self._table["pt_root_id"].to_numpy()
        self._known = frozenset(self._ids[self._ids != 0].tolist())
        self.set_trait("filtered", self._matches({}))
        self.set_trait("layers", [[name, *ends] for name, ends in LAYER_BORDERS_UM.items()])
        super().__init__(
            value=value,
            selected=selected,
            filters=filters or {},
            data=self._table_block() if saves_data(save_data) else None,
        )
        if self.data is None:
            # While Python draws the picture: the page asks for the table at once.
            self._compressing = _compression().submit(self._table_block)

    def __repr__(self) -> str:
        return (
            f"<CellPicker {len(self.filtered):,} of {len(self._known):,} cells, "
            f"{len(self.selected):,} selected, value {self.value}>"
        )

    def to_code(self, what: str | None = None) -> str:
        """Return a line of Python that reproduces the choice.

        Parameters
        ----------
        what : {"selected", "filtered", "value"}, optional
            What to reproduce. Default: the first of selected cells, filters and chosen cell
            that is not empty.

        Returns
        -------
        str
            ``con.select(...)`` if it can express the filters; otherwise a picker with these
            filters, or the root ids themselves.

        Raises
        ------
        InvalidArgument
            If `what` has another value.

        Examples
        --------
        >>> mw.CellPicker(con, filters={"cell_type_auto": ["BC"]}).to_code()
        'con.select(cell_type="BC")'
        """
        if what is None:
            choices = {"selected": self.selected, "filtered": self.filters, "value": self.value}
            what = next((name for name, choice in choices.items() if choice), "filtered")
        check_choice("what", what, ("selected", "filtered", "value"))
        if what == "value":
            return str(self.value)
        if what == "selected" and set(self.selected) != set(self.filtered):
            return f"[{', '.join(map(str, self.selected))}]"
        return filters_code(self.filters, self._table)

    @traitlets.validate("value")
    def _valid_value(self, proposal: Any) -> int | None:
        root_id: int | None = proposal["value"]
        if root_id is not None and root_id not in self._known:
            raise unknown_cell(root_id)
        return root_id

    @traitlets.validate("selected")
    def _valid_selected(self, proposal: Any) -> tuple[int, ...]:
        ids = tuple(dict.fromkeys(proposal["value"]))
        for root_id in ids:
            if root_id not in self._known:
                raise unknown_cell(root_id)
        if len(ids) > LARGEST_SELECTION:
            raise TooManyCells(
                f"The selection has {len(ids):,} cells, expected at most {LARGEST_SELECTION:,}. "
                "Describe them with filters instead, and read picker.filtered."
            )
        return ids

    @traitlets.validate("filters")
    def _valid_filters(self, proposal: Any) -> Filters:
        return normal_filters(proposal["value"], self._table)

    @traitlets.observe("filters")
    def _filter(self, change: Any) -> None:
        self.set_trait("filtered", self._matches(change["new"]))

    @traitlets.observe("value")
    def _link(self, _: object) -> None:
        self.set_trait("links", self._links_of([] if self.value is None else [self.value]))

    def _links_of(self, cells: Sequence[int]) -> dict[str, Any]:
        links = links_of_cells(self._con.source)
        if not links:
            return {}
        at = {str(cell): position_of(self._con.cell(cell)) for cell in cells}
        return {"links": list(map(list, links)), "at": at}

    def _matches(self, filters: Filters) -> tuple[int, ...]:
        ids = self._ids[filter_mask(filters, self._table)]
        return tuple(ids[ids != 0].tolist())

    def _has(self, _side: str, root_id: int) -> bool:
        return root_id in self._known

    @property
    def _source(self) -> str:
        return self._con.source

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        state = {**super()._page_state(cells), "data": self._table_block()}
        if cells:
            state["links"] = self._links_of([cell for cell in cells if cell in self._known])
            # List the cells that the page can show in full; one click removes the filter.
            only = normal_filters({"pt_root_id": cells}, self._table)
            state["saved"] = only["pt_root_id"]
            if "pt_root_id" not in self.filters and self._matches({**self.filters, **only}):
                state["filters"] = {**self.filters, **only}
        return state

    def _table_block(self) -> bytes:
        # Half the bytes to send to a remote browser, for a twentieth of a second.
        return gzip.compress(pack(self._table, ids=["pt_root_id"]), compresslevel=1, mtime=0)

    def _drawn_still(self, dpi: float) -> bytes | None:
        chosen = {*self.selected, *([] if self.value is None else [self.value])}
        image = picker_still(self._con.cells, self.filtered, chosen, dpi / 100)
        return still_png(image)

    @answers("cells")
    def _answer_cells(self, _content: object, _buffers: list[memoryview]) -> Reply:
        block = self._compressing.result() if self._compressing else self._table_block()
        return Reply(None, [block])
