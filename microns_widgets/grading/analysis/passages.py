"""The passages of a pair, side by side, and what is alike in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from microns_widgets.grading.analysis.analysis import Excerpt, Pair, Passage
from microns_widgets.grading.analysis.normal_code import CodeCell, Statement, Text
from microns_widgets.grading.analysis.similarity import Alike, Prepared, Unit

#: Lines of an excerpt, characters of a line, passages of a pair, and names in a sentence.
_LINES, _LONGEST, _PASSAGES, _NAMES = 60, 300, 12, 5
_WORD = re.compile(r"[^\W\d_]{5,}")


class Rare:
    """What hardly anybody in a class wrote: names of variables, comments, and words of texts."""

    def __init__(self, notebooks: Sequence[Prepared]) -> None:
        self._notebooks = notebooks
        self._kinds = {
            "names": [{name for name in one.code.names if len(name) > 3} for one in notebooks],
            "comments": [one.code.comments for one in notebooks],
            "words": [
                {word.casefold() for text in one.code.texts for word in _WORD.findall(text.text)}
                for one in notebooks
            ],
        }
        self._counts = {
            kind: Counter(word for words in sets for word in words)
            for kind, sets in self._kinds.items()
        }

    def shared(self, kind: str, first: int, second: int) -> list[str]:
        """Return what two notebooks have and no other."""
        both = self._kinds[kind][first] & self._kinds[kind][second]
        return sorted(word for word in both if self._counts[kind][word] == 2)


def pair_of(
    alike: Alike,
    notebooks: Sequence[Prepared],
    names: Mapping[str, str],
    numbers: Mapping[str, str],
    rare: Rare,
) -> Pair:
    """Return a pair as it is stored and shown.

    Parameters
    ----------
    alike : Alike
        What two notebooks have in common.
    notebooks : sequence of Prepared
        All notebooks.
    names : mapping
        Students' names by id.
    numbers : mapping
        Numbers of questions by id, in their order.
    rare : Rare
        What hardly anybody wrote.
    """
    first, second = notebooks[alike.first].who, notebooks[alike.second].who
    return Pair(
        first,
        second,
        names[first],
        names[second],
        round(alike.score, 1),
        round(alike.share, 3),
        tuple(_reasons(alike, notebooks, numbers, rare)),
        tuple(_passages(alike, notebooks, numbers))[:_PASSAGES],
    )


def _reasons(
    alike: Alike, notebooks: Sequence[Prepared], numbers: Mapping[str, str], rare: Rare
) -> Iterator[str]:
    statements = {id(u.place) for u in alike.first_units if isinstance(u.place, Statement)}
    groups = sum(isinstance(unit.place, Text) for unit in alike.first_units)
    if statements:
        number = len(statements)
        yield (
            f"{number} statement{' is' if number == 1 else 's are'} the same, apart from names and "
            "form."
        )
    if groups:
        yield f"{groups} group{'' if groups == 1 else 's'} of three words are the same."
    if alike.questions:
        which = ", ".join(numbers[name] for name in alike.questions if name in numbers)
        if which:
            yield f"Question {which} alone has more in common than pairs of the class usually have."
    for kind, words in (
        ("names", "Nobody else in the class calls variables {}."),
        ("comments", "Nobody else in the class has the comments {}."),
        ("words", "Nobody else in the class writes the words {}."),
    ):
        shared = rare.shared(kind, alike.first, alike.second)
        if shared:
            yield words.format(", ".join(word[:60] for word in shared[:_NAMES]))


def _passages(
    alike: Alike, notebooks: Sequence[Prepared], numbers: Mapping[str, str]
) -> Iterator[Passage]:
    order = {name: place for place, name in enumerate(numbers)}
    groups: dict[tuple[str, bool], list[Unit]] = {}
    for unit in alike.first_units:
        groups.setdefault((unit.question, isinstance(unit.place, Text)), []).append(unit)
    for (question, words), units in sorted(
        groups.items(), key=lambda group: (order.get(group[0][0], len(order)), group[0][1])
    ):
        marks = {mark for unit in units for mark in unit.marks}
        other = [unit for unit in alike.second_units if marks & set(unit.marks)]
        # What is also elsewhere in the other notebook would only distract.
        other = [unit for unit in other if unit.question == question] or other
        shares = [
            _share(own, notebooks[place], words)
            for own, place in ((units, alike.first), (other, alike.second))
        ]
        yield Passage(
            question,
            numbers.get(question, ""),
            "words" if words else "code",
            round(max(shares), 3),
            _excerpt(units),
            _excerpt(other),
        )


def _share(units: Sequence[Unit], notebook: Prepared, words: bool) -> float:
    """Return which part of its questions some units are."""
    questions = {unit.question for unit in units}
    whole = sum(
        unit.weight
        for unit in notebook.units
        if unit.question in questions and isinstance(unit.place, Text) == words
    )
    return min(1.0, sum(unit.weight for unit in units) / whole) if whole else 0.0


def _excerpt(units: Sequence[Unit]) -> Excerpt:
    cells: dict[CodeCell, set[int]] = {}
    for unit in units:
        lines = range(unit.place.first, min(unit.place.last, unit.place.first + _LINES) + 1)
        cells.setdefault(unit.place.cell, set()).update(lines)
    text: list[str] = []
    alike: list[int] = []
    for cell, own in sorted(cells.items(), key=lambda pair: pair[0].index):
        lines_of_cell = cell.source.split("\n")
        start = max(0, min(own) - 3)
        for number, line in enumerate(lines_of_cell[start : max(own) + 4], start):
            if len(text) >= _LINES:
                break
            if number in own:
                alike.append(len(text))
            text.append(line[:_LONGEST])
    return Excerpt(tuple(sorted(cell.index for cell in cells)), "\n".join(text), tuple(alike))
