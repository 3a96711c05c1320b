"""Reads each submission once, and assigns it to an exercise and a person.

Flags are for a person to look at; none of them changes a mark. Whose a notebook is, its text never
decides against the structure of the export: what only claims to be somebody's displaces nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.attempts import grouped
from microns_widgets.grading.intake.counted import (
    Keep,
    counting_attempts,
    counting_claims,
    missing_entries,
    origin_of,
    work_of,
)
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.intake.names import normal
from microns_widgets.grading.intake.people import Roster
from microns_widgets.grading.intake.submissions import Submission
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import SubmittedNotebook, parse_notebook


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
        for attempts in grouped(entries, lambda e: (origin_of(e), work_of(e)))
        for one in counting_attempts(attempts, keep)
    ]
    entries = [
        one
        for claims in grouped(entries, lambda e: (e.who, work_of(e)))
        for one in counting_claims(claims, keep)
    ]
    entries = _instead_of(entries)
    if roster is not None:
        entries += missing_entries(entries, roster)
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
    identified = person = None
    if roster is not None and owner.evidence != "nothing":
        identified = roster.identified(owner)
        person = identified or roster.named(owner.name)
    if submission.instead and owner.chosen and person is None:
        return None  # a file beside the submissions, not somebody's
    entry = Entry(
        submission,
        who=person.student_id if person else _stranger(submission, roster),
        name=(person.name if person else "") or submission.name,
        exercise=_exercise(submission, None, exercises),
        person=person,
        roster=roster,
        named=person is not None and identified is None,
        claimed=owner.chosen,
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


def _stranger(submission: Submission, roster: Roster | None) -> str:
    """Return how somebody is called who is not in the roster: never like somebody who is."""
    who = submission.who
    return f"{who} ({submission.name})" if roster and roster.typed(who) else who


def _by_typed_id(entry: Entry, roster: Roster) -> Entry:
    """Assign a notebook that the structure of the export assigns to nobody in the roster."""
    person = roster.typed(entry.student_id)
    if person is None:
        return entry
    found = replace(
        entry, who=person.student_id, name=person.name or entry.name, person=person, claimed=True
    )
    if entry.submission.owner.chosen:
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


def _instead_of(entries: Sequence[Entry]) -> list[Entry]:
    """Assign what was handed in instead of a notebook to the exercise, if there is only one."""
    names = {entry.exercise for entry in entries} - {""}
    if len(names) != 1:
        return list(entries)
    return [
        replace(one, exercise=one.exercise or next(iter(names))) if one.submission.instead else one
        for one in entries
    ]


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
