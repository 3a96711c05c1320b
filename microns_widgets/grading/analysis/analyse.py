"""Puts together what ``analysis.json`` contains."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.analysis.analysis import (
    Analysis,
    ExerciseAnalysis,
    ForeignAnswers,
    Pair,
)
from microns_widgets.grading.analysis.items import item_analysis
from microns_widgets.grading.analysis.normal_code import CodeCell, NormalCode
from microns_widgets.grading.analysis.passages import Rare, pair_of
from microns_widgets.grading.analysis.similarity import FEWEST, Source, compare
from microns_widgets.grading.analysis.times import times
from microns_widgets.grading.authoring.assign import student_notebook
from microns_widgets.grading.authoring.follow import solution_of
from microns_widgets.grading.authoring.master import Master, names_set_by
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import parse_notebook
from microns_widgets.grading.notebook_json import source_of
from microns_widgets.grading.run.plan import plan

_MOST_FOREIGN = 200


def analyse(
    graded: Sequence[Graded],
    masters: Mapping[str, Master],
    known: Mapping[tuple[str, str], datetime] | None = None,
    due: Mapping[str, datetime] | None = None,
) -> Analysis:
    """Analyse a class.

    Parameters
    ----------
    graded : sequence of Graded
        All work, with its final marks.
    masters : mapping
        The masters, by the name of their exercise.
    known : mapping, optional
        When work was handed in, by student and exercise.
    due : mapping, optional
        When it was due, by exercise; under an empty name, that of all others.
    """
    due = due or {}
    exercises = {one.exercise.name: one.exercise for one in graded if one.exercise}
    found = []
    for exercise in sorted(exercises.values(), key=lambda one: one.number):
        works = [one for one in graded if one.exercise and one.entry.exercise == exercise.name]
        judged = [one for one in works if one.marks]
        foreign = _foreign(judged)
        pairs, compared, notes = _pairs(exercise, works, masters.get(exercise.name))
        end = due.get(exercise.name, due.get(""))
        found.append(
            ExerciseAnalysis(
                exercise.name,
                exercise.title,
                len(judged),
                item_analysis(exercise, judged),
                times(works, known or {}, end),
                compared,
                tuple(_with_foreign(pair, foreign) for pair in pairs),
                tuple(foreign[:_MOST_FOREIGN]),
                tuple(notes),
            )
        )
    return Analysis(tuple(found))


def analysed_again(before: Analysis | None, graded: Sequence[Graded]) -> Analysis:
    """Return an analysis with the numbers of the marks as they are now.

    Pairs and times stay, since they do not depend on marks.

    Parameters
    ----------
    before : Analysis, optional
        As computed when the work was judged.
    graded : sequence of Graded
        All work, with its final marks.
    """
    exercises = {one.exercise.name: one.exercise for one in graded if one.exercise}
    found = []
    for one in before.exercises if before else ():
        exercise = exercises.get(one.exercise)
        if exercise is not None:
            judged = [each for each in graded if each.marks and each.entry.exercise == one.exercise]
            one = replace(one, questions=item_analysis(exercise, judged))
        found.append(one)
    return Analysis(tuple(found))


def _pairs(
    exercise: Exercise, works: Sequence[Graded], master: Master | None
) -> tuple[list[Pair], int, list[str]]:
    given = _given(master, exercise) if master else []
    solution = _solution(master) if master else []
    fixed = {answer.name for question in exercise.questions for answer in question.answers}
    for cell in given:
        with suppress(SyntaxError):
            fixed |= names_set_by(cell.source) | _modules(cell.source)
    sources, unread = [], 0
    names: dict[str, str] = {}
    for one in works:
        if not one.handed_in or one.entry.who in names:
            continue
        try:
            content = one.entry.submission.read()
            sources.append(Source(one.entry.who, _cells(content, exercise)))
            names[one.entry.who] = one.entry.name
        except SubmissionError:
            unread += 1
    compared = compare(sources, given, solution, frozenset(fixed))
    rare = Rare(compared.notebooks)
    numbers = {question.id: question.number for question in exercise.questions}
    pairs = [pair_of(one, compared.notebooks, names, numbers, rare) for one in compared.pairs]
    n_compared = len(sources) if len(sources) >= FEWEST else 0
    return pairs, n_compared, _notes([one.code for one in compared.notebooks], unread)


def _notes(codes: Sequence[NormalCode], unread: int) -> list[str]:
    notes = []
    if len(codes) < FEWEST:
        notes.append(
            f"Notebooks were not compared: with fewer than {FEWEST}, there is no way to know what "
            "is common in this class."
        )
    if unread:
        notes.append(f"{unread} files are not notebooks, and were not compared.")
    if cut := sum(one.cut for one in codes):
        notes.append(f"{cut} notebooks are so long that only their first part was compared.")
    return notes


def _cells(content: bytes, exercise: Exercise) -> tuple[CodeCell, ...]:
    notebook = parse_notebook(content, Limits())
    questions = {question.id: question for question in exercise.questions}
    owners = {
        index: name
        for name, indices in plan(notebook, questions).cells.items()
        for index in indices
    }
    return tuple(
        CodeCell(cell.index, owners.get(cell.index, ""), cell.source) for cell in notebook.cells
    )


def _given(master: Master, exercise: Exercise) -> list[CodeCell]:
    cells = student_notebook(master, exercise.provenance)["cells"]
    return [
        CodeCell(place, "", source_of(cell))
        for place, cell in enumerate(cells)
        if cell["cell_type"] == "code"
    ]


def _solution(master: Master) -> list[CodeCell]:
    return [
        CodeCell(one.start, one.question.id, solution_of(master, one)) for one in master.questions
    ]


def _modules(source: str) -> set[str]:
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _foreign(judged: Sequence[Graded]) -> list[ForeignAnswers]:
    owners: dict[int, list[Graded]] = {}
    for one in judged:
        owners.setdefault(one.variant, []).append(one)
    found = []
    for one in judged:
        for variant, answers in one.right_elsewhere.items():
            others = [other.entry for other in owners.get(variant, ()) if other is not one]
            if others:
                found.append(
                    ForeignAnswers(
                        one.entry.who,
                        one.entry.name,
                        answers,
                        tuple(other.who for other in others),
                        tuple(other.name for other in others),
                        f"{_listed(answers)} wrong for {one.entry.name}'s own cells, and right for "
                        f"those of {_people([other.name for other in others])}.",
                    )
                )
    return sorted(found, key=lambda one: (-len(one.answers), one.student))


def _listed(answers: Sequence[str]) -> str:
    return f"{', '.join(answers)} {'is' if len(answers) == 1 else 'are'}"


def _people(names: Sequence[str]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    return ", ".join(names)


def _with_foreign(pair: Pair, foreign: Sequence[ForeignAnswers]) -> Pair:
    """Return a pair with answers of the one that are right for the cells of the other."""
    reasons = [
        f"{_listed(one.answers)} wrong for {one.name}'s own cells, and right for {other}'s."
        for one in foreign
        for student, who, other in (
            (pair.first, pair.second, pair.second_name),
            (pair.second, pair.first, pair.first_name),
        )
        if one.student == student and who in one.others
    ]
    return replace(pair, reasons=(*reasons, *pair.reasons))
