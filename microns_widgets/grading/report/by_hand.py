"""Points that a person gave for written answers, from the file saved by the marking page."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from microns_widgets._csv import csv_rows
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.marks import AnswerMark

_COLUMNS = ("student", "exercise", "answer", "points", "comment")
#: (student, exercise, answer) to (points, comment).
HandMarks = Mapping[tuple[str, str, str], tuple[float, str]]


def read_hand_marks(path: Path) -> HandMarks:
    """Read ``marks.csv``.

    Raises
    ------
    SubmissionError
        If it is missing, lacks a column, or has points that are not a number.
    """
    marks = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in enumerate(csv_rows(file), start=2):
                student, exercise, answer, points, comment = (row[c] for c in _COLUMNS)
                try:
                    value = float(points or "")
                except ValueError:
                    value = math.nan
                if not math.isfinite(value):
                    raise SubmissionError(
                        f"{path}, line {line}: the points are {points!r}, expected a number "
                        "such as 2.5."
                    )
                marks[student, exercise, answer] = (value, comment or "")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SubmissionError(
            f"{path} cannot be read: {error}. Expected marks.csv, as saved from marking.html."
        ) from None
    except KeyError as error:
        raise SubmissionError(
            f"{path} lacks the column {error}, expected {', '.join(_COLUMNS)}: save it from "
            "marking.html."
        ) from None
    return marks


def with_hand_marks(graded: Sequence[Graded], marks: HandMarks) -> list[Graded]:
    """Return the marks with a person's points, for answers that a person decides on."""
    return [
        replace(
            one,
            marks=tuple(
                replace(mark, answers=tuple(_marked(one, answer, marks) for answer in mark.answers))
                for mark in one.marks
            ),
        )
        for one in graded
    ]


def _marked(graded: Graded, answer: AnswerMark, marks: HandMarks) -> AnswerMark:
    mark = marks.get((graded.entry.who, graded.entry.exercise, answer.name))
    if answer.points is not None or mark is None:
        return answer
    points, comment = mark
    comments = (comment,) if comment else ()
    return replace(answer, points=min(max(points, 0.0), answer.most), comments=comments, credit="")
