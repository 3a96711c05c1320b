"""Marks and comments, from the answers of a notebook and the key.

The answers are plain JSON and may be forged: they are read by the kinds, which check them first.
Nothing in them is executed or used as a format string. The same input always gets the same
marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Alternative, Key, QuestionKey
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.form_checks import with_form_checks
from microns_widgets.grading.kinds import Judgement, alike, judge_answer, summary_of
from microns_widgets.grading.kinds.answer import Answer
from microns_widgets.grading.marks import AnswerMark, QuestionMark

#: What a run captured for a question: variable to ``{"state", "payload", "why"}``.
Answers = Mapping[str, Mapping[str, Any]]
#: Variable to the payload that is right for the student's own earlier answers.
Followed = Mapping[str, Any]
_NOTHING: Followed = MappingProxyType({})
_ABSENT = {
    "not started": "is not answered yet.",
    "missing": "is missing: the answer must be in a variable of this name.",
}


def judge(
    exercise: Exercise,
    answers: Mapping[str, Answers],
    key: Key,
    followed: Mapping[str, Followed] | None = None,
) -> tuple[QuestionMark, ...]:
    """Judge all questions of an exercise.

    Parameters
    ----------
    exercise : Exercise
        With its questions.
    answers : mapping
        Question id to what a run captured for it.
    key : Key
        Of the student's own variant, on the same data.
    followed : mapping, optional
        Question id to what would be right for the student's own earlier answers.

    Returns
    -------
    tuple of QuestionMark
        One per question, in their order.
    """
    versions = exercise.versions_of(key.variant)
    marks = tuple(
        replace(
            judge_question(
                question,
                answers.get(question.id, {}),
                key.questions[question.id],
                (followed or {}).get(question.id, {}),
            ),
            version=versions.get(question.id, ""),
        )
        for question in exercise.questions
    )
    return with_form_checks(exercise, marks, answers)


def judge_question(
    question: Question, answers: Answers, key: QuestionKey, followed: Followed = _NOTHING
) -> QuestionMark:
    """Judge one question, as `judge` does for each."""
    payloads = {
        answer.name: answers[answer.name].get("payload")
        for answer in question.answers
        if answers.get(answer.name, {}).get("state") == "there"
    }
    matches = _matches(question, payloads, key)
    shares: dict[str, float] = {}
    for wrong, names in matches:
        for name in names if wrong.share is not None else ():
            shares[name] = max(shares.get(name, 0.0), wrong.share or 0.0)
    return QuestionMark(
        question.id,
        question.number,
        question.title,
        tuple(
            _mark(answer, answers.get(answer.name, {}), key, shares, followed)
            for answer in question.answers
        ),
        ", ".join(wrong.name for wrong, _ in matches),
        tuple(dict.fromkeys(wrong.message for wrong, _ in matches)),
    )


def _judged(
    payload: object,
    answer: Answer,
    key: QuestionKey,
    shares: Mapping[str, float],
    followed: Followed,
) -> Judgement:
    """Judge an answer by the key, by its author's shares, and by the student's own values."""
    judgement = judge_answer(payload, key.right[answer.name], answer)
    if answer.name in shares:
        share = shares[answer.name]
        credit = f"this wrong answer gets {share:.0%} of the points." if share else ""
        judgement = replace(judgement, share=share, credit=credit)
    if answer.name in followed and judgement.share is not None:
        own = judge_answer(payload, followed[answer.name], answer)
        if own.share is not None and own.share > judgement.share:
            names = " and ".join(answer.follows)
            credit = f"this follows from your own {names}, so it was judged with your values."
            return replace(own, credit=" ".join(filter(None, [credit, own.credit])))
    return judgement


def _mark(
    answer: Answer,
    record: Mapping[str, Any],
    key: QuestionKey,
    shares: Mapping[str, float],
    followed: Followed,
) -> AnswerMark:
    name, state = answer.name, str(record.get("state", "missing"))
    if state == "there":
        judgement = _judged(record.get("payload"), answer, key, shares, followed)
    else:
        why = str(record.get("why") or _ABSENT.get(state, "could not be read."))
        judgement = Judgement(0.0, (why,))
    return AnswerMark(
        name,
        answer.about,
        state,
        _points(judgement.share, answer.points),
        answer.points,
        judgement.share is None,
        tuple(f"{name} {complaint}" for complaint in judgement.complaints),
        summary_of(record.get("payload"), answer) if state == "there" else "",
        judgement.credit,
    )


def _points(share: float | None, most: float) -> float | None:
    """Return points: a part of an answer is rounded to a hundredth, a whole one is not."""
    if share is None:
        return None
    return share * most if share in (0, 1) else round(share * most, 2)


def matching_wrong_answers(
    question: Question, payloads: Mapping[str, Any], key: QuestionKey
) -> dict[str, str]:
    """Return the authored wrong answers that match the payloads: name to message.

    An authored wrong answer matches if it equals one of the answers that are not right. A match is
    left out if another one explains all the answers that it explains, and more.
    """
    return {wrong.name: wrong.message for wrong, _ in _matches(question, payloads, key)}


def _matches(
    question: Question, payloads: Mapping[str, Any], key: QuestionKey
) -> list[tuple[Alternative, set[str]]]:
    """Return the matching wrong answers, and the names of the answers that each explains."""
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
    return [
        (wrong, matches[wrong.name])
        for wrong in key.wrong
        if wrong.name in matches
        and not any(matches[wrong.name] < names for names in matches.values())
    ]


def points_of(question: Question, payloads: Mapping[str, Any], key: QuestionKey) -> float:
    """Return the points for some payloads; answers that a person marks count in full."""
    return sum(
        question.answer(name).points * _share(question, name, payload, key)
        for name, payload in payloads.items()
    )


def _share(question: Question, name: str, payload: Any, key: QuestionKey) -> float:
    share = judge_answer(payload, key.right[name], question.answer(name)).share
    return 1.0 if share is None else share
