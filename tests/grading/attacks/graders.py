"""A submission handed to the naive grader, and to a sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from grading.attacks.attack import Attack, Outcome
from grading.attacks.world import KEY, SECRET, World

from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import KINDS, judge_answer
from microns_widgets.grading.limits import MIB, Limits
from microns_widgets.grading.notebook import Cell, SubmittedNotebook
from microns_widgets.grading.run.notebook_run import NotebookRun, run_notebook
from microns_widgets.grading.sandbox.interpreter import Interpreter
from microns_widgets.grading.sandbox.settings import RunSettings, SandboxKind

#: Small, so that an attack meets them soon.
LIMITS = Limits(
    seconds=40,
    cell_seconds=1.5,
    memory=400 * MIB,
    processes=32,
    disk=32 * MIB,
    open_files=128,
    question_bytes=100_000,
    output_bytes=2 * MIB,
)
_PATIENCE = 4.0
_NAIVE = Path(__file__).with_name("naive.py")


def questions() -> dict[str, Question]:
    """Three questions with one number each."""
    return {
        f"attack.{name}": Question.from_toml(
            f'id = "attack.{name}"\ntitle = "Number {name}"\npoints = 1\n'
            f'[answers.a{name[1:]}]\nkind = "number"\nabout = "a number"\n'
        )
        for name in KEY
    }


def naively(attack: Attack, world: World, folder: Path) -> Outcome:
    """Grade with nothing that keeps a submission in."""
    folder.mkdir()
    cells = folder / "cells.json"
    cells.write_text(json.dumps(attack.cells(world)))
    with (folder / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, str(_NAIVE), str(cells), str(world.key), str(world.result)],
            cwd=folder,
            env={**os.environ, "GRADING_SECRET": str(SECRET)},
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        ended = True
        try:
            process.wait(_PATIENCE + (16 if attack.harm.__name__ == "harm" else 0))
        except subprocess.TimeoutExpired:
            ended = False
        time.sleep(attack.settle)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    # What comes out of a child or another thread comes late on a busy machine.
    deadline = time.monotonic() + 5
    while True:
        said = {}
        with suppress(OSError, ValueError):  # none yet, or it is being written over
            said = json.loads(world.result.read_text())
        outcome = Outcome(
            marks=said.get("marks", {}),
            answers=said.get("answers", {}),
            traces=world.traces(),
            ended=ended,
            printed=(folder / "printed").stat().st_size,
        )
        if attack.harm(outcome) or time.monotonic() > deadline:
            return outcome
        time.sleep(0.02)


def sandboxed(
    attack: Attack, world: World, kind: SandboxKind, interpreter: Interpreter | None = None
) -> Outcome:
    """Grade the same notebook in a sandbox."""
    # Each cell checks its own question, as a student notebook does.
    cells = [Cell(n, text, f"attack.q{n + 1}") for n, text in enumerate(attack.cells(world))]
    wanted = questions()
    began = time.monotonic()
    settings = RunSettings(limits=LIMITS, sandbox=kind, interpreter=interpreter)
    run = run_notebook(SubmittedNotebook(tuple(cells)), wanted, settings)
    seconds = time.monotonic() - began
    time.sleep(attack.settle)
    taken = {name: answer for one in wanted for name, answer in run.answers[one].items()}
    payloads = {name: answer["payload"] for name, answer in taken.items()}
    return Outcome(
        marks={one.split(".")[1]: right(question, run) for one, question in wanted.items()},
        answers={
            name: plain.get("value") if isinstance(plain, dict) else None
            for name, plain in payloads.items()
        },
        traces=world.traces(),
        ended=seconds < LIMITS.seconds + 10,
        printed=len(json.dumps(payloads)),
        run=run,
    )


def right(question: Question, run: NotebookRun) -> bool:
    """Compare with the key, as the grader does: outside, on JSON alone."""
    [answer] = question.answers
    taken = run.answers[question.id][answer.name]
    if taken["state"] != "there":
        return False
    key = KINDS[answer.kind].capture(KEY[question.id.split(".")[1]], answer)
    return judge_answer(taken["payload"], key, answer).share == 1
