"""The course's own exercises: the masters, and what students get of them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from long_cases import long_unless

from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.authoring.assign import assign, give_out, student_notebook
from microns_widgets.grading.authoring.four_states import key_problems
from microns_widgets.grading.authoring.key_store import key_for
from microns_widgets.grading.authoring.master import Master, read_master
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.judge import matching_wrong_answers
from microns_widgets.grading.kinds import choice, written
from microns_widgets.grading.notebook_json import as_json, source_of
from microns_widgets.grading.student.check import check_answers

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
MASTERS = sorted((ROOT / "solutions").glob("*.ipynb"))
NAMES = [path.stem for path in MASTERS]
#: Students of this variant are proved here; `assign` proves the one for practice.
VARIANT = 12
#: To prove a master takes many runs. `microns assign` proves each one that was changed; `make test`
#: does so again for a short exercise, a usual one and the open one, and `make test-all` for all.
ALWAYS_PROVED = ("by_hand", "project", "tuning")


def given_out(name: str) -> Exercise:
    return read_exercise(ROOT / "exercises" / f"{name}.json")


@pytest.fixture
def key_of(cache_with_key):
    """Return a function that gives an exercise's key for the students of `VARIANT`."""

    def key(name):
        cache = cache_with_key(name, VARIANT) / "keys"
        master = ROOT / "solutions" / f"{name}.ipynb"
        return key_for(master, VARIANT, exercise=given_out(name), cache=cache)

    return key


def test_each_exercise_has_a_number_of_its_own_and_about_twenty_points():
    exercises = [given_out(name) for name in NAMES]
    assert len({one.number for one in exercises}) == len(exercises)
    points = {one.name: sum(q.points for q in one.questions) for one in exercises}
    assert all(15 <= number <= 25 for number in points.values()), points


@pytest.mark.parametrize("name", NAMES)
def test_each_exercise_asks_for_a_figure(name):
    kinds = {answer.kind for q in given_out(name).questions for answer in q.answers}
    assert "figure" in kinds


def test_one_exercise_asks_for_choices_and_some_for_words():
    asked = {
        name: {answer.kind for q in given_out(name).questions for answer in q.answers}
        for name in NAMES
    }
    assert "choice" in asked["by_hand"]
    assert {"outputs", "degree", "by_hand", "chance"} <= {
        name for name in NAMES if "written" in asked[name]
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_question_says_how_many_words_its_check_expects(name):
    text = (ROOT / "exercises" / f"{name}.ipynb").read_text(encoding="utf-8")
    least = [
        answer.read(written.Options).at_least_words
        for question in given_out(name).questions
        for answer in question.answers
        if answer.kind == "written"
    ]
    for number in set(least):
        assert text.count(f", at least {number} words in all") == least.count(number)


def test_choices_in_the_course_are_made_among_the_own_cells():
    asked = [a for q in given_out("by_hand").questions for a in q.answers if a.kind == "choice"]
    assert [answer.read(choice.Options).own for answer in asked] == [True, True, True]


@pytest.mark.parametrize("master", MASTERS, ids=NAMES)
def test_what_students_get_is_what_the_masters_make(master, tmp_path):
    """All but what only a run of the master gives: the digests of the key for practice."""
    own = read_master(master)
    made = give_out(own.exercise, tmp_path / "none.json", ["sample"])
    kept = ROOT / "exercises" / master.stem
    practice = given_out(master.stem).practice
    for suffix, text in (
        (".ipynb", as_json(student_notebook(own, made.provenance))),
        (".json", as_json(replace(made, practice=practice).to_json())),
    ):
        assert text == kept.with_suffix(suffix).read_text(encoding="utf-8"), (
            f"{master.stem}{suffix} is not what its master makes: `microns assign "
            f"solutions/{master.name} --out exercises`."
        )


@pytest.mark.parametrize(
    "master", long_unless(MASTERS, lambda path: path.stem in ALWAYS_PROVED), ids=NAMES
)
def test_masters_are_proved_and_make_the_same_files(master, tmp_path, cache_with_key, monkeypatch):
    """The four states of each question are proved, for the cells for practice."""
    monkeypatch.setenv("MICRONS_CACHE", str(cache_with_key(master.stem, 0)))
    kept = ROOT / "exercises"
    earlier = f"{master.stem}.json"
    (tmp_path / earlier).write_bytes((kept / earlier).read_bytes())
    assign([master], tmp_path)
    for name in (f"{master.stem}.ipynb", earlier):
        assert (tmp_path / name).read_bytes() == (kept / name).read_bytes()


def test_the_wheel_has_every_exercises_public_file():
    """With a student's notebook alone, as on Colab, `mw.check` finds it in the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {
        f"exercises/{name}.json": f"microns_widgets/grading/exercise/public/{name}.json"
        for name in NAMES
    }


OWN_CELLS = [master for master in MASTERS if given_out(master.stem).cells]


@pytest.mark.parametrize(
    "master",
    long_unless(OWN_CELLS, lambda path: path.stem in ALWAYS_PROVED),
    ids=lambda path: path.stem,
)
def test_right_wrong_and_same_answers_are_told_apart_for_other_students(master, key_of):
    assert key_problems(read_master(master), key_of(master.stem)) == []


def test_a_variant_that_nobody_has_is_refused():
    with pytest.raises(
        InvalidArgument, match="'project' has no variant 12, expected one from 0 to 0"
    ):
        given_out("project").some_student(12)


def test_no_answer_of_students_own_cells_is_public(key_of):
    """Only where nobody has the practice cells are their answers public."""
    for name in NAMES:
        assert (given_out(name).practice is not None) == (name == "outputs")
    practice = given_out("outputs").practice
    assert sum(map(len, practice.answers.values())) == 12
    own = key_of("outputs").questions
    for question in given_out("outputs").questions:
        complaints = practice.complaints(question, own[question.id].right)
        assert complaints.keys() == practice.answers[question.id].keys()
        assert all(complaints.values())


def test_a_basket_cell_chosen_as_a_martinotti_cell_is_told_whichever_it_is(sample, key_of):
    exercise = given_out("by_hand")
    key = key_of("by_hand").questions["by_hand.martinotti"]
    question = next(q for q in exercise.questions if q.id == "by_hand.martinotti")
    cells = exercise.variants(sample)[VARIANT]
    basket_cells = [one for one in cells if sample.labels([one])[0] == "BC"]
    assert len(basket_cells) > 5
    for one in basket_cells:
        assert list(matching_wrong_answers(question, {"martinotti": {"ids": [str(one)]}}, key)) == [
            "basket"
        ]


@pytest.mark.parametrize(
    ("name", "questions"),
    [
        ("outputs", ("count", "shape", "by-type", "inputs-by-class")),
        ("inhibitory", ("classes", "rectangular")),
        ("degree", ("table",)),
        ("strength", ("connections",)),
    ],
)
def test_swapped_sides_are_noticed_before_they_are_handed_in(name, questions):
    """Also for a student's own cells: where the public rule suffices to tell."""
    master = read_master(ROOT / "solutions" / f"{name}.ipynb")
    variables: dict[str, object] = {}
    for one in master.questions[: 1 + max(map(_place_in(master), questions))]:
        for place in range(0 if one is master.questions[0] else one.start, one.end):
            if master.cells[place]["cell_type"] == "code" and not master.judging_cell_at(place):
                source = source_of(master.cells[place]).replace("    %pip", "    pass  # ")
                exec(source.replace('STUDENT = ""', 'STUDENT = "ada@uni.edu"'), variables)
        plt.close("all")
        assert check_answers(one.question, variables).state == "the form is right"
        if one.question.id.removeprefix(f"{name}.") in questions:
            (swapped,) = (way for way in one.with_role("WRONG") if way.name == "swapped")
            wrong = dict(variables)
            exec(swapped.source, wrong)
            assert check_answers(one.question, wrong).failed


def _place_in(master: Master) -> Callable[[str], int]:
    ids = [one.question.id.partition(".")[2] for one in master.questions]
    return ids.index


@pytest.mark.parametrize("name", NAMES)
def test_a_students_notebook_holds_no_solution_and_no_wrong_answer(name):
    text = (ROOT / "exercises" / f"{name}.ipynb").read_text(encoding="utf-8")
    public = (ROOT / "exercises" / f"{name}.json").read_text(encoding="utf-8")
    for word in ("BEGIN SOLUTION", "# WRONG", "# SAME", "# KEY", "# CELLS", "# QUESTION"):
        assert word not in text
    master = read_master(ROOT / "solutions" / f"{name}.ipynb")
    for question in master.questions:
        for way in question.with_role("WRONG"):
            assert way.message not in text + public
        for answer in question.question.answers:
            guide = answer.options.get("guide")
            assert guide is None or guide not in text + public
