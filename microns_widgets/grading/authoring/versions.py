"""The versions of a question in a master: texts and solutions, of which each student gets one.

==========================  ================================================================
cell                        purpose
==========================  ================================================================
raw, ``# VERSION name``     a version begins: its text in Markdown cells, its solution, its
                            wrong answers, its right answers as other types, and its key
raw, ``# END VERSIONS``     what follows is again for all students; may be left out at the
                            end of the question
==========================  ================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from microns_widgets.grading.authoring.prompts import solutions
from microns_widgets.grading.exercise.question import Version
from microns_widgets.grading.notebook_json import Cell, source_of

_BEGIN = re.compile(r"# VERSION[ \t]+(?P<name>[a-z0-9_-]{1,40})")
_END = "# END VERSIONS"
_FEWEST = 2


@dataclass(frozen=True)
class VersionCells:
    """The cells of one version: from `start` up to, not including, `end`."""

    version: Version
    start: int
    end: int

    def __contains__(self, place: int) -> bool:
        """Return whether a cell belongs to it."""
        return self.start <= place < self.end


def version_cells(cells: Sequence[Cell], start: int, end: int) -> tuple[VersionCells, ...]:
    """Return the versions among the cells of a question, in their order."""
    marks = [place for place in range(start, end) if is_version_mark(cells[place])]
    found = []
    for place, after in zip(marks, [*marks, end][1:], strict=True):
        match = _BEGIN.fullmatch(source_of(cells[place]).strip())
        if match is not None:
            own = cells[place + 1 : after]
            texts = [source_of(one).strip() for one in own if one.get("cell_type") == "markdown"]
            version = Version(match["name"], "\n\n".join(texts))
            found.append(VersionCells(version, place, after))
    return tuple(found)


def is_version_mark(cell: Cell) -> bool:
    """Return whether a cell begins or ends versions."""
    text = source_of(cell).strip()
    return cell.get("cell_type") == "raw" and (text.startswith("# VERSION") or text == _END)


def version_problems(
    cells: Sequence[Cell],
    versions: Sequence[VersionCells],
    start: int,
    end: int,
    is_judging: Sequence[int],
) -> Iterator[str]:
    """Yield what is wrong with the versions of a question, in words.

    Parameters
    ----------
    cells : sequence of cells
        Those of the master.
    versions : sequence of VersionCells
        The versions of the question from `start` to `end`.
    is_judging : sequence of int
        Places of its wrong answers and the like.
    """
    marks = [source_of(cells[n]).strip() for n in range(start, end) if is_version_mark(cells[n])]
    for mark in marks:
        if mark != _END and _BEGIN.fullmatch(mark) is None:
            yield f"expected `# VERSION name`, with a name in lower case, not {mark[:60]!r}."
    if _END in marks[:-1] or marks == [_END]:
        yield f"`{_END}` belongs once after the last version."
    names = [one.version.name for one in versions]
    for repeated in sorted({name for name in names if names.count(name) > 1}):
        yield f"it has the version {repeated} twice."
    if 0 < len(versions) < _FEWEST:
        yield "it has one version, expected at least two, or none."
    for one in versions:
        if not one.version.text:
            yield f"version {one.version.name} has no text: add a Markdown cell with the question."
        for place in range(one.start + 1, one.end):
            cell = cells[place]
            if cell.get("cell_type") != "code" or place in is_judging:
                continue
            if all(block.kind == "text" for block in solutions(source_of(cell)).blocks):
                yield (
                    f"cell {place + 1} of version {one.version.name} is code without a solution. "
                    "All students get the same cells: move it before the first version."
                )
