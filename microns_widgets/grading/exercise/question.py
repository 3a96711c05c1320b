"""A question: its answers, points and public checks; read from TOML, stored as JSON."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

import numpy as np

from microns_widgets.errors import MasterError
from microns_widgets.grading.kinds import KINDS
from microns_widgets.grading.kinds.answer import Answer, Judged, Level, is_number, read_dataclass

#: Options that students do not get.
FOR_TEACHERS = frozenset({"guide"})
_OF_ALL_KINDS = ("kind", "about", "points", "follows", "judged", "rubric")


@dataclass(frozen=True)
class Check:
    """A public check, run by `mw.check` in the student's own kernel.

    Attributes
    ----------
    message : str
        Shown when it fails; ``{n}`` is replaced by the number of things that `expect_empty`
        found.
    expect : str
        An expression over the notebook's names that is true of a right answer.
    expect_empty : str
        Instead of `expect`: an expression whose result must be empty, such as ids that do not
        belong there.
    """

    message: str
    expect: str = ""
    expect_empty: str = ""

    def __post_init__(self) -> None:
        if bool(self.expect) == bool(self.expect_empty):
            raise MasterError(
                f"The check {self.message!r} needs exactly one expression: expect or expect_empty."
            )
        try:
            ast.parse(self.expression, mode="eval")
        except SyntaxError as error:
            raise MasterError(
                f"The check {self.expression!r} is not a valid Python expression: {error}."
            ) from None

    @property
    def expression(self) -> str:
        """The expression, on one line as `eval` needs it."""
        return (self.expect or self.expect_empty).strip()

    @property
    def names(self) -> frozenset[str]:
        """Names that the expression uses."""
        tree = ast.parse(self.expression, mode="eval")
        return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))

    def faults(self, values: Mapping[str, object]) -> int:
        """Return how many faults it finds, 0 if it passes; the expression may raise anything."""
        result = eval(self.expression, dict(values))
        return int(not np.all(result)) if self.expect else len(result)


@dataclass(frozen=True)
class Version:
    """One version of a question: its name, and its text in Markdown."""

    name: str
    text: str


@dataclass(frozen=True)
class Question:
    """One question of an exercise.

    Attributes
    ----------
    id : str
        Exercise and question, joined by a point, such as ``outputs.by-type``; never changes.
    title : str
        Its heading.
    points : float
        Total points.
    answers : tuple of Answer
        The variables by which it is judged.
    checks : tuple of Check
        Public checks over several answers.
    number : str
        Shown to students, such as ``1.3``. It follows from the order, and may change.
    versions : tuple of Version
        Versions of which each student gets one; empty if all students get the same question.
    """

    id: str
    title: str
    points: float
    answers: tuple[Answer, ...]
    checks: tuple[Check, ...] = ()
    number: str = ""
    versions: tuple[Version, ...] = ()

    def answer(self, name: str) -> Answer:
        """Return the answer with a name."""
        return next(answer for answer in self.answers if answer.name == name)

    @classmethod
    def from_toml(cls, text: str, number: str = "") -> Question:
        """Read a question as a master declares it.

        Raises
        ------
        MasterError
            If the declaration is invalid; the message says what is wrong, and in which answer.
        """
        try:
            return cls.from_table(tomllib.loads(text), number)
        except tomllib.TOMLDecodeError as error:
            raise MasterError(f"This is not valid TOML: {error}.") from None

    @classmethod
    def from_table(cls, table: Mapping[str, Any], number: str = "") -> Question:
        """Read a question from a table, of TOML or of the public JSON file."""
        declaration = read_dataclass(_Declaration, table, "The question")
        if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", declaration.id):
            raise MasterError(
                f"The question's id is {declaration.id!r}, expected lower-case words such as "
                "'outputs.by-type'."
            )
        if declaration.points <= 0 or not declaration.answers:
            raise MasterError(
                f"The question {declaration.id} has {declaration.points:g} points and "
                f"{len(declaration.answers)} answers, expected at least one of each."
            )
        checks = tuple(read_dataclass(Check, one, "A check") for one in table.get("checks", ()))
        return cls(
            declaration.id,
            declaration.title,
            declaration.points,
            _answers(declaration, table["answers"]),
            checks,
            number or declaration.number,
            tuple(read_dataclass(Version, one, "A version") for one in declaration.versions),
        )

    def to_public(self) -> dict[str, Any]:
        """Return the public part, without what only the marker may see."""
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "points": self.points,
            "answers": {
                answer.name: {
                    "kind": answer.kind,
                    "about": answer.about,
                    "points": answer.points,
                    **({"follows": list(answer.follows)} if answer.follows else {}),
                    **({"judged": answer.judged} if answer.judged != _usual(answer.kind) else {}),
                    **({"rubric": [vars(one) for one in answer.rubric]} if answer.rubric else {}),
                    **{k: v for k, v in answer.options.items() if k not in FOR_TEACHERS},
                }
                for answer in self.answers
            },
            "checks": [{"message": check.message, **_one_of(check)} for check in self.checks],
            **({"versions": [vars(one) for one in self.versions]} if self.versions else {}),
        }


def _one_of(check: Check) -> dict[str, str]:
    return {"expect": check.expect} if check.expect else {"expect_empty": check.expect_empty}


@dataclass(frozen=True)
class _Declaration:
    id: str
    title: str
    points: float
    answers: dict[str, Any]
    checks: tuple[Any, ...] = ()
    number: str = ""
    versions: tuple[Any, ...] = ()


def _answers(question: _Declaration, tables: Mapping[str, Mapping[str, Any]]) -> tuple[Answer, ...]:
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            raise MasterError(
                f"{name} is {table!r}, expected a table: [answers.{name}], and below it its kind, "
                "about, and options."
            )
        own_points = table.get("points", 0)
        if not is_number(own_points) or own_points < 0:
            raise MasterError(f"{name} has {own_points!r} points, expected a number from 0 on.")
    own = {name: table["points"] for name, table in tables.items() if "points" in table}
    rest = (question.points - sum(own.values())) / max(1, len(tables) - len(own))
    if rest < 0 or (len(own) == len(tables) and abs(rest) > 1e-9):
        raise MasterError(
            f"The answers of {question.id} add up to {sum(own.values()):g} points, expected the "
            f"question's {question.points:g}."
        )
    return tuple(_answer(name, table, own.get(name, rest)) for name, table in tables.items())


def _follows(name: str, earlier: object) -> tuple[str, ...]:
    if not isinstance(earlier, list) or not all(isinstance(one, str) for one in earlier):
        raise MasterError(
            f"{name}: follows is {earlier!r}, expected a list of earlier answers' names."
        )
    return tuple(earlier)


def _answer(name: str, table: Mapping[str, Any], points: float) -> Answer:
    if not name.isidentifier():
        raise MasterError(f"The answer {name!r} is not a valid name of a variable.")
    kind = str(table.get("kind", ""))
    if kind not in KINDS:
        raise MasterError(f"{name} has the kind {kind!r}, expected one of {', '.join(KINDS)}.")
    options = {k: v for k, v in table.items() if k not in _OF_ALL_KINDS}
    follows = _follows(name, table.get("follows", []))
    judged = _judged(name, kind, table)
    rubric = _rubric(name, judged, float(points), table.get("rubric", ()))
    about = str(table.get("about", ""))
    answer = Answer(name, kind, about, float(points), options, follows, judged, rubric)
    if not answer.about:
        raise MasterError(f"{name} lacks 'about': a description for the student.")
    if follows and judged != "key":
        raise MasterError(f"{name} follows others, but is not compared with the key.")
    answer.read(KINDS[kind].Options)
    return answer


def _usual(kind: str) -> Judged:
    return "person" if kind == "written" else "key"


def _judged(name: str, kind: str, table: Mapping[str, Any]) -> Judged:
    judged = table.get("judged", _usual(kind))
    allowed = ("person",) if kind == "written" else get_args(Judged)
    if judged not in allowed:
        raise MasterError(
            f"{name}: judged is {judged!r}, expected one of {', '.join(map(repr, allowed))}."
        )
    return cast(Judged, judged)


def _rubric(name: str, judged: Judged, most: float, plain: object) -> tuple[Level, ...]:
    if not isinstance(plain, list | tuple):
        raise MasterError(
            f"{name}: its rubric is {plain!r}, expected a list of levels, the best first: "
            f'[{{ points = {most:g}, about = "..." }}, {{ points = 0, about = "..." }}].'
        )
    levels = tuple(read_dataclass(Level, one, f"{name}: a level of the rubric") for one in plain)
    points = [level.points for level in levels]
    if any(not level.about.strip() for level in levels):
        raise MasterError(f"{name}: a level of its rubric lacks 'about': what an answer is like.")
    if levels and judged != "person":
        raise MasterError(f'{name} has a rubric, which only judged = "person" uses.')
    falling = sorted({*points}, reverse=True) == points
    if levels and (points[0] != most or points[-1] < 0 or not falling):
        raise MasterError(
            f"{name}: the levels of its rubric have {', '.join(f'{one:g}' for one in points)} "
            f"points, expected fewer from level to level, beginning with all {most:g} points."
        )
    return levels
