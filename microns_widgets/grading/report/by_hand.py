"""Reads and merges the points that people give, and keeps them in the results folder.

A row of the file gives the points of one answer, or, if the column ``answer`` is empty, those of
the whole exercise. `decide` puts them into the marks.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from microns_widgets._csv import csv_rows, csv_text
from microns_widgets._files import whole_file
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.names import normal

#: The file in the results folder with all marks that were given by hand so far. The browser saves
#: ``marks.csv``: a different name, so that saving it into this folder replaces nothing.
STORED = "marks-by-hand.csv"
_COLUMNS = ("student", "exercise", "answer", "points", "comment")

#: (student, exercise, answer) as compared.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class HandMark:
    """Points that a person gave.

    Attributes
    ----------
    student, exercise, answer : str
        For what; an empty `answer` stands for the whole exercise.
    points : float
        The points.
    comment : str
        For the student.
    source : str
        Name of the file that it comes from.
    line : int
        Its line there.
    """

    student: str
    exercise: str
    answer: str
    points: float
    comment: str = ""
    source: str = ""
    line: int = 0

    @property
    def place(self) -> Place:
        """For what it is, as compared."""
        return normal(self.student), self.exercise, self.answer

    @property
    def about(self) -> str:
        """For what it is, in words."""
        return f"{self.student}, {self.exercise}, {self.answer or 'the whole exercise'}"

    @property
    def origin(self) -> str:
        """Where it stands."""
        return f"{self.source}, line {self.line}"


def read_hand_marks(path: Path) -> list[HandMark]:
    """Read a file of marks.

    Parameters
    ----------
    path : path
        CSV with the columns ``student``, ``exercise``, ``answer``, ``points`` and ``comment``,
        as saved from the marking page.

    Raises
    ------
    SubmissionError
        If it is missing, lacks a column, or has points that are not a number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv_rows(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SubmissionError(
            f"{path} cannot be read: {error}. Expected marks.csv, as saved from marking.html."
        ) from None
    try:
        return [_mark(path, line, row) for line, row in enumerate(rows, start=2)]
    except KeyError as error:
        raise SubmissionError(
            f"{path} lacks the column {error}, expected {', '.join(_COLUMNS)}: save it from "
            "marking.html."
        ) from None


def _mark(path: Path, line: int, row: Mapping[str, str | None]) -> HandMark:
    student, exercise, answer, points, comment = ((row[name] or "").strip() for name in _COLUMNS)
    try:
        value = float(points.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SubmissionError(
            f"{path}, line {line}: the points are {points!r}, expected a number such as 2.5."
        )
    source = (row.get("source") or "").strip() or path.name
    return HandMark(student, exercise, answer, value, comment, source, line)


@dataclass(frozen=True)
class Merged:
    """Marks from several files, one for each answer.

    Attributes
    ----------
    marks : list of HandMark
        In the order of students, exercises and answers.
    conflicts : list of str
        Where the files contradict each other; there, the earlier mark stays.
    replaced : list of str
        Where an earlier mark from another file was replaced.
    """

    marks: list[HandMark]
    conflicts: list[str]
    replaced: list[str]


def merged_marks(stored: Iterable[HandMark], files: Iterable[Sequence[HandMark]]) -> Merged:
    """Merge new marks with those that are stored.

    What a file repeats without a change does not count: it says only that its author saw it.

    Parameters
    ----------
    stored : iterable of HandMark
        The marks so far.
    files : iterable of sequences of HandMark
        New marks, one sequence for each file.
    """
    marks = {mark.place: mark for mark in stored}
    new: dict[Place, list[HandMark]] = {}
    for mark in (mark for file in files for mark in file):
        before = marks.get(mark.place)
        if before is None or (before.points, before.comment) != (mark.points, mark.comment):
            new.setdefault(mark.place, []).append(mark)
    conflicts, replaced = [], []
    for place, candidates in new.items():
        if len({mark.points for mark in candidates}) > 1:
            values = " and ".join(f"{one.points:g} ({one.origin})" for one in candidates)
            conflicts.append(f"{candidates[0].about}: {values}.")
            continue
        mark, before = _joined(candidates), marks.get(place)
        if before is not None and before.points != mark.points and before.source != mark.source:
            replaced.append(
                f"{mark.about}: {before.points:g} ({before.source}) was replaced by "
                f"{mark.points:g} ({mark.origin})."
            )
        marks[place] = mark
    return Merged([marks[place] for place in sorted(marks)], conflicts, replaced)


def _joined(candidates: Sequence[HandMark]) -> HandMark:
    """Return the mark on which several people agree, with the comments of all."""
    first = candidates[0]
    comments = dict.fromkeys(one.comment for one in candidates if one.comment)
    return HandMark(
        first.student,
        first.exercise,
        first.answer,
        first.points,
        " ".join(comments),
        " ".join(dict.fromkeys(one.source for one in candidates)),
        first.line,
    )


def stored_marks(out: Path) -> list[HandMark]:
    """Return the marks that earlier runs stored in the results folder."""
    path = out / STORED
    return read_hand_marks(path) if path.is_file() else []


def store_marks(out: Path, marks: Sequence[HandMark], *, sync: bool = False) -> None:
    """Store marks in the results folder.

    Parameters
    ----------
    out : path
        The results folder.
    marks : sequence of HandMark
        All marks by hand.
    sync : bool
        Whether they are on the disk afterwards, and survive a power failure.
    """
    if not marks and not (out / STORED).is_file():
        return
    rows = [
        [one.student, one.exercise, one.answer, f"{one.points:.10g}", one.comment, one.source]
        for one in marks
    ]
    text = csv_text([[*_COLUMNS, "source"], *rows])
    with whole_file(out / STORED, sync=sync) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
