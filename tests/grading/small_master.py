"""A master with a question of most kinds on the sample; it runs in a few seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Cells = list[tuple[str, str, str]]

COUNT = """# QUESTION
id = "small.count"
title = "Outputs"
points = 3

[answers.n_outputs]
kind = "number"
about = "synapses that your cell makes"
unit = "synapses"
whole = true
at_least = 1

[answers.targets]
kind = "ids"
about = "whom it contacts"
points = 1

[[checks]]
expect = "len(targets) <= n_outputs"
message = "There are more targets than synapses."

[[checks]]
expect_empty = "set(targets) - set(con.outputs(cell)['post_pt_root_id'])"
message = "{n} ids are not targets of your cell."
"""
TYPES = """# QUESTION
id = "small.by-type"
title = "Outputs by type"
points = 4

[answers.by_type]
kind = "table"
about = "one row a type"
key = ["cell_type_auto"]
[answers.by_type.columns]
n_synapses = { kind = "number", unit = "synapses" }

[answers.ax_types]
kind = "figure"
about = "a bar for each type"
marks = "bars"
y = { label = ["synapses"] }

[answers.why]
kind = "written"
about = "what surprises you"
guide = "Anything that is in the figure."
"""
CELLS: Cells = [
    ("markdown", "title", "# A small exercise"),
    ("raw", "cells", '# CELLS\nselect = { proofread = "axon_fully_extended" }\nvariants = 5'),
    ("code", "data", "import microns_widgets as mw\n\ncon = mw.load(quiet=True)"),
    ("code", "student", 'STUDENT = ""  # yours\ncell = mw.own_cell(con, STUDENT, "small")'),
    ("markdown", "count", "## Outputs"),
    ("raw", "count-question", COUNT),
    (
        "code",
        "count-solution",
        "# BEGIN SOLUTION\noutputs = con.outputs(cell)\nn_outputs = len(outputs)\n"
        'targets = outputs["post_pt_root_id"].unique()\n# END SOLUTION\nprint("done")',
    ),
    (
        "code",
        "count-inputs",
        "# WRONG inputs: These are inputs.\n# Outputs are what your cell makes.\n"
        "n_outputs = len(con.inputs(cell))\n"
        'targets = con.inputs(cell)["pre_pt_root_id"].unique()',
    ),
    ("code", "count-partners", "# WRONG partners: Count synapses.\nn_outputs = len(targets)"),
    ("code", "count-first", "# WRONG first: Take all targets.\ntargets = targets[:5]"),
    ("code", "count-same", "# SAME lists\nn_outputs, targets = float(n_outputs), set(targets)"),
    ("markdown", "types", "## Types"),
    ("raw", "types-question", TYPES),
    (
        "code",
        "types-solution",
        "# BEGIN SOLUTION\n"
        'labels = con.labels(outputs["post_pt_root_id"])\n'
        'by_type = outputs.groupby(labels).size().rename_axis("cell_type_auto")\n'
        'by_type = by_type.reset_index(name="n_synapses")\n'
        'ax_types = by_type.plot.bar(x="cell_type_auto", y="n_synapses", ylabel="synapses")\n'
        "# END SOLUTION",
    ),
    (
        "code",
        "types-written",
        '# BEGIN SOLUTION\nwhy = "Most synapses go to cells of which we know nothing: one in two."'
        "\n"
        "# END SOLUTION\n# BEGIN PROMPT\n# # At least ten words.\n# why = ...\n# END PROMPT",
    ),
    (
        "code",
        "types-known",
        '# WRONG known: Keep the unknown ones.\nby_type = by_type[by_type["cell_type_auto"] != ""]',
    ),
    (
        "code",
        "types-in-place",
        '# WRONG half: Count all of them.\nby_type["n_synapses"] = by_type["n_synapses"] // 2',
    ),
    (
        "code",
        "types-unlabelled",
        "# WRONG unlabelled: Say what the bars count.\n"
        'ax_types = by_type.plot.bar(x="cell_type_auto", y="n_synapses", ylabel="")',
    ),
    ("code", "types-same", "# SAME dict\nby_type = dict(by_type.to_numpy())"),
    ("code", "types-check", 'mw.check("small.by-type")'),
]


def write_small_master(
    folder: Path,
    change: Callable[[Cells], Cells] = lambda cells: cells,
    edition: int = 1,
) -> Path:
    """Write the master, with its cells changed."""
    folder.mkdir(parents=True, exist_ok=True)
    cells: list[Mapping[str, Any]] = [
        {"cell_type": kind, "id": name, "metadata": {}, "source": source.splitlines(True)}
        | ({"outputs": [{"output_type": "stream"}], "execution_count": 7} if kind == "code" else {})
        for kind, name, source in change(list(CELLS))
    ]
    own = {"exercise": "small", "number": 7, "edition": edition}
    notebook = {
        "cells": cells,
        "metadata": {"microns": own, "editor": "mine"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / "small.ipynb"
    path.write_text(json.dumps(notebook))
    return path


def replacing(name: str, old: str, new: str) -> Callable[[Cells], Cells]:
    """Change a cell's source."""

    def change(cells: Cells) -> Cells:
        assert any(cell[1] == name and old in cell[2] for cell in cells)
        return [(k, n, s.replace(old, new) if n == name else s) for k, n, s in cells]

    return change


def without(*names: str) -> Callable[[Cells], Cells]:
    """Leave cells out."""
    return lambda cells: [cell for cell in cells if cell[1] not in names]
