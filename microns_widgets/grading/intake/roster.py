"""Who may hand in, and who is who: the teacher's list, and what submissions say."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.submissions import Submission

#: Names of columns, as learning systems write them in their exports.
_COLUMNS = {
    "typed": ("student", "student id", "typed", "sis login id", "login id", "username"),
    "lms": ("id", "lms id", "user id", "sid", "identifier", "id number"),
    "name": ("name", "full name", "student name"),
    "email": ("email", "email address", "e-mail"),
}


def normal(text: str) -> str:
    """Give a name or an id as it is compared: spaces and capitals do not matter."""
    return "".join(text.split()).casefold()


@dataclass(frozen=True)
class Person:
    """One line of the roster; what it lacks is empty.

    Attributes
    ----------
    typed : str
        The id that is to be typed into the notebook.
    lms, name, email : str
        By what the learning system knows the person.
    """

    typed: str
    lms: str = ""
    name: str = ""
    email: str = ""

    @property
    def known_as(self) -> set[str]:
        """Everything by which the person can be recognised."""
        return {normal(word) for word in (self.typed, self.lms, self.name, self.email) if word}


class Roster:
    """The teacher's list.

    Parameters
    ----------
    people : iterable of Person
        One each.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(people)
        self._by: dict[str, list[Person]] = {}
        for person in self.people:
            for word in person.known_as:
                self._by.setdefault(word, []).append(person)

    def find(self, submission: Submission) -> Person | None:
        """Find whose submission this is by what the learning system says, or None."""
        for word in (submission.who, submission.email, submission.name):
            found = self._by.get(normal(word), []) if word else []
            if len(found) == 1:
                return found[0]
        # Canvas writes names without spaces, family name first; only a unique match counts.
        letters = sorted(normal(submission.name))
        alike = [p for p in self.people if p.name and sorted(_bare(p.name)) == letters]
        return alike[0] if len(alike) == 1 else None


def read_roster(path: Path) -> Roster:
    """Read a roster from CSV.

    Parameters
    ----------
    path : path
        With a header. A column ``student`` holds the id that is typed into the notebook;
        ``id``, ``name`` and ``email`` say by what the learning system knows the person.

    Raises
    ------
    SubmissionError
        If it is missing, lacks the column, or has an id twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SubmissionError(f"The roster {path} cannot be read: {error}.") from None
    header = {normal(name): name for row in rows[:1] for name in row if name}
    columns = {
        ours: next((header[normal(n)] for n in names if normal(n) in header), None)
        for ours, names in _COLUMNS.items()
    }
    if columns["typed"] is None:
        raise SubmissionError(
            f"The roster {path} has the columns {', '.join(header.values()) or '(none)'}, "
            "expected one named student, with the id that students type into the notebook, and "
            "best id, name or email as the learning system has them."
        )
    people = [
        Person(**{ours: (row.get(name) or "").strip() for ours, name in columns.items() if name})
        for row in rows
    ]
    seen: set[str] = set()
    for person in people:
        if normal(person.typed) in seen:
            raise SubmissionError(f"The roster {path} has the student {person.typed!r} twice.")
        seen.add(normal(person.typed))
    return Roster(person for person in people if person.typed)


def _bare(name: str) -> str:
    return "".join(sign for sign in normal(name) if sign.isalnum())
