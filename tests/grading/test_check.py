"""`mw.check` helps, says honestly what it is, and gives nothing away."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import microns_widgets as mw
from microns_widgets.errors import MasterError, UnknownQuestion
from microns_widgets.grading.exercise.exercise import (
    Exercise,
    find_exercise,
    find_question,
    read_exercise,
)
from microns_widgets.grading.exercise.key import Key, QuestionKey
from microns_widgets.grading.exercise.practice_key import PracticeKey
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.exercise.variants import CellsRule
from microns_widgets.grading.student import own_cells
from microns_widgets.grading.student.check import check_answers

DECLARED = """
id = "tiny.sum"
title = "Sums <b>"
points = 3
[answers.total]
kind = "number"
about = "the sum"
at_least = 0
[answers.parts]
kind = "ids"
about = "what is added"
[answers.why]
kind = "written"
about = "why"
at_least_words = 2
[[checks]]
expect = "total == sum(parts)"
message = "The parts do not add up to the total."
[[checks]]
expect_empty = "[part for part in parts if part > 9]"
message = "{n} parts have more than one digit."
"""
QUESTION = Question.from_toml(DECLARED, "9.1")
GOOD = {"total": 6, "parts": [1, 2, 3], "why": "They add up."}


@pytest.fixture
def beside(tmp_path, monkeypatch) -> Path:
    """A folder with an exercise's public file, in which a notebook runs."""
    monkeypatch.chdir(tmp_path)
    public = Exercise("tiny", 9, 1, "Tiny", (QUESTION,))
    (tmp_path / "tiny.json").write_text(json.dumps(public.to_json(), indent=1))
    return tmp_path


def said(**answers: object) -> str:
    return repr(check_answers(QUESTION, {**GOOD, **answers}))


def test_untouched_it_says_what_is_asked_for():
    found = check_answers(QUESTION, {"total": ..., "parts": ..., "why": ...})
    assert found.state == "not started"
    assert "parts = ...  # what is added" in repr(found)


def test_a_right_form_is_not_called_a_right_answer():
    found = check_answers(QUESTION, GOOD)
    assert found.state == "the form is right"
    assert found.lines == [
        "Your answers have the right form. Whether they are correct is decided after you hand in: "
        "2 answers are compared with the key, and 1 answer is marked by a person."
    ]
    assert "009e73" not in found._repr_html_()  # not green
    assert "all tests passed" not in repr(found).lower()


def test_a_wrong_answer_that_looks_right_has_the_right_form():
    assert check_answers(QUESTION, GOOD | {"total": 4, "parts": [1, 3]}).state == (
        "the form is right"
    )


def test_each_complaint_names_its_variable():
    text = said(total=-1, parts=[1, 1, 2])
    assert "total is -1, expected at least 0." in text
    assert "parts contains 3 ids, including 1 duplicate" in text


def test_a_check_waits_for_the_answers_that_it_reads():
    found = check_answers(QUESTION, GOOD | {"total": "six"})
    assert found.waiting == 1
    assert "3 of 5 checks of the form pass; 1 can run once the answers above are fixed." in repr(
        found
    )


def test_a_public_check_tells_its_own_message():
    assert "The parts do not add up to the total." in said(total=7)
    assert "1 parts have more than one digit." in said(total=15, parts=[1, 2, 12])


def test_a_check_that_cannot_be_computed_says_so():
    assert "The check could not run: TypeError" in said(parts=["1", "2", "3"])


def test_where_an_earlier_cell_has_not_run_no_answer_is_blamed():
    checks = (replace(QUESTION.checks[0], expect="total == len(con.inputs(cell))"),)
    text = repr(check_answers(replace(QUESTION, checks=checks), GOOD))
    assert "A check could not run: con is not defined. Run the notebook from the top" in text
    assert QUESTION.checks[0].message not in text


def test_started_in_part_it_names_the_rest():
    assert "why is not answered yet: why." in said(why=...)


LONG = Question.from_toml(
    'id = "tiny.why"\ntitle = "Why"\npoints = 1\n[answers.why]\nkind = "written"\nabout = "why"'
)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("because " * 40, "repeats the same few words"),
        ("yes no " * 10, "repeats the same few words"),
        ("asdf qwertz jkl asdfasdf lkjh uiop fdsa zxcv poiu hgfd", "many words that are none"),
        ("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk", "many words that are none"),
        ("It is.", "has 2 words, expected at least 10"),
    ],
)
def test_a_text_without_words_is_noticed(text, complaint):
    (line, _) = check_answers(LONG, {"why": text}).lines
    assert complaint in line


@pytest.mark.parametrize(
    "text",
    [
        "Most of its targets are fragments whose soma is outside the volume: they have no type.",
        "Die meisten Ziele wären Fragmente, deren Zellkörper außerhalb liegt, daher fehlt der Typ.",
        "La plupart des cibles sont des fragments dont le soma se trouve hors du volume étudié.",
        "Bo większość celów to fragmenty, których ciało komórki leży poza badaną objętością mózgu.",
        "因为 大多数 目标 是 片段 , 它们 的 胞体 在 体积 之外 。",
        "We were there: power, property, were, type, your, true, tree, op, rewrite, query. " * 3,
    ],
)
def test_text_in_any_language_is_text(text):
    assert check_answers(LONG, {"why": text}).state == "the form is right"


KEY = {"tiny.sum": {"total": {"value": 6}, "parts": {"ids": ["1", "2", "3"]}}}


@pytest.fixture
def practising(beside, sample, monkeypatch) -> Path:
    """A notebook of an exercise with a practice key, with an empty id."""
    monkeypatch.setattr(own_cells, "asked", [])
    monkeypatch.setitem(own_cells.practised, "tiny", "")
    rule = CellsRule({"proofread": True})
    key = PracticeKey(sample.source, KEY)
    public = Exercise("tiny", 9, 1, "Tiny", (QUESTION,), cells=rule, practice=key)
    (beside / "tiny.json").write_text(json.dumps(public.to_json(), indent=1))
    assert read_exercise(beside / "tiny.json").practice == key
    mw.own_cell(sample, "", "tiny")
    return beside


def answer(**answers: object) -> str:
    return repr(eval("mw.check('9.1')", {"mw": mw, **GOOD, **answers}))


def test_with_practice_cells_it_says_what_is_right(practising):
    text = answer()
    assert "the form is right" in text
    assert "Right for the practice cells: total, parts. Your own cells have other answers" in text
    text = answer(total=4, parts=[1, 3])
    assert "needs fixing" in text
    assert "total is not right for the practice cells: total is not the expected number." in text
    assert "parts is not right for the practice cells: parts lacks 1 of the expected ids." in text


@pytest.mark.parametrize("answers", [{}, {"total": -1}, {"total": ..., "parts": ..., "why": ...}])
def test_with_practice_cells_each_check_says_that_they_do_not_count(practising, sample, answers):
    line = "Practice cells: these do not count. Put your id in STUDENT."
    assert line in answer(**answers)
    mw.own_cell(sample, "ada", "tiny")
    assert line not in answer(**answers)


CHOSEN = Question.from_toml(
    'id = "tiny.hand"\ntitle = "Choose"\npoints = 1\n[answers.mine]\nkind = "choice"\n'
    'about = "it"\naccepts = "good"\nown = true',
    "9.2",
)


def test_a_choice_that_is_not_among_the_own_cells_is_noticed(monkeypatch):
    issued = own_cells.Issued(own=frozenset({1, 2}), practice=frozenset({2, 3}))
    monkeypatch.setitem(own_cells.issued, "tiny", issued)

    def lines(mine: object) -> str:
        return repr(check_answers(CHOSEN, {"mine": mine}))

    assert "Your answer has the right form. Whether it is correct" in lines(2)
    assert "mine was chosen for the practice cells: choose again." in lines(3)
    text = lines(4)
    assert "mine is not one of your own cells. Choose a row of your list." in text
    assert "filter" not in text
    monkeypatch.delitem(own_cells.issued, "tiny")
    assert check_answers(CHOSEN, {"mine": 4}).state == "the form is right"


def test_with_an_id_it_does_not(practising, sample):
    mw.own_cell(sample, "ada", "tiny")
    assert "practice" not in answer()
    assert "practice" not in answer(total=4, parts=[1, 3])


def test_in_other_data_it_does_not(practising, monkeypatch):
    monkeypatch.setitem(own_cells.practised, "tiny", "other data")
    assert "practice" not in answer(total=4, parts=[1, 3])


def test_a_practice_key_has_only_what_is_different_for_others():
    def key(total: int, parts: list[str]) -> Key:
        right = {"total": {"value": total}, "parts": {"ids": parts}, "why": {"text": "So."}}
        return Key("tiny", 0, "sample", {"tiny.sum": QuestionKey(right, (), ())})

    practice = key(6, ["1", "2"])
    assert PracticeKey.of((QUESTION,), "here", practice, [key(7, ["1", "2"])]) == PracticeKey(
        "here", {"tiny.sum": {"total": {"value": 6}}}
    )
    assert PracticeKey.of((QUESTION,), "here", practice, [practice]).answers == {}


def test_a_deleted_variable_is_missed_by_its_name():
    found = check_answers(QUESTION, {"total": 6, "parts": [1, 2, 3]})
    assert "why is missing. Is the variable's name spelled 'why'?" in repr(found)


def test_on_a_page_what_was_typed_is_text():
    page = check_answers(QUESTION, GOOD | {"total": "<script>alert(1)</script>"})._repr_html_()
    assert "<script>" not in page
    assert "Sums &lt;b&gt;" in page


def test_it_reads_the_variables_of_the_notebook_that_calls_it(beside):
    namespace = {"mw": mw, **GOOD}
    for name in ("tiny.sum", "9.1"):
        found = eval(f"mw.check({name!r})", namespace)
        assert found.state == "the form is right"


def test_an_unknown_question_is_told_with_one_that_is_like_it(beside):
    with pytest.raises(UnknownQuestion, match=r"Did you mean 'tiny\.sum'"):
        mw.check("tiny.som")


def test_a_folders_own_exercise_comes_before_the_packages(beside):
    changed = read_exercise(beside / "tiny.json").to_json() | {"exercise": "outputs"}
    (beside / "outputs.json").write_text(json.dumps(changed, indent=1))
    assert find_exercise("outputs").title == "Tiny"


def test_other_json_beside_a_notebook_does_no_harm(beside):
    (beside / "choices.json").write_text('{"a": 1}')
    (beside / "broken.json").write_text("{")
    assert find_question("9.1").id == "tiny.sum"


def test_a_damaged_public_file_is_told(beside):
    (beside / "tiny.json").write_text('{\n "exercise": "tiny", "number": ')
    with pytest.raises(MasterError, match="microns assign"):
        mw.check("9.1")


@pytest.mark.slow
def test_in_a_fresh_process_check_needs_no_notebook_and_no_network(beside):
    code = "total = 6; parts = [1, 2, 3]; why = 'They do.'\nimport microns_widgets as mw\n"
    code += "import socket; socket.socket.connect = None\nprint(mw.check('9.1'))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=beside, check=True
    )
    assert (
        "Your answers have the right form. Whether they are correct is decided after you"
        in done.stdout
    )
