"""From the export of a learning system, and back into it."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from grading.exports import zipped
from grading.small_course import submission
from grading.test_exports import CANVAS, MOODLE
from grading.test_report import command

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("with_bubblewrap")]
MARKS = 'student,exercise,answer,points,comment\n"{}",sums,why,2,Well put.\n'


def table(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def graded_export(course, roster: str, marks: str, files: dict[str, str], *more: str) -> Path:
    """Grade an archive with a gradebook as roster, and a mark by hand; return the results."""
    course.submissions = zipped(course.folder / "all.zip", files)
    for name, text in {"roster.csv": roster, "marks.csv": MARKS.format(marks)}.items():
        (course.folder / name).write_text(text)
    given = {name: str(course.folder / f"{name}.csv") for name in ("roster", "marks")}
    options = [word for name, path in given.items() for word in (f"--{name}", path)]
    result = command(course, *options, *more)
    assert result.exit_code == 0, result.output
    return course.folder / "results"


def test_canvas(course):
    out = graded_export(
        course,
        CANVAS,
        "Lovelace, Ada",
        {
            "lovelaceada_101_2001_sums.ipynb": submission(student="ada"),
            "babbageben_LATE_102_2002_sums.ipynb": submission(student="ben"),
        },
        *("--due", "2026-11-01T23:59+01:00", "--late", "10%/day"),
    )
    rows = {row[3]: row for row in table(out / "canvas.csv")}
    assert rows["SIS Login ID"][-1] == "Sums (1234)"
    assert [rows[name][-1] for name in ("ada", "ben", "cy")] == ["8", "", "2.00"]
    assert sorted(names(out / "feedback-canvas-sums.zip")) == [
        "babbageben_LATE_102_2002_sums.html",
        "lovelaceada_101_2001_sums.html",
    ]
    grades = {row[1]: row for row in table(out / "grades.csv")}
    assert "marks it as late. When it was handed in is not known" in grades["Babbage, Ben"][-1]
    assert grades["Darwin, Dan"][3] == "not graded"


def test_moodle(course):
    out = graded_export(
        course,
        MOODLE.replace("Sunday, 1 November", "Tuesday, 3 November 2026, 8:00 AM"),
        "Ada Lovelace",
        {
            "Ada Lovelace_7001_assignsubmission_file_/x.ipynb": submission(student="ada"),
            "Ben Babbage_7002_assignsubmission_file_/x.ipynb": submission(student="ben"),
        },
        *("--due", "2026-11-01T23:59+01:00", "--late", "10%/day"),
    )
    rows = {row[1]: row for row in table(out / "moodle-sums.csv")}
    assert [rows[name][4] for name in ("Ada Lovelace", "Ben Babbage", "Dan Darwin")] == [
        "6.4",
        "",
        "",
    ]
    assert "2 days late. 20 % of the points are taken off." in rows["Ada Lovelace"][-1]
    assert names(out / "feedback-moodle-sums.zip") == [
        "Ada Lovelace_7001_assignsubmission_file_/feedback.html",
        "Ben Babbage_7002_assignsubmission_file_/feedback.html",
    ]
