"""The people of a roster, and how they are found by an id or a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from microns_widgets.grading.intake.learning_systems import Owner
from microns_widgets.grading.intake.names import name_keys, normal, spaced


@dataclass(frozen=True)
class Person:
    """One row of the roster; missing values are empty.

    Attributes
    ----------
    student_id : str
        The id that the student types into the notebook.
    lms, name, email : str
        Identify the person in the learning system.
    others : tuple of str
        Further ids that the student may type, such as a login besides a student number.
    extension : str
        Until when this student may hand in, as the roster writes it.
    """

    student_id: str
    lms: str = ""
    name: str = ""
    email: str = ""
    others: tuple[str, ...] = ()
    extension: str = ""

    @property
    def typed(self) -> tuple[str, ...]:
        """All ids that the student may type, `student_id` first."""
        ids = (self.student_id, self.email, *self.others)
        return tuple(dict.fromkeys(one for one in ids if one))


class Roster:
    """The teacher's list.

    Parameters
    ----------
    people : iterable of Person
        The students.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(people)
        self._main = _index((normal(p.student_id), p) for p in self.people)
        self._typed = _index((normal(one), p) for p in self.people for one in p.typed)
        self._numbers = _index((_number(one), p) for p in self.people for one in p.typed)
        self._lms = _index((normal(p.lms), p) for p in self.people)
        self._email = _index((normal(p.email), p) for p in self.people)
        self._written = _index((spaced(p.name), p) for p in self.people)
        self._names = _index((key, p) for p in self.people for key in name_keys(p.name))

    def identified(self, claim: Owner) -> Person | None:
        """Return the person whose file it is, judging by an id or an e-mail, or None.

        Parameters
        ----------
        claim : Owner
            What the structure of the export says.
        """
        if claim.internal:
            # A number of the system's own says nothing about the number that a student types.
            found = self._one(self._lms, normal(claim.who))
        else:
            ids = [normal(one) for one in (*claim.others, claim.who)]
            found = next((p for one in ids if (p := self._by_any_id(one))), None)
        found = found or self._one(self._email, normal(claim.email))
        if found is None and claim.internal:
            found = next((p for one in claim.others if (p := self._by_any_id(normal(one)))), None)
        return found

    def typed(self, student: str) -> Person | None:
        """Return the person whose id was typed, or None."""
        key = normal(student)
        # Python and spreadsheets drop the zeros at the start of a number.
        return (
            self._one(self._main, key)
            or self._one(self._typed, key)
            or self._one(self._numbers, _number(student))
        )

    def named(self, name: str) -> Person | None:
        """Return the person of this name, however it is written, or None if it is not unique."""
        found = self._one(self._written, spaced(name))
        if found is not None:
            return found
        people = {p.student_id: p for key in name_keys(name) for p in self._names.get(key, ())}
        return next(iter(people.values())) if len(people) == 1 else None

    def knows(self, word: str) -> bool:
        """Return whether a name or an id is that of one person."""
        return self._by_any_id(normal(word)) is not None or self.named(word) is not None

    def _by_any_id(self, key: str) -> Person | None:
        found = self._one(self._main, key)
        if found is None:
            both = {*self._typed.get(key, ()), *self._lms.get(key, ())} if key else set()
            found = next(iter(both)) if len(both) == 1 else None
        return found

    @staticmethod
    def _one(index: dict[str, list[Person]], key: str) -> Person | None:
        people = index.get(key, []) if key else []
        return people[0] if len(people) == 1 else None


def _number(text: str) -> str:
    """Return a number without zeros at its start; empty if it is not a number."""
    key = normal(text)
    return key.lstrip("0") if key.isdecimal() else ""


def _index(pairs: Iterable[tuple[str, Person]]) -> dict[str, list[Person]]:
    index: dict[str, list[Person]] = {}
    for key, person in pairs:
        if key and person not in index.setdefault(key, []):
            index[key].append(person)
    return index
