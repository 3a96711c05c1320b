"""A small exercise with two versions of a question, and what students write who do it right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grading.small_course import submission

from microns_widgets.grading.exercise.exercise import Exercise

_TOTAL = """# QUESTION
id = "pool.total"
title = "The total"
points = 4
[answers.total]
kind = "number"
about = "the sum"
[answers.numbers]
kind = "ids"
about = "the numbers"
"""
_MEAN = """# QUESTION
id = "pool.mean"
title = "The mean"
points = 2
[answers.mean]
kind = "number"
about = "the mean of your numbers"
follows = ["total", "numbers"]
"""
CELLS: list[tuple[str, str, str]] = [
    ("markdown", "title", "# Sums of a pool"),
    ("code", "data", "import microns_widgets as mw"),
    ("code", "student", 'STUDENT = ""'),
    ("raw", "q-total", _TOTAL),
    ("raw", "v-ten", "# VERSION ten"),
    ("markdown", "t-ten", "Add the numbers from 1 to **10**."),
    (
        "code",
        "a-ten",
        "# BEGIN SOLUTION\nnumbers = list(range(1, 11))\ntotal = sum(numbers)\n# END SOLUTION",
    ),
    ("code", "w1", "# WRONG short: The number 10 belongs to it, too.\ntotal = sum(range(1, 10))"),
    ("code", "w2", "# WRONG count: Add the numbers up; do not count them.\ntotal = 10"),
    ("code", "w3", "# WRONG product: Add, do not multiply.\ntotal = 3628800"),
    ("code", "s1", "# SAME text\nimport numpy as np\ntotal = np.float64(55)"),
    ("raw", "v-odd", "# VERSION odd"),
    ("markdown", "t-odd", "Add the *odd* numbers from 1 to 99."),
    (
        "code",
        "a-odd",
        "# BEGIN SOLUTION\nnumbers = list(range(1, 100, 2))\ntotal = sum(numbers)\n# END SOLUTION",
    ),
    ("code", "w4", "# WRONG short: The number 99 belongs to it.\ntotal = sum(range(1, 99, 2))"),
    ("code", "w5", "# WRONG even: These are the even ones.\ntotal = sum(range(0, 100, 2))"),
    ("code", "w6", "# WRONG all: Leave out the even ones.\ntotal = sum(range(1, 100))"),
    ("code", "s2", "# SAME text\nimport numpy as np\ntotal = np.float64(2500)"),
    ("raw", "v-end", "# END VERSIONS"),
    ("markdown", "both", "Both versions have an easy way."),
    ("raw", "q-mean", _MEAN),
    ("code", "a-mean", "# BEGIN SOLUTION\nmean = total / len(numbers)\n# END SOLUTION"),
    ("code", "w7", "# WRONG sum: Divide.\nmean = total"),
    ("code", "w8", "# WRONG largest: This is the largest number.\nmean = max(numbers)"),
    ("code", "w9", "# WRONG less: How many are there?\nmean = total / (len(numbers) - 1)"),
    ("code", "s3", "# SAME float\nimport numpy as np\nmean = np.float64(mean)"),
]
#: What is right, by version.
RIGHT = {
    "ten": {"total": "numbers = list(range(1, 11))\ntotal = 55", "mean": "mean = 5.5"},
    "odd": {"total": "numbers = list(range(1, 100, 2))\ntotal = 2500", "mean": "mean = 50"},
}


def write_pool(folder: Path, cells: list[tuple[str, str, str]] | None = None) -> Path:
    """Write the master."""
    made: list[dict[str, Any]] = [
        {"cell_type": kind, "id": name, "metadata": {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, name, source in (CELLS if cells is None else cells)
    ]
    metadata = {"microns": {"exercise": "pool", "number": 8, "edition": 1}}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pool.ipynb"
    notebook = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook))
    return path


def students(exercise: Exercise, version: str, number: int) -> list[str]:
    """Return ids of students with a version."""
    question = exercise.questions[0]
    ids = (f"student-{n}" for n in range(1000))
    found = [one for one in ids if exercise.version(one, question).name == version]
    return found[:number]


def notebook(student: str, answers: dict[str, str]) -> str:
    """Return a notebook that asks for its version and has these answers."""
    before = "import microns_widgets as mw\nmw.own_question(STUDENT, 'pool.total')"
    text = submission(answers, student=student, before=before, exercise="pool")
    return text.replace("mw.check(sums.", "mw.check(pool.").replace(
        '"check": "sums.', '"check": "pool.'
    )
