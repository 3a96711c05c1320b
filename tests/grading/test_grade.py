"""Submissions are run in the sandbox and judged outside, each question for itself."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from grading.small_course import RIGHT, submission

from microns_widgets.grading.grade import exercises_of
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.report.write import write_report
from microns_widgets.sources.sample.storage import NUMBER

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("with_bubblewrap")]


def points(graded) -> list[float]:
    return [mark.points for mark in graded.marks]


def test_what_is_right_gets_all_points_but_those_that_a_person_gives(course):
    course.hand_in({"Ada": submission(student="ada")})
    ada = course.grade()["Ada"]
    assert points(ada) == [2, 4, 0]
    assert (ada.points, ada.open, ada.most) == (6, 3, 9)
    assert not ada.flags


def test_a_wrong_way_is_recognised_and_told(course):
    course.hand_in({"Bob": submission({**RIGHT, "total": "total = sum(range(10))"})})
    [total, odd, _] = course.grade()["Bob"].marks
    assert (total.points, total.wrong_answer) == (0, "short")
    assert total.comments == ("The number 10 belongs to it, too.",)
    assert odd.points == 4


@pytest.mark.parametrize(
    "broken",
    ["total = 1 / 0", "total = undefined", "while True: pass", "import os; os._exit(3)", "}{"],
    ids=["raises", "misses a name", "never ends", "ends its process", "syntax error"],
)
def test_one_bad_cell_costs_its_own_question(course, broken):
    course.hand_in({"Cid": submission({**RIGHT, "total": broken})})
    cid = course.grade(limits=Limits(cell_seconds=2))["Cid"]
    assert points(cid)[:2] == [0, 4]


def test_a_missing_question_costs_itself(course):
    course.hand_in({"Dee": submission({"odd": RIGHT["odd"]})})
    dee = course.grade()["Dee"]
    assert points(dee) == [0, 4, 0]
    assert "is missing" in dee.marks[0].answers[0].comments[0]


def test_questions_may_stand_in_any_order_and_be_asked_twice(course):
    turned = dict(reversed(RIGHT.items()))
    course.hand_in({"Eve": submission({**turned, "odd": RIGHT["odd"] + "\ntotal = 55"})})
    assert points(course.grade()["Eve"])[:2] == [2, 4]


def test_what_is_overwritten_after_its_check_cell_counts_as_it_was(course):
    later = RIGHT["odd"] + "\ntotal = 'gone'"
    course.hand_in({"Fay": submission({**RIGHT, "odd": later})})
    assert points(course.grade()["Fay"])[:2] == [2, 4]


def test_a_renamed_variable_is_named_in_the_comment(course):
    course.hand_in({"Gus": submission({**RIGHT, "total": "my_total = 55"})})
    [comment] = course.grade()["Gus"].marks[0].answers[0].comments
    assert comment.startswith("total is missing")


def test_a_notebook_for_another_edition_or_sample_is_not_judged_and_told_why(course):
    course.hand_in(
        {
            "Ada": submission(edition=2),
            "Bob": submission(sample=NUMBER + 1),
            "Cid": submission(sample=NUMBER, releases=["sample", "1300"]),
        }
    )
    graded = course.grade()
    assert not graded["Ada"].marks
    assert not graded["Bob"].marks
    assert "is edition 2 of the exercise, and edition 1 is being graded" in graded["Ada"].notes[0]
    assert f"was made for sample {NUMBER + 1}" in graded["Bob"].notes[0]
    assert points(graded["Cid"])[:2] == [2, 4]


def test_a_notebook_without_metadata_is_graded_and_flagged(course):
    course.hand_in({"Hal": submission(edition=0)})
    hal = course.grade()["Hal"]
    assert points(hal)[:2] == [2, 4]
    assert any("edition" in flag for flag in hal.flags)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"cells": 3}', "PK\x03\x04", '{"nbformat": 4, "cells": []}']
)
def test_what_is_no_notebook_is_told_and_hurts_nobody(course, content):
    course.hand_in({"Ida": content, "Jim": submission()})
    graded = course.grade()
    assert graded["Ida"].points == 0
    assert graded["Ida"].notes or graded["Ida"].marks[0].answers[0].comments
    assert points(graded["Jim"])[:2] == [2, 4]


def test_a_notebook_of_200_mb_is_not_read(course):
    course.hand_in({"Ida": "{}", "Jim": submission()})
    with (course.submissions / "Ida.ipynb").open("r+b") as file:
        file.truncate(200_000_000)
    graded = course.grade()
    assert "191 MB" in graded["Ida"].notes[0]
    assert points(graded["Jim"])[:2] == [2, 4]


def test_a_notebook_of_100_000_cells_is_not_run(course):
    course.hand_in({"Ida": submission({f"q{n}": "" for n in range(50_000)})})
    ida = course.grade()["Ida"]
    assert "100,001 cells" in ida.notes[0]
    assert ida.points == 0


def test_half_of_a_character_breaks_no_page(course):
    why = "why = '\\ud800 ' + 'and some more words that make it long enough to be one'"
    # The backslash is the notebook's own: a cell that asks for half of a character.
    course.hand_in({"Ida": submission({**RIGHT, "why": why})})
    graded = list(course.grade().values())
    write_report(graded, course.options, exercises_of(course.options))
    assert "? and some more words" in (course.options.out / "marking.html").read_text()


@pytest.mark.long
def test_memory_does_not_grow_with_the_submissions(course):
    # An answer of 300 kB each: if grading held them, four times as many would show.
    many = "odd = list(range(1, 30_000))\nn_odd = len(odd)"

    def peak(students: int) -> int:
        course.hand_in({f"s{n}": submission({"odd": f"{many}  # {n}"}) for n in range(students)})
        tracemalloc.start()
        try:
            course.grade(out=course.folder / f"of {students}", jobs=1)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak(2)
    assert few > 700_000
    assert peak(8) < 1.5 * few


def test_a_notebook_of_another_exercise_is_told(course):
    course.hand_in({"Kit": submission(exercise="foreign")})
    [note] = course.grade()["Kit"].notes
    assert "not belong to any of these exercises: sums. It names the exercise" in note


def test_who_handed_in_nothing_has_a_row_and_a_page(course, tmp_path):
    course.hand_in({"Ada": submission(student="ada")})
    (course.submissions / "Bob.html").write_text("<p>")
    roster = tmp_path / "class.csv"
    roster.write_text("student,name\nada,Ada\nbob,Bob\ncid,Cid\n")
    graded = course.grade(roster=roster)
    write_report(list(graded.values()), course.options, exercises_of(course.options))
    for name, reason in {
        "Bob": "Only Bob.html was handed in",
        "Cid": "Nothing was handed in",
    }.items():
        assert (graded[name].points, graded[name].most) == (0, 9)
        [row] = [
            line
            for line in (course.options.out / "grades.csv").read_text().splitlines()
            if f",{name}," in line
        ]
        assert reason in row
        pages = (course.options.out / "feedback").iterdir()
        assert sum(f"{reason}" in page.read_text() for page in pages) == 1
        assert f">{name}<" in (course.options.out / "summary.html").read_text()


def test_of_several_attempts_the_last_or_the_best_counts(course):
    (course.submissions / "Ada").mkdir(parents=True)
    (course.submissions / "Bob").mkdir()
    (course.submissions / "Bob" / "sums.ipynb").write_text(submission(student="bob"))
    for number, total in enumerate(("total = 55", "total = 54", "total = 53")):
        text = submission({"total": total}, student="ada")
        (course.submissions / "Ada" / f"sums ({number}).ipynb").write_text(text)
    for keep, points in (("last", 0), ("best", 2)):
        ada = course.grade(keep=keep)["Ada"]
        assert ada.points == points
        [flag] = [flag for flag in ada.flags if flag.startswith("Several notebooks")]
        assert all(f"Ada/sums ({number}).ipynb" in flag for number in range(3))
    assert "the best one counts, Ada/sums (0).ipynb with 2 points" in flag


def test_the_same_typed_id_is_flagged_for_both(course):
    course.hand_in({"Lea": submission(student="lea"), "Max": submission(student=" LEA ")})
    graded = course.grade()
    assert "also entered in the notebook of Max" in graded["Lea"].flags[0]
    assert "also entered in the notebook of Lea" in graded["Max"].flags[0]


def test_the_roster_says_who_typed_somebody_elses_id(course, tmp_path):
    course.hand_in({"Lea": submission(student="max")})
    roster = tmp_path / "class.csv"
    roster.write_text("student,name\nlea,Lea\nmax,Max\n")
    lea = course.grade(roster=roster)["Lea"]
    assert lea.flags == ("The id 'max' was entered; the roster has 'lea'.",)


def test_marks_are_the_same_whenever_and_however_they_are_made(course):
    wrong = submission({**RIGHT, "odd": "odd = [1, 3, 5, 7]\nn_odd = 4"})
    course.hand_in({"Ann": submission(student="ann"), "Ben": wrong, "Cal": submission({})})

    def made(out: str, jobs: int) -> str:
        graded = course.grade(out=course.folder / out, jobs=jobs)
        return json.dumps([mark.to_json() for one in graded.values() for mark in one.marks])

    assert made("one", 1) == made("again", 1) == made("many", 3)


def test_an_interrupted_grading_goes_on_where_it_stopped(course):
    course.hand_in({"Ann": submission(student="ann"), "Ben": submission(student="ben")})

    class Interrupted(Exception):
        pass

    def stop(what: str, done: int, _of: int) -> None:
        if what == "Running" and done == 1:
            raise Interrupted

    from microns_widgets.grading.grade import grade

    with pytest.raises(Interrupted):
        grade(course.options, stop)
    [kept] = (course.options.out / ".runs").iterdir()
    before = kept.stat().st_mtime_ns
    assert [one.points for one in course.grade().values()] == [6, 6]
    assert kept.stat().st_mtime_ns == before
    assert len(list((course.options.out / ".runs").iterdir())) == 2


def test_a_notebook_that_has_changed_is_run_again(course):
    course.hand_in({"Ann": submission({})})
    assert course.grade()["Ann"].points == 0
    course.hand_in({"Ann": submission()})
    assert course.grade()["Ann"].points == 6
