"""The right answers for the practice cells, as far as they give nothing away.

They are public. So they are only those for practice cells that no student has, and only answers
that are different for students' own cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import judge_answer
from microns_widgets.grading.kinds.answer import Answer

#: Kinds whose answers are compared; a figure or a choice is large, and a text is read by a person.
COMPARED = ("number", "text", "ids", "table")
_LARGEST = 20_000  # characters of an answer


@dataclass(frozen=True)
class PracticeKey:
    """The right answers for the practice cells of an exercise.

    Attributes
    ----------
    source : str
        Source of the data for which they are right.
    answers : dict
        By question id and name of the answer: its payload.
    """

    source: str
    answers: Mapping[str, Mapping[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """Return it for the public file."""
        return {"source": self.source, "answers": self.answers}

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> PracticeKey:
        """Read it from a public file."""
        return cls(str(table["source"]), dict(table["answers"]))

    @classmethod
    def of(
        cls, questions: tuple[Question, ...], source: str, practice: Key, others: list[Key]
    ) -> PracticeKey:
        """Select the answers that may be public.

        Parameters
        ----------
        questions : tuple of Question
            The questions of the exercise.
        source : str
            Source of the data.
        practice : Key
            The key of variant 0.
        others : list of Key
            Keys of students' variants. An answer that is right for one of them is left out.
        """
        answers = {}
        for question in questions:
            own = practice.questions[question.id].right
            answers[question.id] = {
                answer.name: own[answer.name]
                for answer in question.answers
                if answer.kind in COMPARED
                and len(json.dumps(own[answer.name])) <= _LARGEST
                and not any(_right(own, one.questions[question.id].right, answer) for one in others)
            }
        return cls(source, {name: own for name, own in answers.items() if own})

    def complaints(self, question: Question, payloads: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return what is wrong with each answer that can be compared; nothing if it is right."""
        right = self.answers.get(question.id, {})
        return {
            name: _complaints(payload, right[name], question.answer(name))
            for name, payload in payloads.items()
            if name in right
        }


def _complaints(payload: object, right: object, answer: Answer) -> list[str]:
    judgement = judge_answer(payload, right, answer)
    if judgement.share == 1:
        return []
    return list(judgement.complaints) or ["is not the expected answer."]


def _right(own: Mapping[str, Any], other: Mapping[str, Any], answer: Answer) -> bool:
    return judge_answer(own[answer.name], other[answer.name], answer).share == 1
