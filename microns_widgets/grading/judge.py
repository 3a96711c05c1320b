"""Marks and comments of a question, from what came out of a notebook and the key.

Everything that came out is plain JSON and may be forged: it is read by the kinds, which check it
first. Nothing here runs it, and no text of it is used as a format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from microns_widgets.grading.key import QuestionKey
from microns_widgets.grading.kinds import Judgement, judged
from microns_widgets.grading.question import Question


@dataclass(frozen=True)
class AnswerMark:
    """What one answer gets.

    Attributes
    ----------
    name : str
        The variable.
    points : float or None
        None where a person decides.
    most : float
        Points that it is worth.
    comments : tuple of str
        Sentences for the student: why it is not all. They are text, not HTML, and may hold
        words of the submission's.
    text : str
        A written answer, for the person who reads it.
    """

    name: str
    points: float | None
    most: float
    comments: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class QuestionMark:
    """What a question gets.

    Attributes
    ----------
    question : str
        Its id.
    answers : tuple of AnswerMark
        In the question's order.
    ways : tuple of str
        Words of the authored wrong ways that were gone; for a teacher's summary.
    comments : tuple of str
        What concerns the whole question: the messages of these ways.
    """

    question: str
    answers: tuple[AnswerMark, ...]
    ways: tuple[str, ...] = ()
    comments: tuple[str, ...] = field(default=())

    @property
    def points(self) -> float:
        """Points so far, without what a person still reads."""
        return round(sum(answer.points or 0.0 for answer in self.answers), 4)

    @property
    def most(self) -> float:
        """Points that the question is worth."""
        return round(sum(answer.most for answer in self.answers), 4)

    @property
    def open(self) -> float:
        """Points that a person still decides on."""
        return round(sum(a.most for a in self.answers if a.points is None), 4)


def judge_question(
    question: Question, taken: Mapping[str, Mapping[str, Any]], key: QuestionKey
) -> QuestionMark:
    """Judge a question.

    Parameters
    ----------
    question : Question
        As the master declares it.
    taken : mapping
        Variable to ``{"state", "payload", "why"}``, as a run gives it.
    key : QuestionKey
        The question's key for the student's own variant.

    Returns
    -------
    QuestionMark
        The same for the same input, whenever it is judged.
    """
    there = {
        answer.name: taken[answer.name].get("payload")
        for answer in question.answers
        if taken.get(answer.name, {}).get("state") == "there"
    }
    found = {
        name: judged(payload, key.right[name], question.answer(name))
        for name, payload in there.items()
    }
    marks = []
    for answer in question.answers:
        judgement = found.get(answer.name) or Judgement(0.0, (_absent(taken.get(answer.name)),))
        share = judgement.share
        points = None if share is None else round(share * answer.points, 2)
        says = tuple(f"{answer.name} {one}" for one in judgement.says)
        text = str(there[answer.name]["text"]) if share is None else ""
        marks.append(AnswerMark(answer.name, points, round(answer.points, 4), says, text))
    gone = ways_gone(question, there, key)
    return QuestionMark(
        question.id,
        tuple(marks),
        tuple(word for word, _ in gone),
        tuple(dict.fromkeys(message for _, message in gone)),
    )


def _absent(taken: Mapping[str, Any] | None) -> str:
    state = (taken or {}).get("state")
    if state == "not started":
        return "is not started."
    why = str((taken or {}).get("why") or "")
    if state in ("failed", "too large") and why:
        return why
    return why or "is not there: it is a variable of this name that is judged."


def ways_gone(
    question: Question, payloads: Mapping[str, Any], key: QuestionKey
) -> list[tuple[str, str]]:
    """Return word and message of each authored wrong way that answers are the result of.

    A way is recognised if an answer is what the way gives, and is not right. Where one way
    explains all wrong answers, others that explain fewer of them are not told.
    """
    off = {
        name
        for name, payload in payloads.items()
        if name in key.right
        and (_share(question, name, payload, key.right[name]) or 0.0) < 1
        and question.answer(name).kind != "written"
    }
    explained: dict[str, set[str]] = {}
    for way in key.wrong:
        names = {
            name
            for name in off & way.payloads.keys()
            if _share(question, name, payloads[name], way.payloads[name]) == 1
        }
        if names:
            explained[way.word] = names
    messages = {way.word: way.message for way in key.wrong}
    most = {
        word
        for word, names in explained.items()
        if not any(names < others for others in explained.values())
    }
    return [(word, messages[word]) for word in explained if word in most]


def _share(question: Question, name: str, payload: Any, key: Any) -> float | None:
    return judged(payload, key, question.answer(name)).share


def points_of(question: Question, payloads: Mapping[str, Any], key: QuestionKey) -> float:
    """Points that some payloads get, without those that a person gives."""
    return sum(_points(question, payloads, key))


def _points(question: Question, payloads: Mapping[str, Any], key: QuestionKey) -> Iterator[float]:
    for name, payload in payloads.items():
        answer = question.answer(name)
        yield (_share(question, name, payload, key.right[name]) or 0.0) * answer.points
