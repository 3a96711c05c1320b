"""The public checks of an exercise, where they count: for answers that are judged by their form.

A key judges other answers, and says more than a check. But an answer without a key is right if it
has the right form and fits the other answers: the exercise says that both count.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Check, Question
from microns_widgets.grading.kinds import restored
from microns_widgets.grading.kinds._payload import Damaged
from microns_widgets.grading.marks import AnswerMark, QuestionMark

#: Kinds whose values are plain. Only these get into an expression, which the master's author wrote.
_PLAIN = ("number", "text")


def with_form_checks(
    exercise: Exercise, marks: Sequence[QuestionMark], answers: Mapping[str, Mapping[str, Any]]
) -> tuple[QuestionMark, ...]:
    """Take the points of answers that are judged by their form and do not fit the others.

    Of the answers that a failed check names, the last one of its question loses its points: an
    effect that does not follow from two numbers, an interval without the effect. Checks that need
    more than numbers and texts, such as the data, do not count; nor does one with an answer that
    already lost its points, or that a key judges.

    Parameters
    ----------
    exercise : Exercise
        With its questions.
    marks : sequence of QuestionMark
        One per question.
    answers : mapping
        Question id to what a run captured for it.
    """
    values = _values(exercise, marks, answers)
    return tuple(
        _checked(question, mark, values)
        for question, mark in zip(exercise.questions, marks, strict=True)
    )


def _values(
    exercise: Exercise, marks: Sequence[QuestionMark], answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, float | str]:
    """Return the plain values of all answers of the right form."""
    values: dict[str, float | str] = {}
    for question, mark in zip(exercise.questions, marks, strict=True):
        for answer, own in zip(question.answers, mark.answers, strict=True):
            if answer.judged == "form" and answer.kind in _PLAIN and own.points == own.most:
                with suppress(Damaged):
                    values[answer.name] = restored(
                        answers[question.id][answer.name]["payload"], answer
                    )
    return values


def _checked(
    question: Question, mark: QuestionMark, values: Mapping[str, float | str]
) -> QuestionMark:
    known = values.keys() | {"np"} | set(dir(builtins))
    failed: dict[str, list[str]] = {}
    for check in question.checks:
        named = [answer.name for answer in question.answers if answer.name in check.names]
        if named and check.names <= known and not _passes(check, values):
            failed.setdefault(named[-1], []).append(check.message)
    if not failed:
        return mark
    return replace(
        mark, answers=tuple(_without_points(own, failed.get(own.name, ())) for own in mark.answers)
    )


def _passes(check: Check, values: Mapping[str, float | str]) -> bool:
    try:
        return not check.faults({**values, "np": np})
    except Exception:  # noqa: BLE001  any numbers may meet here, 0 among them
        return False


def _without_points(mark: AnswerMark, messages: Sequence[str]) -> AnswerMark:
    return replace(mark, points=0.0, comments=tuple(messages), credit="") if messages else mark
