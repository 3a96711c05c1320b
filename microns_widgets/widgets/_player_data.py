"""The networks of an activity player as bytes for the browser.

The bytes are a block (`tables_block`) of these tables:

- cells: ``pt_root_id`` (the row number for an artificial cell), ``type``, ``sign`` (1 for an
  excitatory type, -1 for an inhibitory one, else 0), ``x`` and ``depth`` of the soma (um, NaN if
  unknown), and the number of connections of each cell in each network, ``n0``, ``n1`` ...;
- spectra: ``ratio`` of inhibition (NaN as in the model), and for each network ``radius0``,
  ``abscissa0``, ``excitation0`` and ``uninhibited0`` at a gain of 1 (see `spectra`);
- for each network its connections: ``gap`` (see `gaps`), and ``weight`` without a gain.

The front end unpacks them in ``frontend/src/activity-player/data/networks.ts``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from microns_widgets import palette
from microns_widgets._typing import FloatArray
from microns_widgets.dynamics.signed_network import SignedNetwork
from microns_widgets.widgets._player_networks import Networks, cell_ids, places, spectra
from microns_widgets.widgets._tables_block import gaps, tables_block
from microns_widgets.widgets.columns import categories, pack

#: Ratios of inhibition to excitation that a page without Python offers.
RATIOS = tuple(round(0.1 * k, 1) for k in range(21))


def player_block(networks: Networks, ratios: Sequence[float | None]) -> bytes:
    """Return the networks in the format described above."""
    return tables_block(
        pack(_cells(networks), ids=["pt_root_id"]),
        pack(_spectra(networks, ratios)),
        *(pack(_connections(model._unscaled)) for model in networks.values()),
    )


def _cells(networks: Networks) -> pd.DataFrame:
    first = next(iter(networks.values())).network
    classes = palette.classes(first.types)
    at = places(first)
    columns: dict[str, object] = {
        "pt_root_id": cell_ids(first),
        "type": categories([str(label) for label in first.types]),
        "sign": np.select([classes == "E", classes == "I"], [1, -1], 0).astype(np.int64),
        "x": at[:, 0],
        "depth": at[:, 1],
    }
    for place, model in enumerate(networks.values()):
        columns[f"n{place}"] = np.diff(model._unscaled.weights.indptr).astype(np.int64)
    return pd.DataFrame(columns)


def _spectra(networks: Networks, ratios: Sequence[float | None]) -> dict[str, FloatArray]:
    rows = np.array(spectra(networks, ratios), dtype=np.float64)
    columns = {"ratio": np.array([np.nan if one is None else one for one in ratios])}
    for place in range(len(networks)):
        for number, name in enumerate(("radius", "abscissa", "excitation", "uninhibited")):
            columns[f"{name}{place}"] = rows[:, place, number]
    return columns


def _connections(network: SignedNetwork) -> dict[str, np.ndarray]:
    weights = network.weights.copy()
    weights.sort_indices()
    data = weights.data
    whole = np.array_equal(data, np.rint(data)) and (np.abs(data) < 2**31).all()
    return {"gap": gaps(weights), "weight": data.astype(np.int64) if whole else data}
