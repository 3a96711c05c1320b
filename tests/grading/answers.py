"""Short words for tests of kinds: an answer, and what becomes of a value of it."""

from __future__ import annotations

from typing import Any

from microns_widgets.grading.kinds import (
    Judgement,
    capture_answer,
    judge_answer,
    practice_complaints,
)
from microns_widgets.grading.kinds.answer import Answer


def answer_of(kind: str, **options: Any) -> Answer:
    return Answer("x", kind, "what it is", 1.0, options)


def payload_of(value: object, answer: Answer) -> Any:
    """What is captured; an assertion fails where nothing is."""
    found = capture_answer({answer.name: value}, answer)
    assert found.state == "there", found
    return found.payload


def judge_values(value: object, right: object, answer: Answer, **private: Any) -> Judgement:
    """Judge one value by another, as if the master had it."""
    key = payload_of(right, answer) | private
    return judge_answer(payload_of(value, answer), key, answer)


def complaints(value: object, answer: Answer) -> list[str]:
    return practice_complaints(capture_answer({answer.name: value}, answer), answer)
