"""Which of several attempts counts: the one that was handed in last, or the best one."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from microns_widgets.grading.intake.names import natural
from microns_widgets.grading.intake.submissions import Submission

T = TypeVar("T")

#: Times of files that differ by less, in seconds, come from copying or exporting them.
_COPYING = 10.0
#: "degree (1)", "degree-2", "degree_v10": the number that browsers, systems and people append.
_NUMBER = re.compile(r"(?:\((?P<copy>\d{1,9})\)|[-_ ]v?(?P<version>\d{1,9}))$", re.IGNORECASE)


def grouped(items: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """Return items that share a key, in the order of the first of each."""
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def in_order(attempts: Sequence[T], submission: Callable[[T], Submission]) -> list[T]:
    """Return one student's attempts at one exercise in the order in which they were handed in.

    The learning system's time decides, then its number of the attempt, then the time in the
    archive or of the file, then the number in the file's name.

    Parameters
    ----------
    attempts : sequence
        What belongs to one student and exercise.
    submission : callable
        Returns the submission of an attempt.
    """
    rounds = _rounds([submission(one).time for one in attempts])

    def order(attempt: T) -> tuple[float, int, int, int, tuple[object, ...]]:
        one = submission(attempt)
        owner, number = one.owner, number_in(one.file)
        return (owner.time, owner.attempt, rounds[one.time], number, natural(one.file))

    return sorted(attempts, key=order)


def number_in(file: str) -> int:
    """Return the number at the end of a file's name, 0 if there is none."""
    match = _NUMBER.search(PurePosixPath(file).stem)
    return int(match["copy"] or match["version"]) if match else 0


def best(attempts: Sequence[T], points: Callable[[T], float]) -> int:
    """Return which attempt has the most points; of equal ones, the last.

    Parameters
    ----------
    attempts : sequence
        Attempts of one student at one exercise, in the order in which they were handed in.
    points : callable
        Returns the points of an attempt.
    """
    return max(range(len(attempts)), key=lambda place: (points(attempts[place]), place))


def _rounds(times: Iterable[float]) -> dict[float, int]:
    """Number times that are clearly apart; those close together share a number."""
    rounds: dict[float, int] = {}
    previous, current = float("-inf"), -1
    for time in sorted(set(times)):
        current += time - previous > _COPYING
        rounds[time], previous = current, time
    return rounds
