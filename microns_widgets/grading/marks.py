"""Marks: what the judge says, and what reports show."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AnswerMark:
    """One answer's share of its question.

    Attributes
    ----------
    name : str
        The variable.
    about : str
        What it is, in words.
    state : str
        As it came out of the sandbox: ``there``, ``missing``, ``not started``, ``failed``,
        ``too large``.
    points : float or None
        Points that it got; None until a person has decided.
    most : float
        Points that it could get.
    by_person : bool
        Whether a person decides.
    comments : tuple of str
        Sentences for the student, plain text.
    shown : str
        What was captured, in brief; plain text that a stranger may have written.
    """

    name: str
    about: str
    state: str
    points: float | None
    most: float
    by_person: bool = False
    comments: tuple[str, ...] = ()
    shown: str = ""

    @property
    def text(self) -> str:
        """A written answer, for the person who reads it."""
        return self.shown if self.by_person else ""


@dataclass(frozen=True)
class QuestionMark:
    """One question's marks.

    Attributes
    ----------
    id, number, title : str
        As in `Question`.
    answers : tuple of AnswerMark
        In the question's order.
    wrong_way : str
        The authored wrong way that was recognised, empty if none was.
    comments : tuple of str
        Sentences for the student about the whole question.
    """

    id: str
    number: str
    title: str
    answers: tuple[AnswerMark, ...]
    wrong_way: str = ""
    comments: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Points that it got so far."""
        return round(sum(answer.points or 0.0 for answer in self.answers), 6)

    @property
    def most(self) -> float:
        """Points that it could get."""
        return round(sum(answer.most for answer in self.answers), 6)

    @property
    def open(self) -> float:
        """Points that a person still decides on."""
        return round(sum(answer.most for answer in self.answers if answer.points is None), 6)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> QuestionMark:
        """Read it again."""
        answers = tuple(
            AnswerMark(**{**answer, "comments": tuple(answer["comments"])})
            for answer in plain["answers"]
        )
        return cls(**{**plain, "answers": answers, "comments": tuple(plain["comments"])})
