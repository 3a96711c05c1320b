"""Like-to-like is found in the sample beyond distance, for orientation and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from microns_widgets._typing import BoolArray, FloatArray
from microns_widgets.anatomy.depth import to_cortical
from microns_widgets.sources.sample import assumptions, storage
from microns_widgets.sources.sample.build import true_orientations

NUCLEUS = ["pt_position_x", "pt_position_y", "pt_position_z"]


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    return pd.read_feather(storage.DATA / storage.TUNING)


@pytest.fixture(scope="module")
def best(units) -> pd.DataFrame:
    """The scan with the highest ``cc_abs`` of each cell, by nucleus id."""
    ordered = units.sort_values("cc_abs")
    return ordered.drop_duplicates("target_id", keep="last").set_index("target_id")


@dataclass(frozen=True)
class Pairs:
    """All ordered pairs of two different cells with known tuning."""

    connected: BoolArray
    orientation: FloatArray  # difference of the preferred orientations, 0 to 90 degrees
    readout: FloatArray  # distance of the locations of the receptive fields
    lateral: FloatArray  # distance of the somata parallel to the pia, um

    def excess(self, values: FloatArray, *, bin_um: float | None) -> float:
        """Mean of connected pairs minus that of all, in standard errors.

        With `bin_um`, only pairs at the same distance are compared with one another.
        """
        group = np.zeros(len(values)) if bin_um is None else self.lateral // bin_um
        table = pd.DataFrame({"value": values, "group": group, "connected": self.connected})
        by_group = table.groupby("group")["value"]
        connected = table[self.connected]
        above = connected["value"] - by_group.transform("mean")[self.connected]
        variance = by_group.transform("var")[self.connected]
        return float(above.sum() / np.sqrt(variance.sum()))


@pytest.fixture(scope="module")
def pairs(sample, best) -> Pairs:
    ids = sample.find(nucleus_id=best.index.to_numpy())
    matrix = sample.matrix(ids, ids, "binary", autapses=False)
    assert (matrix.pre_ids == ids).all()
    soma = to_cortical(matrix.pre[NUCLEUS].to_numpy())
    away = soma[:, None] - soma
    readout = best[["readout_loc_x", "readout_loc_y"]].to_numpy()
    two = ~np.eye(len(ids), dtype=bool)
    return Pairs(
        (matrix.to_numpy() == 1)[two],
        difference(best["pref_ori"].to_numpy()[:, None], best["pref_ori"].to_numpy())[two],
        np.linalg.norm(readout[:, None] - readout, axis=2)[two],
        np.hypot(away[..., 0], away[..., 2])[two],
    )


def difference(first: FloatArray, second: FloatArray) -> FloatArray:
    """Difference of two orientations, 0 to 90 degrees."""
    turn = np.abs(np.asarray(first) - second) % 180
    return np.minimum(turn, 180 - turn)


def test_its_columns_and_units_are_those_of_the_live_tables(units):
    assert list(units) == [
        *("target_id", "session", "scan_idx", "unit_id", "residual", "score"),
        *("cc_abs", "cc_max", "cc_norm", "OSI", "DSI", "gOSI", "gDSI", "pref_ori", "pref_dir"),
        *("readout_loc_x", "readout_loc_y"),
    ]
    assert (units.dtypes[:4] == np.int64).all()
    assert (units.dtypes[4:] == np.float64).all()
    assert units.notna().all(axis=None)
    assert units["pref_ori"].between(0, 180, inclusive="left").all()
    assert units["pref_dir"].between(0, 360, inclusive="left").all()
    shares = units[["cc_abs", "cc_max", "cc_norm", "OSI", "DSI", "gOSI", "gDSI"]]
    assert shares.gt(0).all(axis=None)
    assert shares.lt(1).all(axis=None)
    np.testing.assert_allclose(units["cc_abs"], units["cc_max"] * units["cc_norm"], atol=2e-4)
    np.testing.assert_allclose(units["pref_dir"] % 180, units["pref_ori"], atol=0.02)


def test_a_row_is_one_unit_of_one_scan(units):
    assert not units.duplicated(["session", "scan_idx", "unit_id"]).any()
    assert not units.duplicated(["target_id", "session", "scan_idx"]).any()


def test_most_proofread_excitatory_cells_have_rows_some_several_and_others_none(sample, units):
    ids = sample.find(nucleus_id=units["target_id"].unique())
    proofread = sample.select(coarse_type="E", proofread=True)
    assert set(ids.tolist()) < set(proofread.tolist())
    share = assumptions.WITH_FUNCTION
    bound = 4 * np.sqrt(share * (1 - share) / len(proofread))
    assert abs(len(ids) / len(proofread) - share) < bound
    scans = units.groupby("target_id").size().value_counts().sort_index()
    expected = np.array(assumptions.SCANS_PER_CELL) * len(ids)
    assert stats.chisquare(scans, expected).pvalue > 0.001


def test_the_scan_with_the_highest_cc_abs_is_the_nearest_to_the_truth(units, best):
    truth = true_orientations()
    error = difference(units["pref_ori"], truth.loc[units["target_id"]].to_numpy())
    # The standard deviation of the error is known for each row.
    spread = np.sqrt(np.mean((error * units["cc_abs"]) ** 2))
    bound = 4 / np.sqrt(2 * len(units))
    assert abs(spread / assumptions.ORIENTATION_ERROR_DEG - 1) < bound
    several = units["target_id"].duplicated(keep=False)
    is_best = units["cc_abs"] == best["cc_abs"].reindex(units["target_id"]).to_numpy()
    assert error[several & is_best].mean() < 0.9 * error[several & ~is_best].mean()


def test_orientations_are_spread_evenly_and_do_not_depend_on_position(sample, best):
    angle = np.deg2rad(2 * best["pref_ori"].to_numpy())
    assert np.hypot(np.cos(angle).mean(), np.sin(angle).mean()) < 0.1
    cells = sample.cells.set_index("nucleus_id").loc[best.index]
    soma = to_cortical(cells[NUCLEUS].to_numpy())
    for axis in soma.T:
        for part in (np.cos(angle), np.sin(angle)):
            assert abs(stats.spearmanr(axis, part).statistic) < 4 / np.sqrt(len(angle))


def test_cells_of_similar_orientation_are_connected_about_twice_as_often(pairs):
    near, far = pairs.orientation < 22.5, pairs.orientation > 67.5
    ratio = pairs.connected[near].mean() / pairs.connected[far].mean()
    assert 1.6 < ratio < 2.6


def test_the_strength_of_like_to_like_is_recovered_among_pairs_at_the_same_distance(pairs):
    similar = np.cos(np.deg2rad(2 * pairs.orientation))
    assert pairs.excess(similar, bin_um=20) > 6
    # The mean of cos(2 * difference) over connected pairs is half the strength; the errors of both
    # orientations make it smaller.
    group = pd.Series(similar).groupby(pairs.lateral // 20)
    above = (similar - group.transform("mean"))[pairs.connected]
    strength, error = 2 * above.mean(), 2 * above.std() / np.sqrt(len(above))
    assert abs(strength - assumptions.LIKE_TO_LIKE) < 4 * error
    assert strength - 4 * error > 0


def test_receptive_fields_follow_the_position_of_the_soma(sample, best):
    cells = sample.cells.set_index("nucleus_id").loc[best.index]
    soma = to_cortical(cells[NUCLEUS].to_numpy())
    slope = {}
    for name, axis in (("readout_loc_x", 0), ("readout_loc_y", 2)):
        fit = stats.linregress(soma[:, axis], best[name])
        assert fit.rvalue > 0.8
        slope[name] = fit.slope
        assert abs(fit.slope - assumptions.READOUT_PER_UM) < 4 * fit.stderr


def test_receptive_fields_of_connected_cells_are_near_only_because_their_somata_are(pairs):
    assert pairs.excess(pairs.readout, bin_um=None) < -8
    for bin_um in (10, 20, 40):
        assert abs(pairs.excess(pairs.readout, bin_um=bin_um)) < 3


def test_orientation_has_no_effect_on_the_number_of_partners(sample, best):
    ids = sample.find(nucleus_id=best.index.to_numpy())
    excitatory = sample.select(coarse_type="E", proofread=True)
    matrix = sample.matrix(ids, excitatory, "binary", autapses=False).to_numpy()
    angle = np.deg2rad(2 * best["pref_ori"].to_numpy())
    for part in (np.cos(angle), np.sin(angle)):
        assert stats.spearmanr(part, matrix.sum(axis=1)).pvalue > 0.01


def test_a_connectome_of_the_sample_gives_the_best_scan_of_each_cell(sample, best):
    tuning = sample.tuning()
    assert set(tuning["nucleus_id"]) == set(best.index)
    assert (tuning["unit_id"].to_numpy() == best.loc[tuning["nucleus_id"], "unit_id"]).all()
    assert tuning.attrs["nuclei_without_cell"] == tuning.attrs["units_without_values"] == 0
