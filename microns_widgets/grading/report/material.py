"""What a person needs to judge answers: a student's cells, and the key, kept with the results.

Texts of submissions are kept as plain text of bounded length. Their pictures are not kept: whoever
shows a figure draws it from the marks that were captured.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.authoring.master import Master, MasterQuestion
from microns_widgets.grading.authoring.prompts import solutions
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.grade import RUNS
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.notebook import parse_notebook
from microns_widgets.grading.notebook_json import source_of
from microns_widgets.grading.report.kept import FOLDER
from microns_widgets.grading.run.plan import plan

#: Characters of one cell and of its output that are kept.
_SOURCE, _OUTPUT = 20_000, 4_000
_CELLS, _KEYS, _SOLUTIONS = "cells", "keys", "solutions.json"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
#: What a plotting call prints besides its picture.
_PICTURE = re.compile(r"<(?:Figure|Axes|matplotlib)[^\n]*>")


@dataclass(frozen=True)
class ShownCell:
    """A student's cell: its place in the notebook from 1, its code, and the text that it showed."""

    number: int
    source: str
    output: str = ""


def keep_material(
    out: Path, graded: Sequence[Graded], masters: Mapping[str, Master], limits: Limits
) -> None:
    """Keep what a review shows in the results folder, readable only by its owner.

    Parameters
    ----------
    out : path
        The results folder.
    graded : sequence of Graded
        As computed.
    masters : mapping
        The masters, by exercise.
    limits : Limits
        Those with which notebooks are read.
    """
    folder = out / FOLDER
    keys: dict[str, Key] = {}
    for one in graded:
        if one.exercise is None:
            continue
        with suppress(SubmissionError):
            cells = _cells(one.entry.submission.read(), one.exercise, limits)
            _write(folder / _CELLS / f"{one.entry.task}.json", cells)
        if one.key is not None:
            keys[_key_name(one.entry.exercise, one.key.variant)] = one.key
    for name, key in keys.items():
        right = {question: dict(own.right) for question, own in key.questions.items()}
        _write(folder / _KEYS / name, right)
    code = {
        one.question.id: _solutions(master, one)
        for master in masters.values()
        for one in master.questions
    }
    _write(folder / _SOLUTIONS, code)


def _write(path: Path, content: object) -> None:
    write_text(path, json.dumps(content, ensure_ascii=False), mode=0o600)


def _key_name(exercise: str, variant: int) -> str:
    return f"{exercise}-{variant}.json"


def _solutions(master: Master, question: MasterQuestion) -> list[tuple[str, str]]:
    """Return the master's solutions of a question, cell by cell, each with its version."""
    cells = [(place, master.cells[place]) for place in range(question.start, question.end)]
    texts = [
        (question.version_at(place), source_of(cell))
        for place, cell in cells
        if cell.get("cell_type") == "code"
    ]
    return [(version, _solved(text)) for version, text in texts if "# BEGIN SOLUTION" in text]


def _solved(source: str) -> str:
    kept = [block.lines for block in solutions(source).blocks if block.kind != "PROMPT"]
    return "\n".join(line for lines in kept for line in lines).strip("\n")


def _cells(content: bytes, exercise: Exercise, limits: Limits) -> dict[str, list[list[Any]]]:
    questions = {question.id: question for question in exercise.questions}
    notebook = parse_notebook(content, limits)
    sources = {cell.index: cell.source for cell in notebook.cells}
    outputs = [_output(cell) for cell in json.loads(content)["cells"]]
    return {
        name: [
            [place + 1, _cut(sources[place], _SOURCE), _cut(outputs[place], _OUTPUT)]
            for place in places
        ]
        for name, places in plan(notebook, questions).cells.items()
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}\n... (longer)"


def _output(cell: object) -> str:
    """Return the text that a cell showed when it was handed in."""
    outputs = cell.get("outputs") if isinstance(cell, dict) else None
    texts = [_text(one) for one in outputs if isinstance(one, dict)] if outputs else []
    return "\n".join(text for text in texts if text)


def _text(output: dict[str, Any]) -> str:
    data = output.get("data")
    candidates: Iterator[object] = iter(
        (
            output.get("text"),
            data.get("text/plain") if isinstance(data, dict) else None,
            output.get("traceback"),
        )
    )
    for one in candidates:
        lines = one if isinstance(one, list) else [one]
        text = "".join(line for line in lines if isinstance(line, str)).rstrip()
        text = _ESCAPES.sub("", text).encode("utf-8", "replace").decode()
        if text and not _PICTURE.fullmatch(text):
            return text
    return ""


class Material:
    """What is kept of answers and keys in a results folder.

    Parameters
    ----------
    out : path
        The results folder.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._solutions = _read(out / FOLDER / _SOLUTIONS)

    def solutions(self, question: str, version: str = "") -> list[str]:
        """Return the master's solution of a question in a version, cell by cell."""
        kept = self._solutions.get(question, ())
        return [source for own, source in kept if own in ("", version)]

    def cells(self, task: str, question: str) -> list[ShownCell]:
        """Return a student's cells of a question."""
        kept = _read(self._out / FOLDER / _CELLS / f"{task}.json")
        return [ShownCell(*one) for one in kept.get(question, ())]

    def payloads(self, task: str, question: str) -> dict[str, Any]:
        """Return what was captured of a question: variable to payload. It may be forged."""
        run = _read(self._out / RUNS / f"{task}.json").get("result", {}).get("run", {})
        answers: Iterable[tuple[str, Any]] = run.get("answers", {}).get(question, {}).items()
        return {name: one["payload"] for name, one in answers if one.get("state") == "there"}

    def key(self, exercise: str, variant: int, question: str) -> dict[str, Any]:
        """Return the payloads of the key: variable to payload."""
        kept = _read(self._out / FOLDER / _KEYS / _key_name(exercise, variant))
        return dict(kept.get(question, {}))


def _read(path: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        plain = json.loads(path.read_text(encoding="utf-8"))
        return plain if isinstance(plain, dict) else {}
    return {}
