"""One submission's marks as Gradescope reads them from ``results.json``."""

from __future__ import annotations

from typing import Any

from microns_widgets.grading.grade import Graded
from microns_widgets.grading.report.words import question_words


def results(graded: Graded) -> dict[str, Any]:
    """Give the content of ``results.json``.

    The format is Gradescope's own, ``https://gradescope-autograders.readthedocs.io/en/latest/specs``.
    Everything is plain text: nothing that a submission wrote is taken for markup.
    """
    tests = []
    if graded.exercise:
        for question, mark in zip(graded.exercise.questions, graded.marks, strict=False):
            tests.append(
                {
                    "number": question.number,
                    "name": question.title,
                    "score": mark.points,
                    "max_score": question.points,
                    "output": "\n".join(question_words(graded, question, mark)),
                    "output_format": "text",
                    "visibility": "visible",
                }
            )
    said = list(graded.notes)
    if graded.open:
        said.append(f"{graded.open:g} points are decided by a person who reads your text.")
    return {
        "score": graded.points,
        "output": "\n".join(said),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }
