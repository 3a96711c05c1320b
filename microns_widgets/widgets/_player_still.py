"""The still picture of an activity player: rates of all cells over time, and means by class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from microns_widgets import palette
from microns_widgets.dynamics.response import RateResponse
from microns_widgets.errors import RatesDiverged

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from microns_widgets._typing import IntArray


def player_still(runs: Mapping[str, Callable[[], RateResponse]], order: IntArray) -> Figure:
    """Draw the responses of the networks side by side.

    Parameters
    ----------
    runs : mapping of str to callable
        What simulates each network; one that diverges is drawn as a line of text.
    order : numpy.ndarray, shape (n,)
        The cells from top to bottom.
    """
    # matplotlib takes half a second to import. pyplot would display the figure a second time.
    from matplotlib.figure import Figure

    from microns_widgets.plots._text import PLAIN, shown
    from microns_widgets.plots.rates import plot_rates

    responses: dict[str, RateResponse | str] = {}
    for label, run in runs.items():
        try:
            responses[label] = run()
        except RatesDiverged:
            responses[label] = "rates grow beyond all bounds"
    figure = Figure(figsize=(1.2 + 4.6 * len(runs), 5.6), layout="constrained")
    axes = figure.subplots(2, len(runs), sharex=True, sharey="row", squeeze=False)
    drawn = [one for one in responses.values() if isinstance(one, RateResponse)]
    brightest = max([np.percentile(one.rates.max(axis=1), 98) for one in drawn], default=1.0) or 1.0
    image = None
    for (label, response), top, bottom in zip(responses.items(), *axes, strict=True):
        top.set_title(shown(label), fontsize=10, **PLAIN)
        if isinstance(response, str):
            top.text(0.5, 0.5, response, ha="center", transform=top.transAxes, fontsize=9)
            continue
        step = max(1, len(response.times) // 1500)
        image = top.imshow(
            response.rates[order][:, ::step],
            aspect="auto",
            extent=(0, response.times[-1], len(order), 0),
            vmin=0,
            vmax=brightest,
            cmap="inferno",
            interpolation="nearest",
        )
        first, last, _ = response.stimulus or (0, 0, 0)
        decay = response.decay_time(if_never=float("nan"))
        plot_rates(
            response.by_type("class"),
            stimulus=(float(response.times[first]), float(response.times[last])),
            decay_time=decay,
            stability=response.stability,
            ax=bottom,
        )
    axes[0, 0].set_ylabel("cells by type and depth")
    if image is not None:
        figure.colorbar(image, ax=list(axes[0]), label="rate (a.u.)", extend="max")
    return figure


def order_of(types: np.ndarray, depth: np.ndarray) -> IntArray:
    """Return the cells by type, in the order of the palette, and by depth within each type."""
    rank = {label: place for place, label in enumerate(palette.type_order(types))}
    ranks = np.array([rank[label] for label in types], dtype=np.int64)
    order: IntArray = np.lexsort((np.nan_to_num(depth, nan=np.inf), ranks))
    return order
