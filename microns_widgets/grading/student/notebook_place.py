"""Where the notebook that is open lies, as far as its kernel can know."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from microns_widgets.grading.notebook_json import Cell

Host = Literal["Colab", "Jupyter", "VS Code", "a script"]
#: Set by Jupyter's server (2 and later) to the notebook's path.
_SESSION = "JPY_SESSION_NAME"
#: Set by VS Code among the notebook's variables.
_VS_CODE = "__vsc_ipynb_file__"
_LONGEST = 50_000_000  # bytes
_COLAB_SECONDS = 5


@dataclass(frozen=True)
class NotebookPlace:
    """Where a notebook is open, and what is known of its file.

    Attributes
    ----------
    host : {"Colab", "Jupyter", "VS Code", "a script"}
        The program that shows it.
    folder : pathlib.Path
        Folder of the notebook, or the kernel's.
    name : str
        Name of its file; empty if that is not known.
    cells : tuple of dict, optional
        Its cells: in Colab those on the page, else those that were saved last.
    """

    host: Host
    folder: Path
    name: str = ""
    cells: tuple[Cell, ...] | None = None


def place_of(exercise: str, variables: Mapping[str, object]) -> NotebookPlace:
    """Return where the notebook of an exercise is open.

    Parameters
    ----------
    exercise : str
        Name of the exercise. It identifies the notebook if the kernel was not told which one it
        runs, and only one file of the folder is of this exercise.
    variables : mapping
        The notebook's variables.
    """
    here = Path.cwd()
    if "IPython" not in sys.modules or sys.modules["IPython"].get_ipython() is None:
        return NotebookPlace("a script", here)
    if "google.colab" in sys.modules:
        return _in_colab(here)
    typed = variables.get(_VS_CODE)
    if isinstance(typed, str):
        return _at("VS Code", Path(typed))
    session = Path(os.environ.get(_SESSION, ""))
    if session.suffix == ".ipynb" and session.is_file():
        return _at("Jupyter", session)
    files = [path for path in sorted(here.glob("*.ipynb")) if _exercise_of(path) == exercise]
    return _at("Jupyter", files[0]) if len(files) == 1 else NotebookPlace("Jupyter", here)


def _in_colab(here: Path) -> NotebookPlace:
    try:
        message = sys.modules["google.colab"]._message
        answer = message.blocking_request("get_ipynb", request="", timeout_sec=_COLAB_SECONDS)
        notebook = answer["ipynb"]
        cells = _cells_of(notebook)
        name = str(notebook["metadata"]["colab"]["name"])
    except Exception:  # noqa: BLE001  Colab's own function, which may change
        return NotebookPlace("Colab", here)
    return NotebookPlace("Colab", here, name, cells)


def _at(host: Host, path: Path) -> NotebookPlace:
    return NotebookPlace(host, path.parent.absolute(), path.name, _cells_of(_read(path)))


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > _LONGEST:
            return None
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _exercise_of(path: Path) -> object:
    try:
        return _read(path)["metadata"]["microns"]["exercise"]
    except (KeyError, TypeError):
        return None


def _cells_of(notebook: Any) -> tuple[Cell, ...] | None:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return None
    return tuple(cell for cell in cells if isinstance(cell, dict))


def code_of(cells: tuple[Cell, ...]) -> Iterator[str]:
    """Yield the sources of code cells."""
    for cell in cells:
        if cell.get("cell_type") == "code":
            source = cell.get("source")
            yield source if isinstance(source, str) else "".join(map(str, source or ()))
