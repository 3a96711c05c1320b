"""Grades as CSV, for a spreadsheet and for import into Canvas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from microns_widgets.grading.grade import Graded

#: A spreadsheet interprets a cell that begins like this as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_FIRST = ("student", "name", "exercise", "points", "of", "still open", "late")


def safe(text: str) -> str:
    """Return a text that no spreadsheet interprets as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def number(value: float | None) -> str:
    """Return points as people write them; empty for None."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


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
                safe(one.entry.who),
                safe(one.entry.name),
                one.entry.exercise,
                number(one.points),
                number(one.most),
                number(one.open),
                "late" if one.entry.submission.late else "",
                *(marks.get(column, "") for column in numbers),
                safe(one.entry.submission.file),
                safe(" ".join(one.notes)),
                safe(" ".join(one.flags)),
            ]
        )
    return _csv(rows)


def canvas_csv(graded: Sequence[Graded]) -> str:
    """Return one row per student and one column per exercise, as Canvas imports them."""
    exercises = sorted({one.entry.exercise for one in graded if one.exercise})
    titles = {one.entry.exercise: one.exercise.title for one in graded if one.exercise}
    most = {one.entry.exercise: number(one.most) for one in graded if one.exercise}
    people: dict[str, dict[str, Graded]] = {}
    for one in graded:
        people.setdefault(one.entry.who, {})[one.entry.exercise] = one
    rows = [
        [*_CANVAS, *(safe(titles[name] or name) for name in exercises)],
        ["    Points Possible", "", "", "", "", *(most[name] for name in exercises)],
    ]
    for who, works in people.items():
        first = next(iter(works.values()))
        rows.append(
            [safe(first.entry.name), safe(first.entry.submission.who), "", safe(who), ""]
            + [number(works[name].points) if name in works else "" for name in exercises]
        )
    return _csv(rows)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
