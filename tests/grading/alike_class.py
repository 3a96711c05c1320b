"""The graded work of a made-up class in which some copied, without running anything."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import partial

from grading.graded_class import answer_mark, question_mark
from grading.planted_copies import EXERCISE, MadeUp

from microns_widgets.grading.graded import Graded
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.intake.learning_systems import Owner
from microns_widgets.grading.intake.submissions import Submission
from microns_widgets.grading.marks import QuestionMark

#: How hard each question of the made-up exercise is, from 0 to 1.
HARD = (0.1, 0.25, 0.4, 0.6, 0.3, 0.5)


def graded_class(made: MadeUp, seed: int = 0) -> list[Graded]:
    """Return the work of a class; able students get more points in all questions."""
    rng = random.Random(seed)
    return [_work(made, student, rng) for student in made.code]


def _work(made: MadeUp, student: str, rng: random.Random) -> Graded:
    submission = Submission(
        Owner(student, f"Student {student}"),
        f"{student}.ipynb",
        partial(made.notebook, student),
    )
    entry = Entry(submission, student, f"Student {student}", EXERCISE.name, student)
    able = rng.gauss(0.0, 0.25)
    points = [1.0 if rng.random() + able > hard else 0.0 for hard in HARD]
    return Graded(entry, EXERCISE, marks_of(dict(enumerate(points))))


def marks_of(points: Mapping[int, float | None], version: str = "") -> tuple[QuestionMark, ...]:
    """Return marks with points by question; None is not decided."""
    return tuple(
        question_mark(
            question,
            [
                answer_mark(answer, points[place], summary="" if points[place] else "17")
                for answer in question.answers
            ],
            version,
        )
        for place, question in enumerate(EXERCISE.questions)
    )
