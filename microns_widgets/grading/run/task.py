"""The part of grading that any process or machine may do: run one submission, give plain JSON.

It knows no key. The same task gives the same answers wherever it is done.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import parse_sheet
from microns_widgets.grading.sandbox.run import Run, Way, run_notebook

#: Raised when answers are taken in another way, so that runs that are kept are made anew.
_EDITION = 1


@dataclass(frozen=True)
class Task:
    """One submission to run.

    Attributes
    ----------
    name : str
        Which it is, for whoever collects the results.
    notebook : bytes
        The file that was handed in.
    exercise : dict
        The exercise's public file.
    choices : dict
        What was chosen by hand: question id to root ids.
    version, data, limits, way, hidden
        As in `run_notebook`.
    """

    name: str
    notebook: bytes
    exercise: dict[str, Any]
    choices: dict[str, list[str]] = field(default_factory=dict)
    version: str = "sample"
    data: str = ""
    limits: Limits = field(default_factory=Limits)
    way: Way = "bubblewrap"
    hidden: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Name the task by all that its result depends on."""
        about = {k: v for k, v in asdict(self).items() if k not in ("name", "notebook", "hidden")}
        digest = hashlib.sha256(json.dumps([_EDITION, about], sort_keys=True).encode())
        digest.update(self.notebook)
        return digest.hexdigest()[:32]


def work(task: Task) -> dict[str, Any]:
    """Run a submission.

    Returns
    -------
    dict
        ``{"run": ...}`` with what `Run` has, or ``{"problem": words for the student}``.

    Raises
    ------
    SandboxUnavailable
        If nothing could be run, which is no fault of the submission's.
    """
    exercise = Exercise.from_json(task.exercise)
    try:
        sheet = parse_sheet(task.notebook, task.limits)
    except SubmissionError as error:
        return {"problem": str(error)}
    run = run_notebook(
        sheet,
        {question.id: question for question in exercise.questions},
        version=task.version,
        # What was chosen in the notebook itself counts before the file beside it.
        choices={**task.choices, **sheet.choices},
        data=Path(task.data) if task.data else None,
        limits=task.limits,
        sandbox=task.way,
        hidden=[Path(path) for path in task.hidden],
        files={f"{exercise.name}.json": json.dumps(task.exercise)},
    )
    return {"run": asdict(run)}


def read_run(plain: dict[str, Any]) -> Run:
    """Read what `work` gave."""
    return Run(**plain)
