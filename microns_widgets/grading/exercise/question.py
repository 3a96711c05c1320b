"""A question: its answers, points and public checks, from TOML and to JSON and back."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microns_widgets.errors import MasterError
from microns_widgets.grading.kinds import KINDS
from microns_widgets.grading.kinds.answer import Answer, read_dataclass

#: Options that stay with the teacher.
FOR_TEACHERS = frozenset({"guide"})


@dataclass(frozen=True)
class Check:
    """A public check, made by `mw.check` in the student's own kernel.

    Attributes
    ----------
    message : str
        What to tell when it fails; ``{n}`` stands for how many things `expect_empty` found.
    expect : str
        An expression over the notebook's names that is true of a right answer.
    expect_empty : str
        Instead of it, an expression whose result has nothing in it, such as ids that do not
        belong there.
    """

    message: str
    expect: str = ""
    expect_empty: str = ""

    def __post_init__(self) -> None:
        if bool(self.expect) == bool(self.expect_empty):
            raise MasterError(
                f"The check {self.message!r} needs one expression: expect or expect_empty."
            )
        try:
            ast.parse(self.expression, mode="eval")
        except SyntaxError as error:
            raise MasterError(f"The check {self.expression!r} is no expression: {error}.") from None

    @property
    def expression(self) -> str:
        """The expression, on one line as `eval` needs it."""
        return (self.expect or self.expect_empty).strip()

    @property
    def names(self) -> frozenset[str]:
        """Names that the expression reads."""
        tree = ast.parse(self.expression, mode="eval")
        return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


@dataclass(frozen=True)
class Question:
    """One question of an exercise.

    Attributes
    ----------
    id : str
        Words that never change: the exercise, a point, the question: ``outputs.by-type``.
    title : str
        What stands above it.
    points : float
        Points in all.
    answers : tuple of Answer
        By what it is judged.
    checks : tuple of Check
        Public checks over several answers.
    number : str
        What is shown: ``1.3``. It follows from the order, and may change.
    """

    id: str
    title: str
    points: float
    answers: tuple[Answer, ...]
    checks: tuple[Check, ...] = ()
    number: str = ""

    def answer(self, name: str) -> Answer:
        """Return the answer of a name."""
        return next(answer for answer in self.answers if answer.name == name)

    @classmethod
    def from_toml(cls, text: str, number: str = "") -> Question:
        """Read a question as a master declares it.

        Raises
        ------
        MasterError
            With what is wrong, and in which answer.
        """
        try:
            return cls.from_table(tomllib.loads(text), number)
        except tomllib.TOMLDecodeError as error:
            raise MasterError(f"This is no TOML: {error}.") from None

    @classmethod
    def from_table(cls, table: Mapping[str, Any], number: str = "") -> Question:
        """Read a question from a table, of TOML or of the public JSON file."""
        declared = read_dataclass(_Declared, table, "The question")
        if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", declared.id):
            raise MasterError(
                f"The question's id is {declared.id!r}, expected small words such as "
                "'outputs.by-type'."
            )
        if declared.points <= 0 or not declared.answers:
            raise MasterError(f"The question {declared.id} needs points and answers.")
        checks = tuple(read_dataclass(Check, one, "A check") for one in table.get("checks", ()))
        return cls(
            declared.id,
            declared.title,
            declared.points,
            _answers(declared, table["answers"]),
            checks,
            number or declared.number,
        )

    def to_public(self) -> dict[str, Any]:
        """Return what a student may have: all but what is meant for the marker."""
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
                    **{k: v for k, v in answer.options.items() if k not in FOR_TEACHERS},
                }
                for answer in self.answers
            },
            "checks": [{"message": check.message, **_one_of(check)} for check in self.checks],
        }


def _one_of(check: Check) -> dict[str, str]:
    return {"expect": check.expect} if check.expect else {"expect_empty": check.expect_empty}


@dataclass(frozen=True)
class _Declared:
    id: str
    title: str
    points: float
    answers: dict[str, Any]
    checks: tuple[Any, ...] = ()
    number: str = ""


def _answers(question: _Declared, tables: Mapping[str, Mapping[str, Any]]) -> tuple[Answer, ...]:
    own = {name: table["points"] for name, table in tables.items() if "points" in table}
    rest = (question.points - sum(own.values())) / max(1, len(tables) - len(own))
    if rest < 0 or (len(own) == len(tables) and abs(rest) > 1e-9):
        raise MasterError(
            f"The answers of {question.id} have {sum(own.values()):g} points, expected its "
            f"{question.points:g} in all."
        )
    return tuple(_answer(name, table, own.get(name, rest)) for name, table in tables.items())


def _answer(name: str, table: Mapping[str, Any], points: float) -> Answer:
    if not name.isidentifier():
        raise MasterError(f"The answer {name!r} is no name of a variable.")
    kind = str(table.get("kind", ""))
    if kind not in KINDS:
        raise MasterError(f"{name} has the kind {kind!r}, expected one of {', '.join(KINDS)}.")
    options = {k: v for k, v in table.items() if k not in ("kind", "about", "points")}
    answer = Answer(name, kind, str(table.get("about", "")), float(points), options)
    if not answer.about:
        raise MasterError(f"{name} lacks 'about': what it is, in words for the student.")
    answer.read(KINDS[kind].Options)
    return answer
