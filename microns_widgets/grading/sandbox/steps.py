"""Runs a list of steps, cells and captures of answers, in a sandbox."""

from __future__ import annotations

import base64
import importlib.util
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from microns_widgets._files import cache_folder
from microns_widgets.errors import MissingLibrary, SandboxUnavailable
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.sandbox import bubblewrap, separate_user, unsafe
from microns_widgets.grading.sandbox.base import Requirements
from microns_widgets.grading.sandbox.interpreter import Interpreter
from microns_widgets.grading.sandbox.records import Records, StepResult
from microns_widgets.grading.sandbox.settings import RunSettings, SandboxKind
from microns_widgets.grading.sandbox.watch import End, SandboxBroken, watch

_SANDBOXES = {
    "bubblewrap": bubblewrap.sandbox,
    "user": separate_user.sandbox,
    "unsafe": unsafe.sandbox,
}
#: Largest number of runs of a notebook, each without the cells that ended earlier runs.
_TRIES = 4
_REASONS = {
    "time": "took too long and could not be stopped from inside",
    "memory": "used more memory than allowed",
    "disk": "wrote more to disk than allowed",
    "output": "produced more output than allowed",
    "broken": "ended the whole process",
}


def as_text(content: str | bytes) -> str | dict[str, str]:
    """Return the content of a file as JSON can carry it."""
    if isinstance(content, str):
        return content
    return {"base64": base64.b64encode(content).decode()}


@cache
def _obstacles() -> dict[str, str]:
    return {"bubblewrap": bubblewrap.obstacle(), "user": separate_user.obstacle()}


def choose_sandbox(kind: SandboxKind | Literal["auto"] = "auto") -> SandboxKind:
    """Return the kind of sandbox to use on this machine.

    Raises
    ------
    SandboxUnavailable
        If the requested kind, or every kind, is unavailable; lists the reasons.
    """
    if kind == "unsafe":
        return "unsafe"
    obstacles = _obstacles()
    candidates = list(obstacles) if kind == "auto" else [kind]
    for candidate in candidates:
        if not obstacles[candidate]:
            return "bubblewrap" if candidate == "bubblewrap" else "user"
    reasons = "\n".join(f"- {candidate}: {obstacles[candidate]}." for candidate in candidates)
    raise SandboxUnavailable(
        "Submissions are untrusted code, and no sandbox is available on this machine:\n"
        f"{reasons}\n"
        "Install bubblewrap, or grade as root in a separate container. If you trust every "
        "submission, --unsafe runs them with all your permissions."
    )


def run_steps(
    steps: Sequence[Mapping[str, Any]],
    questions: Mapping[str, Question],
    settings: RunSettings,
    files: Mapping[str, str | bytes] | None = None,
) -> tuple[list[StepResult], End]:
    """Run cells and capture answers in the order of `steps`.

    A step is ``{"do": "cell", "index", "source"}``, ``{"do": "capture", "question"}``, or
    ``{"do": "branch", "index", "source", "question"}``: a cell in a copy of the namespace, which
    is dropped after its answers are captured.

    A step that ends the process is left out of the next try, so that it costs only its own
    question, as long as there is time.

    Parameters
    ----------
    steps : sequence of mapping
        What to do.
    questions : mapping
        The questions by id; only their public part enters the sandbox.
    settings : RunSettings
        How they are run.
    files : mapping, optional
        Files in the working folder: name to content.

    Returns
    -------
    list of StepResult
        One per step.
    str
        How it ended: ``whole``, ``time``, ``memory``, ``disk``, ``output`` or ``broken``.

    Raises
    ------
    SandboxUnavailable
        If the sandbox does not start.
    """
    limits = settings.limits
    if settings.interpreter is None:
        _check_kernel()
    requirements = _requirements(settings)
    names = {one: tuple(a.name for a in question.answers) for one, question in questions.items()}
    job: dict[str, Any] = {
        "questions": {one: question.to_public() for one, question in questions.items()},
        "steps": list(steps),
        "limits": limits.to_json(),
        "files": {name: as_text(content) for name, content in (files or {}).items()},
        "matplotlib": _font_list(),
    }
    best = Records(steps, names).results
    skipped: dict[int, str] = {}
    first: End = "whole"
    latest = time.monotonic() + limits.seconds
    for _ in range(_TRIES):
        remaining = latest - time.monotonic()
        if remaining <= 0:
            break
        records = Records(steps, names)
        job["skip"] = sorted(skipped)
        end = _run_once(
            settings.sandbox, requirements, job, replace(limits, seconds=remaining), records
        )
        _merge(best, records.results)
        first = first if first != "whole" else end
        if end == "whole" or records.current is None or records.current in skipped:
            break
        # An answer that cannot be captured at the check cell cannot be at the end either.
        culprit = steps[records.current]
        same = [
            number
            for number, step in enumerate(steps)
            if step["do"] == culprit["do"] == "capture" and step["question"] == culprit["question"]
        ]
        skipped |= dict.fromkeys([records.current, *same], _REASONS[end])
    for number, reason in skipped.items():
        best[number].error = f"This cell {reason}; the notebook was run again and skipped it."
    return best, first


@cache
def _check_kernel() -> None:
    if importlib.util.find_spec("ipykernel") is None:
        raise MissingLibrary(
            "Notebooks are run in the students' kernel, ipykernel, which is not installed. Install "
            'it with pip install "ipykernel>=6.17", then run the same command again.'
        )


def _requirements(settings: RunSettings) -> Requirements:
    folders = [cache_folder() / "index", cache_folder() / "workshop"]
    if settings.data is not None:
        folders.append(settings.data.resolve())
    return Requirements(
        interpreter=settings.interpreter or Interpreter.own(),
        limits=settings.limits,
        readable=tuple(path for path in folders if path.is_dir()),
        hidden=settings.hidden,
        variables={"MICRONS_VERSION": settings.version, "MICRONS_CACHE": str(cache_folder())},
    )


def _run_once(
    kind: SandboxKind,
    requirements: Requirements,
    job: Mapping[str, Any],
    limits: Limits,
    records: Records,
) -> End:
    with _SANDBOXES[kind](requirements) as sandbox:
        folders = [str(sandbox.home), str(sandbox.home / ".matplotlib")]
        try:
            return watch(
                sandbox,
                {**job, "lockdown": sandbox.lockdown, "folders": folders},
                limits,
                records,
            )
        except SandboxBroken as error:
            raise SandboxUnavailable(
                f"The sandbox ({kind}) did not start: {error}. Nothing was run."
            ) from error


def _merge(best: list[StepResult], new: list[StepResult]) -> None:
    """Keep the first answer that was there; a further try only adds."""
    for earlier, result in zip(best, new, strict=True):
        for name, answer in result.answers.items():
            if earlier.answers.get(name, answer)["state"] != "there":
                earlier.answers[name] = answer
            earlier.answers.setdefault(name, answer)
        if result.ended and not earlier.ended:
            earlier.ended, earlier.seconds, earlier.error = True, result.seconds, result.error
            earlier.notes, earlier.asked = result.notes, result.asked
        earlier.started |= result.started


@cache
def _font_list() -> dict[str, str]:
    """Return matplotlib's list of fonts, so that not every run has to search for them."""
    import matplotlib as mpl
    from matplotlib import font_manager

    name = f"fontlist-v{font_manager.FontManager.__version__}.json"
    path = Path(mpl.get_cachedir()) / name
    return {name: path.read_text(encoding="utf-8")} if path.is_file() else {}
