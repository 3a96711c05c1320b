"""Generates what students get from a master: a notebook with prompts, and public checks.

The same masters always give the same bytes. Cells that were given out stay the same until the
teacher raises the edition.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.connectome import Connectome
from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.follow import follow_problems
from microns_widgets.grading.authoring.four_states import key_problems, untouched_problems
from microns_widgets.grading.authoring.key_store import key_for
from microns_widgets.grading.authoring.master import (
    Master,
    MasterQuestion,
    first_line,
    read_master,
)
from microns_widgets.grading.authoring.prompts import solutions, student_source
from microns_widgets.grading.authoring.versions import is_version_mark
from microns_widgets.grading.authoring.wording import heading, prompt
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.exercise.practice_key import PracticeKey
from microns_widgets.grading.exercise.provenance import Provenance
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.exercise.variants import as_text
from microns_widgets.grading.notebook_json import Cell, as_json, source_of
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.sources import load
from microns_widgets.sources.sample.storage import NUMBER
from microns_widgets.tables.reading import SYNTHETIC

#: Metadata of a notebook that students get; anything else that editors leave in it is dropped.
_METADATA = ("kernelspec", "language_info", "microns")


@dataclass(frozen=True)
class Assignment:
    """An exercise and its notebook, generated from a master but not yet written.

    `cost` says how many variants there are, and what grading them takes.
    """

    master: Master
    exercise: Exercise
    notebook: Mapping[str, Any]
    cost: str = ""

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
    progress: Callable[[str], None] = lambda _: None,
) -> list[Assignment]:
    """Make student notebooks and public files from masters.

    Parameters
    ----------
    masters : sequence of path
        Master notebooks.
    out : path
        Folder for ``<exercise>.ipynb`` and ``<exercise>.json``. Cells that an earlier public
        file there gave out stay the same.
    versions : sequence of str
        Data for which cells are given out: ``"sample"``, a version, or a folder. The masters
        are checked on the first.
    progress : callable
        Called with a description of each step.

    Returns
    -------
    list of Assignment
        In the order of the masters.

    Raises
    ------
    MasterError
        If one of the masters has a problem; the message lists all problems, and nothing is
        written.
    """
    assignments: list[Assignment] = []
    problems: list[str] = []
    for path in masters:
        try:
            progress(f"{path.name}: reading")
            assignments.append(_assignment(read_master(path), out, versions, progress))
        except MasterError as error:
            problems.append(str(error))
    problems += _clashes(assignments)
    if problems:
        raise MasterError("\n".join([*problems, "Nothing was written."]))
    for one in assignments:
        for path, text in one.files(out).items():
            write_text(path, text)
    return assignments


def _clashes(assignments: Sequence[Assignment]) -> Iterator[str]:
    numbers: dict[int, str] = {}
    for one in assignments:
        if (other := numbers.setdefault(one.exercise.number, one.exercise.name)) != (
            one.exercise.name
        ):
            yield f"{one.exercise.name} and {other} both have the number {one.exercise.number}."


def _assignment(
    master: Master, out: Path, versions: Sequence[str], progress: Callable[[str], None]
) -> Assignment:
    exercise = give_out(master.exercise, out / f"{master.exercise.name}.json", versions)
    notebook = student_notebook(master, exercise.provenance)
    settings = RunSettings.for_version(versions[0])
    progress(f"{master.path.name}: running it with all its wrong answers on {versions[0]}")
    began = time.monotonic()
    key = key_for(master, exercise=exercise, settings=settings)
    seconds = time.monotonic() - began
    problems = key_problems(master, key)
    problems += follow_problems(master, exercise, key, settings)
    problems += _version_problems(master, exercise, settings, progress)
    progress(f"{master.path.name}: running the student notebook")
    problems += untouched_problems(notebook, exercise, settings)
    if problems:
        listing = "\n".join(f"- {problem}" for problem in problems)
        raise MasterError(f"{master.path} needs fixing:\n{listing}")
    if source := _source_of_practice(exercise, versions[0]):
        progress(f"{master.path.name}: making the key of another variant to compare")
        other = key_for(master, 1, exercise=exercise, settings=settings)
        practice = PracticeKey.of(exercise.questions, source, key, [other])
        exercise = replace(exercise, practice=practice)
    return Assignment(master, exercise, notebook, _cost(exercise, versions[0], seconds))


def _version_problems(
    master: Master, exercise: Exercise, settings: RunSettings, progress: Callable[[str], None]
) -> Iterator[str]:
    """Yield what is wrong with versions that practice does not have, for one set of cells."""
    practice = exercise.versions_of(0)
    if not practice:
        return
    proven = exercise.cells_of(exercise.variants_to_prove()[-1])
    for variant in exercise.variants_to_prove():
        names = exercise.versions_of(variant)
        if exercise.cells_of(variant) != proven or names == practice:
            continue
        progress(f"{master.path.name}: running {exercise.described(variant)}")
        key = key_for(master, variant, exercise=exercise, settings=settings)
        found = [
            *key_problems(master, key),
            *follow_problems(master, exercise, key, settings),
        ]
        yield from (f"{exercise.described(variant)}: {problem}" for problem in found)


def _cost(exercise: Exercise, version: str, seconds: float) -> str:
    """Describe the variants and their keys; `seconds` is how long one took, if it was made."""
    rule = exercise.cells
    if rule is None:
        return ""
    most = rule.most(load(version, quiet=True))
    allowed = f" (at most {most:,} with a cell of their own)" if most is not None else ""
    # A key from the cache takes no time; this one says nothing about the others.
    each = f", in about {seconds:.0f} s each" if seconds >= 1 else ""
    return (
        f"{rule.number:,} variants{allowed}. Grading makes one key for each variant in use{each}."
    )


def _source_of_practice(exercise: Exercise, version: str) -> str:
    """Return the source of the data if no student has one of the practice cells, else nothing."""
    source = load(version, quiet=True).source
    practice, *others = exercise.issued.get(source, [[]])
    return source if others and not {*practice} & {one for cells in others for one in cells} else ""


def give_out(exercise: Exercise, earlier: Path, versions: Sequence[str]) -> Exercise:
    """Return the exercise with the cells of each variant, the same as in an earlier file.

    Raises
    ------
    MasterError
        If the rule or the sample has changed but the edition has not: students already have their
        cells.
    """
    connectomes = [load(version, quiet=True) for version in versions]
    sources = {con.source for con in connectomes}
    issued: dict[str, list[list[str]]] = {}
    before = read_exercise(earlier) if earlier.is_file() else None
    exercise = _with_number(exercise, before, connectomes)
    made_for = (exercise.edition, exercise.course)
    if before and exercise.cells is not None and (before.edition, before.course) == made_for:
        if before.issued and before.cells != exercise.cells:
            raise MasterError(
                f"The CELLS cell of {exercise.name} has changed since {earlier} gave out "
                f"cells. Change it back, or give out new cells: raise the edition in the "
                f"notebook's metadata from {exercise.edition} to {exercise.edition + 1}."
            )
        if SYNTHETIC in before.issued and before.provenance.sample not in (0, NUMBER):
            raise MasterError(
                f"The built-in sample has changed since {earlier} gave out cells of "
                f"{exercise.name}. Give out new cells: raise the edition in the notebook's "
                f"metadata from {exercise.edition} to {exercise.edition + 1}."
            )
        issued |= before.issued
    if exercise.cells is not None:
        for con in connectomes:
            if con.source not in issued:
                issued[con.source] = as_text(replace(exercise, issued={}).variants(con))
    provenance = Provenance.of_sources(exercise.edition, {*issued, *sources})
    return replace(exercise, issued=dict(sorted(issued.items())), provenance=provenance)


def _with_number(
    exercise: Exercise, before: Exercise | None, connectomes: Sequence[Connectome]
) -> Exercise:
    """Return the exercise with a number of variants instead of "all"; one given out stays."""
    rule = exercise.cells
    if rule is None or rule.variants != "all":
        return exercise
    earlier = before.cells if before is not None and before.issued else None
    if before is not None and earlier is not None and before.edition == exercise.edition:
        return replace(exercise, cells=replace(rule, variants=earlier.variants))
    try:
        return replace(exercise, cells=rule.numbered(connectomes))
    except MasterError as error:
        raise MasterError(f"{exercise.name}: {error}") from None


def student_notebook(master: Master, provenance: Provenance) -> dict[str, Any]:
    """Return the notebook that students get: prompts in place of solutions, no outputs."""
    questions = {one.start: one for one in master.questions}
    checks = {_check_after(master, one.start): one.question for one in master.questions}
    cells: list[Cell] = []
    skipped = {p for one in master.questions for v in one.versions for p in range(v.start, v.end)}
    answered = {one.versions[0].start: one for one in master.questions if one.versions}
    for place, cell in enumerate(master.cells):
        if place in answered:
            cells += _version_and_answer(master, answered[place])
        if place in questions:
            cells.append(_heading(cell, questions[place].question))
        elif place in skipped or is_version_mark(cell):
            pass
        elif master.judging_cell_at(place) is None and first_line(cell) != "# CELLS":
            cells.append(_for_student(cell, master))
        if place in checks:
            cells.append(_check_cell(checks[place]))
    if not any("mw.hand_in(" in source_of(cell) for cell in cells):
        cells.append(_hand_in_cell(master.exercise.name))
    metadata = master.notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    kept = {name: metadata[name] for name in _METADATA if name in metadata}
    return {
        "cells": cells,
        "metadata": kept | {"microns": kept["microns"] | provenance.to_json()},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _for_student(cell: Cell, master: Master) -> Cell:
    copy: Cell = {
        "cell_type": cell["cell_type"],
        "id": cell["id"],
        "metadata": cell.get("metadata", {}),
    }
    source = source_of(cell)
    if cell["cell_type"] == "code":
        about = {a.name: prompt(a) for q in master.exercise.questions for a in q.answers}
        source = student_source(source, about)
        copy |= {"execution_count": None, "outputs": []}
    return copy | {"source": _lines(source)}


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


def _heading(cell: Cell, question: Question) -> Cell:
    return {
        "cell_type": "markdown",
        "id": cell["id"],
        "metadata": {},
        "source": _lines(heading(question)),
    }


def _version_and_answer(master: Master, one: MasterQuestion) -> list[Cell]:
    """Return the cells instead of all versions: one that shows the student's, and one to answer."""
    name = one.question.id
    code = [
        source_of(master.cells[place])
        for place in range(one.versions[0].start, one.versions[0].end)
        if master.cells[place]["cell_type"] == "code" and master.judging_cell_at(place) is None
    ]
    set_here = {answer for source in code for answer in solutions(source).names}
    prompts = [f"{a.name} = ...  # {prompt(a)}" for a in one.question.answers if a.name in set_here]
    short = name.partition(".")[2].replace(".", "-")
    return [
        _code_cell(
            f"version-{short}",
            "# This cell shows the question: each student gets one of several versions.\n"
            f'mw.own_question(STUDENT, "{name}")',
        ),
        _code_cell(f"answer-{short}", "\n".join(prompts)),
    ]


def _check_after(master: Master, start: int) -> int:
    """Return the index of the cell before a question's check; -1 if the master has the check."""
    one = next(one for one in master.questions if one.start == start)
    own = range(one.start + 1, one.end)
    code = [p for p in own if master.cells[p]["cell_type"] == "code"]
    if any("mw.check(" in source_of(master.cells[place]) for place in code):
        return -1
    return [place for place in code if master.judging_cell_at(place) is None][-1]


def _check_cell(question: Question) -> Cell:
    name = f"check-{question.id.partition('.')[2].replace('.', '-')}"
    return _code_cell(name, f'mw.check("{question.id}")')


def _hand_in_cell(exercise: str) -> Cell:
    return _code_cell(
        "hand-in",
        "# Run this cell last: it lists what is missing, and says what to hand in.\n"
        f'mw.hand_in("{exercise}")',
    )


def _code_cell(name: str, source: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": _lines(source),
    }
