"""A cell's skeleton as a tree: vertices and edges, seen from the root."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from microns_widgets._arguments import checks_methods
from microns_widgets._index_type import as_intp
from microns_widgets._typing import BoolArray, FloatArray, IntArray
from microns_widgets.anatomy.checks import check_forest, check_vertices, finite_array, whole_number
from microns_widgets.anatomy.compartments import COMPARTMENTS, compartment_number
from microns_widgets.tables.root_ids import one_id

if TYPE_CHECKING:
    import scipy


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class Tree:
    """The part of a `Skeleton` that follows from its vertices and edges; see there."""

    vertices: FloatArray
    edges: IntArray
    radius: FloatArray
    compartment: IntArray
    root: int
    root_id: int = 0
    source: str = ""

    def __post_init__(self) -> None:
        vertices = finite_array("vertices", self.vertices, np.float64, (-1, 3))
        n = len(vertices)
        arrays = {
            "vertices": vertices,
            "edges": finite_array("edges", self.edges, np.int64, (-1, 2)),
            "radius": finite_array("radius", self.radius, np.float64, (n,)),
            "compartment": finite_array("compartment", self.compartment, np.int64, (n,)),
            "root": whole_number("root", self.root),
            "root_id": one_id(self.root_id),
        }
        for name, value in arrays.items():
            object.__setattr__(self, name, value)
        check_vertices(n, self.edges, self.radius, self.root)
        check_forest(n, len(self.edges), len(self.components))

    @property
    def soma(self) -> int | None:
        """The vertex of the soma; None if no vertex is of compartment 1."""
        if self.compartment[self.root] == COMPARTMENTS["soma"]:
            return self.root
        vertices = np.flatnonzero(self.compartment == COMPARTMENTS["soma"])
        return int(vertices[0]) if len(vertices) else None

    @property
    def n_vertices(self) -> int:
        """Number of vertices."""
        return len(self.vertices)

    @cached_property
    def _graph(self) -> scipy.sparse.csr_array:
        n = self.n_vertices
        # csgraph drops explicit zeros, but an edge between equal positions must remain.
        weights = np.maximum(self.edge_lengths, np.finfo(np.float64).tiny)
        # csgraph of older scipy (1.13) accepts 32-bit positions only.
        both = np.concatenate([self.edges, self.edges[:, ::-1]]).astype(np.int32)
        import scipy  # needed for questions about a tree, not for holding one

        return scipy.sparse.csr_array((np.tile(weights, 2), (both[:, 0], both[:, 1])), shape=(n, n))

    @cached_property
    def components(self) -> list[IntArray]:
        """The trees as arrays of vertices: the one with the root first, then by size."""
        import scipy

        _, label = scipy.sparse.csgraph.connected_components(self._graph, directed=False)
        order = np.argsort(label, kind="stable")
        trees = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
        return sorted(trees, key=lambda tree: (label[tree[0]] != label[self.root], -len(tree)))

    @cached_property
    def _rooted(self) -> tuple[IntArray, FloatArray]:
        """Parent (-1 for none) and path distance in um (inf where the root is not reached)."""
        import scipy

        starts = [self.root, *(int(tree[0]) for tree in self.components[1:])]
        length, before, start = scipy.sparse.csgraph.dijkstra(
            self._graph, directed=False, indices=starts, return_predecessors=True, min_only=True
        )
        parents = np.where(before < 0, -1, before).astype(np.int64)
        distance = np.where(start == self.root, length / 1000, np.inf)
        return parents, distance

    @property
    def parents(self) -> IntArray:
        """Each vertex's neighbour toward the root, shape (n,); -1 where a tree begins."""
        return self._rooted[0]

    @property
    def path_distance(self) -> FloatArray:
        """Distance along the tree to the root in um, shape (n,); inf in other components."""
        return self._rooted[1]

    @cached_property
    def edge_lengths(self) -> FloatArray:
        """Length of each edge in nm, shape (m,)."""
        ends = self.vertices[self.edges]
        return np.asarray(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1))

    @cached_property
    def _degree(self) -> IntArray:
        return np.bincount(as_intp(self.edges.ravel()), minlength=self.n_vertices)

    def _without_root(self, mask: BoolArray) -> IntArray:
        vertices = np.flatnonzero(mask)
        return np.asarray(vertices[vertices != self.root])

    @property
    def branch_points(self) -> IntArray:
        """Vertices at which three or more edges meet, except the root, shape (k,)."""
        return self._without_root(self._degree > 2)

    @property
    def end_points(self) -> IntArray:
        """Vertices at which a branch ends, except the root, shape (k,)."""
        return self._without_root(self._degree == 1)

    @cached_property
    def edges_to_children(self) -> IntArray:
        """The vertex of each edge that is farther from the root, shape (m,)."""
        first, second = self.edges.T
        return np.asarray(np.where(self.parents[first] == second, first, second))

    def edges_of(self, compartment: str | int | None = None) -> BoolArray:
        """Return which edges belong to a compartment.

        Parameters
        ----------
        compartment : str or int, optional
            As for `cable_length`.

        Returns
        -------
        numpy.ndarray of bool, shape (m,)

        Raises
        ------
        InvalidArgument
            If there is no compartment of this name.

        Examples
        --------
        >>> sk = con.skeleton(con.examples()["BC"])
        >>> bool(sk.edges_of("axon").sum() > sk.edges_of("dendrite").sum())
        True
        """
        if compartment is None:
            return np.ones(len(self.edges), dtype=bool)
        number = compartment_number(compartment)
        return np.asarray(self.compartment[self.edges_to_children] == number)
