"""Where the notebook that is open lies, as far as its kernel can know."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from microns_widgets.grading.exercise.exercise import DEFAULT_COURSE, Exercise
from microns_widgets.grading.exercise.provenance import UNKNOWN, Provenance
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
    made_for : Provenance
        Edition and releases for which it was made, if the program said which notebook it is.
    course : str
        The course for which it was made; empty if that is not known.
    """

    host: Host
    folder: Path
    name: str = ""
    cells: tuple[Cell, ...] | None = None
    made_for: Provenance = UNKNOWN
    course: str = ""

    def conflict(self, exercise: Exercise) -> str:
        """Return why the exercise's public file is not the one of the notebook; ``""`` if it is."""
        found, own = (exercise.edition, exercise.course), (self.made_for.edition, self.course)
        if not self.made_for.edition or found == own:
            return ""
        return (
            f"The notebook was made for edition {own[0]} of {exercise.name} (course {own[1]!r}), "
            f"but the {exercise.name}.json that was found is edition {found[0]} (course "
            f"{found[1]!r}), which gives out other cells. Put the {exercise.name}.json that came "
            "with the notebook into the same folder, and restart the kernel."
        )


def place_of(exercise: str = "") -> NotebookPlace:
    """Return where the notebook that calls this is open.

    Parameters
    ----------
    exercise : str
        Name of its exercise: if the kernel was not told which notebook it runs, the only one of
        this exercise in the folder is meant. If omitted, none is searched for.
    """
    here = Path.cwd()
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return NotebookPlace("a script", here)
    if "google.colab" in sys.modules:
        return _in_colab(here)
    typed = shell.user_ns.get(_VS_CODE)
    if isinstance(typed, str):
        return _at("VS Code", Path(typed))
    session = Path(os.environ.get(_SESSION, ""))
    if session.suffix == ".ipynb" and session.is_file():
        return _at("Jupyter", session)
    paths = sorted(here.glob("*.ipynb")) if exercise else []
    files = [path for path in paths if _exercise_of(path) == exercise]
    if len(files) != 1:
        return NotebookPlace("Jupyter", here)
    # It may be another copy, so nothing is concluded from its edition.
    return replace(_at("Jupyter", files[0]), made_for=UNKNOWN)


def _in_colab(here: Path) -> NotebookPlace:
    try:
        message = sys.modules["google.colab"]._message
        answer = message.blocking_request("get_ipynb", request="", timeout_sec=_COLAB_SECONDS)
        name = str(answer["ipynb"]["metadata"]["colab"]["name"])
    except Exception:  # noqa: BLE001  Colab's own function, which may change
        return NotebookPlace("Colab", here)
    return _place("Colab", here, name, answer["ipynb"])


def _at(host: Host, path: Path) -> NotebookPlace:
    return _place(host, path.parent.absolute(), path.name, _read(path))


def _place(host: Host, folder: Path, name: str, notebook: Any) -> NotebookPlace:
    own = _metadata_of(notebook)
    course = str(own.get("course", DEFAULT_COURSE))
    made_for = Provenance.from_metadata(own)
    return NotebookPlace(host, folder, name, _cells_of(notebook), made_for, course)


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > _LONGEST:
            return None
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _exercise_of(path: Path) -> object:
    return _metadata_of(_read(path)).get("exercise")


def _metadata_of(notebook: Any) -> dict[str, Any]:
    """Return what `microns assign` wrote into a notebook's metadata."""
    try:
        own = notebook["metadata"]["microns"]
    except (KeyError, TypeError):
        return {}
    return own if isinstance(own, dict) else {}


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
