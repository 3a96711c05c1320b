"""All widgets for one dataset in one layout, linked."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy.typing as npt

from microns_widgets._arguments import checks_methods
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidType
from microns_widgets.tables.root_ids import one_id
from microns_widgets.widgets._display import DisplayedInParts
from microns_widgets.widgets._linkable import Linkable, check_connectome
from microns_widgets.widgets.cell_picker import CellPicker
from microns_widgets.widgets.link import link
from microns_widgets.widgets.matrix_explorer import MatrixExplorer
from microns_widgets.widgets.skeleton_viewer import SkeletonViewer
from microns_widgets.widgets.token_panel import TokenPanel

if TYPE_CHECKING:
    from PIL.Image import Image

#: Viewer and matrix are side by side if the page has this much width for each.
_BESIDE = "1 1 520px"


@checks_methods
class Explorer(DisplayedInParts, ipywidgets.VBox):
    """Picker, viewer and matrix on one page, linked, with a token panel that can be unfolded.

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

    Attributes
    ----------
    picker : CellPicker
        The table, filters and map of the cells.
    viewer : SkeletonViewer
        The chosen cell.
    matrix : MatrixExplorer
        The connectivity matrix.
    panel : TokenPanel
        The token panel, folded at first.

    Raises
    ------
    InvalidType
        If `con` is not a Connectome.
    UnknownCell
        If `value` does not occur in the cell table.
    InvalidRootIds
        If ids of `pre` or `post` are repeated or not whole numbers.

    Examples
    --------
    >>> page = mw.Explorer(con)
    >>> page  # as the last line of a cell, this displays the widgets
    <Explorer 4,536 cells, matrix 336 x 336, value 864691136362774699>
    >>> chosen_cell, chosen_pair = page.picker.value, page.matrix.pair
    """

    def __init__(
        self,
        con: Connectome,
        *,
        value: int | None = None,
        pre: npt.ArrayLike | None = None,
        post: npt.ArrayLike | None = None,
        panel: TokenPanel | None = None,
        save_data: bool | None = None,
    ) -> None:
        check_connectome("Explorer", con)
        first = con.select(proofread=True)[:1].tolist() if value is None else [one_id(value)]
        self.picker = CellPicker(con, value=first[0] if first else None, save_data=save_data)
        self.viewer = SkeletonViewer(con, first, save_data=save_data)
        self.matrix = MatrixExplorer(
            con,
            pre,
            post,
            save_data=save_data,
            # Ordered by type, the matrix shows its structure at once.
            order_pre="cell_type_auto",
            order_post="cell_type_auto",
        )
        if not isinstance(panel, TokenPanel | None):
            raise InvalidType(
                f"Explorer was given {type(panel).__name__} as its panel, expected a TokenPanel: "
                "mw.TokenPanel()."
            )
        self.panel = TokenPanel() if panel is None else panel
        link(*self.widgets)
        self._fold = ipywidgets.ToggleButton(
            value=False, description="CAVE token", tooltip="Show or hide the token panel"
        )
        self._fold.observe(self._unfold, "value")
        self._unfold(None)
        for widget in (self.viewer, self.matrix):
            widget.layout.flex, widget.layout.min_width = _BESIDE, "0"
            widget.layout.margin = "6px"
        beside = ipywidgets.HBox([self.viewer, self.matrix])
        beside.layout.flex_flow, beside.layout.align_items = "row wrap", "flex-start"
        super().__init__([self._fold, self.panel, self.picker, beside])
        self.layout.width = "100%"

    @property
    def widgets(self) -> tuple[Linkable, ...]:
        """The three linked widgets."""
        return self.picker, self.viewer, self.matrix

    def __repr__(self) -> str:
        rows, columns = self.matrix._matrix.shape
        return (
            f"<Explorer {len(self.picker.filtered):,} cells, matrix {rows:,} x {columns:,}, "
            f"value {self.picker.value}>"
        )

    def _unfold(self, _change: object) -> None:
        self.panel.layout.display = "" if self._fold.value else "none"

    def _repr_mimebundle_(self, **_kwargs: Any) -> dict[str, Any]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        data = {"application/vnd.jupyter.widget-view+json": view, "text/plain": repr(self)}
        stills = [widget._still_png(dpi=80) for widget in self.widgets]
        problems = " ".join(problem for _, problem in stills if problem)
        pictures = [picture for picture, _ in stills if picture]
        if problems:
            data["text/plain"] = f"{self!r}\n{problems}"
        if pictures:
            file = io.BytesIO()
            _one_below_the_other(pictures).save(file, "png", optimize=True)
            data["image/png"] = base64.b64encode(file.getvalue()).decode("ascii")
        return data


def _one_below_the_other(pictures: Sequence[bytes]) -> Image:
    # pillow comes with matplotlib, which takes half a second to import.
    from PIL import Image

    images = [Image.open(io.BytesIO(picture)) for picture in pictures]
    width = max(image.width for image in images)
    whole = Image.new("RGB", (width, sum(image.height for image in images)), "white")
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height
    return whole.quantize(128)
