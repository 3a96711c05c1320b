"""Reads recorded choices defensively: the file and the notebook are untrusted.

`mw.choice` records a choice twice: in ``choices.json`` beside the notebook, and in the output of
the cell, so that a submitted notebook contains it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FILE = "choices.json"
MIME = "application/vnd.microns.choice+json"
#: Largest number of ids in a choice.
LARGEST = 1000


def read_choices(path: Path) -> dict[str, list[str]]:
    """Return the choices in a file: question id to root ids; empty if it is damaged or missing."""
    try:
        return choices_from(path.read_bytes())
    except OSError:
        return {}


def choices_from(content: bytes) -> dict[str, list[str]]:
    """Return the choices in the content of a file, as `read_choices` does."""
    try:
        table = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    entries = table.items() if isinstance(table, dict) else ()
    return _valid({"question": question, "ids": ids} for question, ids in entries)


def choices_in(cells: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the choices in the outputs of a saved notebook; the last one counts.

    Parameters
    ----------
    cells : sequence of dict
        The notebook's cells, as JSON.
    """
    outputs = (output for cell in cells for output in _as_list(cell.get("outputs")))
    bundles = (output.get("data") for output in outputs if isinstance(output, dict))
    return _valid(data.get(MIME) for data in bundles if isinstance(data, dict))


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _valid(entries: Iterable[object]) -> dict[str, list[str]]:
    choices = {}
    for entry in entries:
        if isinstance(entry, dict):
            question, ids = entry.get("question"), _as_list(entry.get("ids"))
            digits = all(isinstance(i, str) and i.isdecimal() and len(i) < 20 for i in ids)
            if isinstance(question, str) and len(question) < 100 and len(ids) <= LARGEST and digits:
                choices[question] = [str(i) for i in ids]
    return choices
