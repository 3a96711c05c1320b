"""The cell picker: tens of thousands of cells to search, filter, sort and choose from."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from microns_widgets.anatomy.depth import LAYER_BORDERS_UM
from microns_widgets.connectome import Connectome
from microns_widgets.errors import UnknownCell, check_choice
from microns_widgets.tables.root_ids import unknown_cell
from microns_widgets.widgets._base import saves_data
from microns_widgets.widgets._filters import Filters, filters_code, kept, normal_filters
from microns_widgets.widgets._linkable import Linkable
from microns_widgets.widgets._picker_still import picker_still
from microns_widgets.widgets._picker_table import picker_table
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import LARGEST_SELECTION, RootId, RootIds
from microns_widgets.widgets.columns import pack

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class CellPicker(Linkable):
    """Choose cells by hand: a table, filters with counts, and a map of the somata.

    A click on a row or on the map sets `value`, space or Ctrl-click selects several, the
    filters leave `filtered`. All can be read and set in Python too, and observed.

    Parameters
    ----------
    con : Connectome
        Where the cells are from; their synapses are counted if there are any.
    value : int, optional
        Root id that is chosen.
    selected : sequence of int, optional
        Root ids that are selected, at most 20,000.
    filters : dict, optional
        See `filters`.
    save_data : bool, optional
        True writes the table into the saved notebook (1 to 2 MB), so that the widget works
        there without a kernel. Otherwise a picture stands in for it. Where it
        is not given, the environment variable ``MICRONS_SAVE_DATA=1`` says True.

    Raises
    ------
    UnknownCell
        If an id, a column or a label is not in the connectome.

    Examples
    --------
    >>> picker = mw.CellPicker(con, filters={"cell_type_auto": ["BC"]})
    >>> picker  # shows it
    >>> con.matrix(picker.filtered).plot()
    """

    _module = "cell-picker"
    _kind = "picker"
    _title = "Cell picker"

    value = RootId()
    """The chosen cell's root id, or None."""

    selected = RootIds()
    """Root ids of the selected cells, in the order in which they were selected. Filters
    never take a cell out of it."""

    filters = traitlets.Dict().tag(sync=True)
    """What is shown, as a dict; all conditions must hold. Its keys are columns: labels for
    text (``{"region": ["V1", "RL"]}``), lowest and highest for numbers (``{"depth": [100,
    None]}``, um), ids for ``"pt_root_id"``. ``"search"`` is text of which every word occurs
    in a label or begins the root id, ``"area"`` a polygon of x and depth in um. Set a new
    dict; changing the old one in place is not noticed."""

    filtered = traitlets.Tuple(read_only=True)
    """Root ids of the cells that the filters leave, in table order, 0 left out."""

    layers: traitlets.List = traitlets.List(read_only=True).tag(sync=True)
    """Cortical layers: name, top and bottom in um below the pia, which the map shows."""

    data = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    """The packed table, where it is to be saved in the notebook."""

    def __init__(
        self,
        con: Connectome,
        *,
        value: int | None = None,
        selected: Iterable[int] = (),
        filters: Filters | None = None,
        save_data: bool | None = None,
    ) -> None:
        if not isinstance(con, Connectome):
            raise TypeError(
                f"CellPicker was given {type(con).__name__}, expected a Connectome: "
                "mw.CellPicker(mw.load())."
            )
        self._con = con
        self._table = picker_table(con)
        self._ids = self._table["pt_root_id"].to_numpy()
        self._known = frozenset(self._ids[self._ids != 0].tolist())
        self.set_trait("filtered", self._left({}))
        self.set_trait("layers", [[name, *ends] for name, ends in LAYER_BORDERS_UM.items()])
        super().__init__(
            value=value,
            selected=selected,
            filters=filters or {},
            data=self._packed() if saves_data(save_data) else None,
        )

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
            What to reproduce; without it the first of these that says something: selected
            cells, filters, the chosen cell.

        Returns
        -------
        str
            ``con.select(...)`` where the filters can be said so, else a picker with these
            filters, or the root ids themselves.
        """
        if what is None:
            said = {"selected": self.selected, "filtered": self.filters, "value": self.value}
            what = next((name for name, given in said.items() if given), "filtered")
        check_choice("choice", what, ("selected", "filtered", "value"))
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
            raise UnknownCell(
                f"{len(ids):,} cells are too many to select, expected at most "
                f"{LARGEST_SELECTION:,}. Describe them by filters, and read picker.filtered."
            )
        return ids

    @traitlets.validate("filters")
    def _valid_filters(self, proposal: Any) -> Filters:
        return normal_filters(proposal["value"], self._table)

    @traitlets.observe("filters")
    def _filter(self, change: Any) -> None:
        self.set_trait("filtered", self._left(change["new"]))

    def _left(self, filters: Filters) -> tuple[int, ...]:
        left = self._ids[kept(filters, self._table)]
        return tuple(left[left != 0].tolist())

    def _has(self, _side: str, root_id: int) -> bool:
        return root_id in self._known

    @property
    def _source(self) -> str:
        return self._con.source

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        state = {**super()._page_state(cells), "data": self._packed()}
        if cells and not self.filters:
            # Those that the page can show in full; one click takes the filter away.
            state["filters"] = normal_filters({"pt_root_id": cells}, self._table)
        return state

    def _packed(self) -> bytes:
        # Half the bytes on the way to a browser far away, for a twentieth of a second.
        return gzip.compress(pack(self._table, ids=["pt_root_id"]), compresslevel=1, mtime=0)

    def _still(self) -> Figure:
        chosen = {*self.selected, *([] if self.value is None else [self.value])}
        return picker_still(self._con.cells, self.filtered, chosen)

    @answers("cells")
    def _cells(self, _content: object, _buffers: list[memoryview]) -> Reply:
        return Reply(None, [self._packed()])
