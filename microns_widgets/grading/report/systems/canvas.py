"""Grades for Canvas's gradebook."""

from __future__ import annotations

from collections.abc import Sequence

from microns_widgets._csv import csv_text
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.tables import final_points
from microns_widgets.grading.report.words import number

_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def canvas_csv(graded: Sequence[Graded]) -> str:
    """Return one row per student and one column per exercise, as Canvas imports them.

    A cell is empty if the points are not final.
    """
    exercises = sorted({one.entry.exercise for one in graded if one.exercise})
    titles = {one.entry.exercise: one.exercise.title for one in graded if one.exercise}
    most = {one.entry.exercise: number(one.most) for one in graded if one.exercise}
    people: dict[str, dict[str, Graded]] = {}
    for one in graded:
        people.setdefault(one.entry.who, {})[one.entry.exercise] = one
    rows = [
        [*_CANVAS, *(titles[name] or name for name in exercises)],
        ["    Points Possible", "", "", "", "", *(most[name] for name in exercises)],
    ]
    for who, works in people.items():
        first = next(iter(works.values()))
        rows.append(
            [first.entry.name, first.entry.submission.who, "", who, ""]
            + [final_points(works[name]) if name in works else "" for name in exercises]
        )
    return csv_text(rows)
