"""Four states of each question of each exercise: untouched, right, wrong, right in other types.

Each master is run once with all its ways, and each student notebook once as it is given out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from microns_widgets.grading.exercise import Exercise, read_exercise
from microns_widgets.grading.judge import judge_question
from microns_widgets.grading.key import LIMITS, Key, QuestionKey, make_key
from microns_widgets.grading.marks import QuestionMark
from microns_widgets.grading.master import Master, read_master
from microns_widgets.grading.notebooks import as_json, source_of
from microns_widgets.grading.question import Question
from microns_widgets.grading.sandbox.run import Run, run_notebook

ROOT = Path(__file__).parents[2]
MASTERS = {path.stem: read_master(path) for path in sorted((ROOT / "solutions").glob("*.ipynb"))}
QUESTIONS = {one.question.id: one.question for m in MASTERS.values() for one in m.questions}
WAYS = [
    (one.question.id, aside.role, aside.word)
    for master in MASTERS.values()
    for one in master.questions
    for aside in one.asides
    if aside.role != "KEY"
]


class Proved(NamedTuple):
    """What running an exercise's two notebooks gave."""

    key: Key
    untouched: Run


@pytest.fixture(scope="session")
def proved() -> Callable[[str], Proved]:
    """Run an exercise's master and its student notebook, each once."""

    @cache
    def run(name: str) -> Proved:
        public = _public(name)
        untouched = run_notebook(
            ROOT / "exercises" / f"{name}.ipynb",
            {question.id: question for question in public.questions},
            limits=LIMITS,
            sandbox="unsafe",
            files={f"{name}.json": as_json(public.to_json())},
        )
        return Proved(make_key(MASTERS[name], exercise=public), untouched)

    return run


def _public(name: str) -> Exercise:
    return read_exercise(ROOT / "exercises" / f"{name}.json")


def _exercise_of(question: str) -> str:
    return question.partition(".")[0]


def _key(proved: Callable[[str], Proved], question: str) -> QuestionKey:
    return proved(_exercise_of(question)).key.questions[question]


def _mark(question: Question, payloads: dict, key: QuestionKey) -> QuestionMark:
    taken = {name: {"state": "there", "payload": one} for name, one in payloads.items()}
    # As it crosses from a sandbox.
    return judge_question(question, json.loads(json.dumps(taken)), key)


def test_there_are_five_exercises_of_about_25_questions_and_100_points():
    assert list(MASTERS) == ["by_hand", "degree", "inhibitory", "outputs", "strength"]
    assert 22 <= len(QUESTIONS) <= 30
    assert sum(question.points for question in QUESTIONS.values()) == 100


@pytest.mark.parametrize("name", MASTERS)
def test_each_exercise_has_a_figure_and_a_written_answer(name):
    kinds = [a.kind for question in MASTERS[name].exercise.questions for a in question.answers]
    assert "figure" in kinds or name == "by_hand"
    assert kinds.count("written") >= 1


@pytest.mark.parametrize("name", MASTERS)
def test_what_students_get_is_what_the_master_gives(name):
    from microns_widgets.grading.assign import give_out, student_notebook

    master: Master = MASTERS[name]
    folder = ROOT / "exercises"
    made = give_out(master.exercise, folder / f"{name}.json", ["sample"])
    assert as_json(made.to_json()) == (folder / f"{name}.json").read_text(encoding="utf-8")
    notebook = as_json(student_notebook(master))
    assert notebook == (folder / f"{name}.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MASTERS)
def test_what_students_get_holds_no_solution(name):
    notebook = (ROOT / "exercises" / f"{name}.ipynb").read_text(encoding="utf-8")
    for mark in ("# BEGIN", "# END", "# WRONG", "# SAME", "# KEY", "# QUESTION", "# CELLS"):
        assert mark not in notebook
    for one in MASTERS[name].questions:
        for aside in one.asides:
            assert json.dumps(aside.message)[1:-1] not in notebook or not aside.message
        for answer in one.question.answers:
            assert "guide" not in answer.options or answer.options["guide"] not in notebook


@pytest.mark.parametrize("question", QUESTIONS)
def test_untouched_it_is_not_started_and_gets_nothing(question, proved):
    run = proved(_exercise_of(question)).untouched
    assert {one["state"] for one in run.answers[question].values()} == {"not started"}
    mark = judge_question(QUESTIONS[question], run.answers[question], _key(proved, question))
    assert (mark.points, mark.pending) == (0, 0)


@pytest.mark.parametrize("name", MASTERS)
def test_what_students_get_runs_untouched(name, proved):
    run = proved(name).untouched
    assert run.ended == "whole"
    assert [cell for cell in run.cells if cell["error"]] == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_right_it_passes_in_practice_and_gets_all_points(question, proved):
    key = _key(proved, question)
    assert key.complaints == ""
    mark = _mark(QUESTIONS[question], dict(key.right), key)
    assert mark.points + mark.pending == pytest.approx(mark.possible)
    assert mark.wrong_way == ""


@pytest.mark.parametrize(("question", "role", "word"), WAYS, ids=[" ".join(way) for way in WAYS])
def test_each_authored_way_gets_what_it_should(question, role, word, proved):
    key = _key(proved, question)
    way = next(one for one in (key.wrong if role == "WRONG" else key.same) if one.word == word)
    mark = _mark(QUESTIONS[question], {**key.right, **way.payloads}, key)
    if role == "SAME":
        assert mark.points + mark.pending == pytest.approx(mark.possible)
    else:
        assert mark.points + mark.pending < mark.possible
        assert mark.comments == (way.message,)
        assert mark.wrong_way == word


@pytest.mark.parametrize("name", MASTERS)
def test_no_expected_value_stands_in_a_master_by_hand(name):
    # An id has 18 digits, and is of one version of the data only.
    for place, cell in enumerate(MASTERS[name].cells):
        assert "86469113" not in source_of(cell), f"cell {place + 1}"
