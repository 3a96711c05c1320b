"""Marks and comments, from what came out of a notebook and the key.

Everything that came out is plain JSON and may be forged: it is read by the kinds, which check it
first. Nothing here runs it, and no text of it is used as a format. The same input gives the same
marks whenever it is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microns_widgets.grading.authoring.key import Key, QuestionKey
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import Judgement, alike, judged, shown
from microns_widgets.grading.marks import AnswerMark, QuestionMark

#: What a run gives of a question: variable to ``{"state", "payload", "why"}``.
Taken = Mapping[str, Mapping[str, Any]]
_ABSENT = {
    "not started": "is not started.",
    "missing": "is not there: a variable of this name is judged.",
}


def judge(exercise: Exercise, answers: Mapping[str, Taken], key: Key) -> tuple[QuestionMark, ...]:
    """Judge all questions of an exercise.

    Parameters
    ----------
    exercise : Exercise
        With its questions.
    answers : mapping
        Question id to what a run gives of it.
    key : Key
        Of the student's own variant, on the same data.

    Returns
    -------
    tuple of QuestionMark
        One a question, in their order.
    """
    return tuple(
        judge_question(question, answers.get(question.id, {}), key.questions[question.id])
        for question in exercise.questions
    )


def judge_question(question: Question, taken: Taken, key: QuestionKey) -> QuestionMark:
    """Judge one question; what `judge` does for each."""
    there = {
        answer.name: taken[answer.name].get("payload")
        for answer in question.answers
        if taken.get(answer.name, {}).get("state") == "there"
    }
    gone = ways_gone(question, there, key)
    return QuestionMark(
        question.id,
        question.number,
        question.title,
        tuple(_mark(question, name, taken, key) for name in (a.name for a in question.answers)),
        ", ".join(gone),
        tuple(dict.fromkeys(gone.values())),
    )


def _mark(question: Question, name: str, taken: Taken, key: QuestionKey) -> AnswerMark:
    answer, one = question.answer(name), taken.get(name, {})
    state = str(one.get("state", "missing"))
    if state == "there":
        found = judged(one.get("payload"), key.right[name], answer)
    else:
        why = str(one.get("why") or _ABSENT.get(state, "could not be taken."))
        found = Judgement(0.0, (why,))
    return AnswerMark(
        name,
        answer.about,
        state,
        None if found.share is None else round(found.share * answer.points, 2),
        round(answer.points, 4),
        found.share is None,
        tuple(f"{name} {says}" for says in found.says),
        shown(one.get("payload"), answer) if state == "there" else "",
    )


def ways_gone(question: Question, payloads: Mapping[str, Any], key: QuestionKey) -> dict[str, str]:
    """Return the authored wrong ways that answers are the result of: word to message.

    A way is recognised where an answer is not right and is what the way gives. Of two ways of
    which one explains more wrong answers than the other, and these too, it is told alone.
    """
    off = {name for name, payload in payloads.items() if _share(question, name, payload, key) < 1}
    explained = {
        way.word: names
        for way in key.wrong
        if (
            names := {
                name
                for name in off & way.payloads.keys()
                if alike(payloads[name], way.payloads[name], question.answer(name))
            }
        )
    }
    return {
        way.word: way.message
        for way in key.wrong
        if way.word in explained
        and not any(explained[way.word] < names for names in explained.values())
    }


def points_of(question: Question, payloads: Mapping[str, Any], key: QuestionKey) -> float:
    """Points that some payloads get; those that a person gives count as given."""
    return sum(
        question.answer(name).points * _share(question, name, payload, key)
        for name, payload in payloads.items()
    )


def _share(question: Question, name: str, payload: Any, key: QuestionKey) -> float:
    share = judged(payload, key.right[name], question.answer(name)).share
    return 1.0 if share is None else share
