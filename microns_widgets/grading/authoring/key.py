"""The key of a variant: what the master itself gives, executed for it on the same data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.master import Aside, Master, MasterQuestion, assigned
from microns_widgets.grading.authoring.notebooks import as_json, source_of
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import private_of
from microns_widgets.grading.limits import MIB, Limits
from microns_widgets.grading.sandbox.records import StepResult
from microns_widgets.grading.sandbox.run import run_steps

#: A master runs all wrong ways too, and is trusted.
LIMITS = Limits(
    seconds=1800, cell_seconds=300, memory=8192 * MIB, disk=1024 * MIB, output_bytes=1024 * MIB
)
_STUDENT = re.compile(r"^STUDENT = .*$", re.MULTILINE)
#: Name of the variable that holds what `check` complains of in the master.
_SAYS = "microns_check_says"


@dataclass(frozen=True)
class Way:
    """Answers that are not the master's own: a wrong way, or the same in other types.

    Attributes
    ----------
    word, message : str
        As in the master.
    payloads : dict
        By variable, those that the way gives.
    """

    word: str
    message: str
    payloads: Mapping[str, Any]


@dataclass(frozen=True)
class QuestionKey:
    """The key of one question.

    Attributes
    ----------
    right : dict
        By variable, the payload of the master's answer.
    wrong, same : tuple of Way
        The authored wrong ways, and the right answers in other types.
    complaints : str
        What `mw.check` says of the master's own answers; nothing, for a master in order.
    """

    right: Mapping[str, Any]
    wrong: tuple[Way, ...]
    same: tuple[Way, ...]
    complaints: str = ""


@dataclass(frozen=True)
class Key:
    """The keys of all questions of an exercise, for one variant and one version of the data."""

    exercise: str
    variant: int
    version: str
    questions: Mapping[str, QuestionKey]

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "exercise": self.exercise,
            "variant": self.variant,
            "version": self.version,
            "questions": {
                name: {
                    "right": one.right,
                    "wrong": [vars(way) for way in one.wrong],
                    "same": [vars(way) for way in one.same],
                    "complaints": one.complaints,
                }
                for name, one in self.questions.items()
            },
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Key:
        """Read what was kept."""
        questions = {
            name: QuestionKey(
                one["right"],
                tuple(Way(**way) for way in one["wrong"]),
                tuple(Way(**way) for way in one["same"]),
                one["complaints"],
            )
            for name, one in kept["questions"].items()
        }
        return cls(kept["exercise"], kept["variant"], kept["version"], questions)


def make_key(
    master: Master,
    variant: int = 0,
    *,
    exercise: Exercise | None = None,
    version: str = "sample",
    data: Path | None = None,
) -> Key:
    """Execute a master for a variant, in a process of its own.

    Parameters
    ----------
    master : Master
        Which notebook.
    variant : int
        As which student.
    exercise : Exercise, optional
        The public file that students have, with the cells that were given out; the master's
        own without it.
    version : str
        ``MICRONS_VERSION`` for it.
    data : path, optional
        Folder with data, where the version is one.

    Raises
    ------
    MasterError
        If a cell fails, or an answer is not there.
    """
    public = exercise or master.exercise
    steps, questions = _plan(master, public.some_student(variant))
    results, ended = run_steps(
        steps,
        questions,
        version=version,
        data=data,
        limits=LIMITS,
        way="unsafe",
        files={f"{public.name}.json": as_json(public.to_json())},
    )
    problems = [] if ended == "whole" else [f"It was ended before its end: {ended}."]
    for step, result in zip(steps, results, strict=True):
        if result.error:
            problems.append(f"{_place(master, step)} fails: {result.error}")
    found = dict(zip(map(_name, steps), results, strict=True))
    keys = {}
    if not problems:
        for one in master.questions:
            keys[one.question.id] = _question_key(one, found, problems)
    if problems:
        raise MasterError(
            f"{master.path} (variant {variant}, data {version!r}) gives no key:\n"
            + "\n".join(f"- {says}" for says in problems)
        )
    return Key(public.name, variant, version, keys)


def _place(master: Master, step: Mapping[str, Any]) -> str:
    if "index" not in step:
        return f"Taking the answers of {step['question']}"
    cell = master.cells[step["index"]]
    return f"Cell {step['index'] + 1} ({cell.get('id', 'without an id')})"


def _plan(master: Master, student: str) -> tuple[list[dict[str, Any]], dict[str, Question]]:
    """Steps for the process inside: cells in their order, at a question's end its answers."""
    steps: list[dict[str, Any]] = []
    questions: dict[str, Question] = {}
    ends = {one.end: one for one in master.questions}
    for place in range(len(master.cells) + 1):
        if place in ends:
            steps += _end_of(ends[place], questions)
        if place == len(master.cells):
            break
        cell, aside = master.cells[place], master.aside_at(place)
        if cell.get("cell_type") == "code" and (aside is None or aside.role == "KEY"):
            source = source_of(cell)
            if cell.get("id") == "student":
                source = _STUDENT.sub(f"STUDENT = {student!r}", source)
            steps.append({"do": "cell", "index": place, "source": source})
    return steps, questions


def _end_of(one: MasterQuestion, questions: dict[str, Question]) -> list[dict[str, Any]]:
    question = one.question
    says = Question.from_table(
        {
            "id": f"{question.id}.check",
            "title": "What check says",
            "points": 1,
            "answers": {_SAYS: {"kind": "written", "about": "complaints"}},
        }
    )
    asked = (
        "import microns_widgets.grading.student.check as microns_check\n"
        f"microns_check = microns_check.check({question.id!r})\n"
        f"{_SAYS} = '' if microns_check.state == 'practice checks pass' else repr(microns_check)"
    )
    questions |= {question.id: question, says.id: says}
    steps: list[dict[str, Any]] = [{"do": "capture", "question": question.id}]
    private = [answer for a in question.answers if (answer := private_of(a)) is not None]
    if private:
        hidden = Question(f"{question.id}.key", "KEY", len(private), tuple(private))
        questions[hidden.id] = hidden
        steps.append({"do": "capture", "question": hidden.id})
    steps.append({"do": "branch", "index": one.start, "source": asked, "question": says.id})
    for aside in one.asides:
        if aside.role != "KEY":
            named = {"index": aside.cell, "source": aside.source, "question": question.id}
            steps.append({"do": "branch", **named})
    return steps


def _name(step: Mapping[str, Any]) -> tuple[str, object]:
    where = step["question"] if step["do"] == "capture" else (step["index"], step.get("question"))
    return step["do"], where


def _question_key(
    one: MasterQuestion, found: Mapping[tuple[str, object], StepResult], problems: list[str]
) -> QuestionKey:
    question = one.question
    right = _payloads(found["capture", question.id], question.id, problems)
    for answer in question.answers:
        private = private_of(answer)
        if private is not None and answer.name in right:
            hidden = _payloads(found["capture", f"{question.id}.key"], question.id, problems)
            right[answer.name] = {**right[answer.name], "private": hidden.get(private.name)}
    says = found["branch", (one.start, f"{question.id}.check")].answers.get(_SAYS, {})
    text = str((says.get("payload") or {"text": says.get("why", "")})["text"])
    ways = {
        role: tuple(_way(aside, question, right, found, problems) for aside in one.ways(role))
        for role in ("WRONG", "SAME")
    }
    return QuestionKey(right, ways["WRONG"], ways["SAME"], text)


def _payloads(result: StepResult, where: str, problems: list[str]) -> dict[str, Any]:
    for name, answer in result.answers.items():
        if answer["state"] != "there":
            problems.append(f"{where}: {name} is {answer['state']}. {name} {answer['why']}")
    return {n: a["payload"] for n, a in result.answers.items() if a["state"] == "there"}


def _way(
    aside: Aside,
    question: Question,
    right: Mapping[str, Any],
    found: Mapping[tuple[str, object], StepResult],
    problems: list[str],
) -> Way:
    where = f"{question.id}, {aside.role} {aside.word}"
    given = _payloads(found["branch", (aside.cell, question.id)], where, problems)
    for name in given:
        # What judging needs beside it is the same for every way.
        if "private" in right.get(name, {}):
            given[name] = {**given[name], "private": right[name]["private"]}
    # A way that changes an answer in place assigns no name.
    own = {
        name for name in given if name in assigned(aside.source) or given[name] != right.get(name)
    }
    return Way(aside.word, aside.message, {name: given[name] for name in given if name in own})
