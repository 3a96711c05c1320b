"""The response of a rate model: rates over time, and how long activity lasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microns_widgets import palette
from microns_widgets._arguments import checks_methods
from microns_widgets._typing import Array, BoolArray, FloatArray
from microns_widgets.errors import InvalidArgument, NoDecay, check_choice, quoted

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class RateResponse:
    """Rates of the cells of a `RateModel` over time.

    Attributes
    ----------
    times : numpy.ndarray, shape (n_steps,)
        In s, from 0.
    rates : numpy.ndarray, shape (n_cells, n_steps)
        Rate of each cell at each time, in the unit of the stimulus.
    types : numpy.ndarray of str, shape (n_cells,)
        Type of each cell.
    stimulus : tuple, optional
        Indices of the first and the last step of the stimulus, and its strength; None if the
        stimulus was not a single impulse.
    stability : str
        `RateModel.stability` of the model.
    source : str
        Where the network comes from, for captions.
    """

    times: FloatArray
    rates: FloatArray
    types: Array
    stimulus: tuple[int, int, float] | None = None
    stability: str = ""
    source: str = field(default="", repr=False)

    def __repr__(self) -> str:
        n_cells, n_steps = self.rates.shape
        return (
            f"<RateResponse {n_cells:,} cells, {n_steps:,} steps, {self.times[-1]:.4g} s, "
            f"{self.stability}>"
        )

    def by_type(self, by: str = "type") -> pd.DataFrame:
        """Return the mean rate of each type over time.

        Parameters
        ----------
        by : {"type", "class"}
            Average over each type, or over excitatory and inhibitory cells.

        Returns
        -------
        pandas.DataFrame, shape (n_steps, n types)
            Indexed by time in s; columns in the order of the palette.

        Raises
        ------
        InvalidArgument
            If `by` is neither of the two.

        Examples
        --------
        >>> response = mw.RateModel(con.matrix(autapses=False)).impulse_response(duration=20)
        >>> list(response.by_type("class").columns)
        ['E', 'I']
        """
        check_choice("by", by, ("type", "class"))
        labels = self.types if by == "type" else palette.classes(self.types)
        means = {
            label: self.rates[labels == label].mean(axis=0) for label in palette.type_order(labels)
        }
        frame = pd.DataFrame(means, index=pd.Index(self.times, name="time_s"))
        frame.attrs["source"] = self.source
        return frame

    def decay_time(
        self,
        fraction: float = 0.01,
        *,
        cell_type: str | None = None,
        if_never: float | None = None,
    ) -> float:
        """Return how long activity lasts after the stimulus.

        It is the time from the last step of the stimulus until the mean rate is lower than a
        fraction of the stimulus, above the rate just before the stimulus.

        Parameters
        ----------
        fraction : float
            Fraction of the stimulus' strength at which activity counts as decayed.
        cell_type : str, optional
            Type, or class (``"E"``, ``"I"``), whose mean rate is measured; default: excitatory
            cells, or all cells if there are none.
        if_never : float, optional
            Value to return if activity does not decay in the simulated time, such as
            ``float("nan")``; default: an error.

        Returns
        -------
        float
            In s, a multiple of the time step.

        Raises
        ------
        NoDecay
            If activity does not decay in the simulated time and `if_never` is omitted.
        InvalidArgument
            If the stimulus was not an impulse, no cell has the type, or the fraction is not
            between 0 and 1.

        Examples
        --------
        >>> response = mw.RateModel(mw.lognormal_network(seed=0)).impulse_response()
        >>> response.decay_time() > 1
        True
        """
        if self.stimulus is None:
            raise InvalidArgument(
                "This stimulus has no single end, from which a decay could be measured. Use "
                "model.impulse_response()."
            )
        if not 0 < fraction < 1:
            raise InvalidArgument(f"fraction={quoted(fraction)} is not valid: expected 0 to 1.")
        first, last, strength = self.stimulus
        mean = self.rates[self._measured(cell_type)].mean(axis=0)
        below = np.flatnonzero(mean[last:] < fraction * strength + mean[first - 1])
        if len(below):
            return float(below[0] * self.times[1])
        if if_never is not None:
            return float(if_never)
        after = self.times[-1] - self.times[last]
        raise NoDecay(
            f"Activity did not fall below {fraction:g} of the stimulus in the {after:.4g} s after "
            f"it (mean rate at the end: {mean[-1]:.3g}). Stability of the network: "
            f"{self.stability}. "
            + (
                "Lower its gain, as with RateModel(..., spectral_radius=0.9)."
                if self.stability in ("unstable", "may grow")
                else "Simulate a longer time (duration=...), or lower its gain."
            )
        )

    def _measured(self, cell_type: str | None) -> BoolArray:
        classes = palette.classes(self.types)
        if cell_type is None:
            excitatory: BoolArray = classes == "E"
            return excitatory if excitatory.any() else np.ones(len(self.types), dtype=bool)
        own: BoolArray = (self.types == cell_type) | (classes == cell_type)
        if not own.any():
            expected = ", ".join(map(repr, palette.type_order(self.types)))
            raise InvalidArgument(
                f"No cell has the type or class {quoted(cell_type)}. Expected one of {expected}."
            )
        return own

    def plot(self, *, by: str = "class", ax: Axes | None = None) -> Axes:
        """Draw the mean rate of each type over time, with the stimulus and the decay time.

        Parameters
        ----------
        by : {"class", "type"}
            Average over excitatory and inhibitory cells, or over each type.
        ax : matplotlib.axes.Axes, optional
            Where to draw; default: a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Time in s across, rates in the unit of the stimulus upwards. A note says so if the
            network is not stable or activity does not decay.

        Raises
        ------
        InvalidArgument
            If `by` is neither of the two.

        Examples
        --------
        >>> ax = mw.RateModel(mw.lognormal_network(seed=0)).impulse_response().plot()
        """
        # matplotlib takes half a second to import: only those who draw pay for it.
        from microns_widgets.plots.rates import plot_rates

        span = decay = None
        if self.stimulus is not None:
            span = (float(self.times[self.stimulus[0]]), float(self.times[self.stimulus[1]]))
            nan = float("nan")
            decay = self.decay_time(if_never=nan)
        return plot_rates(
            self.by_type(by), stimulus=span, decay_time=decay, stability=self.stability, ax=ax
        )
