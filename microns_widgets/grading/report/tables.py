"""Grades as CSV, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from microns_widgets._csv import csv_text
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.words import number

_FIRST = (
    "student",
    "name",
    "exercise",
    "status",
    "points",
    "of",
    "still open",
    "late",
    "taken off",
)


def points_so_far(graded: Graded) -> str:
    """Return the points, final or not; empty if none of them is decided."""
    return number(graded.points) if graded.status in ("final", "so far") else ""


def final_points(graded: Graded) -> str:
    """Return the points; empty unless all of them are decided."""
    return number(graded.points) if graded.status == "final" else ""


def grades_csv(graded: Sequence[Graded]) -> str:
    """Return one row per student and exercise, with the points of each question.

    The column ``status`` is ``final``, ``so far`` (a person still has to decide on some points),
    ``not decided`` (on all points) or ``not graded``. What nobody has decided on is empty, never 0.
    """
    columns: dict[str, None] = {}
    for one in graded:
        for question in one.exercise.questions if one.exercise else ():
            columns[question.number] = None
    numbers = sorted(columns, key=lambda label: [int(part) for part in label.split(".")])
    rows = [
        [*_FIRST, *numbers, "file", "notes", "flags"],
    ]
    for one in graded:
        marks = {mark.number: number(mark.decided) for mark in one.marks}
        rows.append(
            [
                one.entry.who,
                one.entry.name,
                one.entry.exercise,
                one.status,
                points_so_far(one),
                number(one.most),
                number(one.open),
                "late" if one.entry.submission.late or one.late_share else "",
                number(one.taken_off) if one.late_share else "",
                *(marks.get(column, "") for column in numbers),
                one.entry.submission.file,
                " ".join(one.notes),
                " ".join(one.flags),
            ]
        )
    return csv_text(rows)
