"""The marking page saves what a person entered, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from grading.graded_class import FINAL, sums, work
from playwright.sync_api import Browser, Page, expect

from microns_widgets.grading.report.by_hand import HandMark, read_hand_marks
from microns_widgets.grading.report.marking import marking_page

pytestmark = pytest.mark.slow


@pytest.fixture
def page(browser: Browser, tmp_path: Path):
    exercise = sums(tmp_path)
    graded = [work(exercise, "Ada"), work(exercise, "Ben", FINAL)]
    path = tmp_path / "marking.html"
    path.write_text(marking_page(graded, {"sums": exercise}), encoding="utf-8")
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(path.as_uri())
    yield page
    context.close()


def saved(page: Page, folder: Path) -> list[HandMark]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save marks.csv").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return read_hand_marks(path)


def test_only_what_was_entered_is_saved(page, tmp_path):
    assert saved(page, tmp_path) == []
    page.get_by_label("points for Ada").fill("2.5")
    page.get_by_label("comment for Ada").fill('=a "good" one')
    [mark] = saved(page, tmp_path)
    assert (mark.student, mark.answer, mark.points) == ("ada", "why", 2.5)
    assert mark.comment == '=a "good" one'


def test_any_mark_can_be_changed(page, tmp_path):
    page.get_by_label("Student", exact=True).fill("nobody")
    page.get_by_label("Answer").select_option("n_odd")
    page.get_by_label("Points", exact=True).fill("1")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Choose a student from the list.")).to_be_visible()
    page.get_by_label("Student", exact=True).fill("ben")
    page.get_by_label("Points", exact=True).fill("2.5")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("There are at most 2 points.")).to_be_visible()
    page.get_by_label("Points", exact=True).fill("0.5")
    page.get_by_role("button", name="Add").click()
    [mark] = saved(page, tmp_path)
    assert (mark.student, mark.exercise, mark.answer, mark.points) == ("ben", "sums", "n_odd", 0.5)
    page.get_by_role("button", name="Remove").click()
    assert saved(page, tmp_path) == []
