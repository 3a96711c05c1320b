"""When work was handed in, as the learning system, a roster or Moodle's worksheet says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from microns_widgets.errors import quoted
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.systems.gradebook import Gradebook

#: A teacher's own, and Moodle's: English, German, French and Spanish.
_COLUMNS = (
    *("handed in", "submitted", "submitted at", "submission time", "Last modified (submission)"),
    *("Zuletzt geändert (Abgabe)", "Dernière modification (travail remis)"),
    "Última modificación (entrega)",
)
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            *("january januar janvier enero", "february februar février febrero"),
            *("march märz mars marzo", "april avril abril", "may mai mayo", "june juni juin junio"),
            *("july juli juillet julio", "august août agosto"),
            *("september septembre septiembre setiembre", "october oktober octobre octubre"),
            *("november novembre noviembre", "december dezember décembre diciembre"),
        ),
        start=1,
    )
    for word in words.split()
}
#: "Sunday, 1 November 2026, 9:00 PM", "November 1, 2026, 9:00 PM", "1. November 2026, 9:00".
_WRITTEN = re.compile(
    r"(?:[^\W\d]+,? )?(?:(?P<day>\d{1,2})\.? (?:de )?(?P<month>[^\W\d]+)"
    r"|(?P<month2>[^\W\d]+) (?P<day2>\d{1,2}))"
    r",? (?:de )?(?P<year>\d{4}),? (?P<hour>\d{1,2}):(?P<minute>\d\d) ?(?P<half>[AaPp])?[Mm]?"
)


def times_of(
    graded: Sequence[Graded], book: Gradebook | None
) -> tuple[dict[tuple[str, str], datetime], list[str]]:
    """Return when work was handed in, by student and exercise, and what could not be read.

    What the export of the learning system says counts before the roster. Times of files do not
    count: they change when files are copied.

    Parameters
    ----------
    graded : sequence of Graded
        All work.
    book : Gradebook, optional
        The roster; see `times_in`.
    """
    times, unread = times_in(book, graded) if book else ({}, [])
    for one in graded:
        owner = one.entry.submission.owner
        if owner.time:
            time = datetime.fromtimestamp(owner.time, UTC)
            times[one.entry.who, one.entry.exercise] = (
                time if owner.utc else time.replace(tzinfo=None)
            )
    return times, unread


def times_in(
    book: Gradebook, graded: Sequence[Graded]
) -> tuple[dict[tuple[str, str], datetime], list[str]]:
    """Return when work was handed in, by student and exercise, and what could not be read.

    Parameters
    ----------
    book : Gradebook
        With a column such as ``handed in`` or Moodle's ``Last modified (submission)``. It says
        nothing of which exercise, so that it counts only if one alone is graded.
    graded : sequence of Graded
        All work.
    """
    column = book.column(*_COLUMNS)
    if column is None or len({one.entry.exercise for one in graded if one.exercise}) != 1:
        return {}, []
    times: dict[tuple[str, str], datetime] = {}
    unread = []
    for row, works in book.row_of_each(graded).items():
        text = book.rows[row][column].strip()
        if not text.strip("-"):
            continue
        time = written_time(text)
        if time is None:
            unread.append(text)
            continue
        for one in works.values():
            times[one.entry.who, one.entry.exercise] = time
    if not unread:
        return times, []
    return times, [
        f"In the roster's column {book.header[column]!r}, {len(unread)} cells are not read as "
        f"times, such as {quoted(unread[0])}. Expected times such as 2026-11-01T23:59."
    ]


def written_time(text: str) -> datetime | None:
    """Return a time as people and Moodle write it, without a time zone unless it has one."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        match = _WRITTEN.fullmatch(" ".join(text.split()))
    month = _MONTHS.get((match["month"] or match["month2"]).casefold()) if match else None
    if match is None or month is None:
        return None
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    day = int(match["day"] or match["day2"])
    try:
        return datetime(int(match["year"]), month, day, hour, int(match["minute"]))
    except ValueError:
        return None
