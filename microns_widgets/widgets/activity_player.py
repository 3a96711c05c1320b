"""The activity player: rates of a circuit over time, beside those of a shuffled one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from microns_widgets import palette
from microns_widgets._arguments import checks_methods, is_several
from microns_widgets._typing import BoolArray
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM
from microns_widgets.dynamics.rate_model import RateModel
from microns_widgets.dynamics.response import RateResponse
from microns_widgets.dynamics.signed_network import SignedNetwork
from microns_widgets.errors import (
    InvalidArgument,
    MatrixError,
    quoted,
    suggestion,
)
from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.network.null_model import NullModel
from microns_widgets.widgets._base import saves_data
from microns_widgets.widgets._linkable import Linkable
from microns_widgets.widgets._player_code import DURATION, arguments_code, player_code
from microns_widgets.widgets._player_data import RATIOS, player_block
from microns_widgets.widgets._player_networks import (
    SAME,
    Setting,
    cell_ids,
    models_at,
    networks_of,
    places,
    spectra,
    steps_of,
)
from microns_widgets.widgets._player_still import order_of, player_still
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import Flag, Labels, Number, OneOf, RootId, RootIds, Times

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# In a shorter simulation, the default stimulus would leave no time for a response after it.
_SHORT_S = 10.0
# With longer steps, it would have hardly any of them.
_LONG_STEP_S = 0.5

Network = RateModel | ConnectivityMatrix | SignedNetwork


@checks_methods
class ActivityPlayer(Linkable):
    """Play the activity of a circuit: its cells light up over time, beside a shuffled circuit.

    The browser simulates the rates of a `RateModel`, also on a page without Python. Each network
    has a map of its somata, the rates of all cells over time, and the mean rate of each type. What
    is stimulated, the gain and the inhibition can be changed there or in Python, and `response` is
    the same simulation in Python.

    Parameters
    ----------
    model : RateModel, ConnectivityMatrix or SignedNetwork
        The network; a matrix needs the same cells on both axes, and becomes ``RateModel(matrix)``.
    beside : RateModel, ConnectivityMatrix, SignedNetwork, NullModel or dict, optional
        A second network of the same cells, or one or two by label: ``{"shuffled": other}``. Of a
        null model, it is the first random network. What is no `RateModel` gets the gain,
        inhibition, time constant and transfer function of the first one.
    label : str, optional
        Label of the first network. Default: ``"observed"``, or ``"network"`` if it is artificial.
    duration : float
        Simulated time in s.
    dt : float, optional
        Time step in s. Default: a 25th of the time constant of the cells.
    gain, inhibition, same, stimulus_types, stimulus_cells, strength, stimulus_times
        See the traits of these names.
    time, playing, speed, cell
        See the traits of these names.
    save_data : bool, optional
        True writes the networks into the saved notebook, so that the widget works there without
        a kernel. False saves a picture instead. Default: False, or True if the environment
        variable ``MICRONS_SAVE_DATA`` is ``1``.

    Raises
    ------
    InvalidArgument
        If a cell is neither excitatory nor inhibitory by its type, or a number, a type or a
        cell is not valid.
    MatrixError
        If the networks do not have the same cells, or a cell is not among them.
    TooManyCells
        If there are more than 5,000 cells or 2 million connections.

    Notes
    -----
    In a link (`link`), the chosen `cell` is shared, and cells that are selected in a picker or a
    matrix are stimulated here, as cells that are drawn around here are selected there.

    Examples
    --------
    >>> matrix = con.matrix(autapses=False)
    >>> player = mw.ActivityPlayer(matrix, beside=matrix.null("degrees", n=1, seed=7))
    >>> player
    <ActivityPlayer observed, shuffled: 336 cells, gain 1, 258 cells stimulated, 0 of 20 s>
    >>> player.stimulus_types = ["4P"]
    >>> player.inhibition = 0.5
    >>> {label: one.stability for label, one in player.models.items()}
    {'observed': 'stable', 'shuffled': 'stable'}
    >>> player.response.decay_time() > 0
    True
    """

    _module = "activity-player"
    _kind = "player"
    _title = "Activity player"

    gain = Number(1.0, (1e-3, 100.0))
    """Factor on all weights, in addition to the gain of the models; 1 plays them as given."""

    inhibition = Number(None, (0.0, 10.0), allow_none=True)
    """Scales each cell's summed inhibition to this multiple of its summed excitation; None
    leaves inhibition as it is in the models. The gain stays as it is."""

    same = OneOf(SAME)
    """What a network beside the first one shares with it: ``"gain"`` (connections of one size are
    equally strong; the default) or ``"spectral_radius"``."""

    stimulus_types = Labels()
    """Types of the cells that are stimulated, or classes (``"E"``, ``"I"``). Default: excitatory
    cells, or all cells if there are none."""

    stimulus_cells = RootIds()
    """Root ids of the cells that are stimulated, in place of the types, at most 5,000. The
    cells of an artificial network have their row numbers as ids, from 0."""

    strength = Number(10.0, (1e-3, 1e6))
    """Input to each stimulated cell, in the unit of the rates."""

    stimulus_times = Times((1.0, 5.0))
    """First and last time of the stimulus in s."""

    time = Number(0.0, (0.0, 1e6))
    """The time on view in s. While the player plays, it is sent to Python about twice a second."""

    playing = Flag(False)
    """Whether the player plays."""

    speed = Number(4.0, (0.1, 100.0))
    """Seconds of the simulation that are played per second."""

    cell = RootId()
    """Root id of the chosen cell, or None; for a cell of an artificial network, its row number."""

    outside = RootId()
    """Root id of a cell that was chosen in a linked widget and is not in the network, or None."""

    data = traitlets.Bytes(None, allow_none=True).tag(sync=True)
    """The packed networks, if they are saved in the notebook."""

    # Needed by the front end as well: labels of the networks; duration, step and time constant
    # in s, whether rates are rectified, and each model's gain; the layers of the cortex; the
    # arguments for "copy as Python"; the source for the caption; and how many of the cells that
    # were selected in a linked widget are not in the network.
    labels = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    fixed: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)
    layers: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    code_arguments = traitlets.Unicode("model").tag(sync=True)
    source = traitlets.Unicode("").tag(sync=True)
    selected_outside = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        model: Network,
        beside: Network | NullModel | Mapping[str, Network | NullModel] | None = None,
        *,
        label: str | None = None,
        duration: float = DURATION,
        dt: float | None = None,
        gain: float | None = None,
        inhibition: float | None = None,
        same: str | None = None,
        stimulus_types: Iterable[str] | None = None,
        stimulus_cells: Iterable[int] | None = None,
        strength: float | None = None,
        stimulus_times: Sequence[float] | None = None,
        time: float | None = None,
        playing: bool | None = None,
        speed: float | None = None,
        cell: int | None = None,
        save_data: bool | None = None,
    ) -> None:
        self._networks = networks_of(model, beside, label)
        first = next(iter(self._networks.values()))
        self._ids = cell_ids(first.network)
        self._rows = {root_id: row for row, root_id in enumerate(self._ids.tolist())}
        self._at = places(first.network)
        step = steps_of(first, duration, dt)
        if stimulus_times is None and (duration <= _SHORT_S or step > _LONG_STEP_S):
            stimulus_times = (duration / 10, duration / 2)
        self.set_trait("labels", [*self._networks])
        self.set_trait("layers", [[name, *ends] for name, ends in LAYER_BORDERS_UM.items()])
        self.set_trait(
            "fixed",
            {
                "duration": float(duration),
                "dt": step,
                "tau": first.tau,
                "rectified": first.transfer == "rectified",
                "gains": [one.gain for one in self._networks.values()],
                "inhibitions": [one.inhibition for one in self._networks.values()],
            },
        )
        settings = {
            "gain": gain,
            "inhibition": inhibition,
            "same": same,
            "stimulus_types": _listed(stimulus_types),
            "stimulus_cells": stimulus_cells,
            "strength": strength,
            "stimulus_times": stimulus_times,
            "time": time,
            "playing": playing,
            "speed": speed,
            "cell": cell,
        }
        super().__init__(
            source=first.network.source,
            code_arguments=arguments_code(model, beside, label, duration, dt),
            **{name: setting for name, setting in settings.items() if setting is not None},
        )
        if saves_data(save_data):
            self.data = self._block(RATIOS)

    def __repr__(self) -> str:
        return (
            f"<ActivityPlayer {', '.join(self.labels)}: {len(self._ids):,} cells, gain "
            f"{self.gain:.3g}, {self.stimulated.sum():,} cells stimulated, {self.time:.3g} of "
            f"{self.fixed['duration']:g} s>"
        )

    @property
    def models(self) -> dict[str, RateModel]:
        """The models with the current gain and inhibition, by label."""
        return models_at(self._networks, Setting(self.gain, self.inhibition, self.same))

    @property
    def stimulated(self) -> BoolArray:
        """Which cells are stimulated, shape (n,)."""
        if self.stimulus_cells:
            chosen: BoolArray = np.isin(self._ids, self.stimulus_cells)
            return chosen
        types = self._types
        classes = palette.classes(types)
        if self.stimulus_types:
            of_type: BoolArray = np.isin(types, self.stimulus_types)
            return of_type | np.isin(classes, self.stimulus_types)
        excitatory: BoolArray = classes == "E"
        return excitatory if excitatory.any() else np.ones(len(types), dtype=bool)

    @property
    def response(self) -> RateResponse:
        """The simulation of the first network, by Python; see `responses`."""
        return self._run(next(iter(self.models.values())))

    @property
    def responses(self) -> dict[str, RateResponse]:
        """The simulations of all networks, by Python and by label.

        Raises
        ------
        RatesDiverged
            If rates grow beyond the largest number of the computer.
        """
        return {label: self._run(model) for label, model in self.models.items()}

    def to_code(self) -> str:
        """Return a line of Python that recreates this player.

        ``model``, ``matrix`` and ``other`` stand for the arguments of this player.

        Returns
        -------
        str

        Examples
        --------
        >>> mw.ActivityPlayer(con.matrix(autapses=False), gain=1.1).to_code()
        'mw.ActivityPlayer(matrix, gain=1.1)'
        """
        return player_code(self)

    def _run(self, model: RateModel) -> RateResponse:
        start, end = self.stimulus_times
        return model.impulse_response(
            strength=self.strength,
            start=start,
            end=end,
            duration=self.fixed["duration"],
            dt=self.fixed["dt"],
            cells=self.stimulated,
        )

    @cached_property
    def _types(self) -> Any:
        return next(iter(self._networks.values())).types

    @traitlets.validate("stimulus_types")
    def _valid_types(self, proposal: Any) -> list[str]:
        types: list[str] = list(dict.fromkeys(proposal["value"]))
        known = palette.type_order([*self._types, *palette.classes(self._types)])
        for name in types:
            if name not in known:
                raise InvalidArgument(
                    f"stimulus_types has {quoted(name)}, which no cell of the network has."
                    f"{suggestion(name, known)} Expected some of {', '.join(map(repr, known))}."
                )
        return types

    @traitlets.validate("stimulus_cells")
    def _valid_cells(self, proposal: Any) -> tuple[int, ...]:
        ids: tuple[int, ...] = tuple(dict.fromkeys(proposal["value"]))
        for root_id in ids:
            self._check_cell(root_id)
        return ids

    @traitlets.validate("cell")
    def _valid_cell(self, proposal: Any) -> int | None:
        root_id: int | None = proposal["value"]
        if root_id is not None:
            self._check_cell(root_id)
        return root_id

    @traitlets.validate("stimulus_times")
    def _valid_times(self, proposal: Any) -> tuple[float, float]:
        start, end = proposal["value"]
        duration, dt = self.fixed["duration"], self.fixed["dt"]
        if not dt <= start <= end - dt < end < duration:
            raise InvalidArgument(
                f"stimulus_times={quoted(proposal['value'])} are not valid: expected a start of at "
                f"least {dt:g} s and an end that is later by at least {dt:g} s, and before "
                f"{duration:g} s, so that there is a time at rest before the stimulus and a "
                "response after it. For longer stimuli: mw.ActivityPlayer(model, duration=60)."
            )
        return start, end

    @traitlets.validate("time")
    def _valid_time(self, proposal: Any) -> float:
        return min(float(proposal["value"]), float(self.fixed["duration"]))

    @traitlets.observe("stimulus_cells")
    def _selection_is_own(self, _change: object) -> None:
        # A link sets the number after the selection.
        self.selected_outside = 0

    def _check_cell(self, root_id: int) -> None:
        if root_id not in self._rows:
            raise MatrixError(
                f"{root_id} is not one of the {len(self._ids):,} cells of the network (the first "
                f"is {self._ids[0]}). Make a model that contains it: mw.RateModel(con.matrix(ids))."
            )

    def _has(self, _side: str, root_id: int) -> bool:
        return root_id in self._rows

    @property
    def _source(self) -> str:
        return str(self.source)

    def _block(self, ratios: Sequence[float]) -> bytes:
        own = [] if self.inhibition is None or self.inhibition in ratios else [self.inhibition]
        return player_block(self._networks, [None, *sorted([*ratios, *own])])

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        data = self.data or self._block(RATIOS)
        return {**super()._page_state(cells), "data": data, "playing": False}

    def _still(self) -> Figure:
        runs = {label: partial(self._run, model) for label, model in self.models.items()}
        return player_still(runs, order_of(self._types, self._at[:, 1]))

    @answers("networks")
    def _answer_networks(self, _content: object, _buffers: list[memoryview]) -> Reply:
        return Reply(None, [self.data or self._block([])])

    @answers("spectrum")
    def _answer_spectrum(self, ratio: float, _buffers: list[memoryview]) -> list[list[float]]:
        return [numbers.tolist() for numbers in spectra(self._networks, [ratio])[0]]


def _listed(types: Any) -> Any:
    # Anything that is not several labels is left to the trait, whose error explains it.
    return [*types] if is_several(types) and not isinstance(types, str) else types
