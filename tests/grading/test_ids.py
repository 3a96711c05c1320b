"""A notebook is judged with its owner's key; whose cells it used is read where it used them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from grading.grading_course import Course
from grading.small_master import CELLS, write_small_master

from microns_widgets.grading.authoring.assign import give_out
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.ids import Ids
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.intake.learning_systems import Owner
from microns_widgets.grading.intake.submissions import Submission
from microns_widgets.grading.notebook_json import as_json

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("with_bubblewrap")]

SOLUTIONS = {name: source for _, name, source in CELLS if name.endswith("-solution")}
ASK = 'cell = mw.own_cell(con, STUDENT, "small")'


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    """The small exercise with cells of its own for each variant."""
    folder = tmp_path_factory.mktemp("small")
    return give_out(read_master(write_small_master(folder)).exercise, folder / "no", ["sample"])


@pytest.fixture
def small(tmp_path: Path, public: Exercise) -> Course:
    """A course of the small exercise, with a roster of Ada and Bob."""
    made = Course(tmp_path)
    (tmp_path / "solutions" / "sums.ipynb").unlink()
    write_small_master(tmp_path / "solutions")
    made.options.exercises.mkdir()
    (made.options.exercises / "small.json").write_text(as_json(public.to_json()))
    roster = tmp_path / "class.csv"
    roster.write_text(f"student,name\n{ids(public)[0]},Ada\n{ids(public)[1]},Bob\n")
    made.options = replace(made.options, roster=roster)
    return made


def ids(public: Exercise) -> tuple[str, str]:
    """The ids of two students with different cells."""
    return public.some_student(1), public.some_student(2)


def notebook(line: str, ask: str = ASK) -> str:
    """A right submission with a line that assigns the student's id."""
    sources = [
        "import microns_widgets as mw\n\ncon = mw.load(quiet=True)",
        f"{line}\n{ask}",
        SOLUTIONS["count-solution"],
        'mw.check("small.count")',
        SOLUTIONS["types-solution"],
        'mw.check("small.by-type")',
    ]
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    metadata = {"microns": {"exercise": "small", "edition": 1}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def points(graded: Graded) -> list[float]:
    """The points of the first question, and of the table and figure of the second."""
    return [graded.marks[0].points, sum(a.points or 0 for a in graded.marks[1].answers[:2])]


FULL = [3, pytest.approx(2.67, abs=0.01)]


@pytest.mark.parametrize(
    "line",
    [
        "STUDENT = '{id}'",
        "STUDENT: str = r'{id}'",
        "me = ' {ID} '\nSTUDENT = me",
        "STUDENT = input('id? ') or '{id}'",
        "STUDENT = ''.join(sorted(set('x')))[:0] + '{id}'",
    ],
)
def test_any_way_of_writing_the_id_gives_its_cells_and_its_key(small, public, line):
    ada, _ = ids(public)
    small.hand_in({"Ada": notebook(line.format(id=ada, ID=ada.upper()))})
    graded = small.grade()["Ada"]
    assert points(graded) == FULL
    assert not [flag for flag in graded.flags if "NOT DECIDED" in flag]


def test_a_text_that_looks_like_an_assignment_changes_nothing(small, public):
    ada, bob = ids(public)
    line = f'STUDENT = "{ada}"\nexample = """\nSTUDENT = "{bob}"\n"""'
    small.hand_in({"Ada": notebook(line)})
    graded = small.grade()["Ada"]
    assert points(graded) == FULL
    assert graded.entry.student_id == ada


@pytest.mark.parametrize("line", ["STUDENT = {bob!r}", "STUDENT = ''"], ids=["Bob's", "none"])
def test_the_cells_of_another_leave_the_mark_open_with_both_scores(small, public, line):
    ada, bob = ids(public)
    small.hand_in({"Ada": notebook(line.format(bob=bob))})
    graded = small.grade()["Ada"]
    assert (graded.points, graded.open, graded.most) == (0, 7, 7)
    [flag] = [flag for flag in graded.flags if flag.startswith("NOT DECIDED")]
    assert f"the roster has {ada!r}" in flag
    assert "it used, it would get 5.67 points" in flag
    # Said once, for the whole notebook.
    assert [note for note in graded.notes if "Your teacher decides" in note] == [graded.notes[0]]
    assert not any(mark.comments for mark in graded.marks)


def test_a_changed_id_after_the_call_changes_no_key(small, public):
    ada, bob = ids(public)
    line = f"STUDENT = {bob!r}"
    small.hand_in({"Ada": notebook(line, f"{ASK}\nmw.own_cell(con, {ada!r}, 'small')")})
    graded = small.grade()["Ada"]
    # The last id is Ada's own, and the answers are those for Bob's cell.
    assert points(graded)[0] < 3
    assert any(f"{bob!r} first, then of {ada!r}" in flag for flag in graded.flags)


def test_without_a_roster_the_key_is_that_of_the_id_used(small, public):
    small.options = replace(small.options, roster=None)
    small.hand_in({"Ada": notebook(f"STUDENT = {ids(public)[1]!r}")})
    assert points(small.grade()["Ada"]) == FULL


def test_where_nothing_ran_the_text_says_the_id(small, public):
    ada, _ = ids(public)
    small.hand_in({"Ada": notebook(f"STUDENT = {ada!r}", "1 / 0")})
    graded = small.grade()["Ada"]
    assert graded.entry.student_id == ada
    assert graded.points == 0


def test_a_record_of_other_exercises_says_nothing(public):
    entry = Entry(Submission(Owner("", ""), "", bytes), "", "", "small", "typed")
    run = {"answers": {}, "cells": [], "end": "whole", "seconds": 1.0}
    result = {"run": run | {"asked": [["eve", "another"]]}}
    assert Ids.of_run(entry, result, "") == Ids("typed")
    result = {"run": run | {"asked": [["eve", "small"], ["ada", "small"]]}}
    assert Ids.of_run(entry, result, "bob") == Ids("ada", ("eve",), "bob")
