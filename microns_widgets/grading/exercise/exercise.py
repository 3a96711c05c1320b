"""The public part of an exercise, and where to find it."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from microns_widgets._files import expanded
from microns_widgets.connectome import Connectome
from microns_widgets.errors import (
    InvalidArgument,
    MasterError,
    UnknownQuestion,
    quoted,
    suggestion,
)
from microns_widgets.grading.exercise.practice_key import PracticeKey
from microns_widgets.grading.exercise.provenance import UNKNOWN, Provenance
from microns_widgets.grading.exercise.question import Question, Version
from microns_widgets.grading.exercise.variants import CellsRule, make_variants, variant_of
from microns_widgets.grading.kinds.answer import read_dataclass

PACKAGE = Path(__file__).with_name("public")
CHECKOUT = Path(__file__).parents[3] / "exercises"
#: Environment variable with a folder that is searched before all others.
VARIABLE = "MICRONS_EXERCISES"
#: Name of the course, unless a master's metadata name another one.
DEFAULT_COURSE = "microns-widgets"


@dataclass(frozen=True)
class Exercise:
    """The public part of an exercise, for students: no key, no solution.

    Attributes
    ----------
    name : str
        Name of the notebook without ``.ipynb``.
    number : int
        Its place in the course; questions are shown as ``number.1``, ``number.2``.
    edition : int
        The teacher raises it to give out other cells.
    title : str
        First heading.
    questions : tuple of Question
        In their order.
    course : str
        Name of the course; another course gets other cells.
    cells : CellsRule, optional
        Which cells are given out.
    issued : dict
        The cells of each variant that were given out, by the source of the data.
    provenance : Provenance
        The sample and the releases for which they were given out.
    practice : PracticeKey, optional
        The right answers for the practice cells, where these are nobody's own cells.
    """

    name: str
    number: int
    edition: int
    title: str
    questions: tuple[Question, ...]
    course: str = DEFAULT_COURSE
    cells: CellsRule | None = None
    issued: Mapping[str, list[list[str]]] = field(default_factory=dict)
    provenance: Provenance = UNKNOWN
    practice: PracticeKey | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the content of the public file."""
        return {
            "exercise": self.name,
            "number": self.number,
            **replace(self.provenance, edition=self.edition).to_json(),
            "course": self.course,
            "title": self.title,
            "questions": [question.to_public() for question in self.questions],
            "cells": self.cells.to_json() if self.cells else None,
            "issued": dict(self.issued),
            **({"practice": self.practice.to_json()} if self.practice else {}),
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
            Provenance.from_metadata(table),
            PracticeKey.from_json(table["practice"]) if "practice" in table else None,
        )

    def variant(self, student: str) -> int:
        """Return the variant of a student; an empty id has variant 0, for practice.

        It says which cells the student has, and which version of each question with versions. If
        an exercise gives out no cells and has no versions, all students have variant 0.
        """
        return self._variant(
            self.cells_variant(student),
            [self._version(student, question) for question in self._with_versions],
        )

    def cells_variant(self, student: str) -> int:
        """Return which of the sets of cells a student has, from 0."""
        if self.cells is None:
            return 0
        return variant_of(self.course, self.name, self.edition, student, self.cells.number)

    def cells_of(self, variant: int) -> int:
        """Return which of the sets of cells a variant has, from 0."""
        return variant % self._sets

    def versions_of(self, variant: int) -> dict[str, str]:
        """Return the name of the version that a variant has, by the id of the question."""
        rest, names = variant // self._sets, {}
        for question in self._with_versions:
            rest, place = divmod(rest, len(question.versions))
            names[question.id] = question.versions[place].name
        return names

    def described(self, variant: int) -> str:
        """Return a variant in words: its set of cells, and its versions."""
        versions = self.versions_of(variant).items()
        words = [f"variant {self.cells_of(variant)}"] if self.cells or not versions else []
        return ", ".join([*words, *(f"version {name!r} of {one}" for one, name in versions)])

    def version(self, student: str, question: Question) -> Version:
        """Return a student's version of a question; an empty id has the first one."""
        return question.versions[self._version(student, question)]

    def variants_to_prove(self) -> list[int]:
        """Return variants that together have each set of cells with each version of a question."""
        most = max((len(question.versions) for question in self._with_versions), default=1)
        versions = [
            [turn % len(question.versions) for question in self._with_versions]
            for turn in range(most)
        ]
        # The practice cells have only first versions: an empty id gets both.
        first = 0 if self.cells is None else 1
        return list(
            dict.fromkeys(
                [0]
                + [
                    self._variant(cells, places)
                    for cells in range(first, self._sets)
                    for places in versions
                ]
            )
        )

    @property
    def _with_versions(self) -> list[Question]:
        return [question for question in self.questions if question.versions]

    @property
    def _sets(self) -> int:
        """Number of sets of cells, with that for practice."""
        return 1 + (self.cells.number if self.cells else 0)

    def _version(self, student: str, question: Question) -> int:
        number = len(question.versions)
        # Without an id, that of practice: the first.
        place = variant_of(self.course, question.id, self.edition, student, number)
        return max(0, place - 1)

    def _variant(self, cells: int, places: Sequence[int]) -> int:
        if not places:
            return cells
        variant, factor = cells, self._sets
        for question, place in zip(self._with_versions, places, strict=True):
            variant += factor * place
            factor *= len(question.versions)
        return variant

    def some_student(self, variant: int) -> str:
        """Return a student id with this variant, for running a master as that student would."""
        if not variant:
            return ""
        number = self._sets * math.prod(len(question.versions) for question in self._with_versions)
        if not 0 <= variant < number:  # the search would never end
            raise InvalidArgument(
                f"Exercise {self.name!r} has no variant {variant}, expected one from 0 to "
                f"{number - 1}."
            )
        return next(one for n in count() if self.variant(one := f"somebody-{n}") == variant)

    def variants(self, con: Connectome) -> list[tuple[int, ...]]:
        """Return the cells of each variant: those given out, else those chosen by the rule."""
        issued = self.issued.get(con.source)
        if issued is not None:
            return [tuple(int(root_id) for root_id in cells) for cells in issued]
        return make_variants(self._rule, con, self.name, self.edition)

    @property
    def _rule(self) -> CellsRule:
        if self.cells is None:
            raise MasterError(
                f"Exercise {self.name!r} gives out no cells. Add a CELLS cell to its master, or do "
                "not ask for a student's own cells."
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
            f"{path} is not the public file of an exercise ({error}). Generate it again with "
            "`microns assign`."
        ) from error


def known_exercises() -> dict[str, Exercise]:
    """Return all exercises that can be found, by name.

    Their files are searched for beside the notebook (``exercises/`` or the folder itself), in
    the package, and in a checkout. The first of each name counts.
    """
    exercises: dict[str, Exercise] = {}
    for path in _files():
        if path.stem not in exercises:
            exercises[path.stem] = read_exercise(path)
    return exercises


def _files() -> Iterator[Path]:
    first = os.environ.get(VARIABLE)
    folders = [expanded(first)] if first else []
    for folder in [*folders, Path("exercises"), Path(), PACKAGE, CHECKOUT]:
        for path in sorted(folder.glob("*.json")):
            if _is_public(path):
                yield path


def is_public_file(start: bytes) -> bool:
    """Recognise an exercise's file by its first 40 bytes: other JSON files may be large."""
    return b'"exercise": ' in start[:40]


def _is_public(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_public_file(file.read(40))
    except OSError:
        return False


def find_exercise(name: object) -> Exercise:
    """Return an exercise by name or number.

    Raises
    ------
    UnknownQuestion
        If there is none; the message lists those that exist.
    """
    known = known_exercises()
    for exercise in known.values():
        if str(name) in (exercise.name, str(exercise.number)):
            return exercise
    raise UnknownQuestion(_unknown("exercise", name, list(known)))


def find_question(name: object) -> Question:
    """Return a question by its id or number, as `find_exercise` does."""
    questions = [one for exercise in known_exercises().values() for one in exercise.questions]
    for question in questions:
        if str(name) in (question.id, question.number):
            return question
    raise UnknownQuestion(_unknown("question", name, [one.id for one in questions]))


def _unknown(what: str, name: object, known: list[str]) -> str:
    if not known:
        return (
            f"There is no {what} {quoted(name)}: no exercise was found. Put the exercise's .json "
            "file, which came with the notebook, into the same folder."
        )
    near = suggestion(name, known)
    return f"There is no {what} {quoted(name)}.{near} Expected one of {', '.join(known)}."
