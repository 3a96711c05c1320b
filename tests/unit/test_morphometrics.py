"""Sections, orders, crossings and angles are those of their definitions, one branch at a time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microns_widgets as mw
from microns_widgets.errors import InvalidArgument

# A soma with a stem of 30 um that forks at a right angle. One branch forks again; its
# side branch is an axon. Positions in um.
#
#            5 (axon)
#            |
#   0---1----2----3
#        \   (1 is the fork, 2 the second)
#         4
POSITIONS = [[0, 0, 0], [30, 0, 0], [30, 40, 0], [30, 40, 10], [30, -10, 0], [33, 40, -4]]
EDGES = [[0, 1], [1, 2], [2, 3], [1, 4], [2, 5]]


@pytest.fixture
def forked() -> mw.Skeleton:
    return mw.Skeleton(np.array(POSITIONS) * 1000, EDGES, [0.0] * 6, [1, 3, 3, 3, 3, 2], 0)


def random_skeleton(seed: int, n: int) -> mw.Skeleton:
    """Return a tree whose vertices and edges are in random order, with three compartments."""
    rng = np.random.default_rng(seed)
    parent = np.array([rng.integers(max(0, child - 4), child) for child in range(1, n)], dtype=int)
    compartment = np.array([1] + [3] * (n - 1))
    for child in range(1, n):
        inherited = compartment[parent[child - 1]]
        compartment[child] = 2 if inherited == 2 or rng.random() < 0.1 else 3
    place = rng.permutation(n)
    positions = np.empty((n, 3))
    positions[place] = rng.normal(0, 20_000, (n, 3))
    numbers = np.empty(n, dtype=int)
    numbers[place] = compartment
    edges = np.stack([place[parent], place[1:]], axis=1)[rng.permutation(n - 1)]
    return mw.Skeleton(positions, edges, np.ones(n), numbers, int(place[0]))


class PlainTree:
    """The same definitions, followed from vertex to vertex."""

    def __init__(self, skeleton: mw.Skeleton) -> None:
        self.skeleton = skeleton
        self.positions = skeleton.vertices / 1000
        self.children: dict[int, list[int]] = {v: [] for v in range(skeleton.n_vertices)}
        neighbours: dict[int, set[int]] = {v: set() for v in range(skeleton.n_vertices)}
        for first, second in skeleton.edges.tolist():
            neighbours[first].add(second)
            neighbours[second].add(first)
        waiting, seen = [skeleton.root], {skeleton.root}
        while waiting:
            vertex = waiting.pop()
            for other in neighbours[vertex] - seen:
                seen.add(other)
                self.children[vertex].append(other)
                waiting.append(other)

    def kind(self, vertex: int) -> int:
        return int(self.skeleton.compartment[vertex])

    def strahler(self, vertex: int) -> int:
        own = [c for c in self.children[vertex] if self.kind(c) == self.kind(vertex)]
        orders = sorted(map(self.strahler, own), reverse=True)
        if not orders:
            return 1
        return orders[0] + (len(orders) > 1 and orders[0] == orders[1])

    def sections(self) -> list[tuple[list[int], int]]:
        """Each section as its vertices, with its branch order."""
        found = []
        waiting = [(self.skeleton.root, child, 1) for child in self.children[self.skeleton.root]]
        while waiting:
            start, vertex, order = waiting.pop()
            path = [start, vertex]
            while len(self.children[vertex]) == 1 and self.kind(
                self.children[vertex][0]
            ) == self.kind(vertex):
                vertex = self.children[vertex][0]
                path.append(vertex)
            found.append((path, order))
            further = order + (len(self.children[vertex]) > 1)
            waiting += [(vertex, child, further) for child in self.children[vertex]]
        return found

    def length(self, path: list[int]) -> float:
        return sum(
            float(np.linalg.norm(self.positions[a] - self.positions[b]))
            for a, b in itertools.pairwise(path)
        )


trees = given(st.integers(0, 2**32 - 1), st.integers(2, 60))


@trees
def test_sections_are_those_of_a_walk_from_the_root(seed, n):
    skeleton = random_skeleton(seed, n)
    plain = PlainTree(skeleton)
    table = skeleton.sections().set_index("end")
    expected = plain.sections()
    assert sorted(table.index) == sorted(path[-1] for path, _ in expected)
    for path, order in expected:
        row = table.loc[path[-1]]
        assert row["start"] == path[0]
        assert row["length_um"] == pytest.approx(plain.length(path))
        assert row["distance_um"] == pytest.approx(plain.length([path[0], path[-1]]))
        assert row["branch_order"] == order
        assert row["is_end"] == (not plain.children[path[-1]])
        assert row["compartment"] == {2: "axon", 3: "dendrite"}[plain.kind(path[-1])]


@trees
def test_strahler_orders_are_those_of_the_recursive_definition(seed, n):
    skeleton = random_skeleton(seed, n)
    plain = PlainTree(skeleton)
    others = [vertex for vertex in range(n) if vertex != skeleton.root]
    assert [skeleton.strahler_order[v] for v in others] == [plain.strahler(v) for v in others]
    assert skeleton.strahler_order[skeleton.root] == 0


@trees
def test_crossings_are_those_of_edges_cut_into_small_pieces(seed, n):
    skeleton = random_skeleton(seed, n)
    radius, crossings = skeleton.sholl("dendrite", step=7)
    expected = np.zeros(len(radius), dtype=int)
    root = skeleton.vertices[skeleton.root]
    for child, parent in enumerate(skeleton.parents.tolist()):
        if parent < 0 or skeleton.compartment[child] != 3:
            continue
        share = np.linspace(0, 1, 4001)[:, None]
        line = skeleton.vertices[parent] * (1 - share) + skeleton.vertices[child] * share - root
        distance = np.linalg.norm(line, axis=1) / 1000
        for place, one in enumerate(radius):
            expected[place] += np.count_nonzero(np.diff(distance >= one))
    # Where an edge touches a sphere between two of the small pieces, both crossings are missed.
    assert np.abs(crossings - expected).sum() <= 2
    assert (crossings - expected >= 0).all()


@trees
def test_angles_are_those_between_all_pairs_of_branches(seed, n):
    skeleton = random_skeleton(seed, n)
    plain = PlainTree(skeleton)
    ends = {path[1]: path[-1] for path, _ in plain.sections()}
    for measure in ("local", "remote"):
        expected = []
        for vertex, children in plain.children.items():
            if vertex == skeleton.root:
                continue
            own = [child for child in children if plain.kind(child) == 3]
            for pair in itertools.combinations(own, 2):
                to = [child if measure == "local" else ends[child] for child in pair]
                a, b = (plain.positions[one] - plain.positions[vertex] for one in to)
                cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
                expected.append(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
        # arccos loses half of the digits near 0 and 180 degrees.
        np.testing.assert_allclose(
            np.sort(skeleton.branch_angles("dendrite", measure=measure)),
            np.sort(expected),
            atol=1e-5,
        )


def test_a_small_tree_has_the_numbers_of_its_drawing(forked):
    table = forked.sections().set_index("end")
    assert table["length_um"].to_dict() == {1: 30, 2: 40, 3: 10, 4: 10, 5: 5}
    assert table["branch_order"].to_dict() == {1: 1, 2: 2, 3: 3, 4: 2, 5: 3}
    assert table.loc[5, "compartment"] == "axon"
    # The axon does not count among the dendrites: 2 has no fork of them.
    assert forked.strahler_order.tolist() == [0, 2, 1, 1, 1, 1]
    assert forked.branch_angles("dendrite").tolist() == pytest.approx([180])
    assert sorted(forked.branch_angles()) == pytest.approx([143.13, 180], abs=0.01)
    assert forked.tortuosity() == 1
    radius, crossings = forked.sholl(step=29)
    assert radius.tolist() == [29]
    assert crossings.tolist() == [1]


def test_a_detour_is_tortuous():
    zigzag = [[0, 0, 0], [3, 4, 0], [6, 0, 0], [9, 4, 0], [12, 0, 0]]
    edges = [[place, place + 1] for place in range(4)]
    skeleton = mw.Skeleton(np.array(zigzag) * 1000, edges, [0.0] * 5, [1, 3, 3, 3, 3], 0)
    assert skeleton.tortuosity("dendrite") == pytest.approx(20 / 12)
    assert np.isnan(skeleton.tortuosity("axon"))


def test_an_edge_that_dips_into_a_sphere_crosses_it_twice():
    skeleton = mw.Skeleton(
        np.array([[0, 0, 0], [-10, 6, 0], [10, 6, 0]]) * 1000,
        [[0, 1], [1, 2]],
        [0.0] * 3,
        [1, 3, 3],
        0,
    )
    radius, crossings = skeleton.sholl(step=3.5)
    assert radius.tolist() == [3.5, 7, 10.5]
    assert crossings.tolist() == [1, 1 + 2, 1 + 2]


def test_vertices_at_one_position_have_no_angle_and_no_tortuosity():
    skeleton = mw.Skeleton(
        np.array([[0, 0, 0], [5, 0, 0], [5, 0, 0], [9, 0, 0]]) * 1000,
        [[0, 1], [1, 2], [1, 3]],
        [0.0] * 4,
        [1, 3, 3, 3],
        0,
    )
    assert skeleton.branch_angles().tolist() == []
    assert np.isnan(skeleton.sections().set_index("end").loc[2, "tortuosity"])


def test_a_skeleton_of_one_vertex_has_no_sections():
    skeleton = mw.Skeleton([[0, 0, 0]], [], [5000], [1], root=0)
    assert len(skeleton.sections()) == 0
    assert [len(part) for part in skeleton.sholl()] == [0, 0]
    assert len(skeleton.branch_angles()) == 0
    assert np.isnan(skeleton.tortuosity())


def test_each_example_of_the_sample_is_measured_whole(sample):
    for skeleton in sample.skeletons(sample.examples()).values():
        sections = skeleton.sections()
        assert sections["length_um"].sum() == pytest.approx(skeleton.cable_length())
        assert sections["is_end"].sum() == len(skeleton.end_points)
        assert (sections["tortuosity"].dropna() > 1 - 1e-9).all()
        assert sections.attrs["source"] == sample.source


def test_a_real_skeleton_is_measured_whole(real_data):
    path = real_data / "skeleton_864691135926952148_294657.swc"
    skeleton = mw.Skeleton.from_swc(path)
    sections = skeleton.sections()
    assert sections["length_um"].sum() == pytest.approx(skeleton.cable_length())
    assert 1 < skeleton.tortuosity() < 2
    assert skeleton.strahler_order.max() > 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda sk: sk.sholl(step=0), "step=0 is not valid"),
        (lambda sk: sk.sholl(step=1e-9), "step=1e-09 is too short"),
        (lambda sk: sk.sholl(step=float("nan")), "step=nan is not valid"),
        (lambda sk: sk.sholl(step=True), "step=True is not valid"),
        (lambda sk: sk.sholl("axons"), "Did you mean 'axon'"),
        (lambda sk: sk.sections("spine"), "no compartment 'spine'"),
        (lambda sk: sk.tortuosity("spine"), "no compartment 'spine'"),
        (lambda sk: sk.branch_angles(measure="far"), "measure='far'.*'remote'"),
    ],
)
def test_what_cannot_be_measured_is_refused(forked, call, message):
    with pytest.raises(InvalidArgument, match=message):
        call(forked)
