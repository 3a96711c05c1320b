"""Follow-through: which later answers are right for a student's own earlier answers.

A later answer often follows from earlier ones. If an earlier answer is wrong, the master's own
solution is run again with the student's value in its place. The result then counts as right, too.

The student's values are passed to this run as plain JSON. The kinds read them, in a sandbox like
that of a submission. No code of a submission is executed there, and no submission ever shares a
sandbox with a solution.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.grading.authoring.key_store import content_digest, keys_folder
from microns_widgets.grading.authoring.make_key import LIMITS, cell_steps
from microns_widgets.grading.authoring.master import Master, MasterQuestion
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.judge import Answers
from microns_widgets.grading.kinds import Capture, judge_answer, practice_complaints
from microns_widgets.grading.kinds.answer import Answer
from microns_widgets.grading.notebook_json import as_json, source_of
from microns_widgets.grading.sandbox.records import StepResult
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.grading.sandbox.steps import run_steps

#: Question id to variable to the payload that is right for the student's own earlier answers.
Followed = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class FollowRun:
    """What follows from the earlier answers of several students.

    Attributes
    ----------
    followed : tuple of dict
        What follows, one mapping per student.
    problem : str
        Why it could not be computed; empty if it could.
    """

    followed: tuple[Followed, ...]
    problem: str = ""


@dataclass(frozen=True)
class Case:
    """Answers to one question that may follow from a student's own earlier ones.

    Attributes
    ----------
    question : str
        Id of the question.
    names : tuple of str
        Its answers.
    earlier : dict
        The student's payloads of the earlier answers that are wrong, by variable.
    """

    question: str
    names: tuple[str, ...]
    earlier: Mapping[str, Any]


def cases_of(exercise: Exercise, answers: Mapping[str, Answers], key: Key) -> list[Case]:
    """Return what has to be followed to judge a student's answers.

    An earlier answer counts only if it passes its practice check: nothing follows from a value that
    is missing, of the wrong kind or out of bounds.
    """
    owners = {a.name: question.id for question in exercise.questions for a in question.answers}
    known = {a.name: a for question in exercise.questions for a in question.answers}

    def payload(name: str) -> Any:
        record = answers.get(owners[name], {}).get(name, {})
        return record.get("payload") if record.get("state") == "there" else None

    def is_wrong(name: str) -> bool:
        share = judge_answer(payload(name), key.questions[owners[name]].right[name], known[name])
        return share.share is not None and share.share < 1

    def is_usable(name: str) -> bool:
        return payload(name) is not None and not _complaints(payload(name), known[name])

    cases: list[Case] = []
    for question in exercise.questions:
        groups: dict[tuple[str, ...], list[str]] = {}
        for answer in question.answers:
            if not answer.follows or payload(answer.name) is None or not is_wrong(answer.name):
                continue
            if all(is_usable(name) for name in answer.follows):
                own = tuple(name for name in answer.follows if is_wrong(name))
                groups.setdefault(own, []).append(answer.name)
        for own, names in groups.items():
            if own:
                earlier = {name: payload(name) for name in own}
                cases.append(Case(question.id, tuple(names), earlier))
    return cases


def _complaints(payload: object, answer: Answer) -> list[str]:
    try:
        return practice_complaints(Capture("there", payload), answer)
    except Exception:  # noqa: BLE001  a forged payload
        return ["is damaged."]


def follow(
    master: Master,
    key: Key,
    students: Sequence[Sequence[Case]],
    *,
    exercise: Exercise | None = None,
    settings: RunSettings | None = None,
) -> FollowRun:
    """Run a master with the students' own earlier values, all in one run.

    Parameters
    ----------
    master : Master
        The master notebook.
    key : Key
        The key of the students' variant.
    students : sequence of sequences of Case
        What has to be followed, by student.
    exercise : Exercise, optional
        The public file that students have. Default: the master's own.
    settings : RunSettings, optional
        Which data, and in which sandbox. Default: the sample.

    Returns
    -------
    FollowRun
        Where the solution fails with a student's values, nothing follows from them.
    """
    public, settings = exercise or master.exercise, settings or RunSettings()
    cases = [case for one in students for case in one]
    if not cases:
        return FollowRun(tuple({} for _ in students))
    digest = hashlib.sha256(content_digest(master, public, key.variant, settings).encode())
    digest.update(as_json([vars(case) for case in cases]).encode())
    path = keys_folder() / f"followed-{digest.hexdigest()}.json"
    results: list[dict[str, Any]] | None = None
    problem = ""
    with suppress(OSError, ValueError):  # missing or damaged
        results = json.loads(path.read_text(encoding="utf-8"))
    if results is None:
        results, problem = _run(master, key, cases, public, settings)
        if not problem:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_text(path, as_json(results), mode=0o600)
    rest = iter(zip(cases, results, strict=True))
    return FollowRun(tuple(_by_question(next(rest) for _ in one) for one in students), problem)


def _by_question(results: Iterable[tuple[Case, dict[str, Any]]]) -> Followed:
    followed: dict[str, dict[str, Any]] = {}
    for case, payloads in results:
        followed.setdefault(case.question, {}).update(payloads)
    return followed


def _run(
    master: Master, key: Key, cases: Sequence[Case], public: Exercise, settings: RunSettings
) -> tuple[list[dict[str, Any]], str]:
    """Return what follows in each case, and what went wrong with the master's own cells."""
    master = master.with_versions(public.versions_of(key.variant))
    student = public.some_student(key.variant)
    known = {a.name: a for question in public.questions for a in question.answers}
    files = {f"{public.name}.json": as_json(public.to_json())}
    steps: list[dict[str, Any]] = []
    places: dict[int, int] = {}
    for one in master.questions:
        own = [n for n, case in enumerate(cases) if case.question == one.question.id]
        if not own:
            continue
        start = steps[-1]["index"] + 1 if steps else 0
        for place in range(start, one.start):
            steps += cell_steps(master, place, student)
        for number in own:
            case = cases[number]
            name = f"microns-own-{number}.json"
            files[name] = as_json(
                [{**_plain(known[n]), "payload": p} for n, p in case.earlier.items()]
            )
            places[number] = len(steps)
            source = pinned_source(solution_of(master, one), list(case.earlier), name)
            steps.append(
                {"do": "branch", "index": one.start, "source": source, "question": case.question}
            )
    # As generous as for the key, but in a sandbox: the values come from submissions.
    limits = replace(settings.limits, seconds=LIMITS.seconds)
    questions = {question.id: question for question in public.questions}
    results, _ = run_steps(steps, questions, replace(settings, limits=limits), files)
    errors = (
        f"Cell {step['index'] + 1} of {master.path.name}: {result.error or 'was not run'}"
        for step, result in zip(steps, results, strict=True)
        # A branch that fails costs its own student only, but one that was not run is reported.
        if (step["do"] == "cell" and result.error) or not (result.started or result.error)
    )
    return [
        _captured(case, results[places[number]], key) for number, case in enumerate(cases)
    ], next(errors, "")


def _captured(case: Case, result: StepResult, key: Key) -> dict[str, Any]:
    right, captured = key.questions[case.question].right, result.answers
    return {
        name: captured[name]["payload"]
        | ({"private": right[name]["private"]} if "private" in right[name] else {})
        for name in case.names
        if captured.get(name, {}).get("state") == "there"
    }


def _plain(answer: Answer) -> dict[str, Any]:
    return {"name": answer.name, "kind": answer.kind, "options": dict(answer.options)}


def solution_of(master: Master, question: MasterQuestion) -> str:
    """Return the code of a question: what students write, and what is given to them.

    If the question has versions, `master` has only one of them; see `Master.with_versions`.
    """
    places = range(question.start + 1, question.end)
    return "\n".join(
        source_of(master.cells[place])
        for place in places
        if master.cells[place].get("cell_type") == "code" and master.judging_cell_at(place) is None
    )


def pinned_source(source: str, names: Sequence[str], file: str) -> str:
    """Return code in which some variables always have the values that a file gives them.

    Whenever the code assigns to one of them, it gets the given value again.
    """
    first = (
        "from microns_widgets.grading.authoring.own_values import own_values\n"
        f"microns_own = own_values({file!r})\n"
    )
    pins = {name: f"{name} = microns_own({name!r})" for name in names}
    lines = [first, *pins.values()]
    for statement in ast.parse(source).body:
        lines.append(ast.unparse(statement))
        assigned = {
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        lines += [pin for name, pin in pins.items() if name in assigned]
    return "\n".join(lines)


def follow_problems(
    master: Master, exercise: Exercise, key: Key, settings: RunSettings
) -> list[str]:
    """Return which answers do not follow from the master's own earlier ones, with the reason."""
    right = {
        name: one for question in key.questions.values() for name, one in question.right.items()
    }
    cases = [
        Case(question.id, (answer.name,), {name: right[name] for name in answer.follows})
        for question in exercise.questions
        for answer in question.answers
        if answer.follows
    ]
    run = follow(master, key, [[case] for case in cases], exercise=exercise, settings=settings)
    problems = [run.problem] if run.problem else []
    for case, result in zip(cases, run.followed, strict=True):
        (name,) = case.names
        answer = next(q for q in exercise.questions if q.id == case.question).answer(name)
        payload = result.get(case.question, {}).get(name)
        if payload is None or judge_answer(payload, right[name], answer).share != 1:
            what = "fails" if payload is None else "gives something else"
            problems.append(
                f"{case.question}: {name} should follow from {', '.join(case.earlier)}, but the "
                f"solution {what} with their values as a number, text, array of ids or frame."
            )
    return problems
