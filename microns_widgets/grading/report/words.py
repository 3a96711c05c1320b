"""Verdicts and comments for students, in the same words on a page and in Gradescope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.marks import AnswerMark, QuestionMark


def number(value: float | None) -> str:
    """Return points as people write them; empty for None."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


#: Learning systems by their names.
_SYSTEMS = {"canvas": "Canvas", "moodle": "Moodle", "brightspace": "Brightspace"}


def regrade_words(own: str | None, system: str | None) -> str:
    """Return how a student asks for another look at a mark.

    Parameters
    ----------
    own : str, optional
        The teacher's own words, or ``none``; None for the usual sentence.
    system : str, optional
        The learning system in which students can write to their teacher.
    """
    if own is not None:
        return "" if own.strip().casefold() == "none" else own.strip()
    where = f" in {_SYSTEMS[system]}" if system in _SYSTEMS else ""
    return (
        f"If you think that a mark is wrong, write to your teacher{where}: name the exercise and "
        "the number of the question, and say why."
    )


@dataclass(frozen=True)
class Verdict:
    """A short verdict, and its class in the style sheet."""

    word: str
    kind: str


def verdict(points: float | None, most: float, state: str = "there") -> Verdict:
    """Return the verdict on an answer or a question."""
    if points is None:
        return Verdict("to be marked by a person", "open")
    if state in ("missing", "not started"):
        return Verdict(state, "none")
    if points >= most:
        return Verdict("right", "full")
    return Verdict("partly right", "part") if points > 0 else Verdict("wrong", "none")


def question_verdict(mark: QuestionMark) -> Verdict:
    """Return the verdict on a question."""
    states = {answer.state for answer in mark.answers}
    if mark.open and mark.open + mark.points >= mark.most:
        return verdict(None, mark.most)
    state = states.pop() if len(states) == 1 else "there"
    return verdict(mark.points, mark.most, state)


def answer_comment(answer: AnswerMark) -> str:
    """Return what its points are for and what is wrong; empty while a person has to mark it."""
    if answer.points is None:
        return ""
    plural = "" if answer.most == 1 else "s"
    points = f"{answer.points:.4g} of {answer.most:.4g} point{plural}: {answer.credit}"
    return " ".join([*([points] if answer.credit else []), *answer.comments])


def question_lines(graded: Graded, question: Question, mark: QuestionMark) -> Iterator[str]:
    """Yield all comments on a question, line by line."""
    yield from mark.comments
    for answer in mark.answers:
        word = verdict(answer.points, answer.most, answer.state).word
        yield f"{answer.name} ({answer.about}): {word}. {answer_comment(answer)}".rstrip()
        if answer.summary:
            yield f"    In your notebook: {answer.summary}"
    yield from graded.remarks.get(question.id, ())
