"""Feedback leaves in archives that learning systems assign to students by the files' names."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from grading.graded_class import FINAL, OPEN, sums, work

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.report.pages import page_name
from microns_widgets.grading.report.systems.feedback import (
    feedback_files,
    mail_csv,
    write_feedback,
)


@pytest.fixture(scope="module")
def exercise(tmp_path_factory) -> Exercise:
    return sums(tmp_path_factory.mktemp("course"))


def archives(exercise: Exercise, *files: str) -> dict[str, list[str]]:
    works = [work(exercise, f"Student {n}", file=file) for n, file in enumerate(files)]
    return {name: list(named) for name, named in feedback_files(works).items()}


def test_moodles_folders_and_names_stay(exercise):
    assert archives(
        exercise,
        "Ada Lovelace_123_assignsubmission_file_/sums.ipynb",
        "sums/Ben O'Neil-Smith_124_assignsubmission_file/work/a_b.ipynb",
        "Åsa 李_125_assignsubmission_file_my_sums.ipynb",
    ) == {
        "feedback-moodle-sums.zip": [
            "Ada Lovelace_123_assignsubmission_file_/feedback.html",
            "Ben O'Neil-Smith_124_assignsubmission_file/feedback.html",
            "Åsa 李_125_assignsubmission_file_feedback.html",
        ]
    }


def test_canvas_finds_its_two_numbers_in_the_names(exercise):
    assert archives(
        exercise,
        "lovelaceada_101_2001_sums.ipynb",
        "babbageben_LATE_102_2002_sums_1_2.ipynb",
    ) == {
        "feedback-canvas-sums.zip": [
            "lovelaceada_101_2001_sums.html",
            "babbageben_LATE_102_2002_sums_1_2.html",
        ]
    }


def test_one_other_name_and_there_is_no_archive(exercise):
    # A student may call a file so; a system calls all of them so.
    assert archives(exercise, "ada/x_1_2_sums.ipynb", "ben/sums.ipynb") == {}


def test_an_archive_has_the_pages_of_one_exercise_and_always_the_same_bytes(exercise, tmp_path):
    ada = work(exercise, "Ada", FINAL, file="lovelaceada_101_2001_sums.ipynb")
    [name] = write_feedback(tmp_path, [ada])
    first = (tmp_path / name).read_bytes()
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        [page] = archive.namelist()
        assert "Feedback for Ada" in archive.read(page).decode()
    write_feedback(tmp_path, [ada])
    assert (tmp_path / name).read_bytes() == first


def test_a_mail_merge_gets_address_points_and_page(exercise):
    text = mail_csv(
        [
            work(exercise, "Ada", FINAL, owner={"email": "ada@uni.edu"}),
            work(exercise, "Cy", OPEN),
        ]
    )
    ada, cy = csv.DictReader(io.StringIO(text))
    assert ada == {
        "email": "ada@uni.edu",
        "name": "Ada",
        "exercise": "sums",
        "status": "final",
        "points": "9",
        "of": "9",
        "file": f"feedback/{page_name('ada')}",
    }
    assert (cy["status"], cy["points"]) == ("not decided", "")
