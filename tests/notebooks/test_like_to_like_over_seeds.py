"""The analysis of the chapter on function, run on samples that other seeds generate.

Like-to-like for orientation is planted in each sample. The location of the receptive field is a
decoy: connected cells have near fields only because their somata are near. The built-in sample runs
in `test_what_chapters_say`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from matplotlib import pyplot as plt
from once_per_run import OncePerRun

import microns_widgets as mw
from microns_widgets.sources.sample.build import generate
from tests.notebooks.execution import COURSE

pytestmark = pytest.mark.long

SEEDS = range(20)
SIGNIFICANT = 0.05
COMPARISONS = ("all pairs", "equal distance", "equal proximity")
#: The chapter's cells that the analysis needs, in order.
ANALYSIS = (
    *("data", "tuning", "mean-angle", "pairs", "probability", "test-by-cells"),
    *("expected-at-distance", "test-at-distance", "proximity", "all-comparisons"),
)


def analysis_of(seed: int) -> dict[str, Any]:
    """Run the chapter's analysis on the sample of a seed."""
    sample = generate(seed)
    con = mw.Connectome(
        sample.cells,
        sample.synapses,
        skeletons={skeleton.root_id: skeleton for skeleton in sample.skeletons},
        tuning=sample.tuning,
        source=f"synthetic sample of seed {seed}",
    )
    code = {cell.id: cell.source for cell in nbformat.read(COURSE / "function.ipynb", 4).cells}
    variables: dict[str, Any] = {}
    for name in ANALYSIS:
        exec(code[name], variables)
        plt.close("all")
        if name == "data":
            variables["con"] = con
    assert variables["con"] is con, "the chapter went on with the built-in sample"
    in_bins, wired = variables["in_bins"], variables["wired"]
    return {
        "p": {f"{name}, {which}": one["p"] for (name, which), one in variables["results"].items()},
        "per mm": {
            name: (in_bins(name, variables["synapses"]) / in_bins(name, variables["axon_um"]))
            .round(6)
            .tolist()
            for name in variables["names"]
        },
        "at distance": {
            name: (in_bins(name, wired) / in_bins(name, variables["at_distance"])).tolist()
            for name in variables["names"]
        },
    }


@pytest.fixture
def found(once_per_run: OncePerRun) -> Any:
    """Return a function that reads the results of a seed, computed once per run of the tests."""

    def of(seed: int) -> dict[str, Any]:
        def run(folder: Path) -> None:
            (folder / "found.json").write_text(json.dumps(analysis_of(seed)))

        path = once_per_run.folder(f"like-to-like-{seed}", run) / "found.json"
        results: dict[str, Any] = json.loads(path.read_text())
        return results

    return of


@pytest.mark.parametrize("seed", SEEDS)
def test_like_to_like_is_found_beyond_proximity_and_the_decoy_is_flat_at_equal_distance(
    seed, found
):
    results = found(seed)
    for which in COMPARISONS:
        assert results["p"][f"orientation, {which}"] <= SIGNIFICANT, which
    assert results["p"]["field, all pairs"] <= SIGNIFICANT
    for measure in ("per mm", "at distance"):
        nearest, *_, farthest = results[measure]["orientation"]
        assert nearest > 1.4 * farthest, measure
        nearest, *_, farthest = results[measure]["field"]
        assert 0.65 < nearest / farthest < 1.5, measure


def test_the_decoy_is_hardly_ever_significant_at_equal_distance_or_proximity(
    found, record_property
):
    p = [found(seed)["p"] for seed in SEEDS]
    shares = {
        f"{name}, {which}": sum(one[f"{name}, {which}"] <= SIGNIFICANT for one in p)
        for name in ("orientation", "field")
        for which in COMPARISONS
    }
    for name, share in shares.items():
        record_property(name, share)
    # By chance, 1 in 20 is expected; more than 3 happen in 16 of 1,000 runs of an honest test.
    assert shares["field, equal distance"] <= 3
    assert shares["field, equal proximity"] <= 3
