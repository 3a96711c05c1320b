"""Graded work of a small exercise, made without running anything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grading.small_course import write_master

from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.intake.learning_systems import Owner
from microns_widgets.grading.intake.submissions import Submission
from microns_widgets.grading.kinds.answer import Answer
from microns_widgets.grading.marks import AnswerMark, QuestionMark

#: What the answers of the exercise get: all points, but the text is still to be read.
RIGHT = {"total": 2.0, "odd": 2.0, "n_odd": 2.0, "why": None}
FINAL = RIGHT | {"why": 3.0}
OPEN = dict.fromkeys(RIGHT)


def sums(folder: Path) -> Exercise:
    """Return the small exercise: 2, 4 and 3 points, the last three given by a person."""
    return read_master(write_master(folder / "solutions")).exercise


def answer_mark(answer: Answer, points: float | None, **more: Any) -> AnswerMark:
    """Return the mark of an answer that was there."""
    return AnswerMark(answer.name, answer.about, "there", points, answer.points, **more)


def question_mark(
    question: Question, answers: Iterable[AnswerMark], version: str = ""
) -> QuestionMark:
    """Return the mark of a question with the marks of its answers."""
    return QuestionMark(
        question.id, question.number, question.title, tuple(answers), version=version
    )


def work(
    exercise: Exercise,
    name: str,
    points: dict[str, float | None] | None = None,
    *,
    who: str = "",
    file: str = "",
    owner: dict[str, Any] | None = None,
    **changed: Any,
) -> Graded:
    """Return a student's work with the points of each answer; None is not decided."""
    points = RIGHT if points is None else points
    marks = tuple(
        question_mark(
            question,
            [
                answer_mark(
                    answer,
                    points[answer.name],
                    by_person=answer.judged == "person",
                    summary="a text" if answer.judged == "person" else "",
                )
                for answer in question.answers
            ],
        )
        for question in exercise.questions
    )
    handed_in = Submission(
        Owner(who or name, name, **(owner or {})), file or f"{name}.ipynb", lambda: b"{}"
    )
    entry = Entry(handed_in, who or name.casefold(), name, exercise.name)
    return Graded(**{"entry": entry, "exercise": exercise, "marks": marks, **changed})
