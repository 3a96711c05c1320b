"""The networks that an activity player shows, as rate models of the same cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from microns_widgets._typing import Array, FloatArray, IntArray
from microns_widgets.anatomy.depth import in_volume, to_cortical
from microns_widgets.dynamics.rate_model import RateModel
from microns_widgets.dynamics.signed_network import SignedNetwork
from microns_widgets.errors import (
    InvalidArgument,
    InvalidType,
    MatrixError,
    TooManyCells,
    check_positive,
    quoted,
)
from microns_widgets.network.matrix import ConnectivityMatrix
from microns_widgets.network.null_model import NullModel

#: The browser keeps the rates of all cells over time.
MOST_CELLS = 5_000
MOST_CONNECTIONS = 2_000_000
MOST_NETWORKS = 3
MOST_STEPS = 20_000
#: Labels of the first network, and of one beside it that has none of its own.
FIRST, OTHER, SHUFFLED = "observed", "beside", "shuffled"

#: What the networks beside the first one share with it.
SAME = ("gain", "spectral_radius")

Networks = dict[str, RateModel]


def networks_of(model: object, beside: object, label: str | None) -> Networks:
    """Return the models to show by label, the first one first.

    Raises
    ------
    InvalidType
        If one of them is not a network.
    InvalidArgument
        If there are too many, or two have the same label.
    MatrixError
        If they do not have the same cells.
    TooManyCells
        If there are too many cells or connections to play.
    """
    first = _model(model, None)
    others = _labelled(beside)
    own = label or (FIRST if first.network.cells is not None else "network")
    if own in others:
        raise InvalidArgument(
            f"Two networks have the label {quoted(own)}. Expected another one for each: "
            'mw.ActivityPlayer(model, beside={"shuffled": other}, label="observed").'
        )
    if len(others) >= MOST_NETWORKS:
        raise InvalidArgument(
            f"beside has {len(others)} networks, expected at most {MOST_NETWORKS - 1}: more "
            "would be too small to compare."
        )
    networks = {own: first, **{name: _model(one, first) for name, one in others.items()}}
    for name, one in networks.items():
        _check_same_cells(own, first, name, one)
    n_cells = first.network.n_cells
    n_connections = sum(one.network.weights.nnz for one in networks.values())
    if n_cells > MOST_CELLS or n_connections > MOST_CONNECTIONS:
        raise TooManyCells(
            f"{n_cells:,} cells with {n_connections:,} connections in {len(networks)} "
            f"network{'s' * (len(networks) > 1)} are too many to play, expected at most "
            f"{MOST_CELLS:,} cells and {MOST_CONNECTIONS:,} connections. Choose some of the cells: "
            "ids = con.select(proofread=True)[:1000]; con.matrix(ids, autapses=False)."
        )
    return networks


def _labelled(beside: object) -> Mapping[str, object]:
    if beside is None:
        return {}
    if isinstance(beside, Mapping):
        for name in beside:
            if not isinstance(name, str) or not name:
                raise InvalidType(
                    f"beside has the label {quoted(name)}, expected text: "
                    '{"shuffled": matrix.null("degrees", n=1)}.'
                )
        return beside
    return {SHUFFLED if isinstance(beside, NullModel) else OTHER: beside}


def _model(given: Any, first: RateModel | None) -> RateModel:
    """Return a model of a network; without settings of its own, it has those of the first one."""
    if isinstance(given, RateModel):
        return given
    if isinstance(given, NullModel):
        given = given[0]
    if not isinstance(given, ConnectivityMatrix | SignedNetwork):
        expected = "a RateModel, a ConnectivityMatrix or a SignedNetwork"
        hint = "mw.ActivityPlayer(con.matrix(autapses=False))"
        if first is not None:
            expected += ", a NullModel, or a dict of these by label"
            hint = 'mw.ActivityPlayer(matrix, beside=matrix.null("degrees", n=1))'
        raise InvalidType(
            f"ActivityPlayer was given {type(given).__name__}, expected {expected}: {hint}."
        )
    if first is None:
        return RateModel(given)
    types = None
    if isinstance(given, ConnectivityMatrix) and len(given.pre_ids) == first.network.n_cells:
        types = first.types
    return RateModel(
        given,
        types,
        gain=first.gain,
        inhibition=first.inhibition,
        tau=first.tau,
        transfer=first.transfer,
    )


def _check_same_cells(own: str, first: RateModel, name: str, other: RateModel) -> None:
    if (first.tau, first.transfer) != (other.tau, other.transfer):
        raise InvalidArgument(
            f"{quoted(name)} has tau={other.tau:g} and transfer={other.transfer!r}, but "
            f"{quoted(own)} has tau={first.tau:g} and transfer={first.transfer!r}. Expected the "
            "same, since one clock and one stimulus drive all networks."
        )
    same_types = np.array_equal(first.types, other.types)
    ids, others = cell_ids(first.network), cell_ids(other.network)
    both = first.network.cells is not None and other.network.cells is not None
    if not same_types or (both and not np.array_equal(ids, others)):
        what = "cells" if same_types else "types of cells"
        raise MatrixError(
            f"{quoted(name)} does not have the {what} of {quoted(own)} in the same order "
            f"({other.network.cells_in_words} and {first.network.cells_in_words}), so their "
            "activity cannot be compared cell by cell. Make both of one matrix, such as matrix "
            'and matrix.null("degrees"), or bring one into order: matrix.select(ids, ids).'
        )


def cell_ids(network: SignedNetwork) -> IntArray:
    """Return the root id of each cell, or its row number where it has none, shape (n,)."""
    rows: IntArray = np.arange(network.n_cells)
    if network.cells is None:
        return rows
    ids = network.cells.index.to_numpy(dtype=np.int64)
    return np.where(ids == 0, rows, ids)


def places(network: SignedNetwork) -> FloatArray:
    """Return x and depth of each soma in um, NaN where they are not known, shape (n, 2)."""
    unknown = np.full((network.n_cells, 2), np.nan)
    columns = [f"pt_position_{axis}" for axis in "xyz"]
    if network.cells is None or not set(columns) <= set(network.cells.columns):
        return unknown
    positions = network.cells[columns].to_numpy(dtype=np.float64)
    inside = in_volume(positions, network.source)
    return np.where(inside[:, None], to_cortical(positions)[:, :2], unknown)


class Setting(NamedTuple):
    """What the controls choose: the traits of `ActivityPlayer` with these names."""

    gain: float = 1.0
    inhibition: float | None = None
    same: str = SAME[0]


def models_at(networks: Networks, setting: Setting) -> Networks:
    """Return the models with the gain and the inhibition that were chosen."""
    chosen: Networks = {}
    for label, model in networks.items():
        inhibition = model.inhibition if setting.inhibition is None else setting.inhibition
        chosen[label] = _scaled(model, model.gain * setting.gain, inhibition)
        radius = next(iter(chosen.values())).spectral_radius
        own = chosen[label].spectral_radius
        # Without loops, the radius is 0 at any gain.
        if setting.same == "spectral_radius" and 0 < own != radius > 0:
            chosen[label] = _scaled(model, chosen[label].gain * radius / own, inhibition)
    return chosen


def _scaled(model: RateModel, gain: float, inhibition: float | None) -> RateModel:
    return RateModel(
        model._unscaled,
        gain=gain,
        inhibition=inhibition,
        tau=model.tau,
        transfer=model.transfer,
    )


def spectra(networks: Networks, ratios: Sequence[float | None]) -> list[list[Array]]:
    """Return the numbers that decide stability, for each ratio of inhibition and network.

    Returns
    -------
    list of list of numpy.ndarray
        For each ratio (None: as in the model) and network the spectral radius, the spectral
        abscissa, the spectral radius of excitation alone, and that of excitation that nothing
        holds back (`SignedNetwork.uninhibited_radius`), at a gain of 1.
    """
    found = []
    for ratio in ratios:
        row = []
        for model in networks.values():
            own = model.inhibition if ratio is None else ratio
            network = model._unscaled if own is None else model._unscaled.balanced(own)
            excitation = model.network.excitation_radius / model.gain
            row.append(
                np.array(
                    [
                        network.spectral_radius,
                        network.spectral_abscissa,
                        excitation,
                        network.uninhibited_radius,
                    ]
                )
            )
        found.append(row)
    return found


def steps_of(model: RateModel, duration: float, dt: float | None) -> float:
    """Return the time step in s; raise `InvalidArgument` unless it suits model and duration."""
    check_positive("duration", duration)
    if dt is None:
        dt = model.tau / 25
    check_positive("dt", dt)
    n_steps = duration / dt + 1e-6
    if n_steps < MOST_STEPS + 1:
        model._steps(duration, dt)
    if not 50 <= n_steps < MOST_STEPS + 1:
        number = f"{int(n_steps):,}" if n_steps < 1e12 else f"{n_steps:.3g}"
        raise InvalidArgument(
            f"duration={quoted(duration)} makes {number} steps of {dt:g} s, expected 50 to "
            f"{MOST_STEPS:,}. Choose a duration from {50 * dt:g} to {MOST_STEPS * dt:g} s, or "
            "another dt."
        )
    return float(dt)
