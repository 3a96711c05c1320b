"""Whose a notebook is, which attempt counts, and who is missing; no notebook runs for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from grading.exports import found, matched, notebook, packed, roster, unzipped, zipped

from microns_widgets.grading.intake.attempts import best, number_in
from microns_widgets.grading.intake.matching import match_submissions
from microns_widgets.grading.limits import Limits

CLASS = "student,name,email\n101,Ada Lovelace,ada@uni.edu\n102,Eve Adams,eve@uni.edu\n"
SEVERAL = (
    "Several files claim to be this work: a.ipynb, b.ipynb. Your teacher decides whose they are."
)
START = datetime(2026, 11, 1, 12)


@pytest.fixture
def people(tmp_path):
    return roster(tmp_path, CLASS)


def kinds(entries) -> list[tuple[str, str]]:
    """The student, and the file or why there is none."""
    return [(one.who, one.problem or one.submission.file) for one in entries]


def test_without_a_system_the_folder_says_whose_it_is(tmp_path, people):
    files = {"Eve Adams/x.ipynb": notebook("101"), "lovelace_ada/x.ipynb": notebook("101")}
    ada, eve = matched(zipped(tmp_path / "all.zip", files), people)
    assert (ada.who, ada.submission.file) == ("101", "lovelace_ada/x.ipynb")
    assert (eve.who, eve.submission.file) == ("102", "Eve Adams/x.ipynb")
    assert "The id '101' was entered; the roster has '102'." in eve.flags
    assert any("'101' was also entered in the notebook of Eve Adams" in flag for flag in ada.flags)


def test_of_flat_files_the_typed_id_says_whose_each_is(tmp_path, people):
    files = {"degree.ipynb": notebook("ada@uni.edu"), "degree (1).ipynb": notebook(" 102")}
    ada, eve = matched(zipped(tmp_path / "all.zip", files), people)
    assert (ada.who, ada.name, ada.submission.file) == ("101", "Ada Lovelace", "degree.ipynb")
    assert (eve.who, eve.name) == ("102", "Eve Adams")
    assert not ada.flags + eve.flags


def test_a_single_files_name_says_nothing(tmp_path, people):
    files = {"101.ipynb": notebook("102"), "mine.ipynb": notebook("101")}
    ada, eve = matched(zipped(tmp_path / "all.zip", files), people)
    assert (ada.submission.file, eve.submission.file) == ("mine.ipynb", "101.ipynb")
    assert not ada.flags + eve.flags


def test_files_that_all_have_a_students_name_are_theirs(tmp_path, people):
    files = {"Ada Lovelace.ipynb": notebook("102"), "eve@uni.edu.ipynb": notebook("102")}
    ada, eve = matched(zipped(tmp_path / "all.zip", files), people)
    assert (ada.who, eve.who) == ("101", "102")
    assert "The id '102' was entered; the roster has '101'." in ada.flags


def test_the_same_file_once_more_is_no_other_attempt(tmp_path):
    files = {"Ada/sums.ipynb": notebook("ada"), "Ada/sums (1).ipynb": notebook("ada")}
    ada, _ = matched(zipped(tmp_path / "all.zip", files | {"Bob/x.ipynb": notebook("b")}))
    assert not ada.flags


def test_thousands_of_attempts_are_read_and_few_are_named(tmp_path):
    files = {f"Ada/{n}.ipynb": notebook("ada", answer=n) for n in range(600)}
    files |= {f"Ada/{n}.csv": "x" for n in range(600)}
    ada, _ = matched(zipped(tmp_path / "all.zip", files | {"Bob/x.ipynb": notebook("b")}))
    assert ada.submission.file == "Ada/599.ipynb"
    assert len(ada.flags) < 2500
    [flag] = [flag for flag in ada.flags if flag.startswith("Several")]
    assert flag.endswith("and 594 more were not.")


def test_an_id_that_nobody_has_makes_it_nobodys(tmp_path, people):
    files = {"a.ipynb": notebook("101"), "b.ipynb": notebook("999"), "c.ipynb": notebook("")}
    entries = matched(zipped(tmp_path / "all.zip", files), people)
    assert kinds(entries) == [
        ("101", "a.ipynb"),
        ("102", "Nothing was handed in."),
        ("b", "b.ipynb"),
        ("c", "c.ipynb"),
    ]
    assert "Nobody in the roster has this name or id." in entries[2].flags


def test_a_typed_id_displaces_nothing(tmp_path, people):
    files = {
        "Ada Lovelace/x.ipynb": notebook("101"),
        "Eve Adams/x.ipynb": notebook("102"),
        "Mallory/x.ipynb": notebook("101", answer=1),
    }
    ada, eve, mallory = matched(zipped(tmp_path / "all.zip", files), people)
    assert kinds([ada, eve, mallory]) == [
        ("101", "Ada Lovelace/x.ipynb"),
        ("102", "Eve Adams/x.ipynb"),
        ("Mallory/x.ipynb", "Mallory/x.ipynb"),
    ]
    assert any("graded for itself: Mallory/x.ipynb" in flag for flag in ada.flags)
    assert any("claims to be the work of Ada Lovelace" in flag for flag in mallory.flags)
    assert mallory.owner_id == ""


def test_of_two_claims_to_one_person_neither_is_chosen(tmp_path, people):
    files = {
        "a.ipynb": notebook("101"),
        "b.ipynb": notebook("101", answer=1),
        "c.ipynb": notebook("102"),
    }
    entries = matched(zipped(tmp_path / "all.zip", files), people)
    assert kinds(entries) == [
        ("101", SEVERAL),
        ("102", "c.ipynb"),
        ("a.ipynb", "a.ipynb"),
        ("b.ipynb", "b.ipynb"),
    ]
    assert all(any("decide whose it is" in flag for flag in one.flags) for one in entries[2:])


def test_a_changed_name_in_the_system_takes_nobodys_place(tmp_path, people):
    files = {
        "Ada Lovelace_7_assignsubmission_file_/x.ipynb": notebook("101"),
        "Ada Lovelace_8_assignsubmission_file_/y.ipynb": notebook("102"),
    }
    path = zipped(tmp_path / "all.zip", files)
    entries = matched(path, people)
    assert [one.who for one in entries if one.problem] == ["101", "102"]
    assert [one.claims for one in entries if not one.problem] == ["101", "101"]
    ids = roster(tmp_path, "student,id,name\n101,7,Ada Lovelace\n102,9,Eve Adams\n")
    ada, eve, other = matched(path, ids)
    assert (ada.submission.file, ada.problem) == (next(iter(files)), "")
    assert eve.problem == "Nothing was handed in."
    assert other.claims == "101"


def test_a_folder_that_nobody_has_is_assigned_by_the_typed_id_and_flagged(tmp_path, people):
    files = {"Ada L./x.ipynb": notebook("101"), "Eve Adams/x.ipynb": notebook("102")}
    ada, _ = matched(zipped(tmp_path / "all.zip", files), people)
    assert ada.who == "101"
    [flag] = ada.flags
    assert flag.startswith("Nobody in the roster is called 'Ada L.'")


def test_an_id_in_another_form_is_the_students_own(tmp_path):
    people = roster(
        tmp_path, "Student,ID,SIS User ID,SIS Login ID,Section\nAda Lovelace,7,20260001,ada,A\n"
    )
    path = zipped(tmp_path / "all.zip", {"lovelaceada_7_1_x.ipynb": notebook("2026 0001")})
    [ada] = matched(path, people)
    assert (ada.who, ada.flags) == ("ada", ())
    assert ada.owns("20260001")
    assert not ada.owns("7")


def test_several_ids_in_a_text_are_flagged(tmp_path):
    made = notebook("ada", before="STUDENT = 'bob'")
    [one] = matched(unzipped(tmp_path / "all", {"Ada/x.ipynb": made}))
    assert one.student_id == "bob"
    assert "The text contains several ids: 'ada', 'bob'." in one.flags


def attempts(*names: str, folder: str = "Ada/", **more: str) -> dict[str, str]:
    made = {f"{folder}{name}": notebook("ada", answer=n) for n, name in enumerate(names)}
    return {**made, "Bob/x.ipynb": notebook("bob"), **more}


@pytest.mark.parametrize(
    ("names", "last"),
    [
        (["degree.ipynb", "degree (1).ipynb"], "degree (1).ipynb"),
        (["degree-2.ipynb", "degree-10.ipynb", "degree-1.ipynb"], "degree-10.ipynb"),
        (["degree_v9.ipynb", "degree_v11.ipynb"], "degree_v11.ipynb"),
        (["b.ipynb", "a.ipynb"], "b.ipynb"),
    ],
)
def test_without_a_time_the_number_in_the_name_says_which_is_the_last(tmp_path, names, last):
    for path in (
        zipped(tmp_path / "all.zip", attempts(*names)),
        unzipped(tmp_path / "all", attempts(*names)),
    ):
        ada, _ = matched(path)
        assert ada.submission.file == f"Ada/{last}"
        [flag] = ada.flags
        assert flag.startswith(f"Several notebooks were handed in: Ada/{last} was graded, ")
        assert all(name in flag for name in names)


def test_the_time_of_a_file_counts_before_the_number_in_its_name(tmp_path):
    names = ["degree-9.ipynb", "degree-8.ipynb"]
    times = {f"Ada/{name}": START + timedelta(minutes=n) for n, name in enumerate(names)}
    zipped(tmp_path / "all.zip", attempts(*names), times)
    unzipped(tmp_path / "all", attempts(*names), times)
    for path in (tmp_path / "all.zip", tmp_path / "all"):
        assert matched(path)[0].submission.file == "Ada/degree-8.ipynb"


def test_times_a_few_seconds_apart_come_from_copying(tmp_path):
    names = ["degree (1).ipynb", "degree.ipynb"]
    times = {f"Ada/{name}": START + timedelta(seconds=4 * n) for n, name in enumerate(names)}
    path = zipped(tmp_path / "all.zip", attempts(*names), times)
    assert matched(path)[0].submission.file == "Ada/degree (1).ipynb"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("lovelaceada_7_9_x-2.ipynb", "lovelaceada_7_10_a.ipynb"),
        (
            "7-1 - Ada - Oct 30, 2025 1000 PM/x (9).ipynb",
            "7-1 - Ada - Nov 1, 2025 900 AM/x.ipynb",
        ),
        (
            "HW_ada_attempt_2025-10-30-15-00-00_z.ipynb",
            "HW_ada_attempt_2025-10-30-15-00-01_x.ipynb",
        ),
    ],
    ids=["Canvas's number", "Brightspace's time", "Blackboard's time"],
)
def test_the_systems_own_time_counts_most(tmp_path, earlier, later):
    for order in ([earlier, later], [later, earlier]):
        times = {earlier: START + timedelta(days=1), later: START}
        path = zipped(tmp_path / "all.zip", {n: notebook(n) for n in order}, times)
        [entry] = matched(path)
        assert entry.submission.file == later


def test_an_attempt_that_cannot_be_read_displaces_none_that_can(tmp_path):
    files = attempts("sums.ipynb") | {"Ada/sums (1).ipynb": "<html>"}
    ada, _ = matched(zipped(tmp_path / "all.zip", files))
    assert (ada.submission.file, ada.problem) == ("Ada/sums.ipynb", "")
    [flag] = ada.flags
    assert flag.startswith("Ada/sums (1).ipynb could not be read: The file is not a notebook")


def test_attempts_at_different_exercises_are_none_of_each_other(tmp_path):
    files = {"Ada/x.ipynb": notebook(), "Ada/y.ipynb": notebook(exercise="degree")}
    entries = matched(zipped(tmp_path / "all.zip", files | {"Bob/z.ipynb": notebook("b")}))
    assert [entry.who for entry in entries] == ["Ada", "Ada", "Bob"]
    assert not entries[0].flags[1:]


def test_of_all_attempts_the_best_can_be_kept(tmp_path):
    names = ["degree.ipynb", "degree (1).ipynb", "degree (2).ipynb"]
    entries = matched(zipped(tmp_path / "all.zip", attempts(*names)), keep="best")
    ada = [one for one in entries if one.who == "Ada"]
    assert len(ada) == 3
    assert len({one.task for one in ada}) == 3
    assert not [flag for one in ada for flag in one.flags if "also entered" in flag]
    points = {"Ada/degree.ipynb": 3.0, "Ada/degree (1).ipynb": 5.0, "Ada/degree (2).ipynb": 5.0}
    ordered = sorted(ada, key=lambda one: number_in(one.submission.file))
    chosen = ordered[best(ordered, lambda one: points[one.submission.file])]
    assert chosen.submission.file == "Ada/degree (2).ipynb"


def test_who_hands_in_nothing_has_an_entry(tmp_path, people):
    path = zipped(tmp_path / "all.zip", {"Ada Lovelace/x.ipynb": notebook("101")})
    _, eve = matched(path, people)
    assert (eve.who, eve.name, eve.exercise) == ("102", "Eve Adams", "sums")
    assert eve.problem == "Nothing was handed in."


@pytest.mark.parametrize(
    "instead",
    [
        "Eve Adams_8_assignsubmission_file_/sums.html",
        "Eve Adams_8_assignsubmission_file_/work.zip",
        "Eve Adams_8_assignsubmission_onlinetext_/onlinetext.html",
    ],
)
def test_who_hands_in_a_page_alone_is_told_so(tmp_path, people, instead):
    content = packed({"report.pdf": b"%PDF"}) if instead.endswith(".zip") else "<html>"
    files = {"Ada Lovelace_7_assignsubmission_file_/x.ipynb": notebook("101"), instead: content}
    for roster_or_none in (people, None):
        _, eve = matched(zipped(tmp_path / "all.zip", files), roster_or_none)
        assert (eve.name, eve.exercise) == ("Eve Adams", "sums")
        name = "report.pdf" if instead.endswith(".zip") else instead.split("/")[1]
        assert eve.problem.startswith(f"Only {name} was handed in, and no notebook.")


def test_a_file_beside_the_submissions_is_nobodys(tmp_path, people):
    files = {"a.ipynb": notebook("101"), "b.ipynb": notebook("102"), "README.html": "<p>"}
    assert len(matched(zipped(tmp_path / "all.zip", files), people)) == 2
    assert len(matched(zipped(tmp_path / "all.zip", files))) == 2
    files = {"Ada Lovelace.ipynb": notebook("101"), "Eve Adams.html": "<p>"}
    _, eve = matched(zipped(tmp_path / "all.zip", files), people)
    assert eve.problem.startswith("Only Eve Adams.html was handed in")


def test_an_exercise_of_a_few_is_not_missing_from_all_others(tmp_path):
    people = roster(tmp_path, "student\n" + "".join(f"{n}\n" for n in range(101, 107)))
    files = {f"{n}/x.ipynb": notebook(str(n)) for n in range(101, 105)}
    files["101/extra.ipynb"] = notebook("101", exercise="degree")
    files["105/extra.ipynb"] = notebook("105", exercise="degree")
    entries = matched(zipped(tmp_path / "all.zip", files), people)
    missing = [(one.who, one.exercise) for one in entries if one.problem]
    assert missing == [("105", "sums"), ("106", "sums")]


def test_in_gradescopes_autograder_everything_is_of_one_student(tmp_path):
    names = ["sums.ipynb", "sums (1).ipynb", "work/sums (2).ipynb"]
    files = {name: notebook("ada", answer=n) for n, name in enumerate(names)}
    path = unzipped(tmp_path / "submission", files | {"work/helpers.py": "x = 1"})
    [*_, last] = one_students = found(path, one_student=True)
    assert {one.who for one in one_students} == {"submission"}
    [entry] = match_submissions(one_students, ["sums"], None, Limits())
    assert entry.submission.file == last.file == "work/sums (2).ipynb"
    assert [*entry.submission.files] == ["helpers.py"]
