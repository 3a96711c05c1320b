"""A firing-rate model of a circuit, with measured or artificial connections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from microns_widgets import palette
from microns_widgets._arguments import checks_methods
from microns_widgets._typing import Array, BoolArray
from microns_widgets.dynamics.response import RateResponse
from microns_widgets.dynamics.signed_network import SignedNetwork, of_matrix
from microns_widgets.dynamics.simulation import integrate
from microns_widgets.dynamics.spectrum import step_is_unstable
from microns_widgets.errors import (
    InvalidArgument,
    InvalidCall,
    InvalidType,
    RatesDiverged,
    check_choice,
    check_positive,
    quoted,
)
from microns_widgets.network.matrix import ConnectivityMatrix

TRANSFERS = ("rectified", "linear")

#: The spectral radius to which a connectivity matrix is scaled by default.
_RADIUS = 0.9
#: Below it, activity fades. Eigenvalues of 1 are found with rounding errors, and those just below
#: it take a million time constants to fade.
FADES = 1 - 1e-6
# Rates of 2,000 cells at 60,000 time points.
_MOST_VALUES = 120_000_000


@checks_methods
class RateModel:
    """A circuit whose cells have firing rates: tau dr/dt = -r + f(W r + s).

    r are the rates, s is a stimulus, and W the weights from presynaptic to postsynaptic cells. By
    Dale's law, all outputs of an excitatory cell are positive and those of an inhibitory cell
    negative; f does not let rates fall below 0. `stability` says before a run whether activity
    fades or grows.

    Parameters
    ----------
    matrix : ConnectivityMatrix, SignedNetwork or array_like, shape (n, n)
        The connections, presynaptic in rows. A `ConnectivityMatrix` needs the same cells on both
        axes; its current values (such as summed sizes) are the strengths, and the cells' types give
        the signs. An array has signs of its own and needs `types`.
    types : str or array_like of str, optional
        Type of each cell, shape (n,), or a column of the cell table; default:
        ``"cell_type_auto"``.
    gain : float, optional
        Factor on all weights. Default: a connectivity matrix, whose sizes have no unit of
        rate, is scaled to a spectral radius of 0.9; other weights stay as they are.
    spectral_radius : float, optional
        Chooses the gain such that the weights have this spectral radius.
    inhibition : float, optional
        Scales each cell's summed inhibition to this multiple of its summed excitation, before the
        gain. Default: inhibition as measured.
    tau : float
        Time constant of a cell in s.
    transfer : {"rectified", "linear"}
        f(x) = max(0, x), or f(x) = x.

    Raises
    ------
    InvalidArgument
        If a cell is neither excitatory nor inhibitory by its type, a number is out of range, or
        a network without loops is to have a spectral radius.
    MatrixError
        If the matrix is not square or its axes have different cells.
    InvalidCall
        If both `gain` and `spectral_radius` are given.

    Notes
    -----
    The size of a synapse (voxels) is a measure of its strength only among synapses of one kind:
    whether an inhibitory synapse is as strong as an excitatory one of the same size is not known.
    `inhibition` makes this assumption explicit.

    References
    ----------
    * Dayan and Abbott 2001, Theoretical Neuroscience, chapter 7 (MIT Press)

    Examples
    --------
    >>> model = mw.RateModel(con.matrix(autapses=False))
    >>> model
    <RateModel 336 cells (258 E, 78 I), gain ..., spectral radius 0.9, ...>
    >>> response = model.impulse_response()
    >>> response.decay_time() > 0  # s
    True
    """

    def __init__(
        self,
        matrix: ConnectivityMatrix | SignedNetwork | npt.ArrayLike,
        types: npt.ArrayLike | str | None = None,
        *,
        gain: float | None = None,
        spectral_radius: float | None = None,
        inhibition: float | None = None,
        tau: float = 0.25,
        transfer: str = "rectified",
    ) -> None:
        check_choice("transfer", transfer, TRANSFERS)
        check_positive("tau", tau)
        if gain is not None and spectral_radius is not None:
            raise InvalidCall(
                "RateModel() was given gain and spectral_radius, but one follows from the other. "
                "Omit one of them."
            )
        network = self._unscaled = _network(matrix, types)
        self.inhibition = None if inhibition is None else float(inhibition)
        if inhibition is not None:
            network = network.balanced(inhibition)
        if gain is None and spectral_radius is None and isinstance(matrix, ConnectivityMatrix):
            spectral_radius = _RADIUS if network.spectral_radius > 0 else None
        if spectral_radius is not None:
            gain = _gain(network, spectral_radius)
        self.gain = 1.0 if gain is None else float(gain)
        self.network = network if self.gain == 1 else network.scaled(self.gain)
        self.tau = float(tau)
        self.transfer = transfer

    def __repr__(self) -> str:
        return (
            f"<RateModel {self.network.cells_in_words}, gain {self.gain:.3g}, spectral radius "
            f"{self.network.spectral_radius:.3g}, {self.stability}>"
        )

    @property
    def types(self) -> Array:
        """Type of each cell, shape (n,)."""
        return np.asarray(self.network.types)

    @property
    def spectral_radius(self) -> float:
        """The largest absolute value of an eigenvalue of the weights, after the gain."""
        return self.network.spectral_radius

    @cached_property
    def stability(self) -> str:
        """Whether activity fades once a stimulus ends.

        ``"stable"``: it does after any stimulus. ``"stable with inhibition"``: excitation alone
        would grow, so activity fades only while enough inhibitory cells are active; a stimulus
        that silences some cells may still make others grow.
        ``"may grow"``: only a simulation shows whether activity fades. ``"unstable"``: after some
        stimulus it grows, or never comes to rest.

        A linear network is stable if the real parts of all eigenvalues of W are below 1. With
        rectified rates, that is enough only while no rate is cut off at 0; but if the positive
        weights alone have a spectral radius below 1, activity fades after any stimulus, since
        inhibition can only lower it. Activity grows for certain if some cells excite each other
        with a spectral radius of 1 or more, and no cell that they make active inhibits them.
        Otherwise an eigenvalue above 1 may belong to cells that silence each other, after which
        the rest of the network is stable.
        """
        network = self.network
        if self.transfer == "linear":
            return "stable" if network.spectral_abscissa < FADES else "unstable"
        if network.excitation_radius < FADES:
            return "stable"
        if network.uninhibited_radius >= FADES:
            return "unstable"
        return "stable with inhibition" if network.spectral_abscissa < FADES else "may grow"

    @property
    def slowest_time_constant(self) -> float:
        """Time constant in s of the slowest mode of the linear network; inf if it is unstable."""
        abscissa = self.network.spectral_abscissa
        return self.tau / (1 - abscissa) if abscissa < FADES else np.inf

    def impulse_response(
        self,
        *,
        strength: float = 10.0,
        start: float = 1.0,
        end: float = 15.0,
        duration: float = 50.0,
        dt: float = 0.01,
        cells: npt.ArrayLike | None = None,
    ) -> RateResponse:
        """Simulate a stimulus that is switched on and off.

        Parameters
        ----------
        strength : float
            Input to each stimulated cell, in the unit of the rates.
        start, end : float
            First and last time of the stimulus in s.
        duration : float
            Simulated time in s.
        dt : float
            Time step in s.
        cells : array_like of bool, shape (n,), optional
            Which cells are stimulated; default: the excitatory ones, or all if there are none.

        Returns
        -------
        RateResponse

        Raises
        ------
        InvalidArgument
            If a time or the strength is out of range, or no cell is stimulated.
        RatesDiverged
            If rates grow beyond the largest number of the computer.

        Examples
        --------
        >>> model = mw.RateModel(mw.lognormal_network(seed=0))
        >>> response = model.impulse_response(duration=30)
        >>> response.rates.shape
        (200, 3000)
        """
        check_positive("strength", strength)
        n_steps = self._steps(duration, dt)
        if not 0 < start < end < duration:
            raise InvalidArgument(
                f"start={quoted(start)} and end={quoted(end)} are not valid: expected "
                f"0 < start < end < duration ({duration} s), so that there is a time at rest "
                "before the stimulus and a response after it."
            )
        times = np.arange(n_steps) * dt
        on = np.flatnonzero((times >= start) & (times <= end))
        if not len(on):
            raise InvalidArgument(
                f"No time step lies between start={start} and end={end}. Expected a shorter step "
                f"than dt={dt}."
            )
        stimulated = self._stimulated(cells)
        level = np.where(stimulated, float(strength), 0.0)
        first, last = int(on[0]), int(on[-1])
        return self._run(
            lambda now: level if first <= now <= last else 0.0,
            n_steps,
            dt,
            stimulus=(first, last, float(strength)),
        )

    def run(self, stimulus: npt.ArrayLike, *, dt: float = 0.01) -> RateResponse:
        """Simulate any stimulus.

        Parameters
        ----------
        stimulus : array_like, shape (n, n_steps)
            Input to each cell at each time step.
        dt : float
            Time step in s.

        Returns
        -------
        RateResponse
            Without a decay time, since a stimulus of any form has no single end.

        Raises
        ------
        InvalidArgument
            If the stimulus has another shape or a value that is not finite, or the step is too
            long.
        RatesDiverged
            If rates grow beyond the largest number of the computer.

        Examples
        --------
        >>> model = mw.RateModel([[0, 0.5], [-0.3, 0]], ["E", "I"])
        >>> noise = np.random.default_rng(7).normal(5, 1, (2, 400))
        >>> model.run(noise).rates.shape
        (2, 400)
        """
        try:
            values = np.asarray(stimulus, dtype=np.float64)
        except (TypeError, ValueError):
            values = np.empty(0)
        if values.ndim != 2 or values.shape[0] != self.network.n_cells or values.shape[1] < 1:
            raise InvalidArgument(
                f"stimulus is {quoted(stimulus)}, expected an array of shape "
                f"({self.network.n_cells}, n_steps): one row per cell, one column per time step."
            )
        if not np.isfinite(values).all():
            raise InvalidArgument("stimulus contains a value that is not a finite number.")
        n_steps = self._steps(values.shape[1] * dt, dt)
        by_step = np.ascontiguousarray(values.T)
        return self._run(lambda now: by_step[now], n_steps, dt, stimulus=None)

    def _run(
        self,
        input_at: Callable[[int], Any],
        n_steps: int,
        dt: float,
        *,
        stimulus: tuple[int, int, float] | None,
    ) -> RateResponse:
        # Rows of the product are postsynaptic.
        weights = scipy.sparse.csr_array(self.network.weights.T)
        rates, end = integrate(
            weights, input_at, n_steps, step=dt / self.tau, rectified=self.transfer == "rectified"
        )
        if end is not None:
            raise RatesDiverged(
                f"Rates grew beyond all bounds {end * dt:.4g} s after the start. Stability of the "
                f"network: {self.stability} (spectral radius {self.spectral_radius:.3g}, largest "
                f"real part of an eigenvalue {self.network.spectral_abscissa:.3g}; below 1, "
                "activity fades while inhibition is active). Lower "
                "the gain, as with RateModel(..., spectral_radius=0.9), or strengthen inhibition."
            )
        return RateResponse(
            np.arange(n_steps, dtype=np.float64) * dt,
            rates.T,
            self.types,
            stimulus=stimulus,
            stability=self.stability,
            source=self.network.source,
        )

    def _steps(self, duration: float, dt: float) -> int:
        check_positive("dt", dt)
        check_positive("duration", duration)
        longest = self.tau / (1 + self.spectral_radius)
        if dt > longest:
            raise InvalidArgument(
                f"dt={quoted(dt)} is too long: with tau={self.tau:g} s and a spectral radius of "
                f"{self.spectral_radius:.3g}, Euler's method overshoots with steps above "
                f"{longest:.3g} s. Choose a tenth of that, dt={longest / 10:.2g}, or a lower gain: "
                "RateModel(..., spectral_radius=0.9)."
            )
        # With rectified rates, inhibition cannot make activity grow that is stable without it.
        safe = self.transfer == "rectified" and self.stability == "stable"
        extremes = self.network.spectral_radius, self.network.spectral_abscissa
        fades = extremes[1] < FADES
        if fades and not safe and step_is_unstable(self.network.weights, extremes, dt / self.tau):
            raise InvalidArgument(
                f"dt={quoted(dt)} is too long: excitation and inhibition alternate so fast that "
                "with Euler's method their swings grow, although they fade with shorter steps. "
                f"Choose a tenth: dt={dt / 10:.2g}."
            )
        # 0.3 / 0.1 is slightly below 3.
        n_steps = duration / dt + 1e-6
        if n_steps * self.network.n_cells > _MOST_VALUES:
            number = f"{int(n_steps):,}" if n_steps < 1e12 else f"{n_steps:.3g}"
            raise InvalidArgument(
                f"{number} steps of {self.network.n_cells:,} cells are too many to hold in "
                f"memory, expected at most {_MOST_VALUES:,} values. Simulate a shorter time: at "
                f"most duration={_MOST_VALUES / self.network.n_cells * dt:.3g} with this dt."
            )
        return int(n_steps)

    def _stimulated(self, cells: npt.ArrayLike | None) -> BoolArray:
        if cells is None:
            excitatory: BoolArray = palette.classes(self.types) == "E"
            return excitatory if excitatory.any() else np.ones(self.network.n_cells, dtype=bool)
        chosen = np.asarray(cells)
        if chosen.dtype != bool or chosen.shape != (self.network.n_cells,) or not chosen.any():
            raise InvalidArgument(
                f"cells is {quoted(cells)}, expected True or False for each of the "
                f"{self.network.n_cells:,} cells, and at least one True: model.types == '4P'."
            )
        return chosen


def _network(
    matrix: ConnectivityMatrix | SignedNetwork | npt.ArrayLike, types: npt.ArrayLike | str | None
) -> SignedNetwork:
    if isinstance(matrix, ConnectivityMatrix):
        return of_matrix(matrix, types)
    if isinstance(matrix, SignedNetwork):
        return matrix if types is None else replace(matrix, types=types)
    if types is None or isinstance(types, str):
        raise InvalidType(
            f"RateModel was given {quoted(matrix)} without the types of its cells. Give types, a "
            "list with the type of each row such as ['E', 'I'], or a connectivity matrix of the "
            "data: con.matrix()."
        )
    return SignedNetwork(matrix, types)


def _gain(network: SignedNetwork, spectral_radius: float) -> float:
    check_positive("spectral_radius", spectral_radius)
    own = network.spectral_radius
    if own == 0:
        raise InvalidArgument(
            "The network has no loops, so its spectral radius is 0 with any gain. Give the gain "
            "itself: RateModel(..., gain=0.002)."
        )
    return float(spectral_radius / own)
