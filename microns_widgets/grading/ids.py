"""Whose key a notebook is judged with: the id that it used, and that of its owner.

The id that a notebook used is the one with which it asked for its own cells when it was run; if it
did not get that far, the id in its text. Neither of them proves who wrote the notebook: they choose
a key, never an owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.run.task import read_run


@dataclass(frozen=True)
class Ids:
    """The ids that matter for a notebook's key.

    Attributes
    ----------
    used : str
        The id with which the notebook asked for its cells; empty for the practice cells.
    others : tuple of str
        Other ids with which it asked before.
    owner : str
        The id of the person who handed it in, from the roster; empty if it is not known.
    """

    used: str
    others: tuple[str, ...] = ()
    owner: str = ""

    @classmethod
    def of_run(cls, entry: Entry, result: dict[str, Any], owner: str) -> Ids:
        """Return the ids of a notebook that was run."""
        asked = read_run(result["run"]).asked if "run" in result else []
        ids = [student for student, exercise in asked if exercise == entry.exercise]
        used = ids[-1] if ids else entry.student_id
        # A login is as good as the student number of the same person.
        owner = used if owner and entry.owns(used) else owner
        return cls(used, tuple(dict.fromkeys(one for one in ids if one != used)), owner)

    def variants(self, exercise: Exercise) -> tuple[int, int]:
        """Return the variants of the owner (of the id used if there is none) and of the id used."""
        used = exercise.variant(self.used)
        return exercise.variant(self.owner) if self.owner else used, used
