"""Which column of a gradebook belongs to which exercise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from microns_widgets.errors import InvalidArgument, suggestion
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.intake.names import normal

#: Canvas ends the name of an assignment's column with its id; Brightspace with the kind of grade.
_CANVAS = re.compile(r" \(\d+\)$")
_BRIGHTSPACE = re.compile(r" Points Grade(?: <.*>)?$", re.IGNORECASE)


def column_of(exercise: Exercise, header: Sequence[str], named: Mapping[str, str]) -> int | None:
    """Return the place of an exercise's column in a gradebook, None if there is none.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    header : sequence of str
        Names of the columns.
    named : mapping
        Names of columns that the teacher gave, by exercise. Otherwise it is the only column that
        is called like the exercise's title or name, or ``Exercise`` and its number, or that
        contains one of them.

    Raises
    ------
    InvalidArgument
        If there is no column of the name that the teacher gave.
    """
    if exercise.name in named:
        wanted = named[exercise.name]
        places = [n for n, name in enumerate(header) if wanted in (name, _plain(name))]
        if len(places) != 1:
            near = suggestion(wanted, header)
            raise InvalidArgument(
                f"--column {exercise.name}={wanted}: the roster has {len(places)} columns of this "
                f"name, expected one.{near}"
            )
        return places[0]
    for words in _names(exercise):
        pattern = rf"(?<!\w){re.escape(words)}(?!\w)"
        for test in (
            lambda name, words=words: normal(name) == normal(words),
            lambda name, pattern=pattern: re.search(pattern, name, re.IGNORECASE),
        ):
            places = [n for n, name in enumerate(header) if test(_plain(name))]
            if len(places) == 1:
                return places[0]
    return None


def _names(exercise: Exercise) -> Iterator[str]:
    yield from (exercise.title, exercise.name) if exercise.title else (exercise.name,)
    yield f"Exercise {exercise.number}"


def _plain(name: str) -> str:
    return _BRIGHTSPACE.sub("", _CANVAS.sub("", name)).strip()
