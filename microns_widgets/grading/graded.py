"""One student's work on one exercise, with its marks."""

from __future__ import annotations

from dataclasses import dataclass, field

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.marks import QuestionMark


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
    """

    entry: Entry
    exercise: Exercise | None
    marks: tuple[QuestionMark, ...] = ()
    remarks: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Points so far."""
        return round(sum(mark.points for mark in self.marks), 4)

    @property
    def most(self) -> float:
        """Maximum number of points."""
        questions = self.exercise.questions if self.exercise else ()
        return round(sum(question.points for question in questions), 4)

    @property
    def open(self) -> float:
        """Points that a person still has to decide on."""
        return round(sum(mark.open for mark in self.marks), 4)
