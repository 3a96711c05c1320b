"""Reads a submitted notebook defensively: its content is untrusted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.choices import choices_in
from microns_widgets.grading.exercise.provenance import UNKNOWN, Provenance
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.typed_ids import TypedIds, typed_ids

_NAMES = re.compile(r"[\w.-]{1,100}")


@dataclass(frozen=True)
class Cell:
    """A code cell: its index among all cells, its source, and the question that it checks."""

    index: int
    source: str
    check: str = ""


@dataclass(frozen=True)
class SubmittedNotebook:
    """The parts of a submitted notebook that are graded.

    Attributes
    ----------
    cells : tuple of Cell
        Its code cells.
    exercise : str
        The exercise named in its metadata; empty if there is none.
    provenance : Provenance
        The edition, sample and releases for which it was made.
    choices : dict
        Choices that `mw.choice` left in outputs: question id to root ids.
    """

    cells: tuple[Cell, ...]
    exercise: str = ""
    provenance: Provenance = UNKNOWN
    choices: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def _typed(self) -> TypedIds:
        # Only intake asks; whoever runs the notebook learns which id it really used.
        return typed_ids(cell.source for cell in self.cells)

    @property
    def student(self) -> str:
        """The id in its text; the last one if there are several, empty if there is none."""
        return self._typed.student

    @property
    def ids(self) -> tuple[str, ...]:
        """All different ids in its text, in order."""
        return self._typed.ids


def parse_notebook(content: bytes, limits: Limits) -> SubmittedNotebook:
    """Read a submitted notebook.

    Raises
    ------
    SubmissionError
        If it cannot be run; the message is for the student.
    """
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError, MemoryError):
        raise SubmissionError(
            "The file is not a notebook: it is not valid JSON. Hand in the .ipynb file itself, "
            "not a web page or a copy of its text."
        ) from None
    cells = plain.get("cells") if isinstance(plain, dict) else None
    if not isinstance(cells, list):
        raise SubmissionError(
            "The file is JSON, but not a notebook of format 4: it has no cells. Hand in the "
            ".ipynb file of the exercise."
        )
    if len(cells) > limits.cells:
        raise SubmissionError(
            f"The notebook has {len(cells):,} cells; at most {limits.cells:,} can be run. Remove "
            "those that are not part of the exercise."
        )
    metadata = _mapping(_mapping(plain.get("metadata")).get("microns"))
    name = metadata.get("exercise")
    code = tuple(_code_cells(cells))
    return SubmittedNotebook(
        cells=code,
        exercise=name if isinstance(name, str) and _NAMES.fullmatch(name) else "",
        provenance=Provenance.from_metadata(metadata),
        choices=choices_in([cell for cell in cells if isinstance(cell, dict)]),
    )


def _code_cells(cells: list[object]) -> Iterator[Cell]:
    for index, cell in enumerate(map(_mapping, cells)):
        if cell.get("cell_type") == "code":
            check = _mapping(_mapping(cell.get("metadata")).get("microns")).get("check")
            yield Cell(index, _text(cell.get("source")), check if isinstance(check, str) else "")


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(source: object) -> str:
    """Join a cell's source, which is a text or a list of lines."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""
