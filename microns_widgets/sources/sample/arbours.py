"""Arbours that are grown: balanced minimum spanning trees through carrier points.

A neurite that must reach certain points does so with little wire and short paths to the
soma. The greedy algorithm of Cuntz et al. 2010, doi:10.1371/journal.pcbi.1000877, joins
at each step the point that costs least, where the cost is the new wire plus the balance
factor times the path to the soma.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from microns_widgets.skeleton import COMPARTMENTS
from microns_widgets.sources.sample import assumptions as given

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

_STEP_UM = 9.0  # no edge of a skeleton is much longer
_WIGGLE_UM = 1.8
_RADIUS_UM = {"dendrite": (0.9, 0.25), "apical dendrite": (1.3, 0.25), "axon": (0.35, 0.10)}
_SOMA_RADIUS_UM = {"E": 7.5, "I": 7.0}


@dataclass(frozen=True, eq=False)
class Arbour:
    """A rooted tree in cortical um; vertex 0 is the soma, parents stand before children."""

    points: FloatArray
    parents: IntArray
    compartment: IntArray
    radius: FloatArray

    def joined(self, other: Arbour) -> Arbour:
        """Return this tree with another one of the same soma grown onto it."""
        shift = len(self.points) - 1
        parents = np.where(other.parents[1:] > 0, other.parents[1:] + shift, 0)
        return Arbour(
            np.concatenate([self.points, other.points[1:]]),
            np.concatenate([self.parents, parents]),
            np.concatenate([self.compartment, other.compartment[1:]]),
            np.concatenate([self.radius, other.radius[1:]]),
        )

    def path_um(self) -> FloatArray:
        """Distance along the tree to the soma, um, shape (n,)."""
        step = np.linalg.norm(self.points - self.points[self.parents], axis=1)
        total = np.zeros(len(step))
        for vertex in range(1, len(step)):
            total[vertex] = total[self.parents[vertex]] + step[vertex]
        return total


def spanning_tree(points: FloatArray, balance: float) -> tuple[IntArray, IntArray]:
    """Join points to the first one.

    Parameters
    ----------
    points : numpy.ndarray, shape (n, 3)
        In um; the first is the root.
    balance : float
        Weight of the path to the root against the wire.

    Returns
    -------
    order : numpy.ndarray, shape (n,)
        The points in the order in which they joined, the root first.
    parents : numpy.ndarray, shape (n,)
        Parent of each point; the root's is itself.
    """
    n = len(points)
    parents = np.zeros(n, dtype=np.int64)
    path = np.zeros(n)
    wire = np.linalg.norm(points - points[0], axis=1)
    cost = wire * (1 + balance)
    cost[0] = np.inf
    order = np.zeros(n, dtype=np.int64)
    outside = np.ones(n, dtype=bool)
    outside[0] = False
    for place in range(1, n):
        new = int(np.argmin(cost))
        order[place] = new
        outside[new] = False
        path[new] = path[parents[new]] + wire[new]
        reach = np.sqrt(((points - points[new]) ** 2).sum(axis=1))
        through = reach + balance * (path[new] + reach)
        better = outside & (through < cost)
        cost[better], wire[better], parents[better] = through[better], reach[better], new
        cost[new] = np.inf
    return order, parents


def grow(carriers: FloatArray, compartment: str, rng: np.random.Generator) -> Arbour:
    """Grow a neurite from the first point through all others.

    Parameters
    ----------
    carriers : numpy.ndarray, shape (n, 3)
        Points that the neurite reaches, um; the first is the soma. They are vertices of
        the result.
    compartment : {"axon", "dendrite", "apical dendrite"}
        Decides balance and radii.
    rng : numpy.random.Generator
        For the slight bends between the carriers.
    """
    order, parents = spanning_tree(carriers, given.BALANCE[compartment])
    points: list[FloatArray] = [carriers[0]]
    above: list[int] = [0]
    vertex_of = np.zeros(len(carriers), dtype=np.int64)
    for carrier in order[1:]:
        start, end = carriers[parents[carrier]], carriers[carrier]
        last = int(vertex_of[parents[carrier]])
        n_steps = max(1, int(np.ceil(np.linalg.norm(end - start) / _STEP_UM)))
        bend = _bridge(n_steps, rng)
        for step in range(1, n_steps):
            points.append(start + (end - start) * step / n_steps + bend[step])
            above.append(last)
            last = len(points) - 1
        points.append(end)
        above.append(last)
        vertex_of[carrier] = len(points) - 1
    up = np.array(above, dtype=np.int64)
    kind = np.full(len(points), COMPARTMENTS[compartment], dtype=np.int64)
    kind[0] = COMPARTMENTS["soma"]
    return Arbour(np.array(points), up, kind, _tapering(up, *_RADIUS_UM[compartment]))


def _bridge(n_steps: int, rng: np.random.Generator) -> FloatArray:
    """A random walk that comes back: how a neurite strays from the straight line, um."""
    walk = np.concatenate([np.zeros((1, 3)), np.cumsum(rng.normal(0, _WIGGLE_UM, (n_steps, 3)), 0)])
    return np.asarray(walk - np.linspace(0, 1, n_steps + 1)[:, None] * walk[-1])


def _tapering(parents: IntArray, stem: float, tip: float) -> FloatArray:
    """Radius in um that grows with the number of tips a branch carries."""
    n_children = np.bincount(parents[1:], minlength=len(parents))
    tips = (n_children == 0).astype(np.float64)
    for vertex in range(len(parents) - 1, 0, -1):
        tips[parents[vertex]] += tips[vertex]
    return np.asarray(tip + (stem - tip) * np.sqrt(tips / tips[0]))


def dendrites(cell_type: str, soma: FloatArray, rng: np.random.Generator) -> Arbour:
    """Grow the dendrites of a cell, and its apical dendrite if it is excitatory.

    Parameters
    ----------
    cell_type : str
        Automatic type of a neuron.
    soma : numpy.ndarray, shape (3,)
        Cortical um.
    rng : numpy.random.Generator
        The source of chance.
    """
    coarse = given.TYPES[cell_type].coarse
    if coarse == "E":
        tree = grow(_cloud(soma, 45, (95, 75, 95), rng), "dendrite", rng)
        tree = tree.joined(grow(_apical(cell_type, soma, rng), "apical dendrite", rng))
    else:
        n, reach = {
            "BC": (60, (110, 110, 110)),
            "MC": (55, (80, 130, 80)),
            "BPC": (40, (25, 190, 25)),
            "NGC": (60, (70, 60, 70)),
        }[cell_type]
        tree = grow(_cloud(soma, n, reach, rng), "dendrite", rng)
    radius = tree.radius.copy()
    radius[0] = _SOMA_RADIUS_UM[coarse]
    return Arbour(tree.points, tree.parents, tree.compartment, radius)


def extra_axon_points(cell_type: str, soma: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Points that an axon visits besides its synapses, um, shape (n, 3)."""
    if given.TYPES[cell_type].coarse == "E":
        # The main axon leaves downwards for the white matter.
        depth = np.arange(soma[1] + 25, 800, 25)
        sway = np.cumsum(rng.normal(0, 3, (len(depth), 2)), axis=0)
        return np.stack([soma[0] + sway[:, 0], depth, soma[2] + sway[:, 1]], axis=1)
    if cell_type == "MC":
        # A Martinotti axon climbs to layer 1.
        depth = np.arange(soma[1] - 20, 45, -25)
        sway = np.cumsum(rng.normal(0, 4, (len(depth), 2)), axis=0)
        return np.stack([soma[0] + sway[:, 0], depth, soma[2] + sway[:, 1]], axis=1)
    return np.empty((0, 3))


def _cloud(
    soma: FloatArray, n: int, reach: tuple[float, float, float], rng: np.random.Generator
) -> FloatArray:
    """Carrier points around a soma, denser near it, inside the cortex."""
    direction = rng.normal(size=(n, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    distance = 0.15 + 0.85 * rng.random(n)[:, None] ** 0.8
    points = soma + direction * distance * np.array(reach)
    points[:, 1] = np.clip(points[:, 1], 5, 790)
    return np.concatenate([soma[None], points])


def _apical(cell_type: str, soma: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Carrier points of an apical dendrite: trunk, obliques, and a tuft in layer 1."""
    # Layer 6 cells and 5P-NP end below layer 1; 5P-ET has the widest tuft.
    top = {"6P-IT": 330, "6P-CT": 300, "5P-NP": 120}.get(cell_type, 60)
    n_tuft, width = {"5P-ET": (34, 110), "6P-IT": (8, 40), "6P-CT": (8, 35)}.get(
        cell_type, (18, 70)
    )
    trunk_depth = np.arange(soma[1] - 15, top + 20, -18)
    sway = np.cumsum(rng.normal(0, 1.5, (len(trunk_depth), 2)), axis=0)
    trunk = np.stack([soma[0] + sway[:, 0], trunk_depth, soma[2] + sway[:, 1]], axis=1)
    head = trunk[-1] if len(trunk) else soma - [0, 15, 0]
    n_oblique = min(len(trunk), 10)
    at = rng.integers(0, max(len(trunk) * 2 // 3, 1), n_oblique)
    angle = 2 * np.pi * rng.random(n_oblique)
    out = rng.uniform(25, 75, n_oblique)
    shift = np.stack([out * np.cos(angle), -0.3 * out, out * np.sin(angle)], axis=1)
    oblique = trunk[at] + shift if n_oblique else np.empty((0, 3))
    angle, out = 2 * np.pi * rng.random(n_tuft), width * np.sqrt(rng.random(n_tuft))
    height = rng.uniform(max(top - 50, 5), top + 15, n_tuft)
    tuft = np.stack(
        [head[0] + out * np.cos(angle), np.minimum(height, head[1]), head[2] + out * np.sin(angle)],
        axis=1,
    )
    return np.concatenate([soma[None], trunk, oblique, tuft])
