"""A second run says what changed and why, and runs no notebook again for a corrected key."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from grading.graded_class import FINAL, RIGHT, work
from grading.small_course import RIGHT as ANSWERS
from grading.small_course import submission, write_master
from grading.test_report import command

from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.report.by_hand import HandMark
from microns_widgets.grading.report.changes import changes, what_changed
from microns_widgets.grading.report.record import Record, read_record, record_of, write_record


@pytest.fixture
def master(tmp_path):
    """Return a function that makes the master again, with text replaced."""

    def make(old: str = "", new: str = ""):
        path = write_master(tmp_path / "solutions")
        path.write_text(path.read_text().replace(old, new))
        return read_master(path)

    return make


def record(master, works, marks=()) -> Record:
    return record_of(works, {"sums": master}, marks, "sample")


def reasons(before: Record, after: Record) -> dict[str, tuple]:
    return {one.question: (one.before, one.after, one.why) for one in changes(before, after)}


def test_a_corrected_key_touches_its_question_alone(master):
    first, second = master(), master("odd = [1, 3, 5, 7, 9]", "odd = [1, 3, 5, 7]")
    before = record(first, [work(first.exercise, "Ada")])
    after = record(second, [work(second.exercise, "Ada", RIGHT | {"odd": 0.0})])
    assert list(what_changed(before, after)) == ["sums.odd changed: key."]
    assert reasons(before, after) == {"sums.odd": (4, 2, "key"), "total": (6, 4, "key")}


def test_an_answer_that_follows_from_another_question_has_its_reason(master):
    first, second = master(), master("total = sum(range(1, 11))", "total = sum(range(11))")
    before = record(first, [work(first.exercise, "Ada")])
    after = record(second, [work(second.exercise, "Ada", RIGHT | {"odd": 0.0})])
    assert reasons(before, after)["sums.odd"] == (4, 2, "key of sums.total")


def test_points_tolerances_and_cells_before_the_questions_are_told_apart(master):
    first = master()
    ada = [work(first.exercise, "Ada")]
    before = record(first, ada)
    for old, new, said in [
        ("points = 2", "points = 5", "sums.total changed: points."),
        (r"of the numbers from 1 to 10\"\n", r"the numbers\"\nrel = 0.1\n", "tolerance"),
        (r"STUDENT = \"\"", r"STUDENT = \"\"\nimport os", "Cells outside the questions of sums"),
    ]:
        [what] = what_changed(before, record(master(old, new), ada))
        assert said in what
    assert not list(what_changed(before, record(master("# Sums", "# All sums"), ada)))


def test_each_reason_is_named(master):
    one = master()
    ada = work(one.exercise, "Ada")
    before = record(one, [ada])
    by_hand = [HandMark("ada", "sums", "why", 3.0)]
    assert reasons(before, record(one, [work(one.exercise, "Ada", FINAL)], by_hand)) == {
        "sums.why": (None, 3, "manual"),
        "total": (6, 9, "manual"),
    }
    late = replace(ada, late_share=0.5)
    assert reasons(before, record(one, [late])) == {"total": (6, 3, "late")}
    other = replace(work(one.exercise, "Ada", RIGHT | {"total": 0.0}))
    new = replace(other, entry=replace(other.entry, digest="another"))
    assert reasons(before, record(one, [new]))["total"] == (6, 4, "new submission")
    assert reasons(before, record(one, [other]))["total"] == (6, 4, "run")
    assert reasons(before, record(one, [ada, work(one.exercise, "Ben")])) == {
        "total": (None, 6, "new submission")
    }
    assert reasons(record(one, [ada, late]), record(one, [ada])) == {
        "total": (3, 6, "late"),
    }
    ben = work(one.exercise, "Ben")
    assert reasons(record(one, [ada, ben]), record(one, [ada])) == {
        "total": (6, None, "no longer among the submissions")
    }


def test_other_exercises_stay_in_the_record(master):
    one = master()
    ada = work(one.exercise, "Ada")
    degree = replace(one.exercise, name="degree")
    before = record(one, [ada, work(degree, "Ada")])
    kept = record(one, [work(one.exercise, "Ada", FINAL)]).after(before)
    assert {(work.exercise, work.points) for work in kept.works} == {("sums", 9), ("degree", 6)}
    assert not changes(kept, record(one, [work(degree, "Ada")]))


def test_a_record_comes_back_as_it_was_and_a_damaged_one_counts_as_none(master, tmp_path):
    one = master()
    made = record(one, [work(one.exercise, "Ada")], [HandMark("ada", "sums", "", 3.0)])
    write_record(tmp_path, made)
    assert read_record(tmp_path) == made
    (tmp_path / "record.json").write_text('{"works": 3}')
    assert read_record(tmp_path) is None


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
@pytest.mark.usefixtures("with_bubblewrap")
def test_corrected_keys_and_tolerances_judge_again_without_running(course):
    wrong = submission({**ANSWERS, "total": "total = 54"}, student="ben")
    course.hand_in({"Ada": submission(student="ada"), "Ben": wrong})
    results = course.folder / "results"

    def assign() -> None:
        # As `microns assign` does, but without proving the master once more.
        public = read_master(course.folder / "solutions" / "sums.ipynb").exercise.to_json()
        (course.folder / "exercises").mkdir(exist_ok=True)
        (course.folder / "exercises" / "sums.json").write_text(json.dumps(public))

    def runs() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in (results / ".runs").iterdir()}

    def change(old: str, new: str) -> None:
        path = course.folder / "solutions" / "sums.ipynb"
        path.write_text(path.read_text().replace(old, new))

    assign()
    assert command(course).exit_code == 0
    before = runs()
    assert len(before) == 2
    assert not (results / "changes.csv").exists()
    change("total = sum(range(1, 11))", "total = sum(range(1, 11)) - 1")
    change("total = np.float64(55)", "total = np.float64(54)")
    second = command(course)
    assert "sums.total changed: key." in second.output
    assert "2 totals changed" in second.output
    change("of the numbers from 1 to 10", 'of the numbers\\"\\nrel = 0.1\\n#')
    refused = command(course)
    assert refused.exit_code == 1
    assert "rel = 0.1" in refused.output
    assign()
    assert "sums.total changed: tolerance." in command(course).output
    assert runs() == before
    listed = [
        (one["name"], one["question"], one["before"], one["after"], one["why"])
        for one in rows(results / "changes.csv")
    ]
    assert listed == [
        ("Ada", "sums.total", "2", "0", "key"),
        ("Ada", "total", "6", "4", "key"),
        ("Ben", "sums.total", "0", "2", "key"),
        ("Ben", "total", "4", "6", "key"),
        ("Ada", "sums.total", "0", "2", "tolerance"),
        ("Ada", "total", "4", "6", "tolerance"),
    ]
