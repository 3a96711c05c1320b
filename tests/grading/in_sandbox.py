"""Runs cells in a sandbox, as a submission's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grading.attacks.graders import LIMITS, questions

from microns_widgets.grading.notebook import Cell, SubmittedNotebook
from microns_widgets.grading.run.notebook_run import NotebookRun, run_notebook
from microns_widgets.grading.sandbox.settings import RunSettings

#: Those of the attacks, with time for a large import on a busy machine.
_LIMITS = replace(LIMITS, cell_seconds=20)


def run(*sources: str, **settings: Any) -> NotebookRun:
    """Run three cells, each with its own check."""
    cells = tuple(Cell(n, text, f"attack.q{n + 1}") for n, text in enumerate(sources))
    return run_notebook(
        SubmittedNotebook(cells), questions(), RunSettings(**{"limits": _LIMITS, **settings})
    )


def value(done: NotebookRun, number: int) -> object:
    taken = done.answers[f"attack.q{number}"][f"a{number}"]
    return taken["payload"]["value"] if taken["state"] == "there" else taken["state"]
