"""What comes out of a sandbox: lines of JSON, taken for what a stranger wrote.

Nothing of it is executed, unpickled or used as a format. A line is believed in one respect:
that the notebook gave this answer. What does not fit the job that was handed in is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STATES = ("there", "missing", "not started", "failed", "too large")
_DEPTH = 20
_WORDS = 500


@dataclass
class StepResult:
    """What one step of a job gave.

    Attributes
    ----------
    started, ended : bool
        How far it came.
    seconds : float
        How long it took, as the process inside says.
    error : str
        The cell's error in words, empty if there is none.
    answers : dict
        Variable to ``{"state", "payload", "why"}``.
    """

    started: bool = False
    ended: bool = False
    seconds: float = 0.0
    error: str = ""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


class Records:
    """Takes a run's lines one by one.

    Parameters
    ----------
    steps : sequence of mapping
        The job's steps.
    variables : mapping
        Question id to the names of its answers.
    """

    def __init__(
        self, steps: Sequence[Mapping[str, Any]], variables: Mapping[str, Sequence[str]]
    ) -> None:
        self.results = [StepResult() for _ in steps]
        self.whole = False
        self.current: int | None = None
        self.dropped = 0
        self._names = [
            frozenset(variables[step["question"]]) if "question" in step else frozenset()
            for step in steps
        ]

    def take(self, line: bytes) -> None:
        """Take one line; one that does not fit is counted and dropped."""
        try:
            # Decoded here: json itself lets half of a character pass, which no file can hold.
            record = json.loads(line.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or not self._fits(record):
            self.dropped += 1

    def _fits(self, record: dict[str, Any]) -> bool:
        if record.get("state") == "whole" and "step" not in record:
            self.whole = True
            return True
        number = record.get("step")
        if type(number) is not int or not 0 <= number < len(self.results):
            return False
        result, state = self.results[number], record.get("state")
        if state == "started":
            result.started, self.current = True, number
            return True
        if state == "ended":
            seconds, error = record.get("seconds"), record.get("error")
            if not isinstance(seconds, int | float) or type(error) is not str or result.ended:
                return False
            # Compared as it is: an integer from there may be too large for a float.
            result.seconds = float(min(max(seconds, 0.0), 1e6))
            result.ended, result.error = True, plain(error)
            return True
        return self._answer(result, self._names[number], record)

    @staticmethod
    def _answer(result: StepResult, names: frozenset[str], record: dict[str, Any]) -> bool:
        name, state, why = record.get("variable"), record.get("state"), record.get("why", "")
        # The first word counts: what comes later may be by another hand than the driver's.
        if type(name) is not str or name not in names or name in result.answers:
            return False
        if state not in STATES or type(why) is not str:
            return False
        if not _sound(record.get("payload"), _DEPTH):
            return False
        result.answers[name] = {
            "state": state,
            "payload": record.get("payload") if state == "there" else None,
            "why": plain(why),
        }
        return True


def plain(text: str, most: int = _WORDS) -> str:
    """Keep a text to one printable line of bounded length."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text[:most])
    return kept.encode("utf-8", "replace").decode("utf-8").strip()


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _sound(value: object, levels: int) -> bool:
    """Tell whether a value is not too deep, and has no text with half of a character."""
    if isinstance(value, str):
        return not any("\ud800" <= sign <= "\udfff" for sign in value)
    if not isinstance(value, dict | list):
        return True
    if levels == 0:
        return False
    inner = [*value, *value.values()] if isinstance(value, dict) else value
    return all(_sound(one, levels - 1) for one in inner)
