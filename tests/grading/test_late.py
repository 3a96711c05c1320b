"""Late work loses what the rule says, no more, and only if it is known when it came."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from grading.graded_class import FINAL, sums, work

from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.report.late import duration, late_rule, moment
from microns_widgets.grading.report.lateness import MARKED, UNKNOWN, with_late_rule
from microns_widgets.grading.report.pages import student_page
from microns_widgets.grading.report.systems.gradebook import Gradebook
from microns_widgets.grading.report.systems.times import times_in, times_of, written_time
from microns_widgets.grading.report.tables import grades_csv

DUE = "2026-11-01T23:59+01:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("time", "share"),
    [
        ("2026-11-01T23:59+01:00", None),
        ("2026-11-02T00:14+01:00", None),  # within the grace
        ("2026-11-02T00:15+01:00", 0.1),
        ("2026-11-01T23:15+00:00", 0.1),  # the same time elsewhere
        ("2026-11-02T23:59+01:00", 0.1),
        ("2026-11-03T00:00+01:00", 0.2),
        ("2026-11-05T12:00+01:00", 0.4),
        ("2027-11-05T12:00+01:00", 0.5),  # the cap
    ],
)
def test_each_day_that_has_begun_costs_its_share_up_to_the_cap(time, share):
    rule = late_rule([DUE], "15m", "10%/day", "50%")
    late = rule.late_by(at(time), rule.due_of("outputs"))
    assert (late and pytest.approx(late.share)) == share


def test_the_student_reads_when_it_was_due():
    rule = late_rule([DUE], late="12.5%/day")
    late = rule.late_by(at("2026-11-03T08:00+00:00"), rule.due_of("outputs"))
    assert late.words == (
        "Handed in 2026-11-03 09:00 UTC+01:00, due 2026-11-01 23:59 UTC+01:00: 2 days late. "
        "25 % of the points are taken off."
    )


def test_exercises_may_be_due_at_different_times():
    rule = late_rule([DUE, "strength=2026-11-08T23:59+01:00"])
    assert rule.due_of("strength") == at("2026-11-08T23:59+01:00")
    assert rule.due_of("outputs") == at(DUE)
    assert late_rule(["strength=2026-11-08"]).due_of("outputs") is None


@pytest.mark.parametrize(
    ("extension", "due"),
    [
        ("", DUE),
        ("3d", "2026-11-04T23:59+01:00"),
        ("+ 48 hours", "2026-11-03T23:59+01:00"),
        ("2026-11-05", "2026-11-05T23:59:59+01:00"),
        ("2026-11-05 12:00", "2026-11-05T12:00+01:00"),
        ("2026-11-05T12:00Z", "2026-11-05T13:00+01:00"),
        ("2026-10-01", DUE),  # never earlier
    ],
)
def test_an_extension_is_a_time_or_a_duration(extension, due):
    assert late_rule([DUE]).due_of("outputs", extension) == at(due)


def test_summer_time_and_named_zones_are_known():
    assert moment("2026-07-01T12:00 Europe/Berlin").utcoffset() == timedelta(hours=2)
    assert moment("2026-12-01T12:00 Europe/Berlin").utcoffset() == timedelta(hours=1)


def test_a_time_without_a_zone_is_in_the_machines(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert moment("2026-07-01T12:00").utcoffset() == timedelta(hours=-4)
        assert moment("2026-12-01T12:00").utcoffset() == timedelta(hours=-5)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_durations_are_read_as_people_write_them():
    assert duration("1h30m") == timedelta(minutes=90)
    assert duration("0") == timedelta(0)
    assert duration("2 days") == timedelta(days=2)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"due": ["tomorrow"]}, "'tomorrow' is not a time"),
        ({"due": ["2026-11-01T23:59 Europe/Atlantis"]}, "is not a time"),
        ({"due": [DUE, DUE]}, "twice for all exercises"),
        ({"due": [DUE], "grace": "15"}, "'15' is not a duration"),
        ({"due": [DUE], "late": "ten"}, "--late is 'ten', expected a percentage such as 10%/day"),
        ({"due": [DUE], "late": "200%"}, "expected a percentage"),
        ({"due": [DUE], "cap": "50%/day"}, "--cap is '50%/day'"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(options, told):
    with pytest.raises(InvalidArgument) as error:
        late_rule(**options)
    assert told in str(error.value)


def test_an_extension_that_is_neither_is_refused():
    with pytest.raises(InvalidArgument, match="'soon' is not a time"):
        late_rule([DUE]).due_of("outputs", "soon")


@pytest.fixture(scope="module")
def exercise(tmp_path_factory) -> Exercise:
    return sums(tmp_path_factory.mktemp("course"))


def test_what_is_taken_off_is_shown_and_everybody_else_keeps_all(exercise):
    rule = late_rule([DUE], late="10%/day")
    works = [work(exercise, name, FINAL) for name in ("Ada", "Ben", "Cy")]
    times = {
        ("ada", "sums"): at("2026-11-03T08:00+01:00"),
        # Without a zone: in that of the due time.
        ("ben", "sums"): at("2026-11-01T23:30"),
        ("cy", "sums"): at("2026-11-04T08:00"),
    }
    done = with_late_rule(works, rule, times, {"cy": "3d"})
    ada, ben, cy = done.graded
    assert (ada.earned, ada.taken_off, ada.points) == (9, 1.8, 7.2)
    assert (ben.points, cy.points, cy.late_note) == (9, 9, "")
    assert "20 % of the points are taken off. Of 9 points, 1.8 are taken off." in student_page(
        [ada]
    )
    table = {row["name"]: row for row in csv.DictReader(io.StringIO(grades_csv(done.graded)))}
    assert [table["Ada"][name] for name in ("points", "late", "taken off")] == [
        "7.2",
        "late",
        "1.8",
    ]
    assert table["Ben"]["taken off"] == ""
    assert done.notices == [
        "Late rule: work is due 2026-11-01 23:59 UTC+01:00. Each day that has begun costs 10 % of "
        "the points."
    ]


def test_work_of_an_unknown_time_is_flagged_and_loses_nothing(exercise):
    rule = late_rule([DUE], late="10%/day")
    works = [
        work(exercise, "Ada", FINAL),
        work(exercise, "Ben", FINAL),
        work(exercise, "Cy", FINAL, owner={"late": True}),
    ]
    done = with_late_rule(works, rule, {("ada", "sums"): at(DUE)}, {})
    assert [one.points for one in done.graded] == [9, 9, 9]
    assert [one.flags for one in done.graded] == [(), (UNKNOWN,), (MARKED,)]
    assert "not known for 2 notebooks" in done.notices[1]
    # Nobody's is known: one notice says so for all.
    assert [one.flags for one in with_late_rule(works, rule, {}, {}).graded] == [(), (), (MARKED,)]


def test_an_extension_that_cannot_be_read_is_told_and_costs_nothing(exercise):
    rule = late_rule([DUE], late="10%/day")
    times = {("ada", "sums"): at("2026-11-09T08:00+01:00")}
    done = with_late_rule([work(exercise, "Ada", FINAL)], rule, times, {"ada": "soon"})
    [problem] = done.problems
    assert "The extension of Ada was not applied: 'soon' is not a time" in problem
    assert done.graded[0].points == 9
    assert done.graded[0].flags == (problem,)


def test_a_total_that_a_person_gave_is_final(exercise):
    late = work(exercise, "Ada", FINAL, late_share=0.5, total=8.0)
    assert (late.points, late.taken_off) == (8, 0)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01 21:05",
        "Sunday, 1 November 2026, 9:05 PM",
        "Sunday, November 1, 2026, 9:05 PM",
        "Sonntag, 1. November 2026, 21:05",
        "dimanche 1 novembre 2026, 21:05",
        "domingo, 1 de noviembre de 2026, 21:05",
    ],
)
def test_times_are_read_as_moodle_writes_them(text):
    assert written_time(text) == datetime(2026, 11, 1, 21, 5)


def test_noon_and_midnight_are_not_confused():
    assert written_time("1 May 2026, 12:00 AM").hour == 0
    assert written_time("1 May 2026, 12:00 PM").hour == 12
    assert written_time("31 June 2026, 12:00 PM") is None


def test_the_systems_time_counts_before_the_rosters(exercise):
    seconds = datetime(2026, 11, 3, 8, tzinfo=UTC).timestamp()
    works = [
        work(exercise, "Ada", FINAL, owner={"time": seconds, "utc": True}),
        work(exercise, "Ben", FINAL, owner={"time": seconds}),
        work(exercise, "Cy", FINAL),
    ]
    book = Gradebook(("student", "handed in"), (("ada", "2026-11-09"), ("cy", "2026-11-09")))
    times, _ = times_of(works, book)
    assert times == {
        ("ada", "sums"): datetime(2026, 11, 3, 8, tzinfo=UTC),
        ("ben", "sums"): datetime(2026, 11, 3, 8),
        ("cy", "sums"): datetime(2026, 11, 9),
    }


def test_a_roster_may_say_when_work_was_handed_in(exercise):
    works = [work(exercise, "Ada", FINAL), work(exercise, "Ben", FINAL)]
    book = Gradebook(("student", "handed in"), (("ada", "2026-11-03T08:00"), ("ben", "-")))
    assert times_in(book, works) == ({("ada", "sums"): datetime(2026, 11, 3, 8)}, [])
    times, [problem] = times_in(Gradebook(book.header, (("ada", "soon"),)), works)
    assert not times
    assert "column 'handed in', 1 cells are not read as times, such as 'soon'" in problem
