"""Wrong answers that are right for other students' cells: a reason to ask where they come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.judge import Answers
from microns_widgets.grading.kinds import judge_answer, restored
from microns_widgets.grading.kinds.answer import Answer

#: Kinds whose answers are compared: a figure or a choice is large, and words are compared as text.
_COMPARED = ("number", "ids", "table")
#: Characters of an answer that is compared.
_LARGEST = 20_000
#: Whole numbers below are right for somebody by chance; several of them together are not.
_SMALL, _SEVERAL = 1_000, 3
_FEWEST_IDS = 3


def right_elsewhere(
    exercise: Exercise,
    answers: Mapping[str, Answers],
    own: Key,
    keys: Mapping[int, Key],
) -> dict[int, tuple[str, ...]]:
    """Return which wrong answers of a student are right for other variants.

    Parameters
    ----------
    exercise : Exercise
        With its questions.
    answers : mapping
        Question id to what a run captured for it; untrusted.
    own : Key
        The key of the student's own variant.
    keys : mapping
        The keys of all variants in use.

    Returns
    -------
    dict
        Variant to the names of answers. A small whole number alone is left out, since it may be
        right by chance.
    """
    strong: dict[int, list[str]] = {}
    weak: dict[int, list[str]] = {}
    for question in exercise.questions:
        for answer in question.answers:
            record = answers.get(question.id, {}).get(answer.name, {})
            payload = record.get("payload")
            if record.get("state") != "there" or not _is_compared(payload, answer):
                continue
            right = own.questions[question.id].right
            if _is_right(payload, right, answer):
                continue
            for variant, key in keys.items():
                other = key.questions[question.id].right
                if variant != own.variant and _is_right(payload, other, answer):
                    found = strong if _is_telling(payload, answer) else weak
                    found.setdefault(variant, []).append(answer.name)
    return {
        variant: (*strong.get(variant, ()), *weak.get(variant, ()))
        for variant in sorted({*strong, *weak})
        if variant in strong or len(weak[variant]) >= _SEVERAL
    }


def _is_compared(payload: object, answer: Answer) -> bool:
    return answer.kind in _COMPARED and len(json.dumps(payload)) <= _LARGEST


def _is_right(payload: object, right: Mapping[str, Any], answer: Answer) -> bool:
    return judge_answer(payload, right[answer.name], answer).share == 1


def _is_telling(payload: Any, answer: Answer) -> bool:
    """Return whether an answer is hardly right by chance; it is right somewhere, so valid."""
    value = restored(payload, answer)
    if answer.kind == "number":
        return not (value == round(value) and abs(value) < _SMALL)
    return len(value) >= _FEWEST_IDS if answer.kind == "ids" else True
