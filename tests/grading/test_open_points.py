"""Points on which a person still has to decide are nowhere shown as a mark."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from grading.graded_class import FINAL, OPEN, sums, work

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.remarks import CELLS_OF_ANOTHER
from microns_widgets.grading.report.gradescope import results
from microns_widgets.grading.report.marking import marking_page
from microns_widgets.grading.report.numbers import numbers
from microns_widgets.grading.report.pages import student_page, summary_page
from microns_widgets.grading.report.systems.canvas import canvas_csv
from microns_widgets.grading.report.tables import grades_csv


@pytest.fixture(scope="module")
def exercise(tmp_path_factory) -> Exercise:
    return sums(tmp_path_factory.mktemp("course"))


@pytest.fixture
def graded(exercise):
    """One whose text is still to be read, one of whom all is decided, one of whom nothing is."""
    flag = "NOT DECIDED: for the cells that it used it would get 6.00 points, for those of 'cy' 2."
    cy = work(exercise, "Cy", OPEN, notes=(CELLS_OF_ANOTHER,), flags=(flag,))
    unread = replace(work(exercise, "Dan"), marks=(), notes=("The file is empty.",))
    return [work(exercise, "Ada"), work(exercise, "Ben", FINAL), cy, unread]


def rows(text: str, name: str = "name") -> dict[str, dict[str, str]]:
    return {row[name]: row for row in csv.DictReader(io.StringIO(text))}


def test_grades_say_so_far_and_leave_empty_what_nobody_has_decided(graded):
    table = rows(grades_csv(graded))
    said = {name: (row["status"], row["points"], row["1.3"]) for name, row in table.items()}
    assert said == {
        "Ada": ("so far", "6", ""),
        "Ben": ("final", "9", "3"),
        "Cy": ("not decided", "", ""),
        "Dan": ("not graded", "", ""),
    }
    assert "would get 6.00 points" in table["Cy"]["flags"]
    assert table["Dan"]["notes"] == "The file is empty."


def test_canvas_gets_final_points_only(graded):
    table = rows(canvas_csv(graded), "Student")
    assert {name: row["Sums"] for name, row in table.items() if "Possible" not in name} == {
        "Ada": "",
        "Ben": "9",
        "Cy": "",
        "Dan": "",
    }


def test_means_and_the_distribution_leave_open_points_out(graded):
    [of_exercise] = numbers(graded)
    assert (of_exercise.students, of_exercise.final) == (3, 1)
    assert (of_exercise.mean, of_exercise.median) == (9, 9)
    assert sum(of_exercise.bins) == 1
    [nothing_final] = numbers(graded[:1])
    assert nothing_final.mean is None


def test_the_summary_shows_both_scores_of_what_is_not_decided(graded):
    page = summary_page(graded, "", "sample", False)
    assert "would get 6.00 points, for those of &#39;cy&#39; 2." in page
    assert "The points of 1 are final" in page
    assert "On 2, a person still has to decide" in page
    assert "No points are final yet" in summary_page(graded[:1], "", "sample", False)


def test_the_marking_page_shows_both_scores_and_takes_one_for_the_whole_exercise(graded, exercise):
    page = marking_page(graded, {"sums": exercise})
    card = page[page.index('data-student="cy" data-answer=""') :]
    assert "would get 6.00 points" in card[: card.index("</section>")]
    assert 'max="9"' in card[: card.index("</section>")]
    assert 'data-student="ada" data-answer=""' not in page


def test_the_summary_counts_notebooks_by_missing_library(exercise):
    graded = [
        work(exercise, "Ada", missing=("igraph", "plotly")),
        work(exercise, "Ben", missing=("plotly",)),
    ]
    page = summary_page(graded, "", "sample", False)
    places = [page.index(f"<code>--with {name}</code>") for name in ("plotly", "igraph")]
    assert places == sorted(places)
    assert '<td>plotly</td><td class="number">2</td>' in page
    assert "Missing libraries" not in summary_page([work(exercise, "Cy")], "", "sample", False)


def test_a_student_reads_no_0_that_nobody_gave(graded):
    page = student_page(graded[2:3])
    assert "has not decided on your points yet" in page
    assert ">0</span>" not in page
    assert "open / 4" in page
    assert ">6</span> of 9 points so far" in student_page(graded[:1])


def test_gradescope_gets_no_score_for_a_question_that_is_open(graded):
    ada = results(graded[0])
    assert [test.get("score") for test in ada["tests"]] == [2, 4, None]
    assert "So far. Up to 3 more points" in ada["output"]
    assert "the score of 0 is not your mark" in results(graded[2])["output"]
