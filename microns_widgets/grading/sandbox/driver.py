"""The process inside the sandbox: runs the cells of a notebook and reports its answers.

It reads one job as JSON from its standard input and writes records as JSON lines to what was
its standard output. It knows the questions, but no key, mark or other submission. Whatever a
notebook does to this process, the most that it can report outside is "my answer is ...".

Answers are sent as soon as they are captured, so that a later kill does not lose them. A record
names its step of the job; the rest of it is checked outside.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import capture_answer
from microns_widgets.grading.sandbox.kernel import student_shell
from microns_widgets.grading.sandbox.missing_imports import after_missing_import
from microns_widgets.grading.sandbox.stubs import KeepAnswers

if TYPE_CHECKING:
    from microns_widgets.grading.kinds.answer import Answer

#: Characters of an error's text that are reported.
_LONGEST_ERROR = 500
#: Characters of a student's id that are reported.
_LONGEST_ID = 200
#: Characters of what a note is about.
_LONGEST_NOTE = 100
#: Seconds after which a notebook that ignores the signal gets another one.
_AGAIN = 1.0


class CellTooLong(BaseException):
    """A step took longer than its limit; not an Exception, so `except Exception` misses it."""


class _Driver:
    def __init__(self, job: Mapping[str, Any], out: int) -> None:
        self._job = job
        self._limits = job["limits"]
        self._out = out
        self._armed = False
        self._done: set[tuple[str, str]] = set()
        self._questions = {
            name: Question.from_table(plain) for name, plain in job["questions"].items()
        }
        self._step = 0
        self._ids: set[tuple[str, str]] = set()
        self._shell: Any = student_shell(self._note)
        answers = {one.name for question in self._questions.values() for one in question.answers}
        self._shell.ast_transformers.append(KeepAnswers(answers))
        # Looked up now, because a cell may replace these functions in their modules.
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        self._write = os.write

    def run(self) -> None:
        skip = set(self._job["skip"])
        for number, step in enumerate(self._job["steps"]):
            if number in skip:
                continue
            self._step = number
            self._send({"step": number, "state": "started"})
            began = time.monotonic()
            error = getattr(self, f"_{step['do']}")(number, step)
            seconds = round(time.monotonic() - began, 3)
            self._report_ids()
            self._send({"step": number, "state": "ended", "seconds": seconds, "error": error})
        self._send({"state": "whole"})

    def _cell(self, number: int, step: Mapping[str, Any]) -> str:
        try:
            with self._alarm():
                error = self._run(step["source"])
                return _description(error) if error is not None else ""
        except BaseException as error:  # noqa: BLE001 a cell may raise even SystemExit
            return _description(error)

    def _run(self, source: str) -> BaseException | None:
        """Run a cell; if a library that it imports is missing, the rest of it is still run."""
        error: BaseException | None
        while True:
            result = self._shell.run_cell(source, store_history=False)
            error = result.error_before_exec or result.error_in_exec
            rest = after_missing_import(self._shell.transform_cell(source), error)
            if rest is None:
                return error
            library, source = rest
            self._note("library", library)

    def _report_ids(self) -> None:
        """Report with which ids the notebook asked for its own cells, once each."""
        own_cells = sys.modules.get("microns_widgets.grading.student.own_cells")
        with contextlib.suppress(Exception):  # a notebook may put anything there
            for student, exercise in list(getattr(own_cells, "asked", ())):
                if (student, exercise) not in self._ids:
                    self._ids.add((student, exercise))
                    asked = {"student": student[:_LONGEST_ID], "exercise": exercise}
                    self._send({"step": self._step, "asked": asked})

    def _note(self, kind: str, about: str) -> None:
        self._send({"step": self._step, "note": kind, "about": about[:_LONGEST_NOTE]})

    def _capture(self, number: int, step: Mapping[str, Any]) -> str:
        question = self._questions[step["question"]]
        for answer in question.answers:
            if (question.id, answer.name) in self._done and step.get("late"):
                continue
            record = self._record(answer)
            if record["state"] == "there":
                self._done.add((question.id, answer.name))
            self._send({"step": number, "variable": answer.name, **record})
        return ""

    def _branch(self, number: int, step: Mapping[str, Any]) -> str:
        """Run a cell of a master in a copy of the namespace, which is dropped afterwards."""
        namespace = dict(self._shell.user_ns)
        for name in (answer.name for answer in self._questions[step["question"]].answers):
            if name in namespace:
                with contextlib.suppress(Exception):  # if it cannot be copied, the original is used
                    self._shell.user_ns[name] = copy.deepcopy(namespace[name])
        try:
            error = self._cell(number, step)
            if not error:
                self._capture(number, {"question": step["question"]})
            return error
        finally:
            self._shell.user_ns.clear()
            self._shell.user_ns.update(namespace)

    def _record(self, answer: Answer) -> dict[str, Any]:
        try:
            with self._alarm():
                record = capture_answer(self._shell.user_ns, answer).to_json()
                size = len(self._encode(record))
        except BaseException as error:  # noqa: BLE001 an answer may raise what it likes
            return {"state": "failed", "why": f"could not be read ({_description(error)})."}
        if size > self._limits["question_bytes"]:
            return {"state": "too large", "why": f"takes {size:,} bytes."}
        return record

    def _send(self, record: Mapping[str, Any]) -> None:
        # A text may contain half of a surrogate pair, which cannot be encoded.
        line = self._encode(record).encode("utf-8", "replace") + b"\n"
        while line:
            line = line[self._write(self._out, line) :]

    @contextlib.contextmanager
    def _alarm(self) -> Iterator[None]:
        signal.signal(signal.SIGALRM, self._ring)
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, self._limits["cell_seconds"], _AGAIN)
        try:
            yield
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, *_: object) -> None:
        if self._armed:
            raise CellTooLong(f"stopped after {self._limits['cell_seconds']:g} s")


def _description(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 an exception class of the notebook's own
        text = ""
    name = type(error).__name__
    return f"{name}: {text}"[:_LONGEST_ERROR] if text else str(name)[:_LONGEST_ERROR]


def _write_files(folder: Path, files: Mapping[str, str | Mapping[str, str]]) -> None:
    for name, content in files.items():
        plain = base64.b64decode(content["base64"]) if isinstance(content, Mapping) else content
        path = folder / Path(name).name
        path.write_bytes(plain.encode() if isinstance(plain, str) else plain)


def _silence() -> None:
    """Discard all that is printed, and provide no input."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    sys.stdout = sys.stderr = os.fdopen(null, "w", encoding="utf-8", errors="replace")
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 open as long as the process runs


def run_job(job: Mapping[str, Any]) -> None:
    """Run a job, after this process has given up its rights."""
    for folder in job["folders"]:
        Path(folder).mkdir(parents=True, exist_ok=True)
    home = Path(job["folders"][0])
    os.chdir(home)
    _write_files(Path(os.environ["MPLCONFIGDIR"]), job["matplotlib"])
    driver = _Driver(job, os.dup(1))
    # Until here errors are reported outside; from here on untrusted code could print.
    _silence()
    # Files that lie beside the notebook can be imported, but not in place of this program's own.
    _write_files(home, job["files"])
    sys.path.insert(0, "")
    driver.run()
    # Not delayed by threads and exit handlers of the notebook.
    os._exit(0)
