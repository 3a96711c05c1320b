"""Rosters are read as teachers write them and as learning systems export them, or refused."""

from __future__ import annotations

import pytest
from grading.exports import packed, roster

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.people import Person
from microns_widgets.grading.intake.roster import read_roster

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Exercise 1 (4314282)
,,,,,Manual Posting
    Points Possible,,,,,18
"Lovelace, Ada",4711,20260001,ada,Neuro 1,
"O'Neil, Åsa",4712,20260002,asa@uni.edu,Neuro 1,12
"Student, Test",4713,,b6740f0b946af,Neuro 1,
"""
MOODLE = """Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade"
"Participant 123","Ada Lovelace",20260001,ada@uni.edu,"Submitted for grading",,18.00
"Participant 124","Åsa O'Neil",,asa@uni.edu,"No submission",,18.00
"""
MOODLE_GERMAN = """Vorname;Nachname;ID-Nummer;E-Mail-Adresse
Jörg;Müller;20260003;joerg@uni.de
"""
GRADESCOPE = """First Name,Last Name,SID,Email,Role,Sections
Ada,Lovelace,20260001,ada@uni.edu,Student,A
Grace,Hopper,,grace@uni.edu,Instructor,A
Alan,Turing,20260009,alan@uni.edu,TA,A
"""
BRIGHTSPACE = """OrgDefinedId,Username,Last Name,First Name,Email,Ex 1 Points,End-of-Line Indicator
#0020260001,#ada,Lovelace,Ada,ada@uni.edu,,#
"""
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\n'
    '"Müller"\t"Jörg"\t"jmueller"\t"20260003"\t"2026-10-30 15:00:00"\t"Yes"\n'
)
GITHUB = '"identifier","github_username","github_id","name"\n"20260001","ada-l","40261856",""\n'
GOOGLE = "Last Name,First Name,Email Address,Exercise 1\nLovelace,Ada,ada@uni.edu,\n"
ADA = {"name": "Ada Lovelace", "email": "ada@uni.edu"}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("student\nada\n", [Person("ada")]),
        (
            "student;id;name;email;extension\nada;7;Ada L.;a@b.c;2026-12-01 12:00\n",
            [Person("ada", "7", "Ada L.", "a@b.c", extension="2026-12-01 12:00")],
        ),
        ("name,student,section\nAda,ada,1\n", [Person("ada", name="Ada")]),
        ("Name\tStudent\tDue\nAda\tada\tFriday\n", [Person("ada", name="Ada", extension="Friday")]),
        ("sep=;\nstudent;name\nada;Ada\n", [Person("ada", name="Ada")]),
        ('\n\nstudent,name\n"ada","Lovelace; Ada"\n\n', [Person("ada", name="Lovelace; Ada")]),
        (
            CANVAS,
            [
                Person("ada", "4711", "Lovelace, Ada", "", ("20260001",)),
                Person("asa@uni.edu", "4712", "O'Neil, Åsa", "", ("20260002",)),
            ],
        ),
        (
            MOODLE,
            [
                Person("20260001", "123", **ADA),
                Person("asa@uni.edu", "124", "Åsa O'Neil", "asa@uni.edu"),
            ],
        ),
        (MOODLE_GERMAN, [Person("20260003", "", "Jörg Müller", "joerg@uni.de")]),
        (GRADESCOPE, [Person("20260001", "20260001", **ADA)]),
        (BRIGHTSPACE, [Person("0020260001", "ada", **ADA, others=("ada",))]),
        (BLACKBOARD, [Person("20260003", "jmueller", "Jörg Müller", "", ("jmueller",))]),
        (GITHUB, [Person("20260001", "ada-l")]),
        (GOOGLE, [Person("ada@uni.edu", "", **ADA)]),
    ],
    ids=[
        *("ids alone", "semicolons", "commas", "tabs", "Excel's separator", "empty lines"),
        *("Canvas", "Moodle's worksheet", "Moodle in German", "Gradescope", "Brightspace"),
        *("Blackboard", "GitHub Classroom", "Google Classroom"),
    ],
)
def test_a_roster_is_read_as_it_was_exported(tmp_path, text, people):
    read = {p.student_id: p for p in roster(tmp_path, text).people}
    for person in people:
        found = read.pop(person.student_id)
        assert set(person.others) <= set(found.others)
        assert found.__dict__ | {"others": ()} == person.__dict__ | {"others": ()}
    assert not read


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("text", [MOODLE_GERMAN, BLACKBOARD], ids=["semicolons", "tabs"])
def test_a_roster_is_read_in_any_encoding(tmp_path, text, encoding):
    [person] = roster(tmp_path, text.replace("\n", "\r\n"), encoding).people
    assert (person.student_id, person.name) == ("20260003", "Jörg Müller")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"the columns \(none\). Expected one named student"),
        ("name,points\nAda,3\n", "the columns name, points. Expected one named student"),
        ("Student,ID,Section\nAda,4711,A\n", "the columns Student, ID, Section. Expected one"),
        ("student,name\nada,Ada\nADA ,Ada B.\n", "contains the student 'ADA' twice"),
        ("student,name\nada,Ada\n,Bob\n", "no id for Bob in line 3. Expected what students enter"),
        ('Identifier,Status\n"Participant 123",None\n', "no id for the person in line 2"),
    ],
)
def test_a_roster_without_ids_is_refused_by_the_name_of_what_is_missing(tmp_path, text, message):
    with pytest.raises(SubmissionError, match=message):
        roster(tmp_path, text)


def test_a_roster_that_is_no_table_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing.csv"):
        with pytest.raises(SubmissionError, match="cannot be read"):
            read_roster(path)
    (tmp_path / "class.xlsx").write_bytes(packed({"xl/workbook.xml": "<workbook>"}))
    with pytest.raises(SubmissionError, match="it is a workbook, not text; save it as CSV"):
        read_roster(tmp_path / "class.xlsx")


def test_any_id_that_a_student_may_type_is_theirs(tmp_path):
    people = roster(tmp_path, CANVAS)
    [ada, asa] = people.people
    assert people.typed("ADA ") == people.typed("2026 0001") == ada
    assert people.typed("asa@uni.edu") == people.typed("20260002") == asa
    assert people.typed("4711") is None
    assert people.typed("") is None
    assert people.typed("o'neil") is None


def test_zeros_at_the_start_of_a_number_may_be_missing(tmp_path):
    people = roster(tmp_path, "student,name\n0012345,Ada\n7,Bob\n007,Cid\n123,Dee\n")
    for typed, name in {"12345": "Ada", "7": "Bob", "007": "Cid", "0123": "Dee"}.items():
        assert people.typed(typed).name == name
    assert people.typed("07") is None
    assert people.typed("0") is None


def test_an_id_counts_before_the_same_word_in_another_column(tmp_path):
    people = roster(tmp_path, "student,login id,name\n7,8,Ada\n8,9,Bob\n")
    assert people.typed("8").name == "Bob"
