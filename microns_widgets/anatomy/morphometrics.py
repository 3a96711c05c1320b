"""Numbers that describe the shape of a skeleton: sections, orders, crossings, angles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from microns_widgets._arguments import checks_methods
from microns_widgets._index_type import as_intp
from microns_widgets._typing import BoolArray, FloatArray, IntArray
from microns_widgets.anatomy.compartments import COMPARTMENTS, OTHER
from microns_widgets.anatomy.tree import Tree
from microns_widgets.errors import InvalidArgument, check_choice, check_positive, quoted

#: Of a Sholl analysis; a step of 10 nm has as many for the longest axons.
_MOST_SPHERES = 1_000_000


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class Morphometrics(Tree):
    """The part of a `Skeleton` that measures its shape; see there."""

    def sholl(
        self, compartment: str | int | None = None, *, step: float = 10.0
    ) -> tuple[FloatArray, IntArray]:
        """Count how often branches cross spheres around the soma (Sholl analysis).

        Parameters
        ----------
        compartment : str or int, optional
            As for `cable_length`.
        step : float
            Distance between two spheres in um. The center is the root, and the first sphere has
            this radius.

        Returns
        -------
        radius : numpy.ndarray, shape (k,)
            Radius of each sphere in um, up to the farthest point.
        crossings : numpy.ndarray of int, shape (k,)
            Number of crossings. An edge that enters a sphere and leaves it again counts twice.

        Raises
        ------
        InvalidArgument
            If there is no such compartment, or the step is not above 0 or far too short.

        References
        ----------
        * Sholl 1953, Journal of Anatomy 87:387-406 (the method, for dendrites)

        Examples
        --------
        >>> radius, crossings = con.skeleton(con.examples()["BC"]).sholl("dendrite", step=20)
        >>> bool(crossings.max() > crossings[0])  # dendrites branch on their way out
        True
        """
        check_positive("step", step, "a length above 0, in um")
        ends = self.vertices[self.edges[self.edges_of(compartment)]] - self.vertices[self.root]
        along = ends[:, 1] - ends[:, 0]
        squared = (along**2).sum(axis=1)
        # The point of each edge that is nearest to the center: distance grows from it to both ends.
        share = -(ends[:, 0] * along).sum(axis=1) / np.where(squared > 0, squared, 1)
        nearest = ends[:, 0] + np.clip(share, 0, 1)[:, None] * along
        farthest = np.linalg.norm(ends, axis=2).ravel() / 1000
        inner = np.repeat(np.linalg.norm(nearest, axis=1) / 1000, 2)
        farthest_um = float(farthest.max(initial=0))
        if step * _MOST_SPHERES < farthest_um:
            raise InvalidArgument(
                f"step={quoted(step)} is too short: the farthest point is {farthest_um:,.0f} um "
                f"from the root, expected at most {_MOST_SPHERES:,} spheres. Steps are in um, such "
                "as step=10."
            )
        radius = step * np.arange(1, int(farthest_um // step) + 1, dtype=np.float64)
        # An end contributes a crossing of each sphere between the nearest point and itself.
        beyond = [len(part) - np.searchsorted(np.sort(part), radius) for part in (farthest, inner)]
        return radius, np.asarray(beyond[0] - beyond[1], dtype=np.int64)

    @cached_property
    def _from_root(self) -> list[int]:
        """All vertices, each one after its parent."""
        children: list[list[int]] = [[] for _ in range(self.n_vertices)]
        order: list[int] = []
        for vertex, parent in enumerate(self.parents.tolist()):
            (order if parent < 0 else children[parent]).append(vertex)
        for vertex in order:  # grows while it is read
            order.extend(children[vertex])
        return order

    @cached_property
    def strahler_order(self) -> IntArray:
        """Strahler order of each vertex, shape (n,): 1 at end points, higher toward the root.

        Where two or more branches of the same highest order meet, the order increases by one;
        otherwise it remains the highest. Each compartment is ordered by itself: an axon that
        leaves a dendrite does not count there. Vertices of the soma have the order 0.

        References
        ----------
        * Strahler 1957, doi:10.1029/TR038i006p00913 (for rivers)
        * Vormberg et al. 2017, doi:10.1371/journal.pcbi.1005615 (for dendrites)

        Examples
        --------
        >>> sk = con.skeleton(con.examples()["BC"])
        >>> set(sk.strahler_order[sk.end_points].tolist())
        {1}
        """
        highest, count = [0] * self.n_vertices, [0] * self.n_vertices
        order = [0] * self.n_vertices
        parents, kinds = self.parents.tolist(), self.compartment.tolist()
        for vertex in reversed(self._from_root):
            if kinds[vertex] == COMPARTMENTS["soma"]:
                continue
            order[vertex] = max(highest[vertex] + (count[vertex] > 1), 1)
            parent = parents[vertex]
            if parent < 0 or kinds[parent] != kinds[vertex]:
                continue
            if order[vertex] > highest[parent]:
                highest[parent], count[parent] = order[vertex], 1
            elif order[vertex] == highest[parent]:
                count[parent] += 1
        return np.array(order, dtype=np.int64)

    @cached_property
    def _n_children(self) -> IntArray:
        return np.bincount(as_intp(self.parents[self.parents >= 0]), minlength=self.n_vertices)

    @cached_property
    def _ends_section(self) -> BoolArray:
        """Whether a section ends at a vertex: an end, a branch point, or another compartment."""
        changes = np.zeros(self.n_vertices, dtype=bool)
        child = np.flatnonzero(self.parents >= 0)
        parent = self.parents[child]
        changes[parent[self.compartment[child] != self.compartment[parent]]] = True
        return np.asarray(changes | (self._n_children != 1) | (self.parents < 0))

    @cached_property
    def _section_of(self) -> IntArray:
        """The last vertex of the section of the edge from each vertex to its parent."""
        last = np.arange(self.n_vertices)
        inner = np.flatnonzero((self.parents >= 0) & ~self._ends_section[self.parents])
        last[self.parents[inner]] = inner
        while (further := last[last]).tolist() != last.tolist():
            last = further
        return last

    def sections(self, compartment: str | int | None = None) -> pd.DataFrame:
        """Return the unbranched sections of the tree, with length, tortuosity and order.

        A section leads from the root, a branch point, or a change of compartment to the next
        branch point, end point, or change of compartment. The lengths of all sections add up to
        `cable_length`.

        Parameters
        ----------
        compartment : str or int, optional
            As for `cable_length`.

        Returns
        -------
        pandas.DataFrame
            One row per section: ``start``, ``end`` (vertices), ``compartment``, ``length_um``
            (along the section), ``distance_um`` (straight from start to end), ``tortuosity``
            (length divided by distance; NaN if the distance is 0), ``branch_order`` (1 + the number
            of branch points between the root and the section), ``strahler_order``, and ``is_end``
            (whether it ends freely).

        Raises
        ------
        InvalidArgument
            If there is no such compartment.

        Examples
        --------
        >>> sk = con.skeleton(con.examples()["BC"])
        >>> sections = sk.sections("axon")
        >>> bool(np.isclose(sections["length_um"].sum(), sk.cable_length("axon")))
        True
        """
        # Edges are identified with their vertex farther from the root.
        child = self.edges_to_children
        length = np.zeros(self.n_vertices)
        length[child] = self.edge_lengths / 1000
        first = child[self._ends_section[self.parents[child]]]
        start_of = np.full(self.n_vertices, -1)
        start_of[self._section_of[first]] = self.parents[first]

        end = np.unique(self._section_of[child[self.edges_of(compartment)]])
        start = start_of[end]
        path = np.bincount(as_intp(self._section_of), weights=length, minlength=self.n_vertices)[
            end
        ]
        distance = np.linalg.norm(self.vertices[end] - self.vertices[start], axis=1) / 1000
        names = {number: name for name, number in COMPARTMENTS.items()}
        frame = pd.DataFrame(
            {
                "start": start,
                "end": end,
                "compartment": [names.get(kind, OTHER) for kind in self.compartment[end].tolist()],
                "length_um": path,
                "distance_um": distance,
                "tortuosity": path / np.where(distance > 0, distance, np.nan),
                "branch_order": self._branch_order[end],
                "strahler_order": self.strahler_order[end],
                "is_end": self._n_children[end] == 0,
            }
        )
        frame.attrs["source"] = self.source
        return frame

    @cached_property
    def _branch_order(self) -> IntArray:
        order = [1] * self.n_vertices
        parents, n_children = self.parents.tolist(), self._n_children.tolist()
        for vertex in self._from_root:
            parent = parents[vertex]
            if parent >= 0:
                branches = n_children[parent] > 1 and parents[parent] >= 0
                order[vertex] = order[parent] + branches
        return np.array(order, dtype=np.int64)

    def tortuosity(self, compartment: str | int | None = None) -> float:
        """Return how winding the sections are: their length divided by the straight distance.

        Parameters
        ----------
        compartment : str or int, optional
            As for `cable_length`.

        Returns
        -------
        float
            Summed length of all sections divided by the summed distance between their ends,
            1 if all are straight; NaN if there is no section. `sections` has the value of each.

        Raises
        ------
        InvalidArgument
            If there is no such compartment.

        References
        ----------
        * Scorcioni et al. 2008, doi:10.1038/nprot.2008.51 (there its inverse, "contraction")

        Examples
        --------
        >>> sk = con.skeleton(con.examples()["BC"])
        >>> sk.tortuosity("axon") >= 1
        True
        """
        sections = self.sections(compartment)
        distance = float(sections["distance_um"].sum())
        return float(sections["length_um"].sum()) / distance if distance > 0 else float("nan")

    def branch_angles(
        self, compartment: str | int | None = None, *, measure: str = "remote"
    ) -> FloatArray:
        """Return the angles between the two branches of each branch point.

        Parameters
        ----------
        compartment : str or int, optional
            As for `cable_length`; both branches belong to it.
        measure : {"remote", "local"}
            Toward the ends of the two sections, or toward their first vertices. The local angle
            depends on how finely the skeleton is sampled.

        Returns
        -------
        numpy.ndarray, shape (k,)
            In degrees, 0 to 180. A branch point with more than two branches contributes an angle
            for each pair of them; the root contributes none.

        Raises
        ------
        InvalidArgument
            If there is no such compartment, or `measure` is neither of the two.

        References
        ----------
        * Scorcioni et al. 2008, doi:10.1038/nprot.2008.51 (amplitude angles of bifurcations)

        Examples
        --------
        >>> angles = con.skeleton(con.examples()["BC"]).branch_angles("dendrite")
        >>> bool(30 < np.median(angles) < 120)
        True
        """
        check_choice("measure", measure, ("remote", "local"))
        child = np.sort(self.edges_to_children[self.edges_of(compartment)])
        parent = self.parents[child]
        child = child[(self._n_children[parent] > 1) & (self.parents[parent] >= 0)]
        target = child if measure == "local" else self._section_of[child]
        direction = self.vertices[target] - self.vertices[self.parents[child]]
        first, second = _pairs(self.parents[child])
        size = np.linalg.norm(direction, axis=1)
        # Two vertices at the same position have no direction.
        defined = (size[first] > 0) & (size[second] > 0)
        first, second = first[defined], second[defined]
        cosine = (direction[first] * direction[second]).sum(axis=1) / (size[first] * size[second])
        return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _pairs(group: IntArray) -> tuple[IntArray, IntArray]:
    """Return the places of all pairs of members of the same group."""
    members = pd.DataFrame({"group": group, "place": np.arange(len(group))})
    both = members.merge(members, on="group")
    both = both[both["place_x"] < both["place_y"]]
    return both["place_x"].to_numpy(), both["place_y"].to_numpy()
