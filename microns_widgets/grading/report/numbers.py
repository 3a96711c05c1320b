"""Statistics of a whole class: the results of each question, and the common errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.words import question_verdict

#: Bars in the distribution of points.
_BINS = 10
#: Most errors that are listed for a question.
_ERRORS = 4


@dataclass(frozen=True)
class QuestionNumbers:
    """The results of one question.

    Attributes
    ----------
    question : Question
        Which question.
    counts : dict
        ``full``, ``part``, ``none`` and ``open`` to the number of students.
    mean : float, optional
        Mean share of the points that are decided, from 0 to 1.
    errors : list of (str, int)
        The most frequent comments, and how often they occur.
    """

    question: Question
    counts: dict[str, int]
    mean: float | None
    errors: list[tuple[str, int]]


@dataclass(frozen=True)
class ExerciseNumbers:
    """The results of one exercise.

    Attributes
    ----------
    exercise : Exercise
        Which exercise.
    students : int
        Number of notebooks that were run.
    final : int
        Number of these on which all points are decided; only they count in what follows.
    mean, median : float, optional
        Points; None if no points are final.
    most : float
        Points that can be reached.
    bins : list of int
        Number of students by points, in ten equal steps.
    questions : list of QuestionNumbers
        The results of each question.
    """

    exercise: Exercise
    students: int
    final: int
    mean: float | None
    median: float | None
    most: float
    bins: list[int]
    questions: list[QuestionNumbers]


def numbers(graded: Sequence[Graded]) -> list[ExerciseNumbers]:
    """Return the statistics of each exercise, in their order."""
    run = [one for one in graded if one.exercise and one.marks]
    exercises = {one.exercise.name: one.exercise for one in run if one.exercise}
    return [
        _exercise(exercise, [one for one in run if one.entry.exercise == exercise.name])
        for exercise in sorted(exercises.values(), key=lambda e: e.number)
    ]


def _exercise(exercise: Exercise, graded: list[Graded]) -> ExerciseNumbers:
    points = [one.points for one in graded if one.status == "final"]
    most = graded[0].most
    bins = [0] * _BINS
    for value in points:
        bins[min(int(value / most * _BINS), _BINS - 1)] += 1
    questions = [
        _question(question, place, graded) for place, question in enumerate(exercise.questions)
    ]
    return ExerciseNumbers(
        exercise,
        len(graded),
        len(points),
        mean(points) if points else None,
        median(points) if points else None,
        most,
        bins,
        questions,
    )


def _question(question: Question, place: int, graded: list[Graded]) -> QuestionNumbers:
    counts = dict.fromkeys(("full", "part", "none", "open"), 0)
    errors: Counter[str] = Counter()
    shares = []
    for one in graded:
        mark = one.marks[place]
        counts[question_verdict(mark).kind] += 1
        decided = mark.most - mark.open
        if decided:
            shares.append(mark.points / decided)
        # An authored message is more specific than the comments of the kinds.
        comments = mark.comments or [
            comment for a in mark.answers if a.points is not None for comment in a.comments
        ]
        errors.update(set(comments))
    common = sorted(errors.items(), key=lambda pair: (-pair[1], pair[0]))[:_ERRORS]
    return QuestionNumbers(question, counts, mean(shares) if shares else None, common)
