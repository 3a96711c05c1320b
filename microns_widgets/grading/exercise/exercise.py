"""The public part of an exercise, and where it is found."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from microns_widgets.connectome import Connectome
from microns_widgets.errors import MasterError, UnknownQuestion
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.exercise.variants import CellsRule, make_variants, variant_of
from microns_widgets.grading.kinds.answer import read_dataclass

PACKAGE = Path(__file__).with_name("public")
CHECKOUT = Path(__file__).parents[3] / "exercises"
#: Names a folder that is looked through before all others.
VARIABLE = "MICRONS_EXERCISES"


@dataclass(frozen=True)
class Exercise:
    """What a student's notebook and the package know of an exercise: no key, no solution.

    Attributes
    ----------
    name : str
        Name of the notebook without ``.ipynb``.
    number : int
        Its place in the course; questions are shown as ``number.1``, ``number.2``.
    edition : int
        Raised by the teacher to give out other cells.
    title : str
        First heading.
    questions : tuple of Question
        In their order.
    course : str
        Whose students it is for; another course gets other cells.
    cells : CellsRule, optional
        Which cells are given out.
    issued : dict
        By the data's source: ids of the cells of each variant that were given out.
    """

    name: str
    number: int
    edition: int
    title: str
    questions: tuple[Question, ...]
    course: str = "microns-widgets"
    cells: CellsRule | None = None
    issued: Mapping[str, list[list[str]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the content of the public file."""
        return {
            "exercise": self.name,
            "number": self.number,
            "edition": self.edition,
            "course": self.course,
            "title": self.title,
            "questions": [question.to_public() for question in self.questions],
            "cells": self.cells.to_json() if self.cells else None,
            "issued": dict(self.issued),
        }

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> Exercise:
        """Read the content of a public file."""
        rule = table.get("cells")
        return cls(
            str(table["exercise"]),
            int(table["number"]),
            int(table["edition"]),
            str(table["title"]),
            tuple(Question.from_table(one) for one in table["questions"]),
            str(table["course"]),
            read_dataclass(CellsRule, rule, "cells") if rule else None,
            table.get("issued", {}),
        )

    def variant(self, student: str) -> int:
        """Return the variant that a student falls into; 0, for practice, without an id.

        All students of an exercise that gives out no cells are in variant 0.
        """
        if self.cells is None:
            return 0
        return variant_of(self.course, self.name, self.edition, student, self.cells.variants)

    def some_student(self, variant: int) -> str:
        """Return an id that falls into a variant, to run a master as that student would."""
        if not variant:
            return ""
        return next(one for n in count() if self.variant(one := f"somebody-{n}") == variant)

    def variants(self, con: Connectome) -> list[tuple[int, ...]]:
        """Return the cells of each variant: those given out, else those that the rule makes."""
        issued = self.issued.get(con.source)
        if issued is not None:
            return [tuple(int(root_id) for root_id in cells) for cells in issued]
        return make_variants(self._rule, con, self.name, self.edition)

    @property
    def _rule(self) -> CellsRule:
        if self.cells is None:
            raise MasterError(
                f"Exercise {self.name!r} gives out no cells: its master has no CELLS cell."
            )
        return self.cells


def read_exercise(path: Path) -> Exercise:
    """Read a public file.

    Raises
    ------
    MasterError
        If it is damaged.
    """
    try:
        return Exercise.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise MasterError(
            f"{path} is no exercise's public file ({error}). Make it anew with `microns assign`."
        ) from error


def known_exercises() -> dict[str, Exercise]:
    """Return all exercises that are found, by name.

    They are looked for beside the notebook (``exercises/`` or the folder itself), in the
    package, and in a checkout. The first of a name counts.
    """
    found: dict[str, Exercise] = {}
    for path in _files():
        if path.stem not in found:
            found[path.stem] = read_exercise(path)
    return found


def _files() -> Iterator[Path]:
    named = os.environ.get(VARIABLE)
    folders = [Path(named)] if named else []
    for folder in [*folders, Path("exercises"), Path(), PACKAGE, CHECKOUT]:
        for path in sorted(folder.glob("*.json")):
            if _is_public(path):
                yield path


def _is_public(path: Path) -> bool:
    """Tell an exercise's file by its first bytes: other JSON, of any size, may lie beside it."""
    try:
        with path.open("rb") as file:
            return b'"exercise": ' in file.read(40)
    except OSError:
        return False


def find_exercise(name: str) -> Exercise:
    """Return an exercise by name or number.

    Raises
    ------
    UnknownQuestion
        If there is none; the message lists those that there are.
    """
    known = known_exercises()
    for exercise in known.values():
        if name in (exercise.name, str(exercise.number)):
            return exercise
    raise UnknownQuestion(_unknown("exercise", str(name), list(known)))


def find_question(name: str) -> Question:
    """Return a question by its id or number, as `find_exercise` does."""
    questions = [one for exercise in known_exercises().values() for one in exercise.questions]
    for question in questions:
        if name in (question.id, question.number):
            return question
    raise UnknownQuestion(_unknown("question", str(name), [one.id for one in questions]))


def _unknown(what: str, name: str, known: list[str]) -> str:
    if not known:
        return (
            f"There is no {what} {name!r}: no exercise was found. Put the exercise's .json file "
            "beside your notebook; it came with it."
        )
    like = difflib.get_close_matches(name, known, 1, cutoff=0.5)
    meant = f" Did you mean {like[0]!r}?" if like else ""
    return f"There is no {what} {name!r}.{meant} There are {', '.join(known)}."
