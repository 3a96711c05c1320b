"""Pairs of students whose work is alike, more than pairs of their class usually are.

What two notebooks have in common counts by how rare it is in the class, in bits: a passage that
one in eight students wrote counts 3 bits, one that nobody else wrote the most. What was given, and
what the master's own solution has, counts nothing. A pair is listed if it has far more in common
than the class's pairs, in the whole notebook or in one question. So two students who solve a short
question alike are not listed. Only the notebooks' text is compared; nothing is run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log, log2

import numpy as np
from numpy.typing import NDArray

from microns_widgets.grading.analysis.normal_code import (
    CodeCell,
    NormalCode,
    Statement,
    Text,
    normal_code,
)
from microns_widgets.grading.analysis.written_words import word_groups

Bits = NDArray[np.float64]

#: With fewer notebooks, what is common in a class cannot be known.
FEWEST = 10
#: A string of so many words is a text, not code.
WORDS = 8
#: Tokens up to which a statement says nothing, and with which it counts once.
_SHORT, _USUAL, _LARGEST = 4, 16, 1.5
#: What a group of words counts, relative to a statement.
_GROUP_WEIGHT = 0.35
#: Bits below which nothing is listed, for a whole notebook and for one question. A statement that
#: nobody else in a class of 200 has counts about 7.
_ENOUGH, _ENOUGH_ALONE = 25.0, 20.0
#: How many of a class's honest pairs would be listed if what they have in common fell off
#: exponentially, for the whole notebook and for each question. (It falls off faster.)
_WRONGLY = 0.5
#: Pairs are listed only up to here; the class has a problem that no list solves.
_MOST_PAIRS = 200


@dataclass(frozen=True)
class Source:
    """The code of one notebook.

    Attributes
    ----------
    who : str
        Whose.
    cells : tuple of CodeCell
        Its code cells, in order.
    """

    who: str
    cells: tuple[CodeCell, ...]


@dataclass(frozen=True)
class Unit:
    """What is compared: a statement, or a group of words of a text."""

    place: Statement | Text
    marks: tuple[int, ...]
    weight: float

    @property
    def question(self) -> str:
        """The question to which it belongs; empty if none."""
        return self.place.cell.question


@dataclass
class Prepared:
    """A notebook in the form in which it is compared."""

    who: str
    code: NormalCode
    units: list[Unit] = field(default_factory=list)


@dataclass(frozen=True)
class Alike:
    """Two notebooks that are alike.

    Attributes
    ----------
    first, second : int
        Places in the list of notebooks.
    score : float
        Bits in common.
    questions : tuple of str
        Questions that alone have more in common than usual; empty if only the whole has.
    first_units, second_units : tuple of Unit
        What they have in common.
    share : float
        Part of the shorter one's own work that is alike.
    """

    first: int
    second: int
    score: float
    questions: tuple[str, ...]
    first_units: tuple[Unit, ...]
    second_units: tuple[Unit, ...]
    share: float


@dataclass
class Compared:
    """All notebooks of an exercise, compared with each other.

    Attributes
    ----------
    notebooks : list of Prepared
        In the order in which they were given.
    pairs : list of Alike
        Pairs that are alike, those with the most in common first.
    """

    notebooks: list[Prepared]
    pairs: list[Alike]


def compare(
    sources: Sequence[Source],
    given: Iterable[CodeCell] = (),
    solution: Iterable[CodeCell] = (),
    fixed: frozenset[str] = frozenset(),
) -> Compared:
    """Compare all notebooks of an exercise.

    Parameters
    ----------
    sources : sequence of Source
        The notebooks.
    given, solution : iterable of CodeCell
        The cells of the student notebook as it was given out, and of the master: passages that are
        like these count nothing.
    fixed : frozenset of str
        Names that all students have, such as those of answers.
    """
    given = list(given)
    index: dict[str, int] = {}
    known: set[int] = set()
    for cells in (given, list(solution)):
        known.update(m for u in _units(normal_code(cells, fixed, WORDS), index) for m in u.marks)
    unchanged = {cell.source.strip() for cell in given}
    notebooks = []
    for source in sources:
        own = [cell for cell in source.cells if cell.source.strip() not in unchanged]
        code = normal_code(own, fixed, WORDS)
        units = [unit for unit in _units(code, index) if unit.marks[0] not in known]
        notebooks.append(Prepared(source.who, code, units))
    return Compared(notebooks, _pairs(notebooks, known) if len(notebooks) >= FEWEST else [])


def _units(code: NormalCode, index: dict[str, int]) -> list[Unit]:
    units = []
    for statement in code.statements:
        marks = tuple(index.setdefault(mark, len(index)) for mark in statement.marks)
        size = (statement.size - _SHORT) / (_USUAL - _SHORT)
        units.append(Unit(statement, marks, min(max(size, 0.0), _LARGEST)))
    for text in code.texts:
        for group in word_groups(text.text):
            mark = index.setdefault(f"words {group}", len(index))
            units.append(Unit(text, (mark,), _GROUP_WEIGHT))
    return units


def _pairs(notebooks: Sequence[Prepared], known: set[int]) -> list[Alike]:
    owners: dict[int, set[int]] = defaultdict(set)
    for place, one in enumerate(notebooks):
        for unit in one.units:
            for mark in unit.marks:
                owners[mark].add(place)
    for mark in known:
        owners.pop(mark, None)
    by_question = _in_common(notebooks, owners)
    whole = np.minimum(total := sum(by_question.values(), np.zeros(())), total.T)
    listed = whole >= max(_ENOUGH, _usual(whole))
    special: dict[str, NDArray[np.bool_]] = {}
    for question, bits in by_question.items():
        # Who deleted the check cells has all code in one question.
        either = np.minimum(np.maximum(bits, bits.T), whole)
        special[question] = either >= max(_ENOUGH_ALONE, _usual(either))
        listed |= special[question]
    pairs = []
    for first, second in zip(*np.nonzero(np.triu(listed, 1)), strict=True):
        questions = tuple(name for name, these in special.items() if these[first, second])
        score = float(whole[first, second])
        pairs.append(_alike(int(first), int(second), score, questions, notebooks, owners))
    return sorted(pairs, key=lambda one: (-one.score, one.first, one.second))[:_MOST_PAIRS]


def _in_common(notebooks: Sequence[Prepared], owners: dict[int, set[int]]) -> dict[str, Bits]:
    """Return by question the bits of each notebook (rows) that each other one has, too."""
    number = len(notebooks)
    bits: dict[str, Bits] = {}
    known: dict[tuple[int, ...], tuple[NDArray[np.int64], Bits]] = {}
    for row, one in enumerate(notebooks):
        for unit in one.units:
            if unit.marks not in known:
                known[unit.marks] = _rarest(unit.marks, owners, number)
            others, rarity = known[unit.marks]
            if unit.question not in bits:
                bits[unit.question] = np.zeros((number, number))
            bits[unit.question][row, others] += unit.weight * rarity
    for matrix in bits.values():
        np.fill_diagonal(matrix, 0.0)
    return bits


def _rarest(
    marks: tuple[int, ...], owners: dict[int, set[int]], number: int
) -> tuple[NDArray[np.int64], Bits]:
    """Return who shares one of some marks, and the bits of the rarest one that each shares."""
    best: dict[int, float] = {}
    for mark in sorted(marks, key=lambda one: -len(owners.get(one, ()))):
        shared = owners.get(mark, set())
        if len(shared) > 1:
            best.update(dict.fromkeys(shared, log2(number / len(shared))))
    return np.fromiter(best, np.int64, len(best)), np.fromiter(best.values(), float, len(best))


def _usual(bits: Bits) -> float:
    """Return the bits that hardly any of a class's pairs reach by chance.

    The upper part of what the class's pairs have in common is taken to fall off exponentially. It
    is fitted below the pairs that copied: these are few.
    """
    values = bits[np.triu_indices(len(bits), 1)]
    upper = 0.99 if len(values) >= 2_000 else 0.9
    lower = 1 - 10 * (1 - upper) if upper > 0.95 else 0.5
    low, high = np.quantile(values, [lower, upper])
    scale = (high - low) / log((1 - lower) / (1 - upper))
    return float(high + scale * log((1 - upper) * len(values) / _WRONGLY))


def _alike(
    first: int,
    second: int,
    score: float,
    questions: tuple[str, ...],
    notebooks: Sequence[Prepared],
    owners: dict[int, set[int]],
) -> Alike:
    sides: list[tuple[Unit, ...]] = []
    shares = []
    for own, other in ((first, second), (second, first)):
        units = notebooks[own].units
        common = [u for u in units if any(other in owners.get(mark, ()) for mark in u.marks)]
        size = sum(unit.weight for unit in units)
        shares.append(sum(unit.weight for unit in common) / size if size else 0.0)
        sides.append(tuple(common))
    return Alike(first, second, score, questions, sides[0], sides[1], max(shares))
