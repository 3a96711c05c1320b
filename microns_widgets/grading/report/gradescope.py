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
            # A question without a score is shown without one; 0 would look like a mark.
            scores = {"score": mark.points, "max_score": question.points}
            tests.append(
                {
                    "number": question.number,
                    "name": question.title,
                    **(scores if mark.decided is not None else {}),
                    "output": "\n".join(question_lines(graded, question, mark)),
                    "output_format": "text",
                    "visibility": "visible",
                }
            )
    notes = [*graded.notes, *([graded.late_note] if graded.late_note else [])]
    if graded.status == "not decided":
        notes.append("NOT DECIDED: the score of 0 is not your mark. Your teacher decides on it.")
    elif graded.open:
        notes.append(
            f"So far. Up to {graded.open:g} more points are added when a person has marked the "
            "rest."
        )
    return {
        "score": graded.points,
        "output": "\n".join(notes),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }
