"""In which order a submitted notebook's cells are run and its answers are taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.notebook import Sheet

_CHECK = re.compile(r"""^[ \t]*(?:\w+\.)?check\(\s*(['"])(?P<id>[^'"\n]{1,200})\1""", re.MULTILINE)


@dataclass(frozen=True)
class Plan:
    """How a notebook is run.

    Attributes
    ----------
    steps : list of dict
        For the process inside.
    remarks : dict
        Question id to what is odd about its check cell.
    cells : dict
        Question id to the indices of its own cells: those since the check before.
    """

    steps: list[dict[str, Any]]
    remarks: dict[str, list[str]] = field(default_factory=dict)
    cells: dict[str, list[int]] = field(default_factory=dict)


def plan(sheet: Sheet, wanted: Mapping[str, Question]) -> Plan:
    """Plan a run: a question's answers are taken right after its last check cell.

    A name that two questions use is then judged by what it was at the right moment. What was
    not there yet, and questions without a check cell, are taken at the end.
    """
    checks: dict[str, list[int]] = {name: [] for name in wanted}
    numbers = {question.number: name for name, question in wanted.items()}
    for place, cell in enumerate(sheet.cells):
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
    for place, cell in enumerate(sheet.cells):
        steps.append({"do": "cell", "index": cell.index, "source": cell.source})
        own.append(cell.index)
        for name in after.get(place, ()):
            steps.append({"do": "capture", "question": name})
            cells[name] = own
        own = [] if place in after else own
    steps += [{"do": "capture", "question": name, "late": True} for name in wanted]
    return Plan(steps, _remarks(checks, list(wanted)), cells)


def _remarks(checks: Mapping[str, list[int]], order: list[str]) -> dict[str, list[str]]:
    remarks: dict[str, list[str]] = {}
    before = -1
    for name in order:
        places = checks[name]
        if not places:
            said = "Its check cell is gone. The answer was taken at the end of the notebook."
        elif len(places) > 1:
            said = f"It is checked {len(places)} times. What stood at the last one counts."
        elif places[0] < before:
            said = "Its cells stand in another order than the exercise has."
        else:
            said = ""
        if said:
            remarks[name] = [said]
        before = max([before, *places])
    return remarks
