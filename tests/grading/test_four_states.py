"""Four states of each question of each exercise: untouched, right, wrong, right in other types.

Each master is run once with all its ways, and each student notebook once as it is given out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from long_cases import long_unless

from microns_widgets.grading.authoring.key_store import key_for
from microns_widgets.grading.authoring.make_key import LIMITS, master_settings
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.exercise.key import Key, QuestionKey
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.judge import judge_question
from microns_widgets.grading.marks import QuestionMark
from microns_widgets.grading.notebook import parse_notebook
from microns_widgets.grading.notebook_json import as_json
from microns_widgets.grading.run.notebook_run import NotebookRun, run_notebook
from microns_widgets.grading.sandbox.settings import RunSettings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
MASTERS = {path.stem: read_master(path) for path in sorted((ROOT / "solutions").glob("*.ipynb"))}
QUESTIONS = {one.question.id: one.question for m in MASTERS.values() for one in m.questions}
WAYS = [
    (one.question.id, cell.role, cell.name)
    for master in MASTERS.values()
    for one in master.questions
    for cell in one.judging_cells
    if cell.role != "KEY"
]


def _is_usual(name: str) -> bool:
    """Whether `make test` includes an exercise or question; `microns assign` checks them all."""
    return _exercise_of(name) == "by_hand"


class Proved(NamedTuple):
    """What running an exercise's two notebooks gave."""

    key: Key
    untouched: NotebookRun


@pytest.fixture(scope="session")
def proved(cache_with_key: Callable[[str, int], Path]) -> Callable[[str], Proved]:
    """Run an exercise's master and its student notebook, each once."""

    @cache
    def run(name: str) -> Proved:
        public = _public(name)
        untouched = run_notebook(
            parse_notebook((ROOT / "exercises" / f"{name}.ipynb").read_bytes(), LIMITS),
            {question.id: question for question in public.questions},
            master_settings(RunSettings()),
            files={f"{name}.json": as_json(public.to_json())},
        )
        keys = cache_with_key(name, 0) / "keys"
        return Proved(key_for(MASTERS[name], exercise=public, cache=keys), untouched)

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


@pytest.mark.parametrize("question", long_unless(QUESTIONS, _is_usual))
def test_untouched_it_is_not_started_and_gets_nothing(question, proved):
    run = proved(_exercise_of(question)).untouched
    assert {one["state"] for one in run.answers[question].values()} == {"not started"}
    mark = judge_question(QUESTIONS[question], run.answers[question], _key(proved, question))
    assert (mark.points, mark.open) == (0, 0)


@pytest.mark.parametrize("name", long_unless(MASTERS, _is_usual))
def test_what_students_get_runs_untouched(name, proved):
    run = proved(name).untouched
    assert run.end == "whole"
    assert [cell for cell in run.cells if cell["error"]] == []


@pytest.mark.parametrize("question", long_unless(QUESTIONS, _is_usual))
def test_right_it_passes_in_practice_and_gets_all_points(question, proved):
    key = _key(proved, question)
    assert key.complaints == ""
    mark = _mark(QUESTIONS[question], dict(key.right), key)
    assert mark.points + mark.open == pytest.approx(mark.most)
    assert mark.wrong_answer == ""


@pytest.mark.parametrize(
    ("question", "role", "word"),
    long_unless(WAYS, lambda way: _is_usual(way[0])),
    ids=[" ".join(way) for way in WAYS],
)
def test_each_authored_way_gets_what_it_should(question, role, word, proved):
    key = _key(proved, question)
    named = next(one for one in (key.wrong if role == "WRONG" else key.same) if one.name == word)
    mark = _mark(QUESTIONS[question], {**key.right, **named.payloads}, key)
    if role == "SAME":
        assert mark.points + mark.open == pytest.approx(mark.most)
    else:
        assert mark.points + mark.open < mark.most
        assert mark.comments == (named.message,)
        assert mark.wrong_answer == word


def test_no_id_of_a_cell_stands_in_a_master():
    # An id is of one version of the data only; what is expected is computed.
    for master in MASTERS.values():
        assert not re.search(r"\b8646911\d{11}\b", master.path.read_text(encoding="utf-8"))
