"""Creates the key of a variant: runs the master for it, on the same data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.master import (
    JudgingCell,
    Master,
    MasterQuestion,
    names_set_by,
)
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Alternative, Key, QuestionKey
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import private_of
from microns_widgets.grading.limits import MIB, Limits
from microns_widgets.grading.notebook_json import as_json, source_of
from microns_widgets.grading.sandbox.records import StepResult
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.grading.sandbox.steps import run_steps

#: More generous than for students: a master is trusted, and also runs all wrong answers.
LIMITS = Limits(
    seconds=1800, cell_seconds=300, memory=8192 * MIB, disk=1024 * MIB, output_bytes=1024 * MIB
)
_STUDENT = re.compile(r"^STUDENT = .*$", re.MULTILINE)
#: Name of the variable for what `check` finds wrong with the master's own answers.
_COMPLAINTS = "microns_check_complaints"

Results = Mapping[tuple[str, object], StepResult]


def master_settings(settings: RunSettings) -> RunSettings:
    """Return the settings for running a master on the same data: it is trusted."""
    return replace(settings, limits=LIMITS, sandbox="unsafe", hidden=())


def make_key(
    master: Master,
    variant: int = 0,
    *,
    exercise: Exercise | None = None,
    settings: RunSettings | None = None,
) -> Key:
    """Run a master for a variant, in a separate process.

    Parameters
    ----------
    master : Master
        The master notebook.
    variant : int
        The variant of the student whose key it is.
    exercise : Exercise, optional
        The public file that students have, with the cells that were given out. Default: the
        master's own.
    settings : RunSettings, optional
        Which data; see `master_settings`. Default: the sample.

    Raises
    ------
    MasterError
        If a cell fails, or an answer is missing.
    """
    public = exercise or master.exercise
    settings = master_settings(settings or RunSettings())
    master = master.with_versions(public.versions_of(variant))
    steps, questions = _plan(master, public.some_student(variant))
    files = {f"{public.name}.json": as_json(public.to_json())}
    results, end = run_steps(steps, questions, settings, files)
    problems = [] if end == "whole" else [f"It was stopped before the end: {end}."]
    for step, result in zip(steps, results, strict=True):
        if result.error:
            problems.append(f"{_location(master, step)} fails: {result.error}")
    by_step = dict(zip(map(_step_name, steps), results, strict=True))
    keys = {}
    if not problems:
        for one in master.questions:
            keys[one.question.id] = _question_key(one, by_step, problems)
    if problems:
        raise MasterError(
            f"{master.path} ({public.described(variant)}, data {settings.version!r}) yields no "
            "key:\n" + "\n".join(f"- {problem}" for problem in problems)
        )
    return Key(public.name, variant, settings.version, keys)


def _location(master: Master, step: Mapping[str, Any]) -> str:
    if "index" not in step:
        return f"Capturing the answers of {step['question']}"
    cell = master.cells[step["index"]]
    return f"Cell {step['index'] + 1} ({cell.get('id', 'without an id')})"


def _plan(master: Master, student: str) -> tuple[list[dict[str, Any]], dict[str, Question]]:
    """Plan the run: cells in their order, and at the end of each question its answers."""
    steps: list[dict[str, Any]] = []
    questions: dict[str, Question] = {}
    ends = {one.end: one for one in master.questions}
    for place in range(len(master.cells) + 1):
        if place in ends:
            steps += _steps_at_end(ends[place], questions)
        if place == len(master.cells):
            break
        steps += cell_steps(master, place, student)
    return steps, questions


def cell_steps(master: Master, place: int, student: str) -> list[dict[str, Any]]:
    """Return the step that runs a cell as a student would; none if it is not run for all."""
    cell, judging = master.cells[place], master.judging_cell_at(place)
    if cell.get("cell_type") != "code" or not (judging is None or judging.role == "KEY"):
        return []
    source = source_of(cell)
    if cell.get("id") == "student":
        source = _STUDENT.sub(f"STUDENT = {student!r}", source)
    return [{"do": "cell", "index": place, "source": source}]


def _steps_at_end(one: MasterQuestion, questions: dict[str, Question]) -> list[dict[str, Any]]:
    question = one.question
    check = Question.from_table(
        {
            "id": f"{question.id}.check",
            "title": "Complaints of mw.check",
            "points": 1,
            "answers": {_COMPLAINTS: {"kind": "written", "about": "complaints"}},
        }
    )
    source = (
        "import microns_widgets.grading.student.check as microns_check\n"
        f"microns_check = microns_check.check({question.id!r})\n"
        f"{_COMPLAINTS} = "
        "'' if microns_check.state == 'the form is right' else repr(microns_check)"
    )
    questions |= {question.id: question, check.id: check}
    steps: list[dict[str, Any]] = [{"do": "capture", "question": question.id}]
    private = [answer for a in question.answers if (answer := private_of(a)) is not None]
    if private:
        hidden = Question(f"{question.id}.key", "KEY", len(private), tuple(private))
        questions[hidden.id] = hidden
        steps.append({"do": "capture", "question": hidden.id})
    steps.append({"do": "branch", "index": one.start, "source": source, "question": check.id})
    for cell in one.judging_cells:
        if cell.role != "KEY":
            branch = {"index": cell.place, "source": cell.source, "question": question.id}
            steps.append({"do": "branch", **branch})
    return steps


def _step_name(step: Mapping[str, Any]) -> tuple[str, object]:
    if step["do"] == "capture":
        return "capture", step["question"]
    return step["do"], (step["index"], step.get("question"))


def _question_key(one: MasterQuestion, results: Results, problems: list[str]) -> QuestionKey:
    question = one.question
    right = _payloads(results["capture", question.id], question.id, problems)
    for answer in question.answers:
        private = private_of(answer)
        if private is not None and answer.name in right:
            hidden = _payloads(results["capture", f"{question.id}.key"], question.id, problems)
            right[answer.name] = {**right[answer.name], "private": hidden.get(private.name)}
    check = results["branch", (one.start, f"{question.id}.check")].answers.get(_COMPLAINTS, {})
    complaints = str((check.get("payload") or {"text": check.get("why", "")})["text"])
    alternatives = {
        role: tuple(
            _alternative(cell, question, right, results, problems) for cell in one.with_role(role)
        )
        for role in ("WRONG", "SAME")
    }
    return QuestionKey(right, alternatives["WRONG"], alternatives["SAME"], complaints)


def _payloads(result: StepResult, where: str, problems: list[str]) -> dict[str, Any]:
    for name, answer in result.answers.items():
        if answer["state"] != "there":
            problems.append(f"{where}: {name} is {answer['state']}. {name} {answer['why']}")
    return {n: a["payload"] for n, a in result.answers.items() if a["state"] == "there"}


def _alternative(
    cell: JudgingCell,
    question: Question,
    right: Mapping[str, Any],
    results: Results,
    problems: list[str],
) -> Alternative:
    where = f"{question.id}, {cell.role} {cell.name}"
    payloads = _payloads(results["branch", (cell.place, question.id)], where, problems)
    for name in payloads:
        # The private part is the same for all answers.
        if "private" in right.get(name, {}):
            payloads[name] = {**payloads[name], "private": right[name]["private"]}
    # A cell that changes an answer in place assigns no name.
    assigned = names_set_by(cell.source)
    own = {
        name: payload
        for name, payload in payloads.items()
        if name in assigned or payload != right.get(name)
    }
    return Alternative(cell.name, cell.message, own, cell.share)
