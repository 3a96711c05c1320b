"""One student's work on one exercise, before it is run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from microns_widgets.grading.exercise.provenance import UNKNOWN, Provenance
from microns_widgets.grading.intake.people import Person, Roster
from microns_widgets.grading.intake.submissions import Submission


@dataclass(frozen=True)
class Entry:
    """One student's work on one exercise.

    Attributes
    ----------
    submission : Submission
        What was handed in.
    who : str
        The student's id in the roster, or else in the learning system.
    name : str
        Name for display.
    exercise : str
        Name of the exercise; empty if it is unknown.
    student_id : str
        The id typed into the notebook; it determines the student's own cells.
    person : Person, optional
        Whose it is in the roster; None if that is not known.
    roster : Roster, optional
        The roster.
    named : bool
        Whether a name, and no id, says whose it is.
    claimed : bool
        Whether only the typed id, or a name that a student can choose, says whose it is.
    claims : str
        The id of the person whose work it claims to be, if others claim so, too.
    provenance : Provenance
        The edition, sample and releases for which the notebook was made.
    problem : str
        Why it cannot be run, in words for the student.
    flags : tuple of str
        Remarks for a person to check.
    digest : str
        Identifies the notebook's content.
    """

    submission: Submission
    who: str
    name: str
    exercise: str = ""
    student_id: str = ""
    person: Person | None = None
    roster: Roster | None = field(default=None, repr=False, compare=False)
    named: bool = False
    claimed: bool = False
    claims: str = ""
    provenance: Provenance = UNKNOWN
    problem: str = ""
    flags: tuple[str, ...] = ()
    digest: str = ""

    @property
    def task(self) -> str:
        """A name for this work, the same in every run."""
        identity = f"{self.who}\n{self.exercise}\n{self.submission.file}"
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    @property
    def owner_id(self) -> str:
        """The id of its owner in the roster; empty if that is not known."""
        return self.person.student_id if self.person else ""

    def owns(self, student: str) -> bool:
        """Return whether an id is one that this entry's person may type."""
        if self.roster is None or self.person is None:
            return False
        return self.roster.typed(student) == self.person

    def flagged(self, *flags: str) -> Entry:
        """Return the entry with further remarks."""
        return replace(self, flags=(*self.flags, *flags))
