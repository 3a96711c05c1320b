"""A small exercise without connectome: what grading does can be seen in a second."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

STUDENT = {"id": "student", "source": 'STUDENT = ""'}
_TOTAL = """# QUESTION
id = "sums.total"
title = "The total"
points = 2
[answers.total]
kind = "number"
about = "the sum of the numbers from 1 to 10"
"""
_ODD = """# QUESTION
id = "sums.odd"
title = "Odd numbers"
points = 4
[answers.odd]
kind = "ids"
about = "the odd numbers from 1 to 10"
[answers.n_odd]
kind = "number"
about = "how many there are"
"""
_WHY = """# QUESTION
id = "sums.why"
title = "Why"
points = 3
[answers.why]
kind = "written"
about = "why the total is what it is"
guide = "Pairs that add up to 11."
"""
_CELLS = [
    ("markdown", "title", "# Sums"),
    ("code", "student", 'STUDENT = ""'),
    ("raw", "q-total", _TOTAL),
    ("code", "a-total", "# BEGIN SOLUTION\ntotal = sum(range(1, 11))\n# END SOLUTION"),
    ("code", "w1", "# WRONG short: The number 10 belongs to it, too.\ntotal = sum(range(1, 10))"),
    ("code", "w2", "# WRONG count: Add the numbers up; do not count them.\ntotal = 10"),
    ("code", "w3", "# WRONG product: Add, do not multiply.\ntotal = 3628800"),
    ("code", "s1", "# SAME text\nimport numpy as np\ntotal = np.float64(55)"),
    ("raw", "q-odd", _ODD),
    (
        "code",
        "a-odd",
        "# BEGIN SOLUTION\nodd = [1, 3, 5, 7, 9]\nn_odd = len(odd)\n# END SOLUTION",
    ),
    ("code", "w4", "# WRONG even: These are the even ones.\nodd = [2, 4, 6, 8, 10]"),
    ("code", "w5", "# WRONG short: Is 9 not odd?\nodd = [1, 3, 5, 7]\nn_odd = 4"),
    ("code", "w6", "# WRONG all: Leave out the even ones.\nodd = list(range(1, 11))\nn_odd = 10"),
    ("code", "s2", "# SAME array\nimport numpy as np\nodd = np.array([9, 7, 5, 3, 1])"),
    ("raw", "q-why", _WHY),
    ("code", "a-why", '# BEGIN SOLUTION\nwhy = """Five pairs of eleven."""\n# END SOLUTION'),
]
#: What a student writes who does all of it right.
RIGHT = {
    "total": "total = 55",
    "odd": "odd = [1, 3, 5, 7, 9]\nn_odd = 5",
    "why": 'why = "Five pairs that add up to eleven each: one and ten, and so on."',
}


def write_master(folder: Path) -> Path:
    """Write the master into ``solutions/``."""
    cells = [
        {"cell_type": kind, "id": name, "metadata": {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, name, source in _CELLS
    ]
    metadata = {"microns": {"exercise": "sums", "number": 1, "edition": 1}}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "sums.ipynb"
    path.write_text(_notebook(cells, metadata))
    return path


def submission(
    answers: Mapping[str, str] = RIGHT,
    *,
    student: str = "",
    before: str = "",
    exercise: str = "sums",
    edition: int = 1,
    **made_for: object,
) -> str:
    """Make a submitted notebook: a cell and a check cell for each question."""
    cells = [{"source": f"STUDENT = {student!r}\n{before}", "id": "student"}]
    for name, source in answers.items():
        cells.append({"source": source, "id": f"a-{name}"})
        cells.append({"source": f'"mw.check(sums.{name})"', "id": f"c-{name}"})
        cells[-1]["metadata"] = {"microns": {"check": f"sums.{name}"}}
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], **cell} for cell in cells]
    return _notebook(made, {"microns": {"exercise": exercise, "edition": edition, **made_for}})


def write_submissions(folder: Path, notebooks: Mapping[str, str]) -> Path:
    """Write notebooks, by the student's name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in notebooks.items():
        (folder / f"{name}.ipynb").write_text(text)
    return folder


def _notebook(cells: list[dict], metadata: dict) -> str:
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
