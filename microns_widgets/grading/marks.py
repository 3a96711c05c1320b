"""Marks: the result of judging, as shown in reports."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AnswerMark:
    """The mark of one answer.

    Attributes
    ----------
    name : str
        The variable.
    about : str
        Description of the answer.
    state : str
        As captured: ``there``, ``missing``, ``not started``, ``failed``, ``too large``.
    points : float or None
        Points for it; None until a person has decided.
    most : float
        Maximum number of points.
    by_person : bool
        Whether a person decides.
    comments : tuple of str
        Sentences for the student, plain text.
    summary : str
        Brief summary of what was captured; untrusted plain text.
    credit : str
        What the points are for, if they are only a part, or by the student's own earlier values.
    """

    name: str
    about: str
    state: str
    points: float | None
    most: float
    by_person: bool = False
    comments: tuple[str, ...] = ()
    summary: str = ""
    credit: str = ""

    @property
    def text(self) -> str:
        """A written answer, for the person who reads it."""
        return self.summary if self.by_person else ""


@dataclass(frozen=True)
class QuestionMark:
    """One question's marks.

    Attributes
    ----------
    id, number, title : str
        As in `Question`.
    answers : tuple of AnswerMark
        In the order of the question.
    wrong_answer : str
        Name of the authored wrong answer that was recognised; empty if none was.
    comments : tuple of str
        Sentences for the student about the whole question.
    version : str
        Name of the student's version; empty if the question has none.
    """

    id: str
    number: str
    title: str
    answers: tuple[AnswerMark, ...]
    wrong_answer: str = ""
    comments: tuple[str, ...] = ()
    version: str = ""

    @property
    def points(self) -> float:
        """Points so far."""
        return round(sum(answer.points or 0.0 for answer in self.answers), 6)

    @property
    def most(self) -> float:
        """Points that can be reached."""
        return round(sum(answer.most for answer in self.answers), 6)

    @property
    def open(self) -> float:
        """Points that a person still has to decide on."""
        return round(sum(answer.most for answer in self.answers if answer.points is None), 6)

    @property
    def decided(self) -> float | None:
        """Points so far; None if a person still has to decide on all of them."""
        return None if self.open and self.open >= self.most else self.points

    def opened(self) -> QuestionMark:
        """Return the question with all points left to a person, and no comments on them."""
        answers = (
            dataclasses.replace(answer, points=None, comments=(), credit="")
            for answer in self.answers
        )
        return dataclasses.replace(self, answers=tuple(answers), wrong_answer="", comments=())

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> QuestionMark:
        """Read plain JSON."""
        answers = tuple(
            AnswerMark(**{**answer, "comments": tuple(answer["comments"])})
            for answer in plain["answers"]
        )
        return cls(**{**plain, "answers": answers, "comments": tuple(plain["comments"])})
