"""The skeleton viewer: one or several cells in 3D or flat, with their synapses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
import traitlets

from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.errors import UnknownCell, check_choice
from microns_widgets.widgets._base import saves_data
from microns_widgets.widgets._linkable import Linkable
from microns_widgets.widgets._neuroglancer import neuroglancer_state, state_url
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import RootId, RootIds
from microns_widgets.widgets._viewer_data import (
    about_cell,
    nearest_vertices,
    packed,
    skeleton_table,
    synapse_table,
    world,
)
from microns_widgets.widgets._viewer_still import viewer_still
from microns_widgets.widgets._viewer_traits import CHOICES, DEFAULT_CAMERA, normal_camera

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: More skeletons would hide each other, and take a gigabyte.
MOST_CELLS = 100
#: A picture is made while the notebook's cell runs: it does not wait for a slow service.
STILL_WAITS_SECONDS = 3.0


class SkeletonViewer(Linkable):
    """Look at cells: skeletons with true radii, and their synapses.

    Drag turns, the wheel zooms, a click on a synapse chooses its partner, a click in the
    legend hides a type. All that can be set by hand can be read and set in Python too, and
    observed.

    Parameters
    ----------
    con : Connectome
        Where the cells are from. Skeletons are fetched when they are first shown.
    cells : int or sequence of int
        Root ids of the cells to show, at most 100.
    color_by : {"compartment", "cell", "depth"}, optional
        See `color_by`; with several cells ``"cell"`` without it.
    synapses, synapse_color, hidden_types, camera, partner
        See the traits of these names.
    save_data : bool, optional
        True writes the cells into the saved notebook (half a megabyte for each that is well
        proofread), so that the widget works there without a kernel. Otherwise a picture
        stands in for it. Where it
        is not given, the environment variable ``MICRONS_SAVE_DATA=1`` says True.

    Raises
    ------
    UnknownCell
        If a root id occurs neither in the cell table nor among the synapses.
    ValueError
        If a word or the camera is none that there is.

    Examples
    --------
    >>> viewer = mw.SkeletonViewer(con, cells=con.select(cell_type="BC", proofread=True)[0])
    >>> viewer  # shows it
    >>> con.between(viewer.partner, viewer.cells)
    """

    _module = "skeleton-viewer"
    _kind = "viewer"
    _title = "Skeleton viewer"

    cells = RootIds()
    """Root ids of the cells that are shown, in order."""

    partner = RootId()
    """Root id of the cell whose synapses are marked, the one clicked last; or None."""

    color_by = traitlets.Unicode("compartment").tag(sync=True)
    """What a skeleton's colour shows: ``"compartment"``, ``"cell"`` or ``"depth"``."""

    synapses = traitlets.Unicode("both").tag(sync=True)
    """Which synapses are shown: ``"both"``, ``"inputs"``, ``"outputs"`` or ``"none"``."""

    synapse_color = traitlets.Unicode("direction").tag(sync=True)
    """What a synapse's colour shows: ``"direction"``, the partner's ``"type"``, ``"size"``."""

    hidden_types = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """Automatic types of partners whose synapses are hidden; ``""`` is unknown. Set a new
    list; changing the old one in place is not noticed."""

    camera = traitlets.Dict().tag(sync=True)
    """Where one looks from: ``view`` (``"perspective"``, ``"front"``, ``"side"``, ``"top"``),
    ``center`` ([x, depth, z] in cortical um) and ``height`` (um from the picture's top to its
    bottom), both None to show the whole cells, ``yaw`` and ``pitch`` of the perspective view in
    degrees. What a new dict leaves out takes its default."""

    world = traitlets.Dict(read_only=True).tag(sync=True)
    """What the front end knows of the data set: source, layers, transformation to depth."""

    data = traitlets.Dict(read_only=True).tag(sync=True)
    """The cells' tables, where they are to be saved in the notebook."""

    def __init__(
        self,
        con: Connectome,
        cells: int | Iterable[int] = (),
        *,
        color_by: str | None = None,
        synapses: str = "both",
        synapse_color: str = "direction",
        hidden_types: Iterable[str] = (),
        camera: Mapping[str, Any] = DEFAULT_CAMERA,
        partner: int | None = None,
        save_data: bool | None = None,
    ) -> None:
        if not isinstance(con, Connectome):
            raise TypeError(
                f"SkeletonViewer was given {type(con).__name__}, expected a Connectome: "
                "mw.SkeletonViewer(mw.load(), cells=...)."
            )
        self._con = con
        self._save_data = saves_data(save_data)
        self._fetched: dict[int, Future[Skeleton]] = {}
        self.set_trait("world", world(con))
        shown = list(cells) if isinstance(cells, Iterable) else [cells]
        super().__init__(
            cells=shown,
            color_by=color_by or ("cell" if len(shown) > 1 else "compartment"),
            synapses=synapses,
            synapse_color=synapse_color,
            hidden_types=list(hidden_types),
            camera=camera,
            partner=partner,
        )

    def __repr__(self) -> str:
        return f"<SkeletonViewer {', '.join(map(str, self.cells)) or 'without a cell'}>"

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(2, thread_name_prefix="skeletons")

    def close(self) -> None:
        """Take the widget off all pages, and give up skeletons that are still asked for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        super().close()

    def to_code(self) -> str:
        """Return a line of Python that makes this view, for a connectome named ``con``."""
        said: dict[str, Any] = {
            "color_by": "cell" if len(self.cells) > 1 else "compartment",
            **{name: words[0] for name, words in CHOICES.items() if name != "color_by"},
            "hidden_types": [],
            "camera": dict(DEFAULT_CAMERA),
            "partner": None,
        }
        changed = {
            name: value for name, usual in said.items() if (value := getattr(self, name)) != usual
        }
        arguments = [f"cells={[*self.cells]}", *(f"{n}={v!r}" for n, v in changed.items())]
        return f"mw.SkeletonViewer(con, {', '.join(arguments)})"

    def neuroglancer_url(self) -> str:
        """Return a link to the cells and the synapses shown, in Neuroglancer.

        Of more than 3,000 synapses the largest go along: a longer link would not open.

        Raises
        ------
        ValueError
            If there are no images of the data.
        """
        begin = about_cell(self._con, self.cells[0])["nucleus"] if self.cells else None
        shown = self.shown_synapses()
        return state_url(neuroglancer_state(self.world, self.cells, shown, begin))

    def shown_synapses(self) -> pd.DataFrame:
        """Return the synapses that are shown: those of `synapses` without the hidden types.

        Returns
        -------
        pandas.DataFrame
            ``cell_root_id``, ``id``, ``x``, ``y``, ``z`` (nm), ``direction`` (``"input"``,
            ``"output"``), ``partner_root_id``, ``partner_type``, ``size`` (voxels).
        """
        tables = [synapse_table(self._con, root_id) for root_id in self.cells]
        if not tables:
            return pd.DataFrame(columns=["cell_root_id", "direction", "partner_type"])
        table = pd.concat(tables, keys=self.cells, names=["cell_root_id"])
        table = table.reset_index("cell_root_id").reset_index(drop=True)
        directions = {"inputs": ["input"], "outputs": ["output"], "none": []}
        wanted = directions.get(self.synapses, ["input", "output"])
        kept = table["direction"].isin(wanted) & ~table["partner_type"].isin(self.hidden_types)
        return table[kept].reset_index(drop=True)

    @traitlets.validate("cells")
    def _valid_cells(self, proposal: Any) -> tuple[int, ...]:
        ids = tuple(dict.fromkeys(proposal["value"]))
        if len(ids) > MOST_CELLS:
            raise UnknownCell(
                f"{len(ids):,} cells are too many to look at, expected at most {MOST_CELLS}."
            )
        for root_id in ids:
            self._con.inputs(root_id)  # raises what there is to say of an unknown one
        return ids

    @traitlets.validate("partner")
    def _valid_partner(self, proposal: Any) -> int | None:
        root_id: int | None = proposal["value"]
        if root_id is not None:
            self._con.inputs(root_id)
        return root_id

    @traitlets.validate("color_by", "synapses", "synapse_color")
    def _valid_word(self, proposal: Any) -> str:
        name = proposal["trait"].name
        check_choice(name, proposal["value"], CHOICES[name])
        return str(proposal["value"])

    @traitlets.validate("hidden_types")
    def _valid_types(self, proposal: Any) -> list[str]:
        return list(dict.fromkeys(proposal["value"]))

    @traitlets.validate("camera")
    def _valid_camera(self, proposal: Any) -> dict[str, Any]:
        return normal_camera(proposal["value"])

    @traitlets.observe("cells")
    def _keep_data(self, _change: Any) -> None:
        if self._save_data:
            self.set_trait("data", {str(root_id): self._saved(root_id) for root_id in self.cells})

    def _has(self, _side: str, root_id: int) -> bool:
        try:
            self._con.inputs(root_id)
        except UnknownCell:
            return False
        return True

    @property
    def _source(self) -> str:
        return self._con.source

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        saved = dict.fromkeys([*self.cells, *cells])
        data = {str(root_id): self._saved(root_id) for root_id in saved}
        return {**super()._page_state(cells), "data": data}

    def _saved(self, root_id: int) -> dict[str, Any]:
        about, blocks = self._synapse_reply(root_id)
        saved = {"about": about, "synapses": blocks[0]}
        try:
            head, (skeleton, nearest) = self._skeleton_reply(root_id, self._skeleton(root_id))
        except Exception as error:  # noqa: BLE001  # the saved page says it in the skeleton's place
            return {**saved, "error": {"type": type(error).__name__, "message": str(error)}}
        return {**saved, "head": head, "skeleton": skeleton, "nearest": nearest}

    def _skeleton(self, root_id: int, timeout: float | None = None) -> Skeleton:
        return self._fetch(root_id).result(timeout)

    def _fetch(self, root_id: int) -> Future[Skeleton]:
        """Return the skeleton's future; one that failed is asked for again."""
        found = self._fetched.get(root_id)
        if found is None or (found.done() and found.exception()):
            # The oldest are forgotten: a picker may lead through thousands of cells.
            while len(self._fetched) >= MOST_CELLS:
                self._fetched.pop(next(iter(self._fetched)))
            found = self._fetched[root_id] = self._threads.submit(self._con.skeleton, root_id)
        return found

    @answers("synapses")
    def _synapses(self, content: Any, _buffers: list[memoryview]) -> Reply:
        return self._synapse_reply(int(content["id"]))

    @answers("skeleton")
    def _skeleton_later(self, content: Any, _buffers: list[memoryview]) -> Future[Reply]:
        root_id = int(content["id"])
        return _then(self._fetch(root_id), lambda found: self._skeleton_reply(root_id, found))

    def _synapse_reply(self, root_id: int) -> Reply:
        table = synapse_table(self._con, root_id)
        return Reply(about_cell(self._con, root_id), [packed(table, ids=("partner_root_id",))])

    def _skeleton_reply(self, root_id: int, skeleton: Skeleton) -> Reply:
        nearest = nearest_vertices(skeleton, synapse_table(self._con, root_id))
        head = {"root": skeleton.root, "source": skeleton.source}
        return Reply(head, [packed(skeleton_table(skeleton)), packed(nearest)])

    def _still(self) -> Figure:
        skeletons, without = [], []
        for root_id in self.cells:
            try:
                skeletons.append(self._skeleton(root_id, STILL_WAITS_SECONDS))
            except Late:
                without.append(f"{root_id} is still loading")
            except Exception:  # noqa: BLE001  # the widget beside the picture says why
                without.append(f"{root_id} has no skeleton here")
        labels = [
            f"{about_cell(self._con, root_id)['type'] or 'cell'} {root_id}"
            for root_id in self.cells[:3]
        ]
        more = f" and {len(self.cells) - 3} more" if len(self.cells) > 3 else ""
        lines = [", ".join(labels) + more or "No cell is chosen", *without[:3]]
        view = self.camera["view"]
        return viewer_still(
            skeletons,
            self.shown_synapses(),
            title="\n".join(lines),
            synapse_color=self.synapse_color,
            view="front" if view == "perspective" else view,
        )


def _then(before: Future[Skeleton], work: Callable[[Skeleton], Reply]) -> Future[Reply]:
    """Return the future of what `work` makes of a future's result."""
    after: Future[Reply] = Future()

    def go_on(done: Future[Skeleton]) -> None:
        try:
            after.set_result(work(done.result()))
        except Exception as error:  # noqa: BLE001  # whatever it is, the one who waits must hear of it
            after.set_exception(error)

    before.add_done_callback(go_on)
    return after
