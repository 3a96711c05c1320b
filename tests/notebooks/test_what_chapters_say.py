"""What the chapters on types, the matrix and querying say of the sample, their code finds."""

from __future__ import annotations

import json
from typing import Any

from tests.notebooks.execution import COURSE, execute, printed, problems


def found(chapter: str, report: str) -> dict[str, Any]:
    """Execute a chapter on the sample, and return what an expression at its end says."""
    last = f"import json\nprint(json.dumps({report}))"
    notebook = execute(COURSE / f"{chapter}.ipynb", version="sample", last=last)
    assert problems(notebook) == []
    answer: dict[str, Any] = json.loads(notebook.cells[-1].outputs[0]["text"])
    return answer


def test_comparing_names_calls_each_5p_et_cell_wrong_and_comparing_types_none():
    said = found(
        "cell_types",
        """{
            "by name": float(equal[labelled["cell_type_auto"] == "5P-ET"].mean()),
            "recall": comparison.scores.loc["5P-ET", "recall"],
            "filtered": len(picker.filtered) == int(worst["n"]),
        }""",
    )
    assert said == {"by name": 0, "recall": 1, "filtered": True}


def test_a_pivot_table_loses_cells_and_a_few_connections_carry_the_weight():
    said = found(
        "matrix",
        """{
            "lost": [len(proofread) - n for n in pivot.shape],
            "tenth": float(share[tenth - 1]),
            "spread": logs[["count", "mean"]].std().tolist(),
            "most partners": partners.groupby(strategy).mean().idxmax(),
        }""",
    )
    assert max(said["lost"]) > 0
    assert 0.3 < said["tenth"] < 0.5
    assert said["spread"][1] > 1.3 * said["spread"][0]
    assert said["most partners"] == "axon_fully_extended"


def test_types_matter_more_than_density_and_degrees_explain():
    said = found(
        "matrix_by_type",
        """{
            "measured": int(found.iloc[place]),
            "density": int(chance["density"][:, place[0], place[1]].max()),
            "degrees": int(chance["degrees"][:, place[0], place[1]].max()),
            "between": bool(expected["density"][place] < expected["degrees"][place]),
            "bipolar onto Martinotti": float(ratio.loc["BPC", "MC"]),
            "bipolar onto basket": float(ratio.loc["BPC", "BC"]),
            "within layer 2/3": float(ratio.loc["23P", "23P"]),
        }""",
    )
    assert said["measured"] > 1.5 * said["degrees"] > said["density"]
    assert said["between"]
    assert said["bipolar onto Martinotti"] > 2
    assert said["bipolar onto Martinotti"] > said["bipolar onto basket"]
    assert said["within layer 2/3"] > 1


def test_blocks_of_any_size_bring_the_same_synapses_and_a_broken_query_goes_on():
    notebook = execute(COURSE / "querying.ipynb", version="sample")
    assert problems(notebook) == []
    said = printed(notebook)
    rows = [line.split()[-2] for line in said.splitlines() if line.startswith("blocks of")]
    assert len(rows) == 3
    assert len(set(rows)) == 1
    assert "rows, cut: True" in said
    assert "the same synapses: True" in said
    first, second = (int(line.split()[2]) for line in said.splitlines() if " files" in line)
    assert first + second == 110
