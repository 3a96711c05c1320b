"""The part of grading that any process or machine can do: run one submission, return plain JSON.

It does not know the key. The same task gives the same answers wherever it runs.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.notebook import parse_notebook
from microns_widgets.grading.run.notebook_run import NotebookRun, run_notebook
from microns_widgets.grading.sandbox.settings import RunSettings

#: Increased when answers are captured differently, so that earlier runs are not reused.
_EDITION = 4

#: What of a question, an answer or a column does not change how answers are captured.
_JUDGED = frozenset({"title", "number", "points", "about", "unit", "rel", "abs", "follows"})


@dataclass(frozen=True)
class Task:
    """One submission to run.

    Attributes
    ----------
    name : str
        Identifies it to whoever collects the results.
    notebook : bytes
        The file that was handed in.
    exercise : dict
        The exercise's public file.
    settings : RunSettings
        How it is run.
    choices : dict
        Choices by hand: question id to root ids.
    files : dict
        Small files beside the notebook: name to content.
    """

    name: str
    notebook: bytes
    exercise: dict[str, Any]
    settings: RunSettings
    choices: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A digest of everything that the result depends on."""
        inputs = [_EDITION, _of_run(self.exercise), self.settings.to_json(), self.choices]
        digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode())
        digest.update(self.notebook)
        for name, content in sorted(self.files.items()):
            digest.update(f"\n{name}\n{len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()[:32]


def _of_run(exercise: dict[str, Any]) -> dict[str, Any]:
    """Return a public file without what only judging depends on.

    Corrected points and tolerances need no second run.
    """
    questions = []
    for question in exercise["questions"]:
        answers = {}
        for name, answer in question["answers"].items():
            answers[name] = _captured(answer)
            if isinstance(columns := answer.get("columns"), dict):
                answers[name]["columns"] = {one: _captured(table) for one, table in columns.items()}
        questions.append({**_captured(question), "answers": answers})
    return {**exercise, "questions": questions}


def _captured(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name not in _JUDGED}


def run_task(task: Task) -> dict[str, Any]:
    """Run a submission.

    Returns
    -------
    dict
        ``{"run": ...}`` with the content of a `NotebookRun`, or
        ``{"problem": message for the student}``.

    Raises
    ------
    SandboxUnavailable
        If nothing could be run, which is not the submission's fault.
    """
    exercise = Exercise.from_json(task.exercise)
    try:
        notebook = parse_notebook(task.notebook, task.settings.limits)
    except SubmissionError as error:
        return {"problem": str(error)}
    run = run_notebook(
        notebook,
        {question.id: question for question in exercise.questions},
        task.settings,
        # A choice in the notebook itself counts before the file beside it.
        choices={**task.choices, **notebook.choices},
        # The exercise's own file counts before one of this name that was handed in.
        files={**task.files, f"{exercise.name}.json": json.dumps(task.exercise)},
    )
    return {"run": asdict(run)}


def read_run(plain: dict[str, Any]) -> NotebookRun:
    """Read what `run_task` returned."""
    return NotebookRun(**plain)
