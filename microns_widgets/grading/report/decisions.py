"""Puts the points that people gave into the marks, and tells those that fit nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from microns_widgets.errors import suggestion
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.intake.names import normal
from microns_widgets.grading.marks import AnswerMark, QuestionMark
from microns_widgets.grading.remarks import CELLS_OF_ANOTHER
from microns_widgets.grading.report.by_hand import (
    STORED,
    HandMark,
    Place,
    merged_marks,
    store_marks,
    stored_marks,
)
from microns_widgets.grading.report.folder_lock import locked
from microns_widgets.grading.report.words import number


@dataclass(frozen=True)
class Applied:
    """Graded work with the points that people gave.

    Attributes
    ----------
    graded : list of Graded
        In the order in which they were given.
    refused : dict
        Why a mark was not applied, by its place.
    elsewhere : list of HandMark
        Marks for students or exercises that are not being graded now.
    """

    graded: list[Graded]
    refused: dict[Place, str]
    elsewhere: list[HandMark]


def applied_marks(graded: Sequence[Graded], marks: Sequence[HandMark]) -> Applied:
    """Return graded work in which each point that a person gave replaces the computed one.

    Nothing is clipped or guessed: a mark for an unknown student, exercise or answer, or out of
    range, changes nothing.
    """
    works = {(one.entry.who, one.entry.exercise): n for n, one in enumerate(graded)}
    result, refused, elsewhere = list(graded), {}, []
    for mark in marks:
        place = works.get((_person(graded, mark.student), mark.exercise))
        if place is None:
            refused[mark.place] = _unknown(graded, mark)
            elsewhere.append(mark)
            continue
        problem = _problem(result[place], mark)
        if problem:
            refused[mark.place] = problem
        else:
            result[place] = _decided(result[place], mark)
    return Applied([_tidied(one) for one in result], refused, elsewhere)


def _person(graded: Sequence[Graded], student: str) -> str:
    """Return a student's id; the mark may also give a name, if only one student has it."""
    wanted = normal(student)
    for ids in (
        {one.entry.who for one in graded if normal(one.entry.who) == wanted},
        {one.entry.who for one in graded if normal(one.entry.name) == wanted},
    ):
        if len(ids) == 1:
            return ids.pop()
    return ""


def _unknown(graded: Sequence[Graded], mark: HandMark) -> str:
    if _person(graded, mark.student):
        return f"{mark.student} handed in nothing for an exercise {mark.exercise!r}."
    near = suggestion(mark.student, {one.entry.who for one in graded})
    return f"There is no student {mark.student!r}.{near}"


def _problem(graded: Graded, mark: HandMark) -> str:
    answers = {answer.name: answer.most for one in graded.marks for answer in one.answers}
    if mark.answer and not answers:
        return (
            "The notebook could not be judged. Give the points of the whole exercise: leave the "
            "column answer empty."
        )
    if mark.answer and mark.answer not in answers:
        return f"There is no answer {mark.answer!r}. Expected one of {', '.join(answers)}."
    most = answers[mark.answer] if mark.answer else graded.most
    if not 0 <= mark.points <= most:
        return f"The points are {mark.points:g}, expected 0 to {most:g}."
    return ""


def _decided(graded: Graded, mark: HandMark) -> Graded:
    if not mark.answer:
        text = f"Your teacher gave {number(mark.points)} points for the whole exercise."
        notes = (*graded.notes, f"{text} {mark.comment}".rstrip())
        return replace(graded, total=mark.points, notes=notes)
    return replace(graded, marks=tuple(_with_mark(one, mark) for one in graded.marks))


def _with_mark(question: QuestionMark, mark: HandMark) -> QuestionMark:
    answers = tuple(
        _answer(one, mark) if one.name == mark.answer else one for one in question.answers
    )
    if answers == question.answers or any(one.points is None for one in answers):
        return replace(question, answers=answers)
    # Somebody has decided: that they have to is not true any more.
    comments = tuple(one for one in question.comments if one != CELLS_OF_ANOTHER)
    return replace(question, answers=answers, comments=comments)


def _answer(answer: AnswerMark, mark: HandMark) -> AnswerMark:
    comments: tuple[str, ...] = (mark.comment,) if mark.comment else ()
    if answer.points is not None and answer.points != mark.points:
        before, after = number(answer.points), number(mark.points)
        changed = f"Your teacher changed the points from {before} to {after}."
        comments = (changed, *(comments or answer.comments))
    elif answer.points is not None:
        comments = comments or answer.comments
    return replace(answer, points=mark.points, comments=comments, credit="")


def _tidied(graded: Graded) -> Graded:
    if graded.open or CELLS_OF_ANOTHER not in graded.notes:
        return graded
    flags = tuple(
        f"Decided by hand. {one.removeprefix('NOT DECIDED: ')}" if "NOT DECIDED" in one else one
        for one in graded.flags
    )
    notes = tuple(one for one in graded.notes if one != CELLS_OF_ANOTHER)
    return replace(graded, notes=notes, flags=flags)


def _by_id(graded: Sequence[Graded], marks: Sequence[HandMark]) -> list[HandMark]:
    """Return marks with the students' ids: two people may write one student's id and name."""
    return [replace(mark, student=_person(graded, mark.student) or mark.student) for mark in marks]


@dataclass(frozen=True)
class Decisions:
    """Graded work with all marks that were given by hand, now or earlier.

    Attributes
    ----------
    graded : list of Graded
        With these marks.
    problems : list of str
        Marks that contradict each other, or were not applied.
    notices : list of str
        What else the teacher should know.
    marks : list of HandMark
        The marks that were applied.
    """

    graded: list[Graded]
    problems: list[str]
    notices: list[str]
    marks: list[HandMark]


def decide(graded: Sequence[Graded], out: Path, files: Sequence[Sequence[HandMark]]) -> Decisions:
    """Merge new marks with those in the results folder, store them there, and apply them.

    Parameters
    ----------
    graded : sequence of Graded
        As computed.
    out : path
        The results folder.
    files : sequence of sequences of HandMark
        New marks, one sequence for each file.
    """
    # A review may be changing the stored marks at this moment.
    with locked(out):
        return _merged(graded, out, files)


def _merged(graded: Sequence[Graded], out: Path, files: Sequence[Sequence[HandMark]]) -> Decisions:
    stored = {mark.place: mark for mark in _by_id(graded, stored_marks(out))}
    merged = merged_marks(stored.values(), [_by_id(graded, file) for file in files])
    applied = applied_marks(graded, merged.marks)
    # What was stored for an exercise that is not graded now is neither lost nor a problem.
    waiting = {mark.place for mark in applied.elsewhere if stored.get(mark.place) == mark}
    problems = [
        f"Marks contradict each other, so none was applied. {one}" for one in merged.conflicts
    ]
    problems += [
        f"A mark was not applied ({mark.origin}: {mark.about}). {applied.refused[mark.place]}"
        for mark in merged.marks
        if mark.place in applied.refused and mark.place not in waiting
    ]
    notices = [f"A mark by hand changed. {one}" for one in merged.replaced]
    if waiting:
        notices.append(
            f"{len(waiting)} of the marks in {out / STORED} are for students or exercises that are "
            "not graded now. They stay there."
        )
    kept = [
        mark
        for mark in merged.marks
        if mark.place not in applied.refused or stored.get(mark.place) == mark
    ]
    earlier = {mark.place for mark in kept}
    kept += [mark for place, mark in stored.items() if place not in earlier]
    store_marks(out, sorted(kept, key=lambda mark: mark.place))
    marks = [mark for mark in merged.marks if mark.place not in applied.refused]
    return Decisions(applied.graded, problems, notices, marks)
