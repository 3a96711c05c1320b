"""`mw.own_question`: the version of a question that a student gets."""

from __future__ import annotations

from dataclasses import dataclass

from microns_widgets._arguments import checks_arguments
from microns_widgets.errors import InvalidArgument
from microns_widgets.grading.exercise.exercise import find_exercise, find_question
from microns_widgets.grading.student.notebook_place import place_of
from microns_widgets.grading.student.own_cells import asked


@dataclass(frozen=True)
class OwnQuestion:
    """A student's version of a question; displays its text in a notebook.

    Attributes
    ----------
    number, title, name : str
        Number and title of the question, and the name of the version.
    text : str
        The text, in Markdown.
    practice : bool
        Whether it is the version for practice, because there is no id.
    """

    number: str
    title: str
    name: str
    text: str
    practice: bool

    @property
    def heading(self) -> str:
        """Whose question it is."""
        whose = "for practice, since there is no id" if self.practice else "your version"
        return f"{self.number} {self.title}, {whose} ({self.name})"

    def __repr__(self) -> str:
        return f"{self.heading}\n{self.text}"

    def _repr_markdown_(self) -> str:
        return f"**{self.heading}**\n\n{self.text}"


@checks_arguments
def own_question(student: str | int, question: str | float) -> OwnQuestion:
    """Show the version of a question that a student answers.

    The same id always gets the same version, on every machine.

    Parameters
    ----------
    student : str
        Student number or e-mail, as for `own_cell`. An empty id (``""``) gives the first version,
        for practice.
    question : str
        The question's id, such as ``"outputs.by-type"``, or its number, ``"1.3"``.

    Returns
    -------
    OwnQuestion
        Displays itself.

    Raises
    ------
    UnknownQuestion
        If there is no such question; the message lists those that exist.
    InvalidArgument
        If the question has no versions, or if the exercise's public file is not the one that came
        with the notebook.
    """
    found, student = find_question(question), str(student)
    exercise = find_exercise(found.id.partition(".")[0])
    if not found.versions:
        raise InvalidArgument(
            f"Question {found.id!r} is the same for all students: it has no versions. Its text is "
            "in the notebook, so delete this call."
        )
    if conflict := place_of().conflict(exercise):
        raise InvalidArgument(conflict)
    asked.append((student, exercise.name))
    version = exercise.version(student, found)
    return OwnQuestion(
        found.number, found.title, version.name, version.text, not "".join(student.split())
    )
