"""One notebook, or one list of steps, run in a sandbox."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from microns_widgets._files import cache_folder
from microns_widgets.errors import SandboxUnavailable
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import Sheet, read_sheet
from microns_widgets.grading.run.plan import Plan, plan
from microns_widgets.grading.sandbox import bubblewrap, separate_user, unsafe
from microns_widgets.grading.sandbox.base import Needs
from microns_widgets.grading.sandbox.interpreter import Interpreter
from microns_widgets.grading.sandbox.records import Records, StepResult
from microns_widgets.grading.sandbox.watch import Ended, RoomBroken, watch

Way = Literal["bubblewrap", "user", "unsafe"]
_ROOMS = {"bubblewrap": bubblewrap.room, "user": separate_user.room, "unsafe": unsafe.room}
#: How often a notebook is run again without the cell at which it was ended.
_TRIES = 4
_WHY = {
    "time": "took too long and could not be stopped from inside",
    "memory": "took more memory than allowed",
    "disk": "wrote more than allowed",
    "output": "sent out more than allowed",
    "broken": "ended the whole process",
}


@dataclass
class Run:
    """What a notebook gave.

    Attributes
    ----------
    answers : dict
        Question id to variable to ``{"state", "payload", "why"}``; `state` is one of
        ``there``, ``missing``, ``not started``, ``failed``, ``too large``.
    cells : list of dict
        ``{"index", "seconds", "error"}`` of each code cell that was run.
    ended : str
        ``whole``, or what was overstepped first: ``time``, ``memory``, ``disk``, ``output``;
        ``broken`` if the process ended by itself.
    seconds : float
        Wall time in all.
    remarks : dict
        Question id to what is odd about its cells and which of them failed, in words.
    """

    answers: dict[str, dict[str, dict[str, Any]]]
    cells: list[dict[str, Any]]
    ended: Ended
    seconds: float
    remarks: dict[str, list[str]] = field(default_factory=dict)


@cache
def _open_ways() -> dict[str, str]:
    return {"bubblewrap": bubblewrap.obstacle(), "user": separate_user.obstacle()}


def choose_way(wanted: Way | Literal["auto"] = "auto") -> Way:
    """Say in which way submissions are kept in on this machine.

    Raises
    ------
    SandboxUnavailable
        If the way that is wanted, or every way, is closed; with the reasons.
    """
    if wanted == "unsafe":
        return "unsafe"
    ways = _open_ways()
    asked = list(ways) if wanted == "auto" else [wanted]
    for way in asked:
        if not ways[way]:
            return "bubblewrap" if way == "bubblewrap" else "user"
    reasons = "\n".join(f"- {way}: {ways[way]}." for way in asked)
    raise SandboxUnavailable(
        f"Submissions are strangers' programs, and no sandbox can be had here:\n{reasons}\n"
        "Install bubblewrap, or grade as root in a container of its own. If you trust every "
        "submission, --unsafe runs them with all your rights."
    )


def run_notebook(
    notebook: Path | Sheet,
    wanted: Mapping[str, Question],
    *,
    version: str = "sample",
    choices: Mapping[str, object] | None = None,
    data: Path | None = None,
    limits: Limits | None = None,
    sandbox: Way = "bubblewrap",
    hidden: Sequence[Path] = (),
    files: Mapping[str, str] | None = None,
    interpreter: Interpreter | None = None,
) -> Run:
    """Run a submitted notebook and take its answers.

    Parameters
    ----------
    notebook : path or Sheet
        The notebook.
    wanted : mapping
        Question id to question; only their public part goes in.
    version : str
        ``MICRONS_VERSION`` inside.
    choices : mapping, optional
        What was chosen by hand, for ``choices.json`` in the notebook's folder.
    data : path, optional
        A folder with data that is handed in.
    limits : Limits, optional
        What it may use.
    sandbox : {'bubblewrap', 'user', 'unsafe'}
        How it is kept in.
    hidden : sequence of path
        What must not be seen, wherever it lies.
    files : mapping, optional
        Further files in the notebook's folder: name to text.
    interpreter : Interpreter, optional
        Another Python than the one that runs this.

    Raises
    ------
    SubmissionError
        If the file is not a notebook that can be run.
    SandboxUnavailable
        If the way does not work.
    """
    limits = limits or Limits()
    sheet = notebook if isinstance(notebook, Sheet) else read_sheet(notebook, limits)
    made = plan(sheet, wanted)
    folder = dict(files or {})
    if choices is not None:
        folder["choices.json"] = json.dumps(choices)
    began = time.monotonic()
    results, ended = run_steps(
        made.steps,
        wanted,
        version=version,
        data=data,
        limits=limits,
        way=sandbox,
        hidden=hidden,
        files=folder,
        interpreter=interpreter,
    )
    return _as_run(made, wanted, results, ended, time.monotonic() - began)


def run_steps(
    steps: Sequence[Mapping[str, Any]],
    questions: Mapping[str, Question],
    *,
    version: str = "sample",
    data: Path | None = None,
    limits: Limits | None = None,
    way: Way = "bubblewrap",
    hidden: Sequence[Path] = (),
    files: Mapping[str, str] | None = None,
    interpreter: Interpreter | None = None,
) -> tuple[list[StepResult], Ended]:
    """Run cells and take answers in the order of `steps`.

    A step is ``{"do": "cell", "index", "source"}``, ``{"do": "capture", "question"}``, or
    ``{"do": "branch", "index", "source", "question"}``: a cell in a copy of the namespace,
    whose answers are taken and which is then forgotten.

    A step that ends the process is left out of a further try, so that it costs its own
    question alone, as long as there is time.

    Returns
    -------
    list of StepResult
        One a step.
    str
        How it ended, as in `Run`.
    """
    limits = limits or Limits()
    needs = Needs(
        interpreter=interpreter or Interpreter.own(),
        limits=limits,
        reading=_reading(data),
        hidden=tuple(hidden),
        variables={"MICRONS_VERSION": version, "MICRONS_CACHE": str(cache_folder())},
    )
    names = {one: tuple(a.name for a in question.answers) for one, question in questions.items()}
    job: dict[str, Any] = {
        "questions": {one: question.to_public() for one, question in questions.items()},
        "steps": list(steps),
        "limits": limits.to_json(),
        "files": dict(files or {}),
        "matplotlib": _fonts(),
    }
    best = Records(steps, names).results
    skipped: dict[int, str] = {}
    first: Ended = "whole"
    latest = time.monotonic() + limits.seconds
    for _ in range(_TRIES):
        left = latest - time.monotonic()
        if left <= 0:
            break
        records = Records(steps, names)
        ended = _once(needs, job, sorted(skipped), replace(limits, seconds=left), records, way)
        _merge(best, records.results)
        first = first if first != "whole" else ended
        if ended == "whole" or records.current is None or records.current in skipped:
            break
        # An answer that cannot be taken at the check cell cannot at the end either.
        stopped = steps[records.current]
        same = [
            number
            for number, step in enumerate(steps)
            if step["do"] == stopped["do"] == "capture" and step["question"] == stopped["question"]
        ]
        skipped |= dict.fromkeys([records.current, *same], _WHY[ended])
    for number, why in skipped.items():
        best[number].error = f"This cell {why}. It was left out."
    return best, first


def _once(
    needs: Needs,
    job: Mapping[str, Any],
    skip: list[int],
    limits: Limits,
    records: Records,
    way: Way,
) -> Ended:
    with _ROOMS[way](needs) as room:
        folders = [str(room.home), str(room.home / ".matplotlib")]
        try:
            return watch(
                room,
                {**job, "skip": skip, "lockdown": room.lockdown, "folders": folders},
                limits,
                records,
            )
        except RoomBroken as error:
            raise SandboxUnavailable(
                f"The sandbox ({way}) did not start: {error}. Nothing was run."
            ) from error


def _merge(best: list[StepResult], new: list[StepResult]) -> None:
    """Keep the first answer that was there; a further try only adds."""
    for kept, result in zip(best, new, strict=True):
        for name, answer in result.answers.items():
            if kept.answers.get(name, answer)["state"] != "there":
                kept.answers[name] = answer
            kept.answers.setdefault(name, answer)
        if result.ended and not kept.ended:
            kept.ended, kept.seconds, kept.error = True, result.seconds, result.error
        kept.started |= result.started


def _as_run(
    made: Plan,
    wanted: Mapping[str, Question],
    results: list[StepResult],
    ended: Ended,
    seconds: float,
) -> Run:
    answers: dict[str, dict[str, dict[str, Any]]] = {}
    cells = []
    for step, result in zip(made.steps, results, strict=True):
        if step["do"] == "cell":
            if result.ended or result.error:
                cells.append(
                    {"index": step["index"], "seconds": result.seconds, "error": result.error}
                )
            continue
        kept = answers.setdefault(step["question"], {})
        for name, answer in result.answers.items():
            # The check cell's, unless the answer came only later.
            if kept.get(name, {"state": ""})["state"] != "there":
                if name in kept and answer["state"] != "there":
                    continue
                kept[name] = answer
    for one, question in wanted.items():
        for name in (answer.name for answer in question.answers):
            answers.setdefault(one, {}).setdefault(
                name,
                {
                    "state": "missing",
                    "payload": None,
                    "why": f"The notebook was ended before {name} could be taken.",
                },
            )
    remarks = {one: list(said) for one, said in made.remarks.items()}
    failed = {cell["index"]: cell["error"] for cell in cells if cell["error"]}
    for one, own in made.cells.items():
        for index in own:
            if index in failed:
                remarks.setdefault(one, []).append(f"Cell {index + 1}: {failed[index]}")
    return Run(answers, cells, ended, seconds, remarks)


def _reading(data: Path | None) -> tuple[Path, ...]:
    kept = [cache_folder() / "index", cache_folder() / "workshop"]
    if data is not None:
        kept.append(data.resolve())
    return tuple(path for path in kept if path.is_dir())


@cache
def _fonts() -> dict[str, str]:
    """Give matplotlib's list of fonts: without it each run would search for them anew."""
    import matplotlib as mpl
    from matplotlib import font_manager

    name = f"fontlist-v{font_manager.FontManager.__version__}.json"
    path = Path(mpl.get_cachedir()) / name
    return {name: path.read_text(encoding="utf-8")} if path.is_file() else {}
