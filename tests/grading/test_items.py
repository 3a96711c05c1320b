"""Numbers of questions say what happened, and say so when there are too few students."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from grading.alike_class import graded_class, marks_of
from grading.planted_copies import EXERCISE, made_up

from microns_widgets.grading.analysis.items import discrimination, item_analysis
from microns_widgets.grading.analysis.times import times
from microns_widgets.grading.analysis.versions import chance, compared
from microns_widgets.grading.exercise.question import Version
from microns_widgets.grading.graded import Graded

ALL: dict[int, float | None] = dict.fromkeys(range(6), 1.0)


@pytest.fixture(scope="module")
def works() -> list[Graded]:
    return graded_class(made_up(80, seed=1, each=0))


def with_marks(works: list[Graded], *points: dict[int, float | None]) -> list[Graded]:
    """Return work with other points for some questions."""
    return [
        replace(one, marks=marks_of(ALL | own)) for one, own in zip(works, points, strict=False)
    ]


def test_share_mean_and_discrimination_of_a_class(works):
    first, *_, fourth, _, _ = item_analysis(EXERCISE, works)
    assert (first.n, first.open, first.not_started) == (80, 0, 0)
    assert first.right > fourth.right
    assert first.mean == pytest.approx(first.right / 80)
    assert 0.2 < fourth.discrimination < 0.9
    assert fourth.words == "Students with more points elsewhere have more here, too."


def test_discrimination_leaves_the_question_itself_out():
    points = [[1, 0, 0], [0, 1, 1], [1, 0, 0], [0, 1, 1], [1, 1, 0], [0, 0, 1]]
    value, number = discrimination(points, 0)
    assert number == 6
    assert value < -0.5
    assert discrimination([[1, 1]] * 10, 0) == (None, 10)
    assert discrimination(points[:3], 0) == (None, 3)


def test_discrimination_does_not_wait_for_written_answers(works):
    before = item_analysis(EXERCISE, works)
    # All but six wrote a text that is still to be read.
    some = [replace(one, marks=(*one.marks[:5], one.marks[5].opened())) for one in works[6:]]
    first, *_, last = item_analysis(EXERCISE, [*works[:6], *some])
    assert first.discrimination_n == 80
    assert first.discrimination == pytest.approx(before[0].discrimination, abs=0.15)
    assert "chance" not in first.words
    assert last.discrimination_n == 6


def test_a_small_class_is_called_small(works):
    some = with_marks(works, *({0: float(n % 2), 1: float(n % 2)} for n in range(10)))
    assert "With only 10 students" in item_analysis(EXERCISE, some)[0].words
    assert "too few for a correlation" in item_analysis(EXERCISE, some[:3])[0].words
    assert item_analysis(EXERCISE, [])[0].n == 0


def test_open_points_and_answers_not_started_are_counted_apart(works):
    some = with_marks(works, {5: None}, {5: 0.0}, {5: 1.0})
    empty = replace(some[1].marks[5].answers[0], state="not started", summary="")
    marks = (*some[1].marks[:5], replace(some[1].marks[5], answers=(empty,)))
    last = item_analysis(EXERCISE, [some[0], replace(some[1], marks=marks), some[2]])[5]
    assert (last.n, last.right, last.open, last.not_started) == (2, 1, 1, 1)
    assert (last.answers[0].n, last.answers[0].open, last.answers[0].not_started) == (2, 1, 1)


def test_wrong_ways_are_known_messages_or_values_of_several_students(works):
    some = with_marks(works, *({0: 0.0} for _ in range(6)))
    known = replace(some[0].marks[0], comments=("These are inputs.",))
    some = [replace(one, marks=(known, *one.marks[1:])) for one in some[:4]] + some[4:]
    ways = item_analysis(EXERCISE, some)[0].wrong
    assert [(way.text, way.count, way.answer, way.known) for way in ways] == [
        ("These are inputs.", 4, "", True),
        ("17", 2, "n_outputs", False),
    ]


def test_a_harder_version_is_named_and_an_equal_one_is_not():
    easy = [(True, 1.0)] * 26 + [(False, 0.0)] * 4
    hard = [(True, 1.0)] * 8 + [(False, 0.0)] * 22
    found = compared("version", [("ten", easy), ("odd", hard)])
    assert found.p < 0.001
    assert found.words.startswith(
        "Not equally hard: 8 of 30 students with version odd got all points, and "
        "26 of 30 with version ten."
    )
    equal = compared("version", [("ten", easy), ("odd", easy)])
    assert equal.words.startswith("No sign that one version was harder")
    assert compared("version", [("ten", easy[:2]), ("odd", hard[:2])]).p is None


def test_chance_agrees_with_fishers_exact_test():
    from scipy.stats import fisher_exact

    for table in ([[9, 3], [4, 10]], [[15, 5], [12, 8]]):
        sizes, right = [sum(row) for row in table], [row[0] for row in table]
        assert chance(sizes, right) == pytest.approx(fisher_exact(table).pvalue, abs=0.015)


def test_equal_versions_are_rarely_called_unequal():
    import numpy as np

    rng = np.random.default_rng(1)
    found = [chance([10] * 20, rng.binomial(10, 0.6, 20).tolist()) for _ in range(50)]
    assert sum(p < 0.01 for p in found) <= 3


def test_versions_of_a_question_are_compared(works):
    question = replace(EXERCISE.questions[0], versions=(Version("b", "B"), Version("a", "A")))
    exercise = replace(EXERCISE, questions=(question, *EXERCISE.questions[1:]))
    some = [
        replace(one, marks=marks_of(ALL | {0: float(n % 2)}, "ab"[n % 2]))
        for n, one in enumerate(works)
    ]
    [found] = item_analysis(exercise, some)[0].comparisons
    assert [(group.name, group.n, group.right) for group in found.groups] == [
        ("b", 40, 40),
        ("a", 40, 0),
    ]
    assert "0 of 40 students with version a got all points" in found.words


def test_times_count_the_last_hour_before_the_end(works):
    due = datetime(2026, 11, 1, 23, 59, tzinfo=UTC)
    hours = (-30, -5, -0.4, -0.2, 0.5)
    known = {
        (one.entry.who, "alike"): due + timedelta(hours=hour)
        for one, hour in zip(works, hours, strict=False)
    }
    found = times(works, known, due)
    assert (found.known, found.last_hour, found.after, found.due) == (5, 2, 1, True)
    assert sum(found.bins) == 5
    without = times(works, known)
    assert (without.last_hour, without.after, without.due) == (3, 0, False)
    assert times(works, {}) is None
    naive = {key: time.replace(tzinfo=None) for key, time in known.items()}
    assert times(works, naive, due) == found
