"""Proof that a master is in order: four states of each question.

=========  ======================================================================
state      what must hold
=========  ======================================================================
untouched  the student's notebook runs, and each question says "not started"
right      the master's answers pass their public checks and get all points
wrong      each authored wrong way gets less, and is told by its own message
same       the right answers in other types get all points
=========  ======================================================================
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from microns_widgets.grading.authoring.key import LIMITS, Key, QuestionKey, Way
from microns_widgets.grading.authoring.master import Master
from microns_widgets.grading.authoring.notebooks import as_json
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.judge import points_of, ways_gone
from microns_widgets.grading.kinds import judged
from microns_widgets.grading.sandbox.run import run_notebook


def key_problems(master: Master, key: Key) -> list[str]:
    """Say what is wrong with the right, wrong and same answers of a master."""
    problems: list[str] = []
    for one in master.questions:
        found = key.questions[one.question.id]
        problems += [f"{one.question.id}: {says}" for says in _question(one.question, found)]
    return problems


def _question(question: Question, key: QuestionKey) -> Iterator[str]:
    if key.complaints:
        yield f"its own answers do not pass its practice checks:\n{key.complaints}"
    if not _full(question, key.right, key):
        yield "its own answers do not get all points."
    for way in key.same:
        if not _full(question, way.payloads, key):
            yield f"SAME {way.word} does not get all points: {'; '.join(_says(question, way, key))}"
    for way in key.wrong:
        yield from _wrong(question, way, key)


def _wrong(question: Question, way: Way, key: QuestionKey) -> Iterator[str]:
    if _full(question, way.payloads, key):
        yield f"WRONG {way.word} gives the right answers."
        return
    gone = ways_gone(question, {**key.right, **way.payloads}, key)
    if way.word not in gone:
        yield f"WRONG {way.word} is not told by its message."
    for other in gone.keys() - {way.word}:
        yield f"WRONG {way.word} cannot be told from WRONG {other}."
    if sum(other.message == way.message for other in key.wrong) > 1:
        yield f"WRONG {way.word} has the message of another way."


def _full(question: Question, payloads: Mapping[str, Any], key: QuestionKey) -> bool:
    most = sum(question.answer(name).points for name in payloads)
    return points_of(question, payloads, key) >= most - 1e-9


def _says(question: Question, way: Way, key: QuestionKey) -> Iterator[str]:
    for name, payload in way.payloads.items():
        for says in judged(payload, key.right[name], question.answer(name)).says:
            yield f"{name} {says}"


def untouched_problems(
    notebook: Mapping[str, Any], exercise: Exercise, *, version: str, data: Path | None
) -> list[str]:
    """Run a student's notebook as it is given out, and say what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{exercise.name}.ipynb"
        path.write_text(as_json(notebook), encoding="utf-8")
        run = run_notebook(
            path,
            {question.id: question for question in exercise.questions},
            version=version,
            data=data,
            limits=LIMITS,
            sandbox="unsafe",
            files={f"{exercise.name}.json": as_json(exercise.to_json())},
        )
    cells = notebook["cells"]
    problems = [
        f"Untouched, cell {cell['index'] + 1} ({cells[cell['index']].get('id')}) of the student's "
        f"notebook fails: {cell['error']}"
        for cell in run.cells
        if cell["error"]
    ]
    for question in exercise.questions:
        states = {name: one["state"] for name, one in run.answers[question.id].items()}
        if set(states.values()) != {"not started"}:
            problems.append(f"Untouched, {question.id} is not `not started`: {states}.")
    return problems
