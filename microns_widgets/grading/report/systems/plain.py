"""Grades as plain CSV: one row per student, one column per exercise."""

from __future__ import annotations

from collections.abc import Sequence

from microns_widgets._csv import csv_text
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.tables import final_points


def plain_csv(graded: Sequence[Graded], exercises: Sequence[Exercise]) -> str:
    """Return final points; a cell is empty if they are not final.

    Parameters
    ----------
    graded : sequence of Graded
        All work.
    exercises : sequence of Exercise
        The exercises, in their order.
    """
    people: dict[str, dict[str, Graded]] = {}
    for one in graded:
        people.setdefault(one.entry.who, {})[one.entry.exercise] = one
    rows = []
    for who, works in people.items():
        first = next(iter(works.values()))
        points = [final_points(works[one.name]) if one.name in works else "" for one in exercises]
        rows.append([who, first.entry.name, email_of(first), *points])
    return csv_text([["student", "name", "email", *(one.name for one in exercises)], *rows])


def email_of(graded: Graded) -> str:
    """Return a student's e-mail, empty if it is not known."""
    person = graded.entry.person
    email = (person.email if person else "") or graded.entry.submission.email
    return email or (graded.entry.who if "@" in graded.entry.who else "")
