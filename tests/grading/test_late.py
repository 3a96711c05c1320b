"""Late work loses what the rule says, no more, and only if it is known when it came."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.report.late import duration, late_rule, moment

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
