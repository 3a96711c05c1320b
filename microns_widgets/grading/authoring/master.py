"""A master: an ordinary notebook that declares questions and holds what judges them.

==========================  ================================================================
cell                        what it is
==========================  ================================================================
raw, ``# QUESTION``         TOML that declares a question (see `question`). It holds what
                            follows, up to the next question or ``##`` heading.
raw, ``# CELLS``            TOML that says which cells students get (see `variants`)
code, ``# BEGIN SOLUTION``  up to ``# END SOLUTION``: what a student has to write
code, ``# BEGIN PROMPT``    up to ``# END PROMPT``: what stands there instead, commented out
code, ``# WRONG word: ...`` answers an authored wrong way, and what to tell who went it; the
                            message may go on in further comment lines
code, ``# SAME word``       the same answers in other types
code, ``# KEY``             names that only judging needs
code, id ``student``        sets ``STUDENT``
==========================  ================================================================
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.notebooks import Cell, read_notebook, source_of
from microns_widgets.grading.authoring.prompts import solutions
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.exercise.variants import CellsRule
from microns_widgets.grading.kinds.answer import read_dataclass

#: Wrong ways that a judged question needs.
WRONG_WAYS = 3
_ASIDE = re.compile(r"# (WRONG|SAME|KEY)\b[ \t]*([a-z0-9_-]*)[ \t]*:?[ \t]*(.*)")


@dataclass(frozen=True)
class Aside:
    """A cell beside the solution: a wrong way, the same answers otherwise, or for the key.

    Attributes
    ----------
    role : str
        ``"WRONG"``, ``"SAME"`` or ``"KEY"``.
    word : str
        Its name.
    message : str
        What to tell a student who went this way.
    source : str
        Its code.
    cell : int
        Place in the notebook, from 0.
    """

    role: str
    word: str
    message: str
    source: str
    cell: int


@dataclass(frozen=True)
class MasterQuestion:
    """A question with its cells: places `start` up to, not including, `end`."""

    question: Question
    start: int
    end: int
    asides: tuple[Aside, ...]

    def ways(self, role: str) -> list[Aside]:
        """Return the asides of a role, in their order."""
        return [aside for aside in self.asides if aside.role == role]


@dataclass(frozen=True)
class Master:
    """A master notebook, read and found to be whole."""

    path: Path
    notebook: dict[str, object]
    cells: tuple[Cell, ...]
    exercise: Exercise
    questions: tuple[MasterQuestion, ...]

    def aside_at(self, place: int) -> Aside | None:
        """Return the aside in a cell, if it is one."""
        return next((a for q in self.questions for a in q.asides if a.cell == place), None)


def first_line(cell: Cell) -> str:
    """Return a cell's first line."""
    return source_of(cell).lstrip().partition("\n")[0].rstrip()


def read_master(path: Path) -> Master:
    """Read a master.

    Raises
    ------
    MasterError
        With all that is wrong, each with the cell's number, from 1, and id.
    """
    notebook = read_notebook(path)
    cells: tuple[Cell, ...] = tuple(notebook["cells"])
    problems: list[str] = []
    name, number, edition, course = _metadata(path, notebook, problems)
    questions: list[MasterQuestion] = []
    rule = None
    for place, cell in enumerate(cells):
        try:
            if cell.get("cell_type") == "raw" and first_line(cell) == "# QUESTION":
                shown = f"{number}.{len(questions) + 1}"
                questions.append(_question(cells, place, shown, problems))
            elif cell.get("cell_type") == "raw" and first_line(cell) == "# CELLS":
                rule = read_dataclass(CellsRule, tomllib.loads(source_of(cell)), "# CELLS")
        except (MasterError, tomllib.TOMLDecodeError) as error:
            problems.append(_at(cells, place, str(error)))
    problems += _between(cells, name, questions)
    if not questions and not problems:
        problems.append("It has no question: a raw cell whose first line is `# QUESTION`.")
    if problems:
        raise MasterError(f"{path} cannot be used:\n" + "\n".join(f"- {one}" for one in problems))
    public = tuple(one.question for one in questions)
    exercise = Exercise(name, number, edition, _title(cells), public, course, rule)
    return Master(path, notebook, cells, exercise, tuple(questions))


def _metadata(
    path: Path, notebook: dict[str, object], problems: list[str]
) -> tuple[str, int, int, str]:
    metadata = notebook.get("metadata")
    own = metadata.get("microns") if isinstance(metadata, dict) else None
    own = own if isinstance(own, dict) else {}
    name, number, edition = own.get("exercise"), own.get("number"), own.get("edition", 1)
    if name != path.stem or not isinstance(number, int) or not isinstance(edition, int):
        problems.append(
            f'The notebook\'s metadata have "microns": {own!r}, expected '
            f'{{"exercise": {path.stem!r}, "number": 1, "edition": 1}}.'
        )
    number, edition = (one if isinstance(one, int) else 0 for one in (number, edition))
    return path.stem, number, edition, str(own.get("course", "microns-widgets"))


def _title(cells: Sequence[Cell]) -> str:
    lines = (line for cell in cells for line in source_of(cell).splitlines())
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


def _at(cells: Sequence[Cell], place: int, says: str) -> str:
    return f"Cell {place + 1} ({cells[place].get('id', 'without an id')}): {says}"


def _question(cells: Sequence[Cell], start: int, shown: str, problems: list[str]) -> MasterQuestion:
    question = Question.from_toml(source_of(cells[start]), shown)
    end = next((p for p in range(start + 1, len(cells)) if _ends(cells[p])), len(cells))
    own = range(start + 1, end)
    asides = tuple(aside for place in own if (aside := _aside(cells[place], place)) is not None)
    solved = {n for p in own if _is_code(cells[p]) for n in solutions(source_of(cells[p])).names}
    says = [f"no solution gives {a.name}." for a in question.answers if a.name not in solved]
    found = MasterQuestion(question, start, end, asides)
    if any(answer.kind != "written" for answer in question.answers):
        wrong = len(found.ways("WRONG"))
        if wrong < WRONG_WAYS:
            says.append(f"it has {wrong} wrong ways, expected at least {WRONG_WAYS}.")
        if not found.ways("SAME"):
            says.append("no `# SAME` cell gives its answers in another type.")
    problems += [_at(cells, start, f"{question.id}: {one}") for one in says]
    problems += [_at(cells, a.cell, one) for a in asides for one in _aside_problems(a, question)]
    return found


def _ends(cell: Cell) -> bool:
    line = first_line(cell)
    kind = cell.get("cell_type")
    return (kind == "raw" and line == "# QUESTION") or (
        kind == "markdown" and line.startswith(("# ", "## "))
    )


def _is_code(cell: Cell) -> bool:
    return cell.get("cell_type") == "code"


def _aside(cell: Cell, place: int) -> Aside | None:
    found = _ASIDE.fullmatch(first_line(cell)) if _is_code(cell) else None
    if found is None:
        return None
    message = [found[3]]
    for line in source_of(cell).lstrip().splitlines()[1:]:
        if not line.startswith("# "):
            break
        message.append(line[2:].strip())
    return Aside(found[1], found[2], " ".join(message).strip(), source_of(cell), place)


def _aside_problems(aside: Aside, question: Question) -> Iterator[str]:
    if aside.role == "KEY":
        return
    if not aside.word or (aside.role == "WRONG" and not aside.message):
        yield "expected `# WRONG word: what to tell the student` or `# SAME word`."
    try:
        nodes = list(ast.walk(ast.parse(aside.source)))
    except SyntaxError as error:
        yield f"its code cannot be read: {error}."
        return
    # It may also change an answer in place: that it names one is all that can be asked here.
    named = {node.id for node in nodes if isinstance(node, ast.Name)}
    if not named & {answer.name for answer in question.answers}:
        yield f"it gives no answer of {question.id}."


def assigned(source: str) -> set[str]:
    """Return the names that a piece of code sets."""
    nodes = ast.walk(ast.parse(source))
    return {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _between(cells: Sequence[Cell], name: str, questions: list[MasterQuestion]) -> Iterator[str]:
    """Say what is wrong between questions."""
    held = {place for one in questions for place in range(one.start, one.end)}
    for place, cell in enumerate(cells):
        if place not in held and _aside(cell, place) is not None:
            yield _at(cells, place, "it belongs to no question: put it before the next heading.")
        if _is_code(cell):
            for says in solutions(source_of(cell)).problems:
                yield _at(cells, place, says)
    seen: dict[str, str] = {}
    for one in questions:
        question = one.question
        if question.id.partition(".")[0] != name:
            yield _at(cells, one.start, f"the id {question.id} does not begin with {name!r}.")
        for label in [question.id, *(answer.name for answer in question.answers)]:
            if label in seen:
                yield _at(cells, one.start, f"{label} is used by {seen[label]} already.")
            seen[label] = question.id
        words = [f"{aside.role} {aside.word}" for aside in one.asides if aside.role != "KEY"]
        for word in {word for word in words if words.count(word) > 1}:
            yield _at(cells, one.start, f"{question.id} has {word} twice.")
