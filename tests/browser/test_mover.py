"""The mover tries each control of a widget, and reports what is wrong with which control."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Move
from tests.browser.mover import Fault
from tests.browser.server import new_notebook

VIEWER = """\
import microns_widgets as mw
con = mw.load(quiet=True)
viewer = mw.SkeletonViewer(con, con.select(cell_type="BC", proofread=True)[0])
viewer"""

# The chapters' own test moves all that they show.
pytestmark = [
    pytest.mark.long,
    pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session"),
]


def test_all_kinds_of_controls_are_moved(move: Move) -> None:
    [names] = move(new_notebook([VIEWER]))
    for control in (
        "button: view=top",
        "button: all=hide",
        "choice: trait=color_by Colour cells by automatic…grey",
        "box: first of Partner types",
        "box: last of Partner types",
    ):
        assert control in names


def test_an_exception_in_a_callback_is_reported_after_a_control(move: Move) -> None:
    # On a busy machine the kernel's log comes late, so that the next control may be named.
    broken = VIEWER + '.observe(lambda change: 1 / 0, "color_by")'
    with pytest.raises(Fault, match=r"(?s)After moving 'choice: trait=.*ZeroDivisionError"):
        move(new_notebook([broken, "viewer"]))


def test_a_request_of_the_page_that_fails_is_reported(move: Move) -> None:
    broken = VIEWER + "\nmw.SkeletonViewer._answer_skeleton = None"
    with pytest.raises(Fault, match="cannot answer the request 'skeleton'"):
        move(new_notebook([broken, "viewer"]))


def test_a_button_without_effect_is_reported(move: Move) -> None:
    dead = "import ipywidgets\nipywidgets.Button(description='Nothing')"
    with pytest.raises(Fault, match="'button: Nothing' was moved, and nothing changed"):
        move(new_notebook([dead]))


def test_pictures_that_pile_up_are_reported(move: Move) -> None:
    piling = """\
import ipywidgets
button, pictures = ipywidgets.Button(description="Draw"), ipywidgets.Output()
button.on_click(lambda _: pictures.append_stdout("A picture."))
ipywidgets.VBox([button, pictures])"""
    with pytest.raises(Fault, match="After moving 'button: Draw' the cell has 2 outputs"):
        move(new_notebook([piling]))
