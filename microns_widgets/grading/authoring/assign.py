"""From masters to what students get: notebooks with prompts, and public checks.

What is written is made of the master alone: the same bytes for the same input. Cells that were
given out stay given out as long as the edition is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.four_states import key_problems, untouched_problems
from microns_widgets.grading.authoring.key_store import key_for
from microns_widgets.grading.authoring.master import Master, first_line, read_master
from microns_widgets.grading.authoring.notebooks import Cell, as_json, source_of
from microns_widgets.grading.authoring.prompts import student_source
from microns_widgets.grading.authoring.wording import heading, prompt
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.exercise.variants import as_text
from microns_widgets.sources import load

#: Metadata of a notebook that students get: what else editors leave in it is dropped.
_METADATA = ("kernelspec", "language_info", "microns")


@dataclass(frozen=True)
class Assigned:
    """What was made of a master; nothing is written yet."""

    master: Master
    exercise: Exercise
    notebook: Mapping[str, Any]

    def files(self, out: Path) -> dict[Path, str]:
        """Return the content of each file."""
        return {
            out / f"{self.exercise.name}.ipynb": as_json(self.notebook),
            out / f"{self.exercise.name}.json": as_json(self.exercise.to_json()),
        }


def assign(
    masters: Sequence[Path],
    out: Path,
    *,
    versions: Sequence[str] = ("sample",),
    told: Callable[[str], None] = lambda _: None,
) -> list[Assigned]:
    """Make student notebooks and public files out of masters.

    Parameters
    ----------
    masters : sequence of path
        Master notebooks.
    out : path
        Folder for ``<exercise>.ipynb`` and ``<exercise>.json``. An earlier public file there
        keeps the cells that it gives out.
    versions : sequence of str
        Data for which cells are given out: ``"sample"``, a version, a folder. The masters are
        proved on the first.
    told : callable
        Is told what is done next.

    Returns
    -------
    list of Assigned
        In the order of the masters.

    Raises
    ------
    MasterError
        With all that is wrong in any of them; then nothing is written.
    """
    made: list[Assigned] = []
    problems: list[str] = []
    for path in masters:
        try:
            told(f"{path.name}: reading")
            made.append(_assigned(read_master(path), out, versions, told))
        except MasterError as error:
            problems.append(str(error))
    problems += _clashes(made)
    if problems:
        raise MasterError("\n".join([*problems, "Nothing was written."]))
    for one in made:
        for path, text in one.files(out).items():
            write_text(path, text)
    return made


def _clashes(made: Sequence[Assigned]) -> Iterator[str]:
    numbers: dict[int, str] = {}
    for one in made:
        if (other := numbers.setdefault(one.exercise.number, one.exercise.name)) != (
            one.exercise.name
        ):
            yield f"{one.exercise.name} and {other} both have the number {one.exercise.number}."


def _assigned(
    master: Master, out: Path, versions: Sequence[str], told: Callable[[str], None]
) -> Assigned:
    exercise = give_out(master.exercise, out / f"{master.exercise.name}.json", versions)
    notebook = student_notebook(master)
    version, data = located(versions[0])
    told(f"{master.path.name}: running it with all its wrong ways on {version}")
    problems = key_problems(master, key_for(master, exercise=exercise, version=version, data=data))
    told(f"{master.path.name}: running what students get")
    problems += untouched_problems(notebook, exercise, version=version, data=data)
    if problems:
        listed = "\n".join(f"- {says}" for says in problems)
        raise MasterError(f"{master.path} is refused:\n{listed}")
    return Assigned(master, exercise, notebook)


def located(version: str) -> tuple[str, Path | None]:
    """Return a version as ``MICRONS_VERSION`` has it, and the folder if it is one."""
    folder = Path(version)
    return (str(folder.resolve()), folder.resolve()) if folder.is_dir() else (version, None)


def give_out(exercise: Exercise, earlier: Path, versions: Sequence[str]) -> Exercise:
    """Return the exercise with the cells of each variant, those of an earlier file kept.

    Raises
    ------
    MasterError
        If the rule has changed while the edition stands: students have their cells already.
    """
    if exercise.cells is None:
        return exercise
    issued: dict[str, list[list[str]]] = {}
    if earlier.is_file():
        before = read_exercise(earlier)
        if (before.edition, before.course) == (exercise.edition, exercise.course):
            if before.issued and before.cells != exercise.cells:
                raise MasterError(
                    f"The CELLS cell of {exercise.name} is not the one by which {earlier} gave out "
                    f"cells. Set it back, or give out new cells: raise the edition in the "
                    f"notebook's metadata from {exercise.edition} to {exercise.edition + 1}."
                )
            issued |= before.issued
    for version in versions:
        con = load(version, quiet=True)
        if con.source not in issued:
            issued[con.source] = as_text(replace(exercise, issued={}).variants(con))
    return replace(exercise, issued=dict(sorted(issued.items())))


def student_notebook(master: Master) -> dict[str, Any]:
    """Return the notebook that students get: prompts instead of solutions, no outputs."""
    questions = {one.start: one for one in master.questions}
    checks = {_check_after(master, one.start): one.question for one in master.questions}
    cells: list[Cell] = []
    for place, cell in enumerate(master.cells):
        if place in questions:
            cells.append(_heading(cell, questions[place].question))
        elif master.aside_at(place) is None and first_line(cell) != "# CELLS":
            cells.append(_for_student(cell, master))
        if place in checks:
            cells.append(_check_cell(checks[place]))
    metadata = master.notebook.get("metadata")
    kept = metadata if isinstance(metadata, dict) else {}
    return {
        "cells": cells,
        "metadata": {name: kept[name] for name in _METADATA if name in kept},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _for_student(cell: Cell, master: Master) -> Cell:
    made: Cell = {
        "cell_type": cell["cell_type"],
        "id": cell["id"],
        "metadata": cell.get("metadata", {}),
    }
    source = source_of(cell)
    if cell["cell_type"] == "code":
        about = {a.name: prompt(a) for q in master.exercise.questions for a in q.answers}
        source = student_source(source, about)
        made |= {"execution_count": None, "outputs": []}
    return made | {"source": _lines(source)}


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


def _heading(cell: Cell, question: Question) -> Cell:
    return {
        "cell_type": "markdown",
        "id": cell["id"],
        "metadata": {},
        "source": _lines(heading(question)),
    }


def _check_after(master: Master, start: int) -> int:
    """Place of the cell after which a question's check stands, -1 where the master has one."""
    one = next(one for one in master.questions if one.start == start)
    own = range(one.start + 1, one.end)
    code = [p for p in own if master.cells[p]["cell_type"] == "code"]
    if any("mw.check(" in source_of(master.cells[place]) for place in code):
        return -1
    return [place for place in code if master.aside_at(place) is None][-1]


def _check_cell(question: Question) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"check-{question.id.partition('.')[2].replace('.', '-')}",
        "metadata": {},
        "outputs": [],
        "source": [f'mw.check("{question.id}")'],
    }
