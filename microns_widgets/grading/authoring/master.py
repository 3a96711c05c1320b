"""A master: an ordinary notebook that declares questions and contains all that judging needs.

==========================  ================================================================
cell                        purpose
==========================  ================================================================
raw, ``# QUESTION``         TOML that declares a question (see `question`). The question
                            extends to the next question or ``##`` heading.
raw, ``# VERSION name``     one of several versions of the question (see `versions`)
raw, ``# CELLS``            TOML that defines which cells students get (see `variants`)
code, ``# BEGIN SOLUTION``  up to ``# END SOLUTION``: what a student has to write
code, ``# BEGIN PROMPT``    up to ``# END PROMPT``: what students get instead, commented out
code, ``# WRONG name: ...`` wrong answers from a misconception, and the message for students
                            who have it, which may continue in further comment lines;
                            ``# WRONG name 0.5: ...`` gives them half of the points
code, ``# SAME name``       the right answers as other Python types
code, ``# KEY``             variables that only judging needs
code, id ``student``        sets ``STUDENT``
==========================  ================================================================
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.prompts import solutions
from microns_widgets.grading.authoring.versions import (
    VersionCells,
    version_cells,
    version_problems,
)
from microns_widgets.grading.exercise.exercise import DEFAULT_COURSE, Exercise
from microns_widgets.grading.exercise.provenance import Provenance
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.exercise.variants import CellsRule
from microns_widgets.grading.kinds import FOLLOWED
from microns_widgets.grading.kinds.answer import read_dataclass
from microns_widgets.grading.notebook_json import Cell, source_of

#: Wrong answers that each question needs, unless a person marks it.
WRONG_ANSWERS = 3
_JUDGING = re.compile(
    r"# (?P<role>WRONG|SAME|KEY)\b[ \t]*(?P<name>[a-z0-9_-]*)"
    r"(?:[ \t]+(?P<share>[0-9]*\.?[0-9]+)(?=[ \t]*:))?[ \t]*:?[ \t]*(?P<message>.*)"
)


@dataclass(frozen=True)
class JudgingCell:
    """A cell that students do not get: wrong answers, right answers as other types, or the key's.

    Attributes
    ----------
    role : str
        ``"WRONG"``, ``"SAME"`` or ``"KEY"``.
    name : str
        Name of the answers.
    message : str
        Message for a student who has these answers.
    source : str
        Its code.
    place : int
        Index in the notebook, from 0.
    share : float, optional
        Share of the points that wrong answers get, if the author sets it.
    """

    role: str
    name: str
    message: str
    source: str
    place: int
    share: float | None = None


@dataclass(frozen=True)
class MasterQuestion:
    """A question with its cells: from `start` up to, not including, `end`."""

    question: Question
    start: int
    end: int
    judging_cells: tuple[JudgingCell, ...]
    versions: tuple[VersionCells, ...] = ()

    def version_at(self, place: int) -> str:
        """Return the name of the version to which a cell belongs; empty if it is for all."""
        return next((one.version.name for one in self.versions if place in one), "")

    def with_role(self, role: str) -> list[JudgingCell]:
        """Return the judging cells of a role, in their order."""
        return [cell for cell in self.judging_cells if cell.role == role]


@dataclass(frozen=True)
class Master:
    """A master notebook that has been read and checked."""

    path: Path
    notebook: dict[str, object]
    cells: tuple[Cell, ...]
    exercise: Exercise
    questions: tuple[MasterQuestion, ...]

    def with_versions(self, names: Mapping[str, str]) -> Master:
        """Return the master of students who have these versions, by the id of the question.

        The cells of all other versions are empty, so that places stay the same.
        """
        if not names:
            return self
        cells = list(self.cells)
        questions = []
        for one in self.questions:
            others = {*(v.version.name for v in one.versions)} - {names.get(one.question.id, "")}
            judging = (c for c in one.judging_cells if one.version_at(c.place) not in others)
            questions.append(replace(one, judging_cells=tuple(judging)))
            for place in range(one.start, one.end):
                if one.version_at(place) in others:
                    empty = {"cell_type": "raw", "metadata": {}, "source": ""}
                    cells[place] = {"id": cells[place].get("id", ""), **empty}
        return replace(self, cells=tuple(cells), questions=tuple(questions))

    def judging_cell_at(self, place: int) -> JudgingCell | None:
        """Return the judging cell at an index, if it is one."""
        return next((c for q in self.questions for c in q.judging_cells if c.place == place), None)


def first_line(cell: Cell) -> str:
    """Return a cell's first line."""
    return source_of(cell).lstrip().partition("\n")[0].rstrip()


def read_master(path: Path) -> Master:
    """Read a master.

    Raises
    ------
    MasterError
        If there are problems; the message lists all of them, each with the number (from 1) and
        the id of the cell.
    """
    notebook = _read_notebook(path)
    cells: tuple[Cell, ...] = tuple(notebook["cells"])
    problems: list[str] = []
    name, number, edition, course = _metadata(path, notebook, problems)
    questions: list[MasterQuestion] = []
    rule = None
    for place, cell in enumerate(cells):
        try:
            if cell.get("cell_type") == "raw" and first_line(cell) == "# QUESTION":
                label = f"{number}.{len(questions) + 1}"
                questions.append(_question(cells, place, label, problems))
            elif cell.get("cell_type") == "raw" and first_line(cell) == "# CELLS":
                rule = read_dataclass(CellsRule, tomllib.loads(source_of(cell)), "# CELLS")
        except (MasterError, tomllib.TOMLDecodeError) as error:
            problems.append(_at(cells, place, str(error)))
    problems += _between(cells, name, questions)
    if not questions and not problems:
        problems.append("It has no question: add a raw cell whose first line is `# QUESTION`.")
    if problems:
        raise MasterError(f"{path} needs fixing:\n" + "\n".join(f"- {one}" for one in problems))
    public = tuple(one.question for one in questions)
    exercise = Exercise(
        *(name, number, edition, _title(cells), public, course, rule),
        provenance=Provenance(edition),
    )
    return Master(path, notebook, cells, exercise, tuple(questions))


def _read_notebook(path: Path) -> dict[str, Any]:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(notebook["cells"], list):
            raise TypeError("its cells are not a list")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MasterError(
            f"{path} is not a notebook ({type(error).__name__}: {error}). Expected an .ipynb "
            "file of format 4."
        ) from error
    return dict(notebook)


def _metadata(
    path: Path, notebook: dict[str, object], problems: list[str]
) -> tuple[str, int, int, str]:
    metadata = notebook.get("metadata")
    own = metadata.get("microns") if isinstance(metadata, dict) else None
    own = own if isinstance(own, dict) else {}
    name, number, edition = own.get("exercise"), own.get("number"), own.get("edition", 1)
    if name != path.stem or not isinstance(number, int) or not isinstance(edition, int):
        problems.append(
            f'The notebook\'s metadata has "microns": {own!r}, expected '
            f'{{"exercise": {path.stem!r}, "number": 1, "edition": 1}}.'
        )
    number, edition = (one if isinstance(one, int) else 0 for one in (number, edition))
    return path.stem, number, edition, str(own.get("course", DEFAULT_COURSE))


def _title(cells: Sequence[Cell]) -> str:
    lines = (line for cell in cells for line in source_of(cell).splitlines())
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


def _at(cells: Sequence[Cell], place: int, problem: str) -> str:
    return f"Cell {place + 1} ({cells[place].get('id', 'without an id')}): {problem}"


def _question(cells: Sequence[Cell], start: int, label: str, problems: list[str]) -> MasterQuestion:
    question = Question.from_toml(source_of(cells[start]), label)
    end = next((p for p in range(start + 1, len(cells)) if _ends(cells[p])), len(cells))
    own = range(start + 1, end)
    judging = tuple(one for place in own if (one := _judging_cell(cells[place], place)) is not None)
    versions = version_cells(cells, start, end)
    question = replace(question, versions=tuple(one.version for one in versions))
    master_question = MasterQuestion(question, start, end, judging, versions)
    places = [cell.place for cell in judging]
    faults = list(version_problems(cells, versions, start, end, places))
    for name in [one.version.name for one in versions] or [""]:
        where = f"version {name}: " if name else ""
        faults += [where + fault for fault in _faults(cells, master_question, name)]
    problems += [_at(cells, start, f"{question.id}: {fault}") for fault in faults]
    problems += [_at(cells, c.place, p) for c in judging for p in _judging_problems(c, question)]
    return master_question


def _faults(cells: Sequence[Cell], one: MasterQuestion, version: str) -> Iterator[str]:
    """Yield what a question lacks for the students who have a version."""
    own = [p for p in range(one.start + 1, one.end) if one.version_at(p) in ("", version)]
    solved = {n for p in own if _is_code(cells[p]) for n in solutions(source_of(cells[p])).names}
    for answer in one.question.answers:
        if answer.name not in solved:
            yield f"no solution sets {answer.name}."
    if any(answer.judged == "key" for answer in one.question.answers):
        wrong = sum(cell.place in own for cell in one.with_role("WRONG"))
        if wrong < WRONG_ANSWERS:
            yield f"it has {wrong} `# WRONG` cells, expected at least {WRONG_ANSWERS}."
        if not any(cell.place in own for cell in one.with_role("SAME")):
            yield "no `# SAME` cell gives its answers in another type."


def _ends(cell: Cell) -> bool:
    line = first_line(cell)
    kind = cell.get("cell_type")
    return (kind == "raw" and line == "# QUESTION") or (
        kind == "markdown" and line.startswith(("# ", "## "))
    )


def _is_code(cell: Cell) -> bool:
    return cell.get("cell_type") == "code"


def _judging_cell(cell: Cell, place: int) -> JudgingCell | None:
    match = _JUDGING.fullmatch(first_line(cell)) if _is_code(cell) else None
    if match is None:
        return None
    message = [match["message"]]
    for line in source_of(cell).lstrip().splitlines()[1:]:
        if not line.startswith("# "):
            break
        message.append(line[2:].strip())
    share = float(match["share"]) if match["share"] else None
    text = " ".join(message).strip()
    return JudgingCell(match["role"], match["name"], text, source_of(cell), place, share)


def _judging_problems(cell: JudgingCell, question: Question) -> Iterator[str]:
    if cell.role == "KEY":
        return
    if not cell.name or (cell.role == "WRONG" and not cell.message):
        yield "expected `# WRONG name: message for the student` or `# SAME name`."
    if cell.share is not None and (cell.role == "SAME" or cell.share >= 1):
        yield (
            f"its share is {cell.share:g}, expected a number from 0 to below 1, and only for "
            "`# WRONG`."
        )
    try:
        nodes = list(ast.walk(ast.parse(cell.source)))
    except SyntaxError as error:
        yield f"its code is not valid Python: {error}."
        return
    # It may also change an answer in place, so all that can be required is that it names one.
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    if not names & {answer.name for answer in question.answers}:
        yield f"it sets no answer of {question.id}."


def names_set_by(source: str) -> set[str]:
    """Return the names that code assigns to."""
    nodes = ast.walk(ast.parse(source))
    return {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _between(cells: Sequence[Cell], name: str, questions: list[MasterQuestion]) -> Iterator[str]:
    """Return what is wrong between questions."""
    inside = {place for one in questions for place in range(one.start, one.end)}
    for place, cell in enumerate(cells):
        if place not in inside and _judging_cell(cell, place) is not None:
            yield _at(cells, place, "it belongs to no question: move it before the next heading.")
        if _is_code(cell):
            for problem in solutions(source_of(cell)).problems:
                yield _at(cells, place, problem)
    owners: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for one in questions:
        question = one.question
        kinds |= {answer.name: answer.kind for answer in question.answers}
        for problem in _follows_problems(question, kinds, cells[one.start : one.end]):
            yield _at(cells, one.start, f"{question.id}: {problem}")
        if question.id.partition(".")[0] != name:
            yield _at(cells, one.start, f"the id {question.id} does not begin with '{name}.'.")
        for label in [question.id, *(answer.name for answer in question.answers)]:
            if label in owners:
                yield _at(cells, one.start, f"{label} is already used by {owners[label]}.")
            owners[label] = question.id
        names = [
            f"{cell.role} {cell.name}{f' of version {version}' if version else ''}"
            for cell in one.judging_cells
            for version in [one.version_at(cell.place)]
            if cell.role != "KEY"
        ]
        for repeated in sorted({name for name in names if names.count(name) > 1}):
            yield _at(cells, one.start, f"{question.id} has {repeated} twice.")


def _follows_problems(
    question: Question, kinds: Mapping[str, str], cells: Sequence[Cell]
) -> Iterator[str]:
    """Return what is wrong with the answers that follow from earlier ones."""
    following = [answer for answer in question.answers if answer.follows]
    for answer in following:
        if answer.kind in ("choice", "written"):
            yield f"{answer.name} is a {answer.kind}, which cannot follow from other answers."
        for name in answer.follows:
            if name not in kinds or name == answer.name:
                yield (
                    f"{answer.name} follows {name!r}, which is not another answer of this question "
                    "or an earlier one."
                )
            elif kinds[name] not in FOLLOWED:
                yield (
                    f"{answer.name} follows {name}, a {kinds[name]}; expected one of "
                    f"{', '.join(FOLLOWED)}."
                )
    for cell in cells if following else ():
        if _is_code(cell):
            try:
                ast.parse(source_of(cell))
            except SyntaxError:
                yield "answers that follow from others need cells of plain Python, without magics."
