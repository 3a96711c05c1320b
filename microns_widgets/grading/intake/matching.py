"""Who handed in what: each submission read once, matched with exercise and person, and flagged.

Flags are for a person to look at; none of them changes a mark.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.roster import Person, Roster, normal
from microns_widgets.grading.intake.submissions import Submission
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import Sheet, parse_sheet


@dataclass(frozen=True)
class Entry:
    """One student's work on one exercise.

    Attributes
    ----------
    submission : Submission
        What was handed in.
    who : str
        The roster's id, or else the learning system's.
    name : str
        Name to show.
    exercise : str
        Which exercise; empty if that cannot be told.
    typed : str
        The id in the notebook; it chooses the student's own cells.
    edition : int
        Of which edition the notebook is.
    problem : str
        Why it cannot be run, in words for the student.
    flags : tuple of str
        What a person should look at.
    digest : str
        Names the notebook's content.
    """

    submission: Submission
    who: str
    name: str
    exercise: str = ""
    typed: str = ""
    edition: int = 0
    problem: str = ""
    flags: tuple[str, ...] = ()
    digest: str = ""

    @property
    def task(self) -> str:
        """A name for this work, the same in every run."""
        told = f"{self.who}\n{self.exercise}\n{self.submission.file}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def survey(
    submissions: Iterable[Submission],
    exercises: Collection[str],
    roster: Roster | None,
    limits: Limits,
) -> list[Entry]:
    """Read all submissions once; what they hold is let go again.

    Of several notebooks by one student for one exercise, the last by name is graded.
    """
    entries = [_entry(one, exercises, roster, limits) for one in submissions]
    entries = _latest(entries)
    entries = _flagged(
        entries,
        key=lambda entry: (entry.exercise, normal(entry.typed)) if entry.typed else None,
        says=lambda entry, others: (
            f"The id {entry.typed!r} is also typed in the notebook of {others}."
        ),
    )
    return _flagged(
        entries,
        key=lambda entry: entry.digest or None,
        says=lambda entry, others: f"The file is the same, byte for byte, as that of {others}.",
    )


def _entry(
    submission: Submission, exercises: Collection[str], roster: Roster | None, limits: Limits
) -> Entry:
    person = roster.find(submission) if roster else None
    entry = Entry(
        submission,
        who=person.typed if person else submission.who,
        name=(person.name if person else "") or submission.name,
        exercise=_exercise(submission, None, exercises),
    )
    try:
        content = submission.read()
        sheet = parse_sheet(content, limits)
    except SubmissionError as error:
        return replace(entry, problem=str(error))
    exercise = _exercise(submission, sheet, exercises)
    return replace(
        entry,
        exercise=exercise,
        typed=sheet.student,
        edition=sheet.edition,
        digest=hashlib.sha256(content).hexdigest(),
        problem="" if exercise else _unknown(sheet, exercises),
        flags=tuple(_identity_flags(sheet, person, roster)) if exercise else (),
    )


def _exercise(submission: Submission, sheet: Sheet | None, exercises: Collection[str]) -> str:
    """Tell the exercise by what the notebook says, or else by the file's name."""
    if sheet is not None and sheet.exercise:
        return sheet.exercise if sheet.exercise in exercises else ""
    named = [name for name in exercises if name in submission.file]
    if len(named) == 1:
        return named[0]
    return next(iter(exercises)) if len(exercises) == 1 else ""


def _unknown(sheet: Sheet, exercises: Collection[str]) -> str:
    said = f"says that it is {sheet.exercise!r}" if sheet.exercise else "does not say what it is"
    return (
        f"The notebook is none of the exercises {', '.join(exercises)}: it {said}. Work in the "
        "notebook that you were given."
    )


def _identity_flags(sheet: Sheet, person: Person | None, roster: Roster | None) -> list[str]:
    if roster is not None and person is None:
        return ["The roster has nobody of this name or id."]
    if not sheet.student:
        return ["No id was typed: it was graded on the cells for practice."]
    if person is not None and normal(sheet.student) != normal(person.typed):
        return [f"The id {sheet.student!r} was typed, the roster has {person.typed!r}."]
    return []


def _latest(entries: list[Entry]) -> list[Entry]:
    kept: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        # What is no notebook of any exercise is told for itself.
        key = (entry.who, entry.exercise or f"\0{entry.submission.file}")
        before = kept.get(key)
        if before is not None:
            flag = (
                f"Several notebooks were handed in: {before.submission.file} was not graded, "
                f"{entry.submission.file} was."
            )
            entry = replace(entry, flags=(*before.flags, *entry.flags, flag))
        kept[key] = entry
    return list(kept.values())


def _flagged(
    entries: list[Entry],
    key: Callable[[Entry], object],
    says: Callable[[Entry, str], str],
) -> list[Entry]:
    """Flag entries that share something which is one student's alone."""
    counts = Counter(key(entry) for entry in entries)
    flagged = []
    for entry in entries:
        shared = key(entry)
        if shared is not None and counts[shared] > 1:
            others = [o.name for o in entries if key(o) == shared and o is not entry]
            told = ", ".join(others[:3]) + (" and others" if len(others) > 3 else "")
            entry = replace(entry, flags=(*entry.flags, says(entry, told)))
        flagged.append(entry)
    return flagged
