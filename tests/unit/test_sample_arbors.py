"""The sample's arbors are those of neurons, and its synapses lie on them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csgraph
from scipy.spatial.distance import pdist, squareform

import microns_widgets as mw
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.depth import LAYER_BORDERS_UM
from microns_widgets.sources.sample import assumptions
from microns_widgets.sources.sample.arbors import spanning_tree

pytestmark = pytest.mark.slow

CLEFT = ["ctr_pt_position_x", "ctr_pt_position_y", "ctr_pt_position_z"]
AXON, APICAL = COMPARTMENTS["axon"], COMPARTMENTS["apical dendrite"]


@pytest.fixture(scope="module")
def cells(sample) -> list[mw.Skeleton]:
    return [sample.skeleton(cell) for cell in sample.select(proofread=True)]


def to_edges(points: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distance of each point to the nearest of some straight edges."""
    way = end - begin
    away = points[:, None] - begin
    along = (away * way).sum(axis=2) / np.maximum((way**2).sum(axis=1), 1)
    gap = away - along.clip(0, 1)[..., None] * way
    return np.asarray(np.linalg.norm(gap, axis=2).min(axis=1))


def test_each_output_lies_on_its_cells_axon(sample, cells):
    for skeleton in cells:
        outputs = sample.outputs(skeleton.root_id)
        vertex, distance = skeleton.nearest(outputs[CLEFT])
        assert (distance <= 2).all()
        assert (skeleton.compartment[vertex] == AXON).all()


def test_each_input_lies_on_its_cells_dendrites_or_on_its_soma(sample, cells):
    for skeleton in cells[::3]:
        positions = sample.inputs(skeleton.root_id)[CLEFT].to_numpy(dtype=float)
        child, parent = skeleton.edges.T
        assert (skeleton.parents[child] == parent).all()
        dendrite = skeleton.compartment[child] != AXON
        on_tree = to_edges(
            positions, skeleton.vertices[child[dendrite]], skeleton.vertices[parent[dendrite]]
        )
        soma = skeleton.vertices[skeleton.root]
        on_soma = np.abs(np.linalg.norm(positions - soma, axis=1) - skeleton.radius[skeleton.root])
        assert (np.minimum(on_tree, on_soma) <= 2).all()


def test_the_nearest_vertex_to_an_input_is_hardly_ever_an_axons(sample, cells):
    for skeleton in cells:
        positions = sample.inputs(skeleton.root_id)[CLEFT]
        assert (skeleton.compartment_at(positions) != AXON).mean() > 0.9
        assert (skeleton.nearest(positions)[1] < 10_000).all()


def test_each_soma_is_the_root_and_stands_where_the_cell_table_says(sample, cells):
    for skeleton in cells:
        assert skeleton.compartment[skeleton.root] == COMPARTMENTS["soma"]
        assert (skeleton.compartment == COMPARTMENTS["soma"]).sum() == 1
        nucleus = sample.cell(skeleton.root_id)[["pt_position_x", "pt_position_y", "pt_position_z"]]
        # Nuclei stand on the voxels' grid of 8 nm, skeletons on whole nm.
        assert np.abs(skeleton.vertices[skeleton.root] - nucleus.to_numpy(float)).max() <= 5


def test_each_cell_has_one_axon_several_dendrites_and_an_apical_one_if_excitatory(sample, cells):
    excitatory = set(sample.select(coarse_type="E").tolist())
    for skeleton in cells:
        stems = skeleton.compartment[np.flatnonzero(skeleton.parents == skeleton.root)]
        number = np.bincount(stems, minlength=5)
        assert number[AXON] == 1
        assert 1 <= number[COMPARTMENTS["dendrite"]] <= 8
        assert number[APICAL] == (1 if skeleton.root_id in excitatory else 0)


def test_branches_never_thicken_away_from_the_soma(cells):
    for skeleton in cells:
        child = np.flatnonzero(skeleton.parents > 0)
        assert (skeleton.radius[child] <= skeleton.radius[skeleton.parents[child]]).all()
        assert skeleton.radius.min() >= 50
        assert skeleton.radius[skeleton.root] == skeleton.radius.max() >= 5_000


def test_arbors_branch_into_two_and_never_burst_from_one_point(cells):
    for skeleton in cells:
        number = np.bincount(skeleton.parents[skeleton.parents >= 0])
        number[skeleton.root] = 0
        assert len(skeleton.branch_points) >= 10
        assert number.max() == 2
        assert skeleton.edge_lengths.max() < 20_000


def test_apical_dendrites_end_in_layer_1_but_those_of_layer_6_in_layer_4_or_5(sample, cells):
    type_of = dict(zip(sample.root_ids, sample.labels(sample.root_ids), strict=True))
    ends = {name: [] for name in assumptions.EXCITATORY}
    rises = {name: [] for name in assumptions.EXCITATORY}
    for skeleton in cells:
        if type_of[skeleton.root_id] in ends:
            top = skeleton.depth[skeleton.compartment == APICAL].min()
            ends[type_of[skeleton.root_id]].append(top)
            rises[type_of[skeleton.root_id]].append(skeleton.depth[skeleton.root] - top)
    for name in ("23P", "4P", "5P-IT", "5P-ET"):
        assert max(ends[name]) < LAYER_BORDERS_UM["1"][1]
    top, bottom = LAYER_BORDERS_UM["4"]
    assert top < np.median(ends["6P-CT"]) < bottom
    assert np.mean([top < end < bottom for end in ends["6P-CT"]]) > 0.9
    assert np.median(ends["6P-IT"]) > bottom
    # The tallest apical dendrites are not those of the deepest cells.
    rise = {name: np.median(values) for name, values in rises.items()}
    assert rise["6P-IT"] < rise["6P-CT"] < min(rise["5P-IT"], rise["5P-ET"], rise["5P-NP"])


def test_martinotti_axons_climb_to_layer_one_and_excitatory_ones_leave_downwards(sample, cells):
    martinotti = set(sample.select(cell_type="MC").tolist())
    excitatory = set(sample.select(coarse_type="E").tolist())
    for skeleton in cells:
        depth = skeleton.depth[skeleton.compartment == AXON]
        if skeleton.root_id in martinotti:
            assert (depth < 100).mean() > 0.1
        if skeleton.root_id in excitatory:
            assert depth.max() > 770


def test_the_tuft_of_layer_five_et_cells_is_the_widest(sample):
    def width(name: str) -> float:
        widths = []
        for cell in sample.select(cell_type=name, proofread=True):
            skeleton = sample.skeleton(cell)
            tuft = skeleton.vertices[(skeleton.compartment == APICAL) & (skeleton.depth < 120), 0]
            widths.append(np.ptp(tuft) / 1000)
        return float(np.median(widths))

    assert width("5P-ET") > 1.3 * max(width("5P-IT"), width("23P"))


def test_a_spanning_tree_trades_wire_for_short_paths_by_its_balance(rng):
    points = rng.normal(0, 50, (150, 3))
    points[0] = 0

    def wire_and_path(balance: float) -> tuple[float, float]:
        order, parents = spanning_tree(points, balance)
        step = np.linalg.norm(points - points[parents], axis=1)
        path = np.zeros(len(points))
        for vertex in order[1:]:
            path[vertex] = path[parents[vertex]] + step[vertex]
        return step.sum(), path.mean()

    (least_wire, long_path), (more_wire, short_path) = wire_and_path(0), wire_and_path(0.8)
    assert least_wire < more_wire
    assert long_path > short_path


def test_without_balance_the_wire_is_hardly_longer_than_the_least_there_can_be(rng):
    points = rng.normal(0, 50, (80, 3))
    _, parents = spanning_tree(points, 0, stems=len(points))
    minimal = csgraph.minimum_spanning_tree(squareform(pdist(points))).sum()
    # The least wire needs points that divide into three and more.
    wire = np.linalg.norm(points - points[parents], axis=1).sum()
    assert minimal <= wire < 1.05 * minimal


def test_every_neuronal_type_is_drawn(cells, sample):
    assert {*sample.labels([cell.root_id for cell in cells])} == {*assumptions.NEURONS}
