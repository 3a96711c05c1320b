"""Every widget of every chapter is moved by hand in JupyterLab, to both ends of each control.

An empty stand-in, a callback that raises, a second picture below the first: nothing of it shows in
a notebook that was only executed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser

from tests.browser.hosts import ROOT, Notebook
from tests.browser.listener import Listener
from tests.browser.mover import Fault, Mover
from tests.browser.server import Server, new_notebook

CHAPTERS = sorted((ROOT / "course").glob("*.ipynb"))
VIEWER = """\
import microns_widgets as mw
con = mw.load(quiet=True)
viewer = mw.SkeletonViewer(con, con.select(cell_type="BC", proofread=True)[0])
viewer"""

pytestmark = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")
Move = Callable[[nbformat.NotebookNode], list[list[str]]]


@pytest.fixture
def move(server: Server, browser: Browser) -> Iterator[Move]:
    """Return a function that runs a notebook and moves all that its widgets have."""
    opened: list[tuple[Notebook, Listener]] = []

    def run_and_move(cells: nbformat.NotebookNode) -> list[list[str]]:
        notebook = server.open(browser, cells)
        listener = Listener(notebook.kernel.connection_file, server.folder / "server.log")
        opened.append((notebook, listener))
        mover = Mover(notebook, listener)
        notebook.run_all()
        moved = mover.move_all()
        assert notebook.foreign == []
        return moved

    yield run_and_move
    for notebook, listener in opened:
        listener.close()
        server.close(notebook)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_widget_of_a_chapter_does_what_its_controls_say(path: Path, move: Move) -> None:
    chapter = nbformat.read(path, as_version=4)
    made = "".join(cell.source for cell in chapter.cells if cell.cell_type == "code")
    moved = move(chapter)
    for widget, control in WIDGETS.items():
        shown = sum(any(control in name for name in names) for names in moved)
        assert (shown > 0) == (f"mw.{widget}(" in made or "mw.Explorer(" in made)


# A control that only this widget has.
WIDGETS = {
    "CellPicker": "Search cells by type",
    "SkeletonViewer": "Colour cells by",
    "MatrixExplorer": "Rows by",
}


def test_all_kinds_of_controls_are_moved(move: Move) -> None:
    [names] = move(new_notebook([VIEWER]))
    for control in (
        "button: view=top",
        "button: all=hide",
        "choice: trait=color_by Colour cells by compartment…depth",
        "box: first of Partner types",
        "box: last of Partner types",
    ):
        assert control in names


def test_an_exception_in_a_callback_is_found_and_its_control_named(move: Move) -> None:
    broken = VIEWER + '.observe(lambda change: 1 / 0, "color_by")'
    with pytest.raises(Fault, match=r"(?s)trait=color_by Colour cells by.*ZeroDivisionError"):
        move(new_notebook([broken, "viewer"]))


def test_a_question_of_the_page_that_is_answered_by_an_error_is_found(move: Move) -> None:
    broken = VIEWER + "\nmw.SkeletonViewer._skeleton_later = None"
    with pytest.raises(Fault, match="has no answer to 'skeleton'"):
        move(new_notebook([broken, "viewer"]))


def test_a_button_that_does_nothing_is_found(move: Move) -> None:
    dead = "import ipywidgets\nipywidgets.Button(description='Nothing')"
    with pytest.raises(Fault, match="'button: Nothing' was moved, and nothing changed"):
        move(new_notebook([dead]))


def test_pictures_that_pile_up_are_found(move: Move) -> None:
    piling = """\
import ipywidgets
button, pictures = ipywidgets.Button(description="Draw"), ipywidgets.Output()
button.on_click(lambda _: pictures.append_stdout("A picture."))
ipywidgets.VBox([button, pictures])"""
    with pytest.raises(Fault, match="After moving 'button: Draw' the cell has 2 outputs"):
        move(new_notebook([piling]))
