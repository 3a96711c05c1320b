"""Runs one submitted notebook in a sandbox and collects its answers."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from microns_widgets.grading.choices import FILE
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.notebook import SubmittedNotebook
from microns_widgets.grading.run.plan import Plan, plan
from microns_widgets.grading.sandbox.records import StepResult
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.grading.sandbox.steps import run_steps
from microns_widgets.grading.sandbox.watch import End


@dataclass
class NotebookRun:
    """The result of running a notebook.

    Attributes
    ----------
    answers : dict
        Question id to variable to ``{"state", "payload", "why"}``; `state` is one of
        ``there``, ``missing``, ``not started``, ``failed``, ``too large``.
    cells : list of dict
        ``{"index", "seconds", "error"}`` of each code cell that was run.
    end : str
        ``whole``, or the limit that was exceeded first: ``time``, ``memory``, ``disk``,
        ``output``; ``broken`` if the process ended by itself.
    seconds : float
        Total wall time.
    remarks : dict
        What is unusual about the cells of a question, and which of them failed, by question id.
    asked : list
        ``[id, exercise]``: the ids with which cells asked for their own cells, in order.
    lacks : list
        ``[index of the cell, kind, name]`` of what cells asked for and this machine lacks; see
        `records.NOTES`.
    """

    answers: dict[str, dict[str, dict[str, Any]]]
    cells: list[dict[str, Any]]
    end: End
    seconds: float
    remarks: dict[str, list[str]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)
    lacks: list[list[Any]] = field(default_factory=list)


def run_notebook(
    notebook: SubmittedNotebook,
    questions: Mapping[str, Question],
    settings: RunSettings,
    *,
    choices: Mapping[str, object] | None = None,
    files: Mapping[str, str | bytes] | None = None,
) -> NotebookRun:
    """Run a submitted notebook and collect its answers.

    Parameters
    ----------
    notebook : SubmittedNotebook
        The notebook.
    questions : mapping
        The questions by id; only their public part enters the sandbox.
    settings : RunSettings
        How it is run.
    choices : mapping, optional
        Choices by hand, for ``choices.json`` in the notebook's folder.
    files : mapping, optional
        Further files in the notebook's folder: name to content.

    Raises
    ------
    SandboxUnavailable
        If the sandbox does not start.
    """
    steps = plan(notebook, questions)
    folder = dict(files or {})
    if choices is not None:
        folder[FILE] = json.dumps(choices)
    start = time.monotonic()
    results, end = run_steps(steps.steps, questions, settings, folder)
    return _run_of(steps, questions, results, end, time.monotonic() - start)


def _run_of(
    steps: Plan,
    questions: Mapping[str, Question],
    results: list[StepResult],
    end: End,
    seconds: float,
) -> NotebookRun:
    answers: dict[str, dict[str, dict[str, Any]]] = {}
    cells = []
    asked: list[list[str]] = []
    lacks: list[list[Any]] = []
    for step, result in zip(steps.steps, results, strict=True):
        asked += [[*one] for one in result.asked]
        if step["do"] == "cell":
            lacks += [[step["index"], kind, about] for kind, about in result.notes]
            if result.ended or result.error:
                cells.append(
                    {"index": step["index"], "seconds": result.seconds, "error": result.error}
                )
            continue
        own = answers.setdefault(step["question"], {})
        for name, answer in result.answers.items():
            # The answer at the check cell, unless it existed only later.
            if own.get(name, {"state": ""})["state"] != "there":
                if name in own and answer["state"] != "there":
                    continue
                own[name] = answer
    for one, question in questions.items():
        for name in (answer.name for answer in question.answers):
            answers.setdefault(one, {}).setdefault(
                name,
                {
                    "state": "missing",
                    "payload": None,
                    "why": f"The notebook was stopped before {name} could be read.",
                },
            )
    return NotebookRun(answers, cells, end, seconds, _remarks(steps, cells), asked, lacks)


def _remarks(steps: Plan, cells: list[dict[str, Any]]) -> dict[str, list[str]]:
    remarks = {name: list(texts) for name, texts in steps.remarks.items()}
    errors = {cell["index"]: cell["error"] for cell in cells if cell["error"]}
    for name, indices in steps.cells.items():
        for index in indices:
            if index in errors:
                remarks.setdefault(name, []).append(f"Cell {index + 1}: {errors[index]}")
    return remarks
