"""What grading writes can be opened without fear, and says how it was made."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import Result
from grading.grading_course import Course
from grading.small_course import RIGHT, submission
from typer.testing import CliRunner

from microns_widgets._csv import FORMULA
from microns_widgets.cli import app
from microns_widgets.grading.analysis.analysis import read_analysis

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
pytestmark = pytest.mark.usefixtures("with_bubblewrap")


class Tags(HTMLParser):
    """Collects the tags of a page and what its scripts are."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def command(course: Course, *more: str) -> Result:
    """Grade with the command, into the course's folder `results`."""
    folders = {name: str(course.folder / name) for name in ("solutions", "exercises")}
    folders["out"] = str(course.folder / "results")
    options = [word for name, folder in folders.items() for word in (f"--{name}", folder)]
    return CliRunner().invoke(app, ["grade", str(course.submissions), *options, *more])


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade an honest student and a hostile one by the command."""
    course = Course(tmp_path_factory.mktemp("course"))
    hostile = {
        "total": f"total = {SCRIPT!r}",
        "odd": f"odd = [{SCRIPT!r}]\nn_odd = 5",
        "why": f"why = {SCRIPT + ' and ten more words so that it counts as a text'!r}",
    }
    course.hand_in(
        {
            "Ada": submission(student="ada"),
            "=cmd()": submission(hostile, student=SCRIPT, before=f"print({SCRIPT!r})"),
        }
    )
    folder = course.folder
    result = command(course)
    assert result.exit_code == 0, result.output
    assert "Sandbox: bubblewrap" in result.output
    return folder / "results"


def test_every_page_shows_what_a_submission_wrote_as_text(out):
    pages = list(out.rglob("*.html"))
    assert len(pages) == 4
    for page in pages:
        text = page.read_text()
        tags = Tags(text)
        assert tags.handlers == []
        assert "img" not in tags.tags
        own = 1 if page.name == "marking.html" else 0
        assert tags.tags.count("script") == own
    assert "&lt;script&gt;" in (out / "marking.html").read_text()


def test_the_analysis_is_stored_and_shown(out):
    analysis = read_analysis(out)
    assert analysis is not None
    [exercise] = analysis.exercises
    assert (exercise.exercise, exercise.students, exercise.compared) == ("sums", 2, 0)
    assert [one.n for one in exercise.questions] == [2, 2, 0]
    assert exercise.questions[2].open == 2
    assert exercise.notes[0].startswith("Notebooks were not compared: with fewer than 10")
    summary = (out / "summary.html").read_text()
    assert "Questions compared" in summary
    assert "Too few" not in summary


def test_no_page_asks_anybody_for_anything(out):
    for page in out.rglob("*.html"):
        assert "http://" not in page.read_text()
        assert "https://" not in page.read_text()


def test_a_spreadsheet_gets_no_formula(out):
    for name in ("grades.csv", "canvas.csv"):
        with (out / name).open(newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert f"new RegExp({json.dumps(FORMULA)})" in (out / "marking.html").read_text()


def test_grades_have_a_row_a_student_and_a_column_a_question(out):
    with (out / "grades.csv").open(newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    ada = rows["Ada"]
    assert [ada[name] for name in ("points", "of", "still open")] == ["6", "9", "3"]
    assert [ada[name] for name in ("1.1", "1.2", "1.3")] == ["2", "4", ""]


def test_gradescope_gets_each_questions_score(tmp_path):
    course = Course(tmp_path)
    course.hand_in({"Ada": submission(student="ada")})
    path = tmp_path / "results.json"
    assert command(course, "--gradescope", str(path)).exit_code == 0
    results = json.loads(path.read_text())
    # A question that a person still has to mark has none.
    assert {test["number"]: test.get("max_score") for test in results["tests"]} == {
        "1.1": 2,
        "1.2": 4,
        "1.3": None,
    }
    assert {test["output_format"] for test in results["tests"]} == {"text"}


def test_the_summary_says_how_submissions_were_kept_in(out):
    assert (
        "Sandbox: bubblewrap. Each notebook ran without network"
        in (out / "summary.html").read_text()
    )


def test_nothing_half_written_stays(out):
    assert [path.name for path in out.rglob("*") if path.suffix in (".part", ".tmp")] == []


def test_without_a_sandbox_it_refuses_unless_told_in_so_many_words(tmp_path, monkeypatch):
    from microns_widgets.grading.sandbox import steps

    closed = {"bubblewrap": "bwrap is not installed", "user": "only root can be somebody else"}
    monkeypatch.setattr(steps, "_obstacles", lambda: closed)
    arguments = ["grade", str(tmp_path), "--out", str(tmp_path / "results")]
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 1
    assert "bwrap is not installed" in refused.output
    assert "--unsafe" in refused.output
    assert not (tmp_path / "results").exists()


def test_unsafe_grades_say_so(tmp_path):
    course = Course(tmp_path)
    course.hand_in({"Ada": submission(RIGHT, student="ada")})
    result = command(course, "--unsafe")
    assert result.exit_code == 0, result.output
    assert "WITHOUT a sandbox" in (tmp_path / "results" / "summary.html").read_text()


def test_a_mark_that_was_not_applied_ends_with_an_error_but_all_is_written(tmp_path):
    course = Course(tmp_path)
    course.hand_in({"ada": submission(student="ada")})
    for name, points in {"a": 1, "b": 2}.items():
        (tmp_path / f"{name}.csv").write_text(
            f"student,exercise,answer,points,comment\nada,sums,why,{points},\n"
            "ada,sums,total,1,Seen.\neve,sums,why,1,\n"
        )
    files = [word for name in "ab" for word in ("--marks", str(tmp_path / f"{name}.csv"))]
    result = command(course, *files)
    assert result.exit_code == 1
    assert "ada, sums, why: 1 (a.csv, line 2) and 2 (b.csv, line 2)" in result.output
    assert "There is no student 'eve'" in result.output
    assert "contradict each other" in (tmp_path / "results" / "summary.html").read_text()
    with (tmp_path / "results" / "grades.csv").open(newline="") as file:
        [ada] = csv.DictReader(file)
    assert (ada["status"], ada["points"], ada["1.1"]) == ("so far", "5", "1")


def test_late_work_an_extension_and_a_gradebook_in_one_run(tmp_path):
    course = Course(tmp_path)
    course.hand_in({name: submission(student=name) for name in ("ada", "ben")})
    roster = tmp_path / "class.csv"
    roster.write_text(
        "student,name,extension,handed in\nada,Ada,,2026-11-03T08:00\nben,Ben,3d,2026-11-03T08:00\n"
    )
    rule = ("--due", "2026-11-01T23:59+01:00", "--late", "10%/day")
    result = command(course, "--roster", str(roster), *rule)
    assert result.exit_code == 0, result.output
    assert "due 2026-11-01 23:59 UTC+01:00" in result.output
    with (tmp_path / "results" / "grades.csv").open(newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert [rows[name]["points"] for name in ("Ada", "Ben")] == ["4.8", "6"]
    assert [rows[name]["taken off"] for name in ("Ada", "Ben")] == ["1.2", ""]
    again = command(course, "--roster", str(roster), "--export", "moodle")
    assert "1 totals changed since the last run" in again.output
    assert (tmp_path / "results" / "moodle-sums.csv").exists()
    refused = command(course, "--late", "10%/day")
    assert refused.exit_code == 1
    assert "need --due" in refused.output
