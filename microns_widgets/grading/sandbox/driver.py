"""The process inside the sandbox: runs a notebook's cells and says what its answers are.

It reads one job as JSON from its standard input and writes records as JSON lines to what was
its standard output. It knows questions, but no key, no mark and no other submission. Whatever
a notebook does to this process, the most that it can say outside is "my answer is ...".

Answers go out as soon as they are taken, so that a kill later on does not lose them. A record
names the step of the job that it belongs to; what else it holds is checked outside.
"""

from __future__ import annotations

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
from microns_widgets.grading.kinds import captured

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from microns_widgets.grading.kinds.answer import Answer

#: Characters of an error's text that are told.
_WORDS = 500
#: A notebook that swallows the first signal gets another each second.
_AGAIN = 1.0


class CellTooLong(BaseException):
    """A step took longer than its limit. Not an Exception: `except Exception` lets it pass."""


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
        self._shell: Any = _shell()
        # Taken now: a cell may change the module's.
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        self._write = os.write

    def run(self) -> None:
        skip = set(self._job["skip"])
        for number, step in enumerate(self._job["steps"]):
            if number in skip:
                continue
            self._say({"step": number, "state": "started"})
            began = time.monotonic()
            error = getattr(self, f"_{step['do']}")(number, step)
            seconds = round(time.monotonic() - began, 3)
            self._say({"step": number, "state": "ended", "seconds": seconds, "error": error})
        self._say({"state": "whole"})

    def _cell(self, number: int, step: Mapping[str, Any]) -> str:
        try:
            with self._alarm():
                result = self._shell.run_cell(step["source"], store_history=False)
                error = result.error_before_exec or result.error_in_exec
                return _words(error) if error is not None else ""
        except BaseException as error:  # noqa: BLE001 a cell's way out is the cell's, not ours
            return _words(error)

    def _capture(self, number: int, step: Mapping[str, Any]) -> str:
        question = self._questions[step["question"]]
        for answer in question.answers:
            if (question.id, answer.name) in self._done and step.get("late"):
                continue
            taken = self._taken(answer)
            if taken["state"] == "there":
                self._done.add((question.id, answer.name))
            self._say({"step": number, "variable": answer.name, **taken})
        return ""

    def _branch(self, number: int, step: Mapping[str, Any]) -> str:
        """Run a cell of a master aside: in a copy of the namespace that is dropped afterwards."""
        kept = dict(self._shell.user_ns)
        for name in (answer.name for answer in self._questions[step["question"]].answers):
            if name in kept:
                with contextlib.suppress(Exception):  # what has no copy is handed over itself
                    self._shell.user_ns[name] = copy.deepcopy(kept[name])
        try:
            error = self._cell(number, step)
            if not error:
                self._capture(number, {"question": step["question"]})
            return error
        finally:
            self._shell.user_ns.clear()
            self._shell.user_ns.update(kept)

    def _taken(self, answer: Answer) -> dict[str, Any]:
        try:
            with self._alarm():
                taken = captured(self._shell.user_ns, answer).to_json()
                size = len(self._encode(taken))
        except BaseException as error:  # noqa: BLE001 an answer may raise what it likes
            return {"state": "failed", "why": f"could not be read ({_words(error)})."}
        if size > self._limits["question_bytes"]:
            return {"state": "too large", "why": f"takes {size:,} bytes."}
        return taken

    def _say(self, record: Mapping[str, Any]) -> None:
        # A text may hold half of a character, which no file can.
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


def _words(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 an exception class of the notebook's own
        text = ""
    name = type(error).__name__
    return f"{name}: {text}"[:_WORDS] if text else str(name)[:_WORDS]


def _shell() -> InteractiveShell:
    """Make an IPython shell that shows nothing: nobody is there to see it."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Unseen(DisplayHook):
        def __call__(self, result: object = None) -> None:
            if result is not None:
                shell.user_ns["_"] = result

    class Nowhere(DisplayPublisher):
        def publish(self, *args: object, **kwargs: object) -> None:
            """Show nothing."""

    class Shell(InteractiveShell):
        displayhook_class = Unseen
        display_pub_class = Nowhere

        def showtraceback(self, *args: object, **kwargs: object) -> None:
            """Show nothing: the error is in the cell's result."""

        showsyntaxerror = showtraceback

    config = Config()
    config.HistoryManager.enabled = False
    shell: InteractiveShell = Shell.instance(config=config)
    return shell


def _files(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / Path(name).name).write_text(text, encoding="utf-8")


def _quiet() -> None:
    """What is printed goes nowhere, and nothing comes in."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w", encoding="utf-8", errors="replace")
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 as long as the process


def work(job: Mapping[str, Any]) -> None:
    """Do a job; everything that can be given up has been."""
    for folder in job["folders"]:
        Path(folder).mkdir(parents=True, exist_ok=True)
    home = Path(job["folders"][0])
    os.chdir(home)
    _files(home, job["files"])
    _files(Path(os.environ["MPLCONFIGDIR"]), job["matplotlib"])
    # What was handed in beside the notebook can be imported.
    sys.path.insert(0, "")
    driver = _Driver(job, os.dup(1))
    # Until here an error is told outside; from here on a stranger's program could speak.
    _quiet()
    driver.run()
    # Threads and exit handlers of the notebook's do not hold us up.
    os._exit(0)
