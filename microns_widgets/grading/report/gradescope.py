"""The marks of one submission in Gradescope's format, ``results.json``."""

from __future__ import annotations

from typing import Any

from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.words import question_lines


def results(graded: Graded) -> dict[str, Any]:
    """Return the content of ``results.json``.

    The format is Gradescope's, ``https://gradescope-autograders.readthedocs.io/en/latest/specs``.
    Everything is plain text: nothing from a submission is interpreted as markup.
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
                    "output": "\n".join(question_lines(graded, question, mark)),
                    "output_format": "text",
                    "visibility": "visible",
                }
            )
    notes = list(graded.notes)
    if graded.open:
        notes.append(
            f"Up to {graded.open:g} more points are added when a person has marked your text."
        )
    return {
        "score": graded.points,
        "output": "\n".join(notes),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }
