"""Notebooks as files: read, and written with the same bytes for the same content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from microns_widgets.errors import MasterError

Cell = dict[str, Any]


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as JSON.

    Raises
    ------
    MasterError
        If the file is not a notebook of format 4.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
        if not isinstance(cells, list):
            raise TypeError("its cells are no list")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MasterError(f"{path} is no notebook: {type(error).__name__}: {error}.") from error
    return dict(notebook)


def source_of(cell: Cell) -> str:
    """Return a cell's text; notebooks keep it as a list of lines, or in one."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def as_json(content: object) -> str:
    """Return JSON as Jupyter writes it."""
    return json.dumps(content, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
