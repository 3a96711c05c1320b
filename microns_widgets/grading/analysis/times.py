"""When a class handed in its work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from microns_widgets.grading.analysis.analysis import Times
from microns_widgets.grading.graded import Graded

_BINS, _HOUR = 24, 3600.0


def times(
    graded: Sequence[Graded],
    known: Mapping[tuple[str, str], datetime],
    due: datetime | None = None,
) -> Times | None:
    """Return when the work on one exercise was handed in; None if that is not known.

    Parameters
    ----------
    graded : sequence of Graded
        The work on it.
    known : mapping
        Times by student and exercise, from the learning system or the roster. A time without a
        zone is in that of `due`, or in this machine's.
    due : datetime, optional
        When it was due, without anybody's extension.
    """
    stamps = sorted(
        _zoned(known[one.entry.who, one.entry.exercise], due).timestamp()
        for one in graded
        # A roster may have a time for somebody whose file is missing.
        if one.handed_in and (one.entry.who, one.entry.exercise) in known
    )
    if not stamps:
        return None
    end = due.timestamp() if due else stamps[-1]
    return Times(
        len(stamps),
        stamps[0],
        stamps[-1],
        sum(end - _HOUR <= one <= end for one in stamps),
        end,
        due is not None,
        sum(one > end for one in stamps),
        _counts(stamps),
        "as the learning system or the roster says",
    )


def _zoned(time: datetime, due: datetime | None) -> datetime:
    if time.tzinfo is not None:
        return time
    return time.replace(tzinfo=due.tzinfo) if due else time.astimezone()


def _counts(stamps: Sequence[float]) -> tuple[int, ...]:
    span = stamps[-1] - stamps[0]
    counts = [0] * _BINS
    for one in stamps:
        counts[min(int((one - stamps[0]) / span * _BINS), _BINS - 1) if span else 0] += 1
    return tuple(counts)
