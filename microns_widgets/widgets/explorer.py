"""All widgets for one dataset as one instrument, linked."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy.typing as npt
import traitlets
from ipywidgets import widget_serialization

from microns_widgets._arguments import checks_methods
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, InvalidType, quoted
from microns_widgets.tables.root_ids import one_id
from microns_widgets.widgets import _explorer_state
from microns_widgets.widgets._base import MicronsWidget
from microns_widgets.widgets._linkable import Linkable, check_connectome
from microns_widgets.widgets._python_code import python_code
from microns_widgets.widgets._traits import OneOf
from microns_widgets.widgets.cell_picker import CellPicker
from microns_widgets.widgets.link import link, link_as_they_are
from microns_widgets.widgets.matrix_explorer import MatrixExplorer
from microns_widgets.widgets.skeleton_viewer import SkeletonViewer
from microns_widgets.widgets.token_panel import TokenPanel

if TYPE_CHECKING:
    from PIL.Image import Image

#: Below, the parts would have no room; above, no screen would show them all.
HEIGHTS = (360, 4000)
#: Widths of the three columns in percent: a list needs less than a plot.
COLUMNS = (27, 40, 33)
#: Narrowest column in percent.
NARROWEST = 15


def _part(kind: type[MicronsWidget], **kwargs: Any) -> Any:
    return traitlets.Instance(kind, read_only=True, **kwargs).tag(sync=True, **widget_serialization)


@checks_methods
class Explorer(MicronsWidget):
    """Picker, viewer and matrix on one screen, linked, with a token panel that can be opened.

    From a width of 860 px on, the three parts stand side by side; their dividers can be dragged,
    and each part can be enlarged. In a narrower place they are tabs.

    Parameters
    ----------
    con : Connectome
        Source of the cells.
    value : int, optional
        Root id of the cell to show first. Default: the first proofread one.
    pre, post : array_like of int, optional
        Root ids of the matrix's rows and columns; see `MatrixExplorer`.
    panel : TokenPanel, optional
        An existing panel to use. Default: a new one.
    save_data : bool, optional
        True writes the data of all three widgets into the saved notebook; see `CellPicker`.
    height : int, optional
        Height in pixels, at least 360. Default: 600, which fits a laptop's screen.
    state : dict, optional
        Settings of the parts, as `to_code` writes them: ``{"matrix": {"show": "types"}}``.

    Attributes
    ----------
    value : int or None
        Root id of the chosen cell, the same as ``picker.value``.
    picker : CellPicker
        The table, filters and map of the cells.
    viewer : SkeletonViewer
        The chosen cell.
    matrix : MatrixExplorer
        The connectivity matrix.
    panel : TokenPanel
        The token panel, closed at first.

    Raises
    ------
    InvalidType
        If `con` is not a Connectome.
    UnknownCell
        If `value` does not occur in the cell table.
    InvalidRootIds
        If ids of `pre` or `post` are repeated or not whole numbers.
    InvalidArgument, UnknownArgument
        If the height is impossible, or `state` contains something unknown.

    Examples
    --------
    >>> page = mw.Explorer(con)
    >>> page  # as the last line of a cell, this displays the widgets
    <Explorer 4,536 cells, matrix 336 x 336, value 864691136362774699>
    >>> chosen_cell, chosen_pair = page.value, page.matrix.pair
    >>> page.value = con.examples()["BC"]  # all three parts follow
    """

    _module = "explorer"
    _title = "Explorer"

    picker = _part(CellPicker)
    viewer = _part(SkeletonViewer)
    matrix = _part(MatrixExplorer)
    panel = _part(TokenPanel)

    height = traitlets.Any(600).tag(sync=True)
    """Height in pixels; a full screen is filled."""

    columns = traitlets.Any(COLUMNS).tag(sync=True)
    """Widths of the columns for picker, viewer and matrix in percent, together 100."""

    enlarged = OneOf(("", "picker", "viewer", "matrix"))
    """The part that takes up all the room, or ``""`` for none."""

    # Needed by the front end as well: the arguments for "copy as Python", and the settings of a
    # new explorer, from which a shared state differs.
    code_arguments = traitlets.Unicode("con", read_only=True).tag(sync=True)
    start = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(
        self,
        con: Connectome,
        *,
        value: int | None = None,
        pre: npt.ArrayLike | None = None,
        post: npt.ArrayLike | None = None,
        panel: TokenPanel | None = None,
        save_data: bool | None = None,
        height: int = 600,
        state: Mapping[str, Any] | None = None,
    ) -> None:
        check_connectome("Explorer", con)
        settings = _explorer_state.checked_state(state)
        if not isinstance(panel, TokenPanel | None):
            raise InvalidType(
                f"Explorer was given {type(panel).__name__} as its panel, expected a TokenPanel: "
                "mw.TokenPanel()."
            )
        first = con.select(proofread=True)[:1].tolist() if value is None else [one_id(value)]
        viewer = SkeletonViewer(con, first, save_data=save_data)
        matrix = MatrixExplorer(
            con,
            pre,
            post,
            save_data=save_data,
            # Ordered by type, the matrix shows its structure at once.
            order_pre="cell_type_auto",
            order_post="cell_type_auto",
        )
        shown = matrix._matrix
        picker = CellPicker(
            con,
            value=first[0] if first else None,
            marks={"in the matrix": [*shown.pre_ids, *shown.post_ids]},
            save_data=save_data,
        )
        lists = [name for name, ids in (("pre", pre), ("post", post)) if ids is not None]
        self.set_trait("picker", picker)
        self.set_trait("viewer", viewer)
        self.set_trait("matrix", matrix)
        self.set_trait("panel", TokenPanel() if panel is None else panel)
        self.set_trait("code_arguments", ", ".join(["con", *(f"{name}={name}" for name in lists)]))
        self.set_trait("start", self._settings_for_page())
        self._first = _explorer_state.state_of(self._parts)
        super().__init__(height=height)
        if settings:
            self._restore(settings)
        else:
            link(*self.widgets)

    @property
    def value(self) -> int | None:
        """Root id of the chosen cell, or None; the same as ``picker.value``.

        Assigning shows the cell in all three parts. To be notified of changes, observe the picker:
        ``page.picker.observe(function, "value")``.

        Raises
        ------
        UnknownCell
            If the id that is assigned does not occur in the cell table.
        InvalidRootIds
            If it is not a whole number.
        """
        root_id: int | None = self.picker.value
        return root_id

    @value.setter
    def value(self, root_id: int | None) -> None:
        self.picker.value = root_id

    @property
    def widgets(self) -> tuple[Linkable, ...]:
        """The three linked widgets."""
        return self.picker, self.viewer, self.matrix

    def __repr__(self) -> str:
        rows, columns = self.matrix._matrix.shape
        return (
            f"<Explorer {len(self.picker.filtered):,} cells, matrix {rows:,} x {columns:,}, "
            f"value {self.value}>"
        )

    def to_code(self) -> str:
        """Return a line of Python that opens an explorer in the same state.

        ``con``, ``pre`` and ``post`` stand for the arguments of this explorer.

        Returns
        -------
        str
            Only what differs from a new explorer is written.

        Examples
        --------
        >>> page = mw.Explorer(con, value=864691136066834831)
        >>> page.matrix.order_pre = "depth"
        >>> page.to_code()
        'mw.Explorer(con, value=864691136066834831, state={"matrix": {"order_pre": "depth"}})'
        """
        now = _explorer_state.state_of(self._parts)
        value = now["picker"]["value"]
        start = _explorer_state.start_of(self._first, value, now["matrix"]["pair"])
        changes = _explorer_state.changes(start, now)
        arguments = [self.code_arguments]
        if value is not None:
            arguments.append(f"value={value}")
        elif self._first["picker"]["value"] is not None:
            changes["picker"] = {"value": None, **changes.get("picker", {})}
        if self.height != 600:
            arguments.append(f"height={self.height}")
        if changes:
            arguments.append(f"state={python_code(changes)}")
        return f"mw.Explorer({', '.join(arguments)})"

    @property
    def _parts(self) -> dict[str, MicronsWidget]:
        return {
            "picker": self.picker,
            "viewer": self.viewer,
            "matrix": self.matrix,
            "layout": self,
        }

    def _restore(self, settings: _explorer_state.State) -> None:
        value = settings.get("picker", {}).get("value", self.picker.value)
        # The matrix checks the pair, and refuses one that it does not have.
        self.matrix.pair = settings.get("matrix", {}).get("pair", self.matrix.pair)
        start = _explorer_state.start_of(self._first, value, self.matrix.pair)
        _explorer_state.apply(self._parts, {"viewer": start["viewer"]})
        _explorer_state.apply(self._parts, settings)
        value = self.picker.value
        inside = value is None or self.matrix._has("", value)
        self.matrix.cell, self.matrix.outside = (value, None) if inside else (None, value)
        link_as_they_are(*self.widgets)

    def _settings_for_page(self) -> dict[str, dict[str, Any]]:
        return {
            part: dict(self._parts[part].get_state(list(names)))
            for part, names in _explorer_state.SHARED.items()
        }

    @traitlets.validate("height")
    def _valid_height(self, proposal: Any) -> int:
        height = proposal["value"]
        low, high = HEIGHTS
        whole = isinstance(height, int | float) and not isinstance(height, bool)
        if not whole or not low <= height <= high:
            raise InvalidArgument(
                f"height is {quoted(height)}. Expected {low} to {high:,} pixels; a laptop's screen "
                "has room for about 600."
            )
        return int(height)

    @traitlets.validate("columns")
    def _valid_columns(self, proposal: Any) -> tuple[float, ...]:
        try:
            columns = tuple(float(width) for width in proposal["value"])
        except (TypeError, ValueError):
            columns = ()
        if len(columns) != 3 or min(columns) < NARROWEST or abs(sum(columns) - 100) > 0.1:
            raise InvalidArgument(
                f"columns is {quoted(proposal['value'])}. Expected the widths of "
                f"picker, viewer and matrix in percent, each at least {NARROWEST}, together 100: "
                f"{list(COLUMNS)}."
            )
        return tuple(int(width) if width.is_integer() else round(width, 1) for width in columns)

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        # A page has no Python that could use a token.
        return {**super()._page_state(cells), "panel": None}

    def _still_png(self, dpi: float = 84) -> tuple[bytes | None, str]:
        stills = [widget._still_png(dpi=dpi) for widget in self.widgets]
        problems = " ".join(problem for _, problem in stills if problem)
        pictures = [picture for picture, _ in stills if picture]
        if not pictures:
            return None, problems
        file = io.BytesIO()
        _side_by_side(pictures).save(file, "png", optimize=True)
        return file.getvalue(), problems


def _side_by_side(pictures: Sequence[bytes]) -> Image:
    # pillow comes with matplotlib, which takes half a second to import.
    from PIL import Image

    images = [Image.open(io.BytesIO(picture)) for picture in pictures]
    height = max(image.height for image in images)
    whole = Image.new("RGB", (sum(image.width for image in images), height), "white")
    left = 0
    for image in images:
        whole.paste(image, (left, 0))
        left += image.width
    return whole.quantize(128)
