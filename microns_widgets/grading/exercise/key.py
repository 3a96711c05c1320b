"""The key of an exercise: the right answers of one variant, and other answers that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Alternative:
    """Answers that are not the master's own: wrong ones, or the same in other types.

    Attributes
    ----------
    name, message : str
        As in the master.
    share : float, optional
        Share of the points that the author gives for these wrong answers. Default: the share
        that the kind of answer gives.
    payloads : dict
        The payloads that differ from the right ones, by variable.
    """

    name: str
    message: str
    payloads: Mapping[str, Any]
    share: float | None = None


@dataclass(frozen=True)
class QuestionKey:
    """The key of one question.

    Attributes
    ----------
    right : dict
        The payloads of the master's answers, by variable.
    wrong, same : tuple of Alternative
        The authored wrong answers, and the right answers in other types.
    complaints : str
        What `mw.check` finds wrong with the master's own answers; empty for a valid master.
    """

    right: Mapping[str, Any]
    wrong: tuple[Alternative, ...]
    same: tuple[Alternative, ...]
    complaints: str = ""


@dataclass(frozen=True)
class Key:
    """The keys of all questions of an exercise, for one variant and one version of the data."""

    exercise: str
    variant: int
    version: str
    questions: Mapping[str, QuestionKey]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "exercise": self.exercise,
            "variant": self.variant,
            "version": self.version,
            "questions": {
                name: {
                    "right": one.right,
                    "wrong": [vars(alternative) for alternative in one.wrong],
                    "same": [vars(alternative) for alternative in one.same],
                    "complaints": one.complaints,
                }
                for name, one in self.questions.items()
            },
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Key:
        """Read plain JSON."""
        questions = {
            name: QuestionKey(
                one["right"],
                tuple(Alternative(**alternative) for alternative in one["wrong"]),
                tuple(Alternative(**alternative) for alternative in one["same"]),
                one["complaints"],
            )
            for name, one in plain["questions"].items()
        }
        return cls(plain["exercise"], plain["variant"], plain["version"], questions)
