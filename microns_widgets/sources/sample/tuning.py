"""The tuning of the sample's cells: preferred orientations, and what scans show of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from microns_widgets._typing import FloatArray
from microns_widgets.sources.sample import assumptions
from microns_widgets.sources.sample.population import Population

#: Columns of the table and their numbers of decimals: those of the dataset's tables
#: ``coregistration_manual_v4`` and ``digital_twin_properties_bcm_coreg_v4``, joined.
#: ``target_id`` is a nucleus id, ``pref_ori`` and ``pref_dir`` are in degrees.
COLUMNS = {
    **dict.fromkeys(["target_id", "session", "scan_idx", "unit_id"], 0),
    **dict.fromkeys(["residual", "score"], 2),
    **dict.fromkeys(["cc_abs", "cc_max", "cc_norm", "OSI", "DSI", "gOSI", "gDSI"], 4),
    **dict.fromkeys(["pref_ori", "pref_dir"], 2),
    **dict.fromkeys(["readout_loc_x", "readout_loc_y"], 4),
}
# Scans as (session, scan_idx), and the number of units in each.
_SCANS = np.array([(session, scan) for session in range(4, 10) for scan in (2, 3, 5, 7)])
_UNITS = 9_000


def preferred_orientations(population: Population, rng: np.random.Generator) -> FloatArray:
    """Preferred orientation of each proofread cell in degrees; NaN for inhibitory cells.

    Orientations do not depend on position ("salt and pepper", as in the mouse) and are spread
    evenly, so that no cell has more partners because of its own.
    """
    result = np.full(population.n_proofread, np.nan)
    tuned = np.flatnonzero(_excitatory(population))
    n = len(tuned)
    result[tuned] = (rng.permutation(n) + rng.random(n)) * 180 / n
    return result


def tuning_table(
    population: Population, orientation: FloatArray, rng: np.random.Generator
) -> pd.DataFrame:
    """What the scans show: one row per cell and scan, for most excitatory proofread cells."""
    tuned = np.flatnonzero(_excitatory(population))
    # Distributions that assumptions.py does not name are a teaching choice without an effect: those
    # of the selectivities, the match with the nucleus (residual in um, score), and the scans.
    cells = tuned[rng.random(len(tuned)) < assumptions.WITH_FUNCTION]
    n_cells = len(cells)
    backwards = rng.random(n_cells) < 0.5
    selectivity = rng.beta(4, 3, n_cells), rng.beta(2, 4, n_cells)
    axis = np.array(assumptions.COLUMN_AXIS_UM)
    across_cells, across_scans = assumptions.READOUT_SPREAD
    readout = assumptions.READOUT_PER_UM * (population.soma_um[cells][:, [0, 2]] - axis)
    readout += rng.normal(0, across_cells, (n_cells, 2))

    row = np.repeat(
        np.arange(n_cells), rng.choice([1, 2, 3], size=n_cells, p=assumptions.SCANS_PER_CELL)
    )
    n = len(row)
    scans = np.concatenate(
        [rng.choice(_SCANS, size=k, replace=False) for k in np.bincount(row, minlength=n_cells)]
    )
    cc_max = rng.beta(*assumptions.CC_MAX, n)
    cc_norm = rng.beta(*assumptions.CC_NORM, n)
    cc_abs = cc_max * cc_norm
    error = rng.normal(0, 1, n) * assumptions.ORIENTATION_ERROR_DEG / cc_abs
    seen = orientation[cells][row] + error
    osi, dsi = (np.clip(own[row] + rng.normal(0, 0.04, n), 0.01, 0.99) for own in selectivity)
    where = readout[row] + rng.normal(0, across_scans, (n, 2))
    columns = {
        "target_id": population.table["nucleus_id"].to_numpy(dtype=np.int64)[cells][row],
        "session": scans[:, 0],
        "scan_idx": scans[:, 1],
        "unit_id": rng.choice(np.arange(1, _UNITS + 1), size=n, replace=False),
        "residual": rng.gamma(3.0, 1.6, n),
        "score": rng.normal(8.0, 4.0, n),
        "cc_abs": cc_abs,
        "cc_max": cc_max,
        "cc_norm": cc_norm,
        "OSI": osi,
        "DSI": dsi,
        "gOSI": osi * rng.uniform(0.45, 0.7, n),
        "gDSI": dsi * rng.uniform(0.4, 0.6, n),
        "pref_ori": seen % 180,
        "pref_dir": (seen + 180 * backwards[row]) % 360,
        "readout_loc_x": where[:, 0],
        "readout_loc_y": where[:, 1],
    }
    table = pd.DataFrame({name: np.round(columns[name], COLUMNS[name]) for name in COLUMNS})
    table["pref_ori"] %= 180  # what was rounded up to 180 is 0
    table["pref_dir"] %= 360
    return table.sort_values(["target_id", "session", "scan_idx"], ignore_index=True)


def _excitatory(population: Population) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(population.types[: population.n_proofread], assumptions.EXCITATORY)
