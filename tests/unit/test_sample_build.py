"""The files of the sample that are shipped are those that its generator makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pytest

import microns_widgets as mw
from microns_widgets.errors import SkeletonNotFound
from microns_widgets.sources.sample import storage
from microns_widgets.sources.sample.build import Sample, generate, write
from microns_widgets.tables.reading import SYNAPSE_COLUMNS, read_cells, read_synapses

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fresh() -> Sample:
    return generate()


def assert_same(shipped: pd.DataFrame, made: pd.DataFrame, position: str) -> None:
    axes = [f"{position}_{axis}" for axis in "xyz"]
    pd.testing.assert_frame_equal(shipped.drop(columns=axes), made.drop(columns=axes))
    assert np.abs(shipped[axes].to_numpy() - made[axes].to_numpy()).max() <= 1


def assert_same_skeleton(shipped: mw.Skeleton, made: mw.Skeleton) -> None:
    np.testing.assert_array_equal(shipped.edges, made.edges)
    np.testing.assert_array_equal(shipped.compartment, made.compartment)
    np.testing.assert_allclose(shipped.vertices, made.vertices, rtol=0, atol=1)
    np.testing.assert_allclose(shipped.radius, made.radius, rtol=0, atol=1)
    assert (shipped.root, shipped.root_id) == (made.root, made.root_id)


def test_the_cell_table_passes_its_checks_and_equals_a_fresh_build(fresh):
    shipped = read_cells(storage.DATA / storage.CELLS)
    assert_same(shipped, read_cells(fresh.cells), "pt_position")


def test_the_synapse_table_passes_its_checks_and_equals_a_fresh_build(fresh):
    shipped = read_synapses(storage.DATA / storage.SYNAPSES)
    assert_same(shipped, read_synapses(fresh.synapses), "ctr_pt_position")


def test_the_structures_of_synapses_are_text_in_a_further_column_and_equal_a_fresh_build(fresh):
    shipped = pa.feather.read_table(storage.DATA / storage.SYNAPSES)
    assert shipped.column_names == [*SYNAPSE_COLUMNS, "target_structure"]
    kind = shipped.schema.field("target_structure").type
    assert pa.types.is_dictionary(kind)
    assert pa.types.is_string(kind.value_type)
    made = fresh.synapses.set_index("id")["target_structure"].astype(str)
    stored = pd.Series(shipped["target_structure"].to_pylist(), shipped["id"].to_pylist())
    assert stored.equals(made.rename_axis(None).rename(None))


def test_the_tuning_table_equals_a_fresh_build(fresh):
    shipped = pd.read_feather(storage.DATA / storage.TUNING)
    # Its numbers have at most four decimals; the last one may be rounded another way.
    pd.testing.assert_frame_equal(shipped, fresh.tuning, rtol=0, atol=0.011)


def test_the_skeletons_equal_a_fresh_build(fresh, sample):
    for made in fresh.skeletons:
        assert_same_skeleton(sample.skeleton(made.root_id), made)


def test_each_proofread_cell_has_a_skeleton_and_no_other(sample):
    stored = storage.StoredSkeletons(storage.DATA / storage.SKELETONS)
    assert set(stored.root_ids) == set(sample.select(proofread=True).tolist())
    with pytest.raises(SkeletonNotFound, match="Its proofread cells have one"):
        sample.skeleton(sample.select(proofread=False)[0])


def test_what_a_build_writes_opens_as_a_folder_of_ones_own(fresh, tmp_path: Path):
    write(fresh, tmp_path)
    con = mw.load(tmp_path)
    assert len(con.cells) == len(fresh.cells)
    assert len(con.synapses) == len(fresh.synapses)
    made = fresh.skeletons[-1]
    stored = storage.StoredSkeletons(tmp_path / storage.SKELETONS)
    assert_same_skeleton(stored[made.root_id], made)


def test_the_files_stay_below_eight_megabytes():
    assert sum(path.stat().st_size for path in storage.DATA.iterdir()) <= 8_000_000
