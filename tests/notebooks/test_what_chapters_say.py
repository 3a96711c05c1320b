"""The chapters' statements about the sample agree with the output of their code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from microns_widgets.anatomy.depth import LAYER_BORDERS_UM
from tests.notebooks.chapter_runs import ChapterRuns, answer
from tests.notebooks.execution import COURSE, printed, problems

pytestmark = pytest.mark.slow


@pytest.fixture
def chapter_values(chapter_runs: ChapterRuns) -> Callable[[str], dict[str, Any]]:
    """Return a function that reads the values at the end of a chapter, run on the sample."""

    def read(name: str) -> dict[str, Any]:
        notebook = chapter_runs.on_sample(name)
        assert problems(notebook) == []
        values: dict[str, Any] = answer(notebook)
        return values

    return read


def test_comparing_names_calls_each_5p_et_cell_wrong_and_comparing_types_none(chapter_values):
    values = chapter_values("cell_types")
    assert values == {"by name": 0, "recall": 1, "filtered": True}


def test_the_sample_is_scaled_down_in_all_but_its_proofread_axons(chapter_values):
    larger = chapter_values("start")
    assert larger.pop("neurons with a proofread axon (%)") < 1
    assert all(times > 2 for times in larger.values())


def test_apical_dendrites_end_near_the_pia_down_to_layer_5_and_deeper_in_layer_6(chapter_values):
    cells = chapter_values("shape")
    by_depth = sorted(cells[kind] for kind in ("23P", "4P", "5P-IT", "5P-ET"))
    rises = [rise for _, rise in by_depth]
    assert rises == sorted(rises)
    ends = {kind: soma - rise for kind, (soma, rise) in cells.items()}
    tufts = max(ends["23P"], ends["4P"], ends["5P-IT"], ends["5P-ET"])
    assert tufts < LAYER_BORDERS_UM["1"][1]
    top, bottom = LAYER_BORDERS_UM["4"]
    assert top < ends["6P-CT"] < bottom < ends["6P-IT"]
    assert cells["6P-IT"][1] < cells["6P-CT"][1] < cells["5P-IT"][1]


def test_a_pivot_table_loses_cells_and_a_few_connections_carry_the_weight(chapter_values):
    values = chapter_values("matrix")
    assert max(values["lost"]) > 0
    assert 0.3 < values["tenth"] < 0.5
    assert values["spread"][1] > 1.3 * values["spread"][0]
    assert values["most partners"] == "axon_fully_extended"


def test_types_matter_and_inhibitory_types_follow_the_rules(chapter_values):
    values = chapter_values("matrix_by_type")
    assert values["measured"] > 2 * values["most by chance"]
    probability = values["probability"]
    assert probability["BPC"]["MC"] > 2 * probability["BPC"]["BC"]
    assert probability["MC"]["MC"] < 0.5 * probability["MC"]["BC"]
    assert probability["BC"]["BC"] > 4 * probability["BC"]["MC"]


def test_distance_explains_the_reciprocal_pairs_of_inhibitory_cells_only(chapter_values):
    values = chapter_values("null_models")
    ratio, low = values["density"]
    assert ratio > 3
    assert low > 2.5
    excitatory, inhibitory = (values["ratio"][group] for group in ("excitatory", "inhibitory"))
    assert all(4 < times < 6 for times in excitatory.values())
    kinds = ("density", "degrees", "blocks", "distance", "degrees_distance")
    falling = [inhibitory[kind] for kind in kinds[:4]]
    assert falling == sorted(falling, reverse=True)
    for kind in kinds:
        contains_1 = values["low"]["inhibitory"][kind] < 1 < values["high"]["inhibitory"][kind]
        assert contains_1 == ("distance" in kind), kind


def test_null_models_tell_preference_from_degrees_and_distance(chapter_values):
    types = chapter_values("null_models")["types"]
    assert types["degrees"]["23P 23P"] > 1.2
    assert types["degrees_distance"]["23P 23P"] < 0.9
    assert types["distance"]["BC BC"] > 2.5
    assert 1 < types["degrees"]["BC BC"] < 1.4
    for kind in ("density", "degrees", "distance", "degrees_distance"):
        assert types[kind]["MC MC"] < 0.3
        assert types[kind]["BPC MC"] > 3
    assert types["blocks"]["BC BC"] == 1


def test_groups_of_three_follow_from_reciprocal_pairs(chapter_values):
    triads = chapter_values("null_models")["triads"]
    for kind in ("density", "degrees", "degrees_distance"):
        with_pairs = [times for name, times in triads[kind].items() if name[0] != "0"]
        assert min(with_pairs) > 1.4
        assert triads[kind]["300"] > triads[kind]["210"] > triads[kind]["120U"]
    assert triads["density"]["030T"] > 1.2
    assert triads["degrees_distance"]["030T"] < 0.9


def test_recurrent_excitation_keeps_activity_alive_and_inhibition_ends_it(chapter_values):
    values = chapter_values("circuit")
    means = values["artificial"]
    assert means["random"] < means["feed-forward"] < 1.6 < 7.5 < means["log-normal"] < 8
    assert values["grows"] == [0] * 5 + [1] * 7
    within, ratio = values["inhibition"]
    assert within < 5
    assert 0.9 < ratio < 1.2
    assert all(1.8 < time < 2.7 for time in values["varied"])


def test_only_the_weakest_null_model_differs_from_the_measured_circuits(chapter_values):
    values = chapter_values("circuit")
    for comparison in values["layer 2/3"].values():
        assert 0.6 < comparison["ratio"] < 1
        assert comparison["p"] > 0.1
    assert 1.9 < values["measured"] < 2.2
    everyone = values["everyone"]
    assert everyone["density"]["not decayed"] == 40
    assert everyone["density"]["p"] < 0.05
    assert 0.9 < everyone["blocks"]["ratio"] < 1.2
    assert everyone["degrees"]["ratio"] < 1
    assert min(everyone[kind]["p"] for kind in ("blocks", "degrees", "strengths")) > 0.1


def test_orientation_survives_each_comparison_and_receptive_fields_none(chapter_values):
    values = chapter_values("function")
    assert values["mean of bars"] == 0
    assert values["agreement"] < 1
    assert values["scattered"] > 40
    low, middle, high = values["others"]
    assert low > middle > high
    assert high < 10
    results = values["results"]
    for which in ("all pairs", "equal distance", "equal proximity"):
        own = results[f"orientation, {which}"]
        assert own["connected"] < own["expected"] - 6, which
        assert own["p"] <= 1 / 501, which
    field = {which: results[f"field, {which}"] for which in ("all pairs", "equal distance")}
    assert field["all pairs"]["p"] <= 1 / 501
    assert field["all pairs"]["expected"] > 1.15 * field["all pairs"]["connected"]
    assert (
        abs(field["equal distance"]["expected"] / field["equal distance"]["connected"] - 1) < 0.02
    )
    assert min(results[f"field, equal {what}"]["p"] for what in ("distance", "proximity")) > 0.05


def test_peters_rule_fits_receptive_fields_and_not_orientations(chapter_values):
    values = chapter_values("function")
    nearest, *_, farthest = values["per mm"]["orientation"]
    assert 1.7 < nearest / farthest < 2.3
    nearest, *_, farthest = values["per mm"]["field"]
    assert 0.85 < nearest / farthest < 1.15
    assert 0.5 < values["near"] < 0.9


def test_excitatory_synapses_are_mostly_on_spines_with_two_exceptions(chapter_values):
    share = chapter_values("synapses")
    spine, soma = share["spine"], share["soma"]
    for kind in ("23P", "4P", "5P-IT", "5P-ET", "6P-IT"):
        assert spine[kind] > 0.75
    assert max(spine["5P-NP"], spine["6P-CT"]) < 0.72
    assert max(spine[kind] for kind in ("BC", "MC", "BPC", "NGC")) < 0.4
    assert soma["BC"] > 5 * max(soma[kind] for kind in soma if kind != "BC")


def test_a_cut_takes_most_from_martinotti_cells(chapter_values):
    left = chapter_values("proofreading")["left at 100"]
    assert 0.25 < left["BC"] < 0.35
    assert left["MC"] < 0.15


def test_counts_and_what_has_the_shape_of_a_cut_do_not_survive_it(chapter_values):
    numbers = chapter_values("proofreading")["numbers"]
    whole, cut = numbers["as it is"], numbers["cut at 100 µm"]
    lowest, highest = numbers["control, lowest"], numbers["control, highest"]
    for name in ("density", "partners"):
        assert cut[name] < 0.3 * whole[name]
        assert numbers["cut at 200 µm"][name] < 0.65 * whole[name]
    assert numbers["fully extended"]["partners"] > highest["partners"]
    assert cut["distance"] > 10 * whole["distance"]
    assert cut["reciprocal"] > 2 * whole["reciprocal"]
    for name in ("targets", "reciprocal, distance kept", "like-to-like"):
        assert lowest[name] < cut[name] < highest[name], name


def test_merges_wash_effects_out_and_add_connections(chapter_values):
    numbers = chapter_values("proofreading")["numbers"]
    whole, merged = numbers["as it is"], numbers["merged"]
    for name in ("targets", "distance", "reciprocal", "like-to-like"):
        assert merged[name] < whole[name], name
    assert merged["density"] > whole["density"]


def test_blocks_of_any_size_bring_the_same_synapses_and_a_broken_query_goes_on(chapter_runs):
    notebook = chapter_runs.on_sample("querying")
    assert problems(notebook) == []
    output = printed(notebook)
    rows = [line.split()[-2] for line in output.splitlines() if line.startswith("blocks of")]
    assert len(rows) == 3
    assert len(set(rows)) == 1
    assert "rows, cut: True" in output
    assert "the same synapses: True" in output
    first, second = (int(line.split()[2]) for line in output.splitlines() if " files" in line)
    assert first + second == 110


def test_the_first_chapter_folds_its_answer_and_has_a_viewer_after_the_first_picture():
    cells = {cell.id: cell.source for cell in nbformat.read(COURSE / "start.ipynb", 4).cells}
    names = list(cells)
    assert names[names.index("first-neuron") + 1 : names.index("two-sources")] == [
        "explain-neuron",
        "viewer",
        "read-viewer",
        "question-partners",
    ]
    assert cells["explain-neuron"].startswith("<details>")
    assert cells["explain-neuron"].index("They lie apart") < cells["explain-neuron"].index(
        "</details>"
    )
    assert "mw.SkeletonViewer(con" in cells["viewer"]
    for name in ("BC", "23P", "5P-NP", "BPC"):
        assert f"`{name}`" in cells["read-viewer"]
