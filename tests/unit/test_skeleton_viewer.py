"""The skeleton viewer in Python: its arguments, its messages, and the code it writes."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
import traitlets
from viewer_cells import late_skeletons, with_skeletons, without_skeleton

import microns_widgets as mw
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.errors import (
    InvalidArgument,
    InvalidType,
    SkeletonNotFound,
    TooManyCells,
    UnknownArgument,
    UnknownCell,
)
from microns_widgets.widgets import skeleton_viewer
from microns_widgets.widgets._viewer_data import about_cell
from microns_widgets.widgets._viewer_traits import shown_color_by
from microns_widgets.widgets.skeleton_viewer import SkeletonViewer

pytestmark = pytest.mark.usefixtures("no_front_end")


@pytest.fixture(scope="module")
def con() -> Connectome:
    return mw.load(quiet=True)


@pytest.fixture(scope="module")
def cells(con: Connectome) -> list[int]:
    return con.select(proofread=True)[:3].tolist()


# What it takes


def test_one_cell_needs_no_list(con: Connectome, cells: list[int]) -> None:
    assert SkeletonViewer(con, cells[0]).cells == (cells[0],)
    assert SkeletonViewer(con, np.array(cells)).cells == tuple(cells)


def test_a_repeated_cell_is_shown_once(con: Connectome, cells: list[int]) -> None:
    assert SkeletonViewer(con, [cells[0], cells[1], cells[0]]).cells == (cells[0], cells[1])


def test_several_cells_have_a_colour_each(con: Connectome, cells: list[int]) -> None:
    assert shown_color_by("auto", "direction", "both", n_cells=3) == "cell"
    assert shown_color_by("auto", "direction", "both", n_cells=1) == "compartment"
    assert shown_color_by("depth", "direction", "both", n_cells=3) == "depth"
    assert SkeletonViewer(con, cells).color_by == "auto"


def test_skeletons_are_grey_while_synapses_have_the_colours_of_types_or_sizes() -> None:
    for by in ("type", "size"):
        assert shown_color_by("auto", by, "both", n_cells=1) == "grey"
        assert shown_color_by("auto", by, "none", n_cells=1) == "compartment"
        assert shown_color_by("cell", by, "both", n_cells=1) == "cell"


@pytest.mark.parametrize(
    ("trait", "value", "expected"),
    [
        ("synapse_scale", 0.4, "synapse_scale=0.4 is out of range.*from 0.5 to 3"),
        ("synapse_scale", float("nan"), "out of range"),
        ("synapse_scale", True, "out of range"),
        ("synapse_opacity", 0, "synapse_opacity=0 is out of range.*from 0.1 to 1"),
    ],
)
def test_size_and_opacity_of_synapses_have_limits(
    con: Connectome, trait: str, value: float, expected: str
) -> None:
    viewer = SkeletonViewer(con)
    with pytest.raises(InvalidArgument, match=expected):
        setattr(viewer, trait, value)
    with pytest.raises(traitlets.TraitError, match="expected a number"):
        setattr(viewer, trait, "large")
    setattr(viewer, trait, 1)
    assert getattr(viewer, trait) == 1


@pytest.mark.parametrize("root_id", [0, 17])
def test_an_unknown_cell_is_refused(con: Connectome, root_id: int) -> None:
    with pytest.raises(UnknownCell):
        SkeletonViewer(con, root_id)
    viewer = SkeletonViewer(con)
    with pytest.raises(UnknownCell):
        viewer.cells = [root_id]
    with pytest.raises(UnknownCell):
        viewer.partner = root_id
    assert viewer.cells == ()


def test_more_than_a_hundred_cells_are_refused(con: Connectome) -> None:
    with pytest.raises(TooManyCells, match=r"101 cells, expected at most 100.*ids\[:100\]"):
        SkeletonViewer(con, con.root_ids[:101])


@pytest.mark.parametrize(
    ("trait", "word", "expected"),
    [
        ("color_by", "type", "'auto', 'compartment', 'cell', 'depth', 'grey'"),
        ("synapses", "all", "'both', 'inputs', 'outputs', 'none'"),
        ("synapse_color", "partner", "'direction', 'type', 'size'"),
    ],
)
def test_a_wrong_word_is_refused_with_the_right_ones(
    con: Connectome, trait: str, word: str, expected: str
) -> None:
    viewer = SkeletonViewer(con)
    before = getattr(viewer, trait)
    with pytest.raises(
        InvalidArgument, match=f"{trait}='{word}' is not a valid choice.*Expected one of {expected}"
    ):
        setattr(viewer, trait, word)
    assert getattr(viewer, trait) == before


@pytest.mark.parametrize(
    ("camera", "message"),
    [
        ({"zoom": 2}, "unknown key 'zoom'.*Expected any of 'view', 'center'"),
        (
            {"view": "back"},
            "'back' is not a valid choice.*one of 'perspective', 'front', 'side', 'top'",
        ),
        ({"center": [1, 2]}, r"is \[1, 2\]. Expected \[x, depth, z\] in um"),
        ({"center": ["1", "2", "3"]}, "Expected .x, depth, z. in um"),
        ({"height": 0}, "'height'. is 0. Expected um above 0"),
        ({"height": float("inf")}, "'height'. is inf"),
        ({"yaw": None}, "'yaw'. is None. Expected degrees"),
    ],
)
def test_an_impossible_camera_is_refused(
    con: Connectome, camera: dict[str, Any], message: str
) -> None:
    viewer = SkeletonViewer(con)
    with pytest.raises(InvalidArgument, match=message):
        viewer.camera = camera


@pytest.mark.parametrize(
    ("trait", "value", "message"),
    [
        ("camera", "top", "camera was given str, expected a dict"),
        ("hidden_types", 5, "hidden_types was given int, expected a list"),
        ("cells", 1.5, "cells was given float, expected root ids"),
    ],
)
def test_a_value_of_the_wrong_type_is_an_error_of_this_package_and_of_traitlets(
    con: Connectome, trait: str, value: object, message: str
) -> None:
    viewer = SkeletonViewer(con)
    with pytest.raises(InvalidType, match=message) as caught:
        setattr(viewer, trait, value)
    assert isinstance(caught.value, traitlets.TraitError)


def test_a_keyword_that_does_not_exist_is_answered_with_the_nearest_one(con: Connectome) -> None:
    with pytest.raises(UnknownArgument, match=r"'synapse_colour'.*Did you mean 'synapse_color'"):
        SkeletonViewer(con, synapse_colour="type")  # type: ignore[call-arg]  # the mistake


def test_keys_that_a_camera_leaves_out_take_their_defaults(con: Connectome) -> None:
    viewer = SkeletonViewer(con, camera={"view": "top", "height": 300})
    assert viewer.camera == {
        "view": "top",
        "center": None,
        "height": 300.0,
        "yaw": -30.0,
        "pitch": 15.0,
    }


def test_something_else_than_a_connectome_is_refused(con: Connectome) -> None:
    with pytest.raises(TypeError, match="was given DataFrame, expected a Connectome"):
        SkeletonViewer(con.cells)  # type: ignore[arg-type]  # that is tested


def test_all_traits_are_observed(con: Connectome, cells: list[int]) -> None:
    viewer, heard = SkeletonViewer(con), []
    viewer.observe(lambda change: heard.append((change["name"], change["new"])))
    viewer.cells = cells[:1]
    viewer.partner = cells[1]
    viewer.hidden_types = ["BC", "BC"]
    viewer.synapses = "inputs"
    assert heard == [
        ("cells", tuple(cells[:1])),
        ("partner", cells[1]),
        ("hidden_types", ["BC"]),
        ("synapses", "inputs"),
    ]


# What it shows


def test_the_synapses_shown_are_those_of_the_direction_without_hidden_types(
    con: Connectome, cells: list[int]
) -> None:
    viewer = SkeletonViewer(con, cells[:2])
    shown = viewer.shown_synapses()
    assert len(shown) == sum(len(con.inputs(i)) + len(con.outputs(i)) for i in cells[:2])
    assert set(shown["cell_root_id"]) == set(cells[:2])
    viewer.synapses = "outputs"
    viewer.hidden_types = ["", "BC"]
    shown = viewer.shown_synapses()
    types_by_cell = [con.labels(con.outputs(i)["post_pt_root_id"]) for i in cells[:2]]
    assert len(shown) == sum((~np.isin(types, ["", "BC"])).sum() for types in types_by_cell)
    assert set(shown["direction"]) == {"output"}
    viewer.synapses = "none"
    assert len(viewer.shown_synapses()) == 0


def test_without_a_cell_no_synapse_is_shown(con: Connectome) -> None:
    assert len(SkeletonViewer(con).shown_synapses()) == 0


def test_the_line_of_python_makes_the_same_view(con: Connectome, cells: list[int]) -> None:
    viewer = SkeletonViewer(
        con,
        cells,
        color_by="depth",
        synapses="inputs",
        synapse_color="size",
        hidden_types=["Unsure 'E'", ""],
        camera={"view": "side", "center": [1, 2.5, 3], "height": 40},
        partner=cells[0],
    )
    again = eval(viewer.to_code(), {"mw": mw, "con": con})
    assert again.to_code() == viewer.to_code()
    names = ("cells", "color_by", "synapses", "synapse_color", "hidden_types", "camera", "partner")
    assert [getattr(again, name) for name in names] == [getattr(viewer, name) for name in names]


def test_the_line_of_python_leaves_out_what_is_usual(con: Connectome, cells: list[int]) -> None:
    line = f"mw.SkeletonViewer(con, cells=[{cells[0]}])"
    assert SkeletonViewer(con, cells[0]).to_code() == line


# Skeletons that take long, or are not there


def test_a_skeleton_is_fetched_in_a_thread(con: Connectome, cells: list[int]) -> None:
    slow, may_come = late_skeletons(con)
    reply = SkeletonViewer(slow, cells[0])._answer_skeleton({"id": str(cells[0])}, [])
    assert isinstance(reply, Future)
    assert not reply.done()
    may_come.set()
    skeleton = con.skeleton(cells[0])
    assert reply.result(30).content == {"root": skeleton.root, "source": skeleton.source}


def test_a_skeleton_that_failed_is_asked_for_again(con: Connectome, cells: list[int]) -> None:
    answers: list[Any] = [OSError("The network is gone."), con.skeleton(cells[0])]

    def fetch(_root_id: int) -> Skeleton:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]  # the other of the two

    flaky, skeletons = with_skeletons(con, fetch)
    viewer = SkeletonViewer(flaky, cells[0])
    first = viewer._answer_skeleton({"id": str(cells[0])}, [])
    assert isinstance(first.exception(30), OSError)
    again = viewer._answer_skeleton({"id": str(cells[0])}, [])
    assert again.exception(30) is None
    viewer._answer_skeleton({"id": str(cells[0])}, []).result(30)
    assert skeletons.asked == 2


def test_a_missing_skeleton_is_an_error_of_its_own(con: Connectome) -> None:
    cell = without_skeleton(con)
    reply = SkeletonViewer(con, cell)._answer_skeleton({"id": str(cell)}, [])
    assert isinstance(reply.exception(30), SkeletonNotFound)


def test_a_closed_viewer_gives_up_what_it_waits_for(con: Connectome, cells: list[int]) -> None:
    slow, may_come = late_skeletons(con)
    viewer = SkeletonViewer(slow, cells)
    futures = [viewer._skeletons.future(root_id) for root_id in cells]
    viewer.close()
    may_come.set()
    assert futures[2].cancelled()


def test_the_oldest_of_many_skeletons_are_forgotten(
    con: Connectome, cells: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skeleton_viewer, "MOST_CELLS", 2)
    same, skeletons = with_skeletons(con, con.skeleton)
    viewer = SkeletonViewer(same)
    for root_id in [*cells, *cells[1:]]:
        viewer._skeletons.result(root_id)
    assert skeletons.asked == 3
    viewer._skeletons.result(cells[0])
    assert skeletons.asked == 4


def test_a_cell_that_the_table_does_not_have_has_no_nucleus(con: Connectome) -> None:
    synapses = con.synapses
    known = set(con.cells["pt_root_id"])
    fragment = next(i for i in synapses["pre_pt_root_id"] if i not in known)
    assert SkeletonViewer(con, fragment).cells == (fragment,)
    assert about_cell(con, fragment) == {
        "type": "",
        "region": "",
        "nucleus": None,
        "is_cell": False,
    }


# What the browser gets


def test_data_are_saved_only_on_request(con: Connectome, cells: list[int]) -> None:
    missing = without_skeleton(con)
    assert SkeletonViewer(con, cells).data == {}
    viewer = SkeletonViewer(con, [cells[0], missing], save_data=True)
    assert list(viewer.data) == [str(cells[0]), str(missing)]
    assert {"about", "synapses", "head", "skeleton", "nearest"} == set(viewer.data[str(cells[0])])
    assert viewer.data[str(missing)]["error"]["type"] == "SkeletonNotFound"
    viewer.cells = cells[1:2]
    assert list(viewer.data) == [str(cells[1])]


def test_a_skeletons_vertices_keep_their_order_and_their_distance(
    con: Connectome, cells: list[int]
) -> None:
    skeleton = con.skeleton(cells[0])
    table = skeleton_viewer.skeleton_table(skeleton)
    np.testing.assert_allclose(table["distance"], skeleton.path_distance, rtol=1e-6)
    assert (table["parent"] == skeleton.parents).all()
