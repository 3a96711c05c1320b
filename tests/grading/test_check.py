"""`mw.check` helps, says honestly what it is, and gives nothing away."""

from __future__ import annotations

import json
import subprocess
import sys
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
from microns_widgets.grading.exercise.question import Question
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


def test_passing_in_practice_is_not_called_right():
    found = check_answers(QUESTION, GOOD)
    assert found.state == "practice checks pass"
    assert found.lines == [
        "5 of 5 practice checks pass. After you hand in, 2 answers are compared with the key and "
        "1 answer is marked by a person."
    ]
    assert "all tests passed" not in repr(found).lower()


def test_a_wrong_answer_that_looks_right_passes_in_practice():
    assert check_answers(QUESTION, GOOD | {"total": 4, "parts": [1, 3]}).state == (
        "practice checks pass"
    )


def test_each_complaint_names_its_variable():
    text = said(total=-1, parts=[1, 1, 2])
    assert "total is -1, expected at least 0." in text
    assert "parts contains 3 ids, including 1 duplicate" in text


def test_a_check_waits_for_the_answers_that_it_reads():
    found = check_answers(QUESTION, GOOD | {"total": "six"})
    assert found.waiting == 1
    assert "3 of 5 practice checks pass; 1 can run once the answers above are fixed." in repr(found)


def test_a_public_check_tells_its_own_message():
    assert "The parts do not add up to the total." in said(total=7)
    assert "1 parts have more than one digit." in said(total=15, parts=[1, 2, 12])


def test_a_check_that_cannot_be_computed_says_so():
    assert "The check could not run: TypeError" in said(parts=["1", "2", "3"])


def test_started_in_part_it_names_the_rest():
    assert "why is not answered yet: why." in said(why=...)


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
        assert found.state == "practice checks pass"


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
    assert "5 of 5 practice checks pass" in done.stdout
