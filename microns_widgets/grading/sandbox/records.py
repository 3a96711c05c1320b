"""Reads the output of a sandbox: lines of JSON, which are untrusted.

Nothing in it is executed, unpickled or used as a format string. A line is trusted in one respect
only: that the notebook gave this answer. Lines that do not match the job are dropped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from microns_widgets.grading.untrusted_text import plain

STATES = ("there", "missing", "not started", "failed", "too large")
#: A request for keyboard input; a magic, extension, command or library that is missing here.
NOTES = ("input", "magic", "extension", "command", "library")
_DEPTH = 20
#: Notes and ids of a cell that are kept.
_MOST_NOTES = 20


@dataclass
class StepResult:
    """The result of one step of a job.

    Attributes
    ----------
    started, ended : bool
        Whether it was begun, and whether it was completed.
    seconds : float
        How long it took, as reported from inside.
    error : str
        The cell's error; empty if there is none.
    answers : dict
        Variable to ``{"state", "payload", "why"}``.
    asked : list of tuple
        The id with which the cell asked for its own cells, and the exercise.
    notes : list of tuple
        What the cell asked for and is missing here: one of `NOTES`, and a name or text.
    """

    started: bool = False
    ended: bool = False
    seconds: float = 0.0
    error: str = ""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


class Records:
    """Reads the lines of a run one by one.

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

    def read_line(self, line: bytes) -> None:
        """Read one line; one that does not match the job is counted and dropped."""
        try:
            # Decoded here: json itself accepts half of a surrogate pair, which cannot be written.
            record = json.loads(line.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or not self._accept(record):
            self.dropped += 1

    def _accept(self, record: dict[str, Any]) -> bool:
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
            # Compared before converting: a forged integer may be too large for a float.
            result.seconds = float(min(max(seconds, 0.0), 1e6))
            result.ended, result.error = True, plain(error)
            return True
        if "note" in record:
            return self._note(result, record)
        if "asked" in record:
            return self._asked(result, record["asked"])
        return self._answer(result, self._names[number], record)

    @staticmethod
    def _asked(result: StepResult, asked: object) -> bool:
        table = asked if isinstance(asked, dict) else {}
        values = [table.get(name) for name in ("student", "exercise")]
        texts = [plain(value) for value in values if type(value) is str]
        if len(texts) != 2 or len(result.asked) >= _MOST_NOTES:
            return False
        result.asked.append((texts[0], texts[1]))
        return True

    @staticmethod
    def _note(result: StepResult, record: dict[str, Any]) -> bool:
        kind, about = record["note"], record.get("about")
        if kind not in NOTES or type(about) is not str or len(result.notes) >= _MOST_NOTES:
            return False
        note = (kind, plain(about))
        if note not in result.notes:
            result.notes.append(note)
        return True

    @staticmethod
    def _answer(result: StepResult, names: frozenset[str], record: dict[str, Any]) -> bool:
        name, state, why = record.get("variable"), record.get("state"), record.get("why", "")
        # The first record counts: a later one may not come from the driver.
        if type(name) is not str or name not in names or name in result.answers:
            return False
        if state not in STATES or type(why) is not str:
            return False
        if not _is_valid(record.get("payload"), _DEPTH):
            return False
        result.answers[name] = {
            "state": state,
            "payload": record.get("payload") if state == "there" else None,
            "why": plain(why),
        }
        return True


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not valid JSON")


def _is_valid(value: object, levels: int) -> bool:
    """Return whether a value is not nested too deeply, and its text can be encoded."""
    if isinstance(value, str):
        return not any("\ud800" <= sign <= "\udfff" for sign in value)
    if not isinstance(value, dict | list):
        return True
    if levels == 0:
        return False
    inner = [*value, *value.values()] if isinstance(value, dict) else value
    return all(_is_valid(one, levels - 1) for one in inner)
