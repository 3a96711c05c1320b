"""The viewer's tables of the real basket cell, and its link beside nglui's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

import microns_widgets as mw
from microns_widgets import palette
from microns_widgets.anatomy.depth import to_cortical
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument
from microns_widgets.sources.real_data import BASKET_CELL, load_basket_cell
from microns_widgets.tables import cell_links
from microns_widgets.widgets import _neuroglancer
from microns_widgets.widgets._viewer_data import (
    cortical_affine,
    nearest_vertices,
    skeleton_table,
    synapse_table,
    world,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def con(request: pytest.FixtureRequest) -> Connectome:
    folder: Path = request.getfixturevalue("real_data")
    return load_basket_cell(folder)


def test_the_matrix_gives_cortical_positions(rng: np.random.Generator) -> None:
    nm = rng.uniform(0, 1.6e6, (1000, 3))
    matrix = cortical_affine()
    np.testing.assert_allclose(nm @ matrix[:, :3].T + matrix[:, 3], to_cortical(nm), atol=1e-6)


def test_the_synapses_are_those_of_the_tables(con: Connectome) -> None:
    table = synapse_table(con, BASKET_CELL)
    assert table["direction"].value_counts().to_dict() == {"input": 12_424, "output": 6_514}
    inputs = table[table["direction"] == "input"]
    expected = con.inputs(BASKET_CELL)
    assert inputs["partner_root_id"].tolist() == expected["pre_pt_root_id"].tolist()
    for axis in "xyz":
        assert inputs[axis].tolist() == expected[f"ctr_pt_position_{axis}"].tolist()
    partners = con.partners(BASKET_CELL)
    counts = partners.groupby("cell_type_auto")["n_synapses"].sum()
    assert table["partner_type"].value_counts().to_dict() == counts.to_dict()


def test_the_skeleton_has_every_vertex_and_compartment(con: Connectome) -> None:
    skeleton = con.skeleton(BASKET_CELL)
    table = skeleton_table(skeleton)
    assert len(table) == 16_720
    assert table["compartment"].value_counts().to_dict() == {2: 14_153, 3: 2_566, 1: 1}
    np.testing.assert_allclose(table[["x", "y", "z"]], skeleton.vertices, atol=0.07)


def test_each_synapse_has_its_nearest_vertex(con: Connectome) -> None:
    skeleton, synapses = con.skeleton(BASKET_CELL), synapse_table(con, BASKET_CELL)
    some = synapses.sample(50, random_state=0)
    vertex = nearest_vertices(skeleton, synapses)["vertex"]
    for row, nm in zip(some.index, some[["x", "y", "z"]].to_numpy(), strict=True):
        distance = np.linalg.norm(skeleton.vertices - nm, axis=1)
        assert distance[vertex[row]] == pytest.approx(distance.min())


# Neuroglancer


def state_in(url: str) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(unquote(url.split("#!", 1)[1]))
    return state


def test_the_link_holds_the_cell_and_the_largest_synapses(con: Connectome) -> None:
    viewer = mw.SkeletonViewer(con, BASKET_CELL)
    _, segmentation, inputs, outputs = state_in(viewer.neuroglancer_url())["layers"]
    assert segmentation["segments"] == [str(BASKET_CELL)]
    drawn = {int(a["id"]) for layer in (inputs, outputs) for a in layer["annotations"]}
    table = synapse_table(con, BASKET_CELL)
    largest = table.sort_values("size", ascending=False, kind="stable")["id"][:3000]
    assert drawn == set(largest)


def test_the_link_follows_what_is_shown(con: Connectome) -> None:
    types = con.labels(con.outputs(BASKET_CELL)["post_pt_root_id"])
    others = sorted(set(types) - {"BC"})
    viewer = mw.SkeletonViewer(con, BASKET_CELL, synapses="outputs", hidden_types=others)
    state = state_in(viewer.neuroglancer_url())
    _, _, inputs, outputs = state["layers"]
    assert inputs["annotations"] == []
    assert len(outputs["annotations"]) == (types == "BC").sum() > 0
    assert {annotation["description"] for annotation in outputs["annotations"]} == {"BC"}
    assert state["position"] == [191_712, 136_928, 22_487]


@pytest.mark.parametrize(
    ("version", "address"),
    [
        ("1300", "precomputed://gs://iarpa_microns/minnie/minnie65/seg_m1300"),
        ("117", "precomputed://gs://iarpa_microns/minnie/minnie65/seg"),
        ("1718", "graphene://middleauth+https://minnie.microns-daf.com/segmentation/table/"),
        (None, "graphene://middleauth+https://minnie.microns-daf.com/segmentation/table/"),
    ],
)
def test_where_a_version_is_public_its_link_asks_for_no_login(
    version: str | None, address: str
) -> None:
    source = "MICrONS minnie65_public" + (f", version {version}" if version else "")
    sources = _neuroglancer.neuroglancer_sources(source)
    assert sources is not None
    _, segmentation, *_ = sources["state"]["layers"]
    assert segmentation["source"][0]["url"].startswith(address)


def test_the_sample_has_no_link() -> None:
    con = mw.load(quiet=True)
    viewer = mw.SkeletonViewer(con, con.select(proofread=True)[0])
    with pytest.raises(InvalidArgument, match=r"dataset \(synthetic sample\) has no images"):
        viewer.neuroglancer_url()


def test_the_state_is_the_one_that_nglui_builds(con: Connectome) -> None:
    statebuilder = pytest.importorskip(
        "nglui.statebuilder", reason="nglui is not installed: pip install nglui"
    )
    table = synapse_table(con, BASKET_CELL).groupby("direction").head(200)
    table = table.assign(
        partner_type=table["partner_type"].where(table["partner_type"] != "", "unknown")
    )
    viewer = (
        statebuilder.ViewerState(
            dimensions=list(cell_links.VOXEL),
            infer_coordinates=False,
        )
        .add_image_layer(cell_links.IMAGES, name="imagery")
        .add_segmentation_layer(
            cell_links.segmentation_of(con.source),
            name="segmentation",
            segments=[BASKET_CELL],
        )
    )
    for direction in ("input", "output"):
        viewer.add_points(
            table[table["direction"] == direction].reset_index(drop=True),
            name=f"{direction}s",
            point_column=["x", "y", "z"],
            segment_column="partner_root_id",
            description_column="partner_type",
            data_resolution=[1, 1, 1],
            color=palette.color(direction),
            linked_segmentation="segmentation",
        )
    ours = _neuroglancer.neuroglancer_state(world(con), [BASKET_CELL], table)
    theirs = json.loads(viewer.to_json_string())
    # nglui begins at a point of the last layer, ours at the nucleus.
    del theirs["position"]
    assert comparable(ours) == comparable(theirs)
    begin = f"{cell_links.SITE}#!"
    assert viewer.to_url(shorten=False).startswith(begin)
    assert cell_links.state_url(ours).startswith(begin)


def comparable(state: dict[str, Any]) -> dict[str, Any]:
    """Leave out ids of annotations, which nglui makes at random; ids of cells become strings."""
    for layer in state["layers"]:
        for annotation in layer.get("annotations", ()):
            del annotation["id"]
            annotation["segments"] = [[str(i) for i in ids] for ids in annotation["segments"]]
    return state
