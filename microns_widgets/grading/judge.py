"""Marks and comments, from the answers of a notebook and the key.

The answers are plain JSON and may be forged: they are read by the kinds, which check them first.
Nothing in them is executed or used as a format string. The same input always gets the same
marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Key, QuestionKey
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import Judgement, alike, judge_answer, summary_of
from microns_widgets.grading.marks import AnswerMark, QuestionMark

#: What a run captured for a question: variable to ``{"state", "payload", "why"}``.
Answers = Mapping[str, Mapping[str, Any]]
_ABSENT = {
    "not started": "is not answered yet.",
    "missing": "is missing: the answer must be in a variable of this name.",
}


def judge(exercise: Exercise, answers: Mapping[str, Answers], key: Key) -> tuple[QuestionMark, ...]:
    """Judge all questions of an exercise.

    Parameters
    ----------
    exercise : Exercise
        With its questions.
    answers : mapping
        Question id to what a run captured for it.
    key : Key
        Of the student's own variant, on the same data.

    Returns
    -------
    tuple of QuestionMark
        One per question, in their order.
    """
    return tuple(
        judge_question(question, answers.get(question.id, {}), key.questions[question.id])
        for question in exercise.questions
    )


def judge_question(question: Question, answers: Answers, key: QuestionKey) -> QuestionMark:
    """Judge one question, as `judge` does for each."""
    payloads = {
        answer.name: answers[answer.name].get("payload")
        for answer in question.answers
        if answers.get(answer.name, {}).get("state") == "there"
    }
    matches = matching_wrong_answers(question, payloads, key)
    return QuestionMark(
        question.id,
        question.number,
        question.title,
        tuple(_mark(question, name, answers, key) for name in (a.name for a in question.answers)),
        ", ".join(matches),
        tuple(dict.fromkeys(matches.values())),
    )


def _mark(question: Question, name: str, answers: Answers, key: QuestionKey) -> AnswerMark:
    answer, record = question.answer(name), answers.get(name, {})
    state = str(record.get("state", "missing"))
    if state == "there":
        judgement = judge_answer(record.get("payload"), key.right[name], answer)
    else:
        why = str(record.get("why") or _ABSENT.get(state, "could not be read."))
        judgement = Judgement(0.0, (why,))
    return AnswerMark(
        name,
        answer.about,
        state,
        None if judgement.share is None else judgement.share * answer.points,
        answer.points,
        judgement.share is None,
        tuple(f"{name} {complaint}" for complaint in judgement.complaints),
        summary_of(record.get("payload"), answer) if state == "there" else "",
    )


def matching_wrong_answers(
    question: Question, payloads: Mapping[str, Any], key: QuestionKey
) -> dict[str, str]:
    """Return the authored wrong answers that match the payloads: name to message.

    An authored wrong answer matches if it equals one of the answers that are not right. A match is
    left out if another one explains all the answers that it explains, and more.
    """
    off = {name for name, payload in payloads.items() if _share(question, name, payload, key) < 1}
    matches = {
        wrong.name: names
        for wrong in key.wrong
        if (
            names := {
                name
                for name in off & wrong.payloads.keys()
                if alike(payloads[name], wrong.payloads[name], question.answer(name))
            }
        )
    }
    return {
        wrong.name: wrong.message
        for wrong in key.wrong
        if wrong.name in matches
        and not any(matches[wrong.name] < names for names in matches.values())
    }


def points_of(question: Question, payloads: Mapping[str, Any], key: QuestionKey) -> float:
    """Return the points for some payloads; answers that a person marks count in full."""
    return sum(
        question.answer(name).points * _share(question, name, payload, key)
        for name, payload in payloads.items()
    )


def _share(question: Question, name: str, payload: Any, key: QuestionKey) -> float:
    share = judge_answer(payload, key.right[name], question.answer(name)).share
    return 1.0 if share is None else share
