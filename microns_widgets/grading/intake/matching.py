"""Reads each submission once, and assigns it to an exercise and a person.

Flags are for a person to look at; none of them changes a mark. Whose a notebook is, its text never
decides against the structure of the export: what only claims to be somebody's displaces nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.exercise.provenance import UNKNOWN, Provenance
from microns_widgets.grading.intake.attempts import grouped, in_order
from microns_widgets.grading.intake.learning_systems import Owner
from microns_widgets.grading.intake.names import normal
from microns_widgets.grading.intake.people import Person, Roster
from microns_widgets.grading.intake.submissions import Submission
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import SubmittedNotebook, parse_notebook

#: Which of several attempts counts.
Keep = Literal["last", "best"]


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
    claimed : bool
        Whether only the typed id, or a name that a student can choose, says whose it is.
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
    claimed: bool = False
    provenance: Provenance = UNKNOWN
    problem: str = ""
    flags: tuple[str, ...] = ()
    digest: str = ""

    @property
    def task(self) -> str:
        """A name for this work, the same in every run."""
        identity = f"{self.who}\n{self.exercise}\n{self.submission.file}"
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    def owns(self, student: str) -> bool:
        """Return whether an id is one that this entry's person may type."""
        ids = self.person.typed if self.person else ()
        return normal(student) in map(normal, ids)

    def flagged(self, *flags: str) -> Entry:
        """Return the entry with further remarks."""
        return replace(self, flags=(*self.flags, *flags))


def match_submissions(
    submissions: Iterable[Submission],
    exercises: Collection[str],
    roster: Roster | None,
    limits: Limits,
    keep: Keep = "last",
) -> list[Entry]:
    """Read each submission once, without keeping its content in memory.

    Parameters
    ----------
    submissions : iterable of Submission
        What was handed in.
    exercises : collection of str
        Names of the exercises.
    roster : Roster, optional
        The teacher's list. Who is on it and handed in nothing gets an entry as well.
    limits : Limits
        Limits for a notebook.
    keep : str
        ``"last"``: of several attempts of a student at an exercise, the one that was handed in
        last is returned. ``"best"``: all are returned, in the order in which they were handed in,
        with the same `who` and `exercise`; `attempts.best` chooses when they are graded.

    Returns
    -------
    list of Entry
        One per student and exercise (or per attempt).
    """
    entries = [
        entry for one in submissions if (entry := _entry(one, exercises, roster, limits, keep))
    ]
    entries = [
        one
        # A file whose name or text claims a person is an attempt of nobody for sure.
        for attempts in grouped(entries, lambda e: (_origin(e), _work(e)))
        for one in _attempts(attempts, keep)
    ]
    entries = [
        one
        for claims in grouped(entries, lambda e: (e.who, _work(e)))
        for one in _claims(claims, keep)
    ]
    if roster is not None:
        entries += _missing(entries, roster)
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
    submission: Submission,
    exercises: Collection[str],
    roster: Roster | None,
    limits: Limits,
    keep: Keep,
) -> Entry | None:
    owner = submission.owner
    person = roster.owner(owner) if roster else None
    if submission.instead and owner.evidence == "name" and person is None:
        return None  # a file beside the submissions, not somebody's
    entry = Entry(
        submission,
        who=person.student_id if person else submission.who,
        name=(person.name if person else "") or submission.name,
        exercise=_exercise(submission, None, exercises),
        person=person,
        claimed=owner.evidence == "name",
    )
    if submission.instead:
        return replace(entry, problem=submission.problem)
    try:
        content = submission.read()
        notebook = parse_notebook(content, limits)
    except SubmissionError as error:
        return replace(entry, problem=str(error))
    exercise = _exercise(submission, notebook, exercises)
    entry = replace(
        entry,
        exercise=exercise,
        student_id=notebook.student,
        provenance=notebook.provenance,
        digest=hashlib.sha256(content).hexdigest(),
        problem="" if exercise else _unknown_exercise(notebook, exercises),
    )
    if roster is not None and person is None:
        entry = _by_typed_id(entry, roster)
    return entry.flagged(*_flags(entry, notebook, roster)) if exercise else entry


def _by_typed_id(entry: Entry, roster: Roster) -> Entry:
    """Assign a notebook that the structure of the export assigns to nobody in the roster."""
    person = roster.typed(entry.student_id)
    if person is None:
        return entry
    found = replace(
        entry, who=person.student_id, name=person.name or entry.name, person=person, claimed=True
    )
    if entry.submission.owner.evidence == "name":
        return found
    return found.flagged(
        f"Nobody in the roster is called {entry.submission.name!r}: it was assigned to "
        f"{found.name} by the id in the notebook."
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


def _flags(entry: Entry, notebook: SubmittedNotebook, roster: Roster | None) -> Iterator[str]:
    if roster is not None and entry.person is None:
        yield "Nobody in the roster has this name or id."
    elif not notebook.student:
        yield "No id was entered, so the notebook was graded on the practice cells."
    elif roster is not None and entry.person is not None and not entry.owns(notebook.student):
        yield (
            f"The id {notebook.student!r} was entered; the roster has {entry.person.student_id!r}."
        )
    if len(notebook.ids) > 1:
        yield f"The text contains several ids: {', '.join(map(repr, notebook.ids))}."
    for left_out in entry.submission.left_out:
        yield f"A file did not come along with the notebook: {left_out}."


def _work(entry: Entry) -> str:
    """Return the exercise; files that match no exercise are each their own."""
    return entry.exercise or f"\0{entry.submission.file}"


def _origin(entry: Entry) -> str:
    owner = entry.submission.owner
    return f"\0{entry.submission.file}" if owner.evidence == "name" else owner.who


def _attempts(attempts: Sequence[Entry], keep: Keep) -> list[Entry]:
    """Return the attempt that counts, or all of them, and name those that do not count."""
    # A file that cannot be read is no attempt as long as there is one that can.
    readable = [one for one in attempts if not one.problem]
    broken = [one for one in attempts if one.problem]
    ordered = in_order(readable or broken, lambda entry: entry.submission)
    flags = [
        f"{one.submission.file} could not be read: {one.problem}" for one in broken if readable
    ]
    if keep == "best" and readable:
        return [one.flagged(*flags) for one in ordered]
    *earlier, last = ordered
    if earlier:
        files = ", ".join(one.submission.file for one in earlier)
        flags.append(
            f"Several notebooks were handed in: {last.submission.file} was graded, {files} "
            f"{'was' if len(earlier) == 1 else 'were'} not."
        )
    return [last.flagged(*flags)]


def _claims(claims: Sequence[Entry], keep: Keep) -> list[Entry]:
    """Return what counts of all that is, or claims to be, one person's work on one exercise."""
    sure = [one for one in claims if not one.claimed]
    claimed = [one for one in claims if one.claimed]
    origins = {_origin(one) for one in claims}
    if len(origins) == 1:
        return list(claims)
    kept = _attempts(sure, keep) if len({_origin(one) for one in sure}) > 1 else sure
    if not sure and len(claimed) == 1:
        return claimed
    name = claims[0].name
    files = ", ".join(one.submission.file for one in claimed)
    apart = [
        replace(
            one,
            who=one.submission.file,
            name=f"{one.submission.name} ({one.submission.file})",
            person=None,
        ).flagged(
            f"It claims to be the work of {name}, and so does "
            f"{', '.join(o.submission.file for o in claims if o is not one)}. It was graded for "
            "itself: decide whose it is."
        )
        for one in claimed
    ]
    warning = f"Another file claims to be of the same person, and was graded for itself: {files}."
    return [*(one.flagged(warning) if claimed else one for one in kept), *apart]


def _missing(entries: Sequence[Entry], roster: Roster) -> Iterator[Entry]:
    """Yield an entry for each person in the roster and exercise without one."""
    done = {(entry.who, entry.exercise) for entry in entries}
    # What was handed in without a known exercise may be any of them.
    unknown = {entry.who for entry in entries if not entry.exercise}
    for exercise in sorted({entry.exercise for entry in entries} - {""}):
        for person in roster.people:
            if person.student_id in unknown or (person.student_id, exercise) in done:
                continue
            owner = Owner(person.student_id, person.name or person.student_id, email=person.email)
            yield Entry(
                Submission(owner, "", _nothing),
                who=person.student_id,
                name=owner.name,
                exercise=exercise,
                person=person,
                problem=_NOTHING,
            )


_NOTHING = "Nothing was handed in."


def _nothing() -> bytes:
    raise SubmissionError(_NOTHING)


def _with_flags(
    entries: list[Entry],
    key: Callable[[Entry], object],
    flag: Callable[[Entry, str], str],
) -> list[Entry]:
    """Flag entries that share something which should differ between students."""
    people = Counter(value for value, _ in {(key(entry), entry.who) for entry in entries})
    result = []
    for entry in entries:
        value = key(entry)
        if value is not None and people[value] > 1:
            others = [o for o in entries if key(o) == value and o.who != entry.who]
            # Members of a group hand in the same file.
            partners = {partner.who for partner in entry.submission.owner.partners}
            names = [o.name for o in others if o.submission.who not in partners]
            if names:
                listed = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
                entry = entry.flagged(flag(entry, listed))
        result.append(entry)
    return result
