"""What a student is told about a question, in the same words on a page and in Gradescope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.grade import Graded
from microns_widgets.grading.marks import AnswerMark, QuestionMark


@dataclass(frozen=True)
class Verdict:
    """A word for a share of points, and its class in the style sheet."""

    word: str
    kind: str


def verdict(points: float | None, most: float, state: str = "there") -> Verdict:
    """Say in a word how an answer or a question stands."""
    if points is None:
        return Verdict("read by a person", "open")
    if state in ("missing", "not started"):
        return Verdict("not there" if state == "missing" else state, "none")
    if points >= most:
        return Verdict("right", "full")
    return Verdict("partly right", "part") if points > 0 else Verdict("not right", "none")


def of_question(mark: QuestionMark) -> Verdict:
    """Say in a word how a question stands."""
    states = {answer.state for answer in mark.answers}
    if mark.open and mark.open + mark.points >= mark.most:
        return verdict(None, mark.most)
    alone = states.pop() if len(states) == 1 else "there"
    return verdict(mark.points, mark.most, alone)


def answer_words(answer: AnswerMark) -> str:
    """Join an answer's comments into sentences; that a person reads it is said by the verdict."""
    return "" if answer.points is None else " ".join(answer.comments)


def question_words(graded: Graded, question: Question, mark: QuestionMark) -> Iterator[str]:
    """Give all that is said about a question, one line each."""
    yield from mark.comments
    for answer in mark.answers:
        said = verdict(answer.points, answer.most, answer.state).word
        yield f"{answer.name} ({answer.about}): {said}. {answer_words(answer)}".rstrip()
        if answer.shown:
            yield f"    Your notebook gave: {answer.shown}"
    yield from graded.remarks.get(question.id, ())
