"""Notebooks as JSON: the source of a cell, and the same bytes for the same content."""

from __future__ import annotations

import json
from typing import Any

Cell = dict[str, Any]


def source_of(cell: Cell) -> str:
    """Return a cell's source; notebooks store it as one text or as a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def as_json(content: object) -> str:
    """Return JSON as Jupyter writes it."""
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
