"""Grades for Brightspace.

The form is that of "Importing grades"
(https://community.d2l.com/brightspace/kb/articles/3538-importing-grades): the OrgDefinedId or the
Username, a column "<grade item> Points Grade" for each grade item, and at the end the column
End-of-Line Indicator with # in each row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from microns_widgets._csv import csv_text
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.systems.columns import column_of
from microns_widgets.grading.report.systems.gradebook import Gradebook
from microns_widgets.grading.report.tables import final_points
from microns_widgets.grading.report.words import number

_ID, _USERNAME, _END = "OrgDefinedId", "Username", "End-of-Line Indicator"
_MOST = re.compile(r"MaxPoints:(\d+(?:\.\d+)?)")


def brightspace_csv(
    graded: Sequence[Graded],
    exercises: Sequence[Exercise],
    book: Gradebook | None = None,
    named: Mapping[str, str] | None = None,
) -> tuple[str, list[str]]:
    """Return a file to import into Brightspace, and remarks for the teacher.

    It has the rows of those whose points are final in at least one exercise. Brightspace leaves
    grades as they are where a cell is empty.

    Parameters
    ----------
    graded : sequence of Graded
        All work.
    exercises : sequence of Exercise
        The exercises, in their order.
    book : Gradebook, optional
        As Brightspace exported it; if omitted, the students' ids are taken for OrgDefinedIds.
    named : mapping, optional
        Names of columns that the teacher gave, by exercise.
    """
    titles, remarks = [], []
    for exercise in exercises:
        place = column_of(exercise, book.header, named or {}) if book else None
        title = book.header[place] if book and place is not None else ""
        if book and not title:
            remarks.append(
                f"The roster has no column for {exercise.name}: Brightspace will make a new grade "
                f"item, {exercise.title!r}. If there is one, name its column with --column "
                f"{exercise.name}=NAME."
            )
        most = sum(question.points for question in exercise.questions)
        there = _MOST.search(title)
        if there and float(there[1]) != most:
            remarks.append(
                f"The grade item {title!r} has {there[1]} points in Brightspace, and "
                f"{exercise.name} has {number(most)}. Points are exported as they are."
            )
        titles.append(title or f"{exercise.title or exercise.name} Points Grade")
    header, people = _people(graded, book)
    rows = [
        [*ids, *points, "#"]
        for ids, works in people
        if any(
            points := [
                final_points(works[one.name]) if one.name in works else "" for one in exercises
            ]
        )
    ]
    return csv_text([[*header, *titles, _END], *rows]), remarks


def _people(
    graded: Sequence[Graded], book: Gradebook | None
) -> tuple[list[str], list[tuple[list[str], dict[str, Graded]]]]:
    """Return the columns that identify people, and for each person these cells and the work."""
    if book is None:
        works: dict[str, dict[str, Graded]] = {}
        for one in graded:
            works.setdefault(one.entry.who, {})[one.entry.exercise] = one
        return [_ID], [([f"#{who}"], own) for who, own in works.items()]
    columns = [place for name in (_ID, _USERNAME) if (place := book.column(name)) is not None]
    return [book.header[place] for place in columns], [
        ([book.rows[row][place] for place in columns], own)
        for row, own in sorted(book.row_of_each(graded).items())
    ]
