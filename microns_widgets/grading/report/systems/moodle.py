"""Grades for Moodle's grading worksheet of an assignment.

The form is that of ``mod/assign/feedback/offline/importgradeslib.php`` in Moodle's source: Moodle
finds the columns by their names in the language of the site, needs those of the identifier, the
grade and the time of its last change, and takes the others as they come. A worksheet is of one
assignment.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from microns_widgets._csv import csv_text
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.systems.gradebook import Gradebook
from microns_widgets.grading.report.tables import final_points
from microns_widgets.grading.report.words import number, question_verdict

_HEADER = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (grade)", "Feedback comments"),
)
#: English, German, French and Spanish.
_GRADE = ("Grade", "Bewertung", "Note", "Calificación")
_MOST = ("Maximum Grade", "Bestwertung", "Note maximale", "Calificación máxima")
_COMMENTS = (
    *("Feedback comments", "Feedback als Kommentar", "Feedback-Kommentare"),
    *("Feedback par commentaires", "Comentarios de retroalimentación"),
)


def moodle_csv(graded: Sequence[Graded], exercise: Exercise) -> str:
    """Return a grading worksheet in English, without one of Moodle.

    Parameters
    ----------
    graded : sequence of Graded
        All work.
    exercise : Exercise
        The exercise that the worksheet is for.
    """
    most = number(sum(question.points for question in exercise.questions))
    rows = [
        [
            f"Participant {one.entry.submission.who}",
            *(one.entry.name, one.entry.submission.email, "", final_points(one), most, "Yes", "-"),
            comments(one),
        ]
        for one in graded
        if one.entry.exercise == exercise.name
    ]
    return csv_text([_HEADER, *rows])


def filled_moodle(
    book: Gradebook, graded: Sequence[Graded], exercise: Exercise
) -> tuple[str, list[str]]:
    """Return Moodle's worksheet with grades and comments, and remarks for the teacher.

    All other cells stay as they were: Moodle compares the time of the last change.

    Parameters
    ----------
    book : Gradebook
        As Moodle exported it.
    graded : sequence of Graded
        All work.
    exercise : Exercise
        The exercise that the worksheet is for.
    """
    own = [one for one in graded if one.entry.exercise == exercise.name]
    remarks, grade, said = [], book.column(*_GRADE), book.column(*_COMMENTS)
    most = sum(question.points for question in exercise.questions)
    maxima = {text for text in _cells(book, book.column(*_MOST)) if text}
    others = sorted(text for text in maxima if _number(text) not in (None, most))
    if others:
        remarks.append(
            f"The maximum grade is {', '.join(others)} in Moodle, and {exercise.name} has "
            f"{number(most)} points. Change it in the assignment's settings before you import the "
            "worksheet: points are exported as they are."
        )
    cells: dict[int, dict[int, str]] = {}
    for row, works in book.row_of_each(own).items():
        one = works[exercise.name]
        if not one.handed_in and one.status != "final":
            continue
        points = final_points(one)
        cells[row] = {} if grade is None else {grade: points}
        if said is not None and points:
            cells[row][said] = comments(one)
    return book.changed(cells).text(), remarks


def comments(graded: Graded) -> str:
    """Return feedback as a little HTML, which Moodle shows; empty unless the points are final."""
    if graded.status != "final":
        return ""
    lines = [f"{number(graded.points)} of {number(graded.most)} points"]
    if graded.late_note:
        lines.append(graded.late_note)
    for mark in graded.marks:
        words = [f"{mark.number} {mark.title}: {number(mark.points)} / {number(mark.most)}"]
        words += [question_verdict(mark).word, *mark.comments]
        lines.append(". ".join(one.rstrip(".") for one in words) + ".")
    return "<br>".join(html.escape(line) for line in lines)


def _cells(book: Gradebook, column: int | None) -> list[str]:
    return [] if column is None else [row[column].strip() for row in book.rows]


def _number(text: str) -> float | None:
    match = re.fullmatch(r"\d+(?:[.,]\d+)?", text)
    return float(text.replace(",", ".")) if match else None
