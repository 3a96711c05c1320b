"""What counts of all that a person handed in or others claim to be theirs, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.attempts import in_order
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.intake.learning_systems import Owner
from microns_widgets.grading.intake.people import Roster
from microns_widgets.grading.intake.submissions import Submission

#: Which of several attempts counts.
Keep = Literal["last", "best"]
_MOST_NAMES = 5


def work_of(entry: Entry) -> str:
    """Return the exercise; files that match no exercise are each their own."""
    return entry.exercise or f"\0{entry.submission.file}"


def origin_of(entry: Entry) -> str:
    """Return from whom it came; a name that a student chose makes each file its own origin."""
    owner = entry.submission.owner
    return f"\0{entry.submission.file}" if owner.chosen else owner.who


def counting_attempts(attempts: Sequence[Entry], keep: Keep) -> list[Entry]:
    """Return the attempt that counts, or all of them, and name those that do not count."""
    # A file that cannot be read counts only if no other can be read.
    readable = [one for one in attempts if not one.problem]
    broken = [one for one in attempts if one.problem]
    ordered = in_order(readable or broken, lambda entry: entry.submission)
    flags = [
        f"{one.submission.file} could not be read: {one.problem}"
        for one in broken[:_MOST_NAMES]
        if readable
    ]
    if keep == "best" and readable:
        return [one.flagged(*flags) for one in ordered]
    *earlier, last = ordered
    # The same file once more is no other attempt.
    others = [one for one in earlier if not one.digest or one.digest != last.digest]
    if others:
        flags.append(
            f"Several notebooks were handed in: {last.submission.file} was graded, "
            f"{_listed(others)} {'was' if len(others) == 1 else 'were'} not."
        )
    return [last.flagged(*flags)]


def counting_claims(claims: Sequence[Entry], keep: Keep) -> list[Entry]:
    """Return what counts of all that is, or claims to be, one person's work on one exercise.

    An id in the learning system counts before a name, which people can change, and both before an
    id in the notebook. What only claims to be somebody's displaces nothing: it is graded, too.
    """
    if len({origin_of(one) for one in claims}) == 1:
        return list(claims)
    sure = [one for one in claims if not (one.named or one.claimed)]
    named = [one for one in claims if one.named and not one.claimed]
    if sure:
        kept = counting_attempts(sure, keep) if len(set(map(origin_of, sure))) > 1 else sure
    else:
        kept = named if len(set(map(origin_of, named))) == 1 else []
    apart = [one for one in claims if one not in sure and one not in kept]
    warning = (
        "Another file claims to be of the same person, and was graded for itself: "
        f"{_listed(apart)}."
    )
    return [
        *(one.flagged(warning) if apart else one for one in kept),
        *(_apart(one, [o for o in claims if o is not one]) for one in apart),
    ]


def _apart(claim: Entry, others: Sequence[Entry]) -> Entry:
    """Return a work that claims to be somebody's as one of its own."""
    return replace(
        claim,
        who=claim.submission.file,
        name=f"{claim.submission.name} ({claim.submission.file})",
        person=None,
        claims=claim.who,
    ).flagged(
        f"It claims to be the work of {claim.name}, and so does {_listed(others)}. It was graded "
        "for itself: decide whose it is."
    )


def missing_entries(entries: Sequence[Entry], roster: Roster) -> Iterator[Entry]:
    """Yield an entry for each person in the roster who did not hand in what the class did.

    An exercise is that of the class if at least half of those who handed in anything did it; who
    handed in nothing at all has an entry in any case.
    """
    done: dict[str, set[str]] = {}
    claims: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.person is not None:
            done.setdefault(entry.who, set()).add(entry.exercise)
        if entry.claims:
            claims.setdefault((entry.claims, entry.exercise), []).append(entry)
    counts = Counter(exercise for works in done.values() for exercise in works if exercise)
    expected = sorted(name for name, count in counts.items() if 2 * count >= len(done))
    for person in roster.people:
        works = done.get(person.student_id, set())
        # What was handed in without a known exercise may be any of them.
        missing = set() if "" in works else {*expected} - works
        missing |= {name for who, name in claims if who == person.student_id} - works
        for exercise in sorted(missing or ({""} if not works else set())):
            name = person.name or person.student_id
            owner = Owner(person.lms or person.student_id, name, email=person.email)
            yield Entry(
                Submission(owner, "", _nothing),
                who=person.student_id,
                name=owner.name,
                exercise=exercise,
                person=person,
                roster=roster,
                problem=_unclear(claims.get((person.student_id, exercise), ())),
            )


def _listed(entries: Sequence[Entry]) -> str:
    """Return the names of files; a student may hand in thousands."""
    names = [one.submission.file for one in entries]
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _unclear(claims: Sequence[Entry]) -> str:
    """Return why there is no work of a person: nothing, or nothing that is theirs for sure."""
    if not claims:
        return _NOTHING
    return (
        f"Several files claim to be this work: {_listed(claims)}. Your teacher decides whose "
        "they are."
    )


_NOTHING = "Nothing was handed in."


def _nothing() -> bytes:
    raise SubmissionError(_NOTHING)
