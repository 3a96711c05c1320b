"""One student's work on one exercise, with its marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.intake.attempts import best, grouped
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.marks import QuestionMark

#: Whether points are final: all are decided, some are, none is, or nothing could be judged.
Status = Literal["final", "so far", "not decided", "not graded"]


@dataclass(frozen=True)
class Graded:
    """One student's work on one exercise, with its marks.

    Attributes
    ----------
    entry : Entry
        Who handed in what.
    exercise : Exercise, optional
        The exercise; None if it is unknown.
    marks : tuple of QuestionMark
        One per question.
    remarks : dict
        What is unusual about the cells of a question, by its id.
    notes : tuple of str
        Remarks about the whole notebook, for the student.
    flags : tuple of str
        Remarks for a person to check.
    total : float, optional
        Points for the whole exercise, if a person decided on them.
    missing : tuple of str
        Libraries that it imports and this machine does not have.
    late_share : float
        Share of the points that is taken off because it was handed in late, from 0 to 1.
    late_note : str
        Why, in words for the student.
    key : Key, optional
        What its answers were compared with; None if it was not run.
    variant : int
        The student's variant; 0 if nothing was judged.
    right_elsewhere : dict
        Wrong answers that are right for another variant in use, by that variant.
    """

    entry: Entry
    exercise: Exercise | None
    marks: tuple[QuestionMark, ...] = ()
    remarks: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    total: float | None = None
    missing: tuple[str, ...] = ()
    late_share: float = 0.0
    late_note: str = ""
    key: Key | None = field(default=None, repr=False, compare=False)
    variant: int = 0
    right_elsewhere: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def earned(self) -> float:
        """Points so far, before anything is taken off for being late."""
        if self.total is not None:
            return self.total
        return round(sum(mark.points for mark in self.marks), 4)

    @property
    def taken_off(self) -> float:
        """Points that are taken off for being late; none if a person gave the total."""
        if self.total is not None:
            return 0.0
        return round(self.earned * self.late_share, 4)

    @property
    def points(self) -> float:
        """Points so far."""
        return round(self.earned - self.taken_off, 4)

    @property
    def most(self) -> float:
        """Maximum number of points."""
        questions = self.exercise.questions if self.exercise else ()
        return round(sum(question.points for question in questions), 4)

    @property
    def open(self) -> float:
        """Points that a person still has to decide on."""
        if self.total is not None:
            return 0.0
        return round(sum(mark.open for mark in self.marks), 4)

    @property
    def handed_in(self) -> bool:
        """Whether anything was handed in."""
        return bool(self.entry.submission.file)

    @property
    def status(self) -> Status:
        """Whether the points are final."""
        if self.total is not None:
            return "final"
        if not self.marks:
            return "not graded"
        if not self.open:
            return "final"
        return "not decided" if self.open >= self.most else "so far"


def best_attempts(graded: Iterable[Graded]) -> list[Graded]:
    """Return the best of each student's attempts at each exercise, and name the others.

    Parameters
    ----------
    graded : iterable of Graded
        All attempts; those of one student at one exercise in the order in which they were handed
        in. Of equally good ones the last counts.
    """
    return [
        _best(attempts)
        for attempts in grouped(
            graded,
            # Files that match no exercise are each their own.
            lambda one: (one.entry.who, one.entry.exercise or one.entry.task),
        )
    ]


def _best(attempts: list[Graded]) -> Graded:
    place = best(attempts, lambda one: one.points)
    chosen, others = attempts[place], attempts[:place] + attempts[place + 1 :]
    if not others:
        return chosen
    files = ", ".join(f"{one.entry.submission.file} ({one.points:g} points)" for one in others)
    flag = (
        f"Several notebooks were handed in: the best one counts, {chosen.entry.submission.file} "
        f"with {chosen.points:g} points. Not counted: {files}."
    )
    return replace(chosen, flags=(*chosen.flags, flag))
