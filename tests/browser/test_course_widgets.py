"""Every widget of every chapter is moved by hand in JupyterLab, to both ends of each control.

An empty stand-in, a callback that raises, a second picture below the first: nothing of it shows in
a notebook that was only executed. `test_mover.py` has what the mover itself must find.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.browser.conftest import Move
from tests.browser.hosts import ROOT
from tests.long_cases import long_unless

CHAPTERS = sorted((ROOT / "course").glob("*.ipynb"))
# Together they have each widget; the others show them again, with other settings.
ALWAYS_MOVED = ("start",)
# A control that only this widget has.
WIDGETS = {
    "CellPicker": "Search cells by type",
    "SkeletonViewer": "Colour cells by",
    "MatrixExplorer": "table of types",
    "ActivityPlayer": "Draw a line around cells",
}

pytestmark = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")


@pytest.mark.parametrize(
    "path",
    long_unless(CHAPTERS, lambda path: path.stem in ALWAYS_MOVED),
    ids=lambda path: path.stem,
)
def test_every_widget_of_a_chapter_does_what_its_controls_say(path: Path, move: Move) -> None:
    chapter = nbformat.read(path, as_version=4)
    made = "".join(cell.source for cell in chapter.cells if cell.cell_type == "code")
    moved = move(chapter)
    for widget, control in WIDGETS.items():
        shown = sum(any(control in name for name in names) for names in moved)
        within = widget != "ActivityPlayer" and "mw.Explorer(" in made
        assert (shown > 0) == (f"mw.{widget}(" in made or within)
