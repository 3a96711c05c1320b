"""Checks that a master is valid: four states of each question.

=========  ======================================================================
state      what must hold
=========  ======================================================================
untouched  the student's notebook runs, and each question is "not started"
right      the master's answers pass their public checks and get all points
wrong      each authored wrong answer gets less, and is recognised by its message
same       the right answers as other Python types get all points
=========  ======================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from microns_widgets.grading.authoring.make_key import master_settings
from microns_widgets.grading.authoring.master import Master
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Alternative, Key, QuestionKey
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.judge import matching_wrong_answers, points_of
from microns_widgets.grading.kinds import judge_answer
from microns_widgets.grading.notebook import parse_notebook
from microns_widgets.grading.notebook_json import as_json
from microns_widgets.grading.run.notebook_run import run_notebook
from microns_widgets.grading.sandbox.settings import RunSettings


def key_problems(master: Master, key: Key) -> list[str]:
    """Return what is wrong with the right, wrong and same answers of a master."""
    problems: list[str] = []
    for one in master.questions:
        question_key = key.questions[one.question.id]
        problems += [f"{one.question.id}: {p}" for p in _question(one.question, question_key)]
    return problems


def _question(question: Question, key: QuestionKey) -> Iterator[str]:
    if key.complaints:
        yield f"its own answers do not pass its checks:\n{key.complaints}"
    if not _all_points(question, key.right, key):
        yield "its own answers do not get all points."
    for same in key.same:
        if not _all_points(question, same.payloads, key):
            reasons = "; ".join(_complaints(question, same, key))
            yield f"SAME {same.name} does not get all points: {reasons}"
    for wrong in key.wrong:
        yield from _wrong(question, wrong, key)


def _wrong(question: Question, wrong: Alternative, key: QuestionKey) -> Iterator[str]:
    if _all_points(question, wrong.payloads, key):
        yield f"WRONG {wrong.name} gives the right answers."
        return
    matches = matching_wrong_answers(question, {**key.right, **wrong.payloads}, key)
    if wrong.name not in matches:
        yield f"WRONG {wrong.name} is not recognised, so its message would never be shown."
    for other in matches.keys() - {wrong.name}:
        yield f"WRONG {wrong.name} cannot be told apart from WRONG {other}."
    if sum(other.message == wrong.message for other in key.wrong) > 1:
        yield f"WRONG {wrong.name} has the same message as another one."


def _all_points(question: Question, payloads: Mapping[str, Any], key: QuestionKey) -> bool:
    most = sum(question.answer(name).points for name in payloads)
    return points_of(question, payloads, key) >= most - 1e-9


def _complaints(question: Question, same: Alternative, key: QuestionKey) -> Iterator[str]:
    for name, payload in same.payloads.items():
        for complaint in judge_answer(payload, key.right[name], question.answer(name)).complaints:
            yield f"{name} {complaint}"


def untouched_problems(
    notebook: Mapping[str, Any], exercise: Exercise, settings: RunSettings
) -> list[str]:
    """Run a student's notebook as it is given out, and return what is wrong."""
    settings = master_settings(settings)
    run = run_notebook(
        parse_notebook(as_json(notebook).encode(), settings.limits),
        {question.id: question for question in exercise.questions},
        settings,
        files={f"{exercise.name}.json": as_json(exercise.to_json())},
    )
    cells = notebook["cells"]
    problems = [
        f"Before students change anything, cell {cell['index'] + 1} "
        f"({cells[cell['index']].get('id')}) of their notebook fails: {cell['error']}"
        for cell in run.cells
        if cell["error"]
    ]
    for question in exercise.questions:
        states = {name: one["state"] for name, one in run.answers[question.id].items()}
        if set(states.values()) != {"not started"}:
            problems.append(
                f"Before students change anything, {question.id} should be `not "
                f"started`, but its answers are: {states}."
            )
    return problems
