"""Item analysis: how hard each question was, whether it separates students, and what went wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from microns_widgets.grading.analysis.analysis import (
    AnswerNumbers,
    Comparison,
    QuestionNumbers,
    WrongWay,
)
from microns_widgets.grading.analysis.versions import compared
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.marks import AnswerMark, QuestionMark

#: With fewer students, a correlation is mostly chance.
ENOUGH = 30
#: Fewest students for which one is computed, and below which a question hardly separates.
_FEWEST, _LOW = 5, 0.2
_MOST_WRONG, _LONGEST = 5, 160
_NOT_STARTED = ("missing", "not started")


def item_analysis(exercise: Exercise, graded: Sequence[Graded]) -> tuple[QuestionNumbers, ...]:
    """Return the numbers of each question.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    graded : sequence of Graded
        The work on it that was judged.
    """
    return tuple(
        _question(exercise, place, question, graded)
        for place, question in enumerate(exercise.questions)
    )


def _question(
    exercise: Exercise, place: int, question: Question, graded: Sequence[Graded]
) -> QuestionNumbers:
    marks = [one.marks[place] for one in graded]
    decided = [mark for mark in marks if not mark.open]
    places = _marked(graded, place, len(exercise.questions))
    value, number = discrimination(
        [
            [one.marks[n].points for n in places]
            for one in graded
            if not any(one.marks[n].open for n in places)
        ],
        places.index(place),
    )
    return QuestionNumbers(
        question.id,
        question.number,
        question.title,
        len(decided),
        sum(map(_is_right, decided)),
        _mean(mark.points for mark in decided),
        question.points,
        sum(all(a.state in _NOT_STARTED for a in mark.answers) for mark in marks),
        len(marks) - len(decided),
        value,
        number,
        _words(value, number, len(places), len(exercise.questions)),
        _wrong(marks),
        tuple(_answer([m.answers[n] for m in marks]) for n in range(len(question.answers)))
        if marks
        else (),
        _comparisons(exercise, place, graded),
    )


def _marked(graded: Sequence[Graded], place: int, questions: int) -> list[int]:
    """Return the places of a question and of those that are decided for half of the students.

    While written answers are still to be read, the others are compared without them: the few
    students for whom everything is decided did not write anything, and are not like the class.
    """
    return [
        n
        for n in range(questions)
        if n == place or 2 * sum(not one.marks[n].open for one in graded) >= len(graded)
    ]


def _is_right(mark: QuestionMark | AnswerMark) -> bool:
    return mark.points is not None and mark.points >= mark.most - 1e-9


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def _answer(marks: Sequence[AnswerMark]) -> AnswerNumbers:
    decided = [mark for mark in marks if mark.points is not None]
    right = sum(map(_is_right, decided))
    return AnswerNumbers(
        marks[0].name,
        marks[0].about,
        len(decided),
        right,
        sum(bool(mark.points) for mark in decided) - right,
        sum(mark.state in _NOT_STARTED for mark in marks),
        len(marks) - len(decided),
        _mean(mark.points for mark in decided if mark.points is not None),
        marks[0].most,
    )


def discrimination(points: Sequence[Sequence[float]], place: int) -> tuple[float | None, int]:
    """Return the correlation of a question's points with those of the others, and how many count.

    Parameters
    ----------
    points : sequence of sequences of float
        Points of each student (rows) for each question, all decided.
    place : int
        Which question.
    """
    table = np.array(points, dtype=float)
    if len(table) < _FEWEST or table.shape[1] < 2:
        return None, len(table)
    own, others = table[:, place], table.sum(axis=1) - table[:, place]
    # A sum of decimal fractions may differ in its last digit.
    if np.ptp(own) < 1e-9 or np.ptp(others) < 1e-9:
        return None, len(table)
    value = float(np.corrcoef(own, others)[0, 1])
    return (None if math.isnan(value) else round(value, 3)), len(table)


def _words(value: float | None, number: int, marked: int, questions: int) -> str:
    if value is None:
        if marked < 2:
            return (
                "There is no other question to compare with."
                if questions < 2
                else "The other questions are still to be marked."
            )
        if number < _FEWEST:
            return f"{_students(number)} whose points are decided: too few for a correlation."
        return "All students have the same points, so there is no correlation."
    if value < 0:
        meaning = (
            "Students with more points elsewhere have fewer here: check the question and its key."
        )
    elif value < _LOW:
        meaning = "Points here say little about points elsewhere."
    else:
        meaning = "Students with more points elsewhere have more here, too."
    if number < ENOUGH:
        return f"{meaning} With only {_students(number)}, this may be chance."
    return meaning


def _students(number: int) -> str:
    return f"{number} student{'' if number == 1 else 's'}"


def _wrong(marks: Sequence[QuestionMark]) -> tuple[WrongWay, ...]:
    """Return the most frequent wrong ways: known ones by their message, others by their value."""
    known: Counter[str] = Counter()
    values: Counter[tuple[str, str]] = Counter()
    for mark in marks:
        known.update(set(mark.comments))
        if mark.comments:
            continue
        values.update(value for answer in mark.answers if (value := _wrong_value(answer)))
    ways = [WrongWay(text, count, "", True) for text, count in known.items()]
    # A value that one student has says nothing about the class.
    ways += [WrongWay(text, count, name) for (name, text), count in values.items() if count > 1]
    return tuple(sorted(ways, key=lambda way: (-way.count, way.text)))[:_MOST_WRONG]


def _wrong_value(answer: AnswerMark) -> tuple[str, str] | None:
    """Return variable and value of a wrong answer; None if it is right, open, or a text."""
    wrong = answer.points is not None and not _is_right(answer)
    if wrong and answer.summary and not answer.by_person:
        return answer.name, answer.summary[:_LONGEST]
    return None


def went(mark: QuestionMark, way: WrongWay) -> bool:
    """Return whether a student went a wrong way."""
    if way.known:
        return way.text in mark.comments
    own = () if mark.comments else map(_wrong_value, mark.answers)
    return (way.answer, way.text) in own


def _comparisons(
    exercise: Exercise, place: int, graded: Sequence[Graded]
) -> tuple[Comparison, ...]:
    versions: dict[str, list[tuple[bool, float]]] = {}
    variants: dict[str, list[tuple[bool, float]]] = {}
    for one in graded:
        mark = one.marks[place]
        if mark.open or not mark.most:
            continue
        result = _is_right(mark), mark.points / mark.most
        if mark.version:
            versions.setdefault(mark.version, []).append(result)
        if exercise.cells is not None:
            variants.setdefault(str(exercise.cells_variant(one.entry.student_id)), []).append(
                result
            )
    names = {version.name: n for n, version in enumerate(exercise.questions[place].versions)}
    found = []
    if len(versions) > 1:
        ordered = sorted(versions.items(), key=lambda pair: names.get(pair[0], len(names)))
        found.append(compared("version", ordered))
    if len(variants) > 1:
        found.append(compared("variant", sorted(variants.items(), key=lambda pair: int(pair[0]))))
    return tuple(found)
