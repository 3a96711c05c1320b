"""The teacher's list of students, and how submissions are matched with it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from microns_widgets._csv import csv_rows
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.submissions import Submission

#: Names of columns in the exports of learning systems.
_COLUMNS = {
    "student_id": ("student", "student id", "typed", "sis login id", "login id", "username"),
    "lms": ("id", "lms id", "user id", "sid", "identifier", "id number"),
    "name": ("name", "full name", "student name"),
    "email": ("email", "email address", "e-mail"),
}


def normal(text: str) -> str:
    """Return a name or an id without spaces and in lower case, for comparison."""
    return "".join(text.split()).casefold()


@dataclass(frozen=True)
class Person:
    """One row of the roster; missing values are empty.

    Attributes
    ----------
    student_id : str
        The id that the student types into the notebook.
    lms, name, email : str
        Identify the person in the learning system.
    """

    student_id: str
    lms: str = ""
    name: str = ""
    email: str = ""

    @property
    def identifiers(self) -> set[str]:
        """Everything that identifies the person."""
        return {normal(word) for word in (self.student_id, self.lms, self.name, self.email) if word}


class Roster:
    """The teacher's list.

    Parameters
    ----------
    people : iterable of Person
        The students.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(people)
        self._by: dict[str, list[Person]] = {}
        for person in self.people:
            for word in person.identifiers:
                self._by.setdefault(word, []).append(person)

    def find(self, submission: Submission) -> Person | None:
        """Return who handed in a submission, judging by the learning system, or None."""
        for word in (submission.who, submission.email, submission.name):
            people = self._by.get(normal(word), []) if word else []
            if len(people) == 1:
                return people[0]
        # Canvas writes names without spaces, family name first; a match must be unique.
        letters = sorted(normal(submission.name))
        matches = [p for p in self.people if p.name and sorted(_alphanumeric(p.name)) == letters]
        return matches[0] if len(matches) == 1 else None


def read_roster(path: Path) -> Roster:
    """Read a roster from CSV.

    Parameters
    ----------
    path : path
        With a header. The column ``student`` contains the id that the student types into the
        notebook; ``id``, ``name`` and ``email`` identify the person in the learning system.

    Raises
    ------
    SubmissionError
        If it is missing, lacks the column, or contains an id twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv_rows(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SubmissionError(
            f"The roster {path} cannot be read: {error}. Expected a CSV file in UTF-8."
        ) from None
    header = {normal(name): name for row in rows[:1] for name in row if name}
    columns = {
        ours: next((header[normal(n)] for n in names if normal(n) in header), None)
        for ours, names in _COLUMNS.items()
    }
    if columns["student_id"] is None:
        raise SubmissionError(
            f"The roster {path} has the columns {', '.join(header.values()) or '(none)'}. "
            "Expected one named student, with the id that students enter in the notebook, and "
            "preferably id, name or email as in the learning system."
        )
    people = [
        Person(**{ours: (row.get(name) or "").strip() for ours, name in columns.items() if name})
        for row in rows
    ]
    ids: set[str] = set()
    for person in people:
        if normal(person.student_id) in ids:
            raise SubmissionError(
                f"The roster {path} contains the student {person.student_id!r} twice. Remove one "
                "of the rows."
            )
        ids.add(normal(person.student_id))
    return Roster(person for person in people if person.student_id)


def _alphanumeric(name: str) -> str:
    return "".join(sign for sign in normal(name) if sign.isalnum())
