"""Rates of a circuit over time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets.errors import InvalidArgument, InvalidType, quoted
from microns_widgets.plots._axes import axes_or_new, ink, mark_note, mark_source
from microns_widgets.plots._legend import draw_legend
from microns_widgets.plots._text import PLAIN, shown
from microns_widgets.tables.source import source_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@checks_arguments
def plot_rates(
    rates: pd.DataFrame,
    *,
    stimulus: tuple[float, float] | None = None,
    decay_time: float | None = None,
    stability: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw mean rates over time, one line per type.

    Parameters
    ----------
    rates : pandas.DataFrame
        As `RateResponse.by_type` returns it: times in s as index, one column per type.
    stimulus : tuple of float, optional
        Start and end of the stimulus in s, which is shaded.
    decay_time : float, optional
        Time in s from the end of the stimulus to the end of the activity, drawn as an arrow; NaN
        prints that activity did not decay.
    stability : str, optional
        `RateModel.stability`; any other than ``"stable"`` is printed above the figure.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: a new figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidType
        If `rates` is not a frame.
    InvalidArgument
        If there is a decay time, but no stimulus.

    Examples
    --------
    >>> response = mw.RateModel(mw.lognormal_network(seed=0)).impulse_response()
    >>> ax = mw.plots.plot_rates(response.by_type(), stimulus=(1, 15))
    """
    if not isinstance(rates, pd.DataFrame):
        raise InvalidType(f"rates is {quoted(rates)}, expected the frame of response.by_type().")
    if decay_time is not None and stimulus is None:
        raise InvalidArgument("decay_time was given without stimulus, from whose end it counts.")
    ax = axes_or_new(ax, (6.5, 3.6))
    entries = []
    for label in rates.columns:
        style = "--" if palette.classes([label])[0] == "I" else "-"
        name = shown(str(label)) or "unknown"
        entries += ax.plot(
            rates.index, rates[label], style, color=palette.color(str(label)), lw=1.8, label=name
        )
    ax.set_xlabel("time (s)")
    ax.set_ylabel("mean rate (a.u.)")
    ax.set_xlim(rates.index.min(), rates.index.max())
    ax.margins(y=0.08)
    if stimulus is not None:
        ax.axvspan(*stimulus, color="#808080", alpha=0.15, lw=0, zorder=0)
        ax.annotate(
            "stimulus",
            (stimulus[0], 1),
            xycoords=("data", "axes fraction"),
            xytext=(3, -3),
            textcoords="offset points",
            va="top",
            fontsize=8,
            color="#808080",
        )
        if decay_time is not None:
            _draw_decay(ax, stimulus[1], decay_time)
    draw_legend(ax, entries)
    if stability not in ("", "stable"):
        mark_note(ax, f"network: {stability}")
    mark_source(ax, source_of(rates))
    return ax


def _draw_decay(ax: Axes, end: float, decay_time: float) -> None:
    if math.isnan(decay_time):
        mark_note(ax, "activity does not decay in the simulated time")
        return
    ax.axvline(end + decay_time, color=ink(ax), lw=0.8, ls=":")
    ax.annotate(
        f"decays in {decay_time:.4g} s",
        (end + decay_time, 0.6),
        xycoords=("data", "axes fraction"),
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=8,
        color=ink(ax),
        **PLAIN,
    )
