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
