"""A review shows what is in the results, hides names if asked, and writes the results again."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from grading.graded_class import work
from grading.pool_course import write_pool
from grading.reviewed_class import session, write_class
from grading.small_course import write_master

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.grade import Options
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.report.kept import FOLDER, read_kept
from microns_widgets.grading.report.late import LateRule
from microns_widgets.grading.report.material import Material, keep_material
from microns_widgets.grading.report.pages import page_name
from microns_widgets.grading.report.results import write_again, write_results
from microns_widgets.grading.report.words import regrade_words
from microns_widgets.grading.review.shown import visible


@pytest.fixture
def graded(tmp_path) -> Path:
    """Results that were written with a roster and a late rule, whose sources are gone."""
    exercise = read_master(write_master(tmp_path / "solutions")).exercise
    roster = tmp_path / "class.csv"
    roster.write_text("Student,ID,SIS Login ID,Section,Sums\nAda,7,ada,A,\n")
    options = Options(
        tmp_path / "in", tmp_path / "results", tmp_path / "solutions", tmp_path / "x", roster
    )
    due = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    late = LateRule({"": due}, timedelta(minutes=15), 0.1, 0.5)
    ada = work(exercise, "Ada", owner={"time": due.timestamp() + 3600, "utc": True})
    write_results([ada, work(exercise, "Ben")], options, late=late)
    shutil.rmtree(tmp_path / "solutions")
    roster.unlink()
    return options.out


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_results_follow_marks_without_submissions_masters_or_roster(graded):
    before = rows(graded)
    assert (before["ada"]["status"], before["ada"]["taken off"]) == ("so far", "0.6")
    review = session(graded)
    review.store.change("1", "Tina", ("ada", "sums", "why"), {"points": 2})
    review.store.change("2", "Tina", ("ada", "sums", "why"), {"comment": "Nearly."})
    results = write_again(graded)
    assert not results.problems
    after = rows(graded)
    assert (after["ada"]["status"], after["ada"]["points"], after["ada"]["taken off"]) == (
        *("final", "7.2"),
        "0.8",
    )
    assert after["ben"] == before["ben"]
    assert "Nearly." in (graded / "feedback" / page_name("ada")).read_text()
    changes = csv.DictReader((graded / "changes.csv").read_text().splitlines())
    [change] = [row for row in changes if row["question"] == "sums.why"]
    assert (change["before"], change["after"], change["why"]) == ("", "2", "manual")
    assert "7.2" in (graded / "canvas.csv").read_text()


def test_writing_again_changes_nothing_if_no_mark_changed(graded):
    files = {path: path.read_bytes() for path in graded.rglob("*.*") if path.is_file()}
    assert write_again(graded).problems == []
    assert files == {path: path.read_bytes() for path in files}


def test_what_is_kept_comes_back_as_it_was(graded):
    kept = read_kept(graded)
    again = replace(kept.graded[0], key=None)
    assert again.entry.submission.owner.utc
    assert again.marks[2].answers[0].points is None
    assert kept.late is not None
    # Summer time is known: the zone is kept by its name.
    assert kept.late.due_of("sums", "2026-12-01").utcoffset() == timedelta(hours=1)
    guide = kept.exercises["sums"].questions[2].answers[0].options["guide"]
    assert guide == "Pairs that add up to 11."


def test_results_of_an_older_version_are_refused_with_the_cure(graded):
    (graded / FOLDER / "works.json").unlink()
    with pytest.raises(SubmissionError, match="Run the same `microns grade` command again"):
        session(graded)
    with pytest.raises(SubmissionError, match="has no results"):
        session(graded / "nothing")


def test_only_the_owner_can_read_what_is_kept(graded):
    assert (graded / FOLDER).stat().st_mode & 0o077 == 0


def test_a_students_page_says_how_to_ask(graded):
    page = (graded / "feedback" / page_name("ada")).read_text()
    assert "write to your teacher in Canvas" in page
    assert regrade_words("Ask Tina until Friday. ", None) == "Ask Tina until Friday."
    assert regrade_words("none", "moodle") == ""
    assert "to your teacher: name" in regrade_words(None, None)


def test_cells_and_key_stand_beside_each_other(tmp_path):
    review = session(write_class(tmp_path, {"Zoë": "Pairs of eleven.\x1b[0m \u202eexe"}))
    [id] = review.works
    detail = review.detail(id, "sums.why")
    assert detail["solution"] == ['why = """Five pairs of eleven."""']
    assert detail["cells"][0]["source"].startswith("why = 'Pairs of eleven.")
    assert detail["answers"]["why"]["value"] == "Pairs of eleven.[U+001B][0m [U+202E]exe"
    assert review.detail(id, "sums.total")["answers"]["total"]["key"] == "55"
    assert review.detail(id, "sums.total")["cells"][1]["output"].startswith("Pairs of eleven.")


def test_signs_that_are_not_seen_are_named():
    assert visible("a\u202eb\u200bc\x07\n\tझ\u200dञ") == "a[U+202E]b[U+200B]c[U+0007]\n\tझ\u200dञ"


def test_names_and_ids_are_hidden_everywhere(tmp_path):
    texts = {"Ada": "I am Ada; my friend is Ben (ben@uni.edu).", "Ben": "b", "Cleo": "c"}
    out = write_class(tmp_path, texts)
    review = session(out, anonymous=True)
    data = review.data()
    details = [review.detail(id, question) for id in review.works for question in
               ("sums.total", "sums.odd", "sums.why")]  # fmt: skip
    for name in texts:
        # A friend's first name may be any word, so only the ids of others are hidden.
        assert name not in str(data).replace("friend is Ben", "")
        assert name not in str(details).replace("friend is Ben", "")
    assert "STUDENT = ●●●" in str(details)
    assert "I am ●●●" in str(data)
    assert {one["name"] for one in data["works"].values()} == {f"Student {n}" for n in (1, 2, 3)}
    assert list(review.works) == list(session(out, anonymous=True).works)


def test_what_a_person_changed_is_news_for_everybody(tmp_path):
    out = write_class(tmp_path)
    one, other = session(out), session(out)
    n = other.data()["n"]
    one.store.change("1", "Tina", ("ada", "sums", "why"), {"points": 2})
    news = other.changes(n)
    [mark] = [mark for mark in news["marks"] if mark["answer"] == "why"]
    assert (mark["by"], mark["mark"]) == ("Tina", [2.0, ""])
    assert other.changes(news["n"])["marks"] == []


@pytest.mark.parametrize(
    "header",
    ["student,exercise,question,text", "Your Name;Assignment;Question number;What is wrong?"],
)
def test_requests_are_found_by_whatever_names_people_use(tmp_path, header):
    review = session(write_class(tmp_path))
    sign = ";" if ";" in header else ","
    lines = [
        header,
        sign.join(("ADA", "Sums", "1.3", "I wrote it")),
        sign.join(("Ada", "1", "why", "twice")),
        sign.join(("ben", "", "Odd numbers", "See above")),
        sign.join(("zoe", "sums", "1", "Who?")),
        sign.join(("ben", "sums", "9.9", "Which?")),
    ]
    found = review.add_requests("\n".join(lines).encode("utf-16"))
    assert [one["question"] for one in found] == ["sums.why", "sums.why", "sums.odd", "", "sums"]
    assert "Nobody" in found[3]["problem"]
    assert "no such question" in found[4]["problem"]
    assert len(review.add_requests("\n".join(lines).encode())) == 5
    review.store.answer_request("1", "Tina", found[0]["id"], True)
    assert [one["answered"] for one in session(review.out).requests()] == [True, *[False] * 4]


def test_a_list_without_texts_is_refused(tmp_path):
    review = session(write_class(tmp_path))
    with pytest.raises(SubmissionError, match="lacks the column text"):
        review.add_requests(b"student,points\nada,3\n")


def test_the_solution_beside_an_answer_is_that_of_the_students_version(tmp_path):
    master = read_master(write_pool(tmp_path / "solutions"))
    keep_material(tmp_path / "results", [], {"pool": master}, Limits())
    material = Material(tmp_path / "results")
    odd = "numbers = list(range(1, 100, 2))\ntotal = sum(numbers)"
    assert material.solutions("pool.total", "odd") == [odd]
    assert material.solutions("pool.mean") == ["mean = total / len(numbers)"]
