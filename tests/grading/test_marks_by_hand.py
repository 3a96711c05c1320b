"""Points that people give count, are kept, and are never changed or lost without a word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from grading.graded_class import FINAL, OPEN, sums, work

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.remarks import CELLS_OF_ANOTHER
from microns_widgets.grading.report.by_hand import STORED, read_hand_marks
from microns_widgets.grading.report.decisions import Decisions, decide
from microns_widgets.grading.report.words import question_lines

HEADER = "student,exercise,answer,points,comment\n"


@pytest.fixture(scope="module")
def exercise(tmp_path_factory) -> Exercise:
    return sums(tmp_path_factory.mktemp("course"))


@pytest.fixture
def marked(exercise, tmp_path):
    """Return a function that gives marks to Ada and Ben: one text for each file."""
    graded = [work(exercise, "Ada"), work(exercise, "Ben", FINAL)]

    def decided(*texts: str, works=graded) -> Decisions:
        files = []
        for number, text in enumerate(texts):
            path = tmp_path / f"{'abc'[number]}.csv"
            path.write_text(HEADER + text)
            files.append(read_hand_marks(path))
        return decide(works, tmp_path / "results", files)

    return decided


def test_a_persons_points_replace_those_of_any_answer(marked, exercise):
    done = marked("ada,sums,why,2.5,Well put.\nada,sums,total,0.5,Half right.\n")
    ada = done.graded[0]
    assert (ada.points, ada.open, ada.status) == (7, 0, "final")
    total, why = ada.marks[0].answers[0], ada.marks[2].answers[0]
    assert why.comments == ("Well put.",)
    assert total.comments == (
        "Your teacher changed the points from 2 to 0.5.",
        "Half right.",
    )
    [line] = question_lines(ada, exercise.questions[0], ada.marks[0])
    assert "partly right" in line
    assert not done.problems


def test_what_a_computed_part_was_for_is_not_said_of_a_persons_points(marked, exercise):
    ada = work(exercise, "Ada", FINAL)
    partly = replace(ada.marks[0].answers[0], points=1.0, credit="half of the rows are right.")
    ada = replace(ada, marks=(replace(ada.marks[0], answers=(partly,)), *ada.marks[1:]))
    [changed] = marked("ada,sums,total,2,\n", works=[ada]).graded
    assert changed.marks[0].answers[0].credit == ""


def test_marks_are_kept_for_the_next_time(marked):
    marked("ada,sums,why,2.5,Well put.\n")
    assert marked().graded[0].points == 8.5
    assert marked("ben,sums,why,1,\n").graded[0].points == 8.5
    assert [one.points for one in marked().graded] == [8.5, 7]


def test_files_of_several_people_are_merged(marked):
    done = marked("ada,sums,why,1,\n", "ben,sums,why,2,\n")
    assert [one.points for one in done.graded] == [7, 8]
    assert not done.problems


def test_a_contradiction_is_told_and_changes_nothing(marked):
    marked("ada,sums,why,1,\n")
    done = marked("ada,sums,why,2,\n", "ada,sums,why,3,\n")
    [problem] = done.problems
    assert "ada, sums, why: 2 (a.csv, line 2) and 3 (b.csv, line 2)" in problem
    assert marked().graded[0].points == 7


def test_a_file_that_repeats_an_earlier_mark_contradicts_nobody(marked):
    marked("ada,sums,why,1,\n")
    done = marked("ada,sums,why,1,\n", "ada,sums,why,3,\n")
    assert not done.problems
    assert done.graded[0].points == 9


def test_an_earlier_mark_that_another_file_replaces_is_told(marked):
    marked("ben,sums,why,1,\n", "ada,sums,why,1,\n")
    done = marked("ada,sums,why,2,\n")
    [notice] = done.notices
    assert "1 (b.csv) was replaced by 2 (a.csv, line 2)" in notice


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("adda,sums,why,1,", "There is no student 'adda'. Did you mean 'ada'"),
        ("ada,sum,why,1,", "handed in nothing for an exercise 'sum'"),
        ("ada,sums,wy,1,", "There is no answer 'wy'. Expected one of total, odd, n_odd, why"),
        ("ada,sums,why,3.5,", "The points are 3.5, expected 0 to 3"),
        ("ada,sums,why,-1,", "expected 0 to 3"),
        ("ada,sums,,10,", "The points are 10, expected 0 to 9"),
    ],
)
def test_a_mark_that_fits_nothing_is_told_and_not_stored(marked, tmp_path, row, told):
    done = marked(f"{row}\nben,sums,why,1,\n")
    [problem] = done.problems
    assert told in problem
    assert "a.csv, line 2" in problem
    assert [one.points for one in done.graded] == [6, 7]
    [stored] = read_hand_marks(tmp_path / "results" / STORED)
    assert stored.student == "ben"


def test_marks_for_what_is_not_graded_now_stay(marked, exercise):
    marked("ada,sums,why,1,\n")
    done = marked(works=[work(exercise, "Ben", FINAL)])
    assert "1 of the marks" in done.notices[0]
    assert not done.problems
    assert marked().graded[0].points == 7


def test_a_person_decides_on_a_whole_exercise(marked, exercise):
    flag = "NOT DECIDED: the notebook used the id 'ben'"
    cy = work(exercise, "Cy", OPEN, notes=(CELLS_OF_ANOTHER,), flags=(flag,))
    [decided] = marked("cy,sums,,4.5,Take your own cells.\n", works=[cy]).graded
    assert (decided.points, decided.open, decided.status) == (4.5, 0, "final")
    assert decided.notes == (
        "Your teacher gave 4.5 points for the whole exercise. Take your own cells.",
    )
    assert decided.flags == ("Decided by hand. the notebook used the id 'ben'",)


def test_a_student_may_be_named_if_only_one_has_the_name(marked, exercise):
    two = [work(exercise, "Ada", who="7"), work(exercise, "Ada", who="8"), work(exercise, "Ben")]
    done = marked("Ben,sums,why,1,\nAda,sums,why,1,\n", works=two)
    assert [one.open for one in done.graded] == [3, 3, 0]
    assert "There is no student 'Ada'" in done.problems[0]


def test_a_name_and_an_id_of_one_student_contradict_each_other(marked, exercise):
    two = [work(exercise, "Ada", who="7"), work(exercise, "Ben")]
    done = marked("7,sums,why,1,\n", "Ada,sums,why,2,\n", works=two)
    assert "7, sums, why: 1 (a.csv, line 2) and 2 (b.csv, line 2)" in done.problems[0]


def test_a_marks_file_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text("name,points\nAnn,3\n")
    with pytest.raises(SubmissionError, match="lacks the column"):
        read_hand_marks(path)


@pytest.mark.parametrize("points", ["many", "nan", "inf", ""])
def test_a_marks_file_with_what_is_no_number_is_refused(tmp_path, points):
    path = tmp_path / "marks.csv"
    path.write_text(f"{HEADER}ada,sums,why,{points},\n")
    with pytest.raises(SubmissionError, match="line 2"):
        read_hand_marks(path)


def test_a_comment_that_a_spreadsheet_would_run_comes_back_as_it_was(marked, tmp_path):
    marked('ada,sums,why,1,"\'=1+1"\n')
    stored: Path = tmp_path / "results" / STORED
    assert ",'=1+1," in stored.read_text()
    assert marked().graded[0].marks[2].answers[0].comments == ("=1+1",)
