"""Points go back to each learning system in the form that it imports."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from grading.graded_class import FINAL, OPEN, sums, work

from microns_widgets._csv import original_cell
from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.report.systems.export import (
    ExportOptions,
    Exports,
    columns_named,
    exports,
)
from microns_widgets.grading.report.systems.gradebook import read_gradebook

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (77),Sums (1234),Current Score
,,,,,,Manual Posting,
    Points Possible,,,,,10.00,9.00,(read only)
"Lovelace, Ada",101,s-1,ada,Section 1,8.00,,80
"Babbage, Ben",102,s-2,ben,Section 1,7.00,3.00,70
"Curie, Cy",103,s-3,cy,Section 1,,2.00,
"Darwin, Dan",104,s-4,dan,Section 1,9.00,1.00,90
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 7001,Ada Lovelace,ada,Submitted for grading,,9.00,Yes,"Sunday, 1 November",-,
Participant 7002,Ben Babbage,ben,Submitted for grading,3.00,9.00,Yes,-,"Monday, 2 November",Old
Participant 7004,Dan Darwin,dan,No submission,,9.00,Yes,-,-,
"""
BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Sums Points Grade <Numeric MaxPoints:9>,\
End-of-Line Indicator
#00123,ada,Lovelace,Ada,,#
#00124,ben,Babbage,Ben,3,#
"""


@pytest.fixture(scope="module")
def exercise(tmp_path_factory) -> Exercise:
    return sums(tmp_path_factory.mktemp("course"))


@pytest.fixture
def graded(exercise):
    """Ada's points are final, Ben's are so far, Cy's are not decided."""
    return [
        work(exercise, "Ada", FINAL),
        work(exercise, "Ben"),
        work(exercise, "Cy", OPEN),
    ]


@pytest.fixture
def exported(tmp_path, graded):
    """Return a function that exports with the roster of a text."""

    def make(text: str = "", works=graded, **options) -> Exports:
        book = None
        if text:
            (tmp_path / "roster.csv").write_text(text)
            book = read_gradebook(tmp_path / "roster.csv")
        return exports(works, book, ExportOptions(**options))

    return make


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_canvas_gets_its_own_column_and_the_rows_and_ids_of_its_gradebook(exported):
    made = exported(CANVAS)
    assert made.remarks == []
    assert table(made.files["canvas.csv"]) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Sums (1234)"],
        ["", "", "", "", "", "Manual Posting"],
        ["    Points Possible", "", "", "", "", "9.00"],
        ["Lovelace, Ada", "101", "s-1", "ada", "Section 1", "9"],
        ["Babbage, Ben", "102", "s-2", "ben", "Section 1", ""],
        ["Curie, Cy", "103", "s-3", "cy", "Section 1", ""],
        ["Darwin, Dan", "104", "s-4", "dan", "Section 1", "1.00"],
    ]


def test_an_assignment_of_another_name_is_named_by_the_teacher(exported):
    text = CANVAS.replace("Sums (1234)", "Homework 1 (1234)")
    missing = exported(text)
    assert "no column for sums" in missing.remarks[0]
    assert table(missing.files["canvas.csv"])[0][-1] == "Sums"
    made = exported(text, columns=columns_named(["sums=Homework 1"]))
    assert made.remarks == []
    assert table(made.files["canvas.csv"])[0][-1] == "Homework 1 (1234)"
    with pytest.raises(InvalidArgument, match="0 columns of this name"):
        exported(text, columns={"sums": "Homework 7"})
    with pytest.raises(InvalidArgument, match="expected an exercise and the name"):
        columns_named(["Homework 7"])


def test_points_that_a_person_gave_for_work_on_paper_are_exported(exported, exercise):
    ada = work(exercise, "Ada")
    paper = replace(ada.entry, submission=replace(ada.entry.submission, file=""))
    nothing = replace(ada, entry=paper, marks=())
    for points, cell in ((None, "3.00"), (5.0, "5")):
        given = replace(nothing, total=points)
        text = CANVAS.replace("Section 1,8.00,,80", "Section 1,8.00,3.00,80")
        assert table(exported(text, [given]).files["canvas.csv"])[3][-1] == cell


def test_a_file_of_no_exercise_changes_no_cell(exported, graded, exercise):
    ada = work(exercise, "Ada", FINAL)
    nothing = replace(ada, entry=replace(ada.entry, exercise=""), exercise=None, marks=())
    made = exported(CANVAS, [*graded, nothing])
    assert made.files == exported(CANVAS).files
    for system in ("moodle", "brightspace", "csv"):
        assert exported("", [*graded, nothing], system=system).files


def test_other_points_in_the_system_are_told(exported):
    [remark] = exported(CANVAS.replace("9.00,(read", "100.00,(read")).remarks
    assert "has 100 points in Canvas, and sums has 9" in remark
    [remark] = exported(MOODLE.replace(",9.00,", ",100.00,")).remarks[:1]
    assert "The maximum grade is 100.00 in Moodle" in remark
    [remark] = exported(BRIGHTSPACE.replace("Points:9", "Points:18")).remarks[:1]
    assert "has 18 points in Brightspace" in remark


def test_a_student_without_a_row_is_told(exported, exercise):
    made = exported(CANVAS, [work(exercise, "Eve", FINAL)])
    assert made.remarks == ["Points of 1 were not exported, since no row is theirs: Eve."]


def test_the_number_of_one_student_is_not_taken_for_that_of_another(exported, exercise):
    # Canvas's number of Ada is the student number of Ben.
    text = CANVAS.replace("s-2,ben", "s-2,101")
    works = [
        work(exercise, "Ada", FINAL, owner={"email": "a"}),
        work(exercise, "Ben", FINAL | {"why": 1.0}, who="101"),
    ]
    assert [row[-1] for row in table(exported(text, works).files["canvas.csv"])[3:5]] == ["", "7"]
    assert "Ada" in exported(text, works).remarks[0]


def test_moodles_worksheet_keeps_all_but_grade_and_comment(exported):
    made = exported(MOODLE)
    assert made.remarks == []
    before, after = table(MOODLE), table(made.files["moodle-sums.csv"])
    assert after[0] == before[0]
    assert [row[4] for row in after[1:]] == ["9", "", ""]
    assert after[1][9].startswith("9 of 9 points<br>1.1 The total: 2 / 2. right.<br>1.2 Odd")
    assert after[2][9] == "Old"
    # Moodle takes neither - nor '- for a time: the grade was never changed.
    same = [[original_cell(cell) for cell in row[:4] + row[5:8]] for row in after]
    assert same == [(row[:4] + row[5:8]) for row in before]


def test_moodle_shows_what_is_in_a_comment_as_text(exported, exercise):
    ada = work(exercise, "Ada", FINAL, late_note="<b>late</b>")
    [_, row] = table(exported(works=[ada], system="moodle").files["moodle-sums.csv"])
    assert "&lt;b&gt;late&lt;/b&gt;" in row[8]
    assert row[:6] == ["Participant Ada", "Ada", "", "", "9", "9"]


def test_a_worksheet_in_another_language_is_recognised(exported):
    german = (
        "Bezeichner,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
        "Zuletzt geändert (Bewertung),Feedback als Kommentar\n"
        'Teilnehmer/in7001,Ada,ada,,,"9,00",-,\n'
    )
    [_, row] = table(exported(german).files["moodle-sums.csv"])
    assert row[4] == "9"
    assert row[7].startswith("9 of 9")


def test_brightspace_gets_an_end_in_each_line(exported):
    made = exported(BRIGHTSPACE)
    assert made.files == {
        "brightspace.csv": "OrgDefinedId,Username,Sums Points Grade <Numeric MaxPoints:9>,"
        "End-of-Line Indicator\n#00123,ada,9,#\n"
    }
    assert exported(system="brightspace").files["brightspace.csv"] == (
        "OrgDefinedId,Sums Points Grade,End-of-Line Indicator\n#ada,9,#\n"
    )


def test_without_a_gradebook_there_is_a_table_for_canvas_and_a_plain_one(exported):
    assert set(exported().files) == {"canvas.csv", "points.csv"}
    assert set(exported("student,name\nada,Ada\n").files) == {"canvas.csv", "points.csv"}
    [_, ada, ben, cy] = table(exported(CANVAS, system="csv").files["points.csv"])
    assert [row[-1] for row in (ada, ben, cy)] == ["9", "", ""]


@pytest.mark.parametrize(
    ("text", "system"),
    [
        (CANVAS, "canvas"),
        (MOODLE, "moodle"),
        (BRIGHTSPACE, "brightspace"),
        ("Username,Quiz Points Grade,End-of-Line Indicator\n", "brightspace"),
        ("student,name,email\nada,Ada,\n", None),
        ("Name,SID,Email,Role\nAda,1,a@b.c,Student\n", None),
    ],
)
def test_a_system_is_recognised_by_its_columns(tmp_path, text, system):
    (tmp_path / "roster.csv").write_text(text)
    assert read_gradebook(tmp_path / "roster.csv").system == system
