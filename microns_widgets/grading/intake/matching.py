"""Reads each submission once, and assigns it to an exercise and a person.

Flags are for a person to look at; none of them changes a mark.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.exercise.provenance import UNKNOWN, Provenance
from microns_widgets.grading.intake.roster import Person, Roster, normal
from microns_widgets.grading.intake.submissions import Submission
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import SubmittedNotebook, parse_notebook


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
    provenance: Provenance = UNKNOWN
    problem: str = ""
    flags: tuple[str, ...] = ()
    digest: str = ""

    @property
    def task(self) -> str:
        """A name for this work, the same in every run."""
        identity = f"{self.who}\n{self.exercise}\n{self.submission.file}"
        return hashlib.sha256(identity.encode()).hexdigest()[:16]


def match_submissions(
    submissions: Iterable[Submission],
    exercises: Collection[str],
    roster: Roster | None,
    limits: Limits,
) -> list[Entry]:
    """Read each submission once, without keeping its content in memory.

    Of several notebooks by one student for one exercise, the last in the order of the
    submissions is graded.
    """
    entries = [_entry(one, exercises, roster, limits) for one in submissions]
    entries = _last_of_each(entries)
    entries = _with_flags(
        entries,
        key=lambda entry: (entry.exercise, normal(entry.student_id)) if entry.student_id else None,
        flag=lambda entry, others: (
            f"The id {entry.student_id!r} was also entered in the notebook of {others}."
        ),
    )
    return _with_flags(
        entries,
        key=lambda entry: entry.digest or None,
        flag=lambda entry, others: f"The file is identical, byte for byte, to that of {others}.",
    )


def _entry(
    submission: Submission, exercises: Collection[str], roster: Roster | None, limits: Limits
) -> Entry:
    person = roster.find(submission) if roster else None
    entry = Entry(
        submission,
        who=person.student_id if person else submission.who,
        name=(person.name if person else "") or submission.name,
        exercise=_exercise(submission, None, exercises),
    )
    try:
        content = submission.read()
        notebook = parse_notebook(content, limits)
    except SubmissionError as error:
        return replace(entry, problem=str(error))
    exercise = _exercise(submission, notebook, exercises)
    return replace(
        entry,
        exercise=exercise,
        student_id=notebook.student,
        provenance=notebook.provenance,
        digest=hashlib.sha256(content).hexdigest(),
        problem="" if exercise else _unknown_exercise(notebook, exercises),
        flags=tuple(_identity_flags(notebook, person, roster)) if exercise else (),
    )


def _exercise(
    submission: Submission, notebook: SubmittedNotebook | None, exercises: Collection[str]
) -> str:
    """Return the exercise named in the notebook, or else in the file's name."""
    if notebook is not None and notebook.exercise:
        return notebook.exercise if notebook.exercise in exercises else ""
    matches = [name for name in exercises if name in submission.file]
    if len(matches) == 1:
        return matches[0]
    return next(iter(exercises)) if len(exercises) == 1 else ""


def _unknown_exercise(notebook: SubmittedNotebook, exercises: Collection[str]) -> str:
    name = f"names the exercise {notebook.exercise!r}" if notebook.exercise else "names no exercise"
    return (
        f"The notebook does not belong to any of these exercises: {', '.join(exercises)}. It "
        f"{name}. Work in the notebook that you were given."
    )


def _identity_flags(
    notebook: SubmittedNotebook, person: Person | None, roster: Roster | None
) -> list[str]:
    if roster is not None and person is None:
        return ["Nobody in the roster has this name or id."]
    if not notebook.student:
        return ["No id was entered, so the notebook was graded on the practice cells."]
    if person is not None and normal(notebook.student) != normal(person.student_id):
        return [f"The id {notebook.student!r} was entered; the roster has {person.student_id!r}."]
    return []


def _last_of_each(entries: list[Entry]) -> list[Entry]:
    last: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        # Files that match no exercise are listed separately.
        key = (entry.who, entry.exercise or f"\0{entry.submission.file}")
        earlier = last.get(key)
        if earlier is not None:
            flag = (
                f"Several notebooks were handed in: {entry.submission.file} was graded, "
                f"{earlier.submission.file} was not."
            )
            entry = replace(entry, flags=(*earlier.flags, *entry.flags, flag))
        last[key] = entry
    return list(last.values())


def _with_flags(
    entries: list[Entry],
    key: Callable[[Entry], object],
    flag: Callable[[Entry, str], str],
) -> list[Entry]:
    """Flag entries that share something which should differ between students."""
    counts = Counter(key(entry) for entry in entries)
    result = []
    for entry in entries:
        value = key(entry)
        if value is not None and counts[value] > 1:
            names = [o.name for o in entries if key(o) == value and o is not entry]
            others = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
            entry = replace(entry, flags=(*entry.flags, flag(entry, others)))
        result.append(entry)
    return result
