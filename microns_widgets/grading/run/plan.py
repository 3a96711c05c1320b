"""The order in which a notebook's cells are run and its answers are captured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.notebook import SubmittedNotebook

_CHECK = re.compile(r"""^[ \t]*(?:\w+\.)?check\(\s*(['"])(?P<id>[^'"\n]{1,200})\1""", re.MULTILINE)


@dataclass(frozen=True)
class Plan:
    """How a notebook is run.

    Attributes
    ----------
    steps : list of dict
        In the form that `run_steps` needs.
    remarks : dict
        What is unusual about the check cell of a question, by question id.
    cells : dict
        Indices of the cells of a question, which follow the previous check, by question id.
    """

    steps: list[dict[str, Any]]
    remarks: dict[str, list[str]] = field(default_factory=dict)
    cells: dict[str, list[int]] = field(default_factory=dict)


def plan(notebook: SubmittedNotebook, questions: Mapping[str, Question]) -> Plan:
    """Plan a run: a question's answers are captured right after its last check cell.

    A variable that two questions use is then judged by its value at the right moment. Answers
    that are missing then, and those of questions without a check cell, are captured at the end.
    """
    checks: dict[str, list[int]] = {name: [] for name in questions}
    numbers = {question.number: name for name, question in questions.items()}
    for place, cell in enumerate(notebook.cells):
        for word in dict.fromkeys([cell.check, *(m["id"] for m in _CHECK.finditer(cell.source))]):
            name = numbers.get(word, word)
            if name in checks and place not in checks[name]:
                checks[name].append(place)
    after: dict[int, list[str]] = {}
    for name, places in checks.items():
        if places:
            after.setdefault(places[-1], []).append(name)
    steps: list[dict[str, Any]] = []
    cells: dict[str, list[int]] = {}
    own: list[int] = []
    for place, cell in enumerate(notebook.cells):
        steps.append({"do": "cell", "index": cell.index, "source": cell.source})
        own.append(cell.index)
        for name in after.get(place, ()):
            steps.append({"do": "capture", "question": name})
            cells[name] = own
        own = [] if place in after else own
    steps += [{"do": "capture", "question": name, "late": True} for name in questions]
    return Plan(steps, _remarks(checks, list(questions)), cells)


def _remarks(checks: Mapping[str, list[int]], order: list[str]) -> dict[str, list[str]]:
    remarks: dict[str, list[str]] = {}
    previous = -1
    for name in order:
        places = checks[name]
        if not places:
            remark = "The check cell is missing; the answer was read at the notebook's end."
        elif len(places) > 1:
            remark = f"It is checked {len(places)} times; the answer at the last check counts."
        elif places[0] < previous:
            remark = "The cells are not in the order of the exercise."
        else:
            remark = ""
        if remark:
            remarks[name] = [remark]
        previous = max([previous, *places])
    return remarks
