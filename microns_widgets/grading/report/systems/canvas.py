"""Grades for Canvas's gradebook.

The form is that of "How do I import grades in the Gradebook?"
(https://community.canvaslms.com/t5/Instructor-Guide/-/ta-p/807) and of Canvas's own source,
``lib/gradebook_importer.rb``: columns that identify the student, then a column for each assignment,
whose name ends with its id. A column that Canvas does not know becomes a new assignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from microns_widgets._csv import csv_text
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.systems.columns import column_of
from microns_widgets.grading.report.systems.gradebook import Gradebook
from microns_widgets.grading.report.tables import final_points
from microns_widgets.grading.report.words import number

_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_STUDENT = (*_CANVAS, "Integration ID", "Root Account")
_POSSIBLE = "points possible"


def canvas_csv(graded: Sequence[Graded]) -> str:
    """Return one row per student and one column per exercise, without a gradebook of Canvas.

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


def filled_canvas(
    book: Gradebook,
    graded: Sequence[Graded],
    exercises: Sequence[Exercise],
    named: Mapping[str, str],
) -> tuple[str, list[str]]:
    """Return Canvas's gradebook with the points of the exercises, and remarks for the teacher.

    Other assignments are left out, so that importing the file changes nothing else. Points that
    are not final are empty; the rows of people without work stay as they were.

    Parameters
    ----------
    book : Gradebook
        As Canvas exported it.
    graded : sequence of Graded
        All work.
    exercises : sequence of Exercise
        The exercises, in their order.
    named : mapping
        Names of columns that the teacher gave, by exercise.
    """
    remarks = []
    columns: dict[str, int] = {}
    owners = book.row_of_each(graded)
    for exercise in exercises:
        place = column_of(exercise, book.header, named)
        most = sum(question.points for question in exercise.questions)
        if place is None:
            remarks.append(
                f"The roster has no column for {exercise.name}: Canvas will offer to make a new "
                f"assignment, {exercise.title!r}. If there is one, name its column with --column "
                f"{exercise.name}=NAME."
            )
            book = book.with_column(exercise.title or exercise.name)
            place = len(book.header) - 1
        elif (possible := _possible(book, place)) not in (None, most):
            remarks.append(
                f"The assignment {book.header[place]!r} has {number(possible)} points in Canvas, "
                f"and {exercise.name} has {number(most)}. Points are exported as they are."
            )
        columns[exercise.name] = place
    cells = {
        row: {
            columns[name]: final_points(one)
            for name, one in works.items()
            if name in columns and (one.handed_in or one.status == "final")
        }
        for row, works in owners.items()
    }
    kept = [place for name in _STUDENT if (place := book.column(name)) is not None]
    return book.changed(cells).only([*kept, *columns.values()]).text(), remarks


def _possible(book: Gradebook, column: int) -> float | None:
    student = book.column("Student") or 0
    for row in book.rows:
        if row[student].strip().casefold() == _POSSIBLE:
            try:
                return float(row[column].replace(",", "."))
            except ValueError:
                return None
    return None
