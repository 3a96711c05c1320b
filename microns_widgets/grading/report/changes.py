"""Which marks changed since the last run, and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from microns_widgets._csv import csv_rows, csv_text
from microns_widgets._files import write_text
from microns_widgets.grading.report.record import QuestionRecord, Record, WorkRecord
from microns_widgets.grading.report.words import number

FILE = "changes.csv"
_COLUMNS = ("when", "student", "name", "exercise", "question", "before", "after", "why")
#: The row of an exercise's total, in the column ``question``.
TOTAL = "total"


@dataclass(frozen=True)
class Change:
    """A mark that differs from the one of the run before.

    Attributes
    ----------
    student, name, exercise, question : str
        Of what; `question` is ``total`` for the points of the whole exercise.
    before, after : float, optional
        Points; None if they were not decided or did not exist.
    why : str
        The reasons.
    """

    student: str
    name: str
    exercise: str
    question: str
    before: float | None
    after: float | None
    why: str


def changes(before: Record, after: Record) -> list[Change]:
    """Return the marks that changed between two runs, in the order of the students.

    A question's change has each reason that may have caused it: ``new submission``, ``manual``,
    ``edition``, ``data``, ``points``, ``tolerance`` (or another option of its answers), ``key``;
    and ``run`` (limits, libraries or the package) only if there is none of them. That of a total
    may also be ``late``.
    """
    earlier = {(one.student, one.exercise): one for one in before.works}
    now = {(one.student, one.exercise): one for one in after.works}
    found: list[Change] = []
    for place, work in now.items():
        old = earlier.get(place)
        if old is not None:
            found += _of_work(before, after, old, work)
        elif work.points is not None:
            found.append(_total(work, None, work.points, "new submission"))
    found += [
        _total(old, old.points, None, "no longer among the submissions")
        for place, old in earlier.items()
        if place not in now and old.exercise in after.editions and old.points is not None
    ]
    return found


def _total(work: WorkRecord, before: float | None, after: float | None, why: str) -> Change:
    return Change(work.student, work.name, work.exercise, TOTAL, before, after, why)


def _of_work(before: Record, after: Record, old: WorkRecord, new: WorkRecord) -> Iterator[Change]:
    reasons: dict[str, None] = {}
    for name in dict.fromkeys((*new.questions, *old.questions)):
        points = (old.questions.get(name), new.questions.get(name))
        if points[0] == points[1]:
            continue
        why = list(_reasons(before, after, old, new, name))
        why = why or list(_others(before, after, new.exercise)) or ["run"]
        reasons |= dict.fromkeys(why)
        yield Change(new.student, new.name, new.exercise, name, *points, "; ".join(why))
    if old.by_hand.get("") != new.by_hand.get(""):
        reasons["manual"] = None
    if old.late_share != new.late_share:
        reasons["late"] = None
    if old.points != new.points:
        if not reasons:
            reasons["new submission" if old.notebook != new.notebook else "run"] = None
        yield _total(new, old.points, new.points, "; ".join(reasons))


def _reasons(
    before: Record, after: Record, old: WorkRecord, new: WorkRecord, question: str
) -> Iterator[str]:
    if old.notebook != new.notebook:
        yield "new submission"
    then, now = before.questions.get(question), after.questions.get(question)
    answers = {*(then.points if then else ()), *(now.points if now else ())}
    if any(old.by_hand.get(name) != new.by_hand.get(name) for name in answers):
        yield "manual"
    exercise = new.exercise
    if before.editions.get(exercise) != after.editions.get(exercise):
        yield "edition"
    if before.data != after.data:
        yield "data"
    yield from _of_question(then, now)
    if before.setups.get(exercise) != after.setups.get(exercise):
        yield "key (a cell outside the questions)"


def _others(before: Record, after: Record, exercise: str) -> Iterator[str]:
    """Yield what changed in an exercise's questions: answers may follow from earlier ones."""
    for name, now in after.questions.items():
        if name.partition(".")[0] == exercise:
            for what in _of_question(before.questions.get(name), now):
                yield f"{what} of {name}"


def _of_question(then: QuestionRecord | None, now: QuestionRecord | None) -> Iterator[str]:
    if then is None or now is None:
        yield "the question is new" if then is None else "the question was removed"
        return
    for what, differs in {
        "points": then.points != now.points,
        "tolerance": then.options != now.options,
        "key": then.key != now.key,
    }.items():
        if differs:
            yield what


def what_changed(before: Record, after: Record) -> Iterator[str]:
    """Yield what marks are made with that differs between two runs, in words for the teacher."""
    if before.package != after.package:
        yield f"The package was {before.package} and is {after.package}."
    if before.data != after.data:
        yield f"The data were {before.data} and are {after.data}."
    for name in sorted(before.editions.keys() & after.editions.keys()):
        if before.editions[name] != after.editions[name]:
            yield f"{name} was edition {before.editions[name]} and is {after.editions[name]}."
        if before.setups.get(name) != after.setups.get(name):
            yield f"Cells outside the questions of {name} changed."
    for name in sorted(before.questions.keys() & after.questions.keys()):
        what = list(_of_question(before.questions[name], after.questions[name]))
        if what:
            yield f"{name} changed: {', '.join(what)}."


def write_changes(out: Path, found: Sequence[Change], when: datetime) -> None:
    """Add changes to ``changes.csv`` in the results folder; earlier ones stay.

    Parameters
    ----------
    out : path
        The results folder.
    found : sequence of Change
        The new ones.
    when : datetime
        When they were made.
    """
    path = out / FILE
    rows = _earlier(path)
    rows += [
        [
            when.isoformat(" ", "seconds"),
            *(one.student, one.name, one.exercise, one.question),
            *(number(one.before), number(one.after), one.why),
        ]
        for one in found
    ]
    write_text(path, csv_text([list(_COLUMNS), *rows]))


def _earlier(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv_rows(file))
        return [[row[name] or "" for name in _COLUMNS] for row in rows]
    except (csv.Error, UnicodeDecodeError, KeyError):
        # A spreadsheet may have saved it in its own form: it stays beside the new one.
        path.replace(path.with_name("changes-earlier.csv"))
        return []
