"""A master that is not whole is refused, with the cell and what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.authoring.prompts import solutions, student_source
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.exercise.variants import CellsRule
from microns_widgets.grading.kinds import KINDS
from tests.grading.small_master import COUNT, replacing, without, write_small_master


def test_a_master_is_read_into_questions_and_their_cells(tmp_path):
    master = read_master(write_small_master(tmp_path))
    assert [one.question.number for one in master.questions] == ["7.1", "7.2"]
    first = master.questions[0]
    assert [cell.name for cell in first.with_role("WRONG")] == ["inputs", "partners", "first"]
    assert (
        first.with_role("WRONG")[0].message == "These are inputs. Outputs are what your cell makes."
    )
    assert master.exercise.title == "A small exercise"
    assert master.exercise.cells is not None
    assert master.exercise.cells.variants == 5


def test_the_guide_for_authors_names_every_option():
    guide = (Path(__file__).parents[2] / "docs" / "masters.md").read_text(encoding="utf-8")
    for kind, module in KINDS.items():
        (row,) = (line for line in guide.splitlines() if line.startswith(f"| `{kind}`"))
        for option in fields(module.Options):
            assert f"`{option.name}`" in row, f"{kind}: {option.name}"
    for option in fields(CellsRule):
        assert option.name in guide


def test_what_students_may_have_gives_the_question_back():
    question = Question.from_toml(COUNT, "7.1")
    assert Question.from_table(json.loads(json.dumps(question.to_public()))) == question


def test_points_are_shared_among_answers_that_name_none():
    question = Question.from_toml(COUNT)
    assert [answer.points for answer in question.answers] == [2, 1]


def test_the_author_sets_the_share_of_a_wrong_answer(tmp_path):
    change = replacing("count-partners", "partners:", "partners 0.25:")
    (wrong,) = (
        cell
        for cell in read_master(write_small_master(tmp_path, change)).questions[0].judging_cells
        if cell.name == "partners"
    )
    assert (wrong.share, wrong.message) == (0.25, "Count synapses.")


def test_what_a_marker_looks_for_stays_with_the_teacher(tmp_path):
    master = read_master(write_small_master(tmp_path))
    assert "Anything that is in the figure" not in json.dumps(master.exercise.to_json())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without("count-first"), "Cell 6 (count-question): small.count: it has 2 `# WRONG` cells"),
        (without("count-same"), "no `# SAME` cell"),
        (without("types-written"), "no solution sets why"),
        (replacing("count-solution", "n_outputs =", "n ="), "no solution sets n_outputs"),
        (replacing("count-solution", "# END SOLUTION", ""), "has no `# END SOLUTION`"),
        (replacing("count-solution", "# BEGIN SOLUTION", ""), "is out of place"),
        (
            replacing("count-partners", "n_outputs = len(targets)", "n = 3"),
            "it sets no answer of small.count",
        ),
        (replacing("count-partners", ": Count synapses.", ""), "expected `# WRONG name: message"),
        (replacing("count-partners", "partners:", "partners 1.5:"), "its share is 1.5, expected"),
        (replacing("count-same", "lists", "lists 0.5:"), "its share is 0.5, expected"),
        (replacing("count-partners", "= len(", "= len(("), "its code is not valid Python"),
        (replacing("count-partners", "partners", "first"), "small.count has WRONG first twice"),
        (replacing("count-question", "small.count", "other.count"), "does not begin with 'small.'"),
        (
            replacing("types-question", "small.by-type", "small.count"),
            "small.count is already used by",
        ),
        (
            replacing("types-question", "answers.why", "answers.targets"),
            "targets is already used by",
        ),
        (replacing("count-question", "points = 3", "points = three"), "This is not valid TOML"),
        (replacing("count-question", "points = 3", "points = 0"), "has 0 points and 2 answers"),
        (replacing("count-question", "points = 1", "points = 9"), "expected the question's 3"),
        (replacing("count-question", '"number"', '"float"'), "has the kind 'float'"),
        (replacing("count-question", "whole = true", "hole = true"), "has no option 'hole'"),
        (
            replacing("count-question", "len(targets) <", "len(targets <"),
            "is not a valid Python expression",
        ),
        (replacing("count-question", "expect =", "expects ="), "has no option 'expects'"),
        (replacing("cells", "select", "choose"), "has no option 'choose'"),
        (replacing("count-first", "# WRONG", "## Next\n# WRONG"), "it has 2 `# WRONG` cells"),
        (without("count-question", "types-question"), "it belongs to no question"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, change, says):
    with pytest.raises(MasterError) as error:
        read_master(write_small_master(tmp_path, change))
    assert says in str(error.value)


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    def change(cells):
        return without("count-first", "types-known")(cells)

    with pytest.raises(MasterError) as error:
        read_master(write_small_master(tmp_path, change))
    assert str(error.value).count("it has 2 `# WRONG` cells") == 2


def test_metadata_must_name_the_file(tmp_path):
    path = write_small_master(tmp_path)
    renamed = path.rename(tmp_path / "other.ipynb")
    with pytest.raises(MasterError, match="The notebook's metadata"):
        read_master(renamed)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": 3}', "\u0000"])
def test_what_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "small.ipynb"
    path.write_text(content)
    with pytest.raises(MasterError, match="is not a notebook"):
        read_master(path)


def test_a_solution_becomes_a_prompt_for_each_answer_that_it_gives():
    source = "import x\n# BEGIN SOLUTION\nhelp = 3\na = help\nb, c = 1, 2\n# END SOLUTION\nprint(1)"
    assert student_source(source, {"a": "the first", "b": "the second"}) == (
        "import x\na = ...  # the first\nb = ...  # the second\nprint(1)"
    )


def test_a_prompt_of_its_own_stands_instead():
    source = (
        "# BEGIN SOLUTION\na = 3\n# END SOLUTION\n"
        "# BEGIN PROMPT\n# # A hint.\n# a = ...\n# END PROMPT"
    )
    assert student_source(source, {"a": "the first"}) == "# A hint.\na = ..."


def test_a_solution_within_a_function_leaves_a_body_that_runs():
    source = "def f(x):\n    # BEGIN SOLUTION\n    return x + 1\n    # END SOLUTION\n"
    made = student_source(source, {})
    assert made == "def f(x):\n    ...  # your code"
    compile(made, "cell", "exec")


def test_a_line_of_ipython_hides_no_answer():
    assert solutions("# BEGIN SOLUTION\n%pip list\na = 3\n# END SOLUTION").names == {"a"}
