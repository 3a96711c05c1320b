"""One cell's skeleton: a tree of vertices in nm, with radii and compartments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from microns_widgets._arguments import checks_methods
from microns_widgets._index_type import as_intp
from microns_widgets._typing import FloatArray, IntArray
from microns_widgets.anatomy.depth import as_points, cortical_depth
from microns_widgets.anatomy.morphometrics import Morphometrics
from microns_widgets.errors import InvalidArgument, InvalidType, SkeletonError

if TYPE_CHECKING:
    import navis


@checks_methods
@dataclass(frozen=True, eq=False, repr=False)
class Skeleton(Morphometrics):
    """The skeleton of one cell.

    Parameters
    ----------
    vertices : array_like, shape (n, 3)
        Positions in nm.
    edges : array_like, shape (m, 2)
        Pairs of connected vertices, as indices into `vertices`. They form one or
        several trees (see `components`), without cycles.
    radius : array_like, shape (n,)
        Radius at each vertex, in nm.
    compartment : array_like, shape (n,)
        1 soma, 2 axon, 3 dendrite, 4 apical dendrite. Other numbers are allowed.
    root : int
        The vertex at the soma; without a soma, the one from which path distances count.
    root_id : int, optional
        The cell's id in its segmentation, 0 if it has none.
    source : str, optional
        Origin of the skeleton, for captions.

    Raises
    ------
    SkeletonError
        If lengths differ, an edge or the root is out of range, a number is not finite, a
        radius is negative, or the edges contain a cycle.

    Examples
    --------
    >>> sk = mw.Skeleton([[0, 0, 0], [0, 3000, 0]], [[0, 1]], [5000, 200], [1, 2], root=0)
    >>> float(sk.cable_length("axon"))
    3.0
    """

    def __repr__(self) -> str:
        cell = f" of cell {self.root_id}" if self.root_id else ""
        soma = "" if self.soma is not None else ", no soma"
        return (
            f"<Skeleton{cell}: {self.n_vertices:,} vertices, {self.cable_length():,.0f} um{soma}>"
        )

    def _repr_html_(self) -> str:
        # Imported here, as are the readers below: opening the sample needs none of them.
        from microns_widgets.anatomy.html import skeleton_html

        return skeleton_html(self)

    @classmethod
    def from_cave(
        cls, d: Mapping[str, Any], *, root_id: int = 0, source: str = "", unit: str = "nm"
    ) -> Skeleton:
        """Create a skeleton from the dictionary of CAVE's skeleton service.

        Both forms work: caveclient's `get_skeleton` returns numpy arrays, and its
        `fetch_skeletons` returns lists.

        Parameters
        ----------
        d : mapping
            With ``vertices``, ``edges``, ``radius``, ``compartment`` and ``root``. Where a
            vertex is of the soma (compartment 1), it is the root even if ``root`` is another.
        root_id : int, optional
            The cell's id, if ``d["meta"]`` does not contain it.
        source : str, optional
            Origin of the skeleton, for captions.
        unit : {"nm", "um", "mm"}
            Unit of positions and radii; the service's is nm.

        Returns
        -------
        Skeleton

        Raises
        ------
        SkeletonError
            If a key is missing, the content is not a skeleton, its extents or radii cannot
            be those of a neuron in this unit, or it belongs to another cell than `root_id`.

        Examples
        --------
        >>> skeleton = con.skeleton(con.examples()["BC"])
        >>> mw.Skeleton.from_cave(skeleton.to_cave()).n_vertices == skeleton.n_vertices
        True
        """
        from microns_widgets.anatomy.reading import service_arguments

        return cls(**service_arguments(d, root_id, unit), source=source)

    def to_cave(self) -> dict[str, Any]:
        """Return the skeleton as the dictionary that CAVE's skeleton service would send.

        Returns
        -------
        dict
            ``vertices`` and ``radius`` in nm, ``edges``, ``compartment`` and ``root`` as for
            the class, and ``meta``; arrays are copies.

        Examples
        --------
        >>> sorted(con.skeleton(con.examples()["MC"]).to_cave())
        ['compartment', 'edges', 'meta', 'radius', 'root', 'vertices']
        """
        return {
            "meta": {"root_id": self.root_id, "units": "nm"},
            "edges": self.edges.copy(),
            "root": self.root,
            "vertices": self.vertices.copy(),
            "radius": self.radius.copy(),
            "compartment": self.compartment.copy(),
        }

    @classmethod
    def from_swc(
        cls,
        path: str | PathLike[str],
        *,
        root_id: int = 0,
        source: str = "",
        unit: str | None = None,
    ) -> Skeleton:
        """Read an SWC file.

        Parameters
        ----------
        path : path
            The file; gzip, any line ends, and the common dialects are read.
        root_id, source : optional
            The cell's id (0 if it has none), and the origin for captions.
        unit : {"nm", "um", "mm"}, optional
            Unit of positions and radii; default: what the file's header declares, else um.

        Returns
        -------
        Skeleton
            Positions and radii in nm.

        Raises
        ------
        SkeletonError
            If a row is not ``id type x y z radius parent``, an id is repeated, a parent is
            missing, extents or radii cannot be those of a neuron, or the file's name or header
            has the id of another cell; the message names the file, the line and the cause.

        Warns
        -----
        UserWarning
            If radii are unknown; they are 0 then.

        Examples
        --------
        >>> con.skeleton(con.examples()["MC"]).to_swc("martinotti.swc")
        >>> skeleton = mw.Skeleton.from_swc("martinotti.swc")
        """
        from microns_widgets.anatomy.reading import named, swc_arguments

        with named(path):
            return cls(**swc_arguments(path, root_id, unit), source=source)

    def to_swc(self, path: str | PathLike[str]) -> None:
        """Write an SWC file in um, with parents before their children.

        Parameters
        ----------
        path : path
            The file; an existing file is replaced once the new one is complete.

        Raises
        ------
        WriteError
            If the file cannot be written.

        Examples
        --------
        >>> con.skeleton(con.examples()["BC"]).to_swc("basket.swc")
        """
        from microns_widgets.anatomy import swc

        swc.write(
            path,
            positions=self.vertices / 1000,
            radius=self.radius / 1000,
            types=self.compartment,
            parents=self.parents,
            comment=f"root id {self.root_id}; um; {self.source}".rstrip("; "),
        )

    def to_navis(self) -> navis.TreeNeuron:
        """Return the skeleton as a neuron of navis, for its analyses and figures.

        Returns
        -------
        navis.TreeNeuron
            Positions and radii in nm, which its ``units`` say. Node ids are the numbers of the
            vertices plus 1, labels those of the compartments, and ``id`` is the root id. To keep
            the compartments in a file: ``navis.write_swc(neuron, path, labels="compartment")``.

        Raises
        ------
        MissingLibrary
            If navis is not installed.

        Examples
        --------
        >>> neuron = con.skeleton(con.examples()["BC"]).to_navis()  # doctest: +SKIP
        >>> neuron.units  # doctest: +SKIP
        <Quantity(1, 'nanometer')>
        """
        from microns_widgets.anatomy.navis_neuron import as_tree_neuron

        return as_tree_neuron(self)

    def cable_length(self, compartment: str | int | None = None) -> float:
        """Return the total length of all branches.

        Parameters
        ----------
        compartment : str or int, optional
            ``"axon"``, ``"dendrite"``, ``"apical dendrite"``, ``"soma"`` or its number;
            default: the whole skeleton. An edge belongs to the compartment of its
            vertex that is farther from the root.

        Returns
        -------
        float
            In um; 0 if the skeleton does not have the compartment.

        Raises
        ------
        InvalidArgument
            If there is no compartment of this name.

        Examples
        --------
        >>> sk = con.skeleton(con.examples()["BC"])
        >>> sk.cable_length("axon") < sk.cable_length()
        True
        """
        return float(self.edge_lengths[self.edges_of(compartment)].sum() / 1000)

    def cable_by_depth(
        self, compartment: str | int | None = None, *, step: float = 25.0
    ) -> tuple[FloatArray, FloatArray]:
        """Return the cable length in slices parallel to the pia.

        Parameters
        ----------
        compartment : str or int, optional
            As for `cable_length`.
        step : float
            Thickness of a slice in um. An edge is counted at the depth of its midpoint.

        Returns
        -------
        depth, length : numpy.ndarray, shape (k,)
            Center of each slice, from the pia down, and the cable in it; both in um.

        Raises
        ------
        InvalidArgument
            If there is no such compartment, or the step is not above 0.
        SkeletonError
            If the skeleton is not in the volume of minnie65, so that no depth is known.

        Examples
        --------
        >>> depth, length = con.skeleton(con.examples()["MC"]).cable_by_depth("axon", step=50)
        >>> depth.shape == length.shape
        True
        """
        if not step > 0:
            raise InvalidArgument(f"step={step} is not valid: expected a length above 0, in um.")
        mask = self.edges_of(compartment)
        middle = self.depth[self.edges[mask]].mean(axis=1)
        if np.isnan(middle).any():
            raise SkeletonError(
                "The skeleton, or part of it, is outside the volume of minnie65, so that its depth "
                "below the pia is unknown. Check its unit and its dataset."
            )
        slices = np.floor(middle / step).astype(np.int64)
        first = slices.min(initial=0)
        length = np.bincount(as_intp(slices - first), weights=self.edge_lengths[mask] / 1000)
        return step * (first + np.arange(len(length)) + 0.5), np.asarray(length, dtype=np.float64)

    @cached_property
    def _search_tree(self) -> Any:
        # Takes a tenth of a second to build, and only `nearest` needs it.
        from scipy.spatial import KDTree

        return KDTree(self.vertices)

    def nearest(self, positions: npt.ArrayLike) -> tuple[IntArray, FloatArray]:
        """Find the vertex nearest to each position, such as the position of a synapse.

        Parameters
        ----------
        positions : array_like, shape (k, 3)
            In nm.

        Returns
        -------
        vertex : numpy.ndarray, shape (k,)
            Index into `vertices`.
        distance : numpy.ndarray, shape (k,)
            Euclidean distance to it, in nm.

        Raises
        ------
        InvalidArgument
            If the positions are not finite numbers of this shape.

        Examples
        --------
        >>> cell = con.examples()["BC"]
        >>> axes = ["ctr_pt_position_x", "ctr_pt_position_y", "ctr_pt_position_z"]
        >>> vertex, distance = con.skeleton(cell).nearest(con.inputs(cell)[axes])
        """
        points = as_points(positions)
        if not np.isfinite(points).all():
            raise InvalidArgument("positions contain a value that is not a finite number.")
        distance, vertex = self._search_tree.query(points)
        return np.asarray(vertex, dtype=np.int64), np.asarray(distance, dtype=np.float64)

    def compartment_at(self, positions: npt.ArrayLike) -> IntArray:
        """Return the number of the compartment of the vertex nearest to each position.

        Parameters
        ----------
        positions : array_like, shape (k, 3)
            In nm.

        Returns
        -------
        numpy.ndarray of int, shape (k,)
            1 soma, 2 axon, 3 dendrite, 4 apical dendrite, or any other number of the skeleton.

        Raises
        ------
        InvalidArgument
            If the positions are not finite numbers of this shape.

        Examples
        --------
        >>> sk = con.skeleton(con.examples()["BC"])
        >>> int(sk.compartment_at(sk.vertices[[sk.root]])[0])  # the soma
        1
        """
        return self.compartment[self.nearest(positions)[0]]

    @cached_property
    def depth(self) -> FloatArray:
        """Depth of each vertex below the pia in um, shape (n,); NaN outside the volume."""
        return cortical_depth(self.vertices, source=self.source)

    def __iter__(self) -> Iterator[Any]:
        raise InvalidType("A Skeleton is not a sequence: use its vertices, edges or compartment.")


class Skeletons(Protocol):
    """A source of skeletons; a dict by root id is one."""

    def __getitem__(self, root_id: int, /) -> Skeleton:
        """Return a cell's skeleton; raise `SkeletonNotFound` or KeyError if there is none."""
        ...
