"""Grades as CSV, for a spreadsheet and for import into Canvas."""

from __future__ import annotations

from collections.abc import Sequence

from microns_widgets._csv import csv_text
from microns_widgets.grading.graded import Graded

_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_FIRST = ("student", "name", "exercise", "points", "of", "still open", "late")


def number(value: float | None) -> str:
    """Return points as people write them; empty for None."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def grades_csv(graded: Sequence[Graded]) -> str:
    """Return one row per student and exercise, with the points of each question."""
    columns: dict[str, None] = {}
    for one in graded:
        for question in one.exercise.questions if one.exercise else ():
            columns[question.number] = None
    numbers = sorted(columns, key=lambda label: [int(part) for part in label.split(".")])
    rows = [
        [*_FIRST, *numbers, "file", "notes", "flags"],
    ]
    for one in graded:
        marks = {mark.number: number(mark.points) for mark in one.marks}
        rows.append(
            [
                one.entry.who,
                one.entry.name,
                one.entry.exercise,
                number(one.points),
                number(one.most),
                number(one.open),
                "late" if one.entry.submission.late else "",
                *(marks.get(column, "") for column in numbers),
                one.entry.submission.file,
                " ".join(one.notes),
                " ".join(one.flags),
            ]
        )
    return csv_text(rows)


def canvas_csv(graded: Sequence[Graded]) -> str:
    """Return one row per student and one column per exercise, as Canvas imports them."""
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
            + [number(works[name].points) if name in works else "" for name in exercises]
        )
    return csv_text(rows)
