"""Each student gets one version of a question, and is judged by its key."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from grading.grading_course import Course
from grading.pool_course import CELLS, RIGHT, notebook, students, write_pool

import microns_widgets as mw
from microns_widgets.errors import InvalidArgument, MasterError
from microns_widgets.grading.authoring.assign import assign, student_notebook
from microns_widgets.grading.authoring.drift import check_unchanged
from microns_widgets.grading.authoring.four_states import key_problems
from microns_widgets.grading.authoring.key_store import keys_of_all
from microns_widgets.grading.authoring.make_key import make_key
from microns_widgets.grading.authoring.master import Master, read_master
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.exercise.provenance import Provenance
from microns_widgets.grading.exercise.variants import CellsRule
from microns_widgets.grading.report.pages import student_page
from microns_widgets.grading.sandbox.settings import RunSettings


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Master:
    return read_master(write_pool(tmp_path_factory.mktemp("masters")))


def test_each_student_gets_one_version_and_practice_the_first(master):
    exercise, question = master.exercise, master.exercise.questions[0]
    names = [exercise.version(f"s{n}", question).name for n in range(400)]
    assert 160 < names.count("ten") < 240
    assert names == [exercise.version(f" S{n} ", question).name for n in range(400)]
    assert exercise.version("", question).name == "ten"
    other = replace(exercise, edition=2)
    assert names != [other.version(f"s{n}", question).name for n in range(400)]


def test_a_variant_says_cells_and_versions(master):
    exercise = replace(master.exercise, cells=CellsRule({"proofread": True}, variants=3))
    for n in range(50):
        student = f"s{n}"
        variant = exercise.variant(student)
        assert exercise.cells_of(variant) == exercise.cells_variant(student)
        name = exercise.version(student, exercise.questions[0]).name
        assert exercise.versions_of(variant) == {"pool.total": name}
    assert exercise.variant("") == 0
    proven = exercise.variants_to_prove()
    assert len(proven) == len(set(proven)) == 7
    assert all(exercise.variant(exercise.some_student(one)) == one for one in proven)


def test_cells_do_not_depend_on_versions(master):
    rule = CellsRule({"proofread": True}, variants=5)
    plain = replace(master.exercise, cells=rule, questions=master.exercise.questions[1:])
    pool = replace(master.exercise, cells=rule)
    ids = [f"s{n}" for n in range(60)]
    assert [plain.variant(one) for one in ids] == [pool.cells_variant(one) for one in ids]
    assert plain.variants_to_prove() == list(range(6))


def test_the_public_file_keeps_the_versions_and_no_solution(master):
    text = json.dumps(master.exercise.to_json())
    assert Exercise.from_json(json.loads(text)) == master.exercise
    assert "Add the *odd* numbers" in text
    assert "2500" not in text


def test_the_student_notebook_shows_one_version_and_has_one_answer_cell(master):
    made = student_notebook(master, Provenance(1))
    sources = ["".join(cell["source"]) for cell in made["cells"]]
    text = "\n".join(sources)
    assert 'mw.own_question(STUDENT, "pool.total")' in text
    assert text.count("total = ...") == text.count("numbers = ...") == 1
    assert "VERSION" not in text
    assert "odd* numbers" not in text
    assert "Both versions have an easy way." in text
    checks = [source for source in sources if "mw.check" in source]
    assert checks == ['mw.check("pool.total")', 'mw.check("pool.mean")']


def test_every_version_has_its_key_and_all_four_states_are_proven(master):
    exercise = master.exercise
    keys = {
        exercise.versions_of(variant)["pool.total"]: make_key(master, variant)
        for variant in exercise.variants_to_prove()
    }
    total = {name: key.questions["pool.total"].right["total"] for name, key in keys.items()}
    assert total == {"ten": {"value": 55}, "odd": {"value": 2500}}
    assert keys["odd"].questions["pool.mean"].right["mean"] == {"value": 50}
    assert [w.name for w in keys["odd"].questions["pool.total"].wrong] == ["short", "even", "all"]
    assert [problem for key in keys.values() for problem in key_problems(master, key)] == []


def test_keys_prove_a_version_that_practice_does_not_have(tmp_path):
    cells = [
        (kind, name, source.replace("total = sum(range(0, 100, 2))", "total = 2500"))
        for kind, name, source in CELLS
    ]
    path = write_pool(tmp_path / "solutions", cells)
    broken = read_master(path)
    found = [
        problem
        for key in keys_of_all(broken, broken.exercise, RunSettings())
        for problem in key_problems(broken, key)
    ]
    assert found == ["pool.total: WRONG even gives the right answers."]
    with pytest.raises(MasterError, match=r"version 'odd' of pool.total: pool.total: WRONG even"):
        assign([path], tmp_path / "exercises")


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        (("v-odd", "t-odd", "a-odd", "w4", "w5", "w6", "s2"), "it has one version, expected at le"),
        (("t-odd",), "version odd has no text"),
        (("a-odd",), "version odd: no solution sets total"),
        (("w5",), "version odd: it has 2 `# WRONG` cells"),
        (("s1",), "version ten: no `# SAME` cell"),
    ],
)
def test_a_master_says_what_a_version_lacks(tmp_path, left_out, says):
    path = write_pool(tmp_path, [cell for cell in CELLS if cell[1] not in left_out])
    with pytest.raises(MasterError, match=says):
        read_master(path)


@pytest.mark.parametrize(
    ("name", "source", "says"),
    [
        ("v-odd", "# VERSION Odd one", "expected `# VERSION name`"),
        ("v-odd", "# VERSION ten", "it has the version ten twice"),
        ("t-odd", "print(1)", "version odd is code without a solution"),
    ],
)
def test_a_master_says_what_is_wrong_with_a_version(tmp_path, name, source, says):
    kinds = {"t-odd": "code"}
    extra = [
        (kinds.get(name, kind), one, source) if one == name else (kind, one, text)
        for kind, one, text in CELLS
    ]
    if name == "t-odd":
        extra.insert(13, ("markdown", "more", "A text."))
    with pytest.raises(MasterError, match=says):
        read_master(write_pool(tmp_path, extra))


def test_another_set_of_versions_needs_a_new_public_file(master, tmp_path):
    first = master.exercise.questions[0]
    fewer = replace(first, versions=first.versions[:1])
    public = replace(master.exercise, questions=(fewer, *master.exercise.questions[1:]))
    with pytest.raises(MasterError, match=r"has the versions \['ten', 'odd'\], not \['ten'\]"):
        check_unchanged(master, public, tmp_path / "pool.json")


def test_a_student_sees_the_own_version(master, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pool.json").write_text(json.dumps(master.exercise.to_json()))
    (student,) = students(master.exercise, "odd", 1)
    shown = mw.own_question(student, "pool.total")
    assert "your version (odd)" in repr(shown)
    assert "*odd* numbers from 1 to 99" in shown._repr_markdown_()
    assert "for practice" in mw.own_question("", "8.1").heading
    with pytest.raises(InvalidArgument, match="is the same for all students"):
        mw.own_question(student, "pool.mean")


@pytest.mark.usefixtures("with_bubblewrap")
@pytest.mark.slow
def test_a_class_is_judged_by_each_students_version(tmp_path: Path) -> None:
    course = Course(tmp_path)
    (tmp_path / "solutions" / "sums.ipynb").unlink()
    write_pool(tmp_path / "solutions")
    assign([tmp_path / "solutions" / "pool.ipynb"], tmp_path / "exercises")
    exercise = read_exercise(tmp_path / "exercises" / "pool.json")
    (ten,), (odd, wrong) = students(exercise, "ten", 1), students(exercise, "odd", 2)
    course.hand_in(
        {
            "Ten": notebook(ten, RIGHT["ten"]),
            "Odd": notebook(odd, RIGHT["odd"]),
            "Copied": notebook(wrong, RIGHT["ten"]),
            "Wrong": notebook(ten, RIGHT["ten"] | {"total": "total = 10\nnumbers = [1, 2]"}),
        }
    )
    graded = course.grade()
    points = {name: [mark.points for mark in one.marks] for name, one in graded.items()}
    # The mean of the neighbour's numbers follows from them.
    assert points == {"Ten": [4, 2], "Odd": [4, 2], "Copied": [0, 2], "Wrong": [0.4, 2]}
    versions = {name: one.marks[0].version for name, one in graded.items()}
    assert versions == {"Ten": "ten", "Odd": "odd", "Copied": "odd", "Wrong": "ten"}
    assert graded["Copied"].right_elsewhere == {0: ("numbers", "mean", "total")}
    assert graded["Odd"].right_elsewhere == {}
    assert graded["Wrong"].marks[0].comments == ("Add the numbers up; do not count them.",)
    page = student_page([graded["Odd"]])
    assert "Your version of this question: odd." in page
