"""The skeleton viewer: one or several cells in 3D or flat, with their synapses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from functools import lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any

import pandas as pd
import traitlets

from microns_widgets._arguments import checks_methods
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, TooManyCells
from microns_widgets.tables.cell_links import state_url
from microns_widgets.tables.root_ids import id_array, unknown_cell
from microns_widgets.widgets._base import saves_data
from microns_widgets.widgets._link_rules import pair_in
from microns_widgets.widgets._linkable import Linkable, check_connectome
from microns_widgets.widgets._neuroglancer import neuroglancer_state
from microns_widgets.widgets._python_code import python_code
from microns_widgets.widgets._requests import Reply, answers, then
from microns_widgets.widgets._skeleton_requests import SkeletonRequests
from microns_widgets.widgets._traits import (
    Labels,
    Number,
    OneOf,
    RootId,
    RootIds,
    Settings,
    WebAddress,
)
from microns_widgets.widgets._viewer_data import (
    about_cell,
    nearest_vertices,
    sent_synapses,
    skeleton_table,
    synapse_table,
    table_block,
    visible_synapses,
    world,
)
from microns_widgets.widgets._viewer_still import still_title, viewer_still
from microns_widgets.widgets._viewer_traits import (
    CHOICES,
    DEFAULT_CAMERA,
    DEFAULTS,
    SYNAPSE_OPACITY,
    SYNAPSE_SCALE,
    as_list,
    normal_camera,
    shown_color_by,
    skeleton_address,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: More skeletons would hide each other and take a gigabyte.
MOST_CELLS = 100
#: Tables of synapses in memory, up to a megabyte each: the browser asks for a cell's synapses and
#: for the vertices nearest to them one after the other.
MOST_TABLES = 16
#: The still picture is made while the notebook's cell runs, so it does not wait for a slow service.
STILL_WAITS_SECONDS = 3.0


@checks_methods
class SkeletonViewer(Linkable):
    """Look at cells: skeletons with true radii, and their synapses.

    Drag to turn, click the picture to zoom with the wheel, click a synapse to choose its partner.
    Everything that can be set by hand can also be read, set and observed in Python.

    Parameters
    ----------
    con : Connectome
        Source of the cells. A skeleton is fetched when it is first shown.
    cells : int or sequence of int
        Root ids of the cells to show, at most 100.
    color_by, synapses, synapse_color, synapse_scale, synapse_opacity, hidden_types, camera, partner
        See the traits of these names.
    skeleton_url : bool or str
        See `skeleton_url`. True uses the public files of `con`, and is an error if it has none.
    save_data : bool, optional
        True writes the cells into the saved notebook (half a megabyte for each well proofread
        cell), so that the widget works there without a kernel. False saves a picture instead.
        Default: False, or True if the environment variable ``MICRONS_SAVE_DATA`` is ``1``.

    Raises
    ------
    UnknownCell
        If a root id occurs neither in the cell table nor among the synapses.
    TooManyCells
        If there are more than 100 cells.
    InvalidArgument
        If a choice, the camera or the address has an impossible value.

    Examples
    --------
    >>> viewer = mw.SkeletonViewer(con, cells=con.select(cell_type="BC", proofread=True)[0])
    >>> viewer  # as the last line of a cell, this displays the widget
    <SkeletonViewer 864691136066834831>
    >>> viewer.partner = con.partners(viewer.cells[0], "inputs")["partner_root_id"][0]
    >>> synapses = con.between(viewer.partner, viewer.cells)
    """

    _module = "skeleton-viewer"
    _kind = "viewer"
    _title = "Skeleton viewer"

    cells = RootIds()
    "Root ids of the displayed cells, in order."

    partner = RootId()
    """Root id of the cell whose synapses are marked (the last one clicked), or None. If two cells
    are shown and this is the second one, they are a pair: only their synapses are drawn."""

    color_by = OneOf(CHOICES["color_by"])
    """What the colour of a skeleton shows: ``"compartment"``, ``"cell"``, ``"depth"``, or nothing
    (``"grey"``). ``"auto"`` is grey while the colours of synapses show types or sizes, else the
    cell if there are several, else the compartment."""

    synapses = OneOf(CHOICES["synapses"])
    """Which synapses are shown: ``"both"``, ``"inputs"``, ``"outputs"`` or ``"none"``."""

    synapse_color = OneOf(CHOICES["synapse_color"])
    """What the colour of a synapse shows: ``"direction"``, the partner's ``"type"``, ``"size"``."""

    synapse_scale = Number(1.0, SYNAPSE_SCALE)
    """How large synapses are drawn, 0.5 to 3 times the usual size (4 pixels or more)."""

    synapse_opacity = Number(1.0, SYNAPSE_OPACITY)
    """How opaque synapses are drawn, from 0.1 to 1."""

    hidden_types = Labels()
    """Automatic types of partners whose synapses are hidden; ``""`` stands for unknown. Assign a
    new list: changes inside the old one are not noticed."""

    camera = Settings()
    """The point of view: ``view`` (``"perspective"``, ``"front"``, ``"side"``, ``"top"``),
    ``center`` ([x, depth, z] in cortical um) and ``height`` of the picture in um (both None to
    show the whole cells), ``yaw`` and ``pitch`` of the perspective view in degrees. Keys that
    a new dict leaves out take their defaults."""

    skeleton_url = WebAddress()
    """Address of a folder with public SWC files, from which a page *without* Python (the course's
    site, or a file that `to_html` wrote) loads skeletons that were not saved in it. ``""``: it
    loads nothing from elsewhere."""

    world = traitlets.Dict(read_only=True).tag(sync=True)
    """The front end's facts about the dataset: source, layers, conversion to depth."""

    data = traitlets.Dict(read_only=True).tag(sync=True)
    """The tables of the cells, if they are saved in the notebook."""

    def __init__(
        self,
        con: Connectome,
        cells: int | Iterable[int] = (),
        *,
        color_by: str = "auto",
        synapses: str = "both",
        synapse_color: str = "direction",
        synapse_scale: float = 1.0,
        synapse_opacity: float = 1.0,
        hidden_types: Iterable[str] = (),
        camera: Mapping[str, Any] = DEFAULT_CAMERA,
        partner: int | None = None,
        skeleton_url: bool | str = False,
        save_data: bool | None = None,
    ) -> None:
        check_connectome("SkeletonViewer", con)
        self._con = con
        self._save_data = saves_data(save_data)
        self._skeletons = SkeletonRequests(con, MOST_CELLS)
        self._tables = lru_cache(MOST_TABLES)(partial(synapse_table, con))
        self._reading = Lock()
        self.set_trait("world", world(con))
        ids = id_array(cells).tolist()
        super().__init__(
            cells=ids,
            color_by=color_by,
            synapses=synapses,
            synapse_color=synapse_color,
            synapse_scale=synapse_scale,
            synapse_opacity=synapse_opacity,
            hidden_types=as_list(hidden_types),
            camera=camera,
            partner=partner,
            skeleton_url=skeleton_address(con, skeleton_url),
        )

    def __repr__(self) -> str:
        ids = ", ".join(map(str, self.cells[:3])) or "no cells"
        more = f" and {len(self.cells) - 3} more" if len(self.cells) > 3 else ""
        return f"<SkeletonViewer {ids}{more}>"

    def close(self) -> None:
        """Remove the widget from all pages, and cancel the requests for its skeletons."""
        # A viewer whose arguments were refused is closed as well.
        if hasattr(self, "_skeletons"):
            self._skeletons.cancel()
        super().close()

    def to_code(self) -> str:
        """Return a line of Python that recreates this view from a connectome named ``con``.

        Returns
        -------
        str

        Examples
        --------
        >>> mw.SkeletonViewer(con, con.select(cell_type="BC", proofread=True)[0]).to_code()
        'mw.SkeletonViewer(con, cells=[864691136066834831])'
        """
        values = {name: getattr(self, name) for name in DEFAULTS}
        changes = {name: value for name, value in values.items() if value != DEFAULTS[name]}
        arguments = [
            f"cells={[*self.cells]}",
            *(f"{n}={python_code(v)}" for n, v in changes.items()),
        ]
        return f"mw.SkeletonViewer(con, {', '.join(arguments)})"

    def neuroglancer_url(self) -> str:
        """Return a link that shows these cells and synapses in Neuroglancer.

        Browsers cannot open very long links, so it contains at most the 3,000 largest synapses.
        Everybody can open a link to versions 117, 343, 943 and 1300; for the others, Neuroglancer
        asks for a login.

        Returns
        -------
        str

        Raises
        ------
        InvalidArgument
            If the dataset has no images, like the sample.

        Examples
        --------
        >>> real = mw.load(1300)  # doctest: +SKIP
        >>> mw.SkeletonViewer(real, real.examples()["BC"]).neuroglancer_url()  # doctest: +SKIP
        """
        begin = about_cell(self._con, self.cells[0])["nucleus"] if self.cells else None
        synapses = self.shown_synapses()
        return state_url(neuroglancer_state(self.world, self.cells, synapses, begin))

    def shown_synapses(self) -> pd.DataFrame:
        """Return the visible synapses: those selected by `synapses`, minus the hidden types.

        If two cells are shown and the second one is the `partner`, these are only the synapses
        between the two, as inputs and outputs of the first one.

        Returns
        -------
        pandas.DataFrame
            ``cell_root_id``, ``id``, ``x``, ``y``, ``z`` (nm), ``direction`` (``"input"``,
            ``"output"``), ``partner_root_id``, ``partner_type``, ``size`` (voxels).

        Examples
        --------
        >>> viewer = mw.SkeletonViewer(con, con.examples()["BC"], synapses="inputs")
        >>> set(viewer.shown_synapses()["direction"])
        {'input'}
        """
        tables = {root_id: self._synapse_table(root_id) for root_id in self.cells}
        pair = pair_in(self.cells, self.partner)
        return visible_synapses(tables, pair, self.synapses, self.hidden_types)

    @traitlets.validate("cells")
    def _valid_cells(self, proposal: Any) -> tuple[int, ...]:
        ids = tuple(dict.fromkeys(proposal["value"]))
        if len(ids) > MOST_CELLS:
            raise TooManyCells(
                f"The viewer was given {len(ids):,} cells, expected at most {MOST_CELLS}. "
                f"Show some of them: cells=ids[:{MOST_CELLS}]."
            )
        for root_id in ids:
            self._check_cell(root_id)
        return ids

    @traitlets.validate("partner")
    def _valid_partner(self, proposal: Any) -> int | None:
        root_id: int | None = proposal["value"]
        if root_id is not None:
            self._check_cell(root_id)
        return root_id

    def _check_cell(self, root_id: int) -> None:
        if root_id not in self._con:
            raise unknown_cell(root_id)

    @traitlets.validate("synapse_color")
    def _valid_synapse_color(self, proposal: Any) -> str:
        if proposal["value"] == "size" and not self._con.has_sizes:
            raise InvalidArgument(
                "synapse_color='size' is not possible: in this dataset synapses have no size. "
                "Choose 'direction' or 'type'."
            )
        return str(proposal["value"])

    @traitlets.validate("hidden_types")
    def _valid_types(self, proposal: Any) -> list[str]:
        return list(dict.fromkeys(proposal["value"]))

    @traitlets.validate("camera")
    def _valid_camera(self, proposal: Any) -> dict[str, Any]:
        return normal_camera(proposal["value"])

    @traitlets.observe("cells")
    def _update_data(self, _change: Any) -> None:
        if self._save_data:
            data = {str(root_id): self._page_data(root_id) for root_id in self.cells}
            self.set_trait("data", data)

    def _has(self, _side: str, root_id: int) -> bool:
        return root_id in self._con

    @property
    def _source(self) -> str:
        return self._con.source

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        ids = dict.fromkeys([*self.cells, *cells])
        data = {str(root_id): self._page_data(root_id) for root_id in ids}
        return {**super()._page_state(cells), "data": data}

    def _page_data(self, root_id: int) -> dict[str, Any]:
        about, blocks = self._synapse_reply(root_id)
        data = {"about": about, "synapses": blocks[0]}
        try:
            reply = self._skeleton_reply(root_id, self._skeletons.result(root_id))
        except Exception as error:  # noqa: BLE001  # the page shows the error instead of the skeleton
            return {**data, "error": {"type": type(error).__name__, "message": str(error)}}
        head, (skeleton, nearest) = reply
        return {**data, "head": head, "skeleton": skeleton, "nearest": nearest}

    def _synapse_table(self, root_id: int) -> pd.DataFrame:
        # Two threads may ask for the same cell; the second one waits and finds the table.
        with self._reading:
            return self._tables(root_id)

    @answers("synapses")
    def _answer_synapses(self, content: Any, _buffers: list[memoryview]) -> Reply:
        return self._synapse_reply(int(content["id"]))

    @answers("skeleton")
    def _answer_skeleton(self, content: Any, _buffers: list[memoryview]) -> Future[Reply]:
        root_id = int(content["id"])
        return then(self._skeletons.future(root_id), partial(self._skeleton_reply, root_id))

    def _synapse_reply(self, root_id: int) -> Reply:
        table = sent_synapses(self._con, self._synapse_table(root_id))
        block = table_block(table, ids=("partner_root_id",))
        return Reply(about_cell(self._con, root_id), [block])

    def _skeleton_reply(self, root_id: int, skeleton: Skeleton) -> Reply:
        nearest = nearest_vertices(skeleton, self._synapse_table(root_id))
        head = {"root": skeleton.root, "source": skeleton.source}
        return Reply(head, [table_block(skeleton_table(skeleton)), table_block(nearest)])

    def _still(self) -> Figure:
        skeletons, notes = [], [] if self._con.synapses_loaded else ["synapses not loaded"]
        for root_id in self.cells:
            try:
                skeletons.append(self._skeletons.result(root_id, STILL_WAITS_SECONDS))
            except Late:
                notes.append(f"{root_id} is still loading")
            except Exception:  # noqa: BLE001  # the widget beside the picture shows the reason
                notes.append(f"{root_id} has no skeleton")
        types = [about_cell(self._con, root_id)["type"] for root_id in self.cells[:3]]
        choices = (self.color_by, self.synapse_color, self.synapses)
        view = self.camera["view"]
        return viewer_still(
            skeletons,
            self.shown_synapses(),
            title=still_title(self.cells, types, notes),
            synapse_color=self.synapse_color,
            grey=shown_color_by(*choices, len(self.cells)) == "grey",
            scale=self.synapse_scale,
            opacity=self.synapse_opacity,
            view="front" if view == "perspective" else view,
        )
