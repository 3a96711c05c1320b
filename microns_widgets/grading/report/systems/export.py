"""Writes points in the form of the learning system that they go back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.systems.brightspace import brightspace_csv
from microns_widgets.grading.report.systems.canvas import canvas_csv, filled_canvas
from microns_widgets.grading.report.systems.gradebook import Gradebook, System
from microns_widgets.grading.report.systems.moodle import filled_moodle, moodle_csv
from microns_widgets.grading.report.systems.plain import plain_csv


@dataclass(frozen=True)
class ExportOptions:
    """How points are exported.

    Attributes
    ----------
    system : str, optional
        The learning system; None for that of the roster.
    columns : dict
        Names of columns in the gradebook, by exercise.
    """

    system: System | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Exports:
    """Files for learning systems.

    Attributes
    ----------
    files : dict
        Name of the file to its text.
    remarks : list of str
        What the teacher has to know about them.
    """

    files: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def columns_named(texts: Sequence[str]) -> dict[str, str]:
    """Read ``EXERCISE=NAME`` as given on the command line.

    Raises
    ------
    InvalidArgument
        If one has no equals sign.
    """
    pairs = {}
    for text in texts:
        exercise, sign, name = text.partition("=")
        if not (sign and exercise.strip() and name.strip()):
            raise InvalidArgument(
                f"--column is {text!r}, expected an exercise and the name of its column in the "
                "roster, such as outputs='Homework 1 (12345)'."
            )
        pairs[exercise.strip()] = name.strip()
    return pairs


def exports(graded: Sequence[Graded], book: Gradebook | None, options: ExportOptions) -> Exports:
    """Return the files for the learning system of the roster, or for the one that was chosen.

    If neither is known, there is one for Canvas, which makes new assignments, and a plain one.

    Parameters
    ----------
    graded : sequence of Graded
        All work.
    book : Gradebook, optional
        The roster: a gradebook that a learning system exported, or a list.
    options : ExportOptions
        How points are exported.
    """
    known = {one.exercise.name: one.exercise for one in graded if one.exercise}
    exercises = sorted(known.values(), key=lambda one: one.number)
    system = options.system or (book.system if book else None)
    own = book if book and book.system == system else None
    made = Exports()
    for unknown in sorted(options.columns.keys() - known.keys()):
        made.remarks.append(f"--column {unknown}: nothing was handed in for this exercise.")
    if system == "moodle":
        _moodle(made, graded, exercises, own, options.columns)
    elif system == "brightspace":
        text, remarks = brightspace_csv(graded, exercises, own, options.columns)
        made.files["brightspace.csv"] = text
        made.remarks += remarks
    elif system == "canvas" and own:
        made.files["canvas.csv"], remarks = filled_canvas(own, graded, exercises, options.columns)
        made.remarks += remarks
    elif system != "csv":
        made.files["canvas.csv"] = canvas_csv(graded)
    if system in ("csv", None):
        made.files["points.csv"] = plain_csv(graded, exercises)
    if own:
        made.remarks += _without_row(own, graded)
    return made


def _moodle(
    made: Exports,
    graded: Sequence[Graded],
    exercises: Sequence[Exercise],
    book: Gradebook | None,
    named: Mapping[str, str],
) -> None:
    # A worksheet is of one assignment, and so are its identifiers.
    of_book = [one for one in exercises if one.name in named] or list(exercises)
    for exercise in exercises:
        file = f"moodle-{exercise.name}.csv"
        if book and of_book == [exercise]:
            made.files[file], remarks = filled_moodle(book, graded, exercise)
            made.remarks += remarks
        elif book is None:
            made.files[file] = moodle_csv(graded, exercise)
    if book and len(of_book) != 1:
        made.remarks.append(
            "A grading worksheet of Moodle is of one assignment, and several exercises were "
            "graded: nothing was exported. Name the exercise that it is for, such as --column "
            f"{exercises[0].name}=Grade, and grade once for each worksheet."
        )


def _without_row(book: Gradebook, graded: Sequence[Graded]) -> list[str]:
    rows = book.row_of_each(graded).values()
    there = {one.entry.who for works in rows for one in works.values()}
    lost = {
        one.entry.who: one.entry.name
        for one in graded
        if one.status == "final" and one.entry.who not in there
    }
    if not lost:
        return []
    names = ", ".join(list(lost.values())[:5]) + (" and others" if len(lost) > 5 else "")
    return [f"Points of {len(lost)} were not exported, since no row is theirs: {names}."]
