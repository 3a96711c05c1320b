"""Points that a person gave to written answers, from the file that the marking page saves."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.grade import Graded
from microns_widgets.grading.marks import AnswerMark

_COLUMNS = ("student", "exercise", "answer", "points", "comment")
#: Student, exercise and answer to points and comment.
Given = Mapping[tuple[str, str, str], tuple[float, str]]


def read_given(path: Path) -> Given:
    """Read ``marks.csv``.

    Raises
    ------
    SubmissionError
        If it is missing, lacks a column, or has something that is no number of points.
    """
    given = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                student, exercise, answer, points, comment = (row[c] for c in _COLUMNS)
                try:
                    value = float(points or "")
                except ValueError:
                    value = math.nan
                if not math.isfinite(value):
                    raise SubmissionError(
                        f"{path}, line {line}: {points!r} is no number of points."
                    )
                given[student, exercise, answer] = (value, comment or "")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SubmissionError(f"{path} cannot be read: {error}.") from None
    except KeyError as error:
        raise SubmissionError(
            f"{path} lacks the column {error}, expected {', '.join(_COLUMNS)}: save it from "
            "marking.html."
        ) from None
    return given


def with_given(graded: Sequence[Graded], given: Given) -> list[Graded]:
    """Give answers the points that a person gave; only those that a person decides on."""
    return [
        replace(
            one,
            marks=tuple(
                replace(mark, answers=tuple(_given(one, answer, given) for answer in mark.answers))
                for mark in one.marks
            ),
        )
        for one in graded
    ]


def _given(graded: Graded, answer: AnswerMark, given: Given) -> AnswerMark:
    found = given.get((graded.entry.who, graded.entry.exercise, answer.name))
    if answer.points is not None or found is None:
        return answer
    points, comment = found
    comments = (comment,) if comment else ()
    return replace(answer, points=min(max(points, 0.0), answer.most), comments=comments)
