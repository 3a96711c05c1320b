"""The explorer in Python: its parts, its measures, and the code that opens it again."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from ipywidgets import embed
from PIL import Image

import microns_widgets as mw
from microns_widgets.errors import (
    InvalidArgument,
    InvalidRootIds,
    InvalidType,
    MicronsError,
    UnknownArgument,
    UnknownCell,
)


@pytest.fixture(scope="module")
def con() -> mw.Connectome:
    return mw.load(quiet=True)


@pytest.fixture(scope="module")
def connected(con: mw.Connectome) -> tuple[int, int]:
    ids = con.select(proofread=True)
    pairs = zip(*con.matrix(ids, ids).count.nonzero(), strict=True)
    pre, post = next((i, j) for i, j in pairs if i != j)
    return int(ids[pre]), int(ids[post])


def reopened(con: mw.Connectome, code: str, **names: Any) -> mw.Explorer:
    page = eval(code, {"mw": mw, "con": con, **names})  # what a student pastes
    assert isinstance(page, mw.Explorer)
    return page


def test_a_new_explorer_needs_only_its_cell(con: mw.Connectome) -> None:
    page = mw.Explorer(con)
    assert page.to_code() == f"mw.Explorer(con, value={page.picker.value})"


def test_a_state_is_opened_again_exactly(con: mw.Connectome, connected: tuple[int, int]) -> None:
    page = mw.Explorer(con, height=700)
    page.matrix.pair = connected
    page.matrix.value = "count"
    page.matrix.view = {"rows": [0, 40], "columns": [3, 50]}
    page.viewer.camera = {"view": "front", "height": 300}
    page.picker.filters = {"cell_type_auto": ["BC", "MC"], "depth": [100, None]}
    page.picker.selected = connected
    page.columns, page.enlarged = (30, 40, 30), "viewer"
    again = reopened(con, page.to_code())
    assert again.to_code() == page.to_code()
    assert (again.viewer.cells, again.viewer.partner) == (connected, connected[1])
    assert again.viewer.camera == page.viewer.camera
    assert again.matrix.view == page.matrix.view
    assert again.picker.filters == page.picker.filters
    assert again.matrix.selected_pre == page.matrix.selected_pre
    assert (again.columns, again.enlarged, again.height) == ((30, 40, 30), "viewer", 700)
    again.picker.value = connected[1]
    assert again.viewer.cells == (connected[1],)


def test_a_pair_is_written_once(con: mw.Connectome, connected: tuple[int, int]) -> None:
    page = mw.Explorer(con)
    page.matrix.pair = connected
    pre, post = connected
    state = f'{{"matrix": {{"pair": [{pre}, {post}]}}}}'
    assert page.to_code() == f"mw.Explorer(con, value={pre}, state={state})"


def test_a_cell_chosen_after_a_pair_is_the_one_shown(
    con: mw.Connectome, connected: tuple[int, int]
) -> None:
    page = mw.Explorer(con)
    page.matrix.pair = connected
    page.picker.value = connected[1]
    page.picker.value = connected[0]
    again = reopened(con, page.to_code())
    assert again.viewer.cells == page.viewer.cells == (connected[0],)
    assert (again.viewer.partner, again.matrix.pair) == (None, None)


def test_no_cell_and_own_axes_are_written_too(con: mw.Connectome) -> None:
    ids = con.select(proofread=True)[:5]
    page = mw.Explorer(con, pre=ids)
    page.picker.value = None
    assert page.to_code().startswith("mw.Explorer(con, pre=pre, state=")
    again = reopened(con, page.to_code(), pre=ids)
    assert again.picker.value is None
    assert again.viewer.cells == page.viewer.cells


def test_its_value_is_the_chosen_cell_of_all_parts(
    con: mw.Connectome, connected: tuple[int, int]
) -> None:
    page = mw.Explorer(con, value=connected[0])
    assert page.value == page.picker.value == connected[0]
    page.value = connected[1]
    assert (page.picker.value, page.viewer.cells) == (connected[1], (connected[1],))
    assert page.matrix.cell == connected[1]
    page.picker.value = connected[0]
    assert page.value == connected[0]
    for wrong, error in ((7, UnknownCell), (float(connected[1]), InvalidRootIds)):
        with pytest.raises(error):
            page.value = wrong  # type: ignore[assignment]  # as a student may write it
        assert page.value == connected[0]
    page.value = None
    assert page.picker.value is None


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"height": 100}, InvalidArgument, "height is 100. Expected 360 to 4,000 pixels"),
        ({"height": "tall"}, InvalidArgument, "height is 'tall'"),
        ({"height": True}, InvalidArgument, "height is True"),
        ({"height": float("nan")}, InvalidArgument, "height is nan"),
        ({"state": 3}, InvalidArgument, "state is 3. Expected a dict"),
        ({"state": {"viewr": {}}}, UnknownArgument, "has no part 'viewr'. Did you mean 'viewer'?"),
        (
            {"state": {"viewer": {"colour_by": "cell"}}},
            UnknownArgument,
            "state['viewer'] has no setting 'colour_by'. Did you mean 'color_by'?",
        ),
        ({"state": {"matrix": {"pair": [1]}}}, InvalidType, "a postsynaptic root id"),
        ({"state": {"viewer": {"color_by": "age"}}}, InvalidArgument, "color_by='age'"),
        ({"state": {"picker": {"value": 7}}}, UnknownCell, "7"),
        ({"state": {"matrix": {"pair": [7, 8]}}}, MicronsError, "7"),
        ({"state": {"layout": {"columns": [90, 5, 5]}}}, InvalidArgument, "each at least 15"),
    ],
)
def test_what_is_impossible_is_refused(
    con: mw.Connectome, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        mw.Explorer(con, **arguments)
    assert message in str(caught.value)


def test_a_saved_explorer_takes_its_parts_along(con: mw.Connectome) -> None:
    page = mw.Explorer(con)
    state = embed.dependency_state([page], drop_defaults=False)
    assert {part.model_id for part in (page, *page.widgets, page.panel)} <= state.keys()


def test_its_picture_shows_the_parts_side_by_side(con: mw.Connectome) -> None:
    data, _ = mw.Explorer(con)._repr_mimebundle_()
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert 1000 < picture.width < 1500
    assert picture.height < 700
