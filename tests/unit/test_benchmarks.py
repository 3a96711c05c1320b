"""The benchmarks run end to end on a small table, and both results are the same."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec

import pytest

from benchmarks import circuits, figures, imports, matrices, synthetic, tables
from benchmarks.__main__ import STEPS, main
from benchmarks.measure import measure
from benchmarks.report import outcome
from benchmarks.step import Measurement, Step, Workload
from microns_widgets import read_cells, read_synapses
from microns_widgets.tables.reading import proofread

ROWS = 20_000

# They prove what measures, not what is measured.
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def workload(tmp_path_factory) -> Workload:
    return synthetic.make(tmp_path_factory.mktemp("workload"), ROWS)


def drawn_by_a_package_that_is_missing(step: Step) -> bool:
    return (
        step in figures.STEPS
        and step.name.startswith("skeleton")
        and not find_spec("skeleton_plot")
    )


def test_the_synthetic_table_is_one_that_the_package_reads(workload):
    synapses = read_synapses(workload.synapses)
    order = ["post_pt_root_id", "pre_pt_root_id", "size"]
    assert len(synapses) == ROWS
    assert synapses[order].equals(synapses[order].sort_values(order, ignore_index=True))


def test_every_synthetic_synapse_has_a_proofread_cell(workload):
    synapses, ids = read_synapses(workload.synapses), proofread(read_cells(workload.cells))
    sides = [synapses[f"{side}_pt_root_id"].isin(ids) for side in ("pre", "post")]
    assert (sides[0] | sides[1]).all()
    assert (sides[0] & sides[1]).sum() == workload.facts["synapses_among_proofread"] > 0


def test_about_half_of_the_synapses_have_a_fragment_as_partner(workload):
    synapses = read_synapses(workload.synapses)
    known = read_cells(workload.cells)["pt_root_id"]
    among = synapses["pre_pt_root_id"].isin(known) & synapses["post_pt_root_id"].isin(known)
    assert 0.4 < 1 - among.mean() < 0.6


def test_the_same_table_is_made_each_time(workload, tmp_path):
    again = synthetic.make(tmp_path, ROWS)
    assert read_synapses(again.synapses).equals(read_synapses(workload.synapses))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_both_ways_come_to_one_answer(step, workload):
    if drawn_by_a_package_that_is_missing(step):
        pytest.skip("skeleton_plot, the extra that the peer draws with, is not installed")
    peer, ours = (measure(job, workload, 1, fresh=step.fresh) for job in (step.peer, step.ours))
    assert outcome(step, peer, ours, workload.facts).agree
    assert all(second > 0 for way in (peer, ours) for second in way.seconds)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's peak memory")
def test_peak_memory_is_that_of_the_work_alone(workload):
    opened = measure(tables.notebook_open, workload, 1)
    assert opened.peak_bytes >= workload.facts["table_bytes"]
    assert measure(imports.import_package, workload, 1).peak_bytes < 100_000_000


def test_a_job_that_fails_is_reported_with_what_it_said(tmp_path):
    with pytest.raises(RuntimeError, match=r"cell_info_1300\.feather"):
        measure(matrices.package_square, Workload(tmp_path), 1)


def test_a_slow_step_of_another_answer_is_neither_met_nor_agreed():
    step = Step("a step", tables.notebook_open, tables.package_open, 2)
    peer, ours = Measurement([1.0, 3.0, 2.0], None, 1), Measurement([4.0], None, 2)
    one = outcome(step, peer, ours, {})
    assert (one.ratio, one.met, one.agree) == (0.5, False, False)


def test_memory_beyond_its_limit_is_not_met():
    step = Step("a step", tables.notebook_open, tables.package_open, 2, lambda peer, _: 10)
    peer, ours = Measurement([4.0], 100, 1), Measurement([1.0], 11, 1)
    assert not outcome(step, peer, ours, {}).met


def test_a_run_prints_a_table_and_keeps_the_same_as_json(tmp_path, capsys):
    main(rows=2_000, only=["inputs", "look"], repeats=1, results=tmp_path)
    assert "one cell's inputs" in capsys.readouterr().out
    (file,) = tmp_path.glob("*.json")
    content = json.loads(file.read_text())
    assert set(content) == {"when", "workload", "machine", "versions", "steps"}
    (step,) = content["steps"]
    assert step["agree"] is True
    assert step["peer"]["median_s"] / step["ours"]["median_s"] == step["ratio"]
    assert content["workload"]["rows"] == 2_000
    assert content["versions"]["pandas"]


def test_the_rate_model_and_the_plain_loop_have_the_same_rates(monkeypatch):
    monkeypatch.setattr(circuits, "N_CELLS", 100)
    one = circuits.compare(0.25, 1, n_steps=1600)
    assert one["agree"]
    assert one["ratio"] == one["plain_s"] / one["ours_s"]
