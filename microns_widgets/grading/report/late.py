"""Late rules: when work is late, and what share of its points is taken off."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from microns_widgets.errors import InvalidArgument

_DAY = timedelta(days=1)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(s|m|h|d|w)(?:ec|in|our|ay|eek)?s?", re.IGNORECASE)
_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?) ?%?(?P<day> ?(?:/|per|a) ?d(?:ay)?)?")
_TIME = "2026-11-01T23:59, with a time zone if you like: 2026-11-01T23:59+01:00, or Europe/Berlin "


@dataclass(frozen=True)
class LateRule:
    """When work is due, and what is taken off if it is late.

    Attributes
    ----------
    due : dict
        Exercise to when it is due, with a time zone; under an empty name, that of all others.
    grace : timedelta
        How much later still counts as in time.
    per_day : float
        Share of the points that is taken off for each day that has begun, from 0 to 1.
    cap : float
        Largest share that is taken off.
    """

    due: Mapping[str, datetime]
    grace: timedelta = timedelta(0)
    per_day: float = 0.0
    cap: float = 1.0

    def due_of(self, exercise: str, extension: str = "") -> datetime | None:
        """Return when a student's work is due; None if it never is.

        Parameters
        ----------
        exercise : str
            Name of the exercise.
        extension : str
            That of the student, as the roster writes it: until when, or for how long. It never
            makes work due earlier.

        Raises
        ------
        InvalidArgument
            If the extension is neither a time nor a duration.
        """
        due = self.due.get(exercise, self.due.get(""))
        if due is None or not extension.strip():
            return due
        text = extension.strip().lstrip("+").strip()
        if _is_duration(text):
            return due + duration(text)
        return max(due, moment(text, due.tzinfo or UTC))

    def late_by(self, time: datetime, due: datetime) -> Late | None:
        """Return how late work is; None if it is in time.

        A day begins when the work is due, or 24 hours, 48 hours... later. Within the grace,
        nothing is late; after it, the days count from the beginning.
        """
        if time <= due + self.grace:
            return None
        days = math.ceil((time - due) / _DAY)
        share = min(days * self.per_day, self.cap)
        return Late(share, days, time, due)


@dataclass(frozen=True)
class Late:
    """How late work is.

    Attributes
    ----------
    share : float
        Share of its points that is taken off.
    days : int
        Number of days that have begun.
    time, due : datetime
        When it was handed in, and when it was due.
    """

    share: float
    days: int
    time: datetime
    due: datetime

    @property
    def words(self) -> str:
        """All of it in words, for the student."""
        days = f"{self.days} day{'s' if self.days > 1 else ''}"
        return (
            f"Handed in {written(self.time.astimezone(self.due.tzinfo))}, due {written(self.due)}: "
            f"{days} late. {self.share * 100:.4g} % of the points are taken off."
        )


def written(time: datetime) -> str:
    """Return a time in words, with its time zone."""
    offset = time.strftime("%z")
    zone = "UTC" if offset in ("", "+0000") else f"UTC{offset[:3]}:{offset[3:5]}"
    return f"{time:%Y-%m-%d %H:%M} {zone}"


def machine_zone() -> tzinfo:
    """Return the time zone of this machine, at present."""
    return datetime.now().astimezone().tzinfo or UTC


def late_rule(
    due: Iterable[str], grace: str = "0m", late: str = "0%/day", cap: str = "100%"
) -> LateRule:
    """Read a rule as it is given on the command line.

    Parameters
    ----------
    due : iterable of str
        ``2026-11-01T23:59`` for all exercises, or ``outputs=2026-11-01T23:59`` for one. Without a
        time zone it is in that of this machine.
    grace : str
        Such as ``15m``, ``2h``, ``1d``.
    late : str
        Taken off for each day that has begun: ``10%/day``.
    cap : str
        The most that is taken off: ``50%``.

    Raises
    ------
    InvalidArgument
        If one of them cannot be read.

    Examples
    --------
    >>> rule = late_rule(["2026-11-01T23:59+01:00"], "15m", "10%/day", "50%")
    >>> due = rule.due_of("outputs")
    >>> rule.late_by(datetime.fromisoformat("2026-11-03T08:00+01:00"), due).share
    0.2
    """
    times: dict[str, datetime] = {}
    for text in due:
        exercise, _, time = text.rpartition("=")
        name = exercise.strip()
        if name in times:
            raise InvalidArgument(f"--due is given twice for {name or 'all exercises'}: {text!r}.")
        times[name] = moment(time)
    return LateRule(times, duration(grace), _share(late, "--late"), _share(cap, "--cap"))


def moment(text: str, zone: tzinfo | None = None) -> datetime:
    """Read a time; a day alone means its end. Without a zone it is in `zone`, or this machine's.

    Raises
    ------
    InvalidArgument
        If it is not a time.
    """
    words = text.split()
    named: tzinfo | None = None
    try:
        if len(words) > 1 and "/" in words[-1]:
            named = ZoneInfo(words.pop())
        time = datetime.fromisoformat(" ".join(words))
    except (ValueError, ZoneInfoNotFoundError):
        raise InvalidArgument(f"{text!r} is not a time, expected one such as {_TIME}.") from None
    if ":" not in text:
        time = time.replace(hour=23, minute=59, second=59)
    if time.tzinfo is not None:
        return time
    named = named or zone
    # The machine's own zone, as it is on that day: summer time or not.
    return time.replace(tzinfo=named) if named else time.astimezone()


def duration(text: str) -> timedelta:
    """Read a duration such as ``15m``, ``1h30m``, ``3d``.

    Raises
    ------
    InvalidArgument
        If it is not one.
    """
    if text.strip() == "0":
        return timedelta(0)
    if not _is_duration(text):
        raise InvalidArgument(f"{text!r} is not a duration, expected one such as 15m, 2h or 3d.")
    parts = _DURATION.findall(text)
    return sum(
        (timedelta(**{_UNITS[unit.lower()]: float(number)}) for number, unit in parts), timedelta(0)
    )


def _is_duration(text: str) -> bool:
    return bool(text.strip()) and not _DURATION.sub("", text).strip()


def _share(text: str, option: str) -> float:
    match = _PERCENT.fullmatch(text.strip())
    if match is None or float(match["number"]) > 100 or (option == "--cap" and match["day"]):
        example = "10%/day" if option == "--late" else "50%"
        raise InvalidArgument(f"{option} is {text!r}, expected a percentage such as {example}.")
    return float(match["number"]) / 100
