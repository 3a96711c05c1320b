"""Reciprocal pairs and groups of three, counted as matrices and one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from synthetic_networks import FIRST_ID, network

from microns_widgets.errors import MatrixError
from microns_widgets.network.motifs import TRIADS

# One example of each, drawn from the textbook's figure: who sends to whom among three cells.
EXAMPLES = {
    "021D": "BA BC",
    "021U": "AB CB",
    "021C": "AB BC",
    "111D": "AB BA CB",
    "111U": "AB BA BC",
    "030T": "AB CB AC",
    "030C": "AB BC CA",
    "201": "AB BA BC CB",
    "120D": "BA BC AC CA",
    "120U": "AB CB AC CA",
    "120C": "AB BC AC CA",
    "210": "AB BC CB AC CA",
    "300": "AB BA BC CB AC CA",
}


def triple(text: str) -> frozenset[tuple[int, int]]:
    return frozenset(("ABC".index(a), "ABC".index(b)) for a, b in text.split())


def renamed(edges: frozenset[tuple[int, int]]) -> set[frozenset[tuple[int, int]]]:
    return {
        frozenset((order[a], order[b]) for a, b in edges)
        for order in itertools.permutations(range(3))
    }


def one_by_one(edges: set[tuple[int, int]], n: int) -> dict[str, int]:
    """Look at each group of three cells, and find the example that it is."""
    name_of = {form: name for name, text in EXAMPLES.items() for form in renamed(triple(text))}
    found = dict.fromkeys(TRIADS, 0)
    for cells in itertools.combinations(range(n), 3):
        form = frozenset(
            (i, j) for i in range(3) for j in range(3) if (cells[i], cells[j]) in edges
        )
        if form in name_of:
            found[name_of[form]] += 1
    return found


def test_there_are_thirteen_ways_to_connect_three_cells():
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    forms = set()
    for size in range(7):
        for own in itertools.combinations(pairs, size):
            edges = frozenset(own)
            if len({frozenset(edge) for edge in edges}) >= 2:  # all three are connected
                forms.add(frozenset(renamed(edges)))
    assert forms == {frozenset(renamed(triple(text))) for text in EXAMPLES.values()}
    assert tuple(EXAMPLES) == TRIADS


@pytest.mark.parametrize("probability", [0.05, 0.2, 0.5, 0.9])
def test_motifs_are_those_that_are_found_one_by_one(probability):
    rng = np.random.default_rng(7)
    n = 14
    edges = {
        (i, j) for i in range(n) for j in range(n) if i == j or rng.random() < probability
    }  # with autapses, which do not count
    matrix = network(edges, rng.uniform(0, 100, (n, 3)))
    assert matrix.triads().to_dict() == one_by_one(edges - {(i, i) for i in range(n)}, n)
    both = sum((j, i) in edges for i, j in edges if i != j) // 2
    assert matrix.reciprocal_pairs() == both


def test_motifs_agree_with_networkx(sample):
    networkx = pytest.importorskip("networkx")
    matrix = sample.matrix(autapses=False)
    stored = matrix.count.tocoo()
    graph = networkx.DiGraph(zip(stored.row.tolist(), stored.col.tolist(), strict=True))
    census = networkx.triadic_census(graph)
    assert matrix.triads().to_dict() == {name: census[name] for name in TRIADS}
    assert matrix.reciprocal_pairs() == sum(graph.has_edge(b, a) for a, b in graph.edges) // 2


def test_the_order_of_the_axes_does_not_matter_but_the_cells_must_be_the_same(sample):
    matrix = sample.matrix(autapses=False)
    mixed = matrix.sort("degree", axis="pre").sort("depth", axis="post")
    assert mixed.triads().equals(matrix.triads())
    assert mixed.reciprocal_pairs() == matrix.reciprocal_pairs()
    few = network([(0, 1), (1, 2)], np.eye(3), pre=[0, 1])
    with pytest.raises(MatrixError, match=r"0 of the 2 presynaptic .* no column, and .* 3 col"):
        few.triads()
    with pytest.raises(MatrixError, match=r"2 of the 2 presynaptic cells have no column"):
        few.select(post=[FIRST_ID + 2]).reciprocal_pairs()
